/*
 * dirty_trigger.c
 *		Triggers on sources and label tables: they note what must be counted again.
 *
 * They append to tables of the extension without SPI, plans or rights of the writer, so
 * that a user's statement never fails for a reason of ours, and write one range for a
 * bucket and (sub)transaction, so that a mass update leaves few rows.
 */
#include "postgres.h"

#include "watermark.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

PG_FUNCTION_INFO_V1(monitor_mark_dirty);
PG_FUNCTION_INFO_V1(monitor_mark_truncated);
PG_FUNCTION_INFO_V1(monitor_mark_label);

/* ---- what has been written ---- */

typedef struct Mark
{
	int64 model_id;
	TimestampTz from;
	SubTransactionId subtransaction;
	bool labels;
} Mark;

static HTAB *marks = NULL;
static FullTransactionId marks_of;

/* Whether this (sub)transaction notes this bucket for the first time. */
static bool
first_mark(int64 model_id, TimestampTz from, bool labels)
{
	FullTransactionId transaction = GetTopFullTransactionId();
	Mark mark;
	bool found;

	if (marks == NULL || !FullTransactionIdEquals(marks_of, transaction))
	{
		HASHCTL control = {.keysize = sizeof(Mark),
						   .entrysize = sizeof(Mark),
						   .hcxt = TopTransactionContext};

		/* the one of an earlier transaction went with its memory */
		marks = hash_create("monitor marks", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
		marks_of = transaction;
	}
	memset(&mark, 0, sizeof(mark));
	mark.model_id = model_id;
	mark.from = from;
	mark.subtransaction = GetCurrentSubTransactionId();
	mark.labels = labels;
	hash_search(marks, &mark, HASH_ENTER, &found);
	return !found;
}

/* Appends a row whose first columns have these values; others stay NULL. */
static void
append(const char *table, int n, const Datum *values)
{
	Oid relid = monitor_table(table);
	Relation relation;
	int natts;
	Datum *row;
	bool *nulls;

	if (!OidIsValid(relid))
		return;
	relation = table_open(relid, RowExclusiveLock);
	natts = RelationGetDescr(relation)->natts;
	row = palloc0(natts * sizeof(Datum));
	nulls = palloc(natts * sizeof(bool));
	for (int i = 0; i < natts; i++)
	{
		nulls[i] = i >= n;
		if (i < n)
			row[i] = values[i];
	}
	CatalogTupleInsert(relation, heap_form_tuple(RelationGetDescr(relation), row, nulls));
	/* the lock stays, as that of any table that is written to */
	table_close(relation, NoLock);
}

static void
mark_range(int64 model_id, TimestampTz from, TimestampTz to, bool labels)
{
	Datum values[5];

	values[0] = Int64GetDatum(model_id);
	values[1] = TimestampTzGetDatum(from);
	values[2] = TimestampTzGetDatum(to);
	values[3] = CStringGetTextDatum(labels ? "labels" : "features");
	values[4] = TimestampTzGetDatum(GetCurrentTimestamp());
	append("dirty_range", lengthof(values), values);
}

/* ---- sources ---- */

/* 4000 BC: what is earlier has no bucket of its own, for its beginning may be no time at all. */
#define FIRST_BUCKET (((int64) date2j(-3999, 1, 1) - POSTGRES_EPOCH_JDATE) * USECS_PER_DAY)

/* Arguments of the trigger: model, granularity, time zone, time column, label columns. */
typedef struct Source
{
	int64 model_id;
	text *granularity;
	text *zone;
	bool zone_known;
	int time_attribute;
	Trigger *trigger;
	TupleDesc tupdesc;
} Source;

static Source
source_of(TriggerData *data)
{
	Source source;
	char **args = data->tg_trigger->tgargs;

	if (data->tg_trigger->tgnargs < 4)
		elog(ERROR, "trigger needs four arguments");
	source.model_id = pg_strtoint64(args[0]);
	source.granularity = cstring_to_text(args[1]);
	source.zone = cstring_to_text(args[2]);
	source.zone_known = pg_tzset(args[2]) != NULL;
	source.tupdesc = RelationGetDescr(data->tg_relation);
	source.time_attribute = get_attnum(RelationGetRelid(data->tg_relation), args[3]);
	source.trigger = data->tg_trigger;
	return source;
}

/*
 * The row's time.  false: it has none that a bucket could hold.  A date or local time that
 * is near the beginning of all times gives that beginning.
 */
static bool
time_of(const Source *source, Datum value, Oid type, TimestampTz *time)
{
	Timestamp local;
	int overflow = 0;

	if (type == TIMESTAMPTZOID)
	{
		*time = DatumGetTimestampTz(value);
		return !TIMESTAMP_NOT_FINITE(*time);
	}
	local = type == DATEOID ? date2timestamp_opt_overflow(DatumGetDateADT(value), &overflow)
							: DatumGetTimestamp(value);
	if (overflow > 0 || TIMESTAMP_NOT_FINITE(local))
		return false;
	*time = overflow < 0 || local < FIRST_BUCKET
		? FIRST_BUCKET - 1
		: DatumGetTimestampTz(DirectFunctionCall2(timestamp_zone, PointerGetDatum(source->zone),
												  TimestampGetDatum(local)));
	return true;
}

/*
 * What has to be counted again when this row comes or goes; false: nothing.  Whatever is
 * not known any more (the column was renamed, the server has no such time zone) must not
 * fail the statement, nor be lost: it is everything then.
 */
static bool
range_of(const Source *source, HeapTuple row, TimestampTz *from, TimestampTz *to)
{
	bool is_null;
	Datum value;
	Oid type;
	TimestampTz time;

	*from = DT_NOBEGIN;
	*to = DT_NOEND;
	if (source->time_attribute <= 0 || !source->zone_known)
		return true;
	type = TupleDescAttr(source->tupdesc, source->time_attribute - 1)->atttypid;
	if (type != TIMESTAMPTZOID && type != TIMESTAMPOID && type != DATEOID)
		return true;
	value = heap_getattr(row, source->time_attribute, source->tupdesc, &is_null);
	if (is_null || !time_of(source, value, type, &time) ||
		time >= monitor_watermark(source->model_id).closed_to)
		return false;
	*to = time + 1;
	if (time >= FIRST_BUCKET)
		*from = DatumGetTimestampTz(DirectFunctionCall3(timestamptz_trunc_zone,
														PointerGetDatum(source->granularity),
														TimestampTzGetDatum(time),
														PointerGetDatum(source->zone)));
	return true;
}

static void
mark_row(const Source *source, HeapTuple row, bool labels)
{
	TimestampTz from;
	TimestampTz to;

	if (range_of(source, row, &from, &to) && first_mark(source->model_id, from, labels))
		mark_range(source->model_id, from, to, labels);
}

static bool
is_label(const Source *source, const char *column)
{
	for (int i = 4; i < source->trigger->tgnargs; i++)
		if (strcmp(source->trigger->tgargs[i], column) == 0)
			return true;
	return false;
}

/* Did the update leave everything but labels as it was? */
static bool
only_labels_changed(const Source *source, HeapTuple before, HeapTuple after)
{
	if (source->trigger->tgnargs == 4)
		return false;
	for (int i = 0; i < source->tupdesc->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(source->tupdesc, i);
		bool a_null;
		bool b_null;
		Datum a;
		Datum b;

		if (column->attisdropped || is_label(source, NameStr(column->attname)))
			continue;
		a = heap_getattr(before, i + 1, source->tupdesc, &a_null);
		b = heap_getattr(after, i + 1, source->tupdesc, &b_null);
		if (a_null != b_null ||
			(!a_null && !datum_image_eq(a, b, column->attbyval, column->attlen)))
			return false;
	}
	return true;
}

/* AFTER INSERT OR UPDATE OR DELETE FOR EACH ROW on a source */
Datum
monitor_mark_dirty(PG_FUNCTION_ARGS)
{
	TriggerData *data = (TriggerData *) fcinfo->context;
	Source source;
	bool labels = false;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_FOR_ROW(data->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function is a row trigger")));
	source = source_of(data);
	if (!monitor_watches(source.model_id, RelationGetRelid(data->tg_relation)))
		return PointerGetDatum(NULL);
	if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
	{
		labels = only_labels_changed(&source, data->tg_trigtuple, data->tg_newtuple);
		mark_row(&source, data->tg_newtuple, labels);
	}
	mark_row(&source, data->tg_trigtuple, labels);
	return PointerGetDatum(NULL);
}

/*
 * AFTER TRUNCATE FOR EACH STATEMENT on a source, a label table or one of their partitions;
 * arguments: model, and 'labels' for a label table
 */
Datum
monitor_mark_truncated(PG_FUNCTION_ARGS)
{
	TriggerData *data = (TriggerData *) fcinfo->context;
	int64 model_id;

	if (!CALLED_AS_TRIGGER(fcinfo) || data->tg_trigger->tgnargs < 1)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function is a trigger")));
	model_id = pg_strtoint64(data->tg_trigger->tgargs[0]);
	if (monitor_watches(model_id, RelationGetRelid(data->tg_relation)))
		mark_range(model_id, DT_NOBEGIN, DT_NOEND, data->tg_trigger->tgnargs > 1);
	return PointerGetDatum(NULL);
}

/* ---- label tables ---- */

static void
mark_key(int64 model_id, HeapTuple row, TupleDesc tupdesc, int attribute)
{
	Datum values[3];
	bool is_null;
	Datum key = heap_getattr(row, attribute, tupdesc, &is_null);
	Oid output;
	bool is_varlena;

	if (is_null)
		return;
	getTypeOutputInfo(TupleDescAttr(tupdesc, attribute - 1)->atttypid, &output, &is_varlena);
	values[0] = Int64GetDatum(model_id);
	values[1] = CStringGetTextDatum(OidOutputFunctionCall(output, key));
	values[2] = TimestampTzGetDatum(GetCurrentTimestamp());
	append("dirty_key", lengthof(values), values);
}

/* AFTER INSERT OR UPDATE OR DELETE FOR EACH ROW on a label table; arguments: model, key column */
Datum
monitor_mark_label(PG_FUNCTION_ARGS)
{
	TriggerData *data = (TriggerData *) fcinfo->context;
	TupleDesc tupdesc;
	int64 model_id;
	int attribute;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_FOR_ROW(data->tg_event) ||
		data->tg_trigger->tgnargs < 2)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function is a row trigger")));
	tupdesc = RelationGetDescr(data->tg_relation);
	model_id = pg_strtoint64(data->tg_trigger->tgargs[0]);
	attribute = get_attnum(RelationGetRelid(data->tg_relation), data->tg_trigger->tgargs[1]);
	if (!monitor_watches(model_id, RelationGetRelid(data->tg_relation)))
		return PointerGetDatum(NULL);
	if (attribute <= 0)
	{
		/* the key was renamed: whose labels these are is not known */
		if (first_mark(model_id, DT_NOBEGIN, true))
			mark_range(model_id, DT_NOBEGIN, DT_NOEND, true);
		return PointerGetDatum(NULL);
	}
	mark_key(model_id, data->tg_trigtuple, tupdesc, attribute);
	if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
		mark_key(model_id, data->tg_newtuple, tupdesc, attribute);
	return PointerGetDatum(NULL);
}
