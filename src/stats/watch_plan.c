/*
 * watch_plan.c
 *		What a baseline fixes for every window that is compared with it: PSI's cells, the
 *		streams of evidence, and the few slots that both need.
 */
#include "profile_internal.h"
#include "watch.h"

#define VENTILES 20

/* ceil(i n / parts) */
static int64_t
rank_of(int64_t i, int64_t n, int64_t parts)
{
	return (int64_t) (((monitor_int128) i * n + parts - 1) / parts);
}

/* Whether all rows stand at no more than 20 anchors: then each value is known. */
static bool
values_known(const MonitorProfile *profile, int64_t *distinct)
{
	const int64_t *counts = monitor_profile_counts_const(profile);
	int64_t slots = monitor_profile_slots(profile);

	*distinct = 0;
	for (int64_t slot = 0; slot < slots; slot++)
	{
		if (counts[slot] == 0)
			continue;
		if (slot % 2 == 0 || ++*distinct > MONITOR_VALUE_CELLS)
			return false;
	}
	return true;
}

int64_t
monitor_coarse_anchors(const MonitorProfile *fine, int64_t *chosen)
{
	const int64_t *counts = monitor_profile_counts_const(fine);
	int64_t distinct;
	bool by_value = values_known(fine, &distinct);
	int64_t n = 0;
	int64_t through = 0;
	int64_t next = 1; /* the next ventile that has no anchor yet */

	for (int64_t i = 0; i < fine->k; i++)
	{
		through += counts[2 * i] + counts[2 * i + 1];
		if (by_value)
		{
			if (counts[2 * i + 1] > 0)
				chosen[n++] = i;
			continue;
		}
		if (next > VENTILES || through < rank_of(next, fine->n, VENTILES))
			continue;
		chosen[n++] = i;
		while (next <= VENTILES && through >= rank_of(next, fine->n, VENTILES))
			next++;
	}
	return n;
}

/*
 * How many rows are certain to be outside what sums around the coarse anchors would
 * take: there are no sums, but profiles are checked for saying so.
 */
static int64_t
certain_outliers(const MonitorProfile *coarse)
{
	double low = coarse->minimum;
	double high = coarse->maximum;
	int64_t outliers = monitor_profile_is_outlier(coarse, 0) ? coarse->zeros : 0;

	if (!coarse->has_range)
		return outliers;
	if (low != 0 && isfinite(low) && monitor_profile_is_outlier(coarse, low))
		outliers++;
	if (high != 0 && high != low && isfinite(high) && monitor_profile_is_outlier(coarse, high))
		outliers++;
	return outliers;
}

void
monitor_coarsen(const MonitorProfile *fine, const int64_t *chosen, MonitorProfile *coarse)
{
	const int64_t *from = monitor_profile_counts_const(fine);
	int64_t *to = monitor_profile_counts(coarse);
	int64_t slots = monitor_profile_slots(fine);
	int64_t at = 0;

	memset(to, 0, sizeof(int64_t) * (size_t) monitor_profile_slots(coarse));
	for (int64_t slot = 0; slot < slots; slot++)
	{
		while (at < coarse->k && slot > 2 * chosen[at] + 1)
			at++;
		to[2 * at + (at < coarse->k && slot == 2 * chosen[at] + 1)] += from[slot];
	}
	coarse->n = fine->n;
	coarse->missing = fine->missing;
	coarse->nan = fine->nan;
	coarse->zeros = fine->zeros;
	coarse->positive_infinities = fine->positive_infinities;
	coarse->negative_infinities = fine->negative_infinities;
	coarse->has_range = fine->has_range;
	coarse->minimum = fine->minimum;
	coarse->maximum = fine->maximum;
	/* sums are in units of other anchors */
	coarse->outliers = certain_outliers(coarse);
	coarse->has_sums = 0;
	memset(coarse->sum, 0, sizeof(coarse->sum));
	memset(coarse->sum_squares, 0, sizeof(coarse->sum_squares));
}

