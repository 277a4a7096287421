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

/* See lowest_pass and finish_by_insertion. */
#define SPARE_BITS	  3
#define MOVES_PER_KEY 4

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

/* How many bits a digit tells at least: log2 of n over its largest bucket. */
static double
least_bits(const int64_t counts[RADIX_SIZE], int64_t n)
{
	int64_t largest = 0;

	for (int value = 0; value < RADIX_SIZE; value++)
		largest = counts[value] > largest ? counts[value] : largest;
	return log2((double) n / (double) largest);
}

/*
 * The lowest pass that is worth its while: from there up the digits tell n keys
 * apart, with SPARE_BITS to spare, if they are independent.  What the passes below
 * would do is then left to insertion.
 */
static int
lowest_pass(const int64_t counts[RADIX_PASSES][RADIX_SIZE], int64_t n)
{
	double missing = log2((double) n) + SPARE_BITS;
	int pass = RADIX_PASSES;

	while (pass > 0 && missing > 0)
		missing -= least_bits(counts[--pass], n);
	return pass;
}

/* LSD passes from `lowest` up.  Returns whether the result is in scratch. */
static bool
radix_sort(uint64_t *keys, uint64_t *scratch, int64_t n, int lowest,
		   int64_t counts[RADIX_PASSES][RADIX_SIZE])
{
	uint64_t *from = keys;
	uint64_t *to = scratch;

	for (int pass = lowest; pass < RADIX_PASSES; pass++)
	{
		uint64_t *other = from;

		if (counts[pass][digit(from[0], pass)] == n)
			continue;
		scatter(from, to, n, pass, counts[pass]);
		from = to;
		to = other;
	}
	return from != keys;
}

/*
 * Insertion sort of keys that are nearly in order; gives up, and returns false, after
 * MOVES_PER_KEY moves a key.
 */
static bool
finish_by_insertion(uint64_t *keys, int64_t n)
{
	int64_t moves = MOVES_PER_KEY * n;

	for (int64_t i = 1; i < n; i++)
	{
		uint64_t key = keys[i];
		int64_t j = i;

		MONITOR_POLL(i);
		if (keys[i - 1] <= key)
			continue;
		for (; j > 0 && keys[j - 1] > key && moves > 0; j--, moves--)
			keys[j] = keys[j - 1];
		keys[j] = key;
		if (moves <= 0)
			return false;
	}
	return true;
}

void
monitor_sort_keys(uint64_t *keys, uint64_t *scratch, int64_t n)
{
	int64_t counts[RADIX_PASSES][RADIX_SIZE];
	int lowest;

	if (n <= INSERTION_MAX)
	{
		insertion_sort(keys, n);
		return;
	}
	if (count_digits(keys, n, counts))
		return;
	lowest = lowest_pass(counts, n);
	if (radix_sort(keys, scratch, n, lowest, counts))
		memcpy(keys, scratch, sizeof(uint64_t) * n);
	if (lowest == 0 || finish_by_insertion(keys, n))
		return;
	/* the digits depend on each other: all of them are needed */
	count_digits(keys, n, counts);
	if (radix_sort(keys, scratch, n, 0, counts))
		memcpy(keys, scratch, sizeof(uint64_t) * n);
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
