/*
 * score_state.c
 *		Collecting scores and labels: transition functions for all kinds of
 *		labels, and the state of weighted or paired scores.
 *
 * Memory of that state: 16 bytes a row (32 of two weighted scores), up to half as much
 * again while the arrays grow, and 16 for scratch where it is sorted by radix; all of it is counted against
 * monitor.max_aggregate_memory.
 */
#include "postgres.h"

#include "label.h"
#include "score_state.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

#define INITIAL_CAPACITY 32
#define DOUBLING_LIMIT	 (512 * 1024) /* pairs; then grow by half */

PG_FUNCTION_INFO_V1(monitor_score_accum_integer);
PG_FUNCTION_INFO_V1(monitor_score_accum_text);
PG_FUNCTION_INFO_V1(monitor_weighted_accum_boolean);
PG_FUNCTION_INFO_V1(monitor_weighted_accum_integer);
PG_FUNCTION_INFO_V1(monitor_weighted_accum_text);
PG_FUNCTION_INFO_V1(monitor_two_scores_accum_boolean);
PG_FUNCTION_INFO_V1(monitor_two_scores_accum_integer);
PG_FUNCTION_INFO_V1(monitor_two_scores_accum_text);
PG_FUNCTION_INFO_V1(monitor_weighted_two_scores_accum_boolean);
PG_FUNCTION_INFO_V1(monitor_weighted_two_scores_accum_integer);
PG_FUNCTION_INFO_V1(monitor_weighted_two_scores_accum_text);
PG_FUNCTION_INFO_V1(monitor_pair_combine);
PG_FUNCTION_INFO_V1(monitor_pair_serialize);
PG_FUNCTION_INFO_V1(monitor_pair_deserialize);

/* ---- scores without weights: a SampleState ---- */

static inline SampleState *
sample_state(FunctionCallInfo fcinfo)
{
	if (likely(!PG_ARGISNULL(0)))
		return (SampleState *) PG_GETARG_POINTER(0);
	return monitor_sample_state_create(monitor_aggregate_context(fcinfo));
}

/* score_accum(internal, score float8, label integer) */
Datum
monitor_score_accum_integer(PG_FUNCTION_ARGS)
{
	SampleState *state = sample_state(fcinfo);
	bool label;

	if (!PG_ARGISNULL(1) && monitor_integer_label(fcinfo, 2, &label))
		monitor_sample_add(state, label, PG_GETARG_FLOAT8(1));
	PG_RETURN_POINTER(state);
}

/* score_accum(internal, score float8, label text, positive text) */
Datum
monitor_score_accum_text(PG_FUNCTION_ARGS)
{
	SampleState *state = sample_state(fcinfo);
	bool label;

	if (!PG_ARGISNULL(1) && monitor_text_label(fcinfo, 2, &label))
		monitor_sample_add(state, label, PG_GETARG_FLOAT8(1));
	PG_RETURN_POINTER(state);
}

MonitorScores
monitor_scores_of_samples(SampleState *state)
{
	MonitorSample negatives = monitor_sample_sorted(state, SAMPLE_REFERENCE);
	MonitorSample positives = monitor_sample_sorted(state, SAMPLE_CURRENT);

	return (MonitorScores){{negatives.keys, positives.keys}, {negatives.n, positives.n}, 1};
}

/* ---- pairs ---- */

PairState *
monitor_pair_state_create(MemoryContext context)
{
	PairState *state = MemoryContextAllocZero(context, sizeof(PairState));

	state->context = context;
	return state;
}

static void
pair_enlarge(PairState *state, PairSide *side, int64_t more)
{
	int64_t capacity = side->capacity < DOUBLING_LIMIT ? side->capacity * 2
													   : side->capacity + side->capacity / 2;

	capacity = Max(capacity, Max(side->n + more, INITIAL_CAPACITY));
	monitor_reserve(state->context, (capacity - side->capacity) * sizeof(MonitorPair));
	side->pairs = side->pairs == NULL
		? MemoryContextAllocHuge(state->context, capacity * sizeof(MonitorPair))
		: repalloc_huge(side->pairs, capacity * sizeof(MonitorPair));
	side->capacity = capacity;
}

static inline void
pair_add(PairState *state, bool label, uint64_t key, uint64_t payload)
{
	PairSide *side = &state->side[label];

	if (unlikely(side->n == side->capacity))
		pair_enlarge(state, side, 1);
	side->pairs[side->n++] = (MonitorPair){key, payload};
}

