/*
 * evidence.c
 *		E-values of one window (averaged beta-binomial mixture against a ball
 *		around the reference) and corrections for many hypotheses.
 */
#include <float.h>

#include <gsl/gsl_sort.h>

#include "evidence.h"

static const double kappas[] = {20, 200, 2000};

#define NKAPPAS ((int) (sizeof(kappas) / sizeof(kappas[0])))

/* ln B(a, b) for positive arguments */
static double
log_beta(double a, double b)
{
	int sign;

	return lgamma_r(a, &sign) + lgamma_r(b, &sign) - lgamma_r(a + b, &sign);
}

/* x ln p with 0 ln 0 = 0 */
static double
x_log_p(double x, double p)
{
	return x == 0 ? 0 : x * log(p);
}

/* ln(e^a + e^b) */
static double
log_add(double a, double b)
{
	double high = fmax(a, b);

	if (high == -INFINITY)
		return high;
	return high + log1p(exp(fmin(a, b) - high));
}

double
monitor_log_e_binomial(double x, double t, double f, double low, double high, double kappa)
{
	double a = kappa * f;
	double b = kappa * (1 - f);
	double share = fmin(fmax(x / t, low), high);

	return log_beta(a + x, b + t - x) - log_beta(a, b) -
		(x_log_p(x, share) + x_log_p(t - x, 1 - share));
}

/*
 * Radius of the ball that holds the reference's true shares with probability
 * 1 - level: Dvoretzky-Kiefer-Wolfowitz with Massart's constant (1990) for a
 * distribution function, Hoeffding (1963) with a union bound over k cells for
 * categories.
 */
static double
ball_radius(double n, int64_t k, bool ordered, double level)
{
	double bounds = ordered ? 2 : 2 * (double) k;

	return sqrt(log(bounds / level) / (2 * n));
}

/*
 * How large the true share of all that the reference never had may be, with
 * probability 1 - level.  Hoeffding does not hold for a cell that was chosen
 * because it is empty.  The missing mass exceeds its mean by e with
 * probability exp(-n e^2) at most (McAllester and Ortiz 2003), its mean is at most
 * that of Good and Turing's estimate, the share of rows whose category stands
 * once, and a row changes that by 2/n at most (McDiarmid 1989).
 */
static double
missing_mass_bound(double n, double share_of_singles, double level)
{
	return fmin(1, share_of_singles + (1 + sqrt(2)) * sqrt(log(2 / level) / n));
}

double
monitor_log_evidence(const MonitorEvidenceStreams *streams, double reference_level, double phi)
{
	double n = streams->n_reference / phi;
	double t = streams->n_current / phi;
	double half = 0.5 / streams->n_reference;
	double log_sum = -INFINITY;
	double radius;

	if (streams->n_reference == 0 || streams->n_current == 0 || streams->k == 0)
		return 0;
	radius = ball_radius(n, streams->k, streams->ordered, reference_level);
	for (int64_t i = 0; i < streams->k; i++)
	{
		double share = (double) streams->reference[i] / streams->n_reference;
		double f = fmin(fmax(share, half), 1 - half);
		double high = f + radius;

		MONITOR_POLL(i);
		if (i == streams->unseen)
			high = fmax(high,
						missing_mass_bound(n, (double) streams->singles / streams->n_reference,
										   reference_level / streams->k));
		for (int j = 0; j < NKAPPAS; j++)
			log_sum = log_add(log_sum,
							  monitor_log_e_binomial(streams->current[i] / phi, t, f, f - radius,
													 high, kappas[j]));
	}
	return log_sum - log((double) streams->k * NKAPPAS);
}

double
monitor_evidence_p(double log_e, double reference_level)
{
	return fmin(1, reference_level + exp(-log_e));
}

/* sum of 1/i, i = 1 .. k */
static double
harmonic(int64_t k)
{
	double sum = 0;

	for (int64_t i = k; i >= 1; i--)
		sum += 1.0 / i;
	return sum;
}

/* Step-down: p_(i) (k - i + 1), made monotone from the smallest up. */
static void
adjust_holm(double *p, int64_t k, const size_t *order)
{
	double running = 0;

	for (int64_t i = 0; i < k; i++)
	{
		running = fmax(running, fmin(1, p[order[i]] * (k - i)));
		p[order[i]] = running;
	}
}

/* Step-up: p_(i) factor / i, made monotone from the largest down. */
static void
adjust_step_up(double *p, int64_t k, const size_t *order, double factor)
{
	double running = 1;

	for (int64_t i = k; i >= 1; i--)
	{
		running = fmin(running, p[order[i - 1]] * factor / i);
		p[order[i - 1]] = running;
	}
}

void
monitor_adjust_p_values(double *p, int64_t k, MonitorAdjustment method, size_t *order)
{
	gsl_sort_index(order, p, 1, k);
	switch (method)
	{
		case MONITOR_BH:
			adjust_step_up(p, k, order, k);
			break;
		case MONITOR_BY:
			adjust_step_up(p, k, order, k * harmonic(k));
			break;
		case MONITOR_HOLM:
			adjust_holm(p, k, order);
			break;
		case MONITOR_BONFERRONI:
			for (int64_t i = 0; i < k; i++)
				p[i] = fmin(1, p[i] * k);
			break;
	}
}

/*
 * e-BH rejects the r-th largest at level alpha when some i >= r has
 * e_(i) >= k / (alpha i): the smallest such alpha is min over i >= r of k / (i e_(i)).
 */
void
monitor_adjust_e_values(double *e, int64_t k, size_t *order)
{
	double running = 1;

	gsl_sort_index(order, e, 1, k);
	for (int64_t rank = k; rank >= 1; rank--)
	{
		double *value = &e[order[k - rank]];

		running = fmin(running, k / (rank * *value));
		*value = running;
	}
}
