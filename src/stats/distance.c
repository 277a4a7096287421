/*
 * distance.c
 *		Wasserstein and energy distance of two samples, in the values' own units
 *		(as scipy.stats.wasserstein_distance and energy_distance).
 *
 * With F and G the distribution functions, they are the integral of |F - G|
 * and the root of twice the integral of (F - G)^2.  Where F differs from G up
 * to or from an infinity on, the distance is infinite; equal mass there adds
 * nothing.
 */
#include "numeric.h"
#include "tests.h"

/*
 * Magnitudes above 2^1000 are scaled down, so that no difference overflows,
 * those below 2^-500 up, so that no weight times difference loses bits.
 * Exponents are even for the sake of the root.
 */
static int
scale_exponent(const MonitorSample *a, const MonitorSample *b)
{
	const MonitorSample *samples[2] = {a, b};
	double magnitude = 0.0;

	for (int s = 0; s < 2; s++)
	{
		double low = fabs(monitor_double_from_key(samples[s]->keys[0]));
		double high = fabs(monitor_double_from_key(samples[s]->keys[samples[s]->n - 1]));

		magnitude = fmax(magnitude, fmax(low, high));
	}
	if (magnitude > 0x1p1000)
		return -4;
	return magnitude < 0x1p-500 ? 500 : 0;
}

/*
 * The integral of |F - G|^power, power 1 or 2, over values scaled by
 * 2^exponent.  F - G comes from the integers m i - n j, so that it is exactly 0
 * where F = G.
 */
static double
integral(const MonitorSample *reference, const MonitorSample *current, int power, int exponent)
{
	MonitorMerge merge;
	MonitorTie tie;
	MonitorSum sum = {0.0, 0.0};
	double factor = ldexp(1.0, exponent);
	double previous = 0.0;
	double n = (double) reference->n;
	double m = (double) current->n;
	bool narrow = reference->n <= INT64_MAX / current->n;

	monitor_merge_begin(&merge, reference, current);
	while (monitor_merge_next(&merge, &tie))
	{
		double value = monitor_double_from_key(tie.key) * factor;
		double h; /* n m (F - G) below this value */

		if (narrow)
			h = (double) (current->n * tie.below_reference - reference->n * tie.below_current);
		else
			h = (double) ((monitor_int128) current->n * tie.below_reference -
						  (monitor_int128) reference->n * tie.below_current);
		if (h != 0.0) /* never so for the first value */
		{
			double difference = fabs(h) / n / m;
			double length = value - previous;

			if (isinf(length))
				return INFINITY;
			monitor_sum_add(&sum, (power == 2 ? difference * difference : difference) * length);
		}
		previous = value;
	}
	return monitor_sum_value(&sum);
}

static MonitorStatus
distance(const MonitorSample *reference, const MonitorSample *current, int power,
		 const char *method, MonitorTestResult *result)
{
	int exponent;
	double value;

	if (reference->n <= 0 || current->n <= 0)
		return MONITOR_UNDEFINED;
	exponent = scale_exponent(reference, current);
	value = integral(reference, current, power, exponent);
	if (power == 2)
		value = ldexp(sqrt(2.0 * value), -exponent / 2);
	else
		value = ldexp(value, -exponent);
	monitor_result_init(result, reference->n, current->n, method);
	monitor_result_exact(result, value);
	result->effect_size = value;
	return MONITOR_OK;
}

/* The integral of |F - G|: what it takes to move the one to the other. */
MonitorStatus
monitor_wasserstein(const MonitorSample *reference, const MonitorSample *current,
					MonitorTestResult *result)
{
	return distance(reference, current, 1, "Wasserstein", result);
}

/* sqrt(2 times the integral of (F - G)^2) (Szekely 2002). */
MonitorStatus
monitor_energy(const MonitorSample *reference, const MonitorSample *current,
			   MonitorTestResult *result)
{
	return distance(reference, current, 2, "energy", result);
}
