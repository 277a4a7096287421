/*
 * welch.c
 *		Welch's t test, two-sided (as scipy.stats.ttest_ind, equal_var=False),
 *		with Hedges' g as effect size.
 */
#include "numeric.h"
#include "tests.h"

/* Moments of one sample in the units that both are scaled to. */
typedef struct Moments
{
	double mean;
	double variance; /* divisor n - 1 */
	int64_t n;
} Moments;

/* No drift at all: two equal constants. */
static void
equal_constants(int64_t n, int64_t m, MonitorTestResult *result)
{
	monitor_result_init(result, n, m, "Welch");
	monitor_result_exact(result, 0.0);
	result->p_value = 1.0;
	result->effect_size = 0.0;
}

/*
 * Hedges' bias correction for nu degrees (Hedges 1981, eq. 6e):
 * Gamma(nu/2) / (sqrt(nu/2) Gamma((nu - 1)/2)), nu >= 2.
 */
static double
hedges_correction(double nu)
{
	return monitor_gamma_half_ratio(0.5 * (nu - 1.0)) / sqrt(0.5 * nu);
}

/*
 * The test of two samples of at least 2 values each, variances not both 0.
 * Degrees of freedom by Welch (1947) and Satterthwaite (1946), written with
 * the shares of the two sides in the variance of the difference, so that no
 * square can overflow.
 */
static void
welch_test(const Moments *reference, const Moments *current, MonitorTestResult *result)
{
	double n = (double) reference->n;
	double m = (double) current->n;
	int exponent;
	double largest = sqrt(fmax(reference->variance, current->variance));
	double v_reference;
	double v_current;
	double half_difference;
	double error;
	double share;
	double df;
	double pooled;

	/* Halved, the difference of any two means is finite. */
	frexp(largest, &exponent);
	half_difference = ldexp(0.5 * reference->mean - 0.5 * current->mean, -exponent);
	v_reference = ldexp(reference->variance, -2 * exponent);
	v_current = ldexp(current->variance, -2 * exponent);

	error = v_reference / n + v_current / m;
	share = v_reference / n / error;
	df = 1.0 / (share * share / (n - 1.0) + (1.0 - share) * (1.0 - share) / (m - 1.0));
	pooled = ((n - 1.0) * v_reference + (m - 1.0) * v_current) / (n + m - 2.0);

	monitor_result_init(result, reference->n, current->n, "Welch");
	monitor_result_exact(result, 2.0 * half_difference / sqrt(error));
	result->p_value = monitor_t_two_sided(result->statistic, df);
	result->df = df;
	result->effect_size = -2.0 * half_difference / sqrt(pooled) * hedges_correction(n + m - 2.0);
}

/* Either of the cases where both sides are constant, or the test. */
static MonitorStatus
welch_from_moments(const Moments *reference, const Moments *current, MonitorTestResult *result)
{
	if (reference->variance == 0.0 && current->variance == 0.0)
	{
		if (reference->mean == current->mean)
		{
			equal_constants(reference->n, current->n, result);
			return MONITOR_OK;
		}
		if (reference->n < 2 || current->n < 2)
			return MONITOR_UNDEFINED;
		monitor_result_init(result, reference->n, current->n, "Welch");
		monitor_result_exact(result, reference->mean > current->mean ? INFINITY : -INFINITY);
		result->p_value = 0.0;
		result->effect_size = -result->statistic;
		return MONITOR_OK;
	}
	if (reference->n < 2 || current->n < 2)
		return MONITOR_UNDEFINED;
	welch_test(reference, current, result);
	return MONITOR_OK;
}

/*
 * From means, sample variances and sizes.  The variance of a single value is
 * taken as 0, whatever is given.  Undefined where a moment is not finite or a
 * side has fewer than 2 values, unless both are the same constant.
 */
