/*
 * test_delong_weighted.c
 *		Areas under ROC curves of weighted rows: against leaving rows out one by one,
 *		against DeLong where weights are equal, and in simulation.
 */
#include <stdlib.h>
#include <string.h>

#include "score_metrics.h"
#include "unit.h"

#define MAX_ROWS 400
#define SAMPLES	 2000

/* Rows of both classes: two scores and a weight. */
typedef struct Rows
{
	double a[2][MAX_ROWS];
	double b[2][MAX_ROWS];
	double weight[2][MAX_ROWS];
	int64_t n[2];
} Rows;

static Rows rows;
static MonitorWeightedRow sorted[2][MAX_ROWS];
static MonitorWeightedRow *const both[2] = {sorted[0], sorted[1]};

static int
compare_rows(const void *a, const void *b)
{
	return monitor_weighted_row_compare(a, b);
}

static void
sort_rows(MonitorWeightedRow *unsorted, int64_t n)
{
	qsort(unsorted, (size_t) n, sizeof(MonitorWeightedRow), compare_rows);
}

static void
load(void)
{
	for (int side = 0; side < 2; side++)
	{
		for (int64_t i = 0; i < rows.n[side]; i++)
			sorted[side][i] = (MonitorWeightedRow){monitor_key_from_double(rows.a[side][i]),
												   monitor_weight_bits(rows.weight[side][i]),
												   monitor_key_from_double(rows.b[side][i]), 0};
	}
}

static MonitorStatus
test_of_a(MonitorAucTest *result)
{
	MonitorScores scores = {{&sorted[0]->key, &sorted[1]->key}, {rows.n[0], rows.n[1]}, 4};

	load();
	for (int side = 0; side < 2; side++)
		sort_rows(sorted[side], rows.n[side]);
	return monitor_weighted_auc_test(&scores, result);
}

static MonitorStatus
compare_a_b(MonitorAucComparison *result)
{
	load();
	return monitor_weighted_auc_compare(both, rows.n, sort_rows, result);
}

static double
uniform(void)
{
	return (rand() + 0.5) / ((double) RAND_MAX + 1);
}

static double
normal(void)
{
	return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform());
}

/* ---- exact comparisons ---- */

/* The weighted area by all pairs, without row `left_out` of a class (-1: none). */
static long double
brute_auc(double (*score)[MAX_ROWS], int side, int64_t left_out)
{
	long double won = 0;
	long double all = 0;

	for (int64_t i = 0; i < rows.n[1]; i++)
	{
		for (int64_t j = 0; j < rows.n[0]; j++)
		{
			long double w = (long double) rows.weight[1][i] * rows.weight[0][j];
			double p = score[1][i];
			double q = score[0][j];

			if ((side == 1 ? i : j) == left_out)
				continue;
			all += w;
			won += p > q ? w : p == q ? w / 2 : 0;
		}
	}
	return won / all;
}

/* Jackknife standard error of the area of a, or of the difference of a and b. */
static double
brute_error(bool difference)
{
	long double whole = brute_auc(rows.a, 0, -1) -
		(difference ? brute_auc(rows.b, 0, -1) : (long double) 0);
	long double variance = 0;

	for (int side = 0; side < 2; side++)
	{
		long double squares = 0;
		long double n = rows.n[side];

		for (int64_t i = 0; i < rows.n[side]; i++)
		{
			long double without = brute_auc(rows.a, side, i) -
				(difference ? brute_auc(rows.b, side, i) : (long double) 0);

			squares += (without - whole) * (without - whole);
		}
		variance += (n - 1) / n * squares;
	}
	return (double) sqrtl(variance);
}

/* n0 and n1 rows, scores of few values; weights equal, or anything up to 10^5. */
static void
draw_rows(int64_t n0, int64_t n1, bool weighted)
{
	rows.n[0] = n0;
	rows.n[1] = n1;
	for (int side = 0; side < 2; side++)
	{
		for (int64_t i = 0; i < rows.n[side]; i++)
		{
			rows.a[side][i] = rand() % 12 + side;
			rows.b[side][i] = rand() % 9 + side * (rand() % 3);
			rows.weight[side][i] = weighted ? exp(3 * normal()) : 0.1;
		}
	}
}

