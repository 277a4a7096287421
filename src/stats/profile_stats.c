/*
 * profile_stats.c
 *		Kolmogorov-Smirnov, Mann-Whitney and Welch of two profiles.
 *
 * Rows at anchors are known; of rows in a gap only the number is.  What a
 * statistic can be then lies between two integers, which are reported.
 */
#include <stdio.h>

#include "profile_internal.h"

/*
 * The bounds of n m D.  At anchors and at their left limits F - G is known;
 * between, with both increasing, it is at most F at the end less G at the
 * start (research: certificate of compressed references).
 */
#define KS_BOUNDS(name, number) \
	static void name(const MonitorProfile *reference, const MonitorProfile *current, \
					 monitor_int128 *low, monitor_int128 *high) \
	{ \
		MonitorSlotWalk walk = monitor_walk_begin(reference, current); \
		number n = reference->n; \
		number m = current->n; \
		number least = 0; \
		number most = 0; \
\
		while (monitor_walk_next(&walk)) \
		{ \
			number before = m * walk.below_reference - n * walk.below_current; \
			number up = m * walk.in_reference; \
			number down = n * walk.in_current; \
			number after = before + up - down; \
			number apart = after > 0 ? after : -after; \
			number within = before + up > down - before ? before + up : down - before; \
			/* by number, as where rows fall no processor can foretell */ \
			int unknown = monitor_walk_in_gap(&walk) & (up > 0) & (down > 0); \
\
			least = apart > least ? apart : least; \
			within = unknown ? within : 0; \
			most = within > most ? within : most; \
		} \
		*low = least; \
		*high = most > least ? most : least; \
	}

KS_BOUNDS(narrow_ks_bounds, int64_t)
KS_BOUNDS(wide_ks_bounds, monitor_int128)

static void
ks_bounds(const MonitorProfile *reference, const MonitorProfile *current, monitor_int128 *low,
		  monitor_int128 *high)
{
	/* every number is at most n m */
	if ((monitor_int128) reference->n * current->n <= INT64_MAX)
		narrow_ks_bounds(reference, current, low, high);
	else
		wide_ks_bounds(reference, current, low, high);
}

MonitorStatus
monitor_profile_ks_bounds(const MonitorProfile *reference, const MonitorProfile *current,
						  MonitorTestResult *result)
{
	MonitorStatus status = monitor_profile_check_pair(reference, current);
	monitor_int128 low;
	monitor_int128 high;

	if (status != MONITOR_OK)
		return status;
	ks_bounds(reference, current, &low, &high);
	monitor_result_init(result, reference->n, current->n, "");
	monitor_result_exact(result, monitor_ks_quotient(low, reference->n, current->n));
	result->statistic_high = monitor_ks_quotient(high, reference->n, current->n);
	result->effect_size = result->statistic;
	result->p_value = NAN;
	return MONITOR_OK;
}

MonitorStatus
monitor_profile_ks(const MonitorProfile *reference, const MonitorProfile *current, double *scratch,
				   MonitorTestResult *result)
{
	MonitorStatus status = monitor_profile_check_pair(reference, current);
	int64_t n = reference->n;
	int64_t m = current->n;
	char method[MONITOR_METHOD_LEN];
	monitor_int128 low;
	monitor_int128 high;
	double p_value;

	if (status != MONITOR_OK)
		return status;
	ks_bounds(reference, current, &low, &high);
	p_value = monitor_ks_pvalue(low, n, m, scratch, method);
	monitor_result_init(result, n, m, method);
	monitor_result_exact(result, monitor_ks_quotient(low, n, m));
	result->statistic_high = monitor_ks_quotient(high, n, m);
	if (low < high)
		snprintf(result->method, MONITOR_METHOD_LEN, "%.40s of the lower bound", method);
	result->p_value = p_value;
	result->effect_size = result->statistic;
	return MONITOR_OK;
}

/*
 * The bounds of 2 U of the reference, and the tie term of the ties that are
 * certain.  Pairs within a gap count 0 to 2.
 */
static void
u_bounds(const MonitorProfile *reference, const MonitorProfile *current, monitor_int128 *low,
		 monitor_int128 *high, double *tie_term)
{
	MonitorSlotWalk walk = monitor_walk_begin(reference, current);
	monitor_int128 unknown = 0;

	*low = 0;
	*tie_term = 0;
	while (monitor_walk_next(&walk))
	{
		monitor_int128 pairs = (monitor_int128) walk.in_reference * walk.in_current;
		double t = (double) walk.in_reference + (double) walk.in_current;

		*low += 2 * (monitor_int128) walk.in_reference * walk.below_current;
		if (monitor_walk_in_gap(&walk))
			unknown += 2 * pairs;
		else
		{
			*low += pairs;
			*tie_term += (t - 1) * t * (t + 1);
		}
	}
	*high = *low + unknown;
}

