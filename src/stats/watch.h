/*
 * watch.h
 *		Watching one stream: windows of buckets against a baseline, from counts to verdicts.
 *
 * A stream is one feature of one model in one segment.  Its baseline and its buckets are
 * profiles in the same few slots ("cells" of the catalogue).  All that is decided is a
 * function of these counts and of the episode that may be open; the rule is that of
 * docs/verdicts.md (research: verdicts of drift, sections 2 to 6).
 */
#ifndef MONITOR_WATCH_H
#define MONITOR_WATCH_H

#include "profile.h"

/* Windows of 1, 2, 4, ..., 512 buckets. */
#define MONITOR_WATCH_SCALES	   10
/* Looks in a row below the closing threshold that close an episode. */
#define MONITOR_CALM_LOOKS		   3
/* Fewest windows that tell how dependent rows are. */
#define MONITOR_DEPENDENCE_WINDOWS 8

/*
 * A baseline in slots: pooled counts, which fix the cells, and counts by stratum where a
 * season matters (strata = 0: it does not).
 */
typedef struct MonitorWatchReference
{
	const MonitorProfile *pooled;
	int strata;
	const int64_t *counts; /* [strata][slots]; a stratum without rows borrows the pooled counts */
} MonitorWatchReference;

/* What follows from the pooled counts alone; freed by nobody: memory is the caller's. */
typedef struct MonitorWatchPlan
{
	int64_t slots;
	bool categorical;
	int64_t cells;		/* PSI's cells, none dropped */
	int64_t *cell_last; /* last slot of each; the first starts at slot 0 */
	int64_t streams;	/* of evidence: slots through which rows are counted, or categories */
	int64_t *stream_slot;
	bool unseen;	/* the last stream is all that the reference does not have */
	double singles; /* categories that it has once */
} MonitorWatchPlan;

/* Numbers of int64 that a plan needs. */
#define MONITOR_WATCH_PLAN_SIZE(slots) (2 * (slots) + 2)

/*
 * Fills the plan; memory: MONITOR_WATCH_PLAN_SIZE(slots) int64.  MONITOR_UNDEFINED: the
 * baseline has no rows; MONITOR_TOO_COARSE: a cut would fall between two anchors.
 */
extern MonitorStatus monitor_watch_plan(const MonitorProfile *pooled, int64_t *memory,
										MonitorWatchPlan *plan);

/* One window: counts by slot, and its rows by stratum (NULL without strata). */
typedef struct MonitorWatchWindow
{
	const double *counts;
	const double *rows; /* [strata + 1]; 0 is unused */
	double n;
} MonitorWatchWindow;

/* The reference of one window: shares by slot, and the rows that they are worth. */
typedef struct MonitorWatchMatch
{
	const double *share;
	double n;
} MonitorWatchMatch;

/*
 * The baseline weighted to the window's mix of strata (section 4): F = sum w_s F_s,
 * n = 1 / sum(w_s^2 / n_s).  share: [slots], written.
 */
extern MonitorWatchMatch monitor_watch_match(const MonitorWatchReference *reference,
											 const MonitorWatchWindow *window, double *share);

/* PSI of a window, B - 1, and the effect without what chance gives (section 6). */
typedef struct MonitorWatchEffect
{
	double psi;
	double df;
	double bias;   /* phi (B - 1) (1/n + 1/m) */
	double effect; /* max(0, psi - bias) */
} MonitorWatchEffect;

extern MonitorWatchEffect monitor_watch_effect(const MonitorWatchPlan *plan,
											   const MonitorWatchMatch *match,
											   const MonitorWatchWindow *window, double phi);

/* Widths of the mixtures that evidence is taken over. */
#define MONITOR_WATCH_KAPPAS 3

/* What is known of one stream before a window is looked at. */
typedef struct MonitorWatchPrior
{
	double low; /* the share lies there */
	double high;
	double a[MONITOR_WATCH_KAPPAS];		   /* kappa F */
	double log_norm[MONITOR_WATCH_KAPPAS]; /* -ln B(a, kappa - a) */
} MonitorWatchPrior;

/*
 * The ball around the reference (section 5) at `level`, with its rows divided by
 * phi_largest.  match->n > 0; priors: [plan->streams], written.
 */
extern void monitor_watch_priors(const MonitorWatchPlan *plan, const MonitorWatchMatch *match,
								 double phi_largest, double level, MonitorWatchPrior *priors);

/* ln E of a window (section 5), its counts divided by phi; 0 without rows. */
extern double monitor_watch_evidence(const MonitorWatchPlan *plan, const MonitorWatchPrior *priors,
									 const MonitorWatchWindow *window, double phi);

/* ---- a series of buckets ---- */

/*
 * counts[i][slot] and stratum[i] of consecutive buckets, as running sums: sums[i] holds
 * buckets 0 .. i - 1, rows[i][s] their rows by stratum.
 */
