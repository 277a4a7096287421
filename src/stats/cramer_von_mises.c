/*
 * cramer_von_mises.c
 *		The two-sample Cramer-von Mises test (Anderson 1962; as
 *		scipy.stats.cramervonmises_2samp).
 *
 * With midranks r_i of the n sorted reference values and s_j of the m current
 * ones in the pooled sample of N,
 *		U = n sum (r_i - i)^2 + m sum (s_j - j)^2,
 *		T = U / (n m N) - (4 n m - 1) / (6 N)	(Anderson's eq. 9 and 10).
 *
 * p is exact up to 20 values a side, else that of the one-sample limit at the
 * standardised T (eq. 11, 14, 15).  Both hold for continuous samples.
 *
 * CAUTION: with ties and n <> m, midranks inflate T by what each side's ranks
 * spread within a tie, which grows with the tie and does not vanish without
 * drift.  That is SciPy's definition, kept for agreement with it; the method's
 * name tells of it.
 */
#include "numeric.h"
#include "tests.h"

/* Up to this many values a side, the exact distribution is counted. */
#define MAX_EXACT 20

/*
 * Most steps of a path in its tabulated second part, and the most paths that
 * these give between two points, C(18, 9).
 */
#define TABLE_STEPS 18
#define TABLE_PATHS 48620

/* Up to this many values a side, 12 U stays below 2^127. */
#define MAX_VALUES INT64_C(1000000000)

/* Points of the quadrature, and the most of its intervals. */
#define QUADRATURE_POINTS	 256
#define QUADRATURE_INTERVALS 40

/*
 * A lattice of all orders of two samples: paths from (0, 0) to (n, m); at
 * (u, v) a path pays (step_n u - step_m v)^2, and T is a linear function of the
 * sum (Xiao, Gordon and Yakovlev 2007).
 */
typedef struct Lattice
{
	int n;
	int m;
	int step_n;		   /* lcm / n */
	int step_m;		   /* lcm / m */
	int64_t threshold; /* count the sums at or above it */
	int split_u;	   /* where the second part begins */
	int split_v;
	int32_t *table; /* sums of the second parts from there, sorted */
	int table_size;
} Lattice;

static inline int32_t
lattice_cost(const Lattice *l, int u, int v)
{
	int32_t d = l->step_n * u - l->step_m * v;

	return d * d;
}

static void
sift_down(int32_t *heap, int root, int size)
{
	int32_t value = heap[root];
	int child;

	while ((child = 2 * root + 1) < size)
	{
		if (child + 1 < size && heap[child + 1] > heap[child])
			child++;
		if (heap[child] <= value)
			break;
		heap[root] = heap[child];
		root = child;
	}
	heap[root] = value;
}

/* Heapsort: in place, as libc's may allocate. */
static void
sort_table(int32_t *table, int size)
{
	for (int root = size / 2 - 1; root >= 0; root--)
		sift_down(table, root, size);
	for (int end = size - 1; end > 0; end--)
	{
		int32_t greatest = table[0];

		table[0] = table[end];
		table[end] = greatest;
		sift_down(table, 0, end);
	}
}

/* Tabulate the sums of all paths from (u, v), paid for, to the end. */
static void
tabulate(Lattice *l, int u, int v, int32_t sum)
{
	if (u == l->n && v == l->m)
	{
		l->table[l->table_size++] = sum;
		return;
	}
	if (u < l->n)
		tabulate(l, u + 1, v, sum + lattice_cost(l, u + 1, v));
	if (v < l->m)
		tabulate(l, u, v + 1, sum + lattice_cost(l, u, v + 1));
}

/* Number of tabulated second parts that bring sum to the threshold. */
static int
count_second_parts(const Lattice *l, int32_t sum)
{
	const int32_t *base = l->table;
	int size = l->table_size;

	while (size > 0)
	{
		int half = size / 2;

		if (base[half] + (int64_t) sum < l->threshold)
		{
			base += half + 1;
			size -= half + 1;
		}
		else
			size = half;
	}
	return l->table_size - (int) (base - l->table);
}

