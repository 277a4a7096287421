/*
 * run_lock.c
 *		The lock of a run, held over the transactions that the run commits.
 *
 * It is the advisory lock of the session that SQL could take.  But a run that is
 * cancelled, or fails outside of its steps, never reaches the statement that lets go,
 * and others would find the model taken for as long as the session lives: so the end
 * of the transaction that failed lets go.
 */
#include "postgres.h"

#include "access.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "storage/lock.h"

PG_FUNCTION_INFO_V1(monitor_run_lock);
PG_FUNCTION_INFO_V1(monitor_run_unlock);

/* This session's run, if there is one. */
static bool is_held = false;
static LOCKTAG held;

/* As pg_advisory_lock(bigint) makes it. */
static LOCKTAG
tag_of(int64 key)
{
	LOCKTAG tag;

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, (uint32) (key >> 32), (uint32) key, 1);
	return tag;
}

static void
let_go(void)
{
	if (is_held)
	{
		is_held = false;
		LockRelease(&held, ExclusiveLock, true);
	}
}

static void
at_end_of_transaction(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_ABORT)
		let_go();
}

/* _run_lock(key bigint) -> boolean: false if another session has it; a session has one at a time */
Datum
monitor_run_lock(PG_FUNCTION_ARGS)
{
	static bool is_registered = false;
	LOCKTAG tag = tag_of(PG_GETARG_INT64(0));

	if (!is_registered)
	{
		RegisterXactCallback(at_end_of_transaction, NULL);
		is_registered = true;
	}
	let_go();
	if (LockAcquire(&tag, ExclusiveLock, true, true) == LOCKACQUIRE_NOT_AVAIL)
		PG_RETURN_BOOL(false);
	held = tag;
	is_held = true;
	PG_RETURN_BOOL(true);
}

/* _run_unlock(): lets go of the lock, if it is held */
Datum
monitor_run_unlock(PG_FUNCTION_ARGS)
{
	let_go();
	PG_RETURN_VOID();
}
