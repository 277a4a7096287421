/*
 * regression.h
 *		Metrics of predicted against true numbers, from sums without rounding.
 *
 * Definitions are scikit-learn's, each mean weighted.  The caller leaves out rows
 * with a number that is not finite, and checks the weights (finite, at least 0).
 * Rows of no weight at all give MONITOR_UNDEFINED.
 */
#ifndef MONITOR_REGRESSION_H
#define MONITOR_REGRESSION_H

#include "exact_total.h"

/* What is summed: each kind only what its metrics need. */
typedef enum MonitorRegressionKind
{
	MONITOR_ERRORS,		   /* absolute and squared errors */
	MONITOR_RELATIVE,	   /* errors relative to the truth */
	MONITOR_DETERMINATION, /* squared errors, truth and its square */
	MONITOR_REGRESSION_KINDS
} MonitorRegressionKind;

/* Totals by number; 0 is always the weights (kept only where rows have them). */
#define MONITOR_WEIGHTS			 0
#define MONITOR_ABSOLUTE_ERRORS	 1
#define MONITOR_SQUARED_ERRORS	 2
#define MONITOR_RELATIVE_ERRORS	 1
#define MONITOR_RESIDUAL_SQUARES 1
#define MONITOR_TRUTHS			 2
#define MONITOR_TRUTH_SQUARES	 3

typedef struct MonitorRegression
{
	MonitorRegressionKind kind;
	bool weighted;
	int64_t n;
	MonitorTotal totals[]; /* monitor_regression_totals(kind) of them, zero at first */
} MonitorRegression;

extern int monitor_regression_totals(MonitorRegressionKind kind);
extern size_t monitor_regression_size(MonitorRegressionKind kind);

/* Add a row; weight is read where rows have weights. */
extern void monitor_regression_add(MonitorRegression *state, double prediction, double truth,
								   double weight);

/* Add the rows of another state of the same kind. */
extern void monitor_regression_merge(MonitorRegression *state, MonitorRegression *other);

/* Kind MONITOR_ERRORS; infinite where a row's term leaves the range of doubles. */
extern MonitorStatus monitor_mean_absolute_error(MonitorRegression *state, double *value);
extern MonitorStatus monitor_mean_squared_error(MonitorRegression *state, double *value);
extern MonitorStatus monitor_root_mean_squared_error(MonitorRegression *state, double *value);

/* Kind MONITOR_RELATIVE: mean of |error| / max(|truth|, 2^-52), a share (1 = 100 %). */
extern MonitorStatus monitor_mean_absolute_percentage_error(MonitorRegression *state,
															double *value);

/*
 * Kind MONITOR_DETERMINATION: 1 - sum of squared errors / sum of squared deviations
 * of the truth from its mean.  Equal truths: 1 if every prediction is right, else 0.
 * Undefined for fewer than 2 rows, and where a square leaves the range of doubles.
 */
extern MonitorStatus monitor_r2(MonitorRegression *state, double *value);

#endif /* MONITOR_REGRESSION_H */
