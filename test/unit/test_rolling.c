/*
 * test_rolling.c
 *		Unit tests of the rolling area under the ROC curve and of exact sums.
 *
 * The window of a million rows is compared with two Fenwick trees over the ranks
 * of all scores, known in advance (the pairs of the other class, counted the
 * plain way); small windows with counting every pair.
 */
#include <stdlib.h>
#include <string.h>

#include "exact_sum.h"
#include "rolling_auc.h"
#include "unit.h"

static uint64_t seed = 42;

/* splitmix64 (Steele, Lea & Flood 2014) */
static uint64_t
draw(void)
{
	uint64_t z = seed += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static double
uniform(void)
{
	return (double) (draw() >> 11) * 0x1p-53;
}

/* ---- memory that is counted, and can be refused ---- */

static int64_t held = 0;
static int64_t refuse_after = -1;

static void *
allocate(void *owner, size_t size)
{
	(void) owner;
	if (refuse_after == 0)
		return NULL;
	if (refuse_after > 0)
		refuse_after--;
	held++;
	return malloc(size);
}

static void
release(void *owner, void *memory)
{
	(void) owner;
	held--;
	free(memory);
}

static const MonitorAllocator counted = {allocate, release, NULL};

/* ---- scores in many shapes ---- */

typedef enum Shape
{
	SPREAD,
	SLIVER,
	DUPLICATES,
	CONSTANT,
	RISING,
	FALLING,
	SKEWED,
	OUTLIERS,
	BISECTING, /* each between the last two: always the same block */
	COMBS,	   /* one place after the other, each filled densely */
	WANDERING,
	NSHAPES
} Shape;

static const char *const shape_name[NSHAPES] = {"spread",
												"in [0.0001, 0.0002]",
												"heavy duplicates",
												"constant",
												"rising",
												"falling",
												"skewed over 30 decades",
												"with outliers and infinities",
												"bisecting",
												"combs",
												"wandering"};

static double
score_of(Shape shape, int64_t i)
{
	static double low;
	static double high;

	switch (shape)
	{
		case SPREAD:
			return uniform();
		case SLIVER:
			return 0.0001 + 0.0001 * uniform();
		case DUPLICATES:
			return floor(20 * uniform() * uniform()) / 20;
		case CONSTANT:
			return 0.5;
		case RISING:
			return (double) i;
		case FALLING:
			return -(double) i;
		case SKEWED:
			return exp(70 * uniform());
		case OUTLIERS:
			switch (draw() % 50)
			{
				case 0:
					return INFINITY;
				case 1:
					return -INFINITY;
				case 2:
					return 1e308 * uniform();
				case 3:
					return -1e308 * uniform();
				case 4:
					return draw() % 2 == 0 ? 0.0 : -0.0;
				default:
					return uniform();
			}
		case BISECTING:
			if (i % 1000 == 0)
			{
				low = uniform();
				high = low + uniform();
			}
			if (draw() % 2 == 0)
				low += (high - low) / 16;
			else
				high -= (high - low) / 16;
			return low;
		case COMBS:
			return (double) (i / 5000 * 7919 % 1009) + uniform() * 1e-6;
		default:
			return sin((double) i / 20000) + 1e-3 * uniform();
	}
}

/* ---- the plain way ---- */

static int64_t
count_pairs(const double *score, const bool *label, int64_t from, int64_t to)
{
	int64_t u2 = 0;

	for (int64_t i = from; i < to; i++)
	{
		for (int64_t j = from; j < to; j++)
		{
			if (label[i] && !label[j])
				u2 += 2 * (score[i] > score[j]) + (score[i] == score[j]);
		}
	}
	return u2;
}

typedef struct Ranks
{
	int64_t n; /* distinct scores */
	uint32_t *sums[2];
	int64_t rows[2];
	int64_t u2;
} Ranks;

static int64_t
through(const Ranks *ranks, int label, int64_t rank)
{
	int64_t sum = 0;

	for (int64_t i = rank + 1; i > 0; i &= i - 1)
		sum += ranks->sums[label][i];
	return sum;
}

static void
change(Ranks *ranks, int label, int64_t rank, int by)
{
	int other = !label;
	int64_t below = through(ranks, other, rank - 1);
	int64_t ties = through(ranks, other, rank) - below;
	int64_t beaten = label ? below : ranks->rows[other] - below - ties;

	ranks->u2 += by * (2 * beaten + ties);
	ranks->rows[label] += by;
	for (int64_t i = rank + 1; i <= ranks->n; i += i & -i)
		ranks->sums[label][i] += (uint32_t) by;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *) a;
	double y = *(const double *) b;

	return (x > y) - (x < y);
}