typedef struct MonitorWatchSeries
{
	int64_t buckets;
	int64_t slots;
	int strata;
	const double *sums; /* [buckets + 1][slots] */
	const double *rows; /* [buckets + 1][strata + 1]; NULL without strata */
} MonitorWatchSeries;

/* The window of buckets [first, last); counts and rows are scratch. */
extern MonitorWatchWindow monitor_watch_window(const MonitorWatchSeries *series, int64_t first,
											   int64_t last, double *counts, double *rows);

/*
 * Section 3: phi of every scale from the baseline's own buckets, and from how many
 * windows; false: there are too few windows of any length.
 */
extern bool monitor_watch_dependence(const MonitorWatchReference *reference,
									 const MonitorWatchPlan *plan, const MonitorWatchSeries *series,
									 double *scratch, double phi[MONITOR_WATCH_SCALES],
									 int windows[MONITOR_WATCH_SCALES]);
#define MONITOR_DEPENDENCE_SCRATCH(slots, strata) (5 * (slots) + (strata) + 1)

typedef struct MonitorWatchOptions
{
	double log_threshold; /* ln(2 F H / alpha) */
	double level;		  /* alpha / 2F, of the ball */
	double warning;
	double critical;
	double closing; /* 0.8 warning */
} MonitorWatchOptions;

/* What is carried from look to look. */
typedef struct MonitorWatchState
{
	int64_t since; /* no window reaches back before this bucket */
	bool open;
	int calm;
	bool critical; /* the worst of the open episode */
} MonitorWatchState;

typedef enum MonitorWatchVerdict
{
	MONITOR_WATCH_OK,
	MONITOR_WATCH_SMALL,  /* evidence of a change too small to matter */
	MONITOR_WATCH_UNSURE, /* large, but chance may give it */
	MONITOR_WATCH_WARNING,
	MONITOR_WATCH_CRITICAL,
	MONITOR_WATCH_INSUFFICIENT, /* no window has rows enough */
	MONITOR_WATCH_NO_DATA
} MonitorWatchVerdict;

typedef struct MonitorLook
{
	int64_t first; /* first bucket of the window that is reported */
	MonitorWatchEffect effect;
	double log_e; /* ln S */
	double phi;
	double n_reference;
	double n_current;
	MonitorWatchVerdict verdict;
	bool opened;
	bool closed;
} MonitorLook;

/*
 * The look at the end of bucket `last` - 1: windows that end there, evidence, effect, and
 * the episode (section 6); changes state.  phi: NULL, dependence unknown: 1 is taken
 * and no verdict is worse than warning.  scratch: MONITOR_LOOK_SCRATCH doubles.
 */
extern void monitor_watch_look(const MonitorWatchReference *reference, const MonitorWatchPlan *plan,
							   const MonitorWatchSeries *series, int64_t last, const double *phi,
							   const MonitorWatchOptions *options, double *scratch,
							   MonitorWatchState *state, MonitorLook *look);
#define MONITOR_LOOK_SCRATCH(slots, strata) \
	((2 + (int64_t) (sizeof(MonitorWatchPrior) / sizeof(double))) * (slots) + (strata) + 1)

/* ---- coarser slots ---- */

/*
 * The anchors of `fine` (with anchors) that verdicts need, as indexes: each value where
 * there are at most 20, else x_(ceil(i n / 20)), i = 1 .. 20.  chosen: room for 20; their number.
 */
extern int64_t monitor_coarse_anchors(const MonitorProfile *fine, int64_t *chosen);

/*
 * The counts of `fine` in the slots of `coarse`, whose anchors are those at `chosen`; all
 * that coarse held is lost.  Sums are not carried over.
 */
extern void monitor_coarsen(const MonitorProfile *fine, const int64_t *chosen,
							MonitorProfile *coarse);

/* ---- shares (watch_share.c) ---- */

/* Running sums by bucket, [buckets + 1], and the baseline's share. */
typedef struct MonitorShareSeries
{
	const double *counts;
	const double *rows;
	int64_t reference_count;
	int64_t reference_rows; /* at least 1 */
	const double *phi;		/* [MONITOR_WATCH_SCALES]; NULL: rows are independent */
} MonitorShareSeries;

typedef struct MonitorShareLook
{
	int64_t buckets; /* of the window that the effect is of */
	double effect;	 /* change of the share */
	double log_e;	 /* of S */
	MonitorWatchVerdict verdict;
	bool opened;
	bool closed;
} MonitorShareLook;

/* The look after `last` buckets; state: no window reaches back before state->since. */
extern void monitor_watch_share(const MonitorShareSeries *series, int64_t last,
								const MonitorWatchOptions *options, MonitorWatchState *state,
								MonitorShareLook *look);

#endif /* MONITOR_WATCH_H */
