/*
 * test_ks_buckets.c
 *		The Kolmogorov-Smirnov statistic of unsorted samples: always that of sorted ones.
 */
#include <string.h>

#include "two_samples.h"

/* Once more, for samples of any size, and never giving up because it is slow. */
#define MONITOR_KS_PROBES			 8
#define MONITOR_KS_MIN_KEYS			 1
#define MONITOR_KS_SORTED_SHARE		 1
#define monitor_ks_buckets_scratch	 eager_scratch
#define monitor_ks_buckets_numerator eager_numerator
#include "ks_buckets.c"
#undef monitor_ks_buckets_scratch
#undef monitor_ks_buckets_numerator

#define MOST 200000

static uint64_t state = 88172645463325252u;

static uint64_t
random_bits(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static double
random_unit(void)
{
	return (double) (random_bits() >> 11) * 0x1p-53;
}

typedef enum Kind
{
	UNIFORM,
	NORMAL,
	SKEWED,	  /* many magnitudes */
	OUTLIERS, /* a few far ones set no scale */
	TIED,	  /* few values */
	CONSTANT,
	INFINITE,  /* infinities and zeros of both signs among others */
	CLUSTERS,  /* all but some values in one bucket */
	TINY,	   /* subnormal */
	HUGE_ONES, /* up to the largest */
	ANY,	   /* any bits that are a number */
	KINDS
} Kind;

static double
random_value(Kind kind)
{
	double normal = sqrt(-2 * log1p(-random_unit())) * cos(6.283185307179586 * random_unit());
	double x = 0;
	uint64_t bits;

	switch (kind)
	{
		case NORMAL:
			return 1000 + normal;
		case SKEWED:
			return exp(2 * normal);
		case OUTLIERS:
			return random_bits() % 1000 == 0 ? normal * 1e12 : normal;
		case TIED:
			return (double) (random_bits() % 7) / 3;
		case CONSTANT:
			return 42;
		case INFINITE:
			if (random_bits() % 50 == 0)
				return random_bits() % 2 == 0 ? INFINITY : -INFINITY;
			return random_bits() % 9 == 0 ? (random_bits() % 2 == 0 ? 0.0 : -0.0) : normal;
		case CLUSTERS:
			return random_bits() % 3 == 0 ? 1 + normal : 5 + 1e-9 * normal;
		case TINY:
			return normal * 0x1p-1060;
		case HUGE_ONES:
			return (2 * random_unit() - 1) * 0x1.8p1023;
		case ANY:
			bits = random_bits();
			memcpy(&x, &bits, sizeof(x));
			return isnan(x) ? 0 : x;
		default:
			return random_unit();
	}
}

typedef bool (*Numerator)(const MonitorSample *, const MonitorSample *, uint64_t *,
						  monitor_int128 *);

/* Whether what it gives, if anything, is right, and the samples are as before. */
static bool
agrees(Numerator numerator, size_t words, const double *x, int64_t n, const double *y, int64_t m,
	   int *decided)
{
	MonitorSample reference = make_sample(x, n);
	MonitorSample current = make_sample(y, m);
	uint64_t *a = malloc(sizeof(uint64_t) * (size_t) (2 * (n + m)));
	uint64_t *before = a + n + m;
	uint64_t *scratch = malloc(sizeof(uint64_t) * words);
	MonitorSample unsorted_reference = {a, n};
	MonitorSample unsorted_current = {a + n, m};
	monitor_int128 h = -1;
	bool right = true;

	for (int64_t i = 0; i < n + m; i++)
		a[i] = monitor_key_from_double(i < n ? x[i] : y[i - n]);
	memcpy(before, a, sizeof(uint64_t) * (size_t) (n + m));
	if (numerator(&unsorted_reference, &unsorted_current, scratch, &h))
	{
		++*decided;
		right = h == monitor_ks_numerator(&reference, &current);
	}
	right = right && memcmp(a, before, sizeof(uint64_t) * (size_t) (n + m)) == 0;
	free((void *) reference.keys);
	free((void *) current.keys);
	free(scratch);
	free(a);
	return right;
}

static void
fill_both(Kind kind, double *x, int64_t n, double *y, int64_t m)
{
	double shift = random_bits() % 3 == 0 ? 0.01 : 0;

	for (int64_t i = 0; i < n; i++)
		x[i] = random_value(kind);
	for (int64_t i = 0; i < m; i++)
		y[i] = random_value(kind) + shift;
}

static void
test_small(double *x, double *y)
{
	for (int kind = 0; kind < KINDS; kind++)
	{
		int decided = 0;
		int wrong = 0;

		for (int round = 0; round < 1500; round++)
		{
			int64_t n = 1 + (int64_t) (random_bits() % (round % 50 == 0 ? 3000 : 40));
			int64_t m = 1 + (int64_t) (random_bits() % (round % 40 == 0 ? 3000 : 60));

			fill_both((Kind) kind, x, n, y, m);
			wrong += !agrees(eager_numerator, eager_scratch(n, m), x, n, y, m, &decided);
		}
		unit_ok(wrong == 0, "kind %d, small samples (%d wrong)", kind, wrong);
		if (kind != ANY && kind != INFINITE && kind != TINY && kind != HUGE_ONES)
			unit_ok(decided == 1500, "kind %d: all without sorting all", kind);
	}
}

/* With the limits of the library. */
static void
test_large(double *x, double *y)
{
	for (int kind = 0; kind < KINDS; kind++)
	{
		int decided = 0;
		int wrong = 0;

		for (int round = 0; round < 3; round++)
		{
			int64_t n = 70000 + (int64_t) (random_bits() % (MOST - 70000));
			int64_t m = 70000 + (int64_t) (random_bits() % (MOST - 70000));

			fill_both((Kind) kind, x, n, y, m);
			wrong += !agrees(monitor_ks_buckets_numerator, monitor_ks_buckets_scratch(n, m), x, n,
							 y, m, &decided);
		}
		unit_ok(wrong == 0, "kind %d, large samples", kind);
		if (kind <= OUTLIERS)
			unit_ok(decided == 3, "kind %d is decided", kind);
		if (kind == TIED || kind == CONSTANT)
			unit_ok(decided == 0, "kind %d is left to sorting", kind);
	}
	unit_ok(monitor_ks_buckets_scratch(1000, MOST) == 0, "small samples are left to sorting");
	unit_ok(monitor_ks_buckets_scratch(MOST, INT64_C(1) << 31) == 0, "and too large ones");
}

int
main(void)
{
	double *x = malloc(sizeof(double) * MOST);
	double *y = malloc(sizeof(double) * MOST);

	test_small(x, y);
	test_large(x, y);
	free(x);
	free(y);
	return unit_done();
}