static void
test_definition(void)
{
	int wrong = 0;

	srand(5);
	for (int i = 0; i < 60; i++)
	{
		MonitorAucTest test;
		MonitorAucComparison comparison;

		draw_rows(2 + rand() % 25, 2 + rand() % 25, true);
		wrong += test_of_a(&test) != MONITOR_OK || compare_a_b(&comparison) != MONITOR_OK ||
			!(fabs(test.auc - (double) brute_auc(rows.a, 0, -1)) <= 1e-14) ||
			!(fabs(test.standard_error - brute_error(false)) <= 1e-12) ||
			comparison.auc_a != test.auc ||
			!(fabs(comparison.difference - (comparison.auc_a - comparison.auc_b)) <= 1e-14) ||
			!(fabs(comparison.standard_error - brute_error(true)) <= 1e-12);
	}
	unit_ok(wrong == 0, "errors are those of leaving rows out, one by one");
}

/* Weights that are all equal give DeLong's errors. */
static void
test_equal_weights(void)
{
	int wrong = 0;

	srand(6);
	for (int i = 0; i < 60; i++)
	{
		static uint64_t keys[2][MAX_ROWS];
		static uint64_t key_scratch[MAX_ROWS];
		static MonitorPair pairs[2][MAX_ROWS];
		static MonitorPair scratch[MAX_ROWS];
		MonitorPair *const paired[2] = {pairs[0], pairs[1]};
		MonitorSample sample[2];
		MonitorAucTest plain;
		MonitorAucTest weighted;
		MonitorAucComparison plain_both;
		MonitorAucComparison weighted_both;

		draw_rows(2 + rand() % 100, 2 + rand() % 100, false);
		for (int side = 0; side < 2; side++)
		{
			for (int64_t j = 0; j < rows.n[side]; j++)
			{
				keys[side][j] = monitor_key_from_double(rows.a[side][j]);
				pairs[side][j] =
					(MonitorPair){keys[side][j], monitor_key_from_double(rows.b[side][j])};
			}
			monitor_sort_keys(keys[side], key_scratch, rows.n[side]);
			sample[side] = (MonitorSample){keys[side], rows.n[side]};
		}
		monitor_roc_auc_test(&sample[0], &sample[1], &plain);
		monitor_roc_auc_compare(paired, rows.n, scratch, &plain_both);
		test_of_a(&weighted);
		compare_a_b(&weighted_both);
		wrong += !(fabs(weighted.standard_error - plain.standard_error) <= 1e-14) ||
			!(fabs(weighted_both.standard_error - plain_both.standard_error) <= 1e-14) ||
			!(fabs(weighted_both.difference - plain_both.difference) <= 1e-14) ||
			(plain.standard_error > 0 && !(fabs(weighted.low - plain.low) <= 1e-13));
	}
	unit_ok(wrong == 0, "equal weights give DeLong's errors");
}

static void
set_rows(const double *a, const double *b, const double *weight, int64_t n0, int64_t n1)
{
	rows.n[0] = n0;
	rows.n[1] = n1;
	for (int64_t i = 0; i < n0 + n1; i++)
	{
		int side = i >= n0;
		int64_t at = side ? i - n0 : i;

		rows.a[side][at] = a[i];
		rows.b[side][at] = b[i];
		rows.weight[side][at] = weight[i];
	}
}

