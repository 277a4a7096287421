/*
 * cell_statistics.c
 *		The statistics that are defined over cells, over rows and over arrays, of
 *		numbers and of categories.  A statistic is one line at the end of this file.
 */
#include "postgres.h"

#include "cell_statistics.h"

#include "utils/array.h"
#include "utils/memutils.h"

/* ---- cells ---- */

MonitorCells
monitor_cells_create(int64_t n)
{
	MonitorCells cells = {0};
	Size size = Max(n, 1) * sizeof(int64_t);

	cells.n = n;
	cells.reference = MemoryContextAllocHuge(CurrentMemoryContext, size);
	cells.current = MemoryContextAllocHuge(CurrentMemoryContext, size);
	return cells;
}

MonitorCells
monitor_cells_from_samples(SampleState *state, MonitorCut **cuts, int *ncuts)
{
	int bins = state->bins == 0 ? MONITOR_DEFAULT_BINS : state->bins;
	MonitorSample reference = monitor_sample_sorted(state, SAMPLE_REFERENCE);
	MonitorSample current = monitor_sample_sorted(state, SAMPLE_CURRENT);
	MonitorCells cells;

	*cuts = palloc(sizeof(MonitorCut) * MONITOR_MAX_CUTS(bins));
	*ncuts = monitor_cut_sample(&reference, bins, *cuts);
	cells = monitor_cells_create(*ncuts + 1);
	monitor_count_cells(&reference, *cuts, *ncuts, cells.reference);
	monitor_count_cells(&current, *cuts, *ncuts, cells.current);
	return cells;
}

MonitorCells
monitor_cells_from_categories(CategoryEntry **entries, int64_t n, int64_t *first_unseen)
{
	MonitorCells cells = monitor_cells_create(n);

	*first_unseen = n;
	for (int64_t i = n - 1; i >= 0; i--)
	{
		cells.reference[i] = entries[i]->count[0];
		cells.current[i] = entries[i]->count[1];
		if (entries[i]->count[0] == 0)
			*first_unseen = i;
	}
	monitor_cells_finish(&cells);
	return cells;
}

/* ---- statistics over cells ---- */

/* A divergence as a test result, whose p-value is not defined. */
static MonitorStatus
divergence(MonitorDivergence kind, const MonitorCells *cells, MonitorTestResult *result)
{
	double value;
	MonitorStatus status = monitor_divergence(kind, cells, &value);

	if (status != MONITOR_OK)
		return status;
	monitor_result_init(result, cells->total_reference, cells->total_current, "exact");
	monitor_result_exact(result, value);
	return MONITOR_OK;
}

static MonitorStatus
psi_of_cells(const MonitorCells *cells, MonitorTestResult *result)
{
	return divergence(MONITOR_PSI, cells, result);
}

static MonitorStatus
kl_of_cells(const MonitorCells *cells, MonitorTestResult *result)
{
	return divergence(MONITOR_KL, cells, result);
}

static MonitorStatus
js_of_cells(const MonitorCells *cells, MonitorTestResult *result)
{
	return divergence(MONITOR_JS, cells, result);
}

static MonitorStatus
hellinger_of_cells(const MonitorCells *cells, MonitorTestResult *result)
{
	return divergence(MONITOR_HELLINGER, cells, result);
}

static MonitorStatus
tv_of_cells(const MonitorCells *cells, MonitorTestResult *result)
{
	return divergence(MONITOR_TV, cells, result);
}

static MonitorStatus
l_infinity_of_cells(const MonitorCells *cells, MonitorTestResult *result)
{
	return divergence(MONITOR_L_INFINITY, cells, result);
}

static MonitorStatus
chi2_of_cells(const MonitorCells *cells, MonitorTestResult *result)
{
	return monitor_chi2(cells->reference, cells->current, cells->n, result);
}

static MonitorStatus
g_of_cells(const MonitorCells *cells, MonitorTestResult *result)
{
	return monitor_g_test(cells->reference, cells->current, cells->n, result);
}

/* Fisher's test is defined for two categories; it takes them in byte order. */
static MonitorStatus
fisher_of_cells(const MonitorCells *cells, MonitorTestResult *result)
{
	if (cells->n > 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fisher_exact compares two categories, got " INT64_FORMAT, cells->n),
				 errhint("Use chi2_drift or g_test for more than two categories.")));
	return monitor_fisher(cells->reference, cells->current, cells->n, result);
}

/* ---- what is returned ---- */

static Datum
return_statistic(FunctionCallInfo fcinfo, const CellStatistic *statistic, const MonitorCells *cells)
{
	MonitorTestResult result;
	MonitorStatus status;

	if (cells->total_reference == 0 || cells->total_current == 0)
		PG_RETURN_NULL();
	status = statistic->test(cells, &result);
	if (statistic->gives_result)
		return monitor_return_result(fcinfo, status, &result);
	return monitor_return_float8(fcinfo, status, status == MONITOR_OK ? result.statistic : 0);
}