/* Number of paths that reach the threshold by way of (u, v) and the split. */
static int64_t
count_paths(const Lattice *l, int u, int v, int32_t sum)
{
	int64_t count = 0;

	if (u == l->split_u && v == l->split_v)
		return count_second_parts(l, sum);
	if (u < l->split_u)
		count += count_paths(l, u + 1, v, sum + lattice_cost(l, u + 1, v));
	if (v < l->split_v)
		count += count_paths(l, u, v + 1, sum + lattice_cost(l, u, v + 1));
	return count;
}

static int
greatest_common_divisor(int a, int b)
{
	return b == 0 ? a : greatest_common_divisor(b, a % b);
}

/*
 * P(sum >= threshold) over all paths, which are equally likely.  C(40, 20)
 * paths are too many to walk, and their sums too many to keep; so tabulate, for
 * each point about half way, the paths from there, and walk those up to there.
 */
static double
exact_sf(Lattice *l)
{
	int32_t table[TABLE_PATHS];
	int steps = l->n + l->m;
	int first = steps / 2 > steps - TABLE_STEPS ? steps / 2 : steps - TABLE_STEPS;
	int64_t count = 0;
	double paths = 1.0;

	l->table = table;
	for (int u = 0; u <= l->n && u <= first; u++)
	{
		if (first - u > l->m)
			continue;
		MONITOR_POLL(0);
		l->split_u = u;
		l->split_v = first - u;
		l->table_size = 0;
		tabulate(l, l->split_u, l->split_v, 0);
		sort_table(table, l->table_size);
		count += count_paths(l, 0, 0, 0);
	}
	l->table = NULL;
	for (int i = 1; i <= l->n; i++)
		paths = paths * (l->m + i) / i;
	return (double) count / paths;
}

/*
 * Exact p from 4 U.  The sum that belongs to U need not be an integer with
 * ties; it is rounded down, as SciPy does.
 */
static double
exact_p(monitor_int128 four_u, int n, int m)
{
	int divisor = greatest_common_divisor(n, m);
	monitor_int128 lcm = n / divisor * m;
	monitor_int128 k = (monitor_int128) n * m;
	monitor_int128 numerator = lcm * lcm * (n + m) * (6 * four_u - 4 * k * (4 * k - 1));
	Lattice l = {.n = n, .m = m, .step_n = m / divisor, .step_m = n / divisor};

	if (numerator <= 0)
		return 1.0;
	l.threshold = (int64_t) (numerator / (24 * k * k));
	return exact_sf(&l);
}

/*
 * The integral of exp(-x t^2 / 2) / sqrt(-t sin t) over ((2k-1) pi, 2k pi).
 * The substitution t = (2k-1) pi + pi/2 (1 - cos theta) takes away the
 * singular ends and leaves an even periodic integrand, for which the midpoint
 * rule converges exponentially.
 */
static double
smirnov_interval(double x, int k)
{
	double sum = 0.0;

	for (int i = 0; i < QUADRATURE_POINTS; i++)
	{
		double theta = MONITOR_PI * (i + 0.5) / QUADRATURE_POINTS;
		double half = sin(0.5 * theta);
		double s = MONITOR_PI * half * half;
		double t = (2 * k - 1) * MONITOR_PI + s;
		/* sin(s) near s = pi from its complement */
		double sine = s < 0.5 * MONITOR_PI ? sin(s)
										   : sin(MONITOR_PI * cos(0.5 * theta) * cos(0.5 * theta));

		sum += exp(-0.5 * x * t * t) * sin(theta) / sqrt(t * sine);
	}
	return sum * 0.5 * MONITOR_PI * MONITOR_PI / QUADRATURE_POINTS;
}

/*
 * P(W > x), W the limit of the one-sample statistic (Smirnov 1936; Anderson and
 * Darling 1952, eq. 4.36 for the complement):
 *		2/pi sum_k (-1)^(k+1) smirnov_interval(x, k),
 * whose first term governs the tail, so that relative accuracy is kept there;
 * for small x it alternates, but p is near 1.
 */
