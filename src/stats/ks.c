/*
 * ks.c
 *		The two-sample Kolmogorov-Smirnov statistic in exact integers.
 *
 * D = max |F(x) - G(x)| over the pooled values, F and G right-continuous.
 * With i of the n reference and j of the m current values at or below x,
 * D n m = max |m i - n j|, an integer.
 */
#include "tests.h"

/* Up to this n * m, int64 holds every |m i - n j|.  Tests lower it. */
#ifndef MONITOR_KS_NARROW_LIMIT
#define MONITOR_KS_NARROW_LIMIT INT64_C(9000000000000000000)
#endif

/* Steps of the merge between two looks at the interrupt hook. */
#define MERGE_BLOCK 65536

/* With fewer steps than this ahead, the plain merge is as good. */
#define FEW_STEPS 16

/*
 * One merge in progress.  deviation = m i - n j at the heads; most is the
 * greatest |deviation| seen between distinct values.
 */
typedef struct Lane
{
	const uint64_t *a;
	const uint64_t *b;
	const uint64_t *a_end;
	const uint64_t *b_end;
	int64_t deviation;
	int64_t most;
} Lane;

static inline int64_t
lesser(int64_t x, int64_t y)
{
	return x < y ? x : y;
}

/* Number of steps, at most a block, in which neither head can reach its end. */
static inline int64_t
lane_steps(const Lane *lane)
{
	return lesser(lesser(lane->a_end - lane->a, lane->b_end - lane->b) - 1, MERGE_BLOCK);
}

/*
 * Take one value from the side with the lesser head, or one from each.  The
 * deviation counts only where the value taken does not follow again.  Free of
 * branches: their outcome would be random.
 */
static inline void
lane_step(Lane *lane, int64_t n, int64_t m)
{
	uint64_t head_a = *lane->a;
	uint64_t head_b = *lane->b;
	uint64_t value = head_a < head_b ? head_a : head_b;
	int64_t take_a = head_a <= head_b;
	int64_t take_b = head_b <= head_a;
	int64_t size;

	lane->a += take_a;
	lane->b += take_b;
	lane->deviation += (-take_a & m) - (-take_b & n);
	size = lane->deviation < 0 ? -lane->deviation : lane->deviation;
	size &= -(int64_t) ((*lane->a != value) & (*lane->b != value));
	lane->most = size > lane->most ? size : lane->most;
}

/*
 * Two independent merges at once: the processor overlaps their chains of
 * dependent loads.
 */
static void
run_two_lanes(Lane *first, Lane *second, int64_t n, int64_t m)
{
	int64_t steps;

	while ((steps = lesser(lane_steps(first), lane_steps(second))) >= FEW_STEPS)
	{
		Lane p = *first;
		Lane q = *second;

		MONITOR_POLL(0);
		while (steps-- > 0)
		{
			lane_step(&p, n, m);
			lane_step(&q, n, m);
		}
		*first = p;
		*second = q;
	}
}

/*
 * Run one merge until one side is used up; what is left of the other can only
 * move the deviation monotonely to that of the lane's end, which the caller
 * looks at.
 */
static void
run_lane(Lane *lane, int64_t n, int64_t m)
{
	Lane p = *lane;
	int64_t steps;

	while ((steps = lane_steps(&p)) >= FEW_STEPS)
	{
		MONITOR_POLL(0);
		while (steps-- > 0)
			lane_step(&p, n, m);
	}
	for (int64_t i = 0; p.a < p.a_end && p.b < p.b_end; i++)
	{
		uint64_t value = *p.a < *p.b ? *p.a : *p.b;
		int64_t size;

		MONITOR_POLL(i);
		for (; p.a < p.a_end && *p.a == value; p.a++)
			p.deviation += m;
		for (; p.b < p.b_end && *p.b == value; p.b++)
			p.deviation -= n;
		size = p.deviation < 0 ? -p.deviation : p.deviation;
		p.most = size > p.most ? size : p.most;
	}
	*lane = p;
}

