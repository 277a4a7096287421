/*
 * divergence.c
 *		Divergences between two columns of counts over the same cells.
 *
 * Shares of nearly equal samples differ in their last digits only.  Every term
 * is therefore built from the exact integer difference of the shares, scaled
 * to a common denominator, and written so that it cannot cancel.
 */
#include <stdio.h>

#include "cells.h"
#include "tests.h"

/*
 * A cell's two shares: p of the reference, q of the current sample, with
 * q / p - 1 computed without cancellation (infinite when p = 0).
 */
typedef struct Shares
{
	double p;
	double q;
	double difference;	   /* q - p */
	double log_ratio;	   /* ln(q / p) */
	double ratio_less_one; /* q / p - 1 */
} Shares;

static Shares
shares_of(monitor_int128 a, monitor_int128 n, monitor_int128 b, monitor_int128 m)
{
	Shares s;
	double numerator = (double) (b * n - a * m);

	s.p = (double) a / (double) n;
	s.q = (double) b / (double) m;
	s.difference = numerator / ((double) n * (double) m);
	s.ratio_less_one = a == 0 ? INFINITY : numerator / ((double) a * (double) m);
	/* near 1 the ratio has lost what the difference has kept, far from 1 the other way round */
	s.log_ratio = fabs(s.ratio_less_one) < 0.5
		? log1p(s.ratio_less_one)
		: log(((double) b * (double) n) / ((double) a * (double) m));
	return s;
}

static Shares
raw_shares(const MonitorCells *cells, int64_t i)
{
	return shares_of(cells->reference[i], cells->total_reference, cells->current[i],
					 cells->total_current);
}

/* (c + 1/2) / (n + B/2), doubled to stay in integers */
static Shares
smoothed_shares(const MonitorCells *cells, int64_t i)
{
	return shares_of(2 * (monitor_int128) cells->reference[i] + 1,
					 2 * (monitor_int128) cells->total_reference + cells->n,
					 2 * (monitor_int128) cells->current[i] + 1,
					 2 * (monitor_int128) cells->total_current + cells->n);
}

double
monitor_psi_term(const MonitorCells *cells, int64_t i)
{
	Shares s = smoothed_shares(cells, i);

	return s.difference * s.log_ratio;
}

/*
 * Kullback-Leibler term q ln(q/p), made non-negative by adding p - q (which sums
 * to 0 over the cells): p ((1 + d) ln(1 + d) - d), d = q/p - 1.
 */
static double
kl_term(const MonitorCells *cells, int64_t i)
{
	Shares s = smoothed_shares(cells, i);
	double d = s.ratio_less_one;
	double sum = 0;

	if (fabs(d) > 0.05)
		return s.q * s.log_ratio - s.difference;
	/* sum over k >= 2 of (-d)^k / (k (k - 1)), highest power first */
	for (int k = 14; k >= 2; k--)
		sum = 1.0 / (k * (k - 1)) - d * sum;
	return s.p * d * d * sum;
}

/*
 * Jensen-Shannon term in bits (Lin 1991): with s = p + q and x = (q - p) / s it is
 * s/4 [(1 + x) ln(1 + x) + (1 - x) ln(1 - x)] / ln 2.
 */
static double
js_term(const MonitorCells *cells, int64_t i)
{
	Shares shares = raw_shares(cells, i);
	double s = shares.p + shares.q;
	double x = shares.difference / s;
	double x2 = x * x;
	double bracket = 0;

	if (shares.p == 0 || shares.q == 0)
		bracket = 2 * M_LN2;
	else if (fabs(x) > 0.1)
		bracket = (1 + x) * log1p(x) + (1 - x) * log1p(-x);
	else
	{
		/* sum over k >= 1 of x^2k / (k (2k - 1)) */
		for (int k = 8; k >= 1; k--)
			bracket = x2 * (1.0 / (k * (2 * k - 1)) + bracket);
	}
	return s / 4 * bracket / M_LN2;
}