/*
 * p and effect size belong to the U within the bounds that is nearest to no
 * drift, n m / 2; ties that are not certain would only make p smaller.
 */
MonitorStatus
monitor_profile_mann_whitney(const MonitorProfile *reference, const MonitorProfile *current,
							 MonitorTestResult *result)
{
	MonitorStatus status = monitor_profile_check_pair(reference, current);
	int64_t n = reference->n;
	int64_t m = current->n;
	monitor_int128 low;
	monitor_int128 high;
	monitor_int128 nearest = (monitor_int128) n * m;
	double tie_term;
	double p_value;
	double effect_size;

	if (status != MONITOR_OK)
		return status;
	u_bounds(reference, current, &low, &high, &tie_term);
	nearest = nearest < low ? low : nearest > high ? high : nearest;
	monitor_mann_whitney_p(nearest, tie_term, n, m, &p_value, &effect_size);
	monitor_result_init(result, n, m, "normal approximation");
	monitor_result_exact(result, (double) low / 2);
	result->statistic_high = (double) high / 2;
	result->p_value = p_value;
	result->effect_size = effect_size;
	return MONITOR_OK;
}

/* How far rounding each value to whole units may move a sample deviation: half a unit, and (n / (n - 1))^(1/2). */
static double
deviation_error(int64_t n)
{
	return n > 1 ? 0.5 * sqrt((double) n / (double) (n - 1)) : 0;
}

/* Standard error of the difference of two means, each deviation moved by sign times its error. */
static double
moved_standard_error(const double variance[2], const int64_t n[2], double sign)
{
	double sum = 0;

	for (int i = 0; i < 2; i++)
	{
		double deviation = fmax(0, sqrt(variance[i]) + sign * deviation_error(n[i]));

		sum += deviation * deviation / (double) n[i];
	}
	return sqrt(sum);
}

/* difference / error, in the direction that `error` makes most of it. */
static double
bound_of_t(double difference, double error_away, double error_towards)
{
	return difference == 0 ? 0 : difference / (difference > 0 ? error_away : error_towards);
}

/*
 * Values were rounded to whole units, which moves each mean by half a unit at most.
 * The statistic, and the p-value with it, is the one within these bounds that is
 * nearest to no drift.
 */
static void
bound_welch(const double mean[2], const double variance[2], const int64_t n[2],
			MonitorTestResult *result)
{
	double difference = mean[0] - mean[1];
	double small = moved_standard_error(variance, n, -1);
	double large = moved_standard_error(variance, n, 1);
	double df = isnan(result->df) ? (double) (n[0] < n[1] ? n[0] : n[1]) - 1 : result->df;

	result->statistic_low = bound_of_t(difference - 1, large, small);
	result->statistic_high = bound_of_t(difference + 1, small, large);
	result->statistic = fmin(fmax(0, result->statistic_low), result->statistic_high);
	if (df > 0)
		result->p_value = monitor_t_two_sided(result->statistic, df);
}

static bool
one_value(const MonitorProfile *profile)
{
	return profile->has_range && profile->minimum == profile->maximum;
}

/*
 * All of Welch's test is the same in any unit and from any origin: so it is
 * done in those of the sums, where nothing overflows or cancels.
 */
MonitorStatus
monitor_profile_welch(const MonitorProfile *reference, const MonitorProfile *current,
					  MonitorTestResult *result)
{
	MonitorStatus status = monitor_profile_check_pair(reference, current);
	int64_t n[2] = {reference->n, current->n};
	double mean[2];
	double variance[2] = {0, 0};

	if (status == MONITOR_OK)
		status = monitor_profile_moments(reference, &mean[0], n[0] > 1 ? &variance[0] : NULL);
	if (status == MONITOR_OK)
		status = monitor_profile_moments(current, &mean[1], n[1] > 1 ? &variance[1] : NULL);
	if (status == MONITOR_OK)
		status =
			monitor_welch_moments(mean[0], variance[0], n[0], mean[1], variance[1], n[1], result);
	if (status == MONITOR_OK && !(one_value(reference) && one_value(current)))
		bound_welch(mean, variance, n, result);
	return status;
}
