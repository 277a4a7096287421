/*
 * watch_streams.c
 *		The watching of many streams at once: the counts of buckets become looks, and
 *		these rows.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"
#include "watch_buckets.h"

PG_FUNCTION_INFO_V1(monitor_watch_streams);
PG_FUNCTION_INFO_V1(monitor_dependence);

/* ---- dependence ---- */

static Datum
float8_array(const double *values, int n)
{
	Datum *datums = palloc(sizeof(Datum) * n);

	for (int i = 0; i < n; i++)
		datums[i] = Float8GetDatum(values[i]);
	return PointerGetDatum(construct_array(datums, n, FLOAT8OID, 8, FLOAT8PASSBYVAL,
										   TYPALIGN_DOUBLE));
}

static Datum
int4_array(const int *values, int n)
{
	Datum *datums = palloc(sizeof(Datum) * n);

	for (int i = 0; i < n; i++)
		datums[i] = Int32GetDatum(values[i]);
	return PointerGetDatum(construct_array(datums, n, INT4OID, 4, true, TYPALIGN_INT));
}

static void
put_row(ReturnSetInfo *rsinfo, Datum *values, bool *nulls)
{
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/*
 * _dependence(model_id, baseline_id, segment, slots timestamptz[], starts timestamptz[], strata
 * integer[], reference _reference_cells[]) -> setof (position, phi float8[], windows integer[])
 */
Datum
monitor_dependence(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	WatchBuckets *buckets = monitor_read_watch_buckets(fcinfo);
	MemoryContext per_stream =
		AllocSetContextCreate(CurrentMemoryContext, "monitor stream", ALLOCSET_DEFAULT_SIZES);

	InitMaterializedSRF(fcinfo, 0);
	for (int position = 0; position < buckets->references[buckets->pooled].n; position++)
	{
		WatchStream stream;
		double phi[MONITOR_WATCH_SCALES];
		int windows[MONITOR_WATCH_SCALES];
		Datum values[3];
		bool nulls[3] = {false};
		MemoryContext old = MemoryContextSwitchTo(per_stream);

		CHECK_FOR_INTERRUPTS();
		if (monitor_open_watch_stream(&stream, buckets, position))
		{
			nulls[1] = !monitor_watch_dependence(&stream.reference, &stream.plan, &stream.series,
												 stream.scratch, phi, windows);
			values[0] = Int32GetDatum(position + 1);
			values[1] = float8_array(phi, MONITOR_WATCH_SCALES);
			values[2] = int4_array(windows, MONITOR_WATCH_SCALES);
			put_row(rsinfo, values, nulls);
		}
		MemoryContextSwitchTo(old);
		MemoryContextReset(per_stream);
	}
	return (Datum) 0;
}

/* ---- looks ---- */

/* _stream: what is known of a stream before the looks. */
typedef struct StreamInput
{
	int position;
	TimestampTz since;
	bool open;
	int calm;
	bool phi_known;
	double phi[MONITOR_WATCH_SCALES];
} StreamInput;

static StreamInput
read_stream(HeapTupleHeader row)
{
	Datum values[5];
	bool nulls[5];
	StreamInput input = {0};

	monitor_columns_of(row, values, nulls);
	input.position = DatumGetInt32(values[0]);
	input.since = nulls[1] ? DT_NOBEGIN : DatumGetTimestampTz(values[1]);
	input.open = !nulls[2] && DatumGetBool(values[2]);
	input.calm = nulls[3] ? 0 : DatumGetInt32(values[3]);
	if (!nulls[4])
	{
		Datum *phi;
		bool *absent;
		int n;

		deconstruct_array(DatumGetArrayTypeP(values[4]), FLOAT8OID, 8, FLOAT8PASSBYVAL,
						  TYPALIGN_DOUBLE, &phi, &absent, &n);
		if (n != MONITOR_WATCH_SCALES)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("phi must have %d elements, got %d", MONITOR_WATCH_SCALES, n)));
		input.phi_known = true;
		for (int i = 0; i < n; i++)
			input.phi[i] = absent[i] ? 1 : DatumGetFloat8(phi[i]);
	}
	return input;
}

