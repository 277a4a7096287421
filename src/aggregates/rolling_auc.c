/*
 * rolling_auc.c
 *		rolling_auc(score, label) over window frames: transition, inverse and
 *		final function.
 *
 * Memory: 20 to 40 bytes for each distinct score in the frame, 15 more where rows
 * share scores, and as much again while it is laid out anew; counted against
 * monitor.max_aggregate_memory.
 */
#include "postgres.h"

#include "rolling.h"

#include "stats/rolling_auc.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(monitor_rolling_auc);

static void *
allocate(void *owner, size_t size)
{
	monitor_reserve((MemoryContext) owner, size);
	return MemoryContextAllocHuge((MemoryContext) owner, size);
}

static void
release(void *owner, void *memory)
{
	pfree(memory);
}

static MonitorRollingAuc *
new_state(FunctionCallInfo fcinfo)
{
	MemoryContext context = monitor_aggregate_context(fcinfo);
	MonitorRollingAuc *auc = MemoryContextAlloc(context, sizeof(MonitorRollingAuc));

	monitor_rolling_auc_init(auc, (MonitorAllocator){allocate, release, context});
	return auc;
}

static inline Datum
change_auc(FunctionCallInfo fcinfo, LabelReader read, int by, int unused)
{
	MonitorRollingAuc *auc = likely(!PG_ARGISNULL(0)) ? (MonitorRollingAuc *) PG_GETARG_POINTER(0)
													  : new_state(fcinfo);
	ScoredRow row;

	if (!read_scored_row(fcinfo, read, &row))
		PG_RETURN_POINTER(auc);
	if (by < 0)
	{
		/* NULL makes the server start the frame anew */
		if (unlikely(monitor_rolling_auc_remove(auc, row.score, row.label) != MONITOR_OK))
			PG_RETURN_NULL();
	}
	else if (unlikely(monitor_rolling_auc_add(auc, row.score, row.label) != MONITOR_OK))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a window frame of rolling_auc cannot have more than 4000000000 rows")));
	PG_RETURN_POINTER(auc);
}

ROLLING_SCORED(rolling_auc, change_auc, 0);

/* Reads the state only: the next row of the window goes on from it. */
Datum
monitor_rolling_auc(PG_FUNCTION_ARGS)
{
	double value = 0;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (monitor_rolling_auc_value((MonitorRollingAuc *) PG_GETARG_POINTER(0), &value) != MONITOR_OK)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(value);
}
