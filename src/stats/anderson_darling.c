/*
 * anderson_darling.c
 *		The two-sample Anderson-Darling test with midranks (Scholz and Stephens
 *		1987, eq. 7, k = 2; as scipy.stats.anderson_ksamp).
 */
#include "numeric.h"
#include "tests.h"

/* Scholz and Stephens' critical values for k = 2, at p = 0.25 and 0.001. */
#define CRITICAL_UPPER_P 0.325
#define CRITICAL_LOWER_P 6.546

/* Up to this many values in all, N^2 stays below 2^62. */
#define MAX_VALUES INT64_C(2000000000)

/* The harmonic number of n, and that of second order. */
static void
harmonic(int64_t n, double *first, double *second)
{
	double x = (double) n;
	double r = 1.0 / (x * x);

	*first = 0.0;
	*second = 0.0;
	if (n < 64)
	{
		for (int64_t i = n; i >= 1; i--)
		{
			*first += 1.0 / (double) i;
			*second += 1.0 / ((double) i * (double) i);
		}
		return;
	}
	/* Abramowitz & Stegun 1964, 6.3.18 and 6.4.12 */
	*first = log(x) + 0.57721566490153286061 + 0.5 / x - r * (1.0 / 12 - r * (1.0 / 120 - r / 252));
	*second = MONITOR_PI * MONITOR_PI / 6.0 -
		(1.0 - 0.5 / x + r * (1.0 / 6 - r * (1.0 / 30 - r / 42))) / x;
}

/*
 * The standard deviation of A2 (Scholz and Stephens, eq. 4, k = 2).  With h
 * and h2 the harmonic numbers of N - 1, their double sum g is h2 - 2 h / N.
 * N > 3.
 */
static double
deviation(double n, double m)
{
	double total = n + m;
	double inverse = 1.0 / n + 1.0 / m;
	double h;
	double h2;
	double g;
	double a;
	double b;
	double c;
	double d;

	harmonic((int64_t) total - 1, &h, &h2);
	g = h2 - 2.0 * h / total;
	a = 4.0 * g - 6.0 + (10.0 - 6.0 * g) * inverse;
	b = 4.0 * (2.0 * g - 4.0) + 16.0 * h + (2.0 * g - 14.0 * h - 4.0) * inverse - 8.0 * h +
		4.0 * g - 6.0;
	c = 4.0 * (6.0 * h + 2.0 * g - 2.0) + 2.0 * (4.0 * h - 4.0 * g + 6.0) +
		(2.0 * h - 6.0) * inverse + 4.0 * h;
	d = 4.0 * (2.0 * h + 6.0) - 8.0 * h;
	return sqrt((((a * total + b) * total + c) * total + d) /
				((total - 1.0) * (total - 2.0) * (total - 3.0)));
}

/*
 * A2 (eq. 7).  For two samples both inner sums are the same but for a factor:
 * with twice the midrank counts in integers,
 *		A2 = (N-1) / (N n m) * sum l (m 2M - n 2K)^2 / (2B (2N - 2B) - N l),
 * l values tied, M, K and B the values below plus half the tie.
 */
static double
statistic_a2(const MonitorSample *reference, const MonitorSample *current)
{
	MonitorMerge merge;
	MonitorTie tie;
	MonitorSum sum = {0.0, 0.0};
	int64_t n = reference->n;
	int64_t m = current->n;
	int64_t total = n + m;

	monitor_merge_begin(&merge, reference, current);
	while (monitor_merge_next(&merge, &tie))
	{
		int64_t twice_m = 2 * tie.below_reference + tie.in_reference;
		int64_t twice_k = 2 * tie.below_current + tie.in_current;
		int64_t twice_b = twice_m + twice_k;
		int64_t tied = tie.in_reference + tie.in_current;
		double difference = (double) (m * twice_m - n * twice_k);
		int64_t divisor = twice_b * (2 * total - twice_b) - total * tied;

		monitor_sum_add(&sum, difference * difference * (double) tied / (double) divisor);
	}
	return monitor_sum_value(&sum) * ((double) (total - 1) / (double) total) / (double) n /
		(double) m;
}

/*
 * p: the logarithm of the seven tabled levels, as a quadratic fitted by least
 * squares to their critical values (SciPy's way; numpy.polyfit), within the
 * table only.
 */
static double
table_p(double a2, const char **method)
{
	*method = "k-sample, midranks";
	if (a2 < CRITICAL_UPPER_P)
	{
		*method = "k-sample, midranks; p >= 0.25 (capped)";
		return 0.25;
	}
	if (a2 > CRITICAL_LOWER_P)
	{
		*method = "k-sample, midranks; p <= 0.001 (floored)";
		return 0.001;
	}
	return exp((0.018198094574112588 * a2 - 1.0082265644652506) * a2 - 1.0777702798204873);
}

/*
 * Statistic and effect size: A2 less its mean 1, in standard deviations.
 * Undefined for fewer than 4 values, unless all are equal.
 */
MonitorStatus
monitor_anderson_darling(const MonitorSample *reference, const MonitorSample *current,
						 MonitorTestResult *result)
{
	const char *method = "k-sample, midranks";
	double statistic = 0.0;
	double p_value = 1.0;

	if (reference->n <= 0 || current->n <= 0)
		return MONITOR_UNDEFINED;
	if (reference->n > MAX_VALUES || current->n > MAX_VALUES - reference->n)
		return MONITOR_OVERFLOW;
	if (!monitor_one_value(reference, current))
	{
		if (reference->n + current->n < 4)
			return MONITOR_UNDEFINED;
		statistic = (statistic_a2(reference, current) - 1.0) /
			deviation((double) reference->n, (double) current->n);
		p_value = table_p(statistic, &method);
	}
	monitor_result_init(result, reference->n, current->n, method);
	monitor_result_exact(result, statistic);
	result->p_value = p_value;
	result->effect_size = statistic;
	return MONITOR_OK;
}
