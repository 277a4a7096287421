/*
 * audit_trigger.c
 *		The trigger that records every change of a governed table.
 *
 * It writes the row of audit_log first and puts its number into the changed row, so that
 * each governed row names the record of its last change.  A row that is inserted with such
 * a number comes from a dump and is not recorded again.
 */
#include "postgres.h"

#include "access/access.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/rel.h"

PG_FUNCTION_INFO_V1(monitor_audit);
PG_FUNCTION_INFO_V1(monitor_refuse_change);

/*
 * One row of audit_log; gives its number.  The row types go in as composites, so that
 * to_jsonb sees the columns of the table.
 */
static int64
record_change(TriggerData *data, const char *action, HeapTuple before, HeapTuple after)
{
	Oid types[4] = {TEXTOID, TEXTOID, data->tg_relation->rd_rel->reltype,
					data->tg_relation->rd_rel->reltype};
	Datum values[4];
	char nulls[4] = {' ', ' ', 'n', 'n'};
	TupleDesc tupdesc = RelationGetDescr(data->tg_relation);
	bool is_null;
	int64 id;

	values[0] = CStringGetTextDatum(action);
	values[1] = CStringGetTextDatum(RelationGetRelationName(data->tg_relation));
	values[2] = values[3] = (Datum) 0;
	if (before)
	{
		values[2] = heap_copy_tuple_as_datum(before, tupdesc);
		nulls[2] = ' ';
	}
	if (after)
	{
		values[3] = heap_copy_tuple_as_datum(after, tupdesc);
		nulls[3] = ' ';
	}
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	/* no operators: the path is that of who changes the table */
	if (SPI_execute_with_args("INSERT INTO monitor.audit_log (action, table_name, model_id, before, after)"
							  " SELECT $1, $2, coalesce(pg_catalog.jsonb_object_field_text(a, 'model_id'),"
							  " pg_catalog.jsonb_object_field_text(b, 'model_id'))::pg_catalog.int8, b, a"
							  " FROM (SELECT pg_catalog.jsonb_delete(pg_catalog.to_jsonb($3), 'audit_id'::pg_catalog.text) AS b,"
							  " pg_catalog.jsonb_delete(pg_catalog.to_jsonb($4), 'audit_id'::pg_catalog.text) AS a) AS t"
							  " RETURNING audit_id",
							  4, types, values, nulls, false, 1) != SPI_OK_INSERT_RETURNING)
		elog(ERROR, "the audit trail could not be written");
	id = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
	SPI_finish();
	return id;
}

/* BEFORE INSERT OR UPDATE OR DELETE FOR EACH ROW on a governed table, which has audit_id */
Datum
monitor_audit(PG_FUNCTION_ARGS)
{
	TriggerData *data = (TriggerData *) fcinfo->context;
	TupleDesc tupdesc;
	int column;
	HeapTuple row;
	bool is_null;
	Datum id;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_FOR_ROW(data->tg_event) ||
		!TRIGGER_FIRED_BEFORE(data->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function is a BEFORE row trigger")));
	tupdesc = RelationGetDescr(data->tg_relation);
	column = SPI_fnumber(tupdesc, "audit_id");
	if (column <= 0)
		elog(ERROR, "table \"%s\" has no audit_id", RelationGetRelationName(data->tg_relation));
	if (TRIGGER_FIRED_BY_DELETE(data->tg_event))
	{
		record_change(data, "DELETE", data->tg_trigtuple, NULL);
		return PointerGetDatum(data->tg_trigtuple);
	}
	if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
	{
		row = data->tg_newtuple;
		id = Int64GetDatum(record_change(data, "UPDATE", data->tg_trigtuple, row));
	}
	else
	{
		row = data->tg_trigtuple;
		(void) heap_getattr(row, column, tupdesc, &is_null);
		if (!is_null)
			return PointerGetDatum(row);
		id = Int64GetDatum(record_change(data, "INSERT", NULL, row));
	}
	is_null = false;
	return PointerGetDatum(heap_modify_tuple_by_cols(row, tupdesc, 1, &column, &id, &is_null));
}

/*
 * BEFORE UPDATE OR DELETE OR TRUNCATE FOR EACH STATEMENT on what is only added to; BEFORE
 * TRUNCATE on governed tables, whose rows must not go unrecorded
 */
Datum
monitor_refuse_change(PG_FUNCTION_ARGS)
{
	TriggerData *data = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function is a trigger")));
	if (data->tg_trigger->tgnargs > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("\"%s\" cannot be truncated: the audit trail would not know what it held",
						RelationGetRelationName(data->tg_relation)),
				 errhint("DELETE its rows.")));
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("rows of \"%s\" are only added, never changed or removed",
					RelationGetRelationName(data->tg_relation))));
}
