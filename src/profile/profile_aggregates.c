/*
 * profile_aggregates.c
 *		The aggregates that make and roll up profiles.
 *
 * Their state is the type itself, changed in place, so that it can be combined, sent
 * and stored by anything that handles the type.  Changing a value in place is safe
 * only for the state of a running aggregate: everything here refuses other callers.
 * A state that grows is allocated anew in the current context; the executor copies it.
 */
#include "postgres.h"

#include "aggregates/category_value.h"
#include "catalog/pg_type.h"
#include "nodes/primnodes.h"
#include "profile_glue.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(monitor_profile_accum);
PG_FUNCTION_INFO_V1(monitor_profile_accum_category);
PG_FUNCTION_INFO_V1(monitor_profile_combine);
PG_FUNCTION_INFO_V1(monitor_profile_final);

static MonitorProfile *
allocate_state(MemoryContext aggregate, Size size)
{
	monitor_reserve(aggregate, size);
	return palloc(size);
}

/* ---- anchors and categories from arrays ---- */

/* ERROR unless the array is one-dimensional, without NULL, and has 1 .. most elements. */
static void
check_slots_array(ArrayType *array, const char *what, int most, bool nulls_allowed)
{
	int n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));

	if (ARR_NDIM(array) != 1 || n > most)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s must be one list of 1 to %d elements, got %d", what, most, n),
				 errhint("Take them from the reference: monitor.profile_edges(value, 1000) or monitor.profile_categories(value, 50).")));
	if (!nulls_allowed && array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not contain NULL", what)));
}

static void
refuse_null_slots(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("%s must not be NULL", what),
			 errhint("The reference they come from may have no rows.")));
}

static MonitorProfile *
new_numeric_state(FunctionCallInfo fcinfo, MemoryContext aggregate)
{
	ArrayType *edges;
	MonitorProfile *profile;
	Size size;
	int k;

	if (PG_ARGISNULL(2))
		refuse_null_slots("edges");
	edges = PG_GETARG_ARRAYTYPE_P(2);
	check_slots_array(edges, "edges", MONITOR_MAX_ANCHORS, false);
	k = ArrayGetNItems(ARR_NDIM(edges), ARR_DIMS(edges));
	size = monitor_profile_size_numeric(k, MONITOR_PENDING_MIN);
	profile = allocate_state(aggregate, size);
	if (monitor_profile_init_numeric(profile, (const double *) ARR_DATA_PTR(edges), k,
									 MONITOR_PENDING_MIN) != MONITOR_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("edges must be ascending and different, without NaN"),
				 errhint("Take them from the reference: monitor.profile_edges(value, 1000).")));
	SET_VARSIZE(profile, size);
	return profile;
}

/* The strings of a text[]; a last element that is NULL tells of unlisted categories. */
static int
read_categories(ArrayType *array, const char ***categories, uint32_t **lengths, size_t *bytes,
				bool *has_other)
{
	Datum *values;
	bool *nulls;
	int n;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &n);
	*has_other = n > 0 && nulls[n - 1];
	n -= *has_other;
	*categories = palloc(Max(n, 1) * sizeof(char *));
	*lengths = palloc(Max(n, 1) * sizeof(uint32_t));
	*bytes = 0;
	for (int i = 0; i < n; i++)
	{
		text *value;

		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("only the last of the categories may be NULL, got NULL at position %d",
							i + 1)));
		value = DatumGetTextPP(values[i]);
		(*categories)[i] = VARDATA_ANY(value);
		(*lengths)[i] = VARSIZE_ANY_EXHDR(value);
		*bytes += (*lengths)[i];
	}
	return n;
}

static MonitorProfile *
new_categorical_state(FunctionCallInfo fcinfo, MemoryContext aggregate)
{
	const char **categories;
	uint32_t *lengths;
	size_t bytes;
	bool has_other;
	ArrayType *array;
	MonitorProfile *profile;
	Size size;
	int k;

	if (PG_ARGISNULL(2))
		refuse_null_slots("categories");
	array = PG_GETARG_ARRAYTYPE_P(2);
	check_slots_array(array, "categories", MONITOR_MAX_CATEGORIES + 1, true);
	k = read_categories(array, &categories, &lengths, &bytes, &has_other);
	if (k > MONITOR_MAX_CATEGORIES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("there are %d categories, more than %d", k, MONITOR_MAX_CATEGORIES),
				 errhint("Take the most frequent ones: monitor.profile_categories(value, cap).")));
	size = monitor_profile_size_categorical(k, bytes);
	profile = allocate_state(aggregate, size);
	if (monitor_profile_init_categorical(profile, categories, lengths, k, has_other) != MONITOR_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("categories must be different")));
	SET_VARSIZE(profile, size);
	return profile;
}

