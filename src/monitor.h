/*
 * monitor.h
 *		What the files that speak with the server share.
 */
#ifndef MONITOR_H
#define MONITOR_H

#include "postgres.h"

#include "access/tupdesc.h"
#include "fmgr.h"

#include "compat.h"
#include "stats/stats.h"

/*
 * A function that SQL calls, whose body is one expression of fcinfo.  What follows
 * the body only takes the semicolon.
 */
#define MONITOR_ENTRY(symbol, body) \
	PG_FUNCTION_INFO_V1(symbol); \
	Datum symbol(PG_FUNCTION_ARGS) \
	{ \
		return body; \
	} \
	extern int monitor_no_such_symbol

/* Setting monitor.max_aggregate_memory, in kB. */
extern int monitor_max_aggregate_memory;

/*
 * The memory context of the aggregate that calls, where its state lives.
 * ERROR when the function is called by anything else.
 */
extern MemoryContext monitor_aggregate_context(FunctionCallInfo fcinfo);

/*
 * ERROR unless `more` bytes fit into monitor.max_aggregate_memory, beside what
 * the whole aggregate context (all groups) holds already.
 */
extern void monitor_reserve(MemoryContext context, Size more);

/* A status other than MONITOR_OK and MONITOR_UNDEFINED as an ERROR with its hint. */
MONITOR_NORETURN extern void monitor_report_status(MonitorStatus status);

/* monitor.test_result, or NULL for MONITOR_UNDEFINED; ERROR for other statuses. */
extern Datum monitor_return_result(FunctionCallInfo fcinfo, MonitorStatus status,
								   const MonitorTestResult *result);

/* float8, or NULL when undefined or NaN. */
extern Datum monitor_return_float8(FunctionCallInfo fcinfo, MonitorStatus status, double value);

/* The row type that the function returns (or whose array it returns), kept in its fn_extra. */
extern TupleDesc monitor_result_tupdesc(FunctionCallInfo fcinfo);

/* ERROR unless MONITOR_MIN_BINS <= bins <= MONITOR_MAX_BINS. */
extern int monitor_check_bins(int bins);

#endif /* MONITOR_H */
