/*
 * profile_statistics.c
 *		The statistics between two profiles.  They give monitor.test_result, to
 *		carry the bounds; a statistic is one line at the end of this file.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "aggregates/cell_statistics.h"
#include "funcapi.h"
#include "profile_glue.h"
#include "stats/evidence.h"

PG_FUNCTION_INFO_V1(monitor_profile_drift_bins);
PG_FUNCTION_INFO_V1(monitor_profile_drift_evidence);

typedef MonitorStatus (*ProfileTest)(const MonitorProfile *reference, const MonitorProfile *current,
									 MonitorTestResult *result);

static void
check_same_slots(const MonitorProfile *reference, const MonitorProfile *current)
{
	if (reference->id[0] != current->id[0] || reference->id[1] != current->id[1] ||
		reference->k != current->k || reference->categorical != current->categorical)
		monitor_report_status(MONITOR_MISMATCH);
}

static void
check_kind(const MonitorProfile *profile, bool categorical)
{
	if ((bool) profile->categorical == categorical)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 categorical ? errmsg("this statistic compares categorical profiles, got numeric ones")
						 : errmsg("this statistic compares numeric profiles, got categorical ones"),
			 errhint("psi_test, chi2_drift and the distances over cells take both kinds.")));
}

/* ---- statistics of numbers ---- */

static MonitorStatus
ks(const MonitorProfile *reference, const MonitorProfile *current, MonitorTestResult *result)
{
	size_t n = monitor_ks_scratch(reference->n, current->n);
	double *scratch = palloc(Max(n, 1) * sizeof(double));
	MonitorStatus status = monitor_profile_ks(reference, current, scratch, result);

	pfree(scratch);
	return status;
}

static Datum
numeric_statistic(FunctionCallInfo fcinfo, ProfileTest test)
{
	const MonitorProfile *reference = PG_GETARG_PROFILE(0);
	const MonitorProfile *current = PG_GETARG_PROFILE(1);
	MonitorTestResult result;

	check_same_slots(reference, current);
	check_kind(reference, false);
	if (reference->n == 0 || current->n == 0)
		PG_RETURN_NULL();
	return monitor_return_result(fcinfo, test(reference, current, &result), &result);
}

/* ---- statistics over cells ---- */

/* The cells of two profiles, and the slots that each is made of. */
typedef struct ProfileCells
{
	MonitorCells cells;
	int64_t *first_slot;
	int64_t *last_slot;
	int64_t
		first_unseen; /* the cell `unseen` of categorical profiles, if there is one, else cells.n */
} ProfileCells;

static ProfileCells
cells_of(const MonitorProfile *reference, const MonitorProfile *current, int bins)
{
	int64_t slots = monitor_profile_slots(reference);
	ProfileCells made;
	MonitorStatus status;

	made.cells = monitor_cells_create(slots);
	made.first_slot = palloc(slots * sizeof(int64_t));
	made.last_slot = palloc(slots * sizeof(int64_t));
	status = monitor_profile_cells(reference, current, bins, &made.cells, made.first_slot,
								   made.last_slot);
	if (status != MONITOR_OK)
		monitor_report_status(status);
	made.first_unseen = made.cells.n;
	if (reference->categorical && made.cells.n > 0 && made.last_slot[made.cells.n - 1] == slots - 1)
		made.first_unseen--;
	return made;
}

/*
 * The slots `other` and `unseen` may each hide several categories.  At most, the rows
 * of both sides in such a slot share none of them: the largest divergence that the rows
 * can have is that of the cells with these slots torn apart.
 */
static double
divergence_at_most(const CellStatistic *statistic, const MonitorCells *cells, int64_t listed)
{
	MonitorCells torn = monitor_cells_create(2 * cells->n - listed);
	MonitorTestResult result;

	memcpy(torn.reference, cells->reference, cells->n * sizeof(int64_t));
	memcpy(torn.current, cells->current, cells->n * sizeof(int64_t));
	for (int64_t i = listed; i < cells->n; i++)
	{
		int64_t apart = cells->n + i - listed;

		torn.reference[apart] = 0;
		torn.current[apart] = torn.current[i];
		torn.current[i] = 0;
	}
	monitor_cells_finish(&torn);
	if (statistic->test(&torn, &result) != MONITOR_OK)
		return NAN;
	return result.statistic;
}