/* Does the weight leave its row out?  ERROR for a weight that cannot be. */
static bool
no_weight(double weight)
{
	if (isnan(weight) || weight == 0)
		return true;
	if (weight < 0 || isinf(weight))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weight must be finite and not negative, got %g", weight),
				 errhint("NULL or 0 leaves the row out.")));
	return false;
}

void
monitor_weighted_add(PairState *state, bool label, double score, double weight)
{
	if (isnan(score) || no_weight(weight))
		return;
	pair_add(state, label, monitor_key_from_double(score), monitor_weight_bits(weight));
}

void
monitor_two_scores_add(PairState *state, bool label, double a, double b)
{
	if (!isnan(a) && !isnan(b))
		pair_add(state, label, monitor_key_from_double(a), monitor_key_from_double(b));
}

void
monitor_weighted_two_scores_add(PairState *state, bool label, double a, double b, double weight)
{
	if (isnan(a) || isnan(b) || no_weight(weight))
		return;
	pair_add(state, label, monitor_key_from_double(a), monitor_weight_bits(weight));
	pair_add(state, label, monitor_key_from_double(b), 0);
}

static inline PairState *
pair_state(FunctionCallInfo fcinfo)
{
	if (likely(!PG_ARGISNULL(0)))
		return (PairState *) PG_GETARG_POINTER(0);
	return monitor_pair_state_create(monitor_aggregate_context(fcinfo));
}

/* Read one kind of label at argno. */
typedef bool (*LabelReader)(FunctionCallInfo fcinfo, int argno, bool *label);

/* weighted_accum(internal, score float8, label ..., weight float8), weight at argument last */
static inline Datum
weighted_accum(FunctionCallInfo fcinfo, LabelReader reader, int last)
{
	PairState *state = pair_state(fcinfo);
	bool label;

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(last) && reader(fcinfo, 2, &label))
		monitor_weighted_add(state, label, PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(last));
	PG_RETURN_POINTER(state);
}

/* two_scores_accum(internal, score_a float8, score_b float8, label ...) */
static inline Datum
two_scores_accum(FunctionCallInfo fcinfo, LabelReader reader)
{
	PairState *state = pair_state(fcinfo);
	bool label;

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2) && reader(fcinfo, 3, &label))
		monitor_two_scores_add(state, label, PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2));
	PG_RETURN_POINTER(state);
}

/* weighted_two_scores_accum(internal, score_a float8, score_b float8, label ..., weight float8) */
static inline Datum
weighted_two_scores_accum(FunctionCallInfo fcinfo, LabelReader reader, int last)
{
	PairState *state = pair_state(fcinfo);
	bool label;

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2) && !PG_ARGISNULL(last) && reader(fcinfo, 3, &label))
		monitor_weighted_two_scores_add(state, label, PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2),
										PG_GETARG_FLOAT8(last));
	PG_RETURN_POINTER(state);
}

Datum
monitor_weighted_accum_boolean(PG_FUNCTION_ARGS)
{
	return weighted_accum(fcinfo, monitor_boolean_label, 3);
}

Datum
monitor_weighted_accum_integer(PG_FUNCTION_ARGS)
{
	return weighted_accum(fcinfo, monitor_integer_label, 3);
}

Datum
monitor_weighted_accum_text(PG_FUNCTION_ARGS)
{
	return weighted_accum(fcinfo, monitor_text_label, 4);
}

Datum
monitor_two_scores_accum_boolean(PG_FUNCTION_ARGS)
{
	return two_scores_accum(fcinfo, monitor_boolean_label);
}

Datum
monitor_two_scores_accum_integer(PG_FUNCTION_ARGS)
{
	return two_scores_accum(fcinfo, monitor_integer_label);
}

Datum
monitor_two_scores_accum_text(PG_FUNCTION_ARGS)
{
	return two_scores_accum(fcinfo, monitor_text_label);
}

Datum
monitor_weighted_two_scores_accum_boolean(PG_FUNCTION_ARGS)
{
	return weighted_two_scores_accum(fcinfo, monitor_boolean_label, 4);
}

Datum
monitor_weighted_two_scores_accum_integer(PG_FUNCTION_ARGS)
{
	return weighted_two_scores_accum(fcinfo, monitor_integer_label, 4);
}

