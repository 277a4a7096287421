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

static MonitorProfile *
new_numeric_state(FunctionCallInfo fcinfo, MemoryContext aggregate)
{
	ArrayType *edges;
	MonitorProfile *profile;
	Size size;
	int k;

	edges = monitor_edges_argument(fcinfo, 2);
	k = ArrayGetNItems(ARR_NDIM(edges), ARR_DIMS(edges));
	size = monitor_profile_size_numeric(k, MONITOR_PENDING_MIN);
	profile = allocate_state(aggregate, size);
	if (monitor_profile_init_numeric(profile, (const double *) ARR_DATA_PTR(edges), k,
									 MONITOR_PENDING_MIN) != MONITOR_OK)
		monitor_report_bad_edges();
	SET_VARSIZE(profile, size);
	return profile;
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

	array = monitor_categories_argument(fcinfo, 2, MONITOR_MAX_CATEGORIES + 1);
	k = monitor_read_categories(array, &categories, &lengths, &bytes, &has_other);
	if (k > MONITOR_MAX_CATEGORIES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("there are %d categories, more than %d", k, MONITOR_MAX_CATEGORIES),
				 errhint("Take the most frequent ones: monitor.profile_categories(value, cap).")));
	size = monitor_profile_size_categorical(k, bytes);
	profile = allocate_state(aggregate, size);
	if (monitor_profile_init_categorical(profile, categories, lengths, k, has_other) != MONITOR_OK)
		monitor_report_bad_categories();
	SET_VARSIZE(profile, size);
	return profile;
}

/* ---- what is known of the call ---- */

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
	stable = monitor_argument_is_stable(fcinfo, 2);
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

/* Make room for a value: in a larger state while it is small, else by counting. */
static MonitorProfile *
make_room(MonitorProfile *profile, MemoryContext aggregate)
{
	uint32_t capacity = profile->pending_capacity * 4;

	if (profile->pending == profile->pending_capacity && capacity <= MONITOR_PENDING_MAX)
	{
		Size size = monitor_profile_size_numeric(profile->k, capacity);
		MonitorProfile *larger = allocate_state(aggregate, size);

		monitor_profile_enlarge(profile, larger, capacity);
		SET_VARSIZE(larger, size);
		profile = larger;
	}
	monitor_profile_make_room(profile);
	return profile;
}

/* A row that needs more than the stage: the first one, NULL, a full stage, edges to compare. */
static pg_noinline Datum
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
			monitor_check_same_edges(fcinfo, 2, profile);
	}
	if (PG_ARGISNULL(1))
	{
		profile->missing++;
		PG_RETURN_POINTER(profile);
	}
	if (!monitor_profile_has_room(profile))
		profile = make_room(profile, aggregate);
	monitor_profile_stage(profile, PG_GETARG_FLOAT8(1));
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

		/* only numeric states that queue have anything pending */
		if (likely(monitor_profile_is_state(profile) && monitor_profile_has_room(profile)))
		{
			monitor_profile_stage(profile, PG_GETARG_FLOAT8(1));
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
			monitor_check_same_categories(fcinfo, 2, profile);
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