MonitorStatus
monitor_welch_moments(double mean_reference, double var_reference, int64_t n_reference,
					  double mean_current, double var_current, int64_t n_current,
					  MonitorTestResult *result)
{
	Moments reference = {mean_reference, n_reference == 1 ? 0.0 : var_reference, n_reference};
	Moments current = {mean_current, n_current == 1 ? 0.0 : var_current, n_current};

	if (n_reference <= 0 || n_current <= 0)
		return MONITOR_UNDEFINED;
	if (!isfinite(mean_reference) || !isfinite(mean_current) || !isfinite(reference.variance) ||
		!isfinite(current.variance) || reference.variance < 0.0 || current.variance < 0.0)
		return MONITOR_UNDEFINED;
	return welch_from_moments(&reference, &current, result);
}

/*
 * The moments of (x - shift) * 2^-exponent: mean by a compensated sum, variance by a
 * second pass about it.  shift is one of the values, so that nearby values lose
 * nothing to the subtraction and a constant sample has variance exactly 0.
 */
static Moments
sample_moments(const MonitorSample *sample, double shift, int exponent)
{
	Moments moments = {0.0, 0.0, sample->n};
	MonitorSum sum = {0.0, 0.0};
	MonitorSum squares = {0.0, 0.0};
	MonitorSum rest = {0.0, 0.0};
	double factor = ldexp(1.0, -exponent);
	double n = (double) sample->n;
	bool constant = sample->keys[0] == sample->keys[sample->n - 1];

	if (constant)
	{
		moments.mean = monitor_double_from_key(sample->keys[0]) * factor - shift * factor;
		return moments;
	}
	for (int64_t i = 0; i < sample->n; i++)
	{
		MONITOR_POLL(i);
		monitor_sum_add(&sum, monitor_double_from_key(sample->keys[i]) * factor - shift * factor);
	}
	moments.mean = monitor_sum_value(&sum) / n;
	for (int64_t i = 0; i < sample->n; i++)
	{
		double d = monitor_double_from_key(sample->keys[i]) * factor - shift * factor -
			moments.mean;

		MONITOR_POLL(i);
		monitor_sum_add(&squares, d * d);
		monitor_sum_add(&rest, d);
	}
	moments.mean += monitor_sum_value(&rest) / n;
	moments.variance =
		(monitor_sum_value(&squares) - monitor_sum_value(&rest) * monitor_sum_value(&rest) / n) /
		(n - 1.0);
	return moments;
}

/* The greatest magnitude in both samples: it is at one of their ends. */
static double
greatest_magnitude(const MonitorSample *a, const MonitorSample *b)
{
	double of_a =
		fmax(-monitor_double_from_key(a->keys[0]), monitor_double_from_key(a->keys[a->n - 1]));
	double of_b =
		fmax(-monitor_double_from_key(b->keys[0]), monitor_double_from_key(b->keys[b->n - 1]));

	return fmax(fabs(of_a), fabs(of_b));
}

/*
 * From sorted values.  Undefined where a value is infinite or a side has fewer
 * than 2, unless both sides are the same constant.
 */
MonitorStatus
monitor_welch(const MonitorSample *reference, const MonitorSample *current,
			  MonitorTestResult *result)
{
	Moments of_reference;
	Moments of_current;
	double magnitude;
	double shift_reference;
	double shift_current;
	int exponent;

	if (reference->n <= 0 || current->n <= 0)
		return MONITOR_UNDEFINED;
	if (monitor_one_value(reference, current))
	{
		equal_constants(reference->n, current->n, result);
		return MONITOR_OK;
	}
	magnitude = greatest_magnitude(reference, current);
	if (isinf(magnitude) || reference->n < 2 || current->n < 2)
		return MONITOR_UNDEFINED;

	/* Bring the magnitude near 1, by a power of two that is no subnormal. */
	frexp(magnitude, &exponent);
	exponent = exponent > 1020 ? 1020 : exponent < -1020 ? -1020 : exponent;
	/* each sample is shifted by a value of its own: one far from the other's would cost it digits */
	shift_reference = monitor_double_from_key(reference->keys[reference->n / 2]);
	shift_current = monitor_double_from_key(current->keys[current->n / 2]);
	of_reference = sample_moments(reference, shift_reference, exponent);
	of_current = sample_moments(current, shift_current, exponent);
	of_reference.mean += shift_reference * ldexp(1.0, -exponent) -
		shift_current * ldexp(1.0, -exponent);
	return welch_from_moments(&of_reference, &of_current, result);
}
