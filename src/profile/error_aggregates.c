/*
 * error_aggregates.c
 *		Confusion and error profiles: the aggregates that make them, and what can be
 *		read from one.
 */
#include "postgres.h"

#include "aggregates/category_value.h"
#include "compound_glue.h"
#include "stats/error.h"
#include "utils/array.h"
#include "utils/float.h"

PG_FUNCTION_INFO_V1(monitor_confusion_accum);
PG_FUNCTION_INFO_V1(monitor_error_accum);
PG_FUNCTION_INFO_V1(monitor_confusion_profile_num_unlabelled);
PG_FUNCTION_INFO_V1(monitor_confusion_profile_num_missing);
PG_FUNCTION_INFO_V1(monitor_confusion_profile_matrix);
PG_FUNCTION_INFO_V1(monitor_error_profile_num_labelled);
PG_FUNCTION_INFO_V1(monitor_error_profile_num_unlabelled);
PG_FUNCTION_INFO_V1(monitor_error_profile_num_missing);
PG_FUNCTION_INFO_V1(monitor_error_profile_predictions);

/* Where the arguments stand after the state. */
#define PREDICTION 1
#define TRUTH	   2
#define SLOTS	   3

/* ---- confusion profiles ---- */

/* What is remembered between calls; a reader's text lasts until its next call. */
typedef struct ConfusionCache
{
	bool stable;
	struct CategoryReader *prediction;
	struct CategoryReader *truth;
} ConfusionCache;

static ConfusionCache *
confusion_cache(FunctionCallInfo fcinfo)
{
	FmgrInfo *flinfo = fcinfo->flinfo;

	if (unlikely(flinfo->fn_extra == NULL))
	{
		ConfusionCache *cache = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(ConfusionCache));
		Oid type = get_fn_expr_argtype(flinfo, PREDICTION);

		cache->stable = monitor_argument_is_stable(fcinfo, SLOTS);
		cache->prediction = monitor_category_reader(type, flinfo->fn_mcxt);
		cache->truth = monitor_category_reader(type, flinfo->fn_mcxt);
		flinfo->fn_extra = cache;
	}
	return (ConfusionCache *) flinfo->fn_extra;
}

static MonitorCompound *
new_confusion(FunctionCallInfo fcinfo, MemoryContext aggregate)
{
	const char **classes;
	uint32_t *lengths;
	size_t bytes;
	bool has_other;
	MonitorCompound *compound;
	ArrayType *array = monitor_categories_argument(fcinfo, SLOTS, MONITOR_MAX_CLASSES + 1);
	int k = monitor_read_categories(array, &classes, &lengths, &bytes, &has_other);

	if (has_other)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("classes must not contain NULL"),
				 errhint("List every class: what is not listed counts as one class that is never right.")));
	compound = monitor_compound_allocate(aggregate, monitor_compound_size_confusion(k, bytes));
	if (monitor_compound_init_confusion(compound, classes, lengths, k) != MONITOR_OK)
		monitor_report_bad_categories();
	SET_VARSIZE(compound, compound->size);
	return compound;
}

/* confusion_accum(state, prediction text | anynonarray, truth likewise, classes text[]) */
Datum
monitor_confusion_accum(PG_FUNCTION_ARGS)
{
	MemoryContext aggregate = monitor_aggregate_context(fcinfo);
	ConfusionCache *cache = confusion_cache(fcinfo);
	MonitorCompound *compound;
	const char *prediction;
	const char *truth = NULL;
	uint32 prediction_length;
	uint32 truth_length = 0;

	if (PG_ARGISNULL(0))
		compound = new_confusion(fcinfo, aggregate);
	else
	{
		compound = monitor_compound_state(PG_GETARG_DATUM(0), MONITOR_CONFUSION);
		if (!cache->stable)
			monitor_check_same_categories(fcinfo, SLOTS, monitor_compound_part_const(compound, 0));
	}
	if (PG_ARGISNULL(PREDICTION) ||
		!monitor_category_text(cache->prediction, PG_GETARG_DATUM(PREDICTION), &prediction,
							   &prediction_length))
	{
		monitor_compound_part(compound, 0)->missing++;
		PG_RETURN_POINTER(compound);
	}
	if (!PG_ARGISNULL(TRUTH) &&
		!monitor_category_text(cache->truth, PG_GETARG_DATUM(TRUTH), &truth, &truth_length))
		truth = NULL;
	monitor_confusion_add(compound, prediction, prediction_length, truth, truth_length);
	PG_RETURN_POINTER(compound);
}

