/*
 * category_state.c
 *		Counting the categories of two samples: transition, combine and
 *		serialisation functions of the exact categorical statistics.
 *
 * Memory follows the number of distinct categories, not of rows, and counts
 * against monitor.max_aggregate_memory.
 */
#include "postgres.h"

#include "category_state.h"

#include "category_value.h"
#include "common/hashfn.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

static inline bool
keys_equal(CategoryKey a, CategoryKey b)
{
	return a.hash == b.hash && a.length == b.length && memcmp(a.value, b.value, a.length) == 0;
}

#define SH_PREFIX				category
#define SH_ELEMENT_TYPE			CategoryEntry
#define SH_KEY_TYPE				CategoryKey
#define SH_KEY					key
#define SH_HASH_KEY(table, key) (key).hash
#define SH_EQUAL(table, a, b)	keys_equal(a, b)
#define SH_SCOPE				static inline
#define SH_STORE_HASH
#define SH_GET_HASH(table, entry) (entry)->key.hash
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

#define INITIAL_SIZE 16

PG_FUNCTION_INFO_V1(monitor_category_accum);
PG_FUNCTION_INFO_V1(monitor_category_combine);
PG_FUNCTION_INFO_V1(monitor_category_serialize);
PG_FUNCTION_INFO_V1(monitor_category_deserialize);
PG_FUNCTION_INFO_V1(monitor_refuse_categories);

CategoryState *
monitor_category_state_create(MemoryContext context)
{
	CategoryState *state;

	monitor_reserve(context, sizeof(CategoryState) + INITIAL_SIZE * sizeof(CategoryEntry));
	state = MemoryContextAllocZero(context, sizeof(CategoryState));
	state->context = context;
	state->table = category_create(context, INITIAL_SIZE, NULL);
	return state;
}

/* Looking at the whole context is not free: it is done once for so many bytes. */
#define UNCHECKED_BYTES 8192

/* Copy the text of a new category into the state, minding the limit. */
static void
keep_value(CategoryState *state, CategoryEntry *entry, const char *value, uint32 length)
{
	char *copy;

	state->unchecked += length + 2 * sizeof(CategoryEntry);
	if (state->unchecked >= UNCHECKED_BYTES)
	{
		monitor_reserve(state->context, state->unchecked);
		state->unchecked = 0;
	}
	copy = MemoryContextAlloc(state->context, Max(length, 1));
	memcpy(copy, value, length);
	entry->key.value = copy;
	entry->count[0] = 0;
	entry->count[1] = 0;
}

void
monitor_category_add(CategoryState *state, const char *value, uint32 length, bool is_current,
					 int64_t count)
{
	CategoryKey key = {value, length, hash_bytes((const unsigned char *) value, (int) length)};
	bool found;
	CategoryEntry *entry = category_insert(state->table, key, &found);

	if (!found)
		keep_value(state, entry, value, length);
	entry->count[is_current ? 1 : 0] += count;
}

int64_t
monitor_category_number(const CategoryState *state)
{
	return state->table->members;
}

/* Byte order. */
int
monitor_category_compare(const CategoryKey *a, const CategoryKey *b)
{
	int order = memcmp(a->value, b->value, Min(a->length, b->length));

	if (order != 0)
		return order;
	return a->length < b->length ? -1 : a->length > b->length;
}

/* The server's sort holds nothing, so that it can be left half way. */
static int
compare_entries(const void *a, const void *b)
{
	const CategoryEntry *x = *(const CategoryEntry *const *) a;
	const CategoryEntry *y = *(const CategoryEntry *const *) b;

	CHECK_FOR_INTERRUPTS();
	if (x->count[0] != y->count[0])
		return x->count[0] > y->count[0] ? -1 : 1;
	return monitor_category_compare(&x->key, &y->key);
}

CategoryEntry **
monitor_category_sorted(const CategoryState *state)
{
	int64_t n = monitor_category_number(state);
	CategoryEntry **entries;
	category_iterator iterator;
	CategoryEntry *entry;
	int64_t i = 0;

	/* the entries, and the cells that are made from them */
	monitor_reserve(state->context, n * (sizeof(CategoryEntry *) + 2 * sizeof(int64_t)));
	entries = MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(CategoryEntry *));
	category_start_iterate(state->table, &iterator);
	while ((entry = category_iterate(state->table, &iterator)) != NULL)
		entries[i++] = entry;
	qsort(entries, n, sizeof(CategoryEntry *), compare_entries);
	return entries;
}

