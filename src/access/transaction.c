/*
 * transaction.c
 *		What a procedure that commits has to know of its surroundings.
 */
#include "postgres.h"

#include "access.h"

#include "access/xact.h"

PG_FUNCTION_INFO_V1(monitor_refuse_transaction_block);

/* _refuse_transaction_block(): ERROR inside BEGIN ... COMMIT */
Datum
monitor_refuse_transaction_block(PG_FUNCTION_ARGS)
{
	if (IsTransactionBlock())
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("a run cannot be part of a transaction"),
				 errdetail("It commits between its steps, so that what it marks as counted is seen by all writers."),
				 errhint("Call it alone, outside BEGIN ... COMMIT: CALL monitor.run();")));
	PG_RETURN_VOID();
}