Datum
monitor_confusion_profile_num_unlabelled(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(monitor_compound_part_const(PG_GETARG_CONFUSION(0), 0)->n);
}

Datum
monitor_confusion_profile_num_missing(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(monitor_compound_part_const(PG_GETARG_CONFUSION(0), 0)->missing);
}

typedef MonitorStatus (*ConfusionMetric)(const MonitorCompound *, MonitorClassCounts *, double *);

static Datum
confusion_metric(FunctionCallInfo fcinfo, ConfusionMetric metric)
{
	MonitorClassCounts classes[MONITOR_MAX_CLASSES + 1];
	double value = 0;
	MonitorStatus status = metric(PG_GETARG_CONFUSION(0), classes, &value);

	return monitor_return_float8(fcinfo, status, value);
}

static MonitorAverage
average_argument(FunctionCallInfo fcinfo)
{
	char *average = text_to_cstring(PG_GETARG_TEXT_PP(1));

	if (strcmp(average, "macro") == 0)
		return MONITOR_MACRO;
	if (strcmp(average, "micro") == 0)
		return MONITOR_MICRO;
	if (strcmp(average, "weighted") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("average must be 'macro', 'micro' or 'weighted', got '%s'", average)));
	return MONITOR_WEIGHTED;
}

/* which: 0 precision, 1 recall, 2 F1 */
static Datum
averaged_metric(FunctionCallInfo fcinfo, int which)
{
	MonitorClassCounts classes[MONITOR_MAX_CLASSES + 1];
	double value[3] = {0};
	MonitorStatus status = monitor_confusion_scores(PG_GETARG_CONFUSION(0),
													average_argument(fcinfo), classes, &value[0],
													&value[1], &value[2]);

	return monitor_return_float8(fcinfo, status, value[which]);
}

static void
row_class(MonitorRow *row, const MonitorProfile *classes, int64_t i)
{
	uint32_t length;
	const char *name;

	if (i == classes->k)
	{
		monitor_row_text(row, "(other)");
		return;
	}
	name = monitor_profile_category(classes, i, &length);
	row->values[row->n++] = PointerGetDatum(cstring_to_text_with_len(name, (int) length));
}

/* confusion_matrix(confusion_profile) */
Datum
monitor_confusion_profile_matrix(PG_FUNCTION_ARGS)
{
	const MonitorCompound *compound = PG_GETARG_CONFUSION(0);
	const MonitorProfile *classes = monitor_compound_part_const(compound, 0);
	Datum *rows = palloc((classes->k + 1) * (classes->k + 1) * sizeof(Datum));
	int n = 0;

	if (!classes->has_anchors)
		monitor_report_status(MONITOR_NO_ANCHORS);
	for (int64_t i = 0; i <= classes->k; i++)
	{
		for (int64_t j = 0; j <= classes->k; j++)
		{
			int64 count = monitor_confusion_count(compound, i, j);
			MonitorRow row = {0};

			if (count == 0)
				continue;
			row_class(&row, classes, i);
			row_class(&row, classes, j);
			monitor_row_int64(&row, count);
			rows[n++] = monitor_row_datum(fcinfo, &row);
		}
	}
	return monitor_row_array(fcinfo, rows, n);
}

/* ---- error profiles ---- */

static MonitorCompound *
new_errors(FunctionCallInfo fcinfo, MemoryContext aggregate)
{
	ArrayType *edges = monitor_edges_argument(fcinfo, SLOTS);
	int k = ArrayGetNItems(ARR_NDIM(edges), ARR_DIMS(edges));
	MonitorCompound *compound =
		monitor_compound_allocate(aggregate, monitor_compound_size_numeric(MONITOR_ERRORS, k));

	if (monitor_compound_init_numeric(compound, MONITOR_ERRORS,
									  (const double *) ARR_DATA_PTR(edges), k) != MONITOR_OK)
		monitor_report_bad_edges();
	SET_VARSIZE(compound, compound->size);
	return compound;
}

