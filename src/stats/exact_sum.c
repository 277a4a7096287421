/*
 * exact_sum.c
 *		Sums of doubles without any rounding.
 */
#include "exact_sum.h"

#include <string.h>

#define CHUNK_BITS	  32
#define CHUNK_MASK	  UINT64_C(0xFFFFFFFF)
#define LOWEST_POWER  (-1074)			  /* of a double's bits */
#define MAX_UNSETTLED (UINT32_C(1) << 30) /* additions, each below 2^32 in a chunk */

typedef unsigned __int128 Wide;

void
monitor_exact_init(MonitorExactSum *sum)
{
	memset(sum, 0, sizeof(*sum));
	sum->low = MONITOR_EXACT_CHUNKS;
	sum->high = -1;
}

/* Carry upwards, so that all chunks but the last lie in [0, 2^32). */
static void
settle(int64_t *chunk, int low, int high)
{
	for (int i = low; i < high; i++)
	{
		int64_t carry = chunk[i] >> CHUNK_BITS; /* rounds down */

		chunk[i] -= carry * ((int64_t) 1 << CHUNK_BITS);
		chunk[i + 1] += carry;
	}
}

void
monitor_exact_add(MonitorExactSum *sum, double x)
{
	uint64_t bits;
	uint64_t mantissa;
	Wide shifted;
	int64_t part[3];
	int power;
	int i;

	memcpy(&bits, &x, sizeof(bits));
	power = (int) (bits >> 52) & 0x7FF;
	mantissa = bits & ((UINT64_C(1) << 52) - 1);
	if (power > 0)
	{
		mantissa |= UINT64_C(1) << 52;
		power--;
	}
	i = power / CHUNK_BITS;
	shifted = (Wide) mantissa << power % CHUNK_BITS;
	for (int k = 0; k < 3; k++)
		part[k] = (int64_t) ((uint64_t) (shifted >> (k * CHUNK_BITS)) & CHUNK_MASK);
	if (bits >> 63)
	{
		for (int k = 0; k < 3; k++)
			sum->chunk[i + k] -= part[k];
	}
	else
	{
		for (int k = 0; k < 3; k++)
			sum->chunk[i + k] += part[k];
	}
	if (i < sum->low)
		sum->low = i;
	if (i + 2 > sum->high)
		sum->high = i + 2;
	if (++sum->unsettled >= MAX_UNSETTLED)
	{
		/* two chunks more hold whatever 2^33 numbers add up to */
		sum->high = sum->high + 2 < MONITOR_EXACT_CHUNKS ? sum->high + 2 : MONITOR_EXACT_CHUNKS - 1;
		settle(sum->chunk, sum->low, sum->high);
		sum->unsettled = 0;
	}
}

/* The double nearest to (q + something in (0, 1) if inexact) 2^power; ties to even. */
static double
round_wide(Wide q, bool inexact, int power)
{
	int length = q >> 64 ? 128 - __builtin_clzll((uint64_t) (q >> 64))
						 : 64 - __builtin_clzll((uint64_t) q);
	int drop = length - 53 > LOWEST_POWER - power ? length - 53 : LOWEST_POWER - power;
	uint64_t kept = (uint64_t) (q >> drop);
	Wide half = (Wide) 1 << (drop - 1);
	Wide rest = q & (2 * half - 1);

	if (rest > half || (rest == half && (inexact || (kept & 1))))
		kept++;
	return ldexp((double) kept, power + drop);
}

/*
 * The leading 97 to 128 bits, with a mark for what follows, divided by n leave
 * more than 60 bits: their rounding is the only one.
 */
double
monitor_exact_mean(const MonitorExactSum *sum, int64_t n)
{
	int64_t chunk[MONITOR_EXACT_CHUNKS];
	int high = sum->high + 2 < MONITOR_EXACT_CHUNKS ? sum->high + 2 : MONITOR_EXACT_CHUNKS - 1;
	bool negative;
	bool inexact = false;
	Wide top = 0;
	double mean;

	if (sum->high < 0)
		return 0;
	memcpy(chunk + sum->low, sum->chunk + sum->low, (high - sum->low + 1) * sizeof(int64_t));
	settle(chunk, sum->low, high);
	negative = chunk[high] < 0;
	if (negative)
	{
		for (int i = sum->low; i <= high; i++)
			chunk[i] = -chunk[i];
		settle(chunk, sum->low, high);
	}
	while (high >= sum->low && chunk[high] == 0)
		high--;
	if (high < sum->low)
		return 0;
	for (int i = high; i > high - 4; i--)
		top = top << CHUNK_BITS | (i >= sum->low ? (uint64_t) chunk[i] : 0);
	for (int i = sum->low; i <= high - 4; i++)
		inexact |= chunk[i] != 0;
	inexact |= top % (uint64_t) n != 0;
	mean = round_wide(top / (uint64_t) n, inexact, CHUNK_BITS * (high - 3) + LOWEST_POWER);
	return negative ? -mean : mean;
}
