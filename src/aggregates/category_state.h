/*
 * category_state.h
 *		The state that all statistics of categories share: how often each
 *		category stands in both samples.
 */
#ifndef MONITOR_CATEGORY_STATE_H
#define MONITOR_CATEGORY_STATE_H

#include "monitor.h"
#include "stats/cells.h"
#include "utils/array.h"

/* The text of a category, not NUL-terminated. */
typedef struct CategoryKey
{
	const char *value;
	uint32 length;
	uint32 hash;
} CategoryKey;

typedef struct CategoryEntry
{
	CategoryKey key;
	char status;	  /* simplehash */
	int64_t count[2]; /* reference, current */
} CategoryEntry;

struct category_hash;

typedef struct CategoryState
{
	MemoryContext context;
	struct category_hash *table;
	Size unchecked; /* bytes kept since the limit was looked at */
	int cap;		/* profile_categories only, else 0 */
} CategoryState;

extern CategoryState *monitor_category_state_create(MemoryContext context);

/* Byte order: negative, 0 or positive. */
extern int monitor_category_compare(const CategoryKey *a, const CategoryKey *b);

/* The state of a transition function's call, created at the first. */
extern CategoryState *monitor_category_current_state(FunctionCallInfo fcinfo);

extern void monitor_category_add(CategoryState *state, const char *value, uint32 length,
								 bool is_current, int64_t count);
extern int64_t monitor_category_number(const CategoryState *state);

/* Count the elements of an array of any type, without NULL and NaN. */
extern void monitor_category_add_array(CategoryState *state, ArrayType *array, bool is_current);

/*
 * All categories, most frequent in the reference first, then in byte order: the
 * same order for any plan, and that of monitor.profile_categories.
 */
extern CategoryEntry **monitor_category_sorted(const CategoryState *state);

#endif /* MONITOR_CATEGORY_STATE_H */