/* The rank of each score among all; returns how many differ. */
static int64_t
rank_all(const double *score, int64_t n, int64_t *rank)
{
	double *sorted = malloc(n * sizeof(double));
	int64_t distinct = 0;

	memcpy(sorted, score, n * sizeof(double));
	qsort(sorted, n, sizeof(double), compare);
	for (int64_t i = 0; i < n; i++)
	{
		if (i == 0 || sorted[i] != sorted[distinct - 1])
			sorted[distinct++] = sorted[i];
	}
	for (int64_t i = 0; i < n; i++)
	{
		double *found = bsearch(&score[i], sorted, distinct, sizeof(double), compare);

		rank[i] = found - sorted;
	}
	free(sorted);
	return distinct;
}

/* ---- windows ---- */

/* A window whose width changes now and then, over n rows. */
static void
test_window(Shape shape, int64_t n, int64_t width)
{
	double *score = malloc(n * sizeof(double));
	bool *label = malloc(n * sizeof(bool));
	int64_t *rank = malloc(n * sizeof(int64_t));
	Ranks ranks = {0};
	MonitorRollingAuc auc;
	int64_t first = 0;
	int64_t wrong = 0;
	int64_t status = 0;

	for (int64_t i = 0; i < n; i++)
	{
		score[i] = score_of(shape, i);
		label[i] = uniform() < (score[i] > 0.5 ? 0.3 : 0.2);
	}
	ranks.n = rank_all(score, n, rank);
	for (int k = 0; k < 2; k++)
		ranks.sums[k] = calloc(ranks.n + 1, sizeof(uint32_t));
	monitor_rolling_auc_init(&auc, counted);
	for (int64_t i = 0; i < n; i++)
	{
		int64_t now = (i / (5 * width)) % 3 == 2 ? width / 50 : width;

		status += monitor_rolling_auc_add(&auc, score[i], label[i]) != MONITOR_OK;
		change(&ranks, label[i], rank[i], 1);
		for (; first <= i - now; first++)
		{
			status += monitor_rolling_auc_remove(&auc, score[first], label[first]) != MONITOR_OK;
			change(&ranks, label[first], rank[first], -1);
		}
		wrong += auc.u2 != ranks.u2 || auc.n[0] != ranks.rows[0] || auc.n[1] != ranks.rows[1];
	}
	unit_ok(wrong == 0 && status == 0, "%s: %lld rows, window %lld (%lld wrong, %lld refused)",
			shape_name[shape], (long long) n, (long long) width, (long long) wrong,
			(long long) status);
	for (; first < n; first++)
		monitor_rolling_auc_remove(&auc, score[first], label[first]);
	unit_ok(auc.u2 == 0 && auc.n[0] == 0 && auc.n[1] == 0, "%s: empty again", shape_name[shape]);
	monitor_rolling_auc_free(&auc);
	unit_ok(held == 0, "%s: memory is given back", shape_name[shape]);
	for (int k = 0; k < 2; k++)
		free(ranks.sums[k]);
	free(rank);
	free(label);
	free(score);
}

/* Rows leave in any order; every pair is counted again. */
static void
test_any_order(void)
{
	double score[300];
	bool label[300];
	int64_t n = 0;
	int64_t wrong = 0;
	MonitorRollingAuc auc;

	monitor_rolling_auc_init(&auc, counted);
	for (int step = 0; step < 20000; step++)
	{
		if (n < 300 && (n == 0 || draw() % 100 < (step / 1000 % 2 == 0 ? 60 : 40)))
		{
			score[n] = step % 7 == 0 ? floor(8 * uniform()) / 8 : uniform();
			label[n] = draw() % 3 == 0;
			monitor_rolling_auc_add(&auc, score[n], label[n]);
			n++;
		}
		else
		{
			int64_t i = (int64_t) (draw() % (uint64_t) n);

			monitor_rolling_auc_remove(&auc, score[i], label[i]);
			n--;
			score[i] = score[n];
			label[i] = label[n];
		}
		if (step % 10 == 0)
			wrong += auc.u2 != count_pairs(score, label, 0, n);
	}
	unit_ok(wrong == 0, "rows leave in any order");
	monitor_rolling_auc_free(&auc);
}

