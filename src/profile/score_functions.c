/*
 * score_functions.c
 *		What can be read from one score profile.
 */
#include "postgres.h"

#include "compound_glue.h"
#include "stats/score.h"
#include "stats/tests.h"

PG_FUNCTION_INFO_V1(monitor_score_profile_num_positive);
PG_FUNCTION_INFO_V1(monitor_score_profile_num_negative);
PG_FUNCTION_INFO_V1(monitor_score_profile_num_unlabelled);
PG_FUNCTION_INFO_V1(monitor_score_profile_num_missing);
PG_FUNCTION_INFO_V1(monitor_score_profile_scores);
PG_FUNCTION_INFO_V1(monitor_score_profile_brier);
PG_FUNCTION_INFO_V1(monitor_score_profile_log_loss);
PG_FUNCTION_INFO_V1(monitor_score_profile_auc);
PG_FUNCTION_INFO_V1(monitor_score_profile_gini);
PG_FUNCTION_INFO_V1(monitor_score_profile_ks);
PG_FUNCTION_INFO_V1(monitor_score_profile_confusion);
PG_FUNCTION_INFO_V1(monitor_score_profile_calibration);
PG_FUNCTION_INFO_V1(monitor_score_profile_calibration_error);
PG_FUNCTION_INFO_V1(monitor_score_profile_gains);

/* ---- rows ---- */

Datum
monitor_score_profile_num_positive(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(monitor_compound_part_const(PG_GETARG_SCORES(0), MONITOR_POSITIVE)->n);
}

Datum
monitor_score_profile_num_negative(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(monitor_compound_part_const(PG_GETARG_SCORES(0), MONITOR_NEGATIVE)->n);
}

Datum
monitor_score_profile_num_unlabelled(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(monitor_compound_part_const(PG_GETARG_SCORES(0), MONITOR_UNLABELLED)->n);
}

/* Rows without a score, whatever their label. */
Datum
monitor_score_profile_num_missing(PG_FUNCTION_ARGS)
{
	const MonitorCompound *scores = PG_GETARG_SCORES(0);
	int64 missing = 0;

	for (int c = 0; c < MONITOR_COMPOUND_PARTS; c++)
	{
		const MonitorProfile *part = monitor_compound_part_const(scores, c);

		missing += part->missing + part->nan;
	}
	PG_RETURN_INT64(missing);
}

/* The scores of all rows, as a monitor.profile. */
Datum
monitor_score_profile_scores(PG_FUNCTION_ARGS)
{
	MonitorCompound *scores = monitor_compound_copy(PG_GETARG_DATUM(0), MONITOR_SCORES);
	MonitorProfile *all = monitor_compound_part(scores, 0);

	for (int c = 1; c < MONITOR_COMPOUND_PARTS; c++)
	{
		MonitorStatus status = monitor_profile_add(all, monitor_compound_part(scores, c));

		if (status != MONITOR_OK)
			monitor_report_status(status);
	}
	PG_RETURN_PROFILE(all);
}

/* ---- metrics ---- */

Datum
monitor_score_profile_brier(PG_FUNCTION_ARGS)
{
	double value = 0;
	MonitorStatus status = monitor_score_brier(PG_GETARG_SCORES(0), &value);

	return monitor_return_float8(fcinfo, status, value);
}

Datum
monitor_score_profile_log_loss(PG_FUNCTION_ARGS)
{
	double value = 0;
	MonitorStatus status = monitor_score_log_loss(PG_GETARG_SCORES(0), &value);

	return monitor_return_float8(fcinfo, status, value);
}

/* A monitor.score_metric. */
static Datum
return_metric(FunctionCallInfo fcinfo, MonitorStatus status, const MonitorScoreMetric *metric)
{
	MonitorRow row = {0};

	if (status == MONITOR_UNDEFINED)
		PG_RETURN_NULL();
	if (status != MONITOR_OK)
		monitor_report_status(status);
	monitor_row_float8(&row, metric->value);
	monitor_row_float8(&row, metric->low);
	monitor_row_float8(&row, metric->high);
	monitor_row_float8(&row, metric->standard_error);
	monitor_row_float8(&row, metric->confidence_low);
	monitor_row_float8(&row, metric->confidence_high);
	monitor_row_int64(&row, metric->n_positive);
	monitor_row_int64(&row, metric->n_negative);
	return monitor_row_datum(fcinfo, &row);
}

