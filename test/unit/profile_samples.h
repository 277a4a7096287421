/*
 * profile_samples.h
 *		Random samples and their profiles for the tests of the profile library.
 */
#ifndef PROFILE_SAMPLES_H
#define PROFILE_SAMPLES_H

#include <stdlib.h>
#include <string.h>

#include "profile.h"
#include "profile_internal.h"

#define MAX_SAMPLE 4096

static uint64_t random_state = UINT64_C(0x9E3779B97F4A7C15);

/* xorshift64 (Marsaglia 2003) */
static inline uint64_t
random_bits(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static inline int64_t
random_below(int64_t n)
{
	return (int64_t) (random_bits() >> 11) % n;
}

static inline double
random_unit(void)
{
	return (double) (random_bits() >> 11) * 0x1p-53;
}

static inline double
random_normal(void)
{
	return sqrt(-2 * log(random_unit() + 0x1p-60)) * cos(6.283185307179586 * random_unit());
}

/* Kinds of data that a feature can hold. */
typedef enum Shape
{
	SMOOTH,
	ROUNDED, /* heavy ties */
	FLAG,
	SKEWED,
	INFINITE, /* ties, and infinities */
	EXTREME,  /* any bit pattern that is a number */
	SHAPES
} Shape;

static inline double
random_value(Shape shape, double shift)
{
	double x = random_normal() + shift;
	uint64_t bits;

	switch (shape)
	{
		case ROUNDED:
			return rint(x * 4) / 4;
		case FLAG:
			return x > 0.5 ? 1 : random_below(40) == 0 ? 2 : -0.0;
		case SKEWED:
			return exp(3 * x);
		case INFINITE:
			return random_below(12) == 0 ? INFINITY
				: random_below(12) == 0	 ? -INFINITY
										 : rint(x * 8);
		case EXTREME:
			do
			{
				bits = random_bits();
				memcpy(&x, &bits, sizeof(x));
			} while (isnan(x));
			return x;
		default:
			return x;
	}
}

/* Fill n values; some of the shapes add NaN when asked. */
static inline void
random_values(double *values, int64_t n, Shape shape, double shift, bool with_nan)
{
	for (int64_t i = 0; i < n; i++)
		values[i] = with_nan && random_below(20) == 0 ? NAN : random_value(shape, shift);
}

/* The sorted keys of values (NaN left out); free keys. */
static inline MonitorSample
sample_of(const double *values, int64_t n)
{
	uint64_t *keys = malloc(sizeof(uint64_t) * (size_t) (n + 1));
	uint64_t *scratch = malloc(sizeof(uint64_t) * (size_t) (n + 1));
	MonitorSample sample = {keys, 0};

	for (int64_t i = 0; i < n; i++)
	{
		if (!isnan(values[i]))
			keys[sample.n++] = monitor_key_from_double(values[i]);
	}
	monitor_sort_keys(keys, scratch, sample.n);
	free(scratch);
	return sample;
}

/* An empty profile on anchors, or NULL; free it. */
static inline MonitorProfile *
empty_profile(const double *anchors, int64_t k)
{
	MonitorProfile *profile = malloc(monitor_profile_size_numeric(k, MONITOR_PENDING_MIN));

	if (monitor_profile_init_numeric(profile, anchors, k, MONITOR_PENDING_MIN) == MONITOR_OK)
		return profile;
	free(profile);
	return NULL;
}

static inline MonitorProfile *
profile_of(const double *anchors, int64_t k, const double *values, int64_t n)
{
	MonitorProfile *profile = empty_profile(anchors, k);

	monitor_profile_count(profile, values, n);
	return profile;
}

/* Anchors from a sample of the shape: all of its values, or bins of them; their number. */
static inline int64_t
random_anchors(Shape shape, int64_t n, int64_t bins, double *anchors)
{
	double *values = malloc(sizeof(double) * (size_t) n);
	MonitorSample sample;
	int64_t k;

	random_values(values, n, shape, 0, false);
	sample = sample_of(values, n);
	k = monitor_profile_edges(&sample, bins, anchors);
	free(values);
	free((void *) sample.keys);
	return k;
}

/* A decoded copy; NULL if the profile does not survive it. */
static inline MonitorProfile *
copy_profile(const MonitorProfile *profile, bool with_anchors)
{
	size_t length = monitor_profile_encode_size(profile, with_anchors);
	unsigned char *bytes = malloc(length);
	MonitorProfile *copy = NULL;
	size_t size;

	if (monitor_profile_encode(profile, with_anchors, bytes) == length &&
		monitor_profile_decode_size(bytes, length, &size) == MONITOR_OK)
	{
		copy = malloc(size);
		if (monitor_profile_decode(bytes, length, copy, size) != MONITOR_OK)
		{
			free(copy);
			copy = NULL;
		}
	}
	free(bytes);
	return copy;
}

/* Equal in everything but room for pending values and, unless asked for, the range. */
static inline bool
same_profile(const MonitorProfile *a, const MonitorProfile *b, bool with_range)
{
	MonitorProfile x = *a;
	MonitorProfile y = *b;

	x.pending_capacity = y.pending_capacity;
	x.varlena_header = y.varlena_header;
	if (!with_range)
	{
		x.has_range = y.has_range;
		x.minimum = y.minimum;
		x.maximum = y.maximum;
	}
	return memcmp(&x, &y, sizeof(x)) == 0 &&
		memcmp(monitor_profile_counts_const(a), monitor_profile_counts_const(b),
			   sizeof(int64_t) * (size_t) monitor_profile_slots(a)) == 0;
}

#endif /* PROFILE_SAMPLES_H */
