/*
 * regression_metrics.c
 *		The metrics of predicted against true numbers over rows: their states and
 *		entry points.
 */
#include "postgres.h"

#include "confusion_state.h"
#include "stats/regression.h"

PG_FUNCTION_INFO_V1(monitor_regression_combine);
PG_FUNCTION_INFO_V1(monitor_regression_serialize);
PG_FUNCTION_INFO_V1(monitor_regression_deserialize);

static MonitorRegression *
create_state(MemoryContext context, MonitorRegressionKind kind, bool weighted)
{
	MonitorRegression *state = MemoryContextAllocZero(context, monitor_regression_size(kind));

	state->kind = kind;
	state->weighted = weighted;
	return state;
}

/* accum(internal, prediction float8, truth float8 [, weight float8]) */
static Datum
accumulate(FunctionCallInfo fcinfo, MonitorRegressionKind kind)
{
	bool weighted = PG_NARGS() > 3;
	MonitorRegression *state;
	double weight = 1;

	if (likely(!PG_ARGISNULL(0)))
		state = (MonitorRegression *) PG_GETARG_POINTER(0);
	else
		state = create_state(monitor_aggregate_context(fcinfo), kind, weighted);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || !isfinite(PG_GETARG_FLOAT8(1)) ||
		!isfinite(PG_GETARG_FLOAT8(2)))
		PG_RETURN_POINTER(state);
	if (weighted)
	{
		if (PG_ARGISNULL(3) || isnan(PG_GETARG_FLOAT8(3)))
			PG_RETURN_POINTER(state);
		weight = PG_GETARG_FLOAT8(3);
		monitor_check_weight(weight);
	}
	monitor_regression_add(state, PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2), weight);
	PG_RETURN_POINTER(state);
}

Datum
monitor_regression_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = monitor_aggregate_context(fcinfo);
	MonitorRegression *state = PG_ARGISNULL(0) ? NULL : (MonitorRegression *) PG_GETARG_POINTER(0);
	MonitorRegression *other = PG_ARGISNULL(1) ? NULL : (MonitorRegression *) PG_GETARG_POINTER(1);

	if (other == NULL)
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	if (state == NULL)
		state = create_state(context, other->kind, other->weighted);
	monitor_regression_merge(state, other);
	PG_RETURN_POINTER(state);
}

Datum
monitor_regression_serialize(PG_FUNCTION_ARGS)
{
	MonitorRegression *state = (MonitorRegression *) PG_GETARG_POINTER(0);
	Size size = monitor_regression_size(state->kind);
	bytea *result = palloc(VARHDRSZ + size);

	monitor_aggregate_context(fcinfo);
	SET_VARSIZE(result, VARHDRSZ + size);
	memcpy(VARDATA(result), state, size);
	PG_RETURN_BYTEA_P(result);
}

Datum
monitor_regression_deserialize(PG_FUNCTION_ARGS)
{
	bytea *bytes = PG_GETARG_BYTEA_PP(0);
	MonitorRegression *state = palloc(VARSIZE_ANY_EXHDR(bytes));

	monitor_aggregate_context(fcinfo);
	memcpy(state, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	PG_RETURN_POINTER(state);
}

typedef MonitorStatus (*RegressionMetric)(MonitorRegression *state, double *value);

static Datum
return_metric(FunctionCallInfo fcinfo, RegressionMetric metric)
{
	MonitorStatus status;
	double value = 0;

	monitor_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	status = metric((MonitorRegression *) PG_GETARG_POINTER(0), &value);
	return monitor_return_float8(fcinfo, status, value);
}

/* ---- entry points ---- */

#define REGRESSION_METRIC(name, metric) \
	MONITOR_ENTRY(monitor_##name##_rows, return_metric(fcinfo, metric))

MONITOR_ENTRY(monitor_errors_accum, accumulate(fcinfo, MONITOR_ERRORS));
MONITOR_ENTRY(monitor_relative_errors_accum, accumulate(fcinfo, MONITOR_RELATIVE));
MONITOR_ENTRY(monitor_determination_accum, accumulate(fcinfo, MONITOR_DETERMINATION));

REGRESSION_METRIC(mean_absolute_error, monitor_mean_absolute_error);
REGRESSION_METRIC(mean_squared_error, monitor_mean_squared_error);
REGRESSION_METRIC(root_mean_squared_error, monitor_root_mean_squared_error);
REGRESSION_METRIC(mean_absolute_percentage_error, monitor_mean_absolute_percentage_error);
REGRESSION_METRIC(r2_score, monitor_r2);
