/*
 * evidence.h
 *		E-values for one window against a reference, and corrections for
 *		looking at many hypotheses at once.
 */
#ifndef MONITOR_EVIDENCE_H
#define MONITOR_EVIDENCE_H

#include "stats.h"

/*
 * ln e of one binomial stream: x of t current rows (after division by phi).
 * A beta-binomial mixture around the share f, of concentration kappa, over the
 * likelihood's supremum for shares in [low, high] (averaged e-processes over anchors;
 * Ville 1939).  Its mean is at most 1 for every true share in the interval.
 */
extern double monitor_log_e_binomial(double x, double t, double f, double low, double high,
									 double kappa);

/*
 * What a window's evidence is made from: for each of k streams the rows at or
 * below an anchor (ordered), or in a category.
 */
typedef struct MonitorEvidenceStreams
{
	const int64_t *reference;
	const int64_t *current;
	int64_t k;
	int64_t n_reference;
	int64_t n_current;
	bool ordered;	 /* one DKW ball for all, else one ball a category */
	int64_t unseen;	 /* the stream of categories that the reference does not have, or -1 */
	int64_t singles; /* categories that it has once */
} MonitorEvidenceStreams;

/*
 * ln E: the mean of e over the streams and kappa = 20, 200, 2000 (verdicts of drift,
 * evidence), counts and n divided by phi; 0 when either side is empty.
 */
extern double monitor_log_evidence(const MonitorEvidenceStreams *streams, double reference_level,
								   double phi);

/* min(1, reference_level + 1/E) */
extern double monitor_evidence_p(double log_e, double reference_level);

typedef enum MonitorAdjustment
{
	MONITOR_BH,	  /* Benjamini & Hochberg 1995 */
	MONITOR_BY,	  /* Benjamini & Yekutieli 2001 */
	MONITOR_HOLM, /* Holm 1979 */
	MONITOR_BONFERRONI
} MonitorAdjustment;

/* p[k] to adjusted p[k], in place; order[k] is scratch.  All p in [0, 1]. */
extern void monitor_adjust_p_values(double *p, int64_t k, MonitorAdjustment method, size_t *order);

/* e[k] >= 0 to the smallest level at which e-BH (Wang & Ramdas 2022) rejects each. */
extern void monitor_adjust_e_values(double *e, int64_t k, size_t *order);

#endif /* MONITOR_EVIDENCE_H */
