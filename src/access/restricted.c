/*
 * restricted.c
 *		Reading a source with its model owner's rights, and no others.
 *
 * A security-restricted operation alone still lets the owner's functions insert and
 * create functions; a read-only subtransaction alone still lets them take other
 * rights.  Together they can only read.
 */
#include "postgres.h"

#include "access.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(monitor_read);

static void
set_for_now(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_SUSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
							 false);
}

void
monitor_run_restricted(Oid role, const char *path, void (*body)(void *), void *arg)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	Oid user;
	int security;

	GetUserIdAndSecContext(&user, &security);
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		int level = NewGUCNestLevel();

		set_for_now("search_path", path);
		set_for_now("transaction_read_only", "on");
		SetUserIdAndSecContext(role,
							   security | SECURITY_LOCAL_USERID_CHANGE |
								   SECURITY_RESTRICTED_OPERATION);
		body(arg);
		SetUserIdAndSecContext(user, security);
		AtEOXact_GUC(true, level);
		/* what was read is kept; a notification, a lock or a setting left behind is not */
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
		ReThrowError(error);
	}
	PG_END_TRY();
}

/* SPI's rows into the result; their columns must be what the caller declared. */
static void
keep_rows(ReturnSetInfo *rsinfo)
{
	TupleDesc have = SPI_tuptable->tupdesc;
	TupleDesc want = rsinfo->setDesc;

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
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		MemoryContext old = MemoryContextSwitchTo(rsinfo->econtext->ecxt_per_query_memory);

		tuplestore_puttuple(rsinfo->setResult, SPI_tuptable->vals[row]);
		MemoryContextSwitchTo(old);
		CHECK_FOR_INTERRUPTS();
	}
}

/* A query to read; its rows go into the result in portions, so that they are held once. */
#define ROWS_AT_ONCE 1000

typedef struct Reading
{
	const char *query;
	ReturnSetInfo *rsinfo;
	Oid types[2];
	Datum values[2];
	char nulls[2];
} Reading;

static void
read_rows(void *arg)
{
	Reading *reading = (Reading *) arg;
	SPIPlanPtr plan;
	Portal portal;
	uint64 fetched;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	plan = SPI_prepare_cursor(reading->query, 2, reading->types, CURSOR_OPT_PARALLEL_OK);
	if (plan == NULL || !SPI_is_cursor_plan(plan))
		ereport(ERROR,
				(errcode(ERRCODE_SYNTAX_ERROR),
				 errmsg("not a query that returns rows: %s", reading->query)));
	portal = SPI_cursor_open(NULL, plan, reading->values, reading->nulls, true);
	do
	{
		SPI_cursor_fetch(portal, true, ROWS_AT_ONCE);
		fetched = SPI_processed;
		keep_rows(reading->rsinfo);
		SPI_freetuptable(SPI_tuptable);
	} while (fetched == ROWS_AT_ONCE);
	SPI_cursor_close(portal);
	SPI_finish();
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
	reading.query = text_to_cstring(PG_GETARG_TEXT_PP(1));
	reading.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	for (int i = 0; i < 2; i++)
	{
		reading.types[i] = get_fn_expr_argtype(fcinfo->flinfo, i + 2);
		reading.values[i] = PG_ARGISNULL(i + 2) ? (Datum) 0 : PG_GETARG_DATUM(i + 2);
		reading.nulls[i] = PG_ARGISNULL(i + 2) ? 'n' : ' ';
	}
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	monitor_run_restricted(PG_GETARG_OID(0), "pg_catalog, pg_temp", read_rows, &reading);
	return (Datum) 0;
}