static const char *const verdicts[] = {
	[MONITOR_WATCH_OK] = "ok",
	[MONITOR_WATCH_SMALL] = "ok",
	[MONITOR_WATCH_UNSURE] = "ok",
	[MONITOR_WATCH_WARNING] = "warning",
	[MONITOR_WATCH_CRITICAL] = "critical",
	[MONITOR_WATCH_INSUFFICIENT] = "insufficient_data",
	[MONITOR_WATCH_NO_DATA] = "no_data",
};

static const char *
reason_of(const MonitorLook *look, bool phi_known)
{
	if (look->closed)
		return "recovered";
	switch (look->verdict)
	{
		case MONITOR_WATCH_SMALL:
			return "changed, but too little to matter";
		case MONITOR_WATCH_UNSURE:
			return "large, but chance may explain it so far";
		case MONITOR_WATCH_INSUFFICIENT:
			return "too few rows to tell";
		case MONITOR_WATCH_NO_DATA:
			return "no rows";
		case MONITOR_WATCH_WARNING:
		case MONITOR_WATCH_CRITICAL:
			return phi_known ? NULL : "dependence_unknown";
		default:
			return NULL;
	}
}

static Datum
float8_or_null(double value, bool *is_null)
{
	*is_null = isnan(value);
	return Float8GetDatum(value);
}

static void
put_look(ReturnSetInfo *rsinfo, const WatchBuckets *buckets, int64_t last, const StreamInput *input,
		 const MonitorLook *look, const MonitorWatchState *state, double level)
{
	Datum values[18];
	bool nulls[18] = {false};
	const char *reason = reason_of(look, input->phi_known);
	bool empty = look->n_current == 0;

	values[0] = TimestampTzGetDatum(buckets->ends[last - 1]);
	values[1] = Int32GetDatum(input->position);
	values[2] = TimestampTzGetDatum(buckets->starts[look->first]);
	values[3] = Int32GetDatum((int32) (last - look->first));
	values[4] = float8_or_null(empty ? NAN : look->effect.psi, &nulls[4]);
	values[5] = float8_or_null(empty ? NAN : look->effect.effect, &nulls[5]);
	values[6] = float8_or_null(empty ? NAN : fmin(1, level + exp(-look->log_e)), &nulls[6]);
	values[7] = float8_or_null(isinf(look->log_e) ? NAN : look->log_e, &nulls[7]);
	values[8] = Float8GetDatum(look->phi);
	values[9] = Int64GetDatum((int64) rint(look->n_reference));
	values[10] = Int64GetDatum((int64) look->n_current);
	values[11] = CStringGetTextDatum(verdicts[look->verdict]);
	nulls[12] = reason == NULL;
	values[12] = reason ? CStringGetTextDatum(reason) : (Datum) 0;
	values[13] = BoolGetDatum(look->opened);
	values[14] = BoolGetDatum(look->closed);
	values[15] = BoolGetDatum(state->open);
	values[16] = Int32GetDatum(state->calm);
	nulls[17] = state->since >= last ? false : state->since == 0;
	values[17] = nulls[17] ? (Datum) 0 : TimestampTzGetDatum(buckets->ends[state->since - 1]);
	put_row(rsinfo, values, nulls);
}

/* First slot of time that starts at or after `since`. */
static int64_t
slot_since(const WatchBuckets *buckets, TimestampTz since)
{
	int64_t at = 0;

	while (at < buckets->nslots && buckets->starts[at] < since)
		at++;
	return at;
}

