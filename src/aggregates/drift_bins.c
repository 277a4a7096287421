/*
 * drift_bins.c
 *		The cells behind PSI as rows, so that anyone can recompute it by hand.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "cell_statistics.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(monitor_drift_bins_rows);
PG_FUNCTION_INFO_V1(monitor_drift_bins_arrays);
PG_FUNCTION_INFO_V1(monitor_drift_bins_categories_rows);
PG_FUNCTION_INFO_V1(monitor_drift_bins_categories_arrays);

/* One monitor.drift_bin. */
static Datum
form_bin(TupleDesc tupdesc, const MonitorCells *cells, int64_t i, int number, const double *lower,
		 const double *upper, char *const *names, int64_t label)
{
	Datum values[9] = {0};
	bool nulls[9] = {false};

	values[0] = Int32GetDatum(number);
	if (names == NULL)
	{
		values[1] = Float8GetDatum(lower[label]);
		values[2] = Float8GetDatum(upper[label]);
		nulls[3] = true;
	}
	else
	{
		nulls[1] = nulls[2] = true;
		values[3] = PointerGetDatum(cstring_to_text(names[label]));
	}
	values[4] = Int64GetDatum(cells->reference[i]);
	values[5] = Int64GetDatum(cells->current[i]);
	values[6] = Float8GetDatum((double) cells->reference[i] / cells->total_reference);
	values[7] = Float8GetDatum((double) cells->current[i] / cells->total_current);
	values[8] = Float8GetDatum(monitor_psi_term(cells, i));
	return HeapTupleGetDatum(heap_form_tuple(tupdesc, values, nulls));
}

Datum
monitor_return_drift_bins(FunctionCallInfo fcinfo, MonitorCells *cells, const double *lower,
						  const double *upper, char *const *names)
{
	TupleDesc tupdesc = monitor_result_tupdesc(fcinfo);
	int64_t *label =
		MemoryContextAllocHuge(CurrentMemoryContext, Max(cells->n, 1) * sizeof(int64_t));
	Datum *bins;
	int64_t kept = 0;

	for (int64_t i = 0; i < cells->n; i++)
	{
		if (cells->reference[i] != 0 || cells->current[i] != 0)
			label[kept++] = i;
	}
	monitor_cells_finish(cells);
	if (cells->total_reference == 0 || cells->total_current == 0)
		PG_RETURN_NULL();
	bins = palloc(kept * sizeof(Datum));
	for (int64_t i = 0; i < kept; i++)
		bins[i] = form_bin(tupdesc, cells, i, (int) i + 1, lower, upper, names, label[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(bins, (int) kept, tupdesc->tdtypeid, -1, false,
										  TYPALIGN_DOUBLE));
}

static Datum
bins_of_samples(FunctionCallInfo fcinfo, SampleState *state)
{
	MonitorCells cells;
	MonitorCut *cuts;
	int ncuts;
	double *bounds;

	if (state->side[SAMPLE_REFERENCE].n == 0 || state->side[SAMPLE_CURRENT].n == 0)
		PG_RETURN_NULL();
	cells = monitor_cells_from_samples(state, &cuts, &ncuts);
	bounds = palloc((ncuts + 2) * sizeof(double));
	bounds[0] = -INFINITY;
	for (int i = 0; i < ncuts; i++)
		bounds[i + 1] = monitor_double_from_key(cuts[i].key);
	bounds[ncuts + 1] = INFINITY;
	return monitor_return_drift_bins(fcinfo, &cells, bounds, bounds + 1, NULL);
}

/* Names of the cells that PSI makes of sorted categories. */
static char **
merged_names(CategoryEntry **entries, int64_t n, const int64_t *target, const MonitorCells *cells)
{
	char **names = palloc(Max(cells->n, 1) * sizeof(char *));
	int64_t kept = 0;

	for (int64_t i = 0; i < n; i++)
	{
		if (target[i] >= 0)
			names[kept++] = pnstrdup(entries[i]->key.value, entries[i]->key.length);
	}
	/* up to two merged cells follow, rare before unseen */
	if (cells->n > kept)
		names[cells->n - 1] = target[n - 1] == MONITOR_CELL_UNSEEN ? "(unseen)" : "(rare)";
	if (cells->n > kept + 1)
		names[kept] = "(rare)";
	return names;
}

static Datum
bins_of_categories(FunctionCallInfo fcinfo, CategoryState *state)
{
	int64_t n = monitor_category_number(state);
	CategoryEntry **entries = monitor_category_sorted(state);
	int64_t *target = MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(int64_t));
	int64_t first_unseen;
	MonitorCells cells = monitor_cells_from_categories(entries, n, &first_unseen);

	if (cells.total_reference == 0 || cells.total_current == 0)
		PG_RETURN_NULL();
	monitor_merge_categories(&cells, first_unseen, target);
	return monitor_return_drift_bins(fcinfo, &cells, NULL, NULL,
									 merged_names(entries, n, target, &cells));
}

/* Final functions over rows. */
Datum
monitor_drift_bins_rows(PG_FUNCTION_ARGS)
{
	monitor_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return bins_of_samples(fcinfo, (SampleState *) PG_GETARG_POINTER(0));
}

Datum
monitor_drift_bins_categories_rows(PG_FUNCTION_ARGS)
{
	monitor_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return bins_of_categories(fcinfo, (CategoryState *) PG_GETARG_POINTER(0));
}

/* (reference, current arrays [, bins integer]), STRICT */
Datum
monitor_drift_bins_arrays(PG_FUNCTION_ARGS)
{
	return bins_of_samples(fcinfo, monitor_samples_from_arguments(fcinfo));
}

Datum
monitor_drift_bins_categories_arrays(PG_FUNCTION_ARGS)
{
	return bins_of_categories(fcinfo, monitor_categories_from_arguments(fcinfo));
}
