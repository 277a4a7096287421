/*
 * rolling.h
 *		What the aggregates over moving windows share: reading a row, and the
 *		entry points for rows that enter and rows that leave.
 */
#ifndef MONITOR_ROLLING_H
#define MONITOR_ROLLING_H

#include "monitor.h"

#include "utils/builtins.h"

/* A scored row; one that has a NULL or a NaN is left out, entering and leaving alike. */
typedef struct ScoredRow
{
	double score;
	bool label;
} ScoredRow;

/* Reads arguments 1 and on; false: the row is left out. */
typedef bool (*ScoredRowReader)(FunctionCallInfo fcinfo, ScoredRow *row);

static inline bool
read_score(FunctionCallInfo fcinfo, ScoredRow *row)
{
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return false;
	row->score = PG_GETARG_FLOAT8(1);
	return !isnan(row->score);
}

/* (score float8, label boolean) */
static inline bool
read_boolean(FunctionCallInfo fcinfo, ScoredRow *row)
{
	if (!read_score(fcinfo, row))
		return false;
	row->label = PG_GETARG_BOOL(2);
	return true;
}

/* (score float8, label integer); ERROR for a label that is neither 0 nor 1 */
static inline bool
read_integer(FunctionCallInfo fcinfo, ScoredRow *row)
{
	int32 label;

	if (!read_score(fcinfo, row))
		return false;
	label = PG_GETARG_INT32(2);
	if (unlikely(label != 0 && label != 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("label must be 0 or 1, got %d", label),
				 errhint("Name the positive class: label::text, '%d'.", label)));
	row->label = label == 1;
	return true;
}

/* Are two arguments the same text, byte by byte? */
static inline bool
same_text(FunctionCallInfo fcinfo, int a, int b)
{
	text *x = PG_GETARG_TEXT_PP(a);
	text *y = PG_GETARG_TEXT_PP(b);
	Size length = VARSIZE_ANY_EXHDR(x);

	return length == VARSIZE_ANY_EXHDR(y) && memcmp(VARDATA_ANY(x), VARDATA_ANY(y), length) == 0;
}

/* (score float8, label text, positive text); ERROR for a positive class that is NULL */
static inline bool
read_text(FunctionCallInfo fcinfo, ScoredRow *row)
{
	if (PG_ARGISNULL(3))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the positive class is NULL")));
	if (!read_score(fcinfo, row))
		return false;
	row->label = same_text(fcinfo, 2, 3);
	return true;
}

/*
 * The state in argument 0; a new one, zeroed, for the first row that enters.
 * Where rows leave there is one.
 */
static inline void *
rolling_state(FunctionCallInfo fcinfo, Size size)
{
	if (likely(!PG_ARGISNULL(0)))
		return PG_GETARG_POINTER(0);
	return MemoryContextAllocZero(monitor_aggregate_context(fcinfo), size);
}

/* One function of an aggregate, monitor_<name>, which calls body(fcinfo, ...). */
#define ROLLING_FUNCTION(name, body, ...) \
	PG_FUNCTION_INFO_V1(monitor_##name); \
	Datum monitor_##name(PG_FUNCTION_ARGS) \
	{ \
		return body(fcinfo, __VA_ARGS__); \
	} \
	extern int monitor_no_such_symbol

/* Those for rows of a score and a label that enter and leave: body(fcinfo, reader, by, ...). */
#define ROLLING_SCORED(name, body, ...) \
	ROLLING_FUNCTION(name##_boolean_add, body, read_boolean, 1, __VA_ARGS__); \
	ROLLING_FUNCTION(name##_boolean_remove, body, read_boolean, -1, __VA_ARGS__); \
	ROLLING_FUNCTION(name##_integer_add, body, read_integer, 1, __VA_ARGS__); \
	ROLLING_FUNCTION(name##_integer_remove, body, read_integer, -1, __VA_ARGS__); \
	ROLLING_FUNCTION(name##_text_add, body, read_text, 1, __VA_ARGS__); \
	ROLLING_FUNCTION(name##_text_remove, body, read_text, -1, __VA_ARGS__)

#endif /* MONITOR_ROLLING_H */