static double
limit_sf(double x)
{
	double sum = 0.0;

	if (x < 0.003)
		return 1.0; /* 1 - p < 2e-18 */
	for (int k = 1; k <= QUADRATURE_INTERVALS; k++)
	{
		double term = smirnov_interval(x, k);

		sum += (k % 2 == 1) ? term : -term;
		if (term <= 1e-18 * sum)
			break;
	}
	return fmin(fmax(2.0 / MONITOR_PI * sum, 0.0), 1.0);
}

/* p of T by its mean and variance, for sizes too large for the exact law. */
static double
asymptotic_p(double t, double n, double m)
{
	double total = n + m;
	double mean = (1.0 + 1.0 / total) / 6.0;
	double variance = (total + 1.0) / total * (4.0 * total - 3.0 * (n / m + m / n) - 2.0) /
		(180.0 * total);

	return limit_sf(1.0 / 6.0 + (t - mean) / sqrt(45.0 * variance));
}

/*
 * What a tie of t values, a of them of one sample with other_below values of
 * the other sample below, adds to 4 sum (r_i - i)^2 of that sample: the sum over
 * k = 1 .. a of (2 other_below + t + 1 - 2 k)^2.  The division is exact, but
 * slow: thus the short cuts for samples without ties.
 */
static monitor_int128
rank_excess(monitor_int128 a, monitor_int128 t, monitor_int128 other_below)
{
	monitor_int128 c = 2 * other_below + t + 1;

	if (a == 0)
		return 0;
	if (a == 1)
		return (c - 2) * (c - 2);
	return a * c * c - 2 * c * a * (a + 1) + 2 * a * (a + 1) * (2 * a + 1) / 3;
}

/* 4 U, and whether two values are equal. */
static monitor_int128
statistic_four_u(const MonitorSample *reference, const MonitorSample *current, bool *ties)
{
	MonitorMerge merge;
	MonitorTie tie;
	monitor_int128 of_reference = 0;
	monitor_int128 of_current = 0;

	*ties = false;
	monitor_merge_begin(&merge, reference, current);
	while (monitor_merge_next(&merge, &tie))
	{
		int64_t t = tie.in_reference + tie.in_current;

		of_reference += rank_excess(tie.in_reference, t, tie.below_current);
		of_current += rank_excess(tie.in_current, t, tie.below_reference);
		*ties |= t > 1;
	}
	return reference->n * of_reference + current->n * of_current;
}

/*
 * Statistic and effect size: T.  Equal constants have T = 0 and p = 1.
 */
MonitorStatus
monitor_cramer_von_mises(const MonitorSample *reference, const MonitorSample *current,
						 MonitorTestResult *result)
{
	int64_t n = reference->n;
	int64_t m = current->n;
	bool exact = n <= MAX_EXACT && m <= MAX_EXACT;
	bool ties;
	monitor_int128 four_u;
	monitor_int128 k;
	double t;

	if (n <= 0 || m <= 0)
		return MONITOR_UNDEFINED;
	if (n > MAX_VALUES || m > MAX_VALUES)
		return MONITOR_OVERFLOW;
	k = (monitor_int128) n * m;
	monitor_result_init(result, n, m, exact ? "exact" : "asymptotic");
	if (monitor_one_value(reference, current))
	{
		monitor_result_exact(result, 0.0);
		result->p_value = 1.0;
		result->effect_size = 0.0;
		return MONITOR_OK;
	}
	four_u = statistic_four_u(reference, current, &ties);
	t = (double) (3 * four_u - 2 * k * (4 * k - 1)) / 12.0 / (double) k / (double) (n + m);
	if (ties && n != m)
		monitor_result_init(result, n, m,
							exact ? "exact (ties, unequal sizes: T inflated)"
								  : "asymptotic (ties, unequal sizes: T inflated)");
	monitor_result_exact(result, t);
	result->effect_size = t;
	result->p_value = exact ? exact_p(four_u, (int) n, (int) m)
							: asymptotic_p(t, (double) n, (double) m);
	return MONITOR_OK;
}