void
monitor_category_add_array(CategoryState *state, ArrayType *array, bool is_current)
{
	struct CategoryReader *reader =
		monitor_category_reader(ARR_ELEMTYPE(array), CurrentMemoryContext);
	int16 length;
	bool by_value;
	char align;
	Datum *values;
	bool *nulls;
	int n;

	get_typlenbyvalalign(ARR_ELEMTYPE(array), &length, &by_value, &align);
	deconstruct_array(array, ARR_ELEMTYPE(array), length, by_value, align, &values, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		const char *text;
		uint32 text_length;

		CHECK_FOR_INTERRUPTS();
		if (!nulls[i] && monitor_category_text(reader, values[i], &text, &text_length))
			monitor_category_add(state, text, text_length, is_current, 1);
	}
}

CategoryState *
monitor_category_current_state(FunctionCallInfo fcinfo)
{
	if (!PG_ARGISNULL(0))
		return (CategoryState *) PG_GETARG_POINTER(0);
	return monitor_category_state_create(monitor_aggregate_context(fcinfo));
}

/*
 * category_accum(internal, value text | anynonarray, is_current boolean)
 */
Datum
monitor_category_accum(PG_FUNCTION_ARGS)
{
	CategoryState *state = monitor_category_current_state(fcinfo);
	struct CategoryReader *reader = monitor_argument_reader(fcinfo, 1);
	const char *text;
	uint32 length;

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2) &&
		monitor_category_text(reader, PG_GETARG_DATUM(1), &text, &length))
		monitor_category_add(state, text, length, PG_GETARG_BOOL(2), 1);
	PG_RETURN_POINTER(state);
}

/* Add every category of another state. */
static void
add_all(CategoryState *state, const CategoryState *other)
{
	category_iterator iterator;
	CategoryEntry *entry;

	category_start_iterate(other->table, &iterator);
	while ((entry = category_iterate(other->table, &iterator)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < 2; i++)
			monitor_category_add(state, entry->key.value, entry->key.length, i, entry->count[i]);
	}
}

Datum
monitor_category_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = monitor_aggregate_context(fcinfo);
	CategoryState *state = PG_ARGISNULL(0) ? NULL : (CategoryState *) PG_GETARG_POINTER(0);
	CategoryState *other = PG_ARGISNULL(1) ? NULL : (CategoryState *) PG_GETARG_POINTER(1);

	if (other == NULL)
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	if (state == NULL)
		state = monitor_category_state_create(context);
	state->cap = Max(state->cap, other->cap);
	add_all(state, other);
	PG_RETURN_POINTER(state);
}

Datum
monitor_category_serialize(PG_FUNCTION_ARGS)
{
	CategoryState *state = (CategoryState *) PG_GETARG_POINTER(0);
	StringInfoData buffer;
	category_iterator iterator;
	CategoryEntry *entry;

	monitor_aggregate_context(fcinfo);
	pq_begintypsend(&buffer);
	pq_sendint32(&buffer, state->cap);
	pq_sendint64(&buffer, monitor_category_number(state));
	category_start_iterate(state->table, &iterator);
	while ((entry = category_iterate(state->table, &iterator)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		pq_sendint32(&buffer, entry->key.length);
		pq_sendbytes(&buffer, entry->key.value, (int) entry->key.length);
		pq_sendint64(&buffer, entry->count[0]);
		pq_sendint64(&buffer, entry->count[1]);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

Datum
monitor_category_deserialize(PG_FUNCTION_ARGS)
{
	bytea *bytes = PG_GETARG_BYTEA_PP(0);
	CategoryState *state = monitor_category_state_create(CurrentMemoryContext);
	StringInfoData buffer;
	int64 n;

	monitor_aggregate_context(fcinfo);
	initStringInfo(&buffer);
	appendBinaryStringInfo(&buffer, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	state->cap = pq_getmsgint(&buffer, 4);
	n = pq_getmsgint64(&buffer);
	for (int64 i = 0; i < n; i++)
	{
		int length = pq_getmsgint(&buffer, 4);
		const char *value = pq_getmsgbytes(&buffer, length);

		monitor_category_add(state, value, length, false, pq_getmsgint64(&buffer));
		monitor_category_add(state, value, length, true, pq_getmsgint64(&buffer));
	}
	pq_getmsgend(&buffer);
	PG_RETURN_POINTER(state);
}

/*
 * What a statistic of numbers does with anything else: as transition function
 * (float8, anynonarray, boolean), and as final function (float8) for no rows.
 */
Datum
monitor_refuse_categories(PG_FUNCTION_ARGS)
{
	Oid type = PG_NARGS() > 1 ? get_fn_expr_argtype(fcinfo->flinfo, 1) : InvalidOid;

	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 OidIsValid(type) ? errmsg("this statistic compares numbers, not values of type %s",
									   format_type_be(type))
							  : errmsg("this statistic compares numbers"),
			 errhint("Use chi2_drift, g_test or psi_test for categories, or make the values "
					 "numbers: value::float8, extract(epoch FROM value).")));
}
