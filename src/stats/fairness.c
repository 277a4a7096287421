/*
 * fairness.c
 *		How far the shares of groups lie apart.
 */
#include "fairness.h"

#include <gsl/gsl_cdf.h>

#define ERROR_RATE 0.05 /* of all intervals together, two-sided */

static double
share_of(const MonitorGroupShare *group)
{
	return group->hits / group->n;
}

/*
 * With c and d the mean weights of the hits and of the others, each weighted by itself,
 * Kish's number of rows is n / (p c + (1 - p) d), the linearised one n / ((1 - p) c + p d).
 */
MonitorGroupShare
monitor_weighted_share(double hits, double others, double hit_squares, double other_squares)
{
	double n = hits + others;
	MonitorGroupShare share = {hits, isfinite(n) ? n : 0, NAN};
	double squares = hit_squares + other_squares;
	double p = hits / n;
	double c = hit_squares / hits;
	double d = other_squares / others;

	if (!(squares > 0) || !isfinite(squares))
		return share;
	if (hits > 0 && others > 0)
		share.size = n / (d + (c > d ? fmax(p, 1 - p) : fmin(p, 1 - p)) * (c - d));
	else
		share.size = n / squares * n;
	return share;
}

/*
 * Wilson 1927: where a share's score test does not reject.  Of weighted rows, with their
 * effective number.
 */
static void
wilson_limits(const MonitorGroupShare *group, double z, double *low, double *high)
{
	double n = group->size;
	double p = share_of(group);
	double center = p + z * z / (2 * n);
	double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
	double scale = 1 + z * z / n;

	*low = p == 0 ? 0 : (center - half) / scale;
	*high = p == 1 ? 1 : (center + half) / scale;
}

/* The first group with the highest share, and of the others the first with the lowest. */
static void
find_extremes(const MonitorGroupShare *groups, int64_t n, MonitorShareDifference *result)
{
	result->highest = -1;
	result->lowest = -1;
	result->known = 0;
	for (int64_t i = 0; i < n; i++)
	{
		MONITOR_POLL(i);
		if (!(groups[i].n > 0))
			continue;
		result->known++;
		if (result->highest < 0 || share_of(&groups[i]) > share_of(&groups[result->highest]))
			result->highest = i;
	}
	for (int64_t i = 0; i < n; i++)
	{
		MONITOR_POLL(i);
		if (!(groups[i].n > 0) || i == result->highest)
			continue;
		if (result->lowest < 0 || share_of(&groups[i]) < share_of(&groups[result->lowest]))
			result->lowest = i;
	}
}

MonitorStatus
monitor_share_difference(const MonitorGroupShare *groups, int64_t n, MonitorShareDifference *result)
{
	MonitorShareDifference found;
	const MonitorGroupShare *highest;
	const MonitorGroupShare *lowest;
	double pairs;
	double z;
	double low[2];
	double high[2];

	find_extremes(groups, n, &found);
	if (found.known < 2)
		return MONITOR_UNDEFINED;
	highest = &groups[found.highest];
	lowest = &groups[found.lowest];
	found.highest_share = share_of(highest);
	found.lowest_share = share_of(lowest);
	found.difference = found.highest_share - found.lowest_share;
	pairs = (double) found.known * (double) (found.known - 1) / 2;
	z = gsl_cdf_ugaussian_Qinv(ERROR_RATE / 2 / pairs);
	wilson_limits(highest, z, &low[0], &high[0]);
	wilson_limits(lowest, z, &low[1], &high[1]);
	found.low = found.difference -
		hypot(found.highest_share - low[0], high[1] - found.lowest_share);
	found.high = found.difference +
		hypot(high[0] - found.highest_share, found.lowest_share - low[1]);
	if (isnan(highest->size) || isnan(lowest->size))
		found.low = found.high = NAN;
	*result = found;
	return MONITOR_OK;
}