Datum
monitor_score_profile_auc(PG_FUNCTION_ARGS)
{
	MonitorScoreMetric metric;
	MonitorStatus status = monitor_score_auc(PG_GETARG_SCORES(0), &metric);

	return return_metric(fcinfo, status, &metric);
}

/* 2 AUC - 1 */
Datum
monitor_score_profile_gini(PG_FUNCTION_ARGS)
{
	MonitorScoreMetric metric;
	MonitorStatus status = monitor_score_auc(PG_GETARG_SCORES(0), &metric);

	if (status == MONITOR_OK)
	{
		metric.value = 2 * metric.value - 1;
		metric.low = 2 * metric.low - 1;
		metric.high = 2 * metric.high - 1;
		metric.standard_error *= 2;
		metric.confidence_low = 2 * metric.confidence_low - 1;
		metric.confidence_high = 2 * metric.confidence_high - 1;
	}
	return return_metric(fcinfo, status, &metric);
}

Datum
monitor_score_profile_ks(PG_FUNCTION_ARGS)
{
	MonitorScoreMetric metric;
	MonitorStatus status = monitor_score_ks(PG_GETARG_SCORES(0), &metric);

	return return_metric(fcinfo, status, &metric);
}

/* ---- thresholds ---- */

/* confusion_at(score_profile, threshold) */
Datum
monitor_score_profile_confusion(PG_FUNCTION_ARGS)
{
	const MonitorCompound *scores = PG_GETARG_SCORES(0);
	double threshold = PG_GETARG_FLOAT8(1);
	MonitorScoreConfusion at;
	MonitorRow row = {0};
	double labelled;
	int64_t slot;
	MonitorStatus status = monitor_score_threshold(scores, threshold, &slot);

	if (status == MONITOR_TOO_COARSE)
		monitor_report_threshold(threshold);
	if (status != MONITOR_OK)
		monitor_report_status(status);
	monitor_score_confusion(scores, slot, &at);
	labelled = (double) at.true_positive + (double) at.false_positive + (double) at.false_negative +
		(double) at.true_negative;
	monitor_row_float8(&row, threshold);
	monitor_row_int64(&row, at.true_positive);
	monitor_row_int64(&row, at.false_positive);
	monitor_row_int64(&row, at.false_negative);
	monitor_row_int64(&row, at.true_negative);
	monitor_row_int64(&row, at.unlabelled_positive);
	monitor_row_int64(&row, at.unlabelled_negative);
	monitor_row_float8(&row,
					   monitor_ratio((double) at.true_positive + (double) at.true_negative,
									 labelled));
	monitor_row_float8(&row,
					   monitor_ratio((double) at.true_positive,
									 (double) at.true_positive + (double) at.false_positive));
	monitor_row_float8(&row,
					   monitor_ratio((double) at.true_positive,
									 (double) at.true_positive + (double) at.false_negative));
	monitor_row_float8(&row,
					   monitor_ratio((double) at.true_negative,
									 (double) at.true_negative + (double) at.false_positive));
	monitor_row_float8(&row,
					   monitor_ratio(2 * (double) at.true_positive,
									 2 * (double) at.true_positive + (double) at.false_positive +
										 (double) at.false_negative));
	return monitor_row_datum(fcinfo, &row);
}

void
monitor_report_threshold(double threshold)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("threshold %g is none of the score profile's edges", threshold),
			 errhint("Build the profiles with monitor.score_edges(edges, ARRAY[%g]).", threshold)));
	pg_unreachable();
}

/* ---- calibration ---- */

static MonitorCalibrationBin *
calibration_bins(FunctionCallInfo fcinfo, const MonitorCompound *scores, int *bins,
				 MonitorStatus *status)
{
	MonitorCalibrationBin *bin;

	*bins = PG_NARGS() > 1 ? monitor_check_bins(PG_GETARG_INT32(1)) : MONITOR_CALIBRATION_BINS;
	bin = palloc(*bins * sizeof(MonitorCalibrationBin));
	*status = monitor_score_calibration(scores, *bins, bin);
	if (*status == MONITOR_TOO_COARSE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a bound between %d bins of equal width is none of the score profile's edges",
						*bins),
				 errhint("Build the profiles with monitor.score_edges(edges, thresholds), which has the bounds of 10 bins.")));
	if (*status != MONITOR_OK && *status != MONITOR_UNDEFINED)
		monitor_report_status(*status);
	return bin;
}

