/*
 * sample_state.c
 *		Collecting two samples of numbers: transition, combine and
 *		serialisation functions of the exact numeric statistics.
 *
 * Memory: 8 bytes a row, up to 12 while the arrays grow, 16 while sorting; all
 * of it is counted against monitor.max_aggregate_memory.  A worker sorts what
 * it collected before sending it; the leader only merges sorted runs.
 */
#include "postgres.h"

#include "sample_state.h"

#include "catalog/pg_type.h"
#include "stats/cells.h"
#include "stats/tests.h"
#include "utils/memutils.h"

#define INITIAL_CAPACITY 64
#define DOUBLING_LIMIT	 (1024 * 1024) /* keys; then grow by half */

PG_FUNCTION_INFO_V1(monitor_sample_accum);
PG_FUNCTION_INFO_V1(monitor_sample_combine);
PG_FUNCTION_INFO_V1(monitor_sample_serialize);
PG_FUNCTION_INFO_V1(monitor_sample_deserialize);

SampleState *
monitor_sample_state_create(MemoryContext context)
{
	SampleState *state = MemoryContextAllocZero(context, sizeof(SampleState));

	state->context = context;
	return state;
}

void
monitor_sample_enlarge(SampleState *state, SampleSide *side, int64_t more)
{
	int64_t capacity = side->capacity < DOUBLING_LIMIT ? side->capacity * 2
													   : side->capacity + side->capacity / 2;

	capacity = Max(capacity, Max(side->n + more, INITIAL_CAPACITY));
	monitor_reserve(state->context, (capacity - side->capacity) * sizeof(uint64_t));
	side->keys = side->keys == NULL
		? MemoryContextAllocHuge(state->context, capacity * sizeof(uint64_t))
		: repalloc_huge(side->keys, capacity * sizeof(uint64_t));
	side->capacity = capacity;
}

/* In line for rows: a call through the library's table costs as much as the rest. */
static inline void
add_value(SampleState *state, bool is_current, double value)
{
	SampleSide *side = &state->side[is_current ? SAMPLE_CURRENT : SAMPLE_REFERENCE];

	if (isnan(value))
		return;
	if (unlikely(side->n == side->capacity))
		monitor_sample_enlarge(state, side, 1);
	side->keys[side->n++] = monitor_key_from_double(value);
}

void
monitor_sample_add(SampleState *state, bool is_current, double value)
{
	add_value(state, is_current, value);
}

static int64_t
sorted_length(const SampleSide *side)
{
	return side->nruns == 0 ? 0 : side->run_ends[side->nruns - 1];
}

/* Everything up to n is now in runs, of which the last one ends there. */
static void
append_run(SampleState *state, SampleSide *side)
{
	if (side->n == sorted_length(side))
		return;
	if (side->nruns == side->max_runs)
	{
		int max_runs = Max(8, side->max_runs * 2);

		side->run_ends = side->run_ends == NULL
			? MemoryContextAlloc(state->context, max_runs * sizeof(int64_t))
			: repalloc(side->run_ends, max_runs * sizeof(int64_t));
		side->max_runs = max_runs;
	}
	side->run_ends[side->nruns++] = side->n;
}

/* Merge neighbouring runs, half as many a pass, until one is left. */
static void
merge_all_runs(SampleSide *side, uint64_t *scratch)
{
	uint64_t *from = side->keys;
	uint64_t *to = scratch;

	while (side->nruns > 1)
	{
		uint64_t *other = from;
		int merged = 0;
		int64_t start = 0;

		for (int run = 0; run < side->nruns; run += 2)
		{
			int64_t middle = side->run_ends[run];
			int64_t end = run + 1 < side->nruns ? side->run_ends[run + 1] : middle;

			monitor_merge_runs(from + start, middle - start, from + middle, end - middle,
							   to + start);
			side->run_ends[merged++] = end;
			start = end;
		}
		side->nruns = merged;
		from = to;
		to = other;
	}
	if (from != side->keys)
		memcpy(side->keys, from, side->n * sizeof(uint64_t));
}

