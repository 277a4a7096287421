/*
 * exact_sum.h
 *		Sums of doubles without any rounding, so that what was added can be
 *		taken away again and nothing is left of it.
 *
 * A fixed-point number with a bit for every power of two that a double can hold,
 * in chunks of 32 bits that are added to separately and carry late (Kulisch &
 * Miranker 1981; the small superaccumulator of Neal 2015, arXiv 1505.05571).
 */
#ifndef MONITOR_EXACT_SUM_H
#define MONITOR_EXACT_SUM_H

#include "stats.h"

#define MONITOR_EXACT_CHUNKS 68

/* Value: the sum of chunk[i] 2^(32 i - 1074).  Starts with monitor_exact_init. */
typedef struct MonitorExactSum
{
	int64_t chunk[MONITOR_EXACT_CHUNKS];
	int low;			/* chunks outside [low, high] are 0 */
	int high;			/* -1 at first */
	uint32_t unsettled; /* additions since carries went up */
} MonitorExactSum;

extern void monitor_exact_init(MonitorExactSum *sum);

/* Add x, or take it away.  x is finite.  At most 2^33 numbers may be in the sum. */
extern void monitor_exact_add(MonitorExactSum *sum, double x);

static inline void
monitor_exact_subtract(MonitorExactSum *sum, double x)
{
	monitor_exact_add(sum, -x);
}

/*
 * sum / n, correctly rounded (ties to even), 0 < n <= 2^33; +-Infinity only if
 * the quotient is out of range.  n = 1 gives the sum.
 */
extern double monitor_exact_mean(const MonitorExactSum *sum, int64_t n);

#endif /* MONITOR_EXACT_SUM_H */