/* The largest difference of shares among the listed categories alone, which stand first. */
static double
l_infinity_at_least(const MonitorCells *cells, int64_t listed)
{
	MonitorCells some = *cells;
	double low = 0;

	some.n = listed;
	if (monitor_divergence(MONITOR_L_INFINITY, &some, &low) != MONITOR_OK)
		return NAN;
	return low;
}

/* Number of the cells, which stand first, that are listed categories. */
static int64_t
listed_cells(const MonitorProfile *profile, const ProfileCells *made)
{
	int64_t listed = made->cells.n;

	while (listed > 0 && made->last_slot[listed - 1] >= profile->k)
		listed--;
	return listed;
}

/*
 * Bounds and remarks for a statistic over every category, where some are counted
 * together.  Counting together makes none of these statistics larger.
 */
static void
bound_categories(const CellStatistic *statistic, const MonitorCells *cells, int64_t listed,
				 MonitorTestResult *result)
{
	size_t used = strlen(result->method);

	if (statistic == &monitor_l_infinity_distance_statistic)
	{
		result->statistic_low = l_infinity_at_least(cells, listed);
		result->statistic = result->statistic_low;
	}
	result->statistic_high = divergence_at_most(statistic, cells, listed);
	snprintf(result->method + used, MONITOR_METHOD_LEN - used, ", unlisted categories as one");
}

/* Fisher's test would take several unlisted categories for one. */
static void
refuse_unlisted(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("fisher_exact compares two categories, and unlisted ones may be several"),
			 errhint("Build the profiles with a list of both categories.")));
}

/* (reference profile, current profile [, bins integer]) */
static Datum
cell_statistic(FunctionCallInfo fcinfo, const CellStatistic *statistic, bool categorical_only)
{
	const MonitorProfile *reference = PG_GETARG_PROFILE(0);
	const MonitorProfile *current = PG_GETARG_PROFILE(1);
	int bins = PG_NARGS() > 2 ? monitor_check_bins(PG_GETARG_INT32(2)) : MONITOR_DEFAULT_BINS;
	MonitorTestResult result;
	MonitorStatus status;
	ProfileCells made;
	int64_t listed;

	check_same_slots(reference, current);
	if (categorical_only)
		check_kind(reference, true);
	if (reference->n == 0 || current->n == 0)
		PG_RETURN_NULL();
	made = cells_of(reference, current, bins);
	listed = reference->categorical ? listed_cells(reference, &made) : made.cells.n;
	if (categorical_only && listed < made.cells.n)
		refuse_unlisted();
	if (statistic->rule == CELLS_AS_PSI && reference->categorical)
		monitor_merge_categories(&made.cells, made.first_unseen, NULL);
	status = statistic->test(&made.cells, &result);
	if (status == MONITOR_OK && statistic->rule == CELLS_EVERY_CATEGORY && listed < made.cells.n)
		bound_categories(statistic, &made.cells, listed, &result);
	return monitor_return_result(fcinfo, status, &result);
}

/* ---- bins ---- */

/*
 * Bounds of numeric cells: the anchors around their slots.  A cell that is the slot
 * of one anchor has it as both.
 */
static void
numeric_bounds(const MonitorProfile *anchored, const ProfileCells *made, double *lower,
			   double *upper)
{
	const double *anchors = monitor_profile_anchors(anchored);

	for (int64_t i = 0; i < made->cells.n; i++)
	{
		int64_t first = made->first_slot[i];
		int64_t last = made->last_slot[i];

		lower[i] = first == 0 ? -INFINITY : anchors[(first - 1) / 2];
		upper[i] = last == 2 * anchored->k ? INFINITY : anchors[last / 2];
	}
}

/* Names of the cells after merging; NULL-terminated strings. */
static char **
category_names(const MonitorProfile *anchored, const int64_t *last_slot, const int64_t *target,
			   int64_t n, const MonitorCells *merged)
{
	char **names = palloc(Max(merged->n, 1) * sizeof(char *));
	int64_t kept = 0;
	bool unseen = n > 0 && target[n - 1] == MONITOR_CELL_UNSEEN;

	for (int64_t i = 0; i < n; i++)
	{
		uint32_t length;
		const char *name;

		if (target[i] < 0)
			continue;
		if (last_slot[i] >= anchored->k)
		{
			names[kept++] = "(other)";
			continue;
		}
		name = monitor_profile_category(anchored, last_slot[i], &length);
		names[kept++] = pnstrdup(name, length);
	}
	if (merged->n > kept + unseen)
		names[kept] = "(rare)";
	if (unseen)
		names[merged->n - 1] = "(unseen)";
	return names;
}

