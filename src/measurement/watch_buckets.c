/*
 * watch_buckets.c
 *		What watching reads: the counts of consecutive buckets and of the baseline.
 *
 * The buckets come straight from their table, each in the slot of time that it belongs to:
 * as an ordered array of composites, hundreds of buckets would be copied again and again.
 */
#include "postgres.h"

#include "watch_buckets.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

/* ---- composites ---- */

HeapTupleHeader *
monitor_rows_of(Datum datum, int *n)
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

void
monitor_columns_of(HeapTupleHeader row, Datum *values, bool *nulls)
{
	TupleDesc tupdesc =
		lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row), HeapTupleHeaderGetTypMod(row));
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(row), .t_data = row};

	heap_deform_tuple(&tuple, tupdesc, values, nulls);
	ReleaseTupleDesc(tupdesc);
}

/* ---- buckets ---- */

/* An array of n values without NULL; n < 0: of any number, which is set. */
static Datum *
read_array(Datum datum, Oid type, int length, char align, int *n)
{
	Datum *values;
	bool *nulls;
	int found;

	deconstruct_array(DatumGetArrayTypeP(datum), type, length, true, align, &values, &nulls,
					  &found);
	if (*n >= 0 && found != *n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("there must be a start and a stratum of each of %d slots, got %d", *n,
						found)));
	*n = found;
	for (int i = 0; i < found; i++)
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("element %d is NULL", i + 1)));
	return values;
}

static TimestampTz *
read_times(Datum datum, int *n)
{
	Datum *values = read_array(datum, TIMESTAMPTZOID, 8, TYPALIGN_DOUBLE, n);
	TimestampTz *times = palloc(sizeof(TimestampTz) * Max(*n, 1));

	for (int i = 0; i < *n; i++)
		times[i] = DatumGetTimestampTz(values[i]);
	return times;
}

static int *
read_strata(Datum datum, int *n)
{
	Datum *values = read_array(datum, INT4OID, 4, TYPALIGN_INT, n);
	int *strata = palloc(sizeof(int) * Max(*n, 1));

	for (int i = 0; i < *n; i++)
		strata[i] = DatumGetInt32(values[i]);
	return strata;
}

/* The slot that ends then, or -1. */
static int
slot_of(const WatchBuckets *buckets, TimestampTz end)
{
	int low = 0;
	int high = buckets->nslots;

	while (low < high)
	{
		int middle = low + (high - low) / 2;

		if (buckets->ends[middle] < end)
			low = middle + 1;
		else
			high = middle;
	}
	return low < buckets->nslots && buckets->ends[low] == end ? low : -1;
}

static SPIPlanPtr
buckets_plan(void)
{
	static SPIPlanPtr plan = NULL;

	if (plan == NULL)
	{
		Oid types[] = {INT8OID, INT8OID, TEXTOID, TIMESTAMPTZOID, TIMESTAMPTZOID};
		SPIPlanPtr made =
			SPI_prepare("SELECT f.bucket_end, f.cells FROM monitor.bucket_features AS f"
						" WHERE f.model_id OPERATOR(pg_catalog.=) $1 AND f.baseline_id OPERATOR(pg_catalog.=) $2"
						" AND f.segment OPERATOR(pg_catalog.=) $3 AND f.bucket_start OPERATOR(pg_catalog.>=) $4"
						" AND f.bucket_start OPERATOR(pg_catalog.<) $5",
						lengthof(types), types);

		if (made == NULL || SPI_keepplan(made) != 0)
			elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
		plan = made;
	}
	return plan;
}

