/*
 * estimate_functions.c
 *		Label-free estimates of performance from score and error profiles.
 */
#include "postgres.h"

#include "compound_glue.h"
#include "stats/estimate.h"

#define DEFAULT_THRESHOLD 0.5
#define UNDEFINED_NOTE	  "the predictions at this threshold do not define it"

PG_FUNCTION_INFO_V1(monitor_estimate_performance);
PG_FUNCTION_INFO_V1(monitor_estimate_loss_functions);

/* Why there are no estimates, or what to know about them. */
typedef struct Verdict
{
	const char *status;
	char note[200];
} Verdict;

static Verdict
judge(MonitorStatus status, int64 labels, int64 positives, int64 rows, double effective_rows)
{
	Verdict verdict = {"ok", ""};
	bool one_class = positives >= 0 &&
		Min(positives, labels - positives) < MONITOR_ESTIMATE_MIN_CLASS;

	if (status == MONITOR_OK)
		return verdict;
	if (rows == 0)
	{
		verdict.status = "no_data";
		strlcpy(verdict.note, "no current rows", sizeof(verdict.note));
	}
	else if (labels < MONITOR_ESTIMATE_MIN_LABELS || one_class)
	{
		verdict.status = "insufficient_labels";
		if (positives >= 0)
			snprintf(verdict.note, sizeof(verdict.note),
					 "needs %d labels with %d of each class, the calibration profile has " INT64_FORMAT
					 " positive and " INT64_FORMAT " negative",
					 MONITOR_ESTIMATE_MIN_LABELS, MONITOR_ESTIMATE_MIN_CLASS, positives,
					 labels - positives);
		else
			snprintf(verdict.note, sizeof(verdict.note),
					 "needs %d labels, the calibration profile has " INT64_FORMAT,
					 MONITOR_ESTIMATE_MIN_LABELS, labels);
	}
	else if (effective_rows > 0)
	{
		verdict.status = "insufficient_overlap";
		snprintf(verdict.note, sizeof(verdict.note),
				 "the current rows lie where few labels are: as %.0f labels, %d are needed",
				 effective_rows, MONITOR_ESTIMATE_MIN_EFFECTIVE);
	}
	else
	{
		verdict.status = "undefined";
		strlcpy(verdict.note, "the calibration profile holds infinite or overflowing errors",
				sizeof(verdict.note));
	}
	return verdict;
}

/* One monitor.performance_estimate; one that is not defined says so, where all else is well. */
static Datum
estimate_row(FunctionCallInfo fcinfo, const char *metric, const char *method,
			 const MonitorEstimate *estimate, const Verdict *verdict, int64 labels, int64 rows)
{
	MonitorRow row = {0};
	bool undefined = isnan(estimate->estimate) &&
		(strcmp(verdict->status, "ok") == 0 || strcmp(verdict->status, "disagree") == 0);

	monitor_row_text(&row, metric);
	monitor_row_text(&row, method);
	monitor_row_float8(&row, estimate->estimate);
	monitor_row_float8(&row, estimate->standard_error);
	monitor_row_float8(&row, estimate->low);
	monitor_row_float8(&row, estimate->high);
	monitor_row_int64(&row, labels);
	monitor_row_int64(&row, rows);
	monitor_row_text(&row, undefined ? "undefined" : verdict->status);
	monitor_row_text(&row, undefined ? UNDEFINED_NOTE : verdict->note);
	return monitor_row_datum(fcinfo, &row);
}

static void
forget(MonitorEstimate *estimate)
{
	estimate->estimate = estimate->standard_error = estimate->low = estimate->high = NAN;
}

