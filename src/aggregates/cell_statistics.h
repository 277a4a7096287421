/*
 * cell_statistics.h
 *		Cells made from each kind of input, and what is returned from them.
 */
#ifndef MONITOR_CELL_STATISTICS_H
#define MONITOR_CELL_STATISTICS_H

#include "category_state.h"
#include "monitor.h"
#include "sample_state.h"
#include "stats/cells.h"
#include "stats/tests.h"

/* Which cells a statistic is defined over, where the input is categorical. */
typedef enum CellRule
{
	CELLS_EVERY_CATEGORY,
	CELLS_AS_PSI /* rare and unseen categories merged */
} CellRule;

typedef MonitorStatus (*CellTest)(const MonitorCells *cells, MonitorTestResult *result);

/* A statistic over cells.  A divergence fills statistic and bounds only. */
typedef struct CellStatistic
{
	CellTest test;
	CellRule rule;
	bool gives_result; /* over rows: monitor.test_result, else float8 */
} CellStatistic;

extern const CellStatistic monitor_psi_statistic;
extern const CellStatistic monitor_psi_test_statistic;
extern const CellStatistic monitor_kl_divergence_statistic;
extern const CellStatistic monitor_js_distance_statistic;
extern const CellStatistic monitor_hellinger_distance_statistic;
extern const CellStatistic monitor_tv_distance_statistic;
extern const CellStatistic monitor_l_infinity_distance_statistic;
extern const CellStatistic monitor_chi2_drift_statistic;
extern const CellStatistic monitor_g_test_statistic;
extern const CellStatistic monitor_fisher_exact_statistic;

/* Cells with room for n entries in the current memory context. */
extern MonitorCells monitor_cells_create(int64_t n);

/*
 * Cells of two samples, neither empty; cells that are empty on both sides are
 * still there.  Cell i lies between cuts[i - 1] and cuts[i].
 */
extern MonitorCells monitor_cells_from_samples(SampleState *state, MonitorCut **cuts, int *ncuts);

/*
 * A cell for each of the sorted categories, totals filled; from first_unseen on
 * the reference has none.
 */
extern MonitorCells monitor_cells_from_categories(CategoryEntry **entries, int64_t n,
												  int64_t *first_unseen);

/* The arguments (reference, current [, bins]) of the array forms as states. */
extern SampleState *monitor_samples_from_arguments(FunctionCallInfo fcinfo);
extern CategoryState *monitor_categories_from_arguments(FunctionCallInfo fcinfo);

/*
 * An array of monitor.drift_bin.  Numeric: lower and upper for each cell, names
 * NULL; categorical: names for each cell, lower and upper NULL.  Cells that are empty
 * on both sides are left out.
 */
extern Datum monitor_return_drift_bins(FunctionCallInfo fcinfo, MonitorCells *cells,
									   const double *lower, const double *upper,
									   char *const *names);

#endif /* MONITOR_CELL_STATISTICS_H */