/* keys: model_id, baseline_id, segment */
static void
read_cells(WatchBuckets *buckets, const Datum *keys)
{
	MemoryContext context = CurrentMemoryContext;
	Datum values[5] = {keys[0], keys[1], keys[2]};

	buckets->cells = palloc0(sizeof(ProfileArray) * Max(buckets->nslots, 1));
	if (buckets->nslots == 0)
		return;
	values[3] = TimestampTzGetDatum(buckets->starts[0]);
	values[4] = TimestampTzGetDatum(buckets->ends[buckets->nslots - 1]);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_execute_plan(buckets_plan(), values, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read buckets");
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		bool is_null;
		HeapTuple row = SPI_tuptable->vals[i];
		int slot =
			slot_of(buckets,
					DatumGetTimestampTz(SPI_getbinval(row, SPI_tuptable->tupdesc, 1, &is_null)));
		Datum cells = SPI_getbinval(row, SPI_tuptable->tupdesc, 2, &is_null);
		MemoryContext old;

		CHECK_FOR_INTERRUPTS();
		if (slot < 0)
			continue;
		old = MemoryContextSwitchTo(context);
		buckets->cells[slot] = monitor_profile_array(PointerGetDatum(PG_DETOAST_DATUM_COPY(cells)));
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
}

/* _reference_cells[] */
static void
read_references(WatchBuckets *buckets, Datum references)
{
	HeapTupleHeader *rows = monitor_rows_of(references, &buckets->nreferences);
	Datum values[2];
	bool nulls[2];

	buckets->reference_stratum = palloc(sizeof(int) * Max(buckets->nreferences, 1));
	buckets->references = palloc(sizeof(ProfileArray) * Max(buckets->nreferences, 1));
	buckets->pooled = buckets->cut_by = -1;
	for (int i = 0; i < buckets->nreferences; i++)
	{
		monitor_columns_of(rows[i], values, nulls);
		buckets->reference_stratum[i] = DatumGetInt32(values[0]);
		buckets->references[i] = monitor_profile_array(values[1]);
		if (buckets->reference_stratum[i] == 0)
			buckets->pooled = i;
		if (buckets->reference_stratum[i] < 0)
			buckets->cut_by = i;
		buckets->strata = Max(buckets->strata, buckets->reference_stratum[i]);
	}
	if (buckets->pooled < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the reference lacks stratum 0")));
}

WatchBuckets *
monitor_read_watch_buckets(FunctionCallInfo fcinfo)
{
	WatchBuckets *buckets = palloc0(sizeof(WatchBuckets));
	Datum keys[] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), PG_GETARG_DATUM(2)};

	buckets->nslots = -1;
	buckets->ends = read_times(PG_GETARG_DATUM(3), &buckets->nslots);
	buckets->starts = read_times(PG_GETARG_DATUM(4), &buckets->nslots);
	buckets->stratum = read_strata(PG_GETARG_DATUM(5), &buckets->nslots);
	read_references(buckets, PG_GETARG_DATUM(6));
	read_cells(buckets, keys);
	buckets->rows = palloc(sizeof(double) * (buckets->strata + 1) * (buckets->nslots + 1));
	return buckets;
}

/* ---- streams ---- */

/* Counts of the strata; the pooled one fixes the slots. */
static const int64_t *
stratum_counts(const WatchBuckets *buckets, int position, const MonitorProfile *pooled)
{
	int64_t slots = monitor_profile_slots(pooled);
	int64_t *counts = palloc0(sizeof(int64_t) * slots * Max(buckets->strata, 1));

	for (int i = 0; i < buckets->nreferences; i++)
	{
		const MonitorProfile *profile = monitor_profile_element(&buckets->references[i], position);

		if (buckets->reference_stratum[i] <= 0 || profile == NULL)
			continue;
		if (profile->id[0] != pooled->id[0] || profile->id[1] != pooled->id[1])
			monitor_report_status(MONITOR_MISMATCH);
		memcpy(counts + (buckets->reference_stratum[i] - 1) * slots,
			   monitor_profile_counts_const(profile), sizeof(int64_t) * slots);
	}
	return counts;
}

/* Room for the counts and sums of a stream with that many slots. */
static void
make_room(WatchBuckets *buckets, int64_t slots)
{
	MemoryContext old;

	if (slots <= buckets->slots_allocated)
		return;
	old = MemoryContextSwitchTo(GetMemoryChunkContext(buckets));
	buckets->counts = palloc(sizeof(int64_t) * slots);
	buckets->sums = MemoryContextAllocHuge(CurrentMemoryContext,
										   sizeof(double) * slots * (buckets->nslots + 1));
	buckets->slots_allocated = slots;
	MemoryContextSwitchTo(old);
}

