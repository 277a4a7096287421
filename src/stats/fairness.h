/*
 * fairness.h
 *		How far the shares of groups lie apart.
 */
#ifndef MONITOR_FAIRNESS_H
#define MONITOR_FAIRNESS_H

#include "stats.h"

/* Hits among the rows of a group, 0 <= hits <= n; n = 0: the group has no share. */
typedef struct MonitorGroupShare
{
	double hits; /* their number, or their weight */
	double n;	 /* of all rows */
	double size; /* how many rows of equal weight say as much: n where none has a weight */
} MonitorGroupShare;

/*
 * A share of weighted rows: weights (>= 0) and their squares, summed over the hits and over
 * the others.
 *
 * size is the smaller of two effective numbers of rows: Kish's (sum)^2 / (sum of squares), and
 * p (1 - p) over the linearised variance of the weighted share p, which sees that weights go
 * with hits (Korn & Graubard 1998, Survey Methodology 24:193).  Equal weights give the number
 * of rows by both.  A sum that is no finite number gives n = 0 (no share), squares that
 * leave the range of doubles a size of NaN.
 */
extern MonitorGroupShare monitor_weighted_share(double hits, double others, double hit_squares,
												double other_squares);

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
 * groups may as well be equal.  low and high are NaN where a size of these groups is
 * not known (NaN).  Undefined for fewer than two groups with a share.
 */
extern MonitorStatus monitor_share_difference(const MonitorGroupShare *groups, int64_t n,
											  MonitorShareDifference *result);

#endif /* MONITOR_FAIRNESS_H */
