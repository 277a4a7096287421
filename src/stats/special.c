/*
 * special.c
 *		Tail probabilities with relative accuracy 1e-10 down to 1e-300, and the
 *		gamma function pieces that they are made of.
 *
 * GSL 2.7's own were measured against mpmath (df 0.5 .. 1e9, p from 1 to
 * 1e-300) and left aside: gsl_cdf_tdist_Q is off by 3e-7 at df = 50 (its
 * Cornish-Fisher branch) and gives 0 for p = 1e-250 at df = 1; the incomplete
 * beta function, by its argument df / (df + t^2), loses t below sqrt(df) * 1e-8;
 * gsl_sf_gamma_inc_Q_e can stop with GSL_EMAXITER, and gsl_cdf_chisq_Q is off by
 * 7e-10, near df = 2e6.
 */
#include <float.h>

#include "numeric.h"
#include "tests.h"

/* Enough for df = 1e10, where sqrt(df) governs how long a fraction gets. */
#define MAX_TERMS 2000000

/* Above this df, Hill's expansion of t is good to 1e-12. */
#define LARGE_T_DF 1e4

/*
 * (1 + u) ln(1 + u) - u for u >= -1: the entropy term of every likelihood
 * ratio.  Near 0 it is the series sum_{k >= 2} (-u)^k / (k (k - 1)).
 */
double
monitor_entropy_excess(double u)
{
	double power;
	double sum = 0.0;

	if (u <= -1.0)
		return 1.0;
	if (fabs(u) > 0.25)
		return (1.0 + u) * log1p(u) - u;
	power = u * u;
	for (int k = 2; k < 40; k++)
	{
		double term = power / ((double) k * (k - 1));

		sum += term;
		if (fabs(term) <= 0.1 * DBL_EPSILON * sum)
			break;
		power *= -u;
	}
	return sum;
}

/* Sum of coefficient[k] x^k over k < n. */
static double
polynomial(double x, const double *coefficient, int n)
{
	double sum = 0.0;

	while (n-- > 0)
		sum = sum * x + coefficient[n];
	return sum;
}

/*
 * ln Gamma(a + 1) - (a + 1/2) ln a + a - ln(2 pi) / 2, a > 0: the asymptotic
 * series (Abramowitz & Stegun 1964, 6.1.41) where it converges to rounding,
 * the recurrence down from there.
 */
double
monitor_stirling_rest(double a)
{
	static const double series[] = {1.0 / 12,	 -1.0 / 360, 1.0 / 1260,
									-1.0 / 1680, 1.0 / 1188, -691.0 / 360360};
	double shift = 0.0;

	for (; a < 16.0; a += 1.0)
		shift += (a + 0.5) * log1p(1.0 / a) - 1.0;
	return shift + polynomial(1.0 / (a * a), series, 6) / a;
}

/*
 * Gamma(a + 1/2) / Gamma(a), a > 0: the asymptotic series (Tricomi & Erdelyi
 * 1951) where it converges to rounding, the recurrence down from there.
 */
double
monitor_gamma_half_ratio(double a)
{
	static const double series[] = {1.0, -1.0, 1.0 / 2, 5.0 / 2, -21.0 / 8, -399.0 / 8, 869.0 / 16};
	double factor = 1.0;

	for (; a < 64.0; a += 1.0)
		factor *= a / (a + 0.5);
	return factor * sqrt(a) * polynomial(1.0 / (8.0 * a), series, 7);
}

/*
 * x^a e^-x / Gamma(a + 1), by the saddle point form (Loader 2000), which does
 * not cancel for large a.
 */
static double
gamma_density(double a, double x)
{
	double deviance = x * monitor_entropy_excess((a - x) / x);

	return exp(-deviance - monitor_stirling_rest(a) - MONITOR_HALF_LN_2PI) / sqrt(a);
}

/* P(a, x) / gamma_density(a, x), x < a + 1: sum of x^k / ((a+1) .. (a+k)). */
static double
gamma_series(double a, double x)
{
	double term = 1.0;
	double sum = 1.0;

	for (int k = 1; k < MAX_TERMS && term > 1e-17 * sum; k++)
	{
		term *= x / (a + k);
		sum += term;
	}
	return sum;
}

/*
 * Q(a, x) / (a gamma_density(a, x)), x >= a + 1: Legendre's continued fraction
 * (Abramowitz & Stegun 1964, 6.5.31, even part) by Lentz' method.
 */
