/*
 * ks_buckets.c
 *		The Kolmogorov-Smirnov statistic of unsorted samples, exactly.
 *
 * Both samples are counted in buckets that ascend.  Between two buckets the
 * deviation m i - n j is then known; within one it strays from there no further
 * than the bucket's own rows can move it.  Only where that could exceed the
 * greatest one seen are keys sorted, as a rule a few in a thousand.
 */
#include "tests.h"

/*
 * A bucket holds the values at some distance from the middle: OCTAVES powers of
 * two on either side, each in up to 2^MANTISSA_BITS parts.
 */
#define OCTAVES		  16
#define MANTISSA_BITS 12

/* Mean of keys in a bucket, or more; those that count hold tens. */
#define KEYS_PER_BUCKET 2

/* Keys of each side that choose the buckets. */
#ifndef MONITOR_KS_PROBES
#define MONITOR_KS_PROBES 512
#endif
#define PROBES (2 * MONITOR_KS_PROBES)

/* Sorting is better with fewer keys on a side, with more ties among the probes, ... */
#ifndef MONITOR_KS_MIN_KEYS
#define MONITOR_KS_MIN_KEYS (1 << 16)
#define MOST_TIED			(PROBES / 8)
#else
#define MOST_TIED PROBES /* a test takes what comes */
#endif

/* ... and with more than one key in this many in open buckets. */
#ifndef MONITOR_KS_SORTED_SHARE
#define MONITOR_KS_SORTED_SHARE 8
#endif

/* Counts and deviations must fit. */
#define MAX_KEYS INT64_C(0x7FFFFFFF)

#define BATCH 1024

/* (x - center) * scale is about 1 at most for the probes. */
typedef struct Buckets
{
	double center;
	double scale;
	int32_t half; /* half of their number */
	int32_t mantissa_bits;
	uint32_t *reference; /* keys in each bucket */
	uint32_t *current;
	uint8_t *is_open; /* whether a bucket's keys must be sorted */
} Buckets;

static int
choose_mantissa_bits(int64_t keys)
{
	int bits = MANTISSA_BITS;

	while (bits > 0 && keys >> bits < 2 * OCTAVES * KEYS_PER_BUCKET)
		bits--;
	return bits;
}

/* Words of two counts and a mark for each bucket. */
static size_t
count_words(int mantissa_bits)
{
	return ((size_t) (2 * OCTAVES) << mantissa_bits) * (2 * sizeof(uint32_t) + 1) /
		sizeof(uint64_t);
}

/* The most keys that are sorted. */
static int64_t
most_sorted(int64_t n, int64_t m)
{
	return (n + m) / MONITOR_KS_SORTED_SHARE;
}

size_t
monitor_ks_buckets_scratch(int64_t n, int64_t m)
{
	if (n < MONITOR_KS_MIN_KEYS || m < MONITOR_KS_MIN_KEYS || n > MAX_KEYS || m > MAX_KEYS)
		return 0;
	/* the counts, then keys and the scratch to sort them; before that, the same for the probes */
	return count_words(choose_mantissa_bits(n + m)) + 2 * (size_t) most_sorted(n, m) + 2 * PROBES;
}

/* Whether some keys of both sides tell buckets that are worth trying. */
static bool
choose_buckets(const MonitorSample *reference, const MonitorSample *current, uint64_t *scratch,
			   Buckets *buckets)
{
	uint64_t *probe = scratch;
	int64_t tied = 0;
	double low;
	double high;
	int exponent;

	for (int64_t i = 0; i < PROBES / 2; i++)
	{
		probe[2 * i] = reference->keys[reference->n * i / (PROBES / 2)];
		probe[2 * i + 1] = current->keys[current->n * i / (PROBES / 2)];
	}
	monitor_sort_keys(probe, probe + PROBES, PROBES);
	for (int64_t i = 1; i < PROBES; i++)
		tied += probe[i] == probe[i - 1];
	low = monitor_double_from_key(probe[PROBES / 100]);
	high = monitor_double_from_key(probe[PROBES - 1 - PROBES / 100]);
	buckets->center = monitor_double_from_key(probe[PROBES / 2]);
	if (tied > MOST_TIED || !isfinite(low) || !isfinite(high))
		return false;
	(void) frexp(fmax(buckets->center / 2 - low / 2, high / 2 - buckets->center / 2), &exponent);
	if (exponent < -1000 || exponent > 1000)
		return false;
	buckets->scale = ldexp(1, -exponent - 1);
	buckets->mantissa_bits = choose_mantissa_bits(reference->n + current->n);
	buckets->half = OCTAVES << buckets->mantissa_bits;
	return true;
}

/* The buckets of n keys.  It never falls where the key rises. */
static void
find_buckets(const Buckets *buckets, const uint64_t *keys, int64_t n, uint32_t *bucket)
{
	const double center = buckets->center;
	const double scale = buckets->scale;
	const int32_t half = buckets->half;
	const int shift = 24 - buckets->mantissa_bits;
	/* the octave that ends with 4 is the last one */
	const int32_t least = (127 + 2 - OCTAVES) << buckets->mantissa_bits;

	for (int64_t i = 0; i < n; i++)
	{
		float distance = (float) ((monitor_double_from_key(keys[i]) - center) * scale);
		uint32_t bits;
		int32_t negative;
		int32_t place;

		memcpy(&bits, &distance, sizeof(bits));
		negative = (int32_t) bits >> 31;
		place = (int32_t) (bits << 1 >> shift) - least;
		place = place < 0 ? 0 : place;
		place = place < half ? place : half - 1;
		bucket[i] = (uint32_t) ((place ^ negative) + half);
	}
}

