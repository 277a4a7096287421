/*
 * fairness.h
 *		How far the shares of groups lie apart.
 */
#ifndef MONITOR_FAIRNESS_H
#define MONITOR_FAIRNESS_H

#include "stats.h"

/* Hits among n rows of a group, 0 <= hits <= n; n = 0: the group has no share. */
typedef struct MonitorGroupShare
{
	int64_t hits;
	int64_t n;
} MonitorGroupShare;

typedef struct MonitorShareDifference
{
	double difference; /* highest less lowest share */
	double low;
	double high;
	double highest_share;
	double lowest_share;
	int64_t highest; /* number of the group, the first of equal ones */
	int64_t lowest;
	int64_t known; /* groups that have a share */
} MonitorShareDifference;

/*
 * The difference of the highest and the lowest share, with 95 % confidence limits:
 * Newcombe 1998 (Statistics in Medicine 17:873), method 10, hybrid of Wilson's score
 * limits.  Which groups are the extreme ones is seen in the data, so the limits hold for
 * all pairs of groups at once (Bonferroni over the pairs).  low may be below 0: the
 * groups may as well be equal.  Undefined for fewer than two groups with a share.
 */
extern MonitorStatus monitor_share_difference(const MonitorGroupShare *groups, int64_t n,
											  MonitorShareDifference *result);

#endif /* MONITOR_FAIRNESS_H */
