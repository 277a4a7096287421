/*
 * exact_total.h
 *		Sums of doubles without any rounding, so that their order never matters.
 *
 * A fixed-point number wide enough for every double, in limbs of 32 bits held in
 * 64 (Kulisch & Miranker 1986, "The arithmetic of the digital computer"; Neal
 * 2015, arXiv 1505.05571, "small superaccumulator").  Equal multisets of terms
 * give equal bits after monitor_total_settle, however they were split and merged.
 */
#ifndef MONITOR_EXACT_TOTAL_H
#define MONITOR_EXACT_TOTAL_H

#include <string.h>

#include "stats.h"

#define MONITOR_TOTAL_LIMBS 69
#define MONITOR_TOTAL_SHIFT 1088 /* limb 0 weighs 2^-1088 */

/* All zero bytes are the sum of nothing. */
typedef struct MonitorTotal
{
	int64_t limbs[MONITOR_TOTAL_LIMBS];
	int64_t unsettled; /* terms since carries were last taken up */
	double special;	   /* sum of the terms that are not finite */
} MonitorTotal;

/* Take up the carries: afterwards the bytes depend on the sum alone. */
extern void monitor_total_settle(MonitorTotal *total);

/* Add another total, which is settled on the way. */
extern void monitor_total_merge(MonitorTotal *total, MonitorTotal *other);

/* The sum, correctly rounded; an infinity or NaN when a term was. */
extern double monitor_total_value(MonitorTotal *total);

/*
 * a b - c^2, computed in integers and rounded once; 0 if that is negative, NaN if
 * a term was not finite.  With a = sum w, b = sum w y^2, c = sum w y it is the
 * (sum w)^2-fold variance, exactly 0 for equal values.
 */
extern double monitor_total_spread(MonitorTotal *a, MonitorTotal *b, MonitorTotal *c);

/* Add a term. */
static inline void
monitor_total_add(MonitorTotal *total, double x)
{
	uint64_t bits;
	uint64_t mantissa;
	int exponent;
	int shift;
	unsigned __int128 wide;
	int64_t sign;
	int64_t *limb;

	memcpy(&bits, &x, sizeof(bits));
	exponent = (int) (bits >> 52) & 0x7FF;
	mantissa = bits & UINT64_C(0xFFFFFFFFFFFFF);
	if (exponent == 0x7FF)
	{
		total->special += x;
		return;
	}
	if (exponent == 0)
		exponent = 1;
	else
		mantissa |= UINT64_C(0x10000000000000);
	/* x = mantissa * 2^(exponent - 1075) */
	shift = exponent - 1075 + MONITOR_TOTAL_SHIFT;
	wide = (unsigned __int128) mantissa << (shift & 31);
	sign = (int64_t) bits >> 63; /* 0 or -1 */
	limb = &total->limbs[shift >> 5];
	limb[0] += ((int64_t) (uint32_t) wide ^ sign) - sign;
	limb[1] += ((int64_t) (uint32_t) (wide >> 32) ^ sign) - sign;
	limb[2] += ((int64_t) (uint32_t) (wide >> 64) ^ sign) - sign;
	if (++total->unsettled == INT64_C(1) << 30)
		monitor_total_settle(total);
}

/* Add the exact product of two numbers (unless it leaves the range of doubles). */
static inline void
monitor_total_add_product(MonitorTotal *total, double a, double b)
{
	double high = a * b;

	monitor_total_add(total, high);
	if (isfinite(high))
		monitor_total_add(total, fma(a, b, -high));
}

#endif /* MONITOR_EXACT_TOTAL_H */
