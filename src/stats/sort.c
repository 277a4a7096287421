/*
 * sort.c
 *		Sorting and merging of 64-bit keys.
 */
#include "sample.h"

#define RADIX_BITS	 8
#define RADIX_SIZE	 (1 << RADIX_BITS)
#define RADIX_PASSES 8

/* Below this, building the histograms costs more than insertion. */
#define INSERTION_MAX 64

static inline unsigned
digit(uint64_t key, int pass)
{
	return (unsigned) (key >> (pass * RADIX_BITS)) & (RADIX_SIZE - 1);
}

static void
insertion_sort(uint64_t *keys, int64_t n)
{
	for (int64_t i = 1; i < n; i++)
	{
		uint64_t key = keys[i];
		int64_t j = i;

		for (; j > 0 && keys[j - 1] > key; j--)
			keys[j] = keys[j - 1];
		keys[j] = key;
	}
}

/*
 * Count every digit of every key in one pass.  Returns whether the keys were
 * sorted already, which costs nothing to find out here.
 */
static bool
count_digits(const uint64_t *keys, int64_t n, int64_t counts[RADIX_PASSES][RADIX_SIZE])
{
	bool sorted = true;
	uint64_t previous = keys[0];

	memset(counts, 0, sizeof(int64_t) * RADIX_PASSES * RADIX_SIZE);
	for (int64_t i = 0; i < n; i++)
	{
		uint64_t key = keys[i];

		for (int pass = 0; pass < RADIX_PASSES; pass++)
			counts[pass][digit(key, pass)]++;
		sorted &= previous <= key;
		previous = key;
		MONITOR_POLL(i);
	}
	return sorted;
}

static void
scatter(const uint64_t *from, uint64_t *to, int64_t n, int pass, int64_t counts[RADIX_SIZE])
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
		uint64_t key = from[i];

		to[counts[digit(key, pass)]++] = key;
		MONITOR_POLL(i);
	}
}

void
monitor_sort_keys(uint64_t *keys, uint64_t *scratch, int64_t n)
{
	int64_t counts[RADIX_PASSES][RADIX_SIZE];
	uint64_t *from = keys;
	uint64_t *to = scratch;

	if (n <= INSERTION_MAX)
	{
		insertion_sort(keys, n);
		return;
	}
	if (count_digits(keys, n, counts))
		return;
	for (int pass = 0; pass < RADIX_PASSES; pass++)
	{
		uint64_t *other = from;

		if (counts[pass][digit(from[0], pass)] == n)
			continue;
		scatter(from, to, n, pass, counts[pass]);
		from = to;
		to = other;
	}
	if (from != keys)
		memcpy(keys, from, sizeof(uint64_t) * n);
}

void
monitor_merge_runs(const uint64_t *a, int64_t n_a, const uint64_t *b, int64_t n_b, uint64_t *out)
{
	int64_t i = 0;
	int64_t j = 0;

	while (i < n_a && j < n_b)
	{
		bool take_b = b[j] < a[i];

		out[i + j] = take_b ? b[j] : a[i];
		i += !take_b;
		j += take_b;
		MONITOR_POLL(i + j);
	}
	memcpy(out + i + j, a + i, sizeof(uint64_t) * (n_a - i));
	memcpy(out + n_a + j, b + j, sizeof(uint64_t) * (n_b - j));
}

int64_t
monitor_count_below(const MonitorSample *sample, uint64_t key)
{
	int64_t low = 0;
	int64_t high = sample->n;

	while (low < high)
	{
		int64_t middle = low + (high - low) / 2;

		if (sample->keys[middle] < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int64_t
monitor_count_through(const MonitorSample *sample, uint64_t key)
{
	return key == UINT64_MAX ? sample->n : monitor_count_below(sample, key + 1);
}
