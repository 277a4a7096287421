/*
 * watch_streams.c
 *		The watching of many streams at once: SQL's arrays of buckets become counts, and
 *		looks become rows.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "funcapi.h"
#include "profile_arrays.h"
#include "stats/watch.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"
#include "utils/typcache.h"

PG_FUNCTION_INFO_V1(monitor_watch_streams);
PG_FUNCTION_INFO_V1(monitor_dependence);

/* Buckets as SQL gives them, before anything is decoded. */
typedef struct Bucket
{
	TimestampTz start;
	TimestampTz end;
	int stratum;
	ProfileArray cells;
} Bucket;

typedef struct Buckets
{
	int n;
	Bucket *buckets;
	int strata; /* the largest stratum of the reference */
	int nreferences;
	int *stratum; /* of each reference, 0 the pooled one */
	ProfileArray *references;
	int pooled;
	int cut_by; /* whose cells numbers are cut into: the baseline's own, or for a segment that of all rows */
} Buckets;

/* The fields of an array of composites, one row after the other. */
static HeapTupleHeader *
rows_of(Datum datum, int *n)
{
	ArrayType *array = DatumGetArrayTypeP(datum);
	Datum *values;
	bool *nulls;
	int16 length;
	bool by_value;
	char align;
	HeapTupleHeader *rows;

	get_typlenbyvalalign(ARR_ELEMTYPE(array), &length, &by_value, &align);
	deconstruct_array(array, ARR_ELEMTYPE(array), length, by_value, align, &values, &nulls, n);
	rows = palloc(sizeof(HeapTupleHeader) * Max(*n, 1));
	for (int i = 0; i < *n; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("element %d is NULL", i + 1)));
		rows[i] = DatumGetHeapTupleHeader(values[i]);
	}
	return rows;
}

static void
fields_of(HeapTupleHeader row, Datum *values, bool *nulls)
{
	TupleDesc tupdesc =
		lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row), HeapTupleHeaderGetTypMod(row));
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(row), .t_data = row};

	heap_deform_tuple(&tuple, tupdesc, values, nulls);
	ReleaseTupleDesc(tupdesc);
}

