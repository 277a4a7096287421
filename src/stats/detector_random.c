/*
 * detector_random.c
 *		The random numbers of Python's random.Random, so that a seed gives the
 *		subsamples that it gives there: the Mersenne Twister MT19937 (Matsumoto
 *		and Nishimura, 1998) seeded by array, and CPython's Random.sample.
 */
#include "detector_internal.h"

#define WORDS  MONITOR_RANDOM_WORDS
#define MIDDLE 397
#define UPPER  UINT32_C(0x80000000)
#define TWIST  UINT32_C(0x9908b0df)

/* CPython: init_by_array of the seed's 32-bit digits, at least one. */
void
monitor_random_seed(uint32_t words[WORDS], int32_t *next, uint64_t seed)
{
	uint32_t key[2] = {(uint32_t) seed, (uint32_t) (seed >> 32)};
	int length = key[1] != 0 ? 2 : 1;
	int i = 1;

	words[0] = 19650218;
	for (int k = 1; k < WORDS; k++)
		words[k] = UINT32_C(1812433253) * (words[k - 1] ^ (words[k - 1] >> 30)) + (uint32_t) k;
	for (int k = 0; k < WORDS; k++)
	{
		uint32_t mixed = (words[i - 1] ^ (words[i - 1] >> 30)) * UINT32_C(1664525);

		words[i] = (words[i] ^ mixed) + key[k % length] + (uint32_t) (k % length);
		if (++i == WORDS)
		{
			words[0] = words[WORDS - 1];
			i = 1;
		}
	}
	for (int k = 0; k < WORDS - 1; k++)
	{
		uint32_t mixed = (words[i - 1] ^ (words[i - 1] >> 30)) * UINT32_C(1566083941);

		words[i] = (words[i] ^ mixed) - (uint32_t) i;
		if (++i == WORDS)
		{
			words[0] = words[WORDS - 1];
			i = 1;
		}
	}
	words[0] = UPPER;
	*next = WORDS;
}

static void
generate(uint32_t words[WORDS])
{
	for (int k = 0; k < WORDS; k++)
	{
		uint32_t y = (words[k] & UPPER) | (words[(k + 1) % WORDS] & ~UPPER);

		words[k] = words[(k + MIDDLE) % WORDS] ^ (y >> 1) ^ ((y & 1) != 0 ? TWIST : 0);
	}
}

static uint32_t
next_word(uint32_t words[WORDS], int32_t *next)
{
	uint32_t y;

	if (*next >= WORDS)
	{
		generate(words);
		*next = 0;
	}
	y = words[(*next)++];
	y ^= y >> 11;
	y ^= (y << 7) & UINT32_C(0x9d2c5680);
	y ^= (y << 15) & UINT32_C(0xefc60000);
	return y ^ (y >> 18);
}

/* CPython: randbelow(n), 0 < n, by rejection of numbers of as many bits as n has. */
static uint32_t
below(uint32_t words[WORDS], int32_t *next, uint32_t n)
{
	int bits = 0;
	uint32_t r;

	while (bits < 32 && n >> bits != 0)
		bits++;
	do
		r = next_word(words, next) >> (32 - bits);
	while (r >= n);
	return r;
}

/*
 * CPython keeps a pool of the numbers left where that is smaller than a set of
 * those taken: 21 places, or 4^ceil(log4(3 k)) more for k > 5.
 */
static bool
uses_pool(uint32_t n, uint32_t k)
{
	uint64_t places = 21;

	if (k > 5)
	{
		uint64_t power = 1;

		while (power < 3 * (uint64_t) k)
			power *= 4;
		places += power;
	}
	return n <= places;
}

void
monitor_random_sample(uint32_t words[WORDS], int32_t *next, uint32_t n, uint32_t k,
					  uint32_t *result, uint32_t *scratch)
{
	bool pool = uses_pool(n, k);

	for (uint32_t i = 0; i < n; i++)
		scratch[i] = pool ? i : 0;
	for (uint32_t i = 0; i < k; i++)
	{
		uint32_t j = below(words, next, pool ? n - i : n);

		if (pool)
		{
			result[i] = scratch[j];
			scratch[j] = scratch[n - i - 1];
			continue;
		}
		while (scratch[j] != 0)
			j = below(words, next, n);
		scratch[j] = 1;
		result[i] = j;
	}
}