/* ---- the plan ---- */

/* PSI's cells, as monitor_profile_cells makes them, but with none dropped. */
static MonitorStatus
plan_cells(const MonitorProfile *pooled, MonitorWatchPlan *plan)
{
	const int64_t *counts = monitor_profile_counts_const(pooled);
	int64_t n = pooled->n;
	int64_t below = 0;
	int64_t distinct;
	bool by_value = values_known(pooled, &distinct);

	plan->cells = 0;
	if (plan->categorical)
	{
		for (int64_t slot = 0; slot < plan->slots; slot++)
			plan->cell_last[plan->cells++] = slot;
		return MONITOR_OK;
	}
	for (int64_t slot = 0; slot < plan->slots; slot++)
	{
		int64_t through = below + counts[slot];
		bool apart = by_value
			? counts[slot] > 0
			: slot % 2 == 1 && (monitor_int128) counts[slot] * MONITOR_DEFAULT_BINS > n;
		bool cut = apart;

		for (int64_t i = 1; !by_value && !cut && i < MONITOR_DEFAULT_BINS; i++)
		{
			int64_t rank = rank_of(i, n, MONITOR_DEFAULT_BINS);

			cut = below < rank && rank <= through;
		}
		if (cut && slot % 2 == 0)
			return MONITOR_TOO_COARSE;
		if (apart && (plan->cells == 0 || plan->cell_last[plan->cells - 1] < slot - 1))
			plan->cell_last[plan->cells++] = slot - 1;
		if (cut || slot == plan->slots - 1)
			plan->cell_last[plan->cells++] = slot;
		below = through;
	}
	return MONITOR_OK;
}

/* Rows at or below each known value, or else at or below each ventile. */
static void
plan_ordered_streams(const MonitorProfile *pooled, MonitorWatchPlan *plan)
{
	const int64_t *counts = monitor_profile_counts_const(pooled);
	int64_t distinct;
	bool by_value = values_known(pooled, &distinct);
	int64_t through = 0;
	int64_t next = 1;

	for (int64_t slot = 0; slot < plan->slots; slot++)
	{
		through += counts[slot];
		if (slot % 2 == 0)
			continue;
		if (by_value ? counts[slot] == 0
					 : next >= VENTILES || through < rank_of(next, pooled->n, VENTILES))
			continue;
		plan->stream_slot[plan->streams++] = slot;
		while (next < VENTILES && through >= rank_of(next, pooled->n, VENTILES))
			next++;
	}
}

/* Each category that the baseline has, and all others as one. */
static void
plan_category_streams(const MonitorProfile *pooled, MonitorWatchPlan *plan)
{
	const int64_t *counts = monitor_profile_counts_const(pooled);
	int64_t unseen = plan->slots - 1;

	for (int64_t slot = 0; slot < unseen; slot++)
	{
		if (counts[slot] == 0)
			continue;
		plan->stream_slot[plan->streams++] = slot;
		plan->singles += counts[slot] == 1;
	}
	/* a baseline other than the one behind the list may have unlisted rows: each may be single */
	plan->singles += (double) counts[unseen];
	plan->stream_slot[plan->streams++] = unseen;
	plan->unseen = true;
}

MonitorStatus
monitor_watch_plan(const MonitorProfile *pooled, int64_t *memory, MonitorWatchPlan *plan)
{
	MonitorStatus status;

	memset(plan, 0, sizeof(*plan));
	if (pooled->n == 0)
		return MONITOR_UNDEFINED;
	plan->slots = monitor_profile_slots(pooled);
	plan->categorical = pooled->categorical;
	plan->cell_last = memory;
	plan->stream_slot = memory + plan->slots + 1;
	status = plan_cells(pooled, plan);
	if (status != MONITOR_OK)
		return status;
	if (plan->categorical)
		plan_category_streams(pooled, plan);
	else
		plan_ordered_streams(pooled, plan);
	return MONITOR_OK;
}
