/*
 * read.c
 *		Reading a source: the rows of one query, with its model owner's rights.
 */
#include "postgres.h"

#include "access.h"

#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/tstoreReceiver.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/params.h"
#include "tcop/dest.h"
#include "tcop/tcopprot.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

PG_FUNCTION_INFO_V1(monitor_read);

#define NUM_PARAMS 2

/* A query, its parameters, and where its rows go. */
typedef struct Reading
{
	const char *text;
	Oid types[NUM_PARAMS];
	ParamListInfo params;
	ReturnSetInfo *result;
	MemoryContext context;
} Reading;

/* The query, with views expanded. */
static Query *
analyse(const Reading *reading)
{
	List *statements = pg_parse_query(reading->text);
	List *queries = NIL;

	if (list_length(statements) == 1)
		queries = pg_analyze_and_rewrite_fixedparams(linitial_node(RawStmt, statements),
													 reading->text, reading->types, NUM_PARAMS,
													 NULL);
	if (list_length(queries) != 1 || linitial_node(Query, queries)->commandType != CMD_SELECT ||
		linitial_node(Query, queries)->utilityStmt != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_SYNTAX_ERROR),
				 errmsg("not a query that returns rows: %s", reading->text)));
	return linitial_node(Query, queries);
}

/* The query's columns must be what the caller declared. */
static void
check_columns(TupleDesc have, TupleDesc want)
{
	if (have->natts != want->natts)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("query gives %d columns, expected %d", have->natts, want->natts)));
	for (int i = 0; i < have->natts; i++)
		if (TupleDescAttr(have, i)->atttypid != TupleDescAttr(want, i)->atttypid)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column %d of the query has type %s, expected %s", i + 1,
							format_type_be(TupleDescAttr(have, i)->atttypid),
							format_type_be(TupleDescAttr(want, i)->atttypid))));
}

/* Runs the plan; rows go into the result with their toasted values, whose table is let go of. */
static void
run_plan(const Reading *reading, PlannedStmt *plan)
{
	DestReceiver *receiver = CreateDestReceiver(DestTuplestore);
	QueryDesc *query;

	SetTuplestoreDestReceiverParams(receiver, reading->result->setResult,
									reading->result->econtext->ecxt_per_query_memory, true, NULL,
									NULL);
	query = CreateQueryDesc(plan, reading->text, GetActiveSnapshot(), InvalidSnapshot, receiver,
							reading->params, NULL, 0);
	ExecutorStart(query, 0);
	check_columns(query->tupDesc, reading->result->setDesc);
	MONITOR_RUN_ALL(query);
	ExecutorFinish(query);
	ExecutorEnd(query);
	FreeQueryDesc(query);
	receiver->rDestroy(receiver);
}

/*
 * Not through SPI: what is checked must be what is run, and a cursor that is fetched in
 * portions would not run in parallel.
 */
static void
read_rows(void *arg)
{
	Reading *reading = (Reading *) arg;
	MemoryContext old = MemoryContextSwitchTo(reading->context);
	Query *query = analyse(reading);

	if (superuser_arg(GetUserId()))
		monitor_refuse_foreign_code(query, GetUserId());
	run_plan(reading, pg_plan_query(query, reading->text, CURSOR_OPT_PARALLEL_OK, reading->params));
	MemoryContextSwitchTo(old);
}

/*
 * _read(owner oid, query text, anchors _anchors[], texts text[]) -> setof record: the
 * rows of the query, read as `owner`, with anchors as $1 and texts as $2.
 */
Datum
monitor_read(PG_FUNCTION_ARGS)
{
	Reading reading;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("owner and query must not be NULL")));
	reading.text = text_to_cstring(PG_GETARG_TEXT_PP(1));
	reading.params = makeParamList(NUM_PARAMS);
	for (int i = 0; i < NUM_PARAMS; i++)
	{
		reading.types[i] = get_fn_expr_argtype(fcinfo->flinfo, i + 2);
		reading.params->params[i].value = PG_ARGISNULL(i + 2) ? (Datum) 0 : PG_GETARG_DATUM(i + 2);
		reading.params->params[i].isnull = PG_ARGISNULL(i + 2);
		reading.params->params[i].pflags = PARAM_FLAG_CONST;
		reading.params->params[i].ptype = reading.types[i];
	}
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	reading.result = (ReturnSetInfo *) fcinfo->resultinfo;
	reading.context =
		AllocSetContextCreate(CurrentMemoryContext, "monitor reading", ALLOCSET_DEFAULT_SIZES);
	monitor_run_restricted(PG_GETARG_OID(0), "pg_catalog, pg_temp", read_rows, &reading);
	MemoryContextDelete(reading.context);
	return (Datum) 0;
}
