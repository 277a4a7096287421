/*
 * cells.h
 *		PSI's cells and the divergences over them.
 *
 * Cells follow one rule whether they are cut from rows or from a profile, so
 * that both forms give the same bits: at most 20 distinct reference values:
 * each value is a cell, each gap between and outside them is a cell; else cuts
 * after the order statistics x_(ceil(i n / bins)), i = 1 .. bins - 1, and on
 * both sides of every value that holds more than 1/bins of the reference.
 */
#ifndef MONITOR_CELLS_H
#define MONITOR_CELLS_H

#include "sample.h"

#define MONITOR_VALUE_CELLS	 20 /* most distinct values that become cells */
#define MONITOR_DEFAULT_BINS 10
#define MONITOR_MIN_BINS	 2
#define MONITOR_MAX_BINS	 1000

/* Most cuts that a number of bins can need. */
#define MONITOR_MAX_CUTS(bins) (3 * (bins) + 2 * MONITOR_VALUE_CELLS)

/* A boundary: values <= key (after) or < key (not after) are on its left. */
typedef struct MonitorCut
{
	uint64_t key;
	bool after;
} MonitorCut;

/*
 * Counts of two samples in the same cells.  The caller owns the arrays.
 * total_* are the sums over all cells.
 */
typedef struct MonitorCells
{
	int64_t n;
	int64_t *reference;
	int64_t *current;
	int64_t total_reference;
	int64_t total_current;
} MonitorCells;

/* Cuts for the sorted reference (n >= 1) into cuts[MONITOR_MAX_CUTS(bins)]; their number. */
extern int monitor_cut_sample(const MonitorSample *reference, int bins, MonitorCut *cuts);

/* counts[ncuts + 1] = rows of the sample between consecutive cuts. */
extern void monitor_count_cells(const MonitorSample *sample, const MonitorCut *cuts, int ncuts,
								int64_t *counts);

/* Compute totals and drop the cells that are empty on both sides. */
extern void monitor_cells_finish(MonitorCells *cells);

/*
 * Merge categorical cells as PSI wants them.  Cells from first_unseen on are of
 * categories that the sample behind the cells never had: they become the one
 * cell `unseen`, which never merges.  Of the others those with
 * (a + b) * m < 5 * (n + m) become the one cell `rare` (a of n reference rows,
 * b of m current ones).  In place: the kept cells in their order, then rare,
 * then unseen.  target[i] (unless NULL) tells where cell i went.
 */
#define MONITOR_CELL_RARE	(-1)
#define MONITOR_CELL_UNSEEN (-2)
extern void monitor_merge_categories(MonitorCells *cells, int64_t first_unseen, int64_t *target);

/* Divergences.  An empty side gives MONITOR_UNDEFINED. */
typedef enum MonitorDivergence
{
	MONITOR_PSI,	   /* sum (q - p) ln(q / p), shares (c + 1/2) / (n + B/2) */
	MONITOR_KL,		   /* sum q ln(q / p), same shares; q current, p reference */
	MONITOR_JS,		   /* square root of the base-2 Jensen-Shannon divergence */
	MONITOR_HELLINGER, /* sqrt(1 - sum sqrt(p q)) */
	MONITOR_TV,		   /* half the sum of |p - q| */
	MONITOR_L_INFINITY /* max |p - q| */
} MonitorDivergence;

extern MonitorStatus monitor_divergence(MonitorDivergence kind, const MonitorCells *cells,
										double *value);

/* One cell's term of PSI. */
extern double monitor_psi_term(const MonitorCells *cells, int64_t i);

/* PSI with its chi-square p-value, bias-free effect and B - 1 degrees. */
extern MonitorStatus monitor_psi_test(const MonitorCells *cells, MonitorTestResult *result);

#endif /* MONITOR_CELLS_H */
