/*
 * restricted.c
 *		Running what users wrote with the rights of one role, and no others.
 *
 * A security-restricted operation alone still lets the owner's functions insert and
 * create functions; a read-only subtransaction alone still lets them take other
 * rights.  Together they can only read, and refusals.c keeps it so.
 */
#include "postgres.h"

#include "access.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

/* A lock of this backend, and the modes that it is held in. */
typedef struct HeldLock
{
	LOCKTAG tag;
	LOCKMASK modes;
} HeldLock;

/* ---- advisory locks, which outlive the subtransaction that took them ---- */

/* Adds the advisory locks of this backend in one part of the lock table. */
static List *
add_advisory_locks(List *found, int partition)
{
	PROCLOCK *held = NULL;

	LWLockAcquire(LockHashPartitionLockByIndex(partition), LW_SHARED);
	while ((held = MONITOR_NEXT_PROCLOCK(&MyProc->myProcLocks[partition], held)) != NULL)
		if (held->tag.myLock->tag.locktag_type == LOCKTAG_ADVISORY)
		{
			HeldLock *lock = palloc(sizeof(HeldLock));

			lock->tag = held->tag.myLock->tag;
			lock->modes = held->holdMask;
			found = lappend(found, lock);
		}
	LWLockRelease(LockHashPartitionLockByIndex(partition));
	return found;
}

/* Not inlined into what setjmp returns to. */
static pg_noinline List *
advisory_locks(void)
{
	List *found = NIL;

	for (int i = 0; i < NUM_LOCK_PARTITIONS; i++)
		found = add_advisory_locks(found, i);
	return found;
}

static LOCKMASK
modes_among(const LOCKTAG *tag, List *locks)
{
	ListCell *lc;

	foreach (lc, locks)
	{
		HeldLock *lock = (HeldLock *) lfirst(lc);

		if (memcmp(&lock->tag, tag, sizeof(LOCKTAG)) == 0)
			return lock->modes;
	}
	return 0;
}

/*
 * Lets go of the locks that were not held before.  The subtransaction's own went with
 * it, so what is left is of the session: it would keep other sessions waiting as long
 * as this one lives, and they would not know for whom.
 */
static void
release_new_locks(List *before)
{
	List *now = advisory_locks();
	ListCell *lc;

	foreach (lc, now)
	{
		HeldLock *lock = (HeldLock *) lfirst(lc);
		LOCKMASK new_modes = lock->modes & ~modes_among(&lock->tag, before);

		for (LOCKMODE mode = 1; mode <= MaxLockMode; mode++)
			if (new_modes & LOCKBIT_ON(mode))
				while (LockRelease(&lock->tag, mode, true) && MONITOR_LOCK_HELD(&lock->tag, mode))
					continue;
	}
	list_free_deep(now);
}

/* ---- the operation ---- */

void
monitor_run_restricted(Oid role, const char *path, void (*body)(void *), void *arg)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	List *locks = advisory_locks();
	int depth = monitor_restricted_depth;
	Oid user;
	int security;

	GetUserIdAndSecContext(&user, &security);
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		int level = NewGUCNestLevel();

		(void) set_config_option("search_path", path, PGC_SUSET, PGC_S_SESSION, GUC_ACTION_SAVE,
								 true, 0, false);
		/* not by its setting, which PostgreSQL 17 refuses here; the subtransaction's end restores it */
		XactReadOnly = true;
		SetUserIdAndSecContext(role,
							   security | SECURITY_LOCAL_USERID_CHANGE |
								   SECURITY_RESTRICTED_OPERATION);
		monitor_restricted_depth = depth + 1;
		body(arg);
		monitor_restricted_depth = depth;
		SetUserIdAndSecContext(user, security);
		AtEOXact_GUC(true, level);
		/* what was read is kept; a notification, a lock or a setting left behind is not */
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
		release_new_locks(locks);
	}
	PG_CATCH();
	{
		ErrorData *error;

		monitor_restricted_depth = depth;
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
		release_new_locks(locks);
		ReThrowError(error);
	}
	PG_END_TRY();
}