/* The numerator where int64 holds it. */
static int64_t
narrow_numerator(const MonitorSample *reference, const MonitorSample *current)
{
	int64_t n = reference->n;
	int64_t m = current->n;
	uint64_t middle = reference->keys[n / 2];
	int64_t i = monitor_count_below(reference, middle);
	int64_t j = monitor_count_below(current, middle);
	Lane low = {reference->keys, current->keys, reference->keys + i, current->keys + j, 0, 0};
	Lane high = {reference->keys + i, current->keys + j, reference->keys + n,
				 current->keys + m,	  m * i - n * j,	 0};

	/* The end of the lower lane; that of the upper is 0. */
	high.most = high.deviation < 0 ? -high.deviation : high.deviation;
	run_two_lanes(&low, &high, n, m);
	run_lane(&low, n, m);
	run_lane(&high, n, m);
	return low.most > high.most ? low.most : high.most;
}

/* The numerator of samples of any size. */
static monitor_int128
wide_numerator(const MonitorSample *reference, const MonitorSample *current)
{
	monitor_int128 most = 0;
	MonitorMerge merge;
	MonitorTie tie;

	monitor_merge_begin(&merge, reference, current);
	while (monitor_merge_next(&merge, &tie))
	{
		monitor_int128 size = (monitor_int128) current->n * merge.i -
			(monitor_int128) reference->n * merge.j;

		size = size < 0 ? -size : size;
		most = size > most ? size : most;
	}
	return most;
}

/* max |m i - n j|; 0 where a side is empty. */
monitor_int128
monitor_ks_numerator(const MonitorSample *reference, const MonitorSample *current)
{
	if (reference->n <= 0 || current->n <= 0)
		return 0;
	if (reference->n > MONITOR_KS_NARROW_LIMIT / current->n)
		return wide_numerator(reference, current);
	return narrow_numerator(reference, current);
}

/*
 * Correctly rounded h / (n m), 0 <= h <= n m, n and m > 0.  Where double does
 * not hold both exactly, by long division to 63 bits and a sticky bit, so that
 * the one rounding is the last.
 */
double
monitor_ks_quotient(monitor_int128 h, int64_t n, int64_t m)
{
	const monitor_int128 exact = (monitor_int128) 1 << 53;
	monitor_int128 divisor = (monitor_int128) n * m;
	uint64_t quotient = 0;
	int exponent = 0;

	if (h <= 0)
		return 0.0;
	if (divisor <= exact && h <= exact)
		return (double) h / (double) divisor;

	for (; h < divisor; exponent--)
		h <<= 1;
	for (int bit = 0; bit < 63; bit++)
	{
		quotient <<= 1;
		if (h >= divisor)
		{
			quotient |= 1;
			h -= divisor;
		}
		h <<= 1;
	}
	quotient = quotient << 1 | (h != 0);
	return ldexp((double) quotient, exponent - 63);
}

void
monitor_ks_from_numerator(monitor_int128 h, int64_t n_reference, int64_t n_current, double *scratch,
						  MonitorTestResult *result)
{
	char method[MONITOR_METHOD_LEN];
	double p_value = monitor_ks_pvalue(h, n_reference, n_current, scratch, method);

	monitor_result_init(result, n_reference, n_current, method);
	monitor_result_exact(result, monitor_ks_quotient(h, n_reference, n_current));
	result->p_value = p_value;
	result->effect_size = result->statistic;
}

/*
 * The two-sided two-sample Kolmogorov-Smirnov test; scratch holds
 * monitor_ks_scratch(n, m) doubles.  The effect size is D itself.
 */
MonitorStatus
monitor_ks(const MonitorSample *reference, const MonitorSample *current, double *scratch,
		   MonitorTestResult *result)
{
	if (reference->n <= 0 || current->n <= 0)
		return MONITOR_UNDEFINED;
	monitor_ks_from_numerator(monitor_ks_numerator(reference, current), reference->n, current->n,
							  scratch, result);
	return MONITOR_OK;
}