static double
gamma_fraction(double a, double x)
{
	double b = x + 1.0 - a;
	double d = 1.0 / b;
	double c = DBL_MAX;
	double value = d;

	for (int k = 1; k < MAX_TERMS; k++)
	{
		double an = k * (a - k);
		double step;

		b += 2.0;
		d = 1.0 / (an * d + b);
		c = b + an / c;
		step = c * d;
		value *= step;
		if (fabs(step - 1.0) < DBL_EPSILON)
			break;
	}
	return value;
}

/* P(chi-square with df degrees > x); df = 0 is the constant 0, and gives 1. */
double
monitor_chisq_sf(double x, double df)
{
	double a = 0.5 * df;
	double q;

	if (isnan(x) || isnan(df))
		return NAN;
	if (df <= 0.0 || x <= DBL_MIN)
		return 1.0;
	if (isinf(x))
		return 0.0;
	x *= 0.5;
	if (x < a + 1.0)
		q = 1.0 - gamma_density(a, x) * gamma_series(a, x);
	else
		q = a * gamma_density(a, x) * gamma_fraction(a, x);
	return fmin(fmax(q, 0.0), 1.0);
}

/* P(|Z| > |z|), Z standard normal. */
double
monitor_normal_two_sided(double z)
{
	return erfc(fabs(z) * 0.70710678118654752440);
}

/*
 * The continued fraction of the incomplete beta function I_x(a, b) divided by
 * x^a (1-x)^b / (a B(a,b)) (Abramowitz & Stegun 1964, 26.5.8), by Lentz'
 * method; fast for x < (a + 1) / (a + b + 2).
 */
static double
beta_fraction(double a, double b, double x)
{
	double c = 1.0;
	double d = 1.0 / (1.0 - (a + b) * x / (a + 1.0));
	double value = d;

	for (int k = 1; k < MAX_TERMS; k++)
	{
		double even = k * (b - k) * x / ((a + 2 * k - 1.0) * (a + 2 * k));
		double odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1.0));
		double step;

		d = 1.0 / (1.0 + even * d);
		c = 1.0 + even / c;
		value *= c * d;
		d = 1.0 / (1.0 + odd * d);
		c = 1.0 + odd / c;
		step = c * d;
		value *= step;
		if (fabs(step - 1.0) < DBL_EPSILON)
			break;
	}
	return value;
}

/*
 * P(|T| > t) for large df: the normal deviate with the same tail (Hill 1970,
 * CACM algorithm 395); its error falls with df^-6.
 */
static double
t_two_sided_large(double t, double df)
{
	double a = df - 0.5;
	double b = 48.0 * a * a;
	double y = a * log1p(t / df * t);
	double z = sqrt(y);

	z += z * (y + 3.0) / b -
		z * (855.0 + y * (240.0 + y * (33.0 + y * 4.0))) / (10.0 * b * (b + 0.8 * y * y + 100.0));
	return monitor_normal_two_sided(z);
}

/*
 * P(|T| > |t|), T Student with df > 0 degrees, real: I_x(df/2, 1/2) at
 * x = df / (df + t^2), or its complement where the fraction is slow (p > 0.08
 * there, so that the subtraction is harmless).
 */
double
monitor_t_two_sided(double t, double df)
{
	double a = 0.5 * df;
	double u; /* t^2 / df */
	double log_one_plus_u;
	double front; /* x^a (1-x)^1/2 / B(a, 1/2) */
	double p;

	t = fabs(t);
	if (isnan(t) || isnan(df) || df <= 0.0)
		return NAN;
	if (t == 0.0)
		return 1.0;
	if (isinf(t))
		return 0.0;
	if (df > LARGE_T_DF)
		return t_two_sided_large(t, df);

	u = t / df * t;
	if (t < 1e150)
		log_one_plus_u = log1p(u);
	else
		log_one_plus_u = 2.0 * log(t) - log(df);
	front = exp(-a * log_one_plus_u) * monitor_gamma_half_ratio(a) / sqrt(MONITOR_PI);
	if (!(u < 1e15))
		p = front / a; /* x = 0, 1 - x = 1 to rounding */
	else
	{
		front *= sqrt(u / (1.0 + u));
		if (t * t > 3.0 * df / (df + 2.0))
			p = front * beta_fraction(a, 0.5, 1.0 / (1.0 + u)) / a;
		else
			p = 1.0 - front * beta_fraction(0.5, a, u / (1.0 + u)) / 0.5;
	}
	return fmin(fmax(p, 0.0), 1.0);
}