static void
count_keys(const Buckets *buckets, const MonitorSample *sample, uint32_t *counts)
{
	uint32_t bucket[BATCH];

	for (int64_t done = 0; done < sample->n; done += BATCH)
	{
		int64_t batch = sample->n - done < BATCH ? sample->n - done : BATCH;

		MONITOR_POLL(done);
		find_buckets(buckets, sample->keys + done, batch, bucket);
		for (int64_t i = 0; i < batch; i++)
			counts[bucket[i]]++;
	}
}

/* Of a sample, the keys in open buckets; their number. */
static int64_t
gather_keys(const Buckets *buckets, const MonitorSample *sample, uint64_t *keys)
{
	uint32_t bucket[BATCH];
	int64_t gathered = 0;

	for (int64_t done = 0; done < sample->n; done += BATCH)
	{
		int64_t batch = sample->n - done < BATCH ? sample->n - done : BATCH;

		MONITOR_POLL(done);
		find_buckets(buckets, sample->keys + done, batch, bucket);
		for (int64_t i = 0; i < batch; i++)
		{
			if (buckets->is_open[bucket[i]])
				keys[gathered++] = sample->keys[done + i];
		}
	}
	return gathered;
}

static inline int64_t
greater_size(int64_t most, int64_t deviation)
{
	int64_t size = deviation < 0 ? -deviation : deviation;

	return size > most ? size : most;
}

/* The greatest deviation between buckets. */
static int64_t
most_between(const Buckets *buckets, int64_t n, int64_t m)
{
	int64_t deviation = 0;
	int64_t most = 0;

	for (int64_t b = 0; b < 2 * buckets->half; b++)
	{
		deviation += m * buckets->reference[b] - n * buckets->current[b];
		most = greater_size(most, deviation);
	}
	return most;
}

/* Mark the buckets that may hold a greater deviation than `most`; the keys in them. */
static int64_t
open_buckets(const Buckets *buckets, int64_t n, int64_t m, int64_t most)
{
	int64_t deviation = 0;
	int64_t keys = 0;

	for (int64_t b = 0; b < 2 * buckets->half; b++)
	{
		int64_t up = m * buckets->reference[b];
		int64_t down = n * buckets->current[b];

		buckets->is_open[b] = deviation + up > most || down - deviation > most;
		if (buckets->is_open[b])
			keys += (int64_t) buckets->reference[b] + buckets->current[b];
		deviation += up - down;
	}
	return keys;
}

/* The greatest deviation within open buckets, whose keys are given in order, or `most`. */
static int64_t
most_within(const Buckets *buckets, int64_t n, int64_t m, const uint64_t *reference,
			const uint64_t *current, int64_t most)
{
	int64_t deviation = 0;

	for (int64_t b = 0; b < 2 * buckets->half; b++)
	{
		MonitorSample a = {reference, buckets->reference[b]};
		MonitorSample c = {current, buckets->current[b]};
		MonitorMerge merge;
		MonitorTie tie;

		if (buckets->is_open[b])
		{
			monitor_merge_begin(&merge, &a, &c);
			while (monitor_merge_next(&merge, &tie))
				most = greater_size(most, deviation + m * merge.i - n * merge.j);
			reference += a.n;
			current += c.n;
		}
		deviation += m * a.n - n * c.n;
	}
	return most;
}

bool
monitor_ks_buckets_numerator(const MonitorSample *reference, const MonitorSample *current,
							 uint64_t *scratch, monitor_int128 *h)
{
	int64_t n = reference->n;
	int64_t m = current->n;
	int64_t most;
	int64_t keys;
	int64_t of_reference;
	Buckets buckets;

	if (monitor_ks_buckets_scratch(n, m) == 0 ||
		!choose_buckets(reference, current, scratch, &buckets))
		return false;
	memset(scratch, 0, count_words(buckets.mantissa_bits) * sizeof(uint64_t));
	buckets.reference = (uint32_t *) scratch;
	buckets.current = buckets.reference + 2 * buckets.half;
	buckets.is_open = (uint8_t *) (buckets.current + 2 * buckets.half);
	scratch += count_words(buckets.mantissa_bits);
	count_keys(&buckets, reference, buckets.reference);
	count_keys(&buckets, current, buckets.current);
	most = most_between(&buckets, n, m);
	keys = open_buckets(&buckets, n, m, most);
	if (keys > most_sorted(n, m))
		return false;
	of_reference = gather_keys(&buckets, reference, scratch);
	(void) gather_keys(&buckets, current, scratch + of_reference);
	monitor_sort_keys(scratch, scratch + keys, of_reference);
	monitor_sort_keys(scratch + of_reference, scratch + keys, keys - of_reference);
	*h = most_within(&buckets, n, m, scratch, scratch + of_reference, most);
	return true;
}
