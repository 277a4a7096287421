/*
 * association.h
 *		How strongly two classes are told apart by the bins of a feature.
 */
#ifndef MONITOR_ASSOCIATION_H
#define MONITOR_ASSOCIATION_H

#include "stats.h"

typedef struct MonitorAssociation
{
	double mutual_information; /* nats; sum p(x, y) ln(p(x, y) / (p(x) p(y))) (Shannon 1948) */
	double
		information_value; /* sum (p - q) ln(p / q), shares (c + 1/2) / (n + B/2) of the classes */
	/* what n rows add to it on average: (joint cells - bins - classes + 1) / 2n (Miller 1955) */
	double chance;
	int64_t n;
} MonitorAssociation;

/*
 * Rows of each bin by class; bins empty in both are left out.  MONITOR_UNDEFINED: one
 * class only, or no rows.
 */
extern MonitorStatus monitor_association(const int64_t *positive, const int64_t *negative,
										 int64_t bins, MonitorAssociation *association);

#endif /* MONITOR_ASSOCIATION_H */
