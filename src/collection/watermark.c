/*
 * watermark.c
 *		The condition of the triggers on a source: does a row belong to a bucket that is
 *		counted already?  It is asked for every row that is written, so that it
 *		reads the watermark once a transaction and then only compares.
 */
#include "postgres.h"

#include "watermark.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/snapmgr.h"

PG_FUNCTION_INFO_V1(monitor_is_closed_timestamptz);
PG_FUNCTION_INFO_V1(monitor_is_closed_timestamp);
PG_FUNCTION_INFO_V1(monitor_is_closed_date);

/* What this transaction has read; a handful of models write in one transaction. */
#define CACHED 8

typedef struct CachedWatermark
{
	FullTransactionId transaction;
	int64 model_id;
	MonitorWatermark watermark;
} CachedWatermark;

static CachedWatermark cache[CACHED];

Oid
monitor_table(const char *name)
{
	Oid schema = get_namespace_oid("monitor", true);

	return OidIsValid(schema) ? get_relname_relid(name, schema) : InvalidOid;
}

/* Reads the table itself: the writer need not have rights on it, and nothing is planned. */
static MonitorWatermark
read_watermark(int64 model_id)
{
	MonitorWatermark found = {DT_NOBEGIN, DT_NOBEGIN};
	Oid relid = monitor_table("watermark");
	Relation relation;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple tuple;
	Snapshot snapshot;

	if (!OidIsValid(relid))
		return found;
	relation = table_open(relid, AccessShareLock);
	ScanKeyInit(&key, 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(model_id));
	snapshot = RegisterSnapshot(GetLatestSnapshot());
	scan =
		systable_beginscan(relation, MONITOR_PRIMARY_KEY_INDEX(relation), true, snapshot, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		bool is_null;

		found.closed_to =
			DatumGetTimestampTz(heap_getattr(tuple, 2, RelationGetDescr(relation), &is_null));
		found.closed_to_local =
			DatumGetTimestamp(heap_getattr(tuple, 3, RelationGetDescr(relation), &is_null));
	}
	systable_endscan(scan);
	UnregisterSnapshot(snapshot);
	table_close(relation, AccessShareLock);
	return found;
}

MonitorWatermark
monitor_watermark(int64 model_id)
{
	FullTransactionId transaction = GetTopFullTransactionId();
	CachedWatermark *entry = &cache[(uint64) model_id % CACHED];

	if (!FullTransactionIdEquals(entry->transaction, transaction) || entry->model_id != model_id)
	{
		entry->watermark = read_watermark(model_id);
		entry->transaction = transaction;
		entry->model_id = model_id;
	}
	return entry->watermark;
}

/* _is_closed(time, model_id): does a bucket that holds this time count as closed? */
Datum
monitor_is_closed_timestamptz(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(PG_GETARG_TIMESTAMPTZ(0) < monitor_watermark(PG_GETARG_INT64(1)).closed_to);
}

Datum
monitor_is_closed_timestamp(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(PG_GETARG_TIMESTAMP(0) < monitor_watermark(PG_GETARG_INT64(1)).closed_to_local);
}

Datum
monitor_is_closed_date(PG_FUNCTION_ARGS)
{
	int overflow;
	Timestamp time = date2timestamp_opt_overflow(PG_GETARG_DATEADT(0), &overflow);

	PG_RETURN_BOOL(overflow < 0 ||
				   (overflow == 0 && time < monitor_watermark(PG_GETARG_INT64(1)).closed_to_local));
}
