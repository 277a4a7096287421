/*
 * fuzz_tests.c
 *		Fuzzing of the two-sample tests and distances, and of the tests of tables:
 *		whatever the data, no crash, and what holds by definition holds.
 *
 * The first byte chooses how the others become numbers: any doubles, or few
 * and simple ones, to get ties; the second how many belong to the reference.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests.h"

/* The statistic of unsorted samples, for few values too. */
#define MONITOR_KS_PROBES			 8
#define MONITOR_KS_MIN_KEYS			 1
#define MONITOR_KS_SORTED_SHARE		 1
#define monitor_ks_buckets_scratch	 unsorted_scratch
#define monitor_ks_buckets_numerator unsorted_numerator
#include "ks_buckets.c"
#undef monitor_ks_buckets_scratch
#undef monitor_ks_buckets_numerator

#define MAX_VALUES 4096

typedef MonitorStatus (*TwoSampleTest)(const MonitorSample *reference, const MonitorSample *current,
									   MonitorTestResult *result);
typedef MonitorStatus (*TableTest)(const int64_t *reference, const int64_t *current, int64_t k,
								   MonitorTestResult *result);

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert: it must also hold where NDEBUG is set. */
#define MUST(condition) \
	do \
	{ \
		if (!(condition)) \
		{ \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

static uint64_t keys[MAX_VALUES];
static uint64_t scratch[MAX_VALUES];
static uint64_t unsorted_room[4 * MAX_VALUES];
static int64_t counts[MAX_VALUES];
static double column[MAX_VALUES + 1];

static MonitorStatus
ks(const MonitorSample *reference, const MonitorSample *current, MonitorTestResult *result)
{
	MUST(monitor_ks_scratch(reference->n, current->n) <= MAX_VALUES + 1);
	return monitor_ks(reference, current, column, result);
}

/* What every result owes. */
static void
check_result(const MonitorTestResult *r, int64_t n, int64_t m)
{
	MUST(r->n_reference == n && r->n_current == m);
	MUST(isnan(r->p_value) || (r->p_value >= 0.0 && r->p_value <= 1.0));
	MUST(isnan(r->df) || r->df >= 0.0);
	MUST(memchr(r->method, 0, sizeof(r->method)) != NULL && r->method[0] != 0);
	MUST((isnan(r->statistic) && isnan(r->statistic_low)) ||
		 (r->statistic_low == r->statistic && r->statistic == r->statistic_high));
}

/* Equal up to the rounding of another order of summation. */
static bool
near(double x, double y)
{
	return x == y || (isnan(x) && isnan(y)) || fabs(x - y) <= 1e-9 * (1.0 + fabs(x)) ||
		fabs(x - y) <= 1e-9 * fabs(x);
}

/* Exchanging the samples leaves p, and the statistic or its size. */
static void
check_symmetry(const MonitorSample *a, const MonitorSample *b, TwoSampleTest test, bool is_u)
{
	MonitorTestResult one;
	MonitorTestResult two;
	MonitorStatus status = test(a, b, &one);

	MUST(test(b, a, &two) == status);
	if (status != MONITOR_OK)
		return;
	check_result(&one, a->n, b->n);
	check_result(&two, b->n, a->n);
	MUST(near(one.p_value, two.p_value));
	if (is_u)
		MUST(near(one.statistic + two.statistic, (double) a->n * (double) b->n));
	else
		MUST(near(fabs(one.statistic), fabs(two.statistic)));
	MUST(near(fabs(one.effect_size), fabs(two.effect_size)));
}

/* A sample against itself has not drifted. */
static void
check_self(const MonitorSample *a)
{
	MonitorTestResult r;

	MUST(ks(a, a, &r) == MONITOR_OK && r.statistic == 0.0 && r.p_value == 1.0);
	MUST(monitor_mann_whitney(a, a, &r) == MONITOR_OK && r.p_value == 1.0 && r.effect_size == 0.0);
	MUST(monitor_wasserstein(a, a, &r) == MONITOR_OK && r.statistic == 0.0);
	MUST(monitor_energy(a, a, &r) == MONITOR_OK && r.statistic == 0.0);
	if (monitor_anderson_darling(a, a, &r) == MONITOR_OK)
		MUST(r.p_value >= 0.25);
	if (monitor_welch(a, a, &r) == MONITOR_OK)
		MUST(r.statistic == 0.0 && r.p_value == 1.0);
}

/* D between its plain bounds, with the value that counting gives. */
static void
check_ks(const MonitorSample *a, const MonitorSample *b)
{
	MonitorTestResult r;
	double most = 0.0;

	MUST(ks(a, b, &r) == MONITOR_OK);
	MUST(r.statistic >= 0.0 && r.statistic <= 1.0 && r.p_value >= 0.0);
	for (int64_t i = 0; i < a->n + b->n; i++)
	{
		uint64_t key = i < a->n ? a->keys[i] : b->keys[i - a->n];
		double f = (double) monitor_count_through(a, key) / (double) a->n;
		double g = (double) monitor_count_through(b, key) / (double) b->n;

		most = fmax(most, fabs(f - g));
	}
	MUST(fabs(most - r.statistic) < 1e-12);
}

static void
fuzz_samples(const uint8_t *data, size_t size, int style, int64_t n_reference)
{
	size_t width = style == 0 ? 8 : 1;
	int64_t n = 0;
	MonitorSample a;
	MonitorSample b;
	monitor_int128 h;
	bool unsorted;

	for (; size >= width && n < MAX_VALUES; data += width, size -= width)
	{
		double x;

		if (style == 0)
			memcpy(&x, data, sizeof(x));
		else if (style == 1)
			x = ldexp((int8_t) *data, *data % 5 == 0 ? 1015 : 0);
		else
			x = *data % 7 == 6 ? INFINITY : *data % 7;
		if (!isnan(x))
			keys[n++] = monitor_key_from_double(x);
	}
	a.keys = keys;
	a.n = n_reference < n ? n_reference : n;
	b.keys = keys + a.n;
	b.n = n - a.n;
	unsorted = a.n > 0 && b.n > 0 && unsorted_numerator(&a, &b, unsorted_room, &h);
	monitor_sort_keys(keys, scratch, a.n);
	monitor_sort_keys(keys + a.n, scratch, b.n);

	/* Counting the exact law of 20 and 20 is slow under a sanitizer. */
	if (a.n + b.n <= 24 || a.n > 20 || b.n > 20)
		check_symmetry(&a, &b, monitor_cramer_von_mises, false);
	check_symmetry(&a, &b, ks, false);
	check_symmetry(&a, &b, monitor_mann_whitney, true);
	check_symmetry(&a, &b, monitor_anderson_darling, false);
	check_symmetry(&a, &b, monitor_welch, false);
	check_symmetry(&a, &b, monitor_wasserstein, false);
	check_symmetry(&a, &b, monitor_energy, false);
	if (a.n > 0 && b.n > 0)
	{
		check_self(&a);
		check_ks(&a, &b);
		MUST(!unsorted || h == monitor_ks_numerator(&a, &b));
	}
}

static void
fuzz_table(const uint8_t *data, size_t size, bool large)
{
	TableTest tests[] = {monitor_chi2, monitor_g_test, monitor_fisher};
	size_t width = large ? 8 : 1;
	int64_t k = 0;
	int64_t largest = 0;

	for (; size >= width && k < MAX_VALUES; data += width, size -= width)
	{
		counts[k] = *data;
		if (large)
		{
			memcpy(&counts[k], data, sizeof(int64_t));
			counts[k] &= INT64_MAX;
			counts[k] >>= data[0] % 63;
		}
		largest = counts[k] > largest ? counts[k] : largest;
		k++;
	}
	k /= 2;
	for (int i = 0; i < 3; i++)
	{
		MonitorTestResult one;
		MonitorTestResult two;
		MonitorStatus status;

		/* Fisher's test takes time with the root of the counts. */
		if (i == 2 && largest > 1000000000)
			continue;
		status = tests[i](counts, counts + k, k, &one);
		MUST(tests[i](counts + k, counts, k, &two) == status);
		if (status != MONITOR_OK)
			continue;
		check_result(&one, one.n_reference, one.n_current);
		MUST(one.p_value >= 0.0);
		MUST(near(one.p_value, two.p_value));
		MUST(near(fabs(one.effect_size), fabs(two.effect_size)));
		MUST(i == 2 || (one.statistic >= 0.0 && isfinite(one.statistic)));
		MUST(i == 1 || isnan(one.statistic) || one.statistic >= 0.0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 3)
		return 0;
	switch (data[0] % 5)
	{
		case 3:
			fuzz_table(data + 2, size - 2, false);
			break;
		case 4:
			fuzz_table(data + 2, size - 2, true);
			break;
		default:
			fuzz_samples(data + 2, size - 2, data[0] % 5, data[1]);
			break;
	}
	return 0;
}
