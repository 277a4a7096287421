/*
 * score_aggregates.c
 *		The aggregates that make score profiles, from labels of three types.
 */
#include "postgres.h"

#include "compound_glue.h"
#include "stats/score.h"
#include "utils/array.h"

/* Where the arguments stand after the state: score, label[, positive], edges. */
#define SCORE 1
#define LABEL 2

static MonitorCompound *
new_state(FunctionCallInfo fcinfo, MemoryContext aggregate, int edges_argno)
{
	ArrayType *edges = monitor_edges_argument(fcinfo, edges_argno);
	int k = ArrayGetNItems(ARR_NDIM(edges), ARR_DIMS(edges));
	MonitorCompound *compound =
		monitor_compound_allocate(aggregate, monitor_compound_size_numeric(MONITOR_SCORES, k));
	Size size = VARSIZE(compound);

	if (monitor_compound_init_numeric(compound, MONITOR_SCORES,
									  (const double *) ARR_DATA_PTR(edges), k) != MONITOR_OK)
		monitor_report_bad_edges();
	SET_VARSIZE(compound, size);
	return compound;
}

/* Whether the edges need no comparing, remembered from the first call. */
static bool
edges_are_stable(FunctionCallInfo fcinfo, int edges_argno)
{
	static const char stable = 1;
	static const char changing = 0;

	if (unlikely(fcinfo->flinfo->fn_extra == NULL))
		fcinfo->flinfo->fn_extra =
			(void *) (monitor_argument_is_stable(fcinfo, edges_argno) ? &stable : &changing);
	return fcinfo->flinfo->fn_extra == (const void *) &stable;
}

static Datum
score_accum(FunctionCallInfo fcinfo, MonitorScoreClass class, int edges_argno)
{
	MemoryContext aggregate = monitor_aggregate_context(fcinfo);
	MonitorCompound *compound;

	if (PG_ARGISNULL(0))
		compound = new_state(fcinfo, aggregate, edges_argno);
	else
	{
		compound = monitor_compound_state(PG_GETARG_DATUM(0), MONITOR_SCORES);
		if (!edges_are_stable(fcinfo, edges_argno))
			monitor_check_same_edges(fcinfo, edges_argno, monitor_compound_part_const(compound, 0));
	}
	if (PG_ARGISNULL(SCORE))
		monitor_compound_part(compound, class)->missing++;
	else
		monitor_score_add(compound, PG_GETARG_FLOAT8(SCORE), class);
	PG_RETURN_POINTER(compound);
}

static MonitorScoreClass
boolean_class(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(LABEL))
		return MONITOR_UNLABELLED;
	return PG_GETARG_BOOL(LABEL) ? MONITOR_POSITIVE : MONITOR_NEGATIVE;
}

static MonitorScoreClass
integer_class(FunctionCallInfo fcinfo)
{
	int32 label;

	if (PG_ARGISNULL(LABEL))
		return MONITOR_UNLABELLED;
	label = PG_GETARG_INT32(LABEL);
	if (label != 0 && label != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("label must be 0 or 1, got %d", label),
				 errhint("Name the positive class: monitor.score_profile(score, label::text, 'positive', edges).")));
	return label == 1 ? MONITOR_POSITIVE : MONITOR_NEGATIVE;
}

static MonitorScoreClass
text_class(FunctionCallInfo fcinfo)
{
	text *label;
	text *positive;

	if (PG_ARGISNULL(LABEL + 1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the positive class must not be NULL")));
	if (PG_ARGISNULL(LABEL))
		return MONITOR_UNLABELLED;
	label = PG_GETARG_TEXT_PP(LABEL);
	positive = PG_GETARG_TEXT_PP(LABEL + 1);
	return VARSIZE_ANY_EXHDR(label) == VARSIZE_ANY_EXHDR(positive) &&
			memcmp(VARDATA_ANY(label), VARDATA_ANY(positive), VARSIZE_ANY_EXHDR(label)) == 0
		? MONITOR_POSITIVE
		: MONITOR_NEGATIVE;
}

#define ENTRY_POINT(symbol, body) \
	PG_FUNCTION_INFO_V1(symbol); \
	Datum symbol(PG_FUNCTION_ARGS) \
	{ \
		return body; \
	} \
	extern int monitor_no_such_symbol

/* (state, score float8, label boolean | integer | text and positive text, edges float8[]) */
ENTRY_POINT(monitor_score_profile_accum_boolean, score_accum(fcinfo, boolean_class(fcinfo), 3));
ENTRY_POINT(monitor_score_profile_accum_integer, score_accum(fcinfo, integer_class(fcinfo), 3));
ENTRY_POINT(monitor_score_profile_accum_text, score_accum(fcinfo, text_class(fcinfo), 4));
