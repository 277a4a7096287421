/*
 * contingency.c
 *		Tests of homogeneity of 2 x k tables: Pearson's chi-square, the
 *		likelihood ratio G, and Fisher's exact test of 2 x 2.
 *
 * Rows are reference and current.  Counts are not negative.
 */
#include <float.h>
#include <stdio.h>
#include <stdlib.h>

#include "numeric.h"
#include "tests.h"

/* A weight this small against a sum, with all that follow, does not count. */
#define NEGLIGIBLE 1e-25L

/* What all tests of a table need to know of it. */
typedef struct Margins
{
	int64_t n;		 /* sum of the reference row */
	int64_t m;		 /* sum of the current row */
	int64_t columns; /* those not empty */
	int64_t few;	 /* cells that expect less than 5 */
} Margins;

/*
 * 2 x 2 tables with the margins of one: x, the count in the upper left, has the
 * hypergeometric distribution.
 */
typedef struct Hypergeometric
{
	int64_t row;	/* sum of the upper row */
	int64_t column; /* sum of the left column */
	int64_t rest;	/* lower row's sum less the left column's */
} Hypergeometric;

static MonitorStatus
count_margins(const int64_t *reference, const int64_t *current, int64_t k, Margins *margins)
{
	monitor_int128 n = 0;
	monitor_int128 m = 0;

	for (int64_t j = 0; j < k; j++)
	{
		n += reference[j];
		m += current[j];
	}
	if (n == 0 || m == 0)
		return MONITOR_UNDEFINED;
	if (n + m > INT64_MAX)
		return MONITOR_OVERFLOW;

	margins->n = (int64_t) n;
	margins->m = (int64_t) m;
	margins->columns = 0;
	margins->few = 0;
	for (int64_t j = 0; j < k; j++)
	{
		monitor_int128 column = (monitor_int128) reference[j] + current[j];

		MONITOR_POLL(j);
		if (column == 0)
			continue;
		margins->columns++;
		margins->few += n * column < 5 * (n + m);
		margins->few += m * column < 5 * (n + m);
	}
	return MONITOR_OK;
}

/* Name the method, and how many cells are too small for it. */
static void
init_result(const char *name, const Margins *margins, MonitorTestResult *result)
{
	char method[MONITOR_METHOD_LEN];
	int length = 0;

	if (margins->few > 0 && margins->columns > 1)
		length = snprintf(method, sizeof(method), "%s (%lld of %lld cells expect < 5)", name,
						  (long long) margins->few, 2 * (long long) margins->columns);
	if (length <= 0 || length >= (int) sizeof(method))
		snprintf(method, sizeof(method), "%s%s", name,
				 length > 0 ? " (some cells expect < 5)" : "");
	monitor_result_init(result, margins->n, margins->m, method);
}

/* m a - n c, exact: n m times the difference of the column's shares. */
static double
cross_difference(const Margins *margins, int64_t a, int64_t c)
{
	return (double) ((monitor_int128) margins->m * a - (monitor_int128) margins->n * c);
}

/* Fill in a statistic that has the chi-square law without drift. */
static void
finish_chisq(double statistic, const Margins *margins, MonitorTestResult *result)
{
	double total = (double) margins->n + (double) margins->m;

	monitor_result_exact(result, statistic);
	result->df = (double) (margins->columns - 1);
	result->p_value = monitor_chisq_sf(statistic, result->df);
	result->effect_size = sqrt(statistic / total);
}

/*
 * Pearson's test: sum (m a - n c)^2 / (n m (a + c)), which is the sum over
 * all cells of (observed - expected)^2 / expected without its cancellation.
 * Effect size: Cramer's V.
 */
MonitorStatus
monitor_chi2(const int64_t *reference, const int64_t *current, int64_t k, MonitorTestResult *result)
{
	Margins margins;
	MonitorSum sum = {0.0, 0.0};
	MonitorStatus status = count_margins(reference, current, k, &margins);

	if (status != MONITOR_OK)
		return status;
	for (int64_t j = 0; j < k; j++)
	{
		double d = cross_difference(&margins, reference[j], current[j]);

		MONITOR_POLL(j);
		if (d != 0.0)
			monitor_sum_add(&sum,
							d / (double) margins.n * (d / (double) margins.m) /
								((double) reference[j] + (double) current[j]));
	}
	init_result("Pearson chi-square", &margins, result);
	finish_chisq(monitor_sum_value(&sum), &margins, result);
	result->effect_size = fmin(result->effect_size, 1.0);
	return MONITOR_OK;
}

/*
 * The likelihood ratio test: G = 2 sum observed ln(observed / expected), as a
 * sum of terms that are not negative: with observed / expected = 1 + u and
 * 1 + v in a column of t, twice t / N times n ((1+u) ln(1+u) - u) + m (the same
 * of v).  Effect size: sqrt(G / N).
 */
