/*
 * monitor.c
 *		The module: its start, its settings, and what all its functions share.
 */
#include "postgres.h"

#include "access/access.h"
#include "access/clock.h"
#include "monitor.h"

#include <gsl/gsl_errno.h>

#include "access/htup_details.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "stats/cells.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

MONITOR_MODULE_MAGIC;

#define DEFAULT_AGGREGATE_MEMORY (1024 * 1024) /* kB */
#define MIN_AGGREGATE_MEMORY	 64

int monitor_max_aggregate_memory = DEFAULT_AGGREGATE_MEMORY;

void _PG_init(void);

static void
check_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}

void
_PG_init(void)
{
	/* GSL's own handler aborts, which would restart the whole server. */
	gsl_set_error_handler_off();
	monitor_interrupt_hook = check_interrupts;

	DefineCustomIntVariable("monitor.max_aggregate_memory",
							"Most memory that the exact aggregates of one plan node may hold.",
							"Past it they fail with a hint at the profile form, whose memory is bounded.",
							&monitor_max_aggregate_memory, DEFAULT_AGGREGATE_MEMORY,
							MIN_AGGREGATE_MEMORY, MAX_KILOBYTES, PGC_USERSET, GUC_UNIT_KB, NULL,
							NULL, NULL);
	monitor_define_clock();
	monitor_define_refusals();
	MarkGUCPrefixReserved("monitor");
}

MemoryContext
monitor_aggregate_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("this function works only as part of an aggregate")));
	return context;
}

void
monitor_reserve(MemoryContext context, Size more)
{
	Size held = MemoryContextMemAllocated(context, true);

	if ((held + more) / 1024 > (Size) monitor_max_aggregate_memory)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("aggregate needs %zu kB of memory, more than monitor.max_aggregate_memory (%d kB)",
						(held + more) / 1024, monitor_max_aggregate_memory),
				 errhint("Use profiles (monitor.profile), whose memory does not grow with the "
						 "rows, take fewer groups at a time, or raise monitor.max_aggregate_memory.")));
}

void
monitor_report_status(MonitorStatus status)
{
	switch (status)
	{
		case MONITOR_OVERFLOW:
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("profile would hold a count below 0 or above the range of bigint"),
					 errhint("Add only profiles of different rows, and subtract only profiles of "
							 "rows that the first one counts.")));
			break;
		case MONITOR_MISMATCH:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("profiles count in different slots"),
					 errhint("Build both profiles with the same edges or categories, those of the reference.")));
			break;
		case MONITOR_NO_ANCHORS:
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("profile is detached from its anchors"),
					 errhint("Give it the anchors of a profile that embeds them: monitor.attach(profile, anchors).")));
			break;
		case MONITOR_TOO_COARSE:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("profile is too coarse for this number of bins"),
					 errdetail("A cut between bins would fall between two anchors."),
					 errhint("Use a number of bins that divides the number of edges, or build the profiles with more edges.")));
			break;
		case MONITOR_CORRUPT:
			ereport(ERROR,
					(errcode(ERRCODE_DATA_CORRUPTED),
					 errmsg("invalid bytes in a value of type monitor.profile")));
			break;
		default:
			elog(ERROR, "unexpected status %d of the statistics library", (int) status);
	}
	pg_unreachable();
}

TupleDesc
monitor_result_tupdesc(FunctionCallInfo fcinfo)
{
	TupleDesc tupdesc = (TupleDesc) fcinfo->flinfo->fn_extra;

	if (tupdesc == NULL)
	{
		Oid type = get_func_rettype(fcinfo->flinfo->fn_oid);
		Oid element = get_element_type(type);
		MemoryContext old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);

		tupdesc = lookup_rowtype_tupdesc_copy(OidIsValid(element) ? element : type, -1);
		BlessTupleDesc(tupdesc);
		MemoryContextSwitchTo(old);
		fcinfo->flinfo->fn_extra = tupdesc;
	}
	return tupdesc;
}

Datum
monitor_return_float8(FunctionCallInfo fcinfo, MonitorStatus status, double value)
{
	if (status == MONITOR_UNDEFINED || (status == MONITOR_OK && isnan(value)))
		PG_RETURN_NULL();
	if (status != MONITOR_OK)
		monitor_report_status(status);
	PG_RETURN_FLOAT8(value);
}

/* NaN stands for "not defined", which is NULL in SQL. */
static void
set_float8(Datum *values, bool *nulls, int i, double value)
{
	values[i] = Float8GetDatum(value);
	nulls[i] = isnan(value);
}

Datum
monitor_return_result(FunctionCallInfo fcinfo, MonitorStatus status,
					  const MonitorTestResult *result)
{
	Datum values[9];
	bool nulls[9] = {false};
	HeapTuple tuple;

	if (status == MONITOR_UNDEFINED)
		PG_RETURN_NULL();
	if (status != MONITOR_OK)
		monitor_report_status(status);
	set_float8(values, nulls, 0, result->statistic);
	set_float8(values, nulls, 1, result->statistic_low);
	set_float8(values, nulls, 2, result->statistic_high);
	set_float8(values, nulls, 3, result->p_value);
	set_float8(values, nulls, 4, result->effect_size);
	set_float8(values, nulls, 5, result->df);
	values[6] = Int64GetDatum(result->n_reference);
	values[7] = Int64GetDatum(result->n_current);
	values[8] = PointerGetDatum(cstring_to_text(result->method));
	tuple = heap_form_tuple(monitor_result_tupdesc(fcinfo), values, nulls);
	PG_RETURN_DATUM(HeapTupleGetDatum(tuple));
}

int
monitor_check_bins(int bins)
{
	if (bins < MONITOR_MIN_BINS || bins > MONITOR_MAX_BINS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("bins must be between %d and %d, got %d", MONITOR_MIN_BINS,
						MONITOR_MAX_BINS, bins)));
	return bins;
}
