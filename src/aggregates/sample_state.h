/*
 * sample_state.h
 *		The state that all exact statistics of numbers share: both samples as
 *		keys, collected in any order, sorted when first needed.
 */
#ifndef MONITOR_SAMPLE_STATE_H
#define MONITOR_SAMPLE_STATE_H

#include "monitor.h"
#include "stats/sample.h"
#include "utils/array.h"

#define SAMPLE_REFERENCE 0
#define SAMPLE_CURRENT	 1

/*
 * One sample.  keys[0 .. sorted) is a sequence of nruns sorted runs, run r ending
 * at run_ends[r]; what follows was collected since.
 */
typedef struct SampleSide
{
	uint64_t *keys;
	int64_t n;
	int64_t capacity;
	int64_t *run_ends;
	int nruns;
	int max_runs;
} SampleSide;

typedef struct SampleState
{
	MemoryContext context; /* owns the arrays; NULL: they are borrowed */
	SampleSide side[2];
	int bins; /* 0: the statistic takes none */
} SampleState;

extern SampleState *monitor_sample_state_create(MemoryContext context);

/* Add a value; NaN is missing and left out. */
extern void monitor_sample_add(SampleState *state, bool is_current, double value);

/* Room for `more` keys in one side. */
extern void monitor_sample_enlarge(SampleState *state, SampleSide *side, int64_t more);

/* The sorted sample.  Sorts in place, which changes nothing that anyone can see. */
extern MonitorSample monitor_sample_sorted(SampleState *state, int which);

/*
 * The numerator of ks_stat without sorting, where that is possible and cheaper; false
 * where it is not, or the samples are in order already.
 */
extern bool monitor_sample_ks_numerator(SampleState *state, monitor_int128 *h);

/* A state from two float8 arrays, without their NULL and NaN elements. */
extern SampleState *monitor_sample_from_arrays(ArrayType *reference, ArrayType *current);

#endif /* MONITOR_SAMPLE_STATE_H */
