/*
 * category_value.h
 *		The text of a category.
 */
#ifndef MONITOR_CATEGORY_VALUE_H
#define MONITOR_CATEGORY_VALUE_H

#include "monitor.h"

struct CategoryReader;

/* A reader for values of a type, for the life of `context`; refuses types that are no categories. */
extern struct CategoryReader *monitor_category_reader(Oid type, MemoryContext context);

/* The reader for the polymorphic argument argno, made at the first call and kept in fn_extra. */
extern struct CategoryReader *monitor_argument_reader(FunctionCallInfo fcinfo, int argno);

/*
 * The text of a value: equal values have equal text.  False when the value is
 * missing (NaN).  The text is valid until the next call.
 */
extern bool monitor_category_text(struct CategoryReader *reader, Datum value, const char **bytes,
								  uint32 *length);

#endif /* MONITOR_CATEGORY_VALUE_H */
