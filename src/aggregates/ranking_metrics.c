/*
 * ranking_metrics.c
 *		The metrics of ranked lists over rows (a list is a group): their state and
 *		entry points.
 *
 * Memory: 16 bytes a row, and 8 more for the ideal order where a metric compares with
 * it, counted against monitor.max_aggregate_memory.  Rows are sorted by all they hold, so that no plan
 * changes a bit of the result.
 */
#include "postgres.h"

#include "confusion_state.h"
#include "label.h"

#include "miscadmin.h"
#include "monitor.h"
#include "stats/ranking.h"
#include "utils/memutils.h"

#define INITIAL_CAPACITY 16

PG_FUNCTION_INFO_V1(monitor_ranking_accum);
PG_FUNCTION_INFO_V1(monitor_ranking_accum_boolean);
PG_FUNCTION_INFO_V1(monitor_ranking_accum_weighted);
PG_FUNCTION_INFO_V1(monitor_ranking_accum_boolean_weighted);
PG_FUNCTION_INFO_V1(monitor_ranking_accum_boolean_worth);
PG_FUNCTION_INFO_V1(monitor_ranking_accum_integer);
PG_FUNCTION_INFO_V1(monitor_ranking_accum_integer_weighted);
PG_FUNCTION_INFO_V1(monitor_ranking_accum_integer_worth);
PG_FUNCTION_INFO_V1(monitor_ranking_accum_text);
PG_FUNCTION_INFO_V1(monitor_ranking_accum_text_weighted);
PG_FUNCTION_INFO_V1(monitor_ranking_accum_text_worth);
PG_FUNCTION_INFO_V1(monitor_ranking_combine);
PG_FUNCTION_INFO_V1(monitor_ranking_serialize);
PG_FUNCTION_INFO_V1(monitor_ranking_deserialize);

typedef struct RankingState
{
	MemoryContext context;
	MonitorRanked *rows;
	int64 n;
	int64 capacity;
	int64 k; /* 0: no row was seen; PG_INT64_MAX: the whole list */
} RankingState;

static RankingState *
create_state(MemoryContext context)
{
	RankingState *state = MemoryContextAllocZero(context, sizeof(RankingState));

	state->context = context;
	return state;
}

/* Room for `more` rows. */
static void
enlarge(RankingState *state, int64 more)
{
	int64 capacity = Max(state->capacity * 2, Max(state->n + more, INITIAL_CAPACITY));

	monitor_reserve(state->context, (capacity - state->capacity) * sizeof(MonitorRanked));
	state->rows = state->rows == NULL
		? MemoryContextAllocHuge(state->context, capacity * sizeof(MonitorRanked))
		: repalloc_huge(state->rows, capacity * sizeof(MonitorRanked));
	state->capacity = capacity;
}

static void
check_same_k(RankingState *state, int64 k)
{
	if (state->k == 0)
		state->k = k;
	if (state->k != k)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k must be the same for all rows of a group")));
}

/* k is argument argno, where there is one; NULL stands for the whole list. */
static int64
read_k(FunctionCallInfo fcinfo, int argno)
{
	if (PG_NARGS() <= argno || PG_ARGISNULL(argno))
		return PG_INT64_MAX;
	if (PG_GETARG_INT32(argno) < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k must be at least 1, got %d", PG_GETARG_INT32(argno))));
	return PG_GETARG_INT32(argno);
}

static void
check_relevance(double relevance)
{
	if (relevance < 0 || isinf(relevance))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("relevance must be a finite number of at least 0, got %g", relevance)));
}

/*
 * What a row is worth by its weight, the last argument; NaN: not known.  The weight of a row
 * that is worth nothing is not looked at: the row keeps its place in the list.
 */
static double
weighted_relevance(FunctionCallInfo fcinfo, double relevance)
{
	double weight;

	check_relevance(relevance);
	if (!(relevance > 0))
		return relevance;
	if (PG_ARGISNULL(PG_NARGS() - 1))
		return NAN;
	weight = PG_GETARG_FLOAT8(PG_NARGS() - 1);
	monitor_check_weight(weight);
	if (isinf(relevance * weight))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("relevance times weight is out of range: %g times %g", relevance, weight)));
	return relevance * weight;
}

static RankingState *
accumulate(FunctionCallInfo fcinfo, int64 k, double relevance)
{
	RankingState *state = PG_ARGISNULL(0) ? create_state(monitor_aggregate_context(fcinfo))
										  : (RankingState *) PG_GETARG_POINTER(0);

	check_same_k(state, k);
	if (PG_ARGISNULL(1) || isnan(PG_GETARG_FLOAT8(1)) || isnan(relevance))
		return state;
	check_relevance(relevance);
	if (state->n == state->capacity)
		enlarge(state, 1);
	state->rows[state->n++] =
		(MonitorRanked){monitor_key_from_double(PG_GETARG_FLOAT8(1)), relevance};
	return state;
}

static inline double
read_relevance(FunctionCallInfo fcinfo)
{
	return PG_ARGISNULL(2) ? NAN : PG_GETARG_FLOAT8(2);
}

