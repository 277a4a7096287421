/*
 * exact_total.c
 *		Sums of doubles without any rounding: carries, merging, rounding once.
 */
#include "exact_total.h"

#define LIMBS	  MONITOR_TOTAL_LIMBS
#define LIMB_BASE (INT64_C(1) << 32)

void
monitor_total_settle(MonitorTotal *total)
{
	int64_t carry = 0;

	for (int i = 0; i < LIMBS - 1; i++)
	{
		int64_t v = total->limbs[i] + carry;

		carry = v >> 32; /* floor */
		total->limbs[i] = v - carry * LIMB_BASE;
	}
	total->limbs[LIMBS - 1] += carry;
	total->unsettled = 0;
}

void
monitor_total_merge(MonitorTotal *total, MonitorTotal *other)
{
	monitor_total_settle(total);
	monitor_total_settle(other);
	for (int i = 0; i < LIMBS; i++)
		total->limbs[i] += other->limbs[i];
	total->special += other->special;
	monitor_total_settle(total);
}

/* The magnitude of a settled total, least limb first; its sign. */
static bool
magnitude(const MonitorTotal *total, uint32_t digits[LIMBS])
{
	bool negative = total->limbs[LIMBS - 1] < 0;
	int64_t carry = 0;

	for (int i = 0; i < LIMBS; i++)
	{
		int64_t v = (negative ? -total->limbs[i] : total->limbs[i]) + carry;

		carry = v >> 32;
		digits[i] = (uint32_t) v;
	}
	return negative;
}

/* digits[n] * 2^exponent, rounded to nearest, ties to even. */
static double
rounded(const uint32_t *digits, int n, int exponent)
{
	unsigned __int128 top = 0;
	int first = n - 1;
	int last;

	while (first >= 0 && digits[first] == 0)
		first--;
	if (first < 0)
		return 0;
	last = first >= 2 ? first - 2 : 0;
	for (int i = first; i >= last; i--)
		top = top << 32 | digits[i];
	/* what is further down only breaks ties */
	for (int i = 0; i < last; i++)
	{
		if (digits[i] != 0)
			top |= 1;
	}
	return ldexp((double) top, exponent + 32 * last);
}

double
monitor_total_value(MonitorTotal *total)
{
	uint32_t digits[LIMBS];
	bool negative;
	double value;

	if (total->special != 0)
		return total->special;
	monitor_total_settle(total);
	negative = magnitude(total, digits);
	value = rounded(digits, LIMBS, -MONITOR_TOTAL_SHIFT);
	return negative ? -value : value;
}

/* product[2 LIMBS] = a b */
static void
multiply(const uint32_t *a, const uint32_t *b, uint32_t *product)
{
	memset(product, 0, 2 * LIMBS * sizeof(uint32_t));
	for (int i = 0; i < LIMBS; i++)
	{
		uint64_t carry = 0;

		if (a[i] == 0)
			continue;
		for (int j = 0; j < LIMBS; j++)
		{
			uint64_t v = (uint64_t) a[i] * b[j] + product[i + j] + carry;

			product[i + j] = (uint32_t) v;
			carry = v >> 32;
		}
		product[i + LIMBS] = (uint32_t) carry;
	}
}

double
monitor_total_spread(MonitorTotal *a, MonitorTotal *b, MonitorTotal *c)
{
	uint32_t x[LIMBS];
	uint32_t y[LIMBS];
	uint32_t minuend[2 * LIMBS];
	uint32_t subtrahend[2 * LIMBS];
	int64_t borrow = 0;

	if (a->special != 0 || b->special != 0 || c->special != 0)
		return NAN;
	monitor_total_settle(a);
	monitor_total_settle(b);
	monitor_total_settle(c);
	if (magnitude(a, x) != magnitude(b, y))
		return 0;
	multiply(x, y, minuend);
	magnitude(c, x);
	multiply(x, x, subtrahend);
	for (int i = 0; i < 2 * LIMBS; i++)
	{
		int64_t v = (int64_t) minuend[i] - subtrahend[i] + borrow;

		borrow = v >> 32;
		minuend[i] = (uint32_t) v;
	}
	return borrow != 0 ? 0 : rounded(minuend, 2 * LIMBS, -2 * MONITOR_TOTAL_SHIFT);
}