/* error_accum(state, prediction float8, truth float8, edges float8[]) */
Datum
monitor_error_accum(PG_FUNCTION_ARGS)
{
	static const char stable = 1;
	static const char changing = 0;
	MemoryContext aggregate = monitor_aggregate_context(fcinfo);
	MonitorCompound *compound;

	if (unlikely(fcinfo->flinfo->fn_extra == NULL))
		fcinfo->flinfo->fn_extra =
			(void *) (monitor_argument_is_stable(fcinfo, SLOTS) ? &stable : &changing);
	if (PG_ARGISNULL(0))
		compound = new_errors(fcinfo, aggregate);
	else
	{
		compound = monitor_compound_state(PG_GETARG_DATUM(0), MONITOR_ERRORS);
		if (fcinfo->flinfo->fn_extra != (const void *) &stable)
			monitor_check_same_edges(fcinfo, SLOTS, monitor_compound_part_const(compound, 0));
	}
	if (PG_ARGISNULL(PREDICTION))
		monitor_compound_part(compound, MONITOR_UNLABELLED_PREDICTIONS)->missing++;
	else
		monitor_error_add(compound, PG_GETARG_FLOAT8(PREDICTION),
						  PG_ARGISNULL(TRUTH) ? get_float8_nan() : PG_GETARG_FLOAT8(TRUTH));
	PG_RETURN_POINTER(compound);
}

Datum
monitor_error_profile_num_labelled(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(monitor_compound_part_const(PG_GETARG_ERRORS(0), MONITOR_PREDICTIONS)->n);
}

Datum
monitor_error_profile_num_unlabelled(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(monitor_compound_part_const(PG_GETARG_ERRORS(0), MONITOR_UNLABELLED_PREDICTIONS)
						->n);
}

Datum
monitor_error_profile_num_missing(PG_FUNCTION_ARGS)
{
	const MonitorProfile *part =
		monitor_compound_part_const(PG_GETARG_ERRORS(0), MONITOR_UNLABELLED_PREDICTIONS);

	PG_RETURN_INT64(part->missing + part->nan);
}

/* The predictions of all rows, as a monitor.profile. */
Datum
monitor_error_profile_predictions(PG_FUNCTION_ARGS)
{
	MonitorCompound *errors = monitor_compound_copy(PG_GETARG_DATUM(0), MONITOR_ERRORS);
	MonitorProfile *all = monitor_compound_part(errors, MONITOR_PREDICTIONS);
	MonitorStatus status =
		monitor_profile_add(all, monitor_compound_part(errors, MONITOR_UNLABELLED_PREDICTIONS));

	if (status != MONITOR_OK)
		monitor_report_status(status);
	PG_RETURN_PROFILE(all);
}

typedef MonitorStatus (*ErrorMetric)(const MonitorCompound *, double *);

static Datum
error_metric(FunctionCallInfo fcinfo, ErrorMetric metric, bool root)
{
	double value = 0;
	MonitorStatus status = metric(PG_GETARG_ERRORS(0), &value);

	return monitor_return_float8(fcinfo, status, root ? sqrt(value) : value);
}

MONITOR_ENTRY(monitor_confusion_profile_accuracy,
			  confusion_metric(fcinfo, monitor_confusion_accuracy));
MONITOR_ENTRY(monitor_confusion_profile_balanced_accuracy,
			  confusion_metric(fcinfo, monitor_confusion_balanced_accuracy));
MONITOR_ENTRY(monitor_confusion_profile_matthews,
			  confusion_metric(fcinfo, monitor_confusion_matthews));
MONITOR_ENTRY(monitor_confusion_profile_kappa, confusion_metric(fcinfo, monitor_confusion_kappa));
MONITOR_ENTRY(monitor_confusion_profile_precision, averaged_metric(fcinfo, 0));
MONITOR_ENTRY(monitor_confusion_profile_recall, averaged_metric(fcinfo, 1));
MONITOR_ENTRY(monitor_confusion_profile_f1, averaged_metric(fcinfo, 2));
MONITOR_ENTRY(monitor_error_profile_mae, error_metric(fcinfo, monitor_error_mean_absolute, false));
MONITOR_ENTRY(monitor_error_profile_mse, error_metric(fcinfo, monitor_error_mean_squared, false));
MONITOR_ENTRY(monitor_error_profile_rmse, error_metric(fcinfo, monitor_error_mean_squared, true));
MONITOR_ENTRY(monitor_error_profile_r2, error_metric(fcinfo, monitor_error_r2, false));
