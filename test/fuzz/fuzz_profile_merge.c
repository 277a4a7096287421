/*
 * fuzz_profile_merge.c
 *		Two samples and anchors from the input: parts add up to the whole,
 *		subtracting undoes it, and what profiles say of the samples bounds what
 *		the rows say.
 *
 * Input: a byte each for the numbers of anchors and of reference rows, a byte
 * that says how numbers are written, then numbers.
 */
#include <stdlib.h>
#include <string.h>

#include "profile.h"
#include "profile_internal.h"

#define MAX_VALUES 600

#define REQUIRE(condition) \
	do \
	{ \
		if (!(condition)) \
			abort(); \
	} while (0)

/* Numbers from bytes: eighths of a byte, a float4, or a float8 whatever it is. */
static int64_t
read_values(const uint8_t *data, size_t length, int way, double *values)
{
	size_t width = way == 0 ? 1 : way == 1 ? 4 : 8;
	int64_t n = 0;

	for (; length >= width && n < MAX_VALUES; data += width, length -= width)
	{
		double x;
		float f;

		if (way == 0)
			x = data[0] == 255 ? INFINITY : data[0] == 254 ? NAN : ((int) data[0] - 100) / 8.0;
		else if (way == 1)
		{
			memcpy(&f, data, sizeof(f));
			x = f;
		}
		else
			memcpy(&x, data, sizeof(x));
		values[n++] = x;
	}
	return n;
}

static MonitorSample
sample_of(const double *values, int64_t n, uint64_t *keys)
{
	uint64_t scratch[MAX_VALUES];
	MonitorSample sample = {keys, 0};

	for (int64_t i = 0; i < n; i++)
	{
		if (!isnan(values[i]))
			keys[sample.n++] = monitor_key_from_double(values[i]);
	}
	monitor_sort_keys(keys, scratch, sample.n);
	return sample;
}

static MonitorProfile *
profile_of(const double *anchors, int64_t k, const double *values, int64_t n)
{
	MonitorProfile *profile = malloc(monitor_profile_size_numeric(k, 0));

	REQUIRE(monitor_profile_init_numeric(profile, anchors, k, 0) == MONITOR_OK);
	monitor_profile_count(profile, values, n);
	REQUIRE(monitor_profile_consistent(profile));
	return profile;
}

static bool
same(const MonitorProfile *a, const MonitorProfile *b)
{
	return memcmp(a, b, monitor_profile_size(a)) == 0;
}

static void
check_algebra(const double *anchors, int64_t k, const double *values, int64_t n, int64_t part)
{
	MonitorProfile *whole = profile_of(anchors, k, values, n);
	MonitorProfile *a = profile_of(anchors, k, values, part);
	MonitorProfile *b = profile_of(anchors, k, values + part, n - part);
	MonitorProfile *sum = profile_of(anchors, k, values + part, n - part);

	REQUIRE(monitor_profile_add(sum, a) == MONITOR_OK && same(sum, whole));
	if (!sum->has_sums)
		b->has_sums = 0; /* what has overflowed stays so */
	REQUIRE(monitor_profile_subtract(sum, a) == MONITOR_OK);
	if (a->n > 0)
	{
		REQUIRE(!sum->has_range);
		b->has_range = 0;
		b->minimum = b->maximum = 0;
	}
	if (!b->has_sums)
	{
		memset(b->sum, 0, sizeof(b->sum));
		memset(b->sum_squares, 0, sizeof(b->sum_squares));
	}
	REQUIRE(same(sum, b));
	free(whole);
	free(a);
	free(b);
	free(sum);
}

static void
check_within(MonitorStatus of_rows, const MonitorTestResult *rows, MonitorStatus of_profiles,
			 const MonitorTestResult *bounds)
{
	REQUIRE(of_rows == of_profiles);
	if (of_rows != MONITOR_OK)
		return;
	REQUIRE(bounds->statistic_low <= rows->statistic && rows->statistic <= bounds->statistic_high);
}

static void
check_bounds(const double *anchors, int64_t k, const double *values, int64_t n, int64_t part)
{
	static double scratch[4 * MAX_VALUES];
	uint64_t keys[2][MAX_VALUES];
	MonitorSample a = sample_of(values, part, keys[0]);
	MonitorSample b = sample_of(values + part, n - part, keys[1]);
	MonitorProfile *p = profile_of(anchors, k, values, part);
	MonitorProfile *q = profile_of(anchors, k, values + part, n - part);
	MonitorTestResult rows;
	MonitorTestResult bounds;
	MonitorStatus status;

	REQUIRE(monitor_ks_scratch(a.n, b.n) <= sizeof(scratch) / sizeof(scratch[0]));
	status = monitor_ks(&a, &b, scratch, &rows);
	check_within(status, &rows, monitor_profile_ks(p, q, scratch, &bounds), &bounds);
	status = monitor_mann_whitney(&a, &b, &rows);
	check_within(status, &rows, monitor_profile_mann_whitney(p, q, &bounds), &bounds);
	status = monitor_wasserstein(&a, &b, &rows);
	check_within(status, &rows, monitor_profile_wasserstein(p, q, &bounds), &bounds);
	status = monitor_energy(&a, &b, &rows);
	check_within(status, &rows, monitor_profile_energy(p, q, &bounds), &bounds);
	free(p);
	free(q);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	double values[MAX_VALUES];
	double anchors[MAX_VALUES];
	uint64_t keys[MAX_VALUES];
	MonitorSample sample;
	int64_t n;
	int64_t anchor_rows;
	int64_t part;
	int64_t k;

	if (length < 3)
		return 0;
	n = read_values(data + 3, length - 3, data[2] % 3, values);
	anchor_rows = data[0] < n ? data[0] : n;
	sample = sample_of(values, anchor_rows, keys);
	k = monitor_profile_edges(&sample, 1 + data[2], anchors);
	part = n == 0 ? 0 : data[1] % (n + 1);
	check_algebra(anchors, k, values, n, part);
	check_bounds(anchors, k, values, n, part);
	return 0;
}