/*
 * Give unused room back before a large sort, so that 8 bytes a row and as many
 * for the scratch are all that is ever held.
 */
static void
trim(SampleSide *side)
{
	if (side->capacity > DOUBLING_LIMIT && side->capacity > side->n + side->n / 8)
	{
		side->keys = repalloc_huge(side->keys, side->n * sizeof(uint64_t));
		side->capacity = side->n;
	}
}

/* Keys of scratch memory that bringing one side in order takes; 0: it is in order. */
static int64_t
scratch_needed(const SampleSide *side)
{
	int64_t tail = side->n - sorted_length(side);

	return side->nruns + (tail > 0) > 1 ? side->n : tail;
}

static void
sort_side(SampleState *state, SampleSide *side, uint64_t *scratch)
{
	int64_t start = sorted_length(side);

	monitor_sort_keys(side->keys + start, scratch, side->n - start);
	append_run(state, side);
	merge_all_runs(side, scratch);
}

/*
 * Both sides share one scratch area: memory that is touched for the first time
 * costs as much as sorting it.
 */
static void
sort_both(SampleState *state)
{
	int64_t room = Max(scratch_needed(&state->side[0]), scratch_needed(&state->side[1]));
	uint64_t *scratch;

	if (room == 0)
		return;
	trim(&state->side[0]);
	trim(&state->side[1]);
	monitor_reserve(state->context, room * sizeof(uint64_t));
	scratch = MemoryContextAllocHuge(state->context, room * sizeof(uint64_t));
	sort_side(state, &state->side[0], scratch);
	sort_side(state, &state->side[1], scratch);
	pfree(scratch);
}

MonitorSample
monitor_sample_sorted(SampleState *state, int which)
{
	sort_both(state);
	return (MonitorSample){state->side[which].keys, state->side[which].n};
}

bool
monitor_sample_ks_numerator(SampleState *state, monitor_int128 *h)
{
	const SampleSide *side = state->side;
	MonitorSample reference = {side[SAMPLE_REFERENCE].keys, side[SAMPLE_REFERENCE].n};
	MonitorSample current = {side[SAMPLE_CURRENT].keys, side[SAMPLE_CURRENT].n};
	size_t room = monitor_ks_buckets_scratch(reference.n, current.n);
	uint64_t *scratch;
	bool done;

	if (room == 0 || scratch_needed(&side[0]) == 0 || scratch_needed(&side[1]) == 0)
		return false;
	monitor_reserve(state->context, room * sizeof(uint64_t));
	scratch = MemoryContextAllocHuge(state->context, room * sizeof(uint64_t));
	done = monitor_ks_buckets_numerator(&reference, &current, scratch, h);
	pfree(scratch);
	return done;
}

/*
 * sample_accum(internal, value float8, is_current boolean [, bins integer])
 */
Datum
monitor_sample_accum(PG_FUNCTION_ARGS)
{
	SampleState *state;

	if (likely(!PG_ARGISNULL(0)))
		state = (SampleState *) PG_GETARG_POINTER(0);
	else
		state = monitor_sample_state_create(monitor_aggregate_context(fcinfo));
	if (PG_NARGS() == 4)
	{
		int bins = PG_ARGISNULL(3) ? MONITOR_DEFAULT_BINS : PG_GETARG_INT32(3);

		if (state->bins == 0)
			state->bins = monitor_check_bins(bins);
		else if (bins != state->bins)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("bins must be the same for all rows of a group, got %d and %d",
							state->bins, bins)));
	}
	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
		add_value(state, PG_GETARG_BOOL(2), PG_GETARG_FLOAT8(1));
	PG_RETURN_POINTER(state);
}

