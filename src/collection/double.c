/*
 * double.c
 *		Numbers of any size as double precision: one row beyond it must not fail a run.
 */
#include "postgres.h"

#include "monitor.h"

#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(monitor_double);

/* _double(numeric): the nearest double; beyond the largest one an infinity of its sign, not an error. */
Datum
monitor_double(PG_FUNCTION_ARGS)
{
	return DirectFunctionCall1(numeric_float8_no_overflow, PG_GETARG_DATUM(0));
}