/* The rows of the bucket in slot i, and its counts; 0: nothing was counted. */
static int64_t
load_counts(WatchBuckets *buckets, int i, int position, const MonitorProfile *pooled)
{
	const ProfileArray *cells = &buckets->cells[i];
	struct varlena *stored;
	int64_t n;
	MonitorStatus status;

	if (position >= cells->n || cells->nulls[position])
		return 0;
	stored = PG_DETOAST_DATUM_PACKED(cells->values[position]);
	status = monitor_profile_load_counts((const unsigned char *) VARDATA_ANY(stored),
										 VARSIZE_ANY_EXHDR(stored), pooled, buckets->counts, &n);
	if (status != MONITOR_OK)
		monitor_report_status(status);
	return n;
}

/* Running sums over the slots of time. */
static void
sum_buckets(WatchStream *stream, WatchBuckets *buckets, int position)
{
	int64_t slots = stream->plan.slots;
	int nrows = buckets->strata + 1;

	make_room(buckets, slots);
	memset(buckets->sums, 0, sizeof(double) * slots);
	memset(buckets->rows, 0, sizeof(double) * nrows);
	for (int i = 0; i < buckets->nslots; i++)
	{
		int64_t n = load_counts(buckets, i, position, stream->reference.pooled);
		double *to = buckets->sums + (i + 1) * slots;
		double *rows = buckets->rows + (i + 1) * nrows;

		memcpy(to, to - slots, sizeof(double) * slots);
		memcpy(rows, rows - nrows, sizeof(double) * nrows);
		if (n == 0)
			continue;
		for (int64_t slot = 0; slot < slots; slot++)
			to[slot] += (double) buckets->counts[slot];
		if (buckets->stratum[i] >= 0 && buckets->stratum[i] <= buckets->strata)
			rows[buckets->stratum[i]] += (double) n;
	}
	stream->series = (MonitorWatchSeries){buckets->nslots, slots, buckets->strata, buckets->sums,
										  buckets->strata > 0 ? buckets->rows : NULL};
}

/* Cells are those of the sample that gave the anchors; categories are cells anyhow. */
static const MonitorProfile *
cutting_profile(const WatchBuckets *buckets, int position, const MonitorProfile *pooled)
{
	const MonitorProfile *cutting = buckets->cut_by < 0
		? NULL
		: monitor_profile_element(&buckets->references[buckets->cut_by], position);

	if (cutting == NULL || cutting->n == 0 || pooled->categorical)
		return pooled;
	if (cutting->id[0] != pooled->id[0] || cutting->id[1] != pooled->id[1])
		monitor_report_status(MONITOR_MISMATCH);
	return cutting;
}

bool
monitor_open_watch_stream(WatchStream *stream, WatchBuckets *buckets, int position)
{
	const MonitorProfile *pooled =
		monitor_profile_element(&buckets->references[buckets->pooled], position);
	int64_t slots;
	MonitorStatus status;

	if (pooled == NULL || pooled->n == 0)
		return false;
	slots = monitor_profile_slots(pooled);
	stream->reference =
		(MonitorWatchReference){pooled, buckets->strata, stratum_counts(buckets, position, pooled)};
	status = monitor_watch_plan(cutting_profile(buckets, position, pooled),
								palloc(sizeof(int64_t) * MONITOR_WATCH_PLAN_SIZE(slots)),
								&stream->plan);
	if (status != MONITOR_OK)
		monitor_report_status(status);
	stream->scratch = palloc(sizeof(double) *
							 Max(MONITOR_DEPENDENCE_SCRATCH(slots, buckets->strata),
								 MONITOR_LOOK_SCRATCH(slots, buckets->strata)));
	sum_buckets(stream, buckets, position);
	return true;
}
