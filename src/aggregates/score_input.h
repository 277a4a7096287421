/*
 * score_input.h
 *		What the final functions and the forms over arrays start from.
 */
#ifndef MONITOR_SCORE_INPUT_H
#define MONITOR_SCORE_INPUT_H

#include "score_state.h"

/* Where a function's scores are. */
typedef enum MonitorScoreForm
{
	SCORE_ROWS,			 /* aggregate state, all weights 1 */
	SCORE_WEIGHTED_ROWS, /* aggregate state with weights */
	SCORE_ARRAYS		 /* score float8[], label boolean[] | integer[] [, weight float8[]] */
} MonitorScoreForm;

/* The sorted scores of a call; false: there were no rows. */
extern bool monitor_take_scores(FunctionCallInfo fcinfo, MonitorScoreForm form,
								MonitorScores *scores);

/* ERROR unless all scores are between 0 and 1. */
extern void monitor_require_probabilities(const MonitorScores *scores);

/* f(score_a float8[], score_b float8[], label boolean[] | integer[] [, weight float8[]]) */
extern PairState *monitor_two_scores_from_arrays(FunctionCallInfo fcinfo);

/* The entry points of one function in its three forms: name_rows, name_weighted_rows, name_arrays. */
#define SCORE_FUNCTION(name, form, give, ...) \
	MONITOR_ENTRY(monitor_##name##_##form, give(fcinfo, SCORE_FORM_##form, __VA_ARGS__))

#define SCORE_FORM_rows			 SCORE_ROWS
#define SCORE_FORM_weighted_rows SCORE_WEIGHTED_ROWS
#define SCORE_FORM_arrays		 SCORE_ARRAYS

#define SCORE_FUNCTIONS(name, give, ...) \
	SCORE_FUNCTION(name, rows, give, __VA_ARGS__); \
	SCORE_FUNCTION(name, weighted_rows, give, __VA_ARGS__); \
	SCORE_FUNCTION(name, arrays, give, __VA_ARGS__)

#endif /* MONITOR_SCORE_INPUT_H */
