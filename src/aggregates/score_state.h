/*
 * score_state.h
 *		The states of metrics of scores.
 *
 * Without weights it is the state of two samples (sample_state.h): label false
 * is its reference side, true its current side.  With weights, and for two
 * scores a row, it is this one: both classes as pairs of 64-bit words.
 */
#ifndef MONITOR_SCORE_STATE_H
#define MONITOR_SCORE_STATE_H

#include "sample_state.h"
#include "stats/score_metrics.h"

typedef struct PairSide
{
	MonitorPair *pairs;
	int64_t n;
	int64_t capacity;
} PairSide;

typedef struct PairState
{
	MemoryContext context;
	PairSide side[2];
} PairState;

extern PairState *monitor_pair_state_create(MemoryContext context);

/* Add a score with its weight: nothing for a NaN or a weight of 0; ERROR for other weights. */
extern void monitor_weighted_add(PairState *state, bool label, double score, double weight);

/* Add a row of two scores, neither NaN. */
extern void monitor_two_scores_add(PairState *state, bool label, double a, double b);

/*
 * Add a weighted row of two scores, neither NaN, as two pairs that make up one
 * MonitorWeightedRow; weights as monitor_weighted_add.
 */
extern void monitor_weighted_two_scores_add(PairState *state, bool label, double a, double b,
											double weight);

/* Scores in order, sorted in place, which changes nothing that anyone can see. */
extern MonitorScores monitor_scores_of_samples(SampleState *state);
extern MonitorScores monitor_scores_of_pairs(PairState *state);

/* A copy of both classes, and scratch for the larger one; freed with the current context. */
extern MonitorPair *monitor_pair_copy(const PairState *state, MonitorPair *rows[2]);


#endif /* MONITOR_SCORE_STATE_H */
