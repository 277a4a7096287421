/*
 * numeric.h
 *		Small numerical tools of the tests and distances.  Private to the
 *		statistics library.
 */
#ifndef MONITOR_NUMERIC_H
#define MONITOR_NUMERIC_H

#include "sample.h"

/*
 * A running sum with its rounding errors (Neumaier, 1974): the result is as
 * good as if summed in twice the precision.  Terms must be finite.
 */
typedef struct MonitorSum
{
	double sum;
	double rest;
} MonitorSum;

static inline void
monitor_sum_add(MonitorSum *s, double x)
{
	double t = s->sum + x;

	if (fabs(s->sum) >= fabs(x))
		s->rest += (s->sum - t) + x;
	else
		s->rest += (x - t) + s->sum;
	s->sum = t;
}

static inline double
monitor_sum_value(const MonitorSum *s)
{
	return s->sum + s->rest;
}

/* Are all values of both samples (neither empty) one and the same? */
static inline bool
monitor_one_value(const MonitorSample *a, const MonitorSample *b)
{
	return a->keys[0] == a->keys[a->n - 1] && b->keys[0] == b->keys[b->n - 1] &&
		a->keys[0] == b->keys[0];
}

/* ln of 2 pi, halved, and pi: not every libm names them. */
#define MONITOR_HALF_LN_2PI 0.91893853320467274178
#define MONITOR_PI			3.14159265358979323846

/* (1 + u) ln(1 + u) - u, u >= -1, to full relative accuracy near 0. */
extern double monitor_entropy_excess(double u);

/* What Stirling's formula leaves of ln Gamma(a + 1), a > 0. */
extern double monitor_stirling_rest(double a);

/* Gamma(a + 1/2) / Gamma(a), a > 0. */
extern double monitor_gamma_half_ratio(double a);

#endif /* MONITOR_NUMERIC_H */