static inline double
read_mark(FunctionCallInfo fcinfo)
{
	return PG_ARGISNULL(2) ? NAN : PG_GETARG_BOOL(2) ? 1 : 0;
}

/* ERROR for a label that is neither 0 nor 1. */
static inline double
read_integer_mark(FunctionCallInfo fcinfo)
{
	bool relevant;

	return monitor_integer_label(fcinfo, 2, &relevant) ? relevant : NAN;
}

/* Is argument 2 the class that argument 3 names?  ERROR where that is NULL. */
static inline double
read_text_mark(FunctionCallInfo fcinfo)
{
	bool relevant;

	return monitor_text_label(fcinfo, 2, &relevant) ? relevant : NAN;
}

/* ranking_accum(internal, score float8, relevance float8 [, k integer]) */
Datum
monitor_ranking_accum(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(accumulate(fcinfo, read_k(fcinfo, 3), read_relevance(fcinfo)));
}

/* ranking_accum(internal, score float8, relevant boolean [, k integer]) */
Datum
monitor_ranking_accum_boolean(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(accumulate(fcinfo, read_k(fcinfo, 3), read_mark(fcinfo)));
}

/* ranking_accum(internal, score float8, relevance float8, k integer, weight float8) */
Datum
monitor_ranking_accum_weighted(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(accumulate(fcinfo, read_k(fcinfo, 3),
								 weighted_relevance(fcinfo, read_relevance(fcinfo))));
}

/* ranking_accum(internal, score float8, relevant boolean, k integer, weight float8) */
Datum
monitor_ranking_accum_boolean_weighted(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(accumulate(fcinfo, read_k(fcinfo, 3),
								 weighted_relevance(fcinfo, read_mark(fcinfo))));
}

/* ranking_accum(internal, score float8, relevant boolean, weight float8): the whole list */
Datum
monitor_ranking_accum_boolean_worth(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(accumulate(fcinfo, PG_INT64_MAX,
								 weighted_relevance(fcinfo, read_mark(fcinfo))));
}

/* ranking_accum(internal, score float8, label integer [, k integer]) */
Datum
monitor_ranking_accum_integer(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(accumulate(fcinfo, read_k(fcinfo, 3), read_integer_mark(fcinfo)));
}

/* ranking_accum(internal, score float8, label integer, k integer, weight float8) */
Datum
monitor_ranking_accum_integer_weighted(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(accumulate(fcinfo, read_k(fcinfo, 3),
								 weighted_relevance(fcinfo, read_integer_mark(fcinfo))));
}

/* ranking_accum(internal, score float8, label integer, weight float8): the whole list */
Datum
monitor_ranking_accum_integer_worth(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(accumulate(fcinfo, PG_INT64_MAX,
								 weighted_relevance(fcinfo, read_integer_mark(fcinfo))));
}

/* ranking_accum(internal, score float8, label text, positive text [, k integer]) */
Datum
monitor_ranking_accum_text(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(accumulate(fcinfo, read_k(fcinfo, 4), read_text_mark(fcinfo)));
}

/* ranking_accum(internal, score float8, label text, positive text, k integer, weight float8) */
Datum
monitor_ranking_accum_text_weighted(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(accumulate(fcinfo, read_k(fcinfo, 4),
								 weighted_relevance(fcinfo, read_text_mark(fcinfo))));
}

/* ranking_accum(internal, score float8, label text, positive text, weight float8): the whole list */
Datum
monitor_ranking_accum_text_worth(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(accumulate(fcinfo, PG_INT64_MAX,
								 weighted_relevance(fcinfo, read_text_mark(fcinfo))));
}

/* The second state always comes from the deserialiser: its rows are borrowed. */
Datum
monitor_ranking_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = monitor_aggregate_context(fcinfo);
	RankingState *state = PG_ARGISNULL(0) ? NULL : (RankingState *) PG_GETARG_POINTER(0);
	RankingState *other = PG_ARGISNULL(1) ? NULL : (RankingState *) PG_GETARG_POINTER(1);

	if (other == NULL)
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	if (state == NULL)
		state = create_state(context);
	check_same_k(state, other->k);
	if (other->n > 0)
	{
		if (state->n + other->n > state->capacity)
			enlarge(state, other->n);
		memcpy(state->rows + state->n, other->rows, other->n * sizeof(MonitorRanked));
		state->n += other->n;
	}
	PG_RETURN_POINTER(state);
}

Datum
monitor_ranking_serialize(PG_FUNCTION_ARGS)
{
	RankingState *state = (RankingState *) PG_GETARG_POINTER(0);
	Size size = VARHDRSZ + sizeof(state->k) + state->n * sizeof(MonitorRanked);
	bytea *result;

	monitor_aggregate_context(fcinfo);
	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a parallel worker collected %zu bytes, more than a worker can send (%zu)",
						size, (Size) MaxAllocSize),
				 errhint("Group the rows by query, or set max_parallel_workers_per_gather to 0.")));
	result = palloc(size);
	SET_VARSIZE(result, size);
	memcpy(VARDATA(result), &state->k, sizeof(state->k));
	if (state->n > 0)
		memcpy(VARDATA(result) + sizeof(state->k), state->rows, state->n * sizeof(MonitorRanked));
	PG_RETURN_BYTEA_P(result);
}

