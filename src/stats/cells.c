/*
 * cells.c
 *		Cutting samples into PSI's cells (the rule stands in cells.h).
 */
#include "cells.h"

/*
 * One cut before and one after each of at most MONITOR_VALUE_CELLS distinct
 * values; 0 when there are more of them.
 */
static int
cut_around_values(const MonitorSample *reference, MonitorCut *cuts)
{
	int ncuts = 0;
	int64_t i = 0;

	while (i < reference->n)
	{
		uint64_t key = reference->keys[i];

		if (ncuts == 2 * MONITOR_VALUE_CELLS)
			return 0;
		cuts[ncuts++] = (MonitorCut){key, false};
		cuts[ncuts++] = (MonitorCut){key, true};
		i = monitor_count_through(reference, key);
	}
	return ncuts;
}

/* Append a cut that is not left of the last one; equal ones are dropped. */
static int
append_cut(MonitorCut *cuts, int ncuts, uint64_t key, bool after)
{
	if (ncuts > 0 && cuts[ncuts - 1].key == key && cuts[ncuts - 1].after == after)
		return ncuts;
	cuts[ncuts] = (MonitorCut){key, after};
	return ncuts + 1;
}

/*
 * Cuts after the quantiles.  A value with more than 1/bins of the rows covers
 * at least one of the positions ceil(i n / bins), i = 1 .. bins, so that
 * looking at those positions finds every heavy value; the last position is
 * the maximum, which is cut only where it is heavy.
 */
static int
cut_at_quantiles(const MonitorSample *reference, int bins, MonitorCut *cuts)
{
	int ncuts = 0;

	for (int i = 1; i <= bins; i++)
	{
		monitor_int128 position = ((monitor_int128) reference->n * i + bins - 1) / bins;
		uint64_t key = reference->keys[(int64_t) position - 1];
		int64_t below = monitor_count_below(reference, key);
		int64_t count = monitor_count_through(reference, key) - below;
		bool heavy = (monitor_int128) count * bins > reference->n;

		if (ncuts > 0 && cuts[ncuts - 1].key == key && cuts[ncuts - 1].after)
			continue;
		if (heavy)
			ncuts = append_cut(cuts, ncuts, key, false);
		if (heavy || i < bins)
			ncuts = append_cut(cuts, ncuts, key, true);
	}
	return ncuts;
}

int
monitor_cut_sample(const MonitorSample *reference, int bins, MonitorCut *cuts)
{
	int ncuts = cut_around_values(reference, cuts);

	return ncuts > 0 ? ncuts : cut_at_quantiles(reference, bins, cuts);
}

void
monitor_count_cells(const MonitorSample *sample, const MonitorCut *cuts, int ncuts, int64_t *counts)
{
	int64_t before = 0;

	for (int i = 0; i < ncuts; i++)
	{
		int64_t left = cuts[i].after ? monitor_count_through(sample, cuts[i].key)
									 : monitor_count_below(sample, cuts[i].key);

		counts[i] = left - before;
		before = left;
	}
	counts[ncuts] = sample->n - before;
}

void
monitor_cells_finish(MonitorCells *cells)
{
	int64_t kept = 0;

	cells->total_reference = 0;
	cells->total_current = 0;
	for (int64_t i = 0; i < cells->n; i++)
	{
		MONITOR_POLL(i);
		if (cells->reference[i] == 0 && cells->current[i] == 0)
			continue;
		cells->reference[kept] = cells->reference[i];
		cells->current[kept] = cells->current[i];
		cells->total_reference += cells->reference[i];
		cells->total_current += cells->current[i];
		kept++;
	}
	cells->n = kept;
}

/* Put a merged cell at the end, if any cell went into it. */
static void
append_cell(MonitorCells *cells, bool any, int64_t reference, int64_t current)
{
	if (!any)
		return;
	cells->reference[cells->n] = reference;
	cells->current[cells->n] = current;
	cells->n++;
}

void
monitor_merge_categories(MonitorCells *cells, int64_t first_unseen, int64_t *target)
{
	int64_t n = cells->n;
	monitor_int128 rows = (monitor_int128) cells->total_reference + cells->total_current;
	int64_t rare[2] = {0, 0};
	int64_t unseen[2] = {0, 0};
	bool any_rare = false;

	cells->n = 0;
	for (int64_t i = 0; i < n; i++)
	{
		int64_t a = cells->reference[i];
		int64_t b = cells->current[i];
		int64_t to;

		MONITOR_POLL(i);
		if (i >= first_unseen)
		{
			unseen[0] += a;
			unseen[1] += b;
			to = MONITOR_CELL_UNSEEN;
		}
		else if (((monitor_int128) a + b) * cells->total_current < 5 * rows)
		{
			any_rare = true;
			rare[0] += a;
			rare[1] += b;
			to = MONITOR_CELL_RARE;
		}
		else
		{
			to = cells->n;
			cells->reference[to] = a;
			cells->current[to] = b;
			cells->n++;
		}
		if (target != NULL)
			target[i] = to;
	}
	append_cell(cells, any_rare, rare[0], rare[1]);
	append_cell(cells, first_unseen < n, unseen[0], unseen[1]);
}
