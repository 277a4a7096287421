/*
 * score_statistics.c
 *		Metrics of scores that are one number.  A metric is one line at the end
 *		of this file.
 */
#include "postgres.h"

#include "score_input.h"

/* A metric of any scores. */
static Datum
of_order(FunctionCallInfo fcinfo, MonitorScoreForm form, MonitorScoreMetric metric)
{
	MonitorScores scores;
	double value = 0;
	MonitorStatus status;

	if (!monitor_take_scores(fcinfo, form, &scores))
		PG_RETURN_NULL();
	status = metric(&scores, &value);
	return monitor_return_float8(fcinfo, status, value);
}

/* A metric of probabilities. */
static Datum
of_probabilities(FunctionCallInfo fcinfo, MonitorScoreForm form, MonitorScoreMetric metric)
{
	MonitorScores scores;
	double value = 0;
	MonitorStatus status;

	if (!monitor_take_scores(fcinfo, form, &scores))
		PG_RETURN_NULL();
	monitor_require_probabilities(&scores);
	status = metric(&scores, &value);
	return monitor_return_float8(fcinfo, status, value);
}

SCORE_FUNCTIONS(roc_auc, of_order, monitor_roc_auc);
SCORE_FUNCTIONS(gini, of_order, monitor_gini);
SCORE_FUNCTIONS(ks_score, of_order, monitor_ks_score);
SCORE_FUNCTIONS(average_precision, of_order, monitor_average_precision);
SCORE_FUNCTIONS(log_loss, of_probabilities, monitor_log_loss);
SCORE_FUNCTIONS(brier_score, of_probabilities, monitor_brier_score);
SCORE_FUNCTIONS(calibration_error, of_probabilities, monitor_calibration_error);