/* (sqrt p - sqrt q)^2 / 2 */
static double
hellinger_term(const MonitorCells *cells, int64_t i)
{
	Shares s = raw_shares(cells, i);
	double d = s.difference / (sqrt(s.p) + sqrt(s.q));

	return d * d / 2;
}

static double
difference_term(const MonitorCells *cells, int64_t i)
{
	return fabs(raw_shares(cells, i).difference);
}

static double
sum_terms(const MonitorCells *cells, double (*term)(const MonitorCells *, int64_t))
{
	double sum = 0;

	for (int64_t i = 0; i < cells->n; i++)
	{
		MONITOR_POLL(i);
		sum += term(cells, i);
	}
	return sum;
}

static double
max_difference(const MonitorCells *cells)
{
	double max = 0;

	for (int64_t i = 0; i < cells->n; i++)
		max = fmax(max, difference_term(cells, i));
	return max;
}

MonitorStatus
monitor_divergence(MonitorDivergence kind, const MonitorCells *cells, double *value)
{
	if (cells->total_reference == 0 || cells->total_current == 0)
		return MONITOR_UNDEFINED;
	switch (kind)
	{
		case MONITOR_PSI:
			*value = sum_terms(cells, monitor_psi_term);
			break;
		case MONITOR_KL:
			*value = sum_terms(cells, kl_term);
			break;
		case MONITOR_JS:
			*value = fmin(1, sqrt(sum_terms(cells, js_term)));
			break;
		case MONITOR_HELLINGER:
			*value = fmin(1, sqrt(sum_terms(cells, hellinger_term)));
			break;
		case MONITOR_TV:
			*value = fmin(1, sum_terms(cells, difference_term) / 2);
			break;
		case MONITOR_L_INFINITY:
			*value = max_difference(cells);
			break;
	}
	return MONITOR_OK;
}

/*
 * Cells with no reference row were chosen because they have none, and where
 * pooled counts are small the chi-square is far from PSI: p is then too small,
 * which `method` tells.
 */
static void
describe_psi_cells(const MonitorCells *cells, MonitorTestResult *result)
{
	double rows = (double) cells->total_reference + (double) cells->total_current;
	double smaller = fmin(cells->total_reference, cells->total_current);
	long unseen = 0;
	long sparse = 0;

	for (int64_t i = 0; i < cells->n; i++)
	{
		double pooled = (double) cells->reference[i] + (double) cells->current[i];

		unseen += cells->reference[i] == 0;
		sparse += pooled * smaller < 5 * rows;
	}
	if (unseen > 0)
		snprintf(result->method, MONITOR_METHOD_LEN,
				 "chi-square of PSI (%ld of %ld cells new: p too small)", unseen, (long) cells->n);
	else if (sparse > 0)
		snprintf(result->method, MONITOR_METHOD_LEN,
				 "chi-square of PSI (%ld of %ld cells expect < 5)", sparse, (long) cells->n);
}

/*
 * Without drift PSI / (1/n + 1/m) follows chi-square on B - 1 degrees (Yurdakul
 * 2018), so its mean is (B - 1)(1/n + 1/m): what is above that is the effect.
 */
MonitorStatus
monitor_psi_test(const MonitorCells *cells, MonitorTestResult *result)
{
	double psi;
	double unit;
	double df = (double) (cells->n - 1);
	MonitorStatus status = monitor_divergence(MONITOR_PSI, cells, &psi);

	if (status != MONITOR_OK)
		return status;
	unit = 1.0 / cells->total_reference + 1.0 / cells->total_current;
	monitor_result_init(result, cells->total_reference, cells->total_current, "chi-square of PSI");
	monitor_result_exact(result, psi);
	result->df = df;
	result->p_value = monitor_chisq_sf(psi / unit, df);
	result->effect_size = fmax(0, psi - df * unit);
	if (cells->n > 1)
		describe_psi_cells(cells, result);
	return MONITOR_OK;
}