static bool
samples_empty(const SampleState *state)
{
	return state->side[SAMPLE_REFERENCE].n == 0 || state->side[SAMPLE_CURRENT].n == 0;
}

static Datum
return_from_samples(FunctionCallInfo fcinfo, const CellStatistic *statistic, SampleState *state)
{
	MonitorCells cells;
	MonitorCut *cuts;
	int ncuts;

	if (samples_empty(state))
		PG_RETURN_NULL();
	cells = monitor_cells_from_samples(state, &cuts, &ncuts);
	monitor_cells_finish(&cells);
	return return_statistic(fcinfo, statistic, &cells);
}

/* Two categories of which the second comes first in byte order change places. */
static void
order_two_categories(CategoryEntry **entries, int64_t n, MonitorCells *cells)
{
	if (n != 2)
		return;
	if (monitor_category_compare(&entries[0]->key, &entries[1]->key) > 0)
	{
		int64_t reference = cells->reference[0];
		int64_t current = cells->current[0];

		cells->reference[0] = cells->reference[1];
		cells->current[0] = cells->current[1];
		cells->reference[1] = reference;
		cells->current[1] = current;
	}
}

static Datum
return_from_categories(FunctionCallInfo fcinfo, const CellStatistic *statistic,
					   CategoryState *state)
{
	int64_t n = monitor_category_number(state);
	CategoryEntry **entries = monitor_category_sorted(state);
	int64_t first_unseen;
	MonitorCells cells = monitor_cells_from_categories(entries, n, &first_unseen);

	if (statistic->rule == CELLS_AS_PSI)
		monitor_merge_categories(&cells, first_unseen, NULL);
	else
		order_two_categories(entries, n, &cells);
	return return_statistic(fcinfo, statistic, &cells);
}

/* ---- entry points over rows and over arrays ---- */

static Datum
samples_over_rows(FunctionCallInfo fcinfo, const CellStatistic *statistic)
{
	monitor_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return return_from_samples(fcinfo, statistic, (SampleState *) PG_GETARG_POINTER(0));
}

static Datum
categories_over_rows(FunctionCallInfo fcinfo, const CellStatistic *statistic)
{
	monitor_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return return_from_categories(fcinfo, statistic, (CategoryState *) PG_GETARG_POINTER(0));
}

SampleState *
monitor_samples_from_arguments(FunctionCallInfo fcinfo)
{
	SampleState *state =
		monitor_sample_from_arrays(PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_ARRAYTYPE_P(1));

	state->bins = PG_NARGS() > 2 ? monitor_check_bins(PG_GETARG_INT32(2)) : MONITOR_DEFAULT_BINS;
	return state;
}

CategoryState *
monitor_categories_from_arguments(FunctionCallInfo fcinfo)
{
	CategoryState *state = monitor_category_state_create(CurrentMemoryContext);

	monitor_category_add_array(state, PG_GETARG_ARRAYTYPE_P(0), false);
	monitor_category_add_array(state, PG_GETARG_ARRAYTYPE_P(1), true);
	return state;
}

#define CATEGORY_STATISTIC(name, ...) \
	const CellStatistic monitor_##name##_statistic = {__VA_ARGS__}; \
	MONITOR_ENTRY(monitor_##name##_categories_rows, \
				  categories_over_rows(fcinfo, &monitor_##name##_statistic)); \
	MONITOR_ENTRY(monitor_##name##_categories_arrays, \
				  return_from_categories(fcinfo, &monitor_##name##_statistic, \
										 monitor_categories_from_arguments(fcinfo)))

#define CELL_STATISTIC(name, ...) \
	CATEGORY_STATISTIC(name, __VA_ARGS__); \
	MONITOR_ENTRY(monitor_##name##_rows, samples_over_rows(fcinfo, &monitor_##name##_statistic)); \
	MONITOR_ENTRY(monitor_##name##_arrays, \
				  return_from_samples(fcinfo, &monitor_##name##_statistic, \
									  monitor_samples_from_arguments(fcinfo)))

CELL_STATISTIC(psi, psi_of_cells, CELLS_AS_PSI, false);
CELL_STATISTIC(psi_test, monitor_psi_test, CELLS_AS_PSI, true);
CELL_STATISTIC(kl_divergence, kl_of_cells, CELLS_AS_PSI, false);
CELL_STATISTIC(js_distance, js_of_cells, CELLS_EVERY_CATEGORY, false);
CELL_STATISTIC(hellinger_distance, hellinger_of_cells, CELLS_EVERY_CATEGORY, false);
CELL_STATISTIC(tv_distance, tv_of_cells, CELLS_EVERY_CATEGORY, false);
CELL_STATISTIC(l_infinity_distance, l_infinity_of_cells, CELLS_EVERY_CATEGORY, false);
CATEGORY_STATISTIC(chi2_drift, chi2_of_cells, CELLS_EVERY_CATEGORY, true);
CATEGORY_STATISTIC(g_test, g_of_cells, CELLS_EVERY_CATEGORY, true);
CATEGORY_STATISTIC(fisher_exact, fisher_of_cells, CELLS_EVERY_CATEGORY, true);