static MonitorWatchOptions
read_options(HeapTupleHeader row, TimestampTz *first_look)
{
	Datum values[6];
	bool nulls[6];
	MonitorWatchOptions options;

	monitor_columns_of(row, values, nulls);
	*first_look = nulls[0] ? DT_NOBEGIN : DatumGetTimestampTz(values[0]);
	options.log_threshold = DatumGetFloat8(values[1]);
	options.level = DatumGetFloat8(values[2]);
	options.warning = DatumGetFloat8(values[3]);
	options.critical = DatumGetFloat8(values[4]);
	options.closing = DatumGetFloat8(values[5]);
	return options;
}

/*
 * _watch(model_id, baseline_id, segment, slots timestamptz[], starts timestamptz[], strata integer[],
 * reference _reference_cells[], streams _stream[], options _watch_options) -> setof _look: every
 * look after options.first_look of every stream.
 */
Datum
monitor_watch_streams(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	WatchBuckets *buckets = monitor_read_watch_buckets(fcinfo);
	int nstreams;
	HeapTupleHeader *rows = monitor_rows_of(PG_GETARG_DATUM(7), &nstreams);
	TimestampTz first_look;
	MonitorWatchOptions options = read_options(PG_GETARG_HEAPTUPLEHEADER(8), &first_look);
	MemoryContext per_stream =
		AllocSetContextCreate(CurrentMemoryContext, "monitor stream", ALLOCSET_DEFAULT_SIZES);

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < nstreams; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(per_stream);
		StreamInput input = read_stream(rows[i]);
		WatchStream stream;

		CHECK_FOR_INTERRUPTS();
		if (monitor_open_watch_stream(&stream, buckets, input.position - 1))
		{
			MonitorWatchState state = {slot_since(buckets, input.since), input.open, input.calm,
									   false};

			for (int64_t last = 1; last <= buckets->nslots; last++)
			{
				MonitorLook look;

				if (buckets->ends[last - 1] <= first_look)
					continue;
				monitor_watch_look(&stream.reference, &stream.plan, &stream.series, last,
								   input.phi_known ? input.phi : NULL, &options, stream.scratch,
								   &state, &look);
				put_look(rsinfo, buckets, last, &input, &look, &state, options.level);
			}
		}
		MemoryContextSwitchTo(old);
		MemoryContextReset(per_stream);
	}
	return (Datum) 0;
}

/* ---- one window, for explanations ---- */

/* _effect(cut_by profile, reference profile, current profile) -> (psi, effect_size) of independent rows */
PG_FUNCTION_INFO_V1(monitor_effect);

Datum
monitor_effect(PG_FUNCTION_ARGS)
{
	const MonitorProfile *cut_by = PG_GETARG_PROFILE(0);
	MonitorWatchReference reference = {PG_GETARG_PROFILE(1), 0, NULL};
	const MonitorProfile *current = PG_GETARG_PROFILE(2);
	int64_t slots = monitor_profile_slots(cut_by);
	double *share = palloc(sizeof(double) * slots);
	double *counts = palloc(sizeof(double) * slots);
	MonitorWatchWindow window = {counts, NULL, (double) current->n};
	MonitorWatchPlan plan;
	MonitorWatchMatch match;
	MonitorWatchEffect effect;
	MonitorStatus status;
	TupleDesc tupdesc;
	Datum values[2];
	bool nulls[2] = {false};

	if (cut_by->id[0] != current->id[0] || cut_by->id[0] != reference.pooled->id[0])
		monitor_report_status(MONITOR_MISMATCH);
	if (reference.pooled->n == 0 || current->n == 0)
		PG_RETURN_NULL();
	status =
		monitor_watch_plan(cut_by, palloc(sizeof(int64_t) * MONITOR_WATCH_PLAN_SIZE(slots)), &plan);
	if (status != MONITOR_OK)
		monitor_report_status(status);
	for (int64_t slot = 0; slot < slots; slot++)
		counts[slot] = (double) monitor_profile_counts_const(current)[slot];
	match = monitor_watch_match(&reference, &window, share);
	effect = monitor_watch_effect(&plan, &match, &window, 1);
	values[0] = Float8GetDatum(effect.psi);
	values[1] = Float8GetDatum(effect.effect);
	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(tupdesc), values, nulls)));
}
