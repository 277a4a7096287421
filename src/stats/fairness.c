/*
 * fairness.c
 *		How far the shares of groups lie apart.
 */
#include "fairness.h"

#include <gsl/gsl_cdf.h>

#define ERROR_RATE 0.05 /* of all intervals together, two-sided */

/* Order of two shares without rounding: negative if a is below b. */
static int
compare_shares(const MonitorGroupShare *a, const MonitorGroupShare *b)
{
	monitor_int128 x = (monitor_int128) a->hits * b->n;
	monitor_int128 y = (monitor_int128) b->hits * a->n;

	return x < y ? -1 : x > y;
}

/* Wilson 1927: where a share's score test does not reject. */
static void
wilson_limits(const MonitorGroupShare *group, double z, double *low, double *high)
{
	double n = (double) group->n;
	double p = (double) group->hits / n;
	double center = p + z * z / (2 * n);
	double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
	double scale = 1 + z * z / n;

	*low = group->hits == 0 ? 0 : (center - half) / scale;
	*high = group->hits == group->n ? 1 : (center + half) / scale;
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
		if (groups[i].n == 0)
			continue;
		result->known++;
		if (result->highest < 0 || compare_shares(&groups[i], &groups[result->highest]) > 0)
			result->highest = i;
	}
	for (int64_t i = 0; i < n; i++)
	{
		MONITOR_POLL(i);
		if (groups[i].n == 0 || i == result->highest)
			continue;
		if (result->lowest < 0 || compare_shares(&groups[i], &groups[result->lowest]) < 0)
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
	found.highest_share = (double) highest->hits / (double) highest->n;
	found.lowest_share = (double) lowest->hits / (double) lowest->n;
	found.difference = found.highest_share - found.lowest_share;
	pairs = (double) found.known * (double) (found.known - 1) / 2;
	z = gsl_cdf_ugaussian_Qinv(ERROR_RATE / 2 / pairs);
	wilson_limits(highest, z, &low[0], &high[0]);
	wilson_limits(lowest, z, &low[1], &high[1]);
	found.low = found.difference -
		hypot(found.highest_share - low[0], high[1] - found.lowest_share);
	found.high = found.difference +
		hypot(high[0] - found.highest_share, found.lowest_share - low[1]);
	*result = found;
	return MONITOR_OK;
}
