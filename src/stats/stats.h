/*
 * stats.h
 *		What every file of the statistics library shares.
 *
 * The library is plain C with GSL.  It knows nothing of PostgreSQL, allocates
 * nothing (the caller gives the memory) and keeps no state but the interrupt
 * hook below.  Functions return a MonitorStatus; results go to out arguments,
 * which are untouched unless the status is MONITOR_OK.
 *
 * NULL and NaN never reach it: the caller leaves them out.  Infinities are
 * ordinary, ordered values.
 */
#ifndef MONITOR_STATS_H
#define MONITOR_STATS_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef __int128 monitor_int128;

typedef enum MonitorStatus
{
	MONITOR_OK = 0,
	MONITOR_UNDEFINED,	/* the data give no number: SQL NULL */
	MONITOR_OVERFLOW,	/* a count or sum left its range */
	MONITOR_MISMATCH,	/* two profiles count different slots */
	MONITOR_NO_ANCHORS, /* anchors are needed but were detached */
	MONITOR_TOO_COARSE, /* a cut would fall inside a gap */
	MONITOR_CORRUPT,	/* bytes that no encoder wrote */
	MONITOR_NO_SPACE	/* the caller's buffer is too small */
} MonitorStatus;

/* Longest text that `method` holds, with its end. */
#define MONITOR_METHOD_LEN 96

/*
 * The result of a two-sample statistic.  A NaN p_value, effect_size or df
 * stands for "not defined" (SQL NULL).  low = high = statistic where exact.
 */
typedef struct MonitorTestResult
{
	double statistic;
	double statistic_low;
	double statistic_high;
	double p_value;
	double effect_size;
	double df;
	int64_t n_reference;
	int64_t n_current;
	char method[MONITOR_METHOD_LEN];
} MonitorTestResult;

/*
 * The host's way to stop a long loop (it may not return).  Loops whose length
 * follows the data call MONITOR_POLL(i) with their counter.
 */
extern void (*monitor_interrupt_hook)(void);

#define MONITOR_POLL(i) \
	do \
	{ \
		if (((i) &0xFFFF) == 0 && monitor_interrupt_hook != NULL) \
			monitor_interrupt_hook(); \
	} while (0)

/* Fill every field; NaN df, p or effect where not defined. */
extern void monitor_result_init(MonitorTestResult *result, int64_t n_reference, int64_t n_current,
								const char *method);
extern void monitor_result_exact(MonitorTestResult *result, double statistic);

#endif /* MONITOR_STATS_H */
