/*
 * compound_glue.h
 *		Values of the SQL types monitor.score_profile, confusion_profile and
 *		error_profile as the library's structs, and rows of composite types.
 */
#ifndef MONITOR_COMPOUND_GLUE_H
#define MONITOR_COMPOUND_GLUE_H

#include "profile_glue.h"
#include "stats/compound.h"
#include "utils/builtins.h"

/*
 * A compound to read (decoded into the current memory context, or the aggregate state
 * itself, nothing pending), a working copy to change, the compact form as a new datum.
 */
extern const MonitorCompound *monitor_compound_get(Datum datum, MonitorCompoundKind kind);
extern MonitorCompound *monitor_compound_copy(Datum datum, MonitorCompoundKind kind);
extern Datum monitor_compound_datum(const MonitorCompound *compound, bool with_anchors);

/*
 * The state of a counting aggregate, to change in place.  ERROR if it is none of ours:
 * somebody may have built an aggregate from our functions.
 */
extern MonitorCompound *monitor_compound_state(Datum datum, MonitorCompoundKind kind);

/* A new aggregate state of a size that the library has told. */
extern MonitorCompound *monitor_compound_allocate(MemoryContext aggregate, Size size);

/* The compound, or if it is detached its counts with the anchors of another of the same id. */
extern const MonitorCompound *monitor_compound_attached(const MonitorCompound *compound,
														const MonitorCompound *anchors);

#define PG_GETARG_SCORES(n)	   monitor_compound_get(PG_GETARG_DATUM(n), MONITOR_SCORES)
#define PG_GETARG_CONFUSION(n) monitor_compound_get(PG_GETARG_DATUM(n), MONITOR_CONFUSION)
#define PG_GETARG_ERRORS(n)	   monitor_compound_get(PG_GETARG_DATUM(n), MONITOR_ERRORS)

/* ---- a row of a composite type, column by column ---- */

#define MONITOR_ROW_COLUMNS 24

typedef struct MonitorRow
{
	int n;
	Datum values[MONITOR_ROW_COLUMNS];
	bool nulls[MONITOR_ROW_COLUMNS];
} MonitorRow;

/* NaN stands for "not defined", which is NULL in SQL. */
static inline void
monitor_row_float8(MonitorRow *row, double value)
{
	row->nulls[row->n] = isnan(value);
	row->values[row->n++] = Float8GetDatum(value);
}

static inline void
monitor_row_int64(MonitorRow *row, int64 value)
{
	row->values[row->n++] = Int64GetDatum(value);
}

static inline void
monitor_row_int32(MonitorRow *row, int32 value)
{
	row->values[row->n++] = Int32GetDatum(value);
}

/* An empty text is NULL. */
static inline void
monitor_row_text(MonitorRow *row, const char *value)
{
	row->nulls[row->n] = value[0] == '\0';
	row->values[row->n++] = PointerGetDatum(cstring_to_text(value));
}

/* The row as a datum of the type that the function returns, or whose array it returns. */
extern Datum monitor_row_datum(FunctionCallInfo fcinfo, MonitorRow *row);
extern Datum monitor_row_array(FunctionCallInfo fcinfo, Datum *rows, int n);

/* The error for a threshold that is no anchor. */
MONITOR_NORETURN extern void monitor_report_threshold(double threshold);

/* Numerator over denominator, NaN where that is 0. */
static inline double
monitor_ratio(double numerator, double denominator)
{
	return denominator == 0 ? (double) NAN : numerator / denominator;
}

#endif /* MONITOR_COMPOUND_GLUE_H */