/* Copy the sorted keys of one side behind those of another, as one more run. */
static void
append_side(SampleState *state, SampleSide *to, const void *keys, int64_t n)
{
	if (n == 0)
		return;
	Assert(to->n == sorted_length(to));
	if (to->n + n > to->capacity)
		monitor_sample_enlarge(state, to, n);
	memcpy(to->keys + to->n, keys, n * sizeof(uint64_t));
	to->n += n;
	append_run(state, to);
}

/*
 * The second state always comes from the deserialiser: its keys are sorted, and
 * borrowed from the bytes that it was read from, aligned or not.
 */
Datum
monitor_sample_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = monitor_aggregate_context(fcinfo);
	SampleState *state = PG_ARGISNULL(0) ? NULL : (SampleState *) PG_GETARG_POINTER(0);
	SampleState *other = PG_ARGISNULL(1) ? NULL : (SampleState *) PG_GETARG_POINTER(1);

	if (other == NULL)
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	if (state == NULL)
	{
		state = monitor_sample_state_create(context);
		state->bins = other->bins;
	}
	if (state->bins != other->bins)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("bins must be the same for all rows of a group, got %d and %d", state->bins,
						other->bins)));
	for (int i = 0; i < 2; i++)
		append_side(state, &state->side[i], other->side[i].keys, other->side[i].n);
	PG_RETURN_POINTER(state);
}

/* What goes before the keys of both sides. */
typedef struct SampleHeader
{
	int64_t n[2];
	int64_t bins;
} SampleHeader;

Datum
monitor_sample_serialize(PG_FUNCTION_ARGS)
{
	SampleState *state = (SampleState *) PG_GETARG_POINTER(0);
	SampleHeader header;
	MonitorSample sample[2];
	Size size = VARHDRSZ + sizeof(header);
	bytea *result;
	char *to;

	monitor_aggregate_context(fcinfo);
	for (int i = 0; i < 2; i++)
	{
		sample[i] = monitor_sample_sorted(state, i);
		header.n[i] = sample[i].n;
		size += sample[i].n * sizeof(uint64_t);
	}
	header.bins = state->bins;
	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a parallel worker collected %zu bytes, more than a worker can send (%zu)",
						size, (Size) MaxAllocSize),
				 errhint("Use the profile form, monitor.profile(value, edges), or set max_parallel_workers_per_gather to 0.")));
	result = palloc(size);
	SET_VARSIZE(result, size);
	to = VARDATA(result);
	memcpy(to, &header, sizeof(header));
	to += sizeof(header);
	for (int i = 0; i < 2; i++)
	{
		if (sample[i].n > 0)
			memcpy(to, sample[i].keys, sample[i].n * sizeof(uint64_t));
		to += sample[i].n * sizeof(uint64_t);
	}
	PG_RETURN_BYTEA_P(result);
}

Datum
monitor_sample_deserialize(PG_FUNCTION_ARGS)
{
	bytea *bytes = PG_GETARG_BYTEA_PP(0);
	SampleState *state = palloc0(sizeof(SampleState));
	SampleHeader header;
	char *from = VARDATA_ANY(bytes);

	monitor_aggregate_context(fcinfo);
	memcpy(&header, from, sizeof(header));
	from += sizeof(header);
	state->bins = (int) header.bins;
	for (int i = 0; i < 2; i++)
	{
		state->side[i].keys = (uint64_t *) (void *) from;
		state->side[i].n = header.n[i];
		from += header.n[i] * sizeof(uint64_t);
	}
	PG_RETURN_POINTER(state);
}

/* Add the elements of one array to one side. */
static void
add_array(SampleState *state, bool is_current, ArrayType *array)
{
	Datum *values;
	bool *nulls;
	int n;

	deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &values,
					  &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		if (!nulls[i])
			monitor_sample_add(state, is_current, DatumGetFloat8(values[i]));
	}
}

SampleState *
monitor_sample_from_arrays(ArrayType *reference, ArrayType *current)
{
	SampleState *state = monitor_sample_state_create(CurrentMemoryContext);

	add_array(state, false, reference);
	add_array(state, true, current);
	return state;
}