MonitorStatus
monitor_g_test(const int64_t *reference, const int64_t *current, int64_t k,
			   MonitorTestResult *result)
{
	Margins margins;
	MonitorSum sum = {0.0, 0.0};
	double n;
	double m;
	MonitorStatus status = count_margins(reference, current, k, &margins);

	if (status != MONITOR_OK)
		return status;
	n = (double) margins.n;
	m = (double) margins.m;
	for (int64_t j = 0; j < k; j++)
	{
		double d = cross_difference(&margins, reference[j], current[j]);
		double t = (double) reference[j] + (double) current[j];

		MONITOR_POLL(j);
		if (d == 0.0)
			continue;
		monitor_sum_add(&sum, 2.0 * t * (n / (n + m)) * monitor_entropy_excess(d / n / t));
		monitor_sum_add(&sum, 2.0 * t * (m / (n + m)) * monitor_entropy_excess(-d / m / t));
	}
	init_result("log-likelihood ratio", &margins, result);
	finish_chisq(monitor_sum_value(&sum), &margins, result);
	return MONITOR_OK;
}

/*
 * Probability of the neighbour of x in the direction of step, 1 or -1, over
 * that of x; 0 at the end of the range.
 */
static inline long double
neighbour_ratio(const Hypergeometric *law, int64_t x, int step)
{
	int64_t up = step > 0 ? x : x - 1;
	long double more = (long double) (law->row - up) * (long double) (law->column - up);
	long double less = (long double) (up + 1) * (long double) (law->rest + up + 1);

	return step > 0 ? more / less : less / more;
}

/*
 * P(a table no likelier than the one with `observed`), given the margins: from
 * the mode outward with weights relative to the mode's, so that every number is
 * a sum of positive terms.  As SciPy 1.17, weights within 1e-14 count as equal,
 * and what the recurrence may have lost on the way.
 */
static double
fisher_p(const Hypergeometric *law, int64_t observed, int64_t mode)
{
	int step = observed < mode ? -1 : 1;
	long double weight = 1.0L;
	long double inner = 0.0L; /* likelier tables */
	long double outer = 0.0L; /* the others */
	long double limit;
	int64_t x;

	for (x = mode; x != observed; x += step)
	{
		MONITOR_POLL(x);
		inner += weight;
		weight *= neighbour_ratio(law, x, step);
		if (weight < 1e-10L * DBL_MIN)
			return 0.0;
	}
	limit = weight * (1.0L + 1e-14L + 2.0L * (long double) llabs(observed - mode) * LDBL_EPSILON);
	if (limit >= 1.0L)
		return 1.0;
	for (; weight > NEGLIGIBLE * outer; x += step)
	{
		MONITOR_POLL(x);
		outer += weight;
		weight *= neighbour_ratio(law, x, step);
	}

	/* Then the other side. */
	weight = neighbour_ratio(law, mode, -step);
	for (x = mode - step; weight > NEGLIGIBLE * outer; x -= step)
	{
		MONITOR_POLL(x);
		if (weight > limit)
			inner += weight;
		else
			outer += weight;
		weight *= neighbour_ratio(law, x, -step);
	}
	return (double) (outer / (inner + outer));
}

/* ln(a d / (b c)), without cancellation near 1. */
static double
log_odds(monitor_int128 ad, monitor_int128 bc)
{
	if (ad == 0 || bc == 0)
		return ad == 0 ? -INFINITY : INFINITY;
	if (ad / 2 < bc && bc / 2 < ad)
		return log1p((double) (ad - bc) / (double) bc);
	return log((double) ad) - log((double) bc);
}

/*
 * Fisher's exact test, two-sided, of the 2 x 2 table of the columns not empty,
 * in the given order.  Statistic: the odds ratio a d / (b c); effect size: its
 * logarithm.  With one column only, the odds ratio is NaN and p = 1.
 */
MonitorStatus
monitor_fisher(const int64_t *reference, const int64_t *current, int64_t k,
			   MonitorTestResult *result)
{
	Margins margins;
	int64_t cell[2][2] = {{0, 0}, {0, 0}};
	int found = 0;
	MonitorStatus status = count_margins(reference, current, k, &margins);

	if (status != MONITOR_OK)
		return status;
	if (margins.columns > 2)
		return MONITOR_MISMATCH;
	for (int64_t j = 0; j < k; j++)
	{
		if (reference[j] == 0 && current[j] == 0)
			continue;
		cell[0][found] = reference[j];
		cell[1][found++] = current[j];
	}
	monitor_result_init(result, margins.n, margins.m, "Fisher exact");
	result->p_value = 1.0;
	result->effect_size = 0.0;
	if (found < 2)
		monitor_result_exact(result, NAN);
	else
	{
		monitor_int128 ad = (monitor_int128) cell[0][0] * cell[1][1];
		monitor_int128 bc = (monitor_int128) cell[0][1] * cell[1][0];
		int64_t column = cell[0][0] + cell[1][0];
		Hypergeometric law = {margins.n, column, margins.m - column};
		monitor_int128 mode = ((monitor_int128) column + 1) * ((monitor_int128) margins.n + 1) /
			((monitor_int128) margins.n + margins.m + 2);

		monitor_result_exact(result, bc == 0 ? INFINITY : (double) ad / (double) bc);
		result->p_value = fmin(fisher_p(&law, cell[0][0], (int64_t) mode), 1.0);
		result->effect_size = log_odds(ad, bc);
	}
	return MONITOR_OK;
}
