/*
 * mann_whitney.c
 *		The Mann-Whitney U test, two-sided, by the normal approximation with tie
 *		and continuity correction (as scipy.stats.mannwhitneyu, 'asymptotic').
 */
#include "numeric.h"
#include "tests.h"

/* Up to this many values in all, N^3 and 2 U stay below 2^127. */
#define MAX_VALUES INT64_C(5000000000000)

/*
 * p and effect size from 2 U of the reference and spread = N^3 - N - sum(t^3 -
 * t), which is 0 where all values are equal.  U has the variance
 * n m spread / (12 N (N - 1)) (Lehmann 1975, eq. 1.35).
 */
static void
from_spread(monitor_int128 twice_u, double spread, int64_t n_reference, int64_t n_current,
			double *p_value, double *effect_size)
{
	double n = (double) n_reference;
	double m = (double) n_current;
	double total = n + m;
	monitor_int128 excess = (monitor_int128) n_reference * n_current - twice_u;

	/* P(current > reference) + P(equal)/2 - 1/2 */
	*effect_size = (double) excess / n / m / 2.0;
	if (excess < 0)
		excess = -excess;
	if (excess <= 1 || !(spread > 0.0))
		*p_value = 1.0;
	else
	{
		double deviation = sqrt(n / 12.0 * m * (spread / total / (total - 1.0)));

		*p_value = monitor_normal_two_sided((double) (excess - 1) / 2.0 / deviation);
	}
}

/*
 * The same from the tie term sum(t^3 - t).  n, m > 0.
 */
void
monitor_mann_whitney_p(monitor_int128 twice_u, double tie_term, int64_t n_reference,
					   int64_t n_current, double *p_value, double *effect_size)
{
	double total = (double) n_reference + (double) n_current;

	from_spread(twice_u, (total - 1.0) * total * (total + 1.0) - tie_term, n_reference, n_current,
				p_value, effect_size);
}

/*
 * Statistic: U of the reference, the number of pairs with reference > current,
 * ties one half.  Effect size: P(current > reference) + ties/2 - 1/2.
 */
MonitorStatus
monitor_mann_whitney(const MonitorSample *reference, const MonitorSample *current,
					 MonitorTestResult *result)
{
	MonitorMerge merge;
	MonitorTie tie;
	monitor_int128 total = (monitor_int128) reference->n + current->n;
	monitor_int128 twice_u = 0;
	monitor_int128 tie_term = 0;
	double p_value;
	double effect_size;

	if (reference->n <= 0 || current->n <= 0)
		return MONITOR_UNDEFINED;
	if (total > MAX_VALUES)
		return MONITOR_OVERFLOW;

	monitor_merge_begin(&merge, reference, current);
	while (monitor_merge_next(&merge, &tie))
	{
		monitor_int128 t = (monitor_int128) tie.in_reference + tie.in_current;

		twice_u += (monitor_int128) tie.in_reference * (2 * tie.below_current + tie.in_current);
		if (t > 1)
			tie_term += (t - 1) * t * (t + 1);
	}
	from_spread(twice_u, (double) ((total - 1) * total * (total + 1) - tie_term), reference->n,
				current->n, &p_value, &effect_size);

	monitor_result_init(result, reference->n, current->n, "normal approximation");
	monitor_result_exact(result, (double) twice_u / 2.0);
	result->p_value = p_value;
	result->effect_size = effect_size;
	return MONITOR_OK;
}
