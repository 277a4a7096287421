/*
 * test_exact_total.c
 *		Unit tests of sums without rounding.
 */
#include <float.h>
#include <stdlib.h>

#include "exact_total.h"
#include "unit.h"

#define TERMS 5000

static uint64_t random_state = UINT64_C(0x9E3779B97F4A7C15);

/* xorshift64 (Marsaglia 2003) */
static uint64_t
random_bits(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* A finite double of any size and sign. */
static double
random_double(void)
{
	double x;

	do
	{
		uint64_t bits = random_bits();

		memcpy(&x, &bits, sizeof(x));
	} while (!isfinite(x));
	return x;
}

static double
sum_of(const double *terms, int n)
{
	MonitorTotal total = {0};

	for (int i = 0; i < n; i++)
		monitor_total_add(&total, terms[i]);
	return monitor_total_value(&total);
}

static void
test_rounding(void)
{
	unit_close(sum_of((double[]){0}, 0), 0, 0, "nothing");
	unit_close(sum_of((double[]){DBL_MAX, 1, -DBL_MAX}, 3), 1, 0, "1 between two huge terms");
	unit_close(sum_of((double[]){1, 0x1p-53}, 2), 1, 0, "a tie goes to even, down");
	unit_close(sum_of((double[]){1 + 0x1p-52, 0x1p-53}, 2), 1 + 0x1p-51, 0, "and up");
	unit_close(sum_of((double[]){1, 0x1p-53, 0x1p-1074}, 3), 1 + 0x1p-52, 0,
			   "the smallest double breaks a tie");
	unit_close(sum_of((double[]){-1, -0x1p-53, -0x1p-1074}, 3), -1 - 0x1p-52, 0, "also below 0");
	unit_close(sum_of((double[]){0x1p-1074, 0x1p-1074, 0x1p-1074}, 3), 3 * 0x1p-1074, 0,
			   "subnormal");
	unit_close(sum_of((double[]){DBL_MAX, DBL_MAX}, 2), INFINITY, 0, "too large for a double");
	unit_close(sum_of((double[]){DBL_MAX, DBL_MAX, -DBL_MAX}, 3), DBL_MAX, 0, "and back");
	unit_close(sum_of((double[]){1, INFINITY, -5}, 3), INFINITY, 0, "an infinity");
	unit_close(sum_of((double[]){-INFINITY, 1, INFINITY}, 3), NAN, 0, "both infinities");
	unit_close(sum_of((double[]){0.1, 0.2, -0.3}, 3), 2.7755575615628914e-17, 0, "0.1 + 0.2 - 0.3");
}

static void
test_order(void)
{
	static double terms[TERMS];
	MonitorTotal forward = {0};
	MonitorTotal halves[2] = {{{0}, 0, 0}, {{0}, 0, 0}};
	double sum;

	for (int i = 0; i < TERMS; i++)
		terms[i] = random_double();
	for (int i = 0; i < TERMS; i++)
		monitor_total_add(&forward, terms[i]);
	sum = monitor_total_value(&forward);
	for (int i = TERMS - 1; i >= 0; i--)
		monitor_total_add(&halves[random_bits() % 2], terms[i]);
	monitor_total_merge(&halves[0], &halves[1]);
	unit_ok(monitor_total_value(&halves[0]) == sum, "two parts in reverse give the same sum");
	unit_ok(memcmp(&halves[0], &forward, sizeof(forward)) == 0, "and the same bytes");
	for (int i = 0; i < TERMS; i++)
		monitor_total_add(&forward, -terms[i]);
	unit_ok(monitor_total_value(&forward) == 0, "taking all terms back leaves 0");
}

/* sum w, sum w y^2, sum w y */
static double
spread(const double *y, int n, double weight)
{
	MonitorTotal w = {0};
	MonitorTotal squares = {0};
	MonitorTotal sums = {0};

	for (int i = 0; i < n; i++)
	{
		double wy = weight * y[i];

		monitor_total_add(&w, weight);
		monitor_total_add_product(&squares, wy, y[i]);
		monitor_total_add_product(&squares, fma(weight, y[i], -wy), y[i]);
		monitor_total_add_product(&sums, weight, y[i]);
	}
	return monitor_total_spread(&w, &squares, &sums);
}

static void
test_spread(void)
{
	unit_close(spread((double[]){0.1, 0.1, 0.1}, 3, 1), 0, 0, "equal values");
	unit_close(spread((double[]){0.1, 0.1, 0.1}, 3, 0.3), 0, 0, "equal values with weights");
	unit_close(spread((double[]){1e15, 1e15 + 1}, 2, 1), 1, 0, "neighbours far from 0");
	unit_close(spread((double[]){-3, 3}, 2, 1), 36, 0, "about 0");
	unit_close(spread((double[]){1, 2, 4}, 3, 0.5), 0.25 * (3 * 21 - 49), 0, "weights of a half");
	unit_close(spread((double[]){1e100, 1e100 * (1 + 0x1p-52)}, 2, 1),
			   pow(1e100 * (1 + 0x1p-52) - 1e100, 2), 1e-15, "neighbours of 1e100");
	unit_close(spread((double[]){1e200, 1}, 2, 1), NAN, 0, "squares out of range");
}

int
main(void)
{
	test_rounding();
	test_order();
	test_spread();
	return unit_done();
}