static void
test_edges(void)
{
	static const double apart[] = {1, 2, 3, 5, 6};
	static const double equal[] = {1, 1, 1, 1, 1};
	static const double mixed[] = {1, 5, 3, 4, 2};
	static const double weight[] = {0.3, 7, 0.1, 1e-3, 11};
	static const double far[] = {1e-300, 1e300, 1, 1e-300, 1e300};
	static const double huge[] = {1e308, 1e308, 1, 1, 1};
	MonitorAucTest test;
	MonitorAucComparison comparison;

	set_rows(apart, mixed, weight, 3, 2);
	unit_ok(test_of_a(&test) == MONITOR_OK && test.auc == 1 && test.standard_error == 0 &&
				isnan(test.low) && isnan(test.high) && isnan(test.p_value),
			"classes apart have no variance");
	set_rows(equal, equal, weight, 3, 2);
	unit_ok(test_of_a(&test) == MONITOR_OK && test.auc == 0.5 && test.standard_error == 0 &&
				isnan(test.p_value),
			"equal scores have no variance");
	unit_ok(compare_a_b(&comparison) == MONITOR_OK && comparison.difference == 0 &&
				comparison.p_value == 1,
			"the same scores are equal");
	set_rows(mixed, mixed, weight, 4, 1);
	unit_ok(test_of_a(&test) == MONITOR_OK && isnan(test.standard_error) && isnan(test.p_value),
			"one row in a class");
	set_rows(apart, equal, weight, 3, 2);
	unit_ok(compare_a_b(&comparison) == MONITOR_OK && comparison.difference == 0.5 &&
				isnan(comparison.p_value),
			"a difference without variance says nothing");
	set_rows(mixed, apart, far, 3, 2);
	unit_ok(test_of_a(&test) == MONITOR_OK && !(test.standard_error < 0) &&
				compare_a_b(&comparison) == MONITOR_OK && !(comparison.standard_error < 0),
			"weights far apart");
	set_rows(mixed, apart, huge, 3, 2);
	unit_ok(test_of_a(&test) == MONITOR_UNDEFINED && compare_a_b(&comparison) == MONITOR_UNDEFINED,
			"weights without a finite sum");
	rows.n[1] = 0;
	unit_ok(test_of_a(&test) == MONITOR_UNDEFINED && compare_a_b(&comparison) == MONITOR_UNDEFINED,
			"one class");
}

/* ---- simulation ---- */

/*
 * n rows a class; scores normal around 0 and `shift`, b as good as a.  Weights are
 * exp(tilt * common part + spread * noise): weighting turns the common part's mean by
 * tilt, so that the area of the weighted population is known.
 */
static void
draw_population(int64_t n, double shift, const double tilt[2], double spread)
{
	rows.n[0] = rows.n[1] = n;
	for (int side = 0; side < 2; side++)
	{
		for (int64_t i = 0; i < n; i++)
		{
			double common = normal();

			rows.a[side][i] = side * shift + common + 0.5 * normal();
			rows.b[side][i] = side * shift + common + 0.5 * normal();
			rows.weight[side][i] = exp(tilt[side] * common + spread * normal());
		}
	}
}

static void
simulate(const char *name, int64_t n, double shift, const double tilt[2], double spread)
{
	double area = 0.5 * erfc(-(shift + tilt[1] - tilt[0]) / sqrt(2.5) / sqrt(2));
	int missed = 0;
	int rejected = 0;

	for (int i = 0; i < SAMPLES; i++)
	{
		MonitorAucTest test;
		MonitorAucComparison comparison;

		draw_population(n, shift, tilt, spread);
		test_of_a(&test);
		compare_a_b(&comparison);
		missed += !(test.low <= area && area <= test.high);
		rejected += comparison.p_value < 0.05;
	}
	/* 2,000 samples: 0.05 +- 0.015 at three standard errors */
	unit_ok(missed <= 0.08 * SAMPLES && rejected <= 0.08 * SAMPLES,
			"%s: the interval misses in %.2f %%, equal areas differ in %.2f %%", name,
			100.0 * missed / SAMPLES, 100.0 * rejected / SAMPLES);
}

static void
test_coverage(void)
{
	static const double none[] = {0, 0};
	static const double tilt[] = {0.5, -0.5};

	srand(7);
	simulate("equal weights, 50 a class", 50, 1, none, 0);
	simulate("weights of any kind, 50 a class", 50, 1, none, 0.7);
	simulate("weights of any kind, 200 a class", 200, 1, none, 0.7);
	simulate("weights that go with scores, 50 a class", 50, 2, tilt, 0.3);
	simulate("weights that go with scores, 200 a class", 200, 2, tilt, 0.3);
	simulate("no skill, 200 a class", 200, 0, none, 0.7);
}

int
main(void)
{
	test_definition();
	test_equal_weights();
	test_edges();
	test_coverage();
	return unit_done();
}