static void
test_values(void)
{
	MonitorRollingAuc auc;
	double value = -1;

	monitor_rolling_auc_init(&auc, counted);
	unit_ok(monitor_rolling_auc_value(&auc, &value) == MONITOR_UNDEFINED && value == -1, "no rows");
	unit_ok(monitor_rolling_auc_remove(&auc, 1, true) == MONITOR_UNDEFINED, "nothing to remove");
	monitor_rolling_auc_add(&auc, 0.5, true);
	unit_ok(monitor_rolling_auc_value(&auc, &value) == MONITOR_UNDEFINED, "one class");
	unit_ok(monitor_rolling_auc_remove(&auc, 0.5, false) == MONITOR_UNDEFINED, "not that row");
	monitor_rolling_auc_add(&auc, 0.5, false);
	monitor_rolling_auc_value(&auc, &value);
	unit_close(value, 0.5, 0, "a tie");
	monitor_rolling_auc_add(&auc, -INFINITY, false);
	monitor_rolling_auc_value(&auc, &value);
	unit_close(value, 0.75, 0, "a tie and a win");
	monitor_rolling_auc_add(&auc, INFINITY, false);
	monitor_rolling_auc_value(&auc, &value);
	unit_close(value, 0.5, 0, "and a loss");
	monitor_rolling_auc_add(&auc, -0.0, true);
	monitor_rolling_auc_add(&auc, 0.0, false);
	unit_ok(auc.u2 == (1 + 2 + 2 + 0) + (0 + 2 + 1 + 0), "the sign of zero does not matter");
	monitor_rolling_auc_free(&auc);
}

/* Refused memory changes nothing, and the rows that were there go on. */
static void
test_refused(void)
{
	MonitorRollingAuc auc;
	int64_t refused = 0;
	int64_t u2;

	monitor_rolling_auc_init(&auc, counted);
	refuse_after = 0;
	unit_ok(monitor_rolling_auc_add(&auc, 1, true) == MONITOR_NO_SPACE && auc.n[1] == 0,
			"refused the first memory");
	refuse_after = 2;
	for (int i = 0; i < 5000; i++)
	{
		u2 = auc.u2;
		if (monitor_rolling_auc_add(&auc, i * 0.25, i % 3 == 0) == MONITOR_OK)
			continue;
		refused += u2 == auc.u2;
		if (refused == 3)
			refuse_after = -1;
	}
	unit_ok(refused == 3 && auc.n[0] + auc.n[1] == 4997, "refused more memory, three times");
	refuse_after = 0;
	for (int i = 4999; i >= 0; i--)
		monitor_rolling_auc_remove(&auc, i * 0.25, i % 3 == 0);
	unit_ok(auc.n[0] + auc.n[1] == 0 && auc.u2 == 0, "rows leave without memory for less");
	refuse_after = -1;
	monitor_rolling_auc_free(&auc);
	unit_ok(held == 0, "memory is given back");
}

/* ---- exact sums ---- */

static double
sum_of(const double *x, int n)
{
	MonitorExactSum sum;

	monitor_exact_init(&sum);
	for (int i = 0; i < n; i++)
		monitor_exact_add(&sum, x[i]);
	return monitor_exact_mean(&sum, 1);
}

static double
mean_of_one(double x, int64_t n)
{
	MonitorExactSum sum;

	monitor_exact_init(&sum);
	monitor_exact_add(&sum, x);
	return monitor_exact_mean(&sum, n);
}

/* Any finite double; near one another in magnitude, or not. */
static double
any_double(int way)
{
	uint64_t bits = draw();
	double x;

	if (way == 1)
		return ldexp(uniform() - 0.5, (int) (draw() % 60));
	if (way == 2) /* subnormal */
		bits &= UINT64_C(0x800FFFFFFFFFFFFF);
	memcpy(&x, &bits, sizeof(x));
	return isfinite(x) ? x : 0;
}

