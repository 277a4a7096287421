/*
 * score_aggregates.c
 *		The aggregates that make score profiles, from labels of three types.
 */
#include "postgres.h"

#include "compound_glue.h"
#include "aggregates/label.h"
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

/* A row whose label is NULL is not labelled yet. */
static inline MonitorScoreClass
class_of(FunctionCallInfo fcinfo, LabelReader read)
{
	bool label;

	if (!read(fcinfo, LABEL, &label))
		return MONITOR_UNLABELLED;
	return label ? MONITOR_POSITIVE : MONITOR_NEGATIVE;
}

/* (state, score float8, label boolean | integer | text and positive text, edges float8[]) */
MONITOR_ENTRY(monitor_score_profile_accum_boolean,
			  score_accum(fcinfo, class_of(fcinfo, monitor_boolean_label), 3));
MONITOR_ENTRY(monitor_score_profile_accum_integer,
			  score_accum(fcinfo, class_of(fcinfo, monitor_integer_label), 3));
MONITOR_ENTRY(monitor_score_profile_accum_text,
			  score_accum(fcinfo, class_of(fcinfo, monitor_text_label), 4));
