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
#include "catalog/partition.h"
#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/snapmgr.h"

PG_FUNCTION_INFO_V1(monitor_is_closed_timestamptz);
PG_FUNCTION_INFO_V1(monitor_is_closed_timestamp);
PG_FUNCTION_INFO_V1(monitor_is_closed_date);

/* What this transaction has read.  Numbers of models are given in order, so that few share a place. */
#define CACHED 64

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

/*
 * Gives the row of a model in a table whose primary key is model_id, as of now, to `use`.
 * Reads the table itself: the writer need not have rights on it, and nothing is planned.
 */
static void
read_model_row(const char *table, int64 model_id, void (*use)(HeapTuple, TupleDesc, void *),
			   void *arg)
{
	Oid relid = monitor_table(table);
	Relation relation;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple tuple;
	Snapshot snapshot;

	if (!OidIsValid(relid))
		return;
	relation = table_open(relid, AccessShareLock);
	ScanKeyInit(&key, 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(model_id));
	snapshot = RegisterSnapshot(GetLatestSnapshot());
	scan =
		systable_beginscan(relation, MONITOR_PRIMARY_KEY_INDEX(relation), true, snapshot, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
		use(tuple, RelationGetDescr(relation), arg);
	systable_endscan(scan);
	UnregisterSnapshot(snapshot);
	table_close(relation, AccessShareLock);
}

static void
use_watermark(HeapTuple tuple, TupleDesc tupdesc, void *arg)
{
	MonitorWatermark *found = (MonitorWatermark *) arg;
	bool is_null;

	found->closed_to = DatumGetTimestampTz(heap_getattr(tuple, 2, tupdesc, &is_null));
	found->closed_to_local = DatumGetTimestamp(heap_getattr(tuple, 3, tupdesc, &is_null));
}

static MonitorWatermark
read_watermark(int64 model_id)
{
	MonitorWatermark found = {DT_NOBEGIN, DT_NOBEGIN};

	read_model_row("watermark", model_id, use_watermark, &found);
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

/* ---- whose table ---- */

/* A relation, and whether it is the source or the label table of a model. */
typedef struct Watched
{
	FullTransactionId transaction;
	int64 model_id;
	Oid relid;
	bool yes;
} Watched;

static Watched watched[CACHED];

static void
use_sources(HeapTuple tuple, TupleDesc tupdesc, void *arg)
{
	Watched *asked = (Watched *) arg;
	List *tables = lcons_oid(asked->relid, get_partition_ancestors(asked->relid));

	for (int i = 0; i < tupdesc->natts; i++)
	{
		const char *name = NameStr(TupleDescAttr(tupdesc, i)->attname);
		bool is_null;
		Datum value;

		if (strcmp(name, "source") != 0 && strcmp(name, "label_source") != 0)
			continue;
		value = heap_getattr(tuple, i + 1, tupdesc, &is_null);
		if (!is_null && list_member_oid(tables, DatumGetObjectId(value)))
			asked->yes = true;
	}
	list_free(tables);
}

bool
monitor_watches(int64 model_id, Oid relid)
{
	FullTransactionId transaction = GetTopFullTransactionId();
	Watched *entry = &watched[((uint64) model_id + relid) % CACHED];

	if (!FullTransactionIdEquals(entry->transaction, transaction) || entry->model_id != model_id ||
		entry->relid != relid)
	{
		entry->transaction = InvalidFullTransactionId;
		entry->model_id = model_id;
		entry->relid = relid;
		entry->yes = false;
		read_model_row("model", model_id, use_sources, entry);
		entry->transaction = transaction;
	}
	return entry->yes;
}

/* ---- the condition ---- */

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