Datum
monitor_ranking_deserialize(PG_FUNCTION_ARGS)
{
	bytea *bytes = PG_GETARG_BYTEA_PP(0);
	RankingState *state = palloc0(sizeof(RankingState));

	monitor_aggregate_context(fcinfo);
	memcpy(&state->k, VARDATA_ANY(bytes), sizeof(state->k));
	state->rows = (MonitorRanked *) (void *) (VARDATA_ANY(bytes) + sizeof(state->k));
	state->n = (VARSIZE_ANY_EXHDR(bytes) - sizeof(state->k)) / sizeof(MonitorRanked);
	PG_RETURN_POINTER(state);
}

/* ---- final functions: they sort in place, which changes nothing that anyone can see ---- */

static int
compare_rows(const void *a, const void *b)
{
	const MonitorRanked *x = a;
	const MonitorRanked *y = b;

	if (x->key != y->key)
		return x->key > y->key ? -1 : 1;
	return x->relevance > y->relevance ? -1 : x->relevance < y->relevance;
}

static int
compare_relevance(const void *a, const void *b)
{
	double x = *(const double *) a;
	double y = *(const double *) b;

	return x > y ? -1 : x < y;
}

static MonitorRanking
sorted(RankingState *state)
{
	qsort(state->rows, state->n, sizeof(MonitorRanked), compare_rows);
	CHECK_FOR_INTERRUPTS();
	return (MonitorRanking){state->rows, state->n};
}

/* A metric that compares with the ideal order. */
typedef MonitorStatus (*IdealMetric)(const MonitorRanking *ranking, const double *ideal, int64_t k,
									 double *value);

static MonitorStatus
against_ideal(RankingState *state, IdealMetric metric, double *value)
{
	MonitorRanking ranking = sorted(state);
	double *ideal;
	MonitorStatus status;

	monitor_reserve(state->context, state->n * sizeof(double));
	ideal = MemoryContextAllocHuge(CurrentMemoryContext, state->n * sizeof(double));
	for (int64 i = 0; i < state->n; i++)
		ideal[i] = state->rows[i].relevance;
	qsort(ideal, state->n, sizeof(double), compare_relevance);
	CHECK_FOR_INTERRUPTS();
	status = metric(&ranking, ideal, state->k, value);
	pfree(ideal);
	return status;
}

static MonitorStatus
ndcg(RankingState *state, double *value)
{
	return against_ideal(state, monitor_ndcg, value);
}

static MonitorStatus
precision_at_k(RankingState *state, double *value)
{
	MonitorRanking ranking = sorted(state);

	return monitor_precision_at_k(&ranking, NULL, state->k, value);
}

static MonitorStatus
average_precision_at_k(RankingState *state, double *value)
{
	MonitorRanking ranking = sorted(state);

	return monitor_average_precision_at_k(&ranking, NULL, state->k, value);
}

static MonitorStatus
reciprocal_rank(RankingState *state, double *value)
{
	MonitorRanking ranking = sorted(state);

	return monitor_reciprocal_rank(&ranking, NULL, value);
}

static MonitorStatus
precision_at_k_weighted(RankingState *state, double *value)
{
	return against_ideal(state, monitor_precision_at_k, value);
}

static MonitorStatus
average_precision_at_k_weighted(RankingState *state, double *value)
{
	return against_ideal(state, monitor_average_precision_at_k, value);
}

static MonitorStatus
worth_of_the_first(const MonitorRanking *ranking, const double *ideal, int64_t k, double *value)
{
	(void) k;
	return monitor_reciprocal_rank(ranking, ideal, value);
}

static MonitorStatus
reciprocal_rank_weighted(RankingState *state, double *value)
{
	return against_ideal(state, worth_of_the_first, value);
}

typedef MonitorStatus (*RankingMetric)(RankingState *state, double *value);

static Datum
return_metric(FunctionCallInfo fcinfo, RankingMetric metric)
{
	RankingState *state;
	MonitorStatus status;
	double value = 0;

	monitor_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (RankingState *) PG_GETARG_POINTER(0);
	if (state->n == 0)
		PG_RETURN_NULL();
	status = metric(state, &value);
	return monitor_return_float8(fcinfo, status, value);
}

/* ---- entry points ---- */

#define RANKING_METRIC(name) MONITOR_ENTRY(monitor_##name##_rows, return_metric(fcinfo, name))

RANKING_METRIC(ndcg);
RANKING_METRIC(precision_at_k);
RANKING_METRIC(precision_at_k_weighted);
RANKING_METRIC(average_precision_at_k);
RANKING_METRIC(reciprocal_rank);
RANKING_METRIC(average_precision_at_k_weighted);
RANKING_METRIC(reciprocal_rank_weighted);