/* ---- the same edges for every row of a group ---- */

/*
 * The executor gives the same pointer for every row when the argument is a constant
 * or a parameter; then it was looked at when the state was made, and is not again.
 */
static bool
argument_is_stable(FunctionCallInfo fcinfo, int argno)
{
	Aggref *aggref = AggGetAggref(fcinfo);
	Node *expr;

	if (aggref == NULL || list_length(aggref->args) <= argno)
		return false;
	expr = (Node *) ((TargetEntry *) list_nth(aggref->args, argno))->expr;
	return IsA(expr, Const) || IsA(expr, Param);
}

/*
 * What is remembered between calls, in fn_extra.  It also tells that an aggregate
 * calls: it was looked at when this was made, and the same call site will not change.
 */
typedef struct CallCache
{
	bool stable; /* no need to compare edges or categories */
	struct CategoryReader *reader;
} CallCache;

/* All call sites of numeric profiles whose edges are stable share this one. */
static CallCache stable_call = {.stable = true};

static CallCache *
call_cache(FunctionCallInfo fcinfo, bool categorical)
{
	FmgrInfo *flinfo = fcinfo->flinfo;
	bool stable;
	CallCache *cache;

	if (flinfo->fn_extra != NULL)
		return (CallCache *) flinfo->fn_extra;
	stable = argument_is_stable(fcinfo, 1);
	if (stable && !categorical)
		cache = &stable_call;
	else
	{
		cache = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(CallCache));
		cache->stable = stable;
		if (categorical)
			cache->reader =
				monitor_category_reader(get_fn_expr_argtype(flinfo, 1), flinfo->fn_mcxt);
	}
	flinfo->fn_extra = cache;
	return cache;
}

static void
report_changed_slots(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("edges or categories must be the same for all rows of a group"),
			 errhint("Group by what they depend on.")));
}

static void
check_same_edges(FunctionCallInfo fcinfo, const MonitorProfile *profile)
{
	const double *anchors = monitor_profile_anchors(profile);
	ArrayType *edges;
	const double *given;

	if (PG_ARGISNULL(2))
		refuse_null_slots("edges");
	edges = PG_GETARG_ARRAYTYPE_P(2);
	if (ARR_NDIM(edges) != 1 || ARR_DIMS(edges)[0] != profile->k || ARR_HASNULL(edges))
		report_changed_slots();
	given = (const double *) ARR_DATA_PTR(edges);
	if (memcmp(given, anchors, profile->k * sizeof(double)) == 0)
		return;
	for (int64_t i = 0; i < profile->k; i++)
	{
		if (given[i] != anchors[i])
			report_changed_slots();
	}
}

static void
check_same_categories(FunctionCallInfo fcinfo, const MonitorProfile *profile)
{
	const char **categories;
	uint32_t *lengths;
	size_t bytes;
	bool has_other;
	bool same;
	int n;

	if (PG_ARGISNULL(2))
		refuse_null_slots("categories");
	n = read_categories(PG_GETARG_ARRAYTYPE_P(2), &categories, &lengths, &bytes, &has_other);
	same = n == profile->k && has_other == profile->has_other;
	for (int i = 0; same && i < n; i++)
	{
		uint32_t length;
		const char *category = monitor_profile_category(profile, i, &length);

		same = length == lengths[i] && memcmp(category, categories[i], length) == 0;
	}
	if (!same)
		report_changed_slots();
}

/* ---- transition ---- */

/* For the state of an aggregate that was not built as ours are. */
static void
refuse_foreign_state(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("this aggregate's state was not made by monitor.profile"),
			 errhint("Use the aggregates of monitor, or monitor.rollup to add profiles.")));
}

/* Make room for pending values: a larger state while it is small, else count them. */
static MonitorProfile *
make_room(MonitorProfile *profile, MemoryContext aggregate)
{
	uint32_t capacity = profile->pending_capacity * 4;
	Size old_size = VARSIZE(profile);
	Size size;
	MonitorProfile *larger;

	if (capacity > MONITOR_PENDING_MAX)
	{
		monitor_profile_flush(profile);
		return profile;
	}
	size = monitor_profile_size_numeric(profile->k, capacity);
	larger = allocate_state(aggregate, size);
	memcpy(larger, profile, old_size);
	SET_VARSIZE(larger, size);
	larger->pending_capacity = capacity;
	return larger;
}