/* estimate_performance(calibration score_profile, current score_profile [, threshold float8]) */
Datum
monitor_estimate_performance(PG_FUNCTION_ARGS)
{
	static const char *const metrics[] = {"roc_auc",	  "accuracy_score", "precision_score",
										  "recall_score", "specificity",	"f1_score",
										  "log_loss"};
	const MonitorCompound *current = PG_GETARG_SCORES(1);
	const MonitorCompound *calibration = monitor_compound_attached(PG_GETARG_SCORES(0), current);
	double threshold = PG_NARGS() > 2 ? PG_GETARG_FLOAT8(2) : DEFAULT_THRESHOLD;
	MonitorEstimates estimates;
	Verdict verdict;
	Datum rows[MONITOR_METRICS + 2];
	int64_t slot;
	double *scratch;
	MonitorStatus status = monitor_score_threshold(calibration, threshold, &slot);

	if (status == MONITOR_TOO_COARSE)
		monitor_report_threshold(threshold);
	if (status != MONITOR_OK)
		monitor_report_status(status);
	scratch =
		palloc(sizeof(double) *
			   monitor_estimate_scratch(monitor_profile_slots(monitor_compound_part_const(calibration,
																						  0))));
	status = monitor_estimate(calibration, current, slot, scratch, &estimates);
	if (status != MONITOR_OK && status != MONITOR_UNDEFINED)
		monitor_report_status(status);
	verdict = judge(status, estimates.labels, estimates.positives, estimates.rows,
					estimates.effective_rows);
	if (status != MONITOR_OK)
	{
		for (int m = 0; m < MONITOR_METRICS; m++)
			forget(&estimates.cbpe[m]);
		forget(&estimates.atc);
		forget(&estimates.bbse);
	}
	else if (estimates.atc_disagrees || estimates.bbse_disagrees)
	{
		verdict.status = "disagree";
		snprintf(verdict.note, sizeof(verdict.note),
				 "estimates of accuracy differ by more than chance: cbpe %.4f, atc %.4f, bbse %s",
				 estimates.cbpe[MONITOR_METRIC_ACCURACY].estimate, estimates.atc.estimate,
				 isnan(estimates.bbse.estimate) ? "not defined"
												: psprintf("%.4f", estimates.bbse.estimate));
	}
	for (int m = 0; m < MONITOR_METRICS; m++)
		rows[m] = estimate_row(fcinfo, metrics[m], "cbpe", &estimates.cbpe[m], &verdict,
							   estimates.labels, estimates.rows);
	rows[MONITOR_METRICS] = estimate_row(fcinfo, "accuracy_score", "atc", &estimates.atc, &verdict,
										 estimates.labels, estimates.rows);
	rows[MONITOR_METRICS + 1] = estimate_row(fcinfo, "accuracy_score", "bbse", &estimates.bbse,
											 &verdict, estimates.labels, estimates.rows);
	return monitor_row_array(fcinfo, rows, MONITOR_METRICS + 2);
}

/* estimate_loss(calibration error_profile, current error_profile) */
Datum
monitor_estimate_loss_functions(PG_FUNCTION_ARGS)
{
	static const char *const metrics[] = {"mean_absolute_error", "mean_squared_error",
										  "root_mean_squared_error"};
	MonitorEstimate estimate[MONITOR_LOSSES];
	Datum array[MONITOR_LOSSES];
	Verdict verdict;
	int64_t labels;
	int64_t rows;
	double effective_rows;
	MonitorStatus status = monitor_estimate_loss(PG_GETARG_ERRORS(0), PG_GETARG_ERRORS(1), estimate,
												 &labels, &rows, &effective_rows);

	if (status != MONITOR_OK && status != MONITOR_UNDEFINED)
		monitor_report_status(status);
	verdict = judge(status, labels, -1, rows, effective_rows);
	for (int m = 0; m < MONITOR_LOSSES; m++)
	{
		if (status != MONITOR_OK)
			forget(&estimate[m]);
		array[m] =
			estimate_row(fcinfo, metrics[m], "stratified", &estimate[m], &verdict, labels, rows);
	}
	return monitor_row_array(fcinfo, array, MONITOR_LOSSES);
}
