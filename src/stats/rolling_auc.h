/*
 * rolling_auc.h
 *		The area under the ROC curve of a window that rows enter and leave.
 *
 * Everything is counted in integers, so that what leaves takes back exactly what
 * it brought: the result does not depend on the rows that were there before.
 */
#ifndef MONITOR_ROLLING_AUC_H
#define MONITOR_ROLLING_AUC_H

#include "stats.h"

/*
 * The caller's memory, for a state that grows with the window.  allocate may
 * refuse with NULL (the function then returns MONITOR_NO_SPACE and has changed
 * nothing) or not return at all (the state is then lost).
 */
typedef struct MonitorAllocator
{
	void *(*allocate)(void *owner, size_t size);
	void (*release)(void *owner, void *memory);
	void *owner;
} MonitorAllocator;

typedef struct MonitorRollingTree MonitorRollingTree;

/*
 * U2 = 2 * #(positive above negative) + #(positive ties with negative) over all
 * pairs of a positive and a negative row.  Starts zeroed but for the allocator.
 */
typedef struct MonitorRollingAuc
{
	MonitorAllocator allocator;
	MonitorRollingTree *tree; /* NULL until the first row */
	int64_t n[2];			  /* rows of label false, true */
	int64_t u2;
} MonitorRollingAuc;

extern void monitor_rolling_auc_init(MonitorRollingAuc *auc, MonitorAllocator allocator);

/* Give all memory back; the state is empty then. */
extern void monitor_rolling_auc_free(MonitorRollingAuc *auc);

/*
 * A row enters: O(log n) amortised, whatever the scores and their order; equal
 * scores share one entry.  score is not NaN.  MONITOR_OVERFLOW past 4e9 rows.
 */
extern MonitorStatus monitor_rolling_auc_add(MonitorRollingAuc *auc, double score, bool label);

/* A row leaves: O(log n) amortised.  MONITOR_UNDEFINED if no such row is there. */
extern MonitorStatus monitor_rolling_auc_remove(MonitorRollingAuc *auc, double score, bool label);

/*
 * P(positive above negative) + 1/2 P(tie) = U2 / (2 n1 n0), correctly rounded
 * (Mann & Whitney 1947; Hanley & McNeil 1982).  MONITOR_UNDEFINED with one class.
 */
extern MonitorStatus monitor_rolling_auc_value(const MonitorRollingAuc *auc, double *value);

#endif /* MONITOR_ROLLING_AUC_H */
