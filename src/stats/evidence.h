/*
 * evidence.h
 *		E-values for one window against a reference, and corrections for
 *		looking at many hypotheses at once.
 */
#ifndef MONITOR_EVIDENCE_H
#define MONITOR_EVIDENCE_H

#include "stats.h"

/*
 * One binomial stream of the evidence: x of t current rows (after division by
 * phi), reference share f, ball radius c.
 */
extern double monitor_log_e_binomial(double x, double t, double f, double radius, double kappa);

/*
 * Evidence of a window: the mean over `k` streams and kappa = 20, 200, 2000
 * (verdicts.md section 5).  reference[i] and current[i] count the rows at or
 * below anchor i (numeric) or in category i (categorical).  Gives ln E; 0
 * when either side is empty.  ordered: numeric anchors share one DKW ball;
 * else each category has its own, Bonferroni-corrected.
 */
extern double monitor_log_evidence(const int64_t *reference, const int64_t *current, int64_t k,
								   int64_t n_reference, int64_t n_current, bool ordered,
								   double reference_level, double phi);

/* min(1, reference_level + 1/E) */
extern double monitor_evidence_p(double log_e, double reference_level);

typedef enum MonitorAdjustment
{
	MONITOR_BH,	  /* Benjamini & Hochberg 1995 */
	MONITOR_BY,	  /* Benjamini & Yekutieli 2001 */
	MONITOR_HOLM, /* Holm 1979 */
	MONITOR_BONFERRONI
} MonitorAdjustment;

/* p[k] to adjusted p[k], in place; order[k] is scratch.  All p in [0, 1]. */
extern void monitor_adjust_p_values(double *p, int64_t k, MonitorAdjustment method, size_t *order);

/* e[k] >= 0 to the smallest level at which e-BH (Wang & Ramdas 2022) rejects each. */
extern void monitor_adjust_e_values(double *e, int64_t k, size_t *order);

#endif /* MONITOR_EVIDENCE_H */
