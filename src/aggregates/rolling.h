/*
 * rolling.h
 *		What the aggregates over moving windows share: reading a row, and the
 *		entry points for rows that enter and rows that leave.
 */
#ifndef MONITOR_ROLLING_H
#define MONITOR_ROLLING_H

#include "label.h"
#include "monitor.h"

/* A scored row; one that has a NULL or a NaN is left out, entering and leaving alike. */
typedef struct ScoredRow
{
	double score;
	bool label;
} ScoredRow;

/* Reads arguments 1 and on; false: the row is left out. */
static inline bool
read_scored_row(FunctionCallInfo fcinfo, LabelReader read, ScoredRow *row)
{
	if (!read(fcinfo, 2, &row->label) || PG_ARGISNULL(1))
		return false;
	row->score = PG_GETARG_FLOAT8(1);
	return !isnan(row->score);
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
#define ROLLING_FUNCTION(name, body, ...) MONITOR_ENTRY(monitor_##name, body(fcinfo, __VA_ARGS__))

/* Those for rows of a score and a label that enter and leave: body(fcinfo, reader, by, ...). */
#define ROLLING_SCORED(name, body, ...) \
	ROLLING_FUNCTION(name##_boolean_add, body, monitor_boolean_label, 1, __VA_ARGS__); \
	ROLLING_FUNCTION(name##_boolean_remove, body, monitor_boolean_label, -1, __VA_ARGS__); \
	ROLLING_FUNCTION(name##_integer_add, body, monitor_integer_label, 1, __VA_ARGS__); \
	ROLLING_FUNCTION(name##_integer_remove, body, monitor_integer_label, -1, __VA_ARGS__); \
	ROLLING_FUNCTION(name##_text_add, body, monitor_text_label, 1, __VA_ARGS__); \
	ROLLING_FUNCTION(name##_text_remove, body, monitor_text_label, -1, __VA_ARGS__)

#endif /* MONITOR_ROLLING_H */