static void
test_exact_values(void)
{
	const double cancel[] = {1e308, 1, -1e308, 1e-300, 1e308, 1e308, -1e308, -1e308, -1};
	const double half[] = {1, 0x1p-53};
	const double above[] = {1, 0x1p-53, 0x1p-1074};
	const double odd[] = {1 + 0x1p-52, 0x1p-53};
	const double below[] = {-1, -0x1p-53, -0x1p-1074};
	const double huge[] = {0x1.fffffffffffffp1023, 0x1.fffffffffffffp1023};
	MonitorExactSum sum;

	monitor_exact_init(&sum);
	unit_close(monitor_exact_mean(&sum, 1), 0, 0, "exact: nothing");
	unit_close(sum_of(cancel, 9), 1e-300, 0, "exact: cancellation");
	unit_close(sum_of(half, 2), 1, 0, "exact: half to even, down");
	unit_close(sum_of(odd, 2), 1 + 0x1p-51, 0, "exact: half to even, up");
	unit_close(sum_of(above, 3), 1 + 0x1p-52, 0, "exact: above half");
	unit_close(sum_of(below, 3), -1 - 0x1p-52, 0, "exact: below minus a half");
	unit_close(sum_of(huge, 2), INFINITY, 0, "exact: a sum out of range");
	monitor_exact_add(&sum, huge[0]);
	monitor_exact_add(&sum, huge[1]);
	unit_close(monitor_exact_mean(&sum, 2), huge[0], 0, "exact: its mean is not");
	unit_close(mean_of_one(1, 3), 1.0 / 3, 0, "exact: a third");
	unit_close(mean_of_one(0x1p-1074, 2), 0, 0, "exact: half of the least to even");
	unit_close(mean_of_one(0x3p-1074, 2), 0x2p-1074, 0, "exact: three halves of it");
	unit_close(mean_of_one(0x1p-1074, INT64_C(1) << 33), 0, 0, "exact: next to nothing of it");
	unit_close(mean_of_one(0x1.fffffffffffffp1023, INT64_C(1) << 33), 0x1.fffffffffffffp990, 0,
			   "exact: a part of the largest");
}

/* Division of one number is the processor's; what leaves leaves nothing. */
static void
test_exact_random(void)
{
	enum
	{
		N = 2000
	};
	static double x[N];
	int64_t wrong = 0;
	int64_t left = 0;

	for (int i = 0; i < 300000; i++)
	{
		double one = any_double(i % 3);
		int64_t n = 1 + (int64_t) (draw() % (UINT64_C(1) << (1 + i % 33)));

		wrong += mean_of_one(one, n) != one / (double) n;
	}
	unit_ok(wrong == 0, "exact: quotients (%lld wrong)", (long long) wrong);
	for (int way = 0; way < 3; way++)
	{
		MonitorExactSum sum;
		MonitorExactSum window;

		for (int i = 0; i < N; i++)
			x[i] = any_double(way);
		monitor_exact_init(&sum);
		for (int i = 0; i < N; i++)
		{
			monitor_exact_add(&sum, x[i]);
			if (i >= 50)
				monitor_exact_subtract(&sum, x[i - 50]);
			monitor_exact_init(&window);
			for (int j = i < 50 ? 0 : i - 49; j <= i; j++)
				monitor_exact_add(&window, x[j]);
			left += monitor_exact_mean(&sum, 50) != monitor_exact_mean(&window, 50);
		}
		for (int i = N - 50; i < N; i++)
			monitor_exact_subtract(&sum, x[i]);
		left += monitor_exact_mean(&sum, 1) != 0;
	}
	unit_ok(left == 0, "exact: windows equal recomputation (%lld do not)", (long long) left);
}

/* Carries: a long double holds these sums. */
static void
test_exact_many(void)
{
	MonitorExactSum sum;

	monitor_exact_init(&sum);
	for (int i = 0; i < 3000000; i++)
		monitor_exact_add(&sum, 0x1.fffffffffffffp31);
	unit_close(monitor_exact_mean(&sum, 3000000), 0x1.fffffffffffffp31, 0, "exact: many");
	sum.unsettled = (UINT32_C(1) << 30) - 1;
	monitor_exact_add(&sum, -0x1.fffffffffffffp31);
	unit_ok(sum.unsettled == 0, "exact: carries");
	unit_close(monitor_exact_mean(&sum, 2999999), 0x1.fffffffffffffp31, 0, "exact: and goes on");
	for (int i = 0; i < 3000000; i++)
		monitor_exact_subtract(&sum, 0x1.fffffffffffffp31);
	unit_close(monitor_exact_mean(&sum, 1), -0x1.fffffffffffffp31, 0, "exact: below zero");
}

int
main(void)
{
	test_exact_values();
	test_exact_random();
	test_exact_many();
	test_values();
	test_refused();
	test_any_order();
	test_window(SPREAD, 1000000, 10000);
	for (int shape = 0; shape < NSHAPES; shape++)
	{
		test_window((Shape) shape, 60000, 100);
		test_window((Shape) shape, 100000, 5000);
	}
	return unit_done();
}
