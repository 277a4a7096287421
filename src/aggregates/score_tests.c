/*
 * score_tests.c
 *		Inference about AUC: roc_auc_test and roc_auc_compare.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "score_input.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(monitor_roc_auc_compare_rows);
PG_FUNCTION_INFO_V1(monitor_roc_auc_compare_arrays);
PG_FUNCTION_INFO_V1(monitor_roc_auc_compare_weighted_rows);
PG_FUNCTION_INFO_V1(monitor_roc_auc_compare_weighted_arrays);

#define ST_SORT			 sort_weighted_rows
#define ST_ELEMENT_TYPE	 MonitorWeightedRow
#define ST_COMPARE(a, b) monitor_weighted_row_compare(a, b)
#define ST_SCOPE		 static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DECLARE
#define ST_DEFINE
#include "lib/sort_template.h"

/* n numbers, NaN as NULL, then both counts and the method. */
static Datum
return_row(FunctionCallInfo fcinfo, const double *numbers, int n, const int64_t *counts,
		   const char *method)
{
	Datum values[10];
	bool nulls[10] = {false};

	for (int i = 0; i < n; i++)
	{
		values[i] = Float8GetDatum(numbers[i]);
		nulls[i] = isnan(numbers[i]);
	}
	values[n] = Int64GetDatum(counts[MONITOR_NEGATIVE]);
	values[n + 1] = Int64GetDatum(counts[MONITOR_POSITIVE]);
	values[n + 2] = PointerGetDatum(cstring_to_text(method));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(monitor_result_tupdesc(fcinfo), values,
													  nulls)));
}

static Datum
test_auc(FunctionCallInfo fcinfo, MonitorScoreForm form, const void *unused)
{
	MonitorScores scores;
	MonitorSample sample[2];
	MonitorAucTest result;
	MonitorStatus status;

	if (!monitor_take_scores(fcinfo, form, &scores))
		PG_RETURN_NULL();
	for (int i = 0; i < 2; i++)
		sample[i] = (MonitorSample){scores.keys[i], scores.n[i]};
	status = scores.stride == 1
		? monitor_roc_auc_test(&sample[MONITOR_NEGATIVE], &sample[MONITOR_POSITIVE], &result)
		: monitor_weighted_auc_test(&scores, &result);
	if (status == MONITOR_UNDEFINED)
		PG_RETURN_NULL();
	if (status != MONITOR_OK)
		monitor_report_status(status);
	return return_row(fcinfo,
					  (double[]){result.auc, result.standard_error, result.low, result.high,
								 result.p_value},
					  5, result.n, result.method);
}

SCORE_FUNCTIONS(roc_auc_test, test_auc, NULL);

static Datum
return_comparison(FunctionCallInfo fcinfo, const MonitorAucComparison *result)
{
	return return_row(fcinfo,
					  (double[]){result->auc_a, result->auc_b, result->difference,
								 result->standard_error, result->low, result->high,
								 result->p_value},
					  7, result->n, result->method);
}

static Datum
compare(FunctionCallInfo fcinfo, const PairState *state)
{
	int64_t n[2] = {state->side[0].n, state->side[1].n};
	MonitorPair *rows[2];
	MonitorPair *scratch;
	MonitorAucComparison result;
	MonitorStatus status;

	if (n[0] == 0 || n[1] == 0)
		PG_RETURN_NULL();
	scratch = monitor_pair_copy(state, rows);
	status = monitor_roc_auc_compare(rows, n, scratch, &result);
	pfree(scratch);
	pfree(rows[0]);
	pfree(rows[1]);
	if (status != MONITOR_OK)
		monitor_report_status(status);
	return return_comparison(fcinfo, &result);
}

Datum
monitor_roc_auc_compare_rows(PG_FUNCTION_ARGS)
{
	monitor_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return compare(fcinfo, (PairState *) PG_GETARG_POINTER(0));
}

Datum
monitor_roc_auc_compare_arrays(PG_FUNCTION_ARGS)
{
	return compare(fcinfo, monitor_two_scores_from_arrays(fcinfo));
}

static void
sort_rows(MonitorWeightedRow *rows, int64_t n)
{
	sort_weighted_rows(rows, n);
}

/* Rows are sorted in place, which changes nothing that anyone can see. */
static Datum
compare_weighted(FunctionCallInfo fcinfo, PairState *state)
{
	int64_t n[2] = {state->side[0].n / 2, state->side[1].n / 2};
	MonitorWeightedRow *const rows[2] = {(MonitorWeightedRow *) state->side[0].pairs,
										 (MonitorWeightedRow *) state->side[1].pairs};
	MonitorAucComparison result;
	MonitorStatus status = monitor_weighted_auc_compare(rows, n, sort_rows, &result);

	if (status == MONITOR_UNDEFINED)
		PG_RETURN_NULL();
	if (status != MONITOR_OK)
		monitor_report_status(status);
	return return_comparison(fcinfo, &result);
}

Datum
monitor_roc_auc_compare_weighted_rows(PG_FUNCTION_ARGS)
{
	monitor_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return compare_weighted(fcinfo, (PairState *) PG_GETARG_POINTER(0));
}

Datum
monitor_roc_auc_compare_weighted_arrays(PG_FUNCTION_ARGS)
{
	return compare_weighted(fcinfo, monitor_two_scores_from_arrays(fcinfo));
}
