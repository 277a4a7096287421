/*
 * watermark.c
 *		The condition of the triggers on a source: does a row belong to a bucket that is
 *		counted already?  It is asked for every row that is written, so that it reads the
 *		watermark once, is told when one has moved, and otherwise only compares.
 */
#include "postgres.h"

#include "watermark.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "commands/trigger.h"
#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/snapmgr.h"

PG_FUNCTION_INFO_V1(monitor_is_closed_timestamptz);
PG_FUNCTION_INFO_V1(monitor_is_closed_timestamp);
PG_FUNCTION_INFO_V1(monitor_is_closed_date);
PG_FUNCTION_INFO_V1(monitor_watermark_moved);

/* What has been read.  Numbers of models are given in order, so that few share a place. */
#define CACHED 64

typedef struct CachedWatermark
{
	FullTransactionId transaction; /* that looked last: within one it stays what it was */
	uint64 generation;
	int64 model_id;
	MonitorWatermark watermark;
} CachedWatermark;

static CachedWatermark cache[CACHED];

/*
 * Whoever moves a watermark sends a message about the primary key of that table, which no
 * plan depends on, so that none has to be made anew.  Each message ends a generation, and
 * what was read in it is read again; generation 0 is over.
 */
static uint64 generation = 1;
static Oid watermark_index = InvalidOid;

static void
forget_watermarks(Datum arg, Oid relid)
{
	if (relid == InvalidOid || relid == watermark_index)
		generation++;
}

/* AFTER a statement that moved watermarks: other backends forget what they have read. */
Datum
monitor_watermark_moved(PG_FUNCTION_ARGS)
{
	TriggerData *data = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function is a trigger")));
	CacheInvalidateRelcacheByRelid(MONITOR_PRIMARY_KEY_INDEX(data->tg_relation));
	return PointerGetDatum(NULL);
}

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

/* From here on messages about this table end generations. */
static void
listen_for_moves(void)
{
	static bool registered = false;
	Oid relid = monitor_table("watermark");
	Relation relation;

	watermark_index = InvalidOid;
	if (!OidIsValid(relid))
		return;
	relation = table_open(relid, AccessShareLock);
	watermark_index = MONITOR_PRIMARY_KEY_INDEX(relation);
	table_close(relation, AccessShareLock);
	if (!registered)
		CacheRegisterRelcacheCallback(forget_watermarks, (Datum) 0);
	registered = true;
}

/*
 * What is kept from an earlier transaction holds only after this one, which has an id, took
 * the messages that were sent until now: who moved the watermark sent his before he looked
 * whose ids are in use.  And what is read while a message arrives may be older than it.
 */
MonitorWatermark
monitor_watermark(int64 model_id)
{
	FullTransactionId transaction = GetTopFullTransactionId();
	CachedWatermark *entry = &cache[(uint64) model_id % CACHED];
	uint64 began;

	if (entry->model_id == model_id && FullTransactionIdEquals(entry->transaction, transaction))
		return entry->watermark;
	AcceptInvalidationMessages();
	if (entry->model_id != model_id || entry->generation != generation)
	{
		entry->transaction = InvalidFullTransactionId;
		entry->generation = 0;
		listen_for_moves();
		began = generation;
		entry->watermark = read_watermark(model_id);
		entry->model_id = model_id;
		entry->generation = OidIsValid(watermark_index) ? began : 0;
	}
	entry->transaction = transaction;
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