/* _look_bucket[] and _reference_cells[] */
static Buckets
read_buckets(Datum buckets, Datum references)
{
	Buckets all = {.pooled = -1, .cut_by = -1};
	HeapTupleHeader *rows = rows_of(buckets, &all.n);
	Datum values[4];
	bool nulls[4];

	all.buckets = palloc0(sizeof(Bucket) * Max(all.n, 1));
	for (int i = 0; i < all.n; i++)
	{
		fields_of(rows[i], values, nulls);
		all.buckets[i].start = DatumGetTimestampTz(values[0]);
		all.buckets[i].end = DatumGetTimestampTz(values[1]);
		all.buckets[i].stratum = nulls[2] ? 0 : DatumGetInt32(values[2]);
		if (!nulls[3])
			all.buckets[i].cells = monitor_profile_array(values[3]);
	}
	rows = rows_of(references, &all.nreferences);
	all.stratum = palloc(sizeof(int) * Max(all.nreferences, 1));
	all.references = palloc(sizeof(ProfileArray) * Max(all.nreferences, 1));
	for (int i = 0; i < all.nreferences; i++)
	{
		fields_of(rows[i], values, nulls);
		all.stratum[i] = DatumGetInt32(values[0]);
		all.references[i] = monitor_profile_array(values[1]);
		if (all.stratum[i] == 0)
			all.pooled = i;
		if (all.stratum[i] < 0)
			all.cut_by = i;
		all.strata = Max(all.strata, all.stratum[i]);
	}
	if (all.pooled < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the reference lacks stratum 0")));
	return all;
}

/* One stream with everything that its looks need. */
typedef struct Stream
{
	MonitorWatchReference reference;
	MonitorWatchPlan plan;
	MonitorWatchSeries series;
	double *scratch;
} Stream;

/* Counts of the strata; the pooled one fixes the slots. */
static const int64_t *
stratum_counts(const Buckets *all, int position, const MonitorProfile *pooled)
{
	int64_t slots = monitor_profile_slots(pooled);
	int64_t *counts = palloc0(sizeof(int64_t) * slots * Max(all->strata, 1));

	for (int i = 0; i < all->nreferences; i++)
	{
		const MonitorProfile *profile = monitor_profile_element(&all->references[i], position);

		if (all->stratum[i] <= 0 || profile == NULL)
			continue;
		if (profile->id[0] != pooled->id[0] || profile->id[1] != pooled->id[1])
			monitor_report_status(MONITOR_MISMATCH);
		memcpy(counts + (all->stratum[i] - 1) * slots, monitor_profile_counts_const(profile),
			   sizeof(int64_t) * slots);
	}
	return counts;
}

/* Which bucket stands in which slot of time; slots without one had no rows. */
static int *
place_buckets(const Buckets *all, const TimestampTz *slots, int nslots)
{
	int *bucket_of = palloc(sizeof(int) * Max(nslots, 1));
	int at = 0;

	for (int i = 0; i < nslots; i++)
	{
		while (at < all->n && all->buckets[at].end < slots[i])
			at++;
		bucket_of[i] = at < all->n && all->buckets[at].end == slots[i] ? at : -1;
	}
	return bucket_of;
}

/* Running sums over the slots of time. */
static void
sum_buckets(Stream *stream, const Buckets *all, int position, const int *bucket_of, int nslots)
{
	const MonitorProfile *pooled = stream->reference.pooled;
	int64_t slots = stream->plan.slots;
	int strata = all->strata;
	double *sums = palloc0(sizeof(double) * slots * (nslots + 1));
	double *rows = palloc0(sizeof(double) * (strata + 1) * (nslots + 1));

	for (int i = 0; i < nslots; i++)
	{
		const Bucket *bucket = bucket_of[i] < 0 ? NULL : &all->buckets[bucket_of[i]];
		const MonitorProfile *profile = bucket ? monitor_profile_element(&bucket->cells, position)
											   : NULL;
		double *to = sums + (i + 1) * slots;

		memcpy(to, sums + i * slots, sizeof(double) * slots);
		memcpy(rows + (i + 1) * (strata + 1), rows + i * (strata + 1),
			   sizeof(double) * (strata + 1));
		if (profile == NULL)
			continue;
		if (profile->id[0] != pooled->id[0] || profile->id[1] != pooled->id[1])
			monitor_report_status(MONITOR_MISMATCH);
		for (int64_t slot = 0; slot < slots; slot++)
			to[slot] += monitor_profile_counts_const(profile)[slot];
		if (bucket->stratum >= 0 && bucket->stratum <= strata)
			rows[(i + 1) * (strata + 1) + bucket->stratum] += profile->n;
	}
	stream->series = (MonitorWatchSeries){nslots, slots, strata, sums, strata > 0 ? rows : NULL};
}

/* Cells are those of the sample that gave the anchors; categories are cells anyhow. */
static const MonitorProfile *
cutting_profile(const Buckets *all, int position, const MonitorProfile *pooled)
{
	const MonitorProfile *cutting =
		all->cut_by < 0 ? NULL : monitor_profile_element(&all->references[all->cut_by], position);

	if (cutting == NULL || cutting->n == 0 || pooled->categorical)
		return pooled;
	if (cutting->id[0] != pooled->id[0] || cutting->id[1] != pooled->id[1])
		monitor_report_status(MONITOR_MISMATCH);
	return cutting;
}

/* false: the baseline has no rows of this feature */
static bool
open_stream(Stream *stream, const Buckets *all, int position, const int *bucket_of, int nslots)
{
	const MonitorProfile *pooled = monitor_profile_element(&all->references[all->pooled], position);
	int64_t slots;
	MonitorStatus status;

	if (pooled == NULL || pooled->n == 0)
		return false;
	slots = monitor_profile_slots(pooled);
	stream->reference =
		(MonitorWatchReference){pooled, all->strata, stratum_counts(all, position, pooled)};
	status = monitor_watch_plan(cutting_profile(all, position, pooled),
								palloc(sizeof(int64_t) * MONITOR_WATCH_PLAN_SIZE(slots)),
								&stream->plan);
	if (status != MONITOR_OK)
		monitor_report_status(status);
	stream->scratch = palloc(sizeof(double) *
							 Max(MONITOR_DEPENDENCE_SCRATCH(slots, all->strata),
								 MONITOR_LOOK_SCRATCH(slots, all->strata)));
	sum_buckets(stream, all, position, bucket_of, nslots);
	return true;
}

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

static TimestampTz *
read_slots(Datum datum, int *n)
{
	Datum *values;
	bool *nulls;
	TimestampTz *slots;

	deconstruct_array(DatumGetArrayTypeP(datum), TIMESTAMPTZOID, 8, FLOAT8PASSBYVAL,
					  TYPALIGN_DOUBLE, &values, &nulls, n);
	slots = palloc(sizeof(TimestampTz) * Max(*n, 1));
	for (int i = 0; i < *n; i++)
		slots[i] = DatumGetTimestampTz(values[i]);
	return slots;
}

static void
put_row(ReturnSetInfo *rsinfo, Datum *values, bool *nulls)
{
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/*
 * _dependence(slots timestamptz[], buckets _look_bucket[], reference _reference_cells[])
 * -> setof (position, phi float8[], windows integer[])
 */
Datum
monitor_dependence(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	int nslots;
	TimestampTz *slots = read_slots(PG_GETARG_DATUM(0), &nslots);
	Buckets all = read_buckets(PG_GETARG_DATUM(1), PG_GETARG_DATUM(2));
	int *bucket_of = place_buckets(&all, slots, nslots);
	MemoryContext per_stream =
		AllocSetContextCreate(CurrentMemoryContext, "monitor stream", ALLOCSET_DEFAULT_SIZES);

	InitMaterializedSRF(fcinfo, 0);
	for (int position = 0; position < all.references[all.pooled].n; position++)
	{
		Stream stream;
		double phi[MONITOR_WATCH_SCALES];
		int windows[MONITOR_WATCH_SCALES];
		Datum values[3];
		bool nulls[3] = {false};
		MemoryContext old = MemoryContextSwitchTo(per_stream);

		CHECK_FOR_INTERRUPTS();
		if (open_stream(&stream, &all, position, bucket_of, nslots))
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

	fields_of(row, values, nulls);
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
put_look(ReturnSetInfo *rsinfo, const TimestampTz *slots, const TimestampTz *starts, int64_t last,
		 const StreamInput *input, const MonitorLook *look, const MonitorWatchState *state,
		 double level)
{
	Datum values[18];
	bool nulls[18] = {false};
	const char *reason = reason_of(look, input->phi_known);
	bool empty = look->n_current == 0;

	values[0] = TimestampTzGetDatum(slots[last - 1]);
	values[1] = Int32GetDatum(input->position);
	values[2] = TimestampTzGetDatum(starts[look->first]);
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
	values[17] = nulls[17] ? (Datum) 0 : TimestampTzGetDatum(slots[state->since - 1]);
	put_row(rsinfo, values, nulls);
}

/* First slot of time that starts at or after `since`. */
static int64_t
slot_since(const TimestampTz *starts, int nslots, TimestampTz since)
{
	int64_t at = 0;

	while (at < nslots && starts[at] < since)
		at++;
	return at;
}

static MonitorWatchOptions
read_options(HeapTupleHeader row, TimestampTz *first_look)
{
	Datum values[6];
	bool nulls[6];
	MonitorWatchOptions options;

	fields_of(row, values, nulls);
	*first_look = nulls[0] ? DT_NOBEGIN : DatumGetTimestampTz(values[0]);
	options.log_threshold = DatumGetFloat8(values[1]);
	options.level = DatumGetFloat8(values[2]);
	options.warning = DatumGetFloat8(values[3]);
	options.critical = DatumGetFloat8(values[4]);
	options.closing = DatumGetFloat8(values[5]);
	return options;
}

/*
 * _watch(slots timestamptz[], starts timestamptz[], buckets _look_bucket[], reference
 * _reference_cells[], streams _stream[], options _watch_options) -> setof _look: every
 * look after options.first_look of every stream.
 */
Datum
monitor_watch_streams(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	int nslots;
	int nstarts;
	int nstreams;
	TimestampTz *slots = read_slots(PG_GETARG_DATUM(0), &nslots);
	TimestampTz *starts = read_slots(PG_GETARG_DATUM(1), &nstarts);
	Buckets all = read_buckets(PG_GETARG_DATUM(2), PG_GETARG_DATUM(3));
	int *bucket_of = place_buckets(&all, slots, nslots);
	HeapTupleHeader *rows = rows_of(PG_GETARG_DATUM(4), &nstreams);
	TimestampTz first_look;
	MonitorWatchOptions options = read_options(PG_GETARG_HEAPTUPLEHEADER(5), &first_look);
	MemoryContext per_stream =
		AllocSetContextCreate(CurrentMemoryContext, "monitor stream", ALLOCSET_DEFAULT_SIZES);

	if (nstarts != nslots)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there must be as many starts as ends of slots")));
	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < nstreams; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(per_stream);
		StreamInput input = read_stream(rows[i]);
		Stream stream;

		CHECK_FOR_INTERRUPTS();
		if (open_stream(&stream, &all, input.position - 1, bucket_of, nslots))
		{
			MonitorWatchState state = {slot_since(starts, nslots, input.since), input.open,
									   input.calm, false};

			for (int64_t last = 1; last <= nslots; last++)
			{
				MonitorLook look;

				if (slots[last - 1] <= first_look)
					continue;
				monitor_watch_look(&stream.reference, &stream.plan, &stream.series, last,
								   input.phi_known ? input.phi : NULL, &options, stream.scratch,
								   &state, &look);
				put_look(rsinfo, slots, starts, last, &input, &look, &state, options.level);
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