/* drift_bins(reference profile, current profile [, bins integer]) */
Datum
monitor_profile_drift_bins(PG_FUNCTION_ARGS)
{
	const MonitorProfile *reference = PG_GETARG_PROFILE(0);
	const MonitorProfile *current = PG_GETARG_PROFILE(1);
	const MonitorProfile *anchored = reference->has_anchors ? reference : current;
	int bins = PG_NARGS() > 2 ? monitor_check_bins(PG_GETARG_INT32(2)) : MONITOR_DEFAULT_BINS;
	ProfileCells made;
	int64_t *target;
	int64_t n;

	check_same_slots(reference, current);
	if (!anchored->has_anchors)
		monitor_report_status(MONITOR_NO_ANCHORS);
	if (reference->n == 0 || current->n == 0)
		PG_RETURN_NULL();
	made = cells_of(reference, current, bins);
	n = made.cells.n;
	if (!reference->categorical)
	{
		double *lower = palloc(n * sizeof(double));
		double *upper = palloc(n * sizeof(double));

		numeric_bounds(anchored, &made, lower, upper);
		return monitor_return_drift_bins(fcinfo, &made.cells, lower, upper, NULL);
	}
	target = palloc(n * sizeof(int64_t));
	monitor_merge_categories(&made.cells, made.first_unseen, target);
	return monitor_return_drift_bins(fcinfo, &made.cells, NULL, NULL,
									 category_names(anchored, made.last_slot, target, n,
													&made.cells));
}

/* ---- evidence ---- */

/*
 * drift_evidence(reference, current, reference_level float8, phi float8)
 */
Datum
monitor_profile_drift_evidence(PG_FUNCTION_ARGS)
{
	const MonitorProfile *reference = PG_GETARG_PROFILE(0);
	const MonitorProfile *current = PG_GETARG_PROFILE(1);
	double level = PG_GETARG_FLOAT8(2);
	double phi = PG_GETARG_FLOAT8(3);
	double log_e;
	int64_t *scratch;
	MonitorStatus status;
	Datum values[2];
	bool nulls[2] = {false};

	check_same_slots(reference, current);
	if (!(level > 0 && level < 1))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("reference_level must be between 0 and 1, got %g", level)));
	if (!(phi >= 1) || isinf(phi))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("phi must be a number of at least 1, got %g", phi),
				 errhint("phi is how much more than independent rows the baseline's windows vary; 1 if they do not.")));
	if (reference->n == 0 || current->n == 0)
		PG_RETURN_NULL();
	scratch = palloc(2 * monitor_profile_slots(reference) * sizeof(int64_t));
	status = monitor_profile_evidence(reference, current, level, phi, scratch, &log_e);
	if (status == MONITOR_UNDEFINED)
		PG_RETURN_NULL();
	if (status != MONITOR_OK)
		monitor_report_status(status);
	values[0] = Float8GetDatum(log_e);
	values[1] = Float8GetDatum(monitor_evidence_p(log_e, level));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(monitor_result_tupdesc(fcinfo), values,
													  nulls)));
}

#define NUMERIC_STATISTIC(name, test) \
	MONITOR_ENTRY(monitor_##name##_profiles, numeric_statistic(fcinfo, test))

#define CELL_STATISTIC(name) \
	MONITOR_ENTRY(monitor_##name##_profiles, \
				  cell_statistic(fcinfo, &monitor_##name##_statistic, false))

NUMERIC_STATISTIC(ks_stat, ks);
NUMERIC_STATISTIC(mann_whitney, monitor_profile_mann_whitney);
NUMERIC_STATISTIC(welch_t, monitor_profile_welch);
NUMERIC_STATISTIC(wasserstein_distance, monitor_profile_wasserstein);
NUMERIC_STATISTIC(energy_distance, monitor_profile_energy);
CELL_STATISTIC(psi);
CELL_STATISTIC(psi_test);
CELL_STATISTIC(kl_divergence);
CELL_STATISTIC(js_distance);
CELL_STATISTIC(hellinger_distance);
CELL_STATISTIC(tv_distance);
CELL_STATISTIC(l_infinity_distance);
CELL_STATISTIC(chi2_drift);
CELL_STATISTIC(g_test);
MONITOR_ENTRY(monitor_fisher_exact_profiles,
			  cell_statistic(fcinfo, &monitor_fisher_exact_statistic, true));
