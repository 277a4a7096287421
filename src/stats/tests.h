/*
 * tests.h
 *		Two-sample tests and distances over sorted samples and over tables of
 *		counts, and the tail probabilities that they need.
 *
 * Every function: an empty side gives MONITOR_UNDEFINED; equal constants on
 * both sides give statistic "no drift" and p = 1; 0 <= p <= 1.
 */
#ifndef MONITOR_TESTS_H
#define MONITOR_TESTS_H

#include "sample.h"

/* ---- tail probabilities (special.c); relative accuracy 1e-10 down to 1e-300 ---- */

extern double monitor_chisq_sf(double x, double df);	/* P(chi2_df > x); df = 0: 1 */
extern double monitor_normal_two_sided(double z);		/* P(|Z| > |z|) */
extern double monitor_t_two_sided(double t, double df); /* P(|T_df| > |t|), df > 0 real */

/* ---- Kolmogorov-Smirnov (ks.c, ks_pvalue.c) ---- */

/*
 * p of the two-sided two-sample KS statistic D = h / (n_reference * n_current),
 * by the ladder of exact and corrected methods; its name goes to method.
 * scratch holds monitor_ks_scratch(...) doubles.
 */
extern size_t monitor_ks_scratch(int64_t n_reference, int64_t n_current);
extern double monitor_ks_pvalue(monitor_int128 h, int64_t n_reference, int64_t n_current,
								double *scratch, char method[MONITOR_METHOD_LEN]);

/* max |m * i - n * j| over the pooled distinct values: D * n * m as integer. */
extern monitor_int128 monitor_ks_numerator(const MonitorSample *reference,
										   const MonitorSample *current);

/* Correctly rounded h / (n * m). */
extern double monitor_ks_quotient(monitor_int128 h, int64_t n, int64_t m);

extern MonitorStatus monitor_ks(const MonitorSample *reference, const MonitorSample *current,
								double *scratch, MonitorTestResult *result);

/* The same from the numerator, no side being empty. */
extern void monitor_ks_from_numerator(monitor_int128 h, int64_t n_reference, int64_t n_current,
									  double *scratch, MonitorTestResult *result);

/*
 * The numerator of large samples in any order, which they keep (ks_buckets.c);
 * false where sorting them is the better way.  scratch holds
 * monitor_ks_buckets_scratch(...) words; 0: not to be tried.
 */
extern size_t monitor_ks_buckets_scratch(int64_t n_reference, int64_t n_current);
extern bool monitor_ks_buckets_numerator(const MonitorSample *reference,
										 const MonitorSample *current, uint64_t *scratch,
										 monitor_int128 *h);

/* ---- rank tests ---- */

extern MonitorStatus monitor_mann_whitney(const MonitorSample *reference,
										  const MonitorSample *current, MonitorTestResult *result);

/*
 * The same from numbers already counted: twice the U of the reference, and the
 * tie term sum(t^3 - t).  Two-sided, normal approximation with tie and
 * continuity correction.
 */
extern void monitor_mann_whitney_p(monitor_int128 twice_u, double tie_term, int64_t n_reference,
								   int64_t n_current, double *p_value, double *effect_size);

extern MonitorStatus monitor_cramer_von_mises(const MonitorSample *reference,
											  const MonitorSample *current,
											  MonitorTestResult *result);
extern MonitorStatus monitor_anderson_darling(const MonitorSample *reference,
											  const MonitorSample *current,
											  MonitorTestResult *result);

/* ---- moments; undefined with fewer than 2 values on a side or an infinite one ---- */

extern MonitorStatus monitor_welch(const MonitorSample *reference, const MonitorSample *current,
								   MonitorTestResult *result);

/* The same from means, sample variances (divisor n-1) and sizes. */
extern MonitorStatus monitor_welch_moments(double mean_reference, double var_reference,
										   int64_t n_reference, double mean_current,
										   double var_current, int64_t n_current,
										   MonitorTestResult *result);

/* ---- distances between distributions, raw units; no p ---- */

extern MonitorStatus monitor_wasserstein(const MonitorSample *reference,
										 const MonitorSample *current, MonitorTestResult *result);
extern MonitorStatus monitor_energy(const MonitorSample *reference, const MonitorSample *current,
									MonitorTestResult *result);

/* ---- 2 x k tables of counts; columns with both counts 0 are ignored ---- */

extern MonitorStatus monitor_chi2(const int64_t *reference, const int64_t *current, int64_t k,
								  MonitorTestResult *result);
extern MonitorStatus monitor_g_test(const int64_t *reference, const int64_t *current, int64_t k,
									MonitorTestResult *result);

/* More than two non-empty columns: MONITOR_MISMATCH; one: statistic NaN, p = 1. */
extern MonitorStatus monitor_fisher(const int64_t *reference, const int64_t *current, int64_t k,
									MonitorTestResult *result);

#endif /* MONITOR_TESTS_H */
