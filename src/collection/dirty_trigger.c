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
#include "utils/builtins.h"
#include "utils/date.h"
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
	TimestampTz bucket;
	SubTransactionId subtransaction;
	bool labels;
} Mark;

static HTAB *marks = NULL;
static FullTransactionId marks_of;

/* Whether this (sub)transaction notes this bucket for the first time. */
static bool
first_mark(int64 model_id, TimestampTz bucket, bool labels)
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
	mark.bucket = bucket;
	mark.subtransaction = GetCurrentSubTransactionId();
	mark.labels = labels;
	hash_search(marks, &mark, HASH_ENTER, &found);
	return !found;
}

static void
append(const char *table, Datum *values, bool *nulls)
{
	Oid relid = monitor_table(table);
	Relation relation;

	if (!OidIsValid(relid))
		return;
	relation = table_open(relid, RowExclusiveLock);
	CatalogTupleInsert(relation, heap_form_tuple(RelationGetDescr(relation), values, nulls));
	table_close(relation, RowExclusiveLock);
}

static void
mark_range(int64 model_id, TimestampTz from, TimestampTz to, bool labels)
{
	Datum values[5];
	bool nulls[5] = {false};

	values[0] = Int64GetDatum(model_id);
	values[1] = TimestampTzGetDatum(from);
	values[2] = TimestampTzGetDatum(to);
	values[3] = CStringGetTextDatum(labels ? "labels" : "features");
	values[4] = TimestampTzGetDatum(GetCurrentTimestamp());
	append("dirty_range", values, nulls);
}

/* ---- sources ---- */

/* Arguments of the trigger: model, granularity, time zone, time column, label columns. */
typedef struct Source
{
	int64 model_id;
	text *granularity;
	text *zone;
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
	source.tupdesc = RelationGetDescr(data->tg_relation);
	source.time_attribute = get_attnum(RelationGetRelid(data->tg_relation), args[3]);
	source.trigger = data->tg_trigger;
	return source;
}

/* The row's time; false: it has none that a bucket could hold, or the column is gone. */
static bool
time_of(const Source *source, HeapTuple row, TimestampTz *time)
{
	bool is_null;
	Datum value;
	Timestamp local;
	int overflow = 0;

	if (source->time_attribute <= 0)
		return false;
	value = heap_getattr(row, source->time_attribute, source->tupdesc, &is_null);
	if (is_null)
		return false;
	switch (TupleDescAttr(source->tupdesc, source->time_attribute - 1)->atttypid)
	{
		case TIMESTAMPTZOID:
			*time = DatumGetTimestampTz(value);
			return !TIMESTAMP_NOT_FINITE(*time);
		case DATEOID:
			local = date2timestamp_opt_overflow(DatumGetDateADT(value), &overflow);
			break;
		case TIMESTAMPOID:
			local = DatumGetTimestamp(value);
			break;
		default:
			return false;
	}
	if (overflow != 0 || TIMESTAMP_NOT_FINITE(local))
		return false;
	*time = DatumGetTimestampTz(DirectFunctionCall2(timestamp_zone, PointerGetDatum(source->zone),
													TimestampGetDatum(local)));
	return true;
}

static void
mark_row(const Source *source, HeapTuple row, bool labels)
{
	TimestampTz time;
	TimestampTz bucket;

	if (!time_of(source, row, &time) || time >= monitor_watermark(source->model_id).closed_to)
		return;
	bucket = DatumGetTimestampTz(DirectFunctionCall3(timestamptz_trunc_zone,
													 PointerGetDatum(source->granularity),
													 TimestampTzGetDatum(time),
													 PointerGetDatum(source->zone)));
	if (first_mark(source->model_id, bucket, labels))
		mark_range(source->model_id, bucket, time + 1, labels);
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
	if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
	{
		labels = only_labels_changed(&source, data->tg_trigtuple, data->tg_newtuple);
		mark_row(&source, data->tg_newtuple, labels);
	}
	mark_row(&source, data->tg_trigtuple, labels);
	return PointerGetDatum(NULL);
}

/* AFTER TRUNCATE FOR EACH STATEMENT on a source or one of its leaves; argument: model */
Datum
monitor_mark_truncated(PG_FUNCTION_ARGS)
{
	TriggerData *data = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || data->tg_trigger->tgnargs < 1)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function is a trigger")));
	mark_range(pg_strtoint64(data->tg_trigger->tgargs[0]), DT_NOBEGIN, DT_NOEND, false);
	return PointerGetDatum(NULL);
}

/* ---- label tables ---- */

static void
mark_key(int64 model_id, HeapTuple row, TupleDesc tupdesc, int attribute)
{
	Datum values[3];
	bool nulls[3] = {false};
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
	append("dirty_key", values, nulls);
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
	if (attribute <= 0)
		return PointerGetDatum(NULL);
	mark_key(model_id, data->tg_trigtuple, tupdesc, attribute);
	if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
		mark_key(model_id, data->tg_newtuple, tupdesc, attribute);
	return PointerGetDatum(NULL);
}
