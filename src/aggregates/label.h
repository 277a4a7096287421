/*
 * label.h
 *		Binary labels as SQL gives them: boolean, integer 0 or 1, or text with the
 *		positive class named in the next argument.
 */
#ifndef MONITOR_LABEL_H
#define MONITOR_LABEL_H

#include "monitor.h"

#include "utils/builtins.h"

/*
 * Reads the label in argument argno; false: it is NULL.  ERROR for a label or a
 * positive class that cannot be.
 */
typedef bool (*LabelReader)(FunctionCallInfo fcinfo, int argno, bool *label);

static inline bool
monitor_boolean_label(FunctionCallInfo fcinfo, int argno, bool *label)
{
	if (PG_ARGISNULL(argno))
		return false;
	*label = PG_GETARG_BOOL(argno);
	return true;
}

/* ERROR for a label that is neither 0 nor 1. */
static inline bool
monitor_check_label(int32 label)
{
	if (unlikely(label != 0 && label != 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("label must be 0 or 1, got %d", label),
				 errhint("Name the positive class: label::text, '%d'.", label)));
	return label == 1;
}

static inline bool
monitor_integer_label(FunctionCallInfo fcinfo, int argno, bool *label)
{
	if (PG_ARGISNULL(argno))
		return false;
	*label = monitor_check_label(PG_GETARG_INT32(argno));
	return true;
}

/* Are two arguments the same text, byte by byte? */
static inline bool
monitor_same_text(FunctionCallInfo fcinfo, int a, int b)
{
	text *x = PG_GETARG_TEXT_PP(a);
	text *y = PG_GETARG_TEXT_PP(b);
	Size length = VARSIZE_ANY_EXHDR(x);

	return length == VARSIZE_ANY_EXHDR(y) && memcmp(VARDATA_ANY(x), VARDATA_ANY(y), length) == 0;
}

/* ERROR for a positive class that is NULL. */
static inline bool
monitor_text_label(FunctionCallInfo fcinfo, int argno, bool *label)
{
	if (PG_ARGISNULL(argno + 1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the positive class is NULL")));
	if (PG_ARGISNULL(argno))
		return false;
	*label = monitor_same_text(fcinfo, argno, argno + 1);
	return true;
}

#endif /* MONITOR_LABEL_H */