Datum
monitor_weighted_two_scores_accum_text(PG_FUNCTION_ARGS)
{
	return weighted_two_scores_accum(fcinfo, monitor_text_label, 5);
}

/* Room for `n` pairs, counted like what the state holds. */
static MonitorPair *
pair_scratch(const PairState *state, int64_t n)
{
	monitor_reserve(state->context, n * sizeof(MonitorPair));
	return MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(MonitorPair));
}

/*
 * By score, then by weight: the sequence, and with it every sum, depends on what
 * was collected and not on the order in which it came.
 */
MonitorScores
monitor_scores_of_pairs(PairState *state)
{
	MonitorPair *scratch = pair_scratch(state, Max(state->side[0].n, state->side[1].n));
	MonitorScores scores = {.stride = 2};

	for (int i = 0; i < 2; i++)
	{
		monitor_sort_pairs(state->side[i].pairs, scratch, state->side[i].n, true);
		scores.keys[i] = (const uint64_t *) state->side[i].pairs;
		scores.n[i] = state->side[i].n;
	}
	pfree(scratch);
	return scores;
}

MonitorPair *
monitor_pair_copy(const PairState *state, MonitorPair *rows[2])
{
	for (int i = 0; i < 2; i++)
	{
		rows[i] = pair_scratch(state, state->side[i].n);
		if (state->side[i].n > 0)
			memcpy(rows[i], state->side[i].pairs, state->side[i].n * sizeof(MonitorPair));
	}
	return pair_scratch(state, Max(state->side[0].n, state->side[1].n));
}

/* ---- combining ---- */

/* The second state comes from the deserialiser, which lends its pairs unaligned. */
Datum
monitor_pair_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = monitor_aggregate_context(fcinfo);
	PairState *state = PG_ARGISNULL(0) ? NULL : (PairState *) PG_GETARG_POINTER(0);
	PairState *other = PG_ARGISNULL(1) ? NULL : (PairState *) PG_GETARG_POINTER(1);

	if (other == NULL)
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	if (state == NULL)
		state = monitor_pair_state_create(context);
	for (int i = 0; i < 2; i++)
	{
		PairSide *to = &state->side[i];
		const PairSide *from = &other->side[i];

		if (from->n == 0)
			continue;
		if (to->n + from->n > to->capacity)
			pair_enlarge(state, to, from->n);
		memcpy((char *) (to->pairs + to->n), (const char *) from->pairs,
			   from->n * sizeof(MonitorPair));
		to->n += from->n;
	}
	PG_RETURN_POINTER(state);
}

Datum
monitor_pair_serialize(PG_FUNCTION_ARGS)
{
	PairState *state = (PairState *) PG_GETARG_POINTER(0);
	int64_t n[2] = {state->side[0].n, state->side[1].n};
	Size size = VARHDRSZ + sizeof(n) + (n[0] + n[1]) * sizeof(MonitorPair);
	bytea *result;
	char *to;

	monitor_aggregate_context(fcinfo);
	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a parallel worker collected %zu bytes, more than a worker can send (%zu)",
						size, (Size) MaxAllocSize),
				 errhint("Set max_parallel_workers_per_gather to 0.")));
	result = palloc(size);
	SET_VARSIZE(result, size);
	to = VARDATA(result);
	memcpy(to, n, sizeof(n));
	to += sizeof(n);
	for (int i = 0; i < 2; i++)
	{
		if (n[i] > 0)
			memcpy(to, state->side[i].pairs, n[i] * sizeof(MonitorPair));
		to += n[i] * sizeof(MonitorPair);
	}
	PG_RETURN_BYTEA_P(result);
}

Datum
monitor_pair_deserialize(PG_FUNCTION_ARGS)
{
	bytea *bytes = PG_GETARG_BYTEA_PP(0);
	PairState *state = palloc0(sizeof(PairState));
	char *from = VARDATA_ANY(bytes);
	int64_t n[2];

	monitor_aggregate_context(fcinfo);
	memcpy(n, from, sizeof(n));
	from += sizeof(n);
	for (int i = 0; i < 2; i++)
	{
		state->side[i].pairs = (MonitorPair *) (void *) from;
		state->side[i].n = n[i];
		from += n[i] * sizeof(MonitorPair);
	}
	PG_RETURN_POINTER(state);
}