/* A row that needs more than the queue: the first one, NULL, a full queue, edges to compare. */
static Datum
accum_slowly(FunctionCallInfo fcinfo)
{
	MemoryContext aggregate = monitor_aggregate_context(fcinfo);
	CallCache *cache = call_cache(fcinfo, false);
	MonitorProfile *profile;

	if (PG_ARGISNULL(0))
		profile = new_numeric_state(fcinfo, aggregate);
	else
	{
		profile = (MonitorProfile *) DatumGetPointer(PG_GETARG_DATUM(0));
		if (!monitor_profile_is_state(profile) || profile->pending_capacity == 0)
			refuse_foreign_state();
		if (!cache->stable)
			check_same_edges(fcinfo, profile);
	}
	if (PG_ARGISNULL(1))
	{
		profile->missing++;
		PG_RETURN_POINTER(profile);
	}
	if (monitor_profile_full(profile))
		profile = make_room(profile, aggregate);
	monitor_profile_queue(profile, PG_GETARG_FLOAT8(1));
	PG_RETURN_POINTER(profile);
}

/*
 * profile_accum(state profile, value float8, edges float8[])
 */
Datum
monitor_profile_accum(PG_FUNCTION_ARGS)
{
	if (likely(fcinfo->flinfo->fn_extra == &stable_call && !PG_ARGISNULL(0) && !PG_ARGISNULL(1)))
	{
		MonitorProfile *profile = (MonitorProfile *) DatumGetPointer(PG_GETARG_DATUM(0));

		/* only numeric states have room to queue */
		if (likely(monitor_profile_is_state(profile) && !monitor_profile_full(profile)))
		{
			monitor_profile_queue(profile, PG_GETARG_FLOAT8(1));
			PG_RETURN_POINTER(profile);
		}
	}
	return accum_slowly(fcinfo);
}

/*
 * profile_accum(state profile, value text | anynonarray, categories text[])
 */
Datum
monitor_profile_accum_category(PG_FUNCTION_ARGS)
{
	MemoryContext aggregate = monitor_aggregate_context(fcinfo);
	CallCache *cache = call_cache(fcinfo, true);
	MonitorProfile *profile;
	const char *value;
	uint32 length;

	if (PG_ARGISNULL(0))
		profile = new_categorical_state(fcinfo, aggregate);
	else
	{
		profile = (MonitorProfile *) DatumGetPointer(PG_GETARG_DATUM(0));
		if (!monitor_profile_is_state(profile) || !profile->categorical || !profile->has_anchors)
			refuse_foreign_state();
		if (!cache->stable)
			check_same_categories(fcinfo, profile);
	}
	if (PG_ARGISNULL(1))
		profile->missing++;
	else if (monitor_category_text(cache->reader, PG_GETARG_DATUM(1), &value, &length))
		monitor_profile_count_category(profile, value, length);
	else
		profile->nan++;
	PG_RETURN_POINTER(profile);
}

/*
 * profile_combine(state profile, profile): combine function, and transition
 * function of rollup().  The sum has anchors if any of its parts has.
 */
Datum
monitor_profile_combine(PG_FUNCTION_ARGS)
{
	MemoryContext aggregate = monitor_aggregate_context(fcinfo);
	MonitorProfile *profile;
	const MonitorProfile *other;
	MonitorStatus status;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	if (PG_ARGISNULL(0))
	{
		profile = PG_GETARG_PROFILE_COPY(1);
		monitor_reserve(aggregate, VARSIZE(profile));
		PG_RETURN_POINTER(profile);
	}
	profile = (MonitorProfile *) DatumGetPointer(PG_GETARG_DATUM(0));
	if (!monitor_profile_is_state(profile))
		profile = PG_GETARG_PROFILE_COPY(0);
	other = PG_GETARG_PROFILE(1);
	if (other->has_anchors && !profile->has_anchors)
		profile = monitor_profile_attached(profile, other);
	status = monitor_profile_add(profile, other);
	if (status != MONITOR_OK)
		monitor_report_status(status);
	PG_RETURN_POINTER(profile);
}

/*
 * profile_final(state profile).  It may be called again after more rows.
 */
Datum
monitor_profile_final(PG_FUNCTION_ARGS)
{
	const MonitorProfile *profile;

	monitor_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	profile = PG_GETARG_PROFILE(0);
	PG_RETURN_PROFILE(profile);
}
