/*
 * sample.h
 *		Samples of numbers as sorted 64-bit keys, and how to walk two of them.
 *
 * A key is the bit pattern of a float8, transformed so that unsigned integer
 * order is numeric order (-Inf first, +Inf last) and equal numbers have equal
 * keys (-0 becomes +0).  NaN has no key.
 */
#ifndef MONITOR_SAMPLE_H
#define MONITOR_SAMPLE_H

#include <string.h>

#include "stats.h"

/* Sorted keys, owned by the caller.  n may be 0. */
typedef struct MonitorSample
{
	const uint64_t *keys;
	int64_t n;
} MonitorSample;

static inline uint64_t
monitor_key_from_double(double x)
{
	uint64_t u;

	x += 0.0; /* -0 + 0 = +0 */
	memcpy(&u, &x, sizeof(u));
	return u ^ ((uint64_t) ((int64_t) u >> 63) | UINT64_C(0x8000000000000000));
}

static inline double
monitor_double_from_key(uint64_t key)
{
	double x;
	uint64_t u = (key >> 63) ? key ^ UINT64_C(0x8000000000000000) : ~key;

	memcpy(&x, &u, sizeof(x));
	return x;
}

/*
 * A step of the merge of two samples: one distinct value of the pooled sample,
 * how often each sample holds it, and how many values of each lie below it.
 */
typedef struct MonitorTie
{
	uint64_t key;
	int64_t below_reference;
	int64_t below_current;
	int64_t in_reference;
	int64_t in_current;
} MonitorTie;

typedef struct MonitorMerge
{
	const MonitorSample *reference;
	const MonitorSample *current;
	int64_t i;
	int64_t j;
} MonitorMerge;

static inline void
monitor_merge_begin(MonitorMerge *merge, const MonitorSample *reference,
					const MonitorSample *current)
{
	merge->reference = reference;
	merge->current = current;
	merge->i = 0;
	merge->j = 0;
}

/* The next distinct pooled value in ascending order; false at the end. */
static inline bool
monitor_merge_next(MonitorMerge *merge, MonitorTie *tie)
{
	const uint64_t *a = merge->reference->keys;
	const uint64_t *b = merge->current->keys;
	int64_t n = merge->reference->n;
	int64_t m = merge->current->n;
	int64_t i = merge->i;
	int64_t j = merge->j;

	if (i < n && (j >= m || a[i] <= b[j]))
		tie->key = a[i];
	else if (j < m)
		tie->key = b[j];
	else
		return false;
	tie->below_reference = i;
	tie->below_current = j;
	while (i < n && a[i] == tie->key)
		i++;
	while (j < m && b[j] == tie->key)
		j++;
	tie->in_reference = i - tie->below_reference;
	tie->in_current = j - tie->below_current;
	MONITOR_POLL(i + j);
	merge->i = i;
	merge->j = j;
	return true;
}

/*
 * Sort n keys ascending; scratch holds n keys.  LSD radix sort, 8 bits a pass, of
 * the digits that tell the keys apart; the rest by insertion.
 */
extern void monitor_sort_keys(uint64_t *keys, uint64_t *scratch, int64_t n);

/* Merge two sorted runs into out (which overlaps neither). */
extern void monitor_merge_runs(const uint64_t *a, int64_t n_a, const uint64_t *b, int64_t n_b,
							   uint64_t *out);

/* Number of keys < key, and of keys <= key, in sorted keys. */
extern int64_t monitor_count_below(const MonitorSample *sample, uint64_t key);
extern int64_t monitor_count_through(const MonitorSample *sample, uint64_t key);

#endif /* MONITOR_SAMPLE_H */