/* calibration_curve(score_profile [, bins integer]) */
Datum
monitor_score_profile_calibration(PG_FUNCTION_ARGS)
{
	MonitorStatus status;
	int bins;
	int kept = 0;
	MonitorCalibrationBin *bin = calibration_bins(fcinfo, PG_GETARG_SCORES(0), &bins, &status);
	Datum *rows = palloc(bins * sizeof(Datum));

	if (status == MONITOR_UNDEFINED)
		PG_RETURN_NULL();
	for (int i = 0; i < bins; i++)
	{
		double n = (double) bin[i].n_positive + (double) bin[i].n_negative;
		MonitorRow row = {0};

		monitor_row_int32(&row, i + 1);
		monitor_row_float8(&row, bin[i].lower);
		monitor_row_float8(&row, bin[i].upper);
		monitor_row_int64(&row, bin[i].n_positive);
		monitor_row_int64(&row, bin[i].n_negative);
		monitor_row_float8(&row, monitor_ratio(bin[i].sum, n));
		monitor_row_float8(&row, monitor_ratio(bin[i].sum_low, n));
		monitor_row_float8(&row, monitor_ratio(bin[i].sum_high, n));
		monitor_row_float8(&row, monitor_ratio((double) bin[i].n_positive, n));
		if (n > 0)
			rows[kept++] = monitor_row_datum(fcinfo, &row);
	}
	return monitor_row_array(fcinfo, rows, kept);
}

/* calibration_error(score_profile [, bins integer]): a monitor.test_result */
Datum
monitor_score_profile_calibration_error(PG_FUNCTION_ARGS)
{
	MonitorStatus status;
	int bins;
	MonitorCalibrationBin *bin = calibration_bins(fcinfo, PG_GETARG_SCORES(0), &bins, &status);
	MonitorTestResult result;
	MonitorScoreMetric metric;
	double floor;
	double chi_square;
	int df;

	if (status == MONITOR_OK)
		status = monitor_score_calibration_error(bin, bins, &metric, &floor, &chi_square, &df);
	if (status != MONITOR_OK)
		PG_RETURN_NULL();
	monitor_result_init(&result, metric.n_negative, metric.n_positive,
						"chi-square of bins; effect: less its sampling floor");
	result.statistic = metric.value;
	result.statistic_low = metric.low;
	result.statistic_high = metric.high;
	result.effect_size = Max(metric.value - floor, 0);
	if (df > 0)
	{
		result.df = df;
		result.p_value = monitor_chisq_sf(chi_square, df);
	}
	return monitor_return_result(fcinfo, MONITOR_OK, &result);
}

/* ---- gains ---- */

/*
 * gains_curve(score_profile): for each anchor that some labelled row reaches, from the
 * highest, the labelled rows with score >= anchor.
 */
Datum
monitor_score_profile_gains(PG_FUNCTION_ARGS)
{
	const MonitorCompound *scores = PG_GETARG_SCORES(0);
	const MonitorProfile *negative = monitor_compound_part_const(scores, MONITOR_NEGATIVE);
	const MonitorProfile *positive = monitor_compound_part_const(scores, MONITOR_POSITIVE);
	const double *anchors = monitor_profile_anchors(negative);
	const int64_t *q = monitor_profile_counts_const(negative);
	const int64_t *p = monitor_profile_counts_const(positive);
	double all = (double) negative->n + (double) positive->n;
	int64 above = 0;
	int64 above_positive = 0;
	int kept = 0;
	Datum *rows;

	if (anchors == NULL)
		monitor_report_status(MONITOR_NO_ANCHORS);
	if (negative->n == 0 || positive->n == 0)
		PG_RETURN_NULL();
	rows = palloc((negative->k + 1) * sizeof(Datum));
	for (int64_t i = negative->k; i >= 0; i--)
	{
		/* the gap above anchor i - 1, and that anchor; last the gap below all */
		int64 more = q[2 * i] + p[2 * i] + (i > 0 ? q[2 * i - 1] + p[2 * i - 1] : 0);
		MonitorRow row = {0};

		above += more;
		above_positive += p[2 * i] + (i > 0 ? p[2 * i - 1] : 0);
		if (more == 0)
			continue;
		monitor_row_float8(&row, i > 0 ? anchors[i - 1] : (double) -INFINITY);
		monitor_row_int64(&row, above);
		monitor_row_int64(&row, above_positive);
		monitor_row_float8(&row, above / all);
		monitor_row_float8(&row, above_positive / (double) positive->n);
		monitor_row_float8(&row, above_positive / (double) above / (positive->n / all));
		rows[kept++] = monitor_row_datum(fcinfo, &row);
	}
	return monitor_row_array(fcinfo, rows, kept);
}
