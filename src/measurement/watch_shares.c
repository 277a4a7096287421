/*
 * watch_shares.c
 *		SQL's arrays of counts become looks at a share.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "stats/watch.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(monitor_watch_shares);

/* Running sums of a float8[] without NULLs: one more than it has elements. */
static double *
running_sums(ArrayType *array, int *n)
{
	const double *values = (const double *) ARR_DATA_PTR(array);
	double *sums;

	if (ARR_NDIM(array) > 1 || array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("counts must be one list without NULL")));
	*n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	sums = palloc0(sizeof(double) * (*n + 1));
	for (int i = 0; i < *n; i++)
		sums[i + 1] = sums[i] + values[i];
	return sums;
}

/* Where nobody knows how dependent rows are, a verdict is a warning at most. */
static const char *
verdict_of(const MonitorShareLook *look, bool phi_known)
{
	switch (look->verdict)
	{
		case MONITOR_WATCH_WARNING:
			return "warning";
		case MONITOR_WATCH_CRITICAL:
			return phi_known ? "critical" : "warning";
		default:
			return "ok";
	}
}

static const char *
reason_of(const MonitorShareLook *look, bool phi_known)
{
	if (look->closed)
		return "recovered";
	if (look->verdict == MONITOR_WATCH_CRITICAL && !phi_known)
		return "dependence_unknown";
	return look->verdict == MONITOR_WATCH_UNSURE ? "large, but chance may explain it so far" : NULL;
}

static void
put_look(ReturnSetInfo *rsinfo, int64_t place, const MonitorShareLook *look, bool phi_known)
{
	const char *reason = reason_of(look, phi_known);
	Datum values[] = {Int32GetDatum((int32) place),
					  Int32GetDatum((int32) look->buckets),
					  Float8GetDatum(look->effect),
					  Float8GetDatum(look->log_e),
					  CStringGetTextDatum(verdict_of(look, phi_known)),
					  reason ? CStringGetTextDatum(reason) : (Datum) 0};
	bool nulls[] = {false, false, false, isinf(look->log_e) != 0, false, reason == NULL};

	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/*
 * _watch_shares(counts float8[], rows float8[], reference_count int8, reference_rows int8,
 * phi float8[], level, log_threshold, warning, critical float8) -> setof (place, buckets,
 * effect_size, log_e_value, verdict, reason): a look after each bucket.
 */
Datum
monitor_watch_shares(PG_FUNCTION_ARGS)
{
	int n;
	int nrows;
	MonitorShareSeries series = {.counts = running_sums(PG_GETARG_ARRAYTYPE_P(0), &n),
								 .rows = running_sums(PG_GETARG_ARRAYTYPE_P(1), &nrows),
								 .reference_count = PG_GETARG_INT64(2),
								 .reference_rows = PG_GETARG_INT64(3)};
	ArrayType *phi = PG_GETARG_ARRAYTYPE_P(4);
	MonitorWatchOptions options = {.level = PG_GETARG_FLOAT8(5),
								   .log_threshold = PG_GETARG_FLOAT8(6),
								   .warning = PG_GETARG_FLOAT8(7),
								   .critical = PG_GETARG_FLOAT8(8),
								   .closing = 0.8 * PG_GETARG_FLOAT8(7)};
	MonitorWatchState state = {0};

	if (n != nrows || series.reference_rows < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there must be rows for each count, and some in the reference")));
	if (ArrayGetNItems(ARR_NDIM(phi), ARR_DIMS(phi)) == MONITOR_WATCH_SCALES &&
		!array_contains_nulls(phi))
		series.phi = (const double *) ARR_DATA_PTR(phi);
	InitMaterializedSRF(fcinfo, 0);
	for (int64_t last = 1; last <= n; last++)
	{
		MonitorShareLook look;

		CHECK_FOR_INTERRUPTS();
		monitor_watch_share(&series, last, &options, &state, &look);
		put_look((ReturnSetInfo *) fcinfo->resultinfo, last, &look, series.phi != NULL);
	}
	return (Datum) 0;
}
