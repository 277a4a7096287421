/*
 * pair_sort.c
 *		Sorting of keys that carry a payload: LSD radix sort, 8 bits a pass,
 *		passes in which all pairs share the digit are skipped.
 */
#include "score_metrics.h"

#define RADIX_BITS	8
#define RADIX_SIZE	(1 << RADIX_BITS)
#define WORD_PASSES 8

/* Below this, building the histograms costs more than insertion. */
#define INSERTION_MAX 48

static inline bool
comes_after(const MonitorPair *a, const MonitorPair *b, bool by_payload)
{
	if (a->key != b->key)
		return a->key > b->key;
	return by_payload && a->payload > b->payload;
}

static void
insertion_sort(MonitorPair *pairs, int64_t n, bool by_payload)
{
	for (int64_t i = 1; i < n; i++)
	{
		MonitorPair pair = pairs[i];
		int64_t j = i;

		for (; j > 0 && comes_after(&pairs[j - 1], &pair, by_payload); j--)
			pairs[j] = pairs[j - 1];
		pairs[j] = pair;
	}
}

static bool
is_sorted(const MonitorPair *pairs, int64_t n, bool by_payload)
{
	for (int64_t i = 1; i < n; i++)
	{
		if (comes_after(&pairs[i - 1], &pairs[i], by_payload))
			return false;
		MONITOR_POLL(i);
	}
	return true;
}

static inline unsigned
digit(const MonitorPair *pair, bool of_payload, int pass)
{
	uint64_t word = of_payload ? pair->payload : pair->key;

	return (unsigned) (word >> (pass * RADIX_BITS)) & (RADIX_SIZE - 1);
}

static void
scatter(const MonitorPair *from, MonitorPair *to, int64_t n, bool of_payload, int pass,
		int64_t counts[RADIX_SIZE])
{
	int64_t offset = 0;

	for (int value = 0; value < RADIX_SIZE; value++)
	{
		int64_t count = counts[value];

		counts[value] = offset;
		offset += count;
	}
	for (int64_t i = 0; i < n; i++)
	{
		to[counts[digit(&from[i], of_payload, pass)]++] = from[i];
		MONITOR_POLL(i);
	}
}

/* Sort stably by one of the two words. */
static void
sort_by_word(MonitorPair *pairs, MonitorPair *scratch, int64_t n, bool of_payload)
{
	int64_t counts[WORD_PASSES][RADIX_SIZE];
	MonitorPair *from = pairs;
	MonitorPair *to = scratch;

	memset(counts, 0, sizeof(counts));
	for (int64_t i = 0; i < n; i++)
	{
		for (int pass = 0; pass < WORD_PASSES; pass++)
			counts[pass][digit(&pairs[i], of_payload, pass)]++;
		MONITOR_POLL(i);
	}
	for (int pass = 0; pass < WORD_PASSES; pass++)
	{
		MonitorPair *other = from;

		if (counts[pass][digit(&from[0], of_payload, pass)] == n)
			continue;
		scatter(from, to, n, of_payload, pass, counts[pass]);
		from = to;
		to = other;
	}
	if (from != pairs)
		memcpy(pairs, from, sizeof(MonitorPair) * n);
}

void
monitor_sort_pairs(MonitorPair *pairs, MonitorPair *scratch, int64_t n, bool by_payload)
{
	if (n <= INSERTION_MAX)
	{
		insertion_sort(pairs, n, by_payload);
		return;
	}
	if (is_sorted(pairs, n, by_payload))
		return;
	if (by_payload)
		sort_by_word(pairs, scratch, n, true);
	sort_by_word(pairs, scratch, n, false);
}
