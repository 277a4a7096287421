/*
 * comparisons.c
 *		What is said of a bucket's features beside the verdict of drift: other distances,
 *		and the quality of the data.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "profile_arrays.h"
#include "profile/compound_glue.h"
#include "stats/association.h"
#include "stats/evidence.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(monitor_compare_profiles);
PG_FUNCTION_INFO_V1(monitor_associations);

/* One pair of profiles while its rows are written. */
typedef struct Pair
{
	ReturnSetInfo *rsinfo;
	int position;
	const MonitorProfile *reference;
	const MonitorProfile *current;
	double phi;
	double level;
} Pair;

static void
put(const Pair *pair, const char *metric, const MonitorTestResult *result, double log_e)
{
	Datum values[11];
	bool nulls[11] = {false};
	double numbers[] = {result->statistic,	 result->statistic_low, result->statistic_high,
						result->effect_size, result->p_value,		log_e};

	values[0] = Int32GetDatum(pair->position);
	values[1] = CStringGetTextDatum(metric);
	for (int i = 0; i < 6; i++)
	{
		values[2 + i] = Float8GetDatum(numbers[i]);
		nulls[2 + i] = isnan(numbers[i]);
	}
	values[8] = Int64GetDatum(result->n_reference);
	values[9] = Int64GetDatum(result->n_current);
	nulls[10] = result->method[0] == '\0';
	values[10] = CStringGetTextDatum(result->method);
	tuplestore_putvalues(pair->rsinfo->setResult, pair->rsinfo->setDesc, values, nulls);
}

/* ---- distances ---- */

static void
put_distance(const Pair *pair, const char *metric, MonitorDivergence kind,
			 const MonitorCells *cells)
{
	MonitorTestResult result = {.effect_size = NAN, .p_value = NAN, .df = NAN};

	if (monitor_divergence(kind, cells, &result.statistic) != MONITOR_OK)
		return;
	result.statistic_low = result.statistic_high = result.statistic;
	result.effect_size = result.statistic;
	result.n_reference = cells->total_reference;
	result.n_current = cells->total_current;
	put(pair, metric, &result, NAN);
}

static void
put_distances(const Pair *pair)
{
	int64_t slots = monitor_profile_slots(pair->reference);
	MonitorCells cells = {.reference = palloc(slots * sizeof(int64_t)),
						  .current = palloc(slots * sizeof(int64_t))};
	MonitorTestResult result;

	if (pair->reference->n == 0 || pair->current->n == 0)
		return;
	if (!pair->reference->categorical)
	{
		if (monitor_profile_ks_bounds(pair->reference, pair->current, &result) == MONITOR_OK)
			put(pair, "drift.ks", &result, NAN);
		if (monitor_profile_wasserstein(pair->reference, pair->current, &result) == MONITOR_OK)
		{
			result.p_value = NAN;
			put(pair, "drift.wasserstein", &result, NAN);
		}
	}
	if (monitor_profile_cells(pair->reference, pair->current, MONITOR_DEFAULT_BINS, &cells, NULL,
							  NULL) == MONITOR_OK)
		put_distance(pair, "drift.js", MONITOR_JS, &cells);
}

/* ---- quality ---- */

/*
 * A share of rows against the baseline's: its change, and ln of the e-value of one
 * binomial stream (verdicts section 5), whose ball has the level of one stream.
 */
static void
put_share(const Pair *pair, const char *metric, int64_t a, int64_t n, int64_t b, int64_t m)
{
	static const double kappas[] = {20, 200, 2000};
	MonitorTestResult result = {.df = NAN};
	double p;
	double f;
	double radius;
	double sum = 0;

	/* where there is nothing and was nothing, nothing is said */
	if (n == 0 || m == 0 || (a == 0 && b == 0))
		return;
	p = (double) a / n;
	f = fmin(fmax(p, 0.5 / n), 1 - 0.5 / n);
	radius = sqrt(log(2 / pair->level) / (2 * n / pair->phi));
	for (int i = 0; i < 3; i++)
		sum += exp(fmin(700,
						monitor_log_e_binomial(b / pair->phi, m / pair->phi, f, f - radius,
											   f + radius, kappas[i])));
	result.statistic = result.statistic_low = result.statistic_high = (double) b / m;
	result.effect_size = result.statistic - p;
	result.p_value = fmin(1, pair->level + 3 / sum);
	result.n_reference = n;
	result.n_current = m;
	put(pair, metric, &result, log(sum / 3));
}

static int64_t
all_rows(const MonitorProfile *profile)
{
	return profile->n + profile->missing + profile->nan;
}

/* Rows beyond the baseline's smallest and largest value: the outermost anchors and gaps. */
static int64_t
out_of_range(const MonitorProfile *profile)
{
	const int64_t *counts = monitor_profile_counts_const(profile);

	return profile->k == 0 ? 0 : counts[0] + counts[2 * profile->k];
}

static void
put_count(const Pair *pair, const char *metric, int64_t count)
{
	MonitorTestResult result = {.effect_size = NAN, .p_value = NAN, .df = NAN};

	result.statistic = result.statistic_low = result.statistic_high = (double) count;
	result.n_reference = all_rows(pair->reference);
	result.n_current = all_rows(pair->current);
	put(pair, metric, &result, NAN);
}

/* Categories that the baseline has in numbers and this bucket lacks. */
static int64_t
vanished(const Pair *pair)
{
	const int64_t *before = monitor_profile_counts_const(pair->reference);
	const int64_t *now = monitor_profile_counts_const(pair->current);
	int64_t found = 0;

	for (int64_t i = 0; i < pair->reference->k; i++)
	{
		/* expected 20 rows or more: chance leaves none out with e^-20 */
		double expected = (double) before[i] / pair->reference->n * pair->current->n;

		found += now[i] == 0 && expected >= 20 * pair->phi;
	}
	return found;
}

static bool
is_constant(const MonitorProfile *profile)
{
	int64_t slots = monitor_profile_slots(profile);
	int64_t used = 0;

	if (!profile->categorical)
		return profile->has_range && profile->minimum == profile->maximum;
	for (int64_t i = 0; i < slots; i++)
		used += monitor_profile_counts_const(profile)[i] > 0;
	return used == 1 && monitor_profile_counts_const(profile)[slots - 1] == 0;
}

/*
 * Rows of the baseline's most frequent value alone may well be all that a bucket has: the
 * chance that n rows share one value is at most share^n; e^-20 is taken for none.
 */
static bool
chance_makes_constant(const Pair *pair)
{
	const int64_t *counts = monitor_profile_counts_const(pair->reference);
	int64_t slots = monitor_profile_slots(pair->reference);
	int64_t most = 0;

	for (int64_t i = 0; i < slots; i++)
		most = Max(most, counts[i]);
	return pair->reference->n == 0 ||
		pair->current->n / pair->phi * log((double) most / pair->reference->n) > -20;
}

/* fine: around all anchors, of which the outermost are the smallest and the largest value */
static void
put_quality(const Pair *pair, bool fine)
{
	const MonitorProfile *a = pair->reference;
	const MonitorProfile *b = pair->current;

	put_share(pair, "quality.missing_ratio", a->missing + a->nan, all_rows(a), b->missing + b->nan,
			  all_rows(b));
	if (a->nan > 0 || b->nan > 0)
		put_share(pair, "quality.nan_ratio", a->nan, all_rows(a), b->nan, all_rows(b));
	if (a->categorical)
	{
		put_share(pair, "quality.unseen_ratio", monitor_profile_counts_const(a)[a->k + 1], a->n,
				  monitor_profile_counts_const(b)[b->k + 1], b->n);
		if (b->n > 0 && a->n > 0 && vanished(pair) > 0)
			put_count(pair, "quality.vanished_categories", vanished(pair));
	}
	else
	{
		put_share(pair, "quality.zero_ratio", a->zeros, a->n, b->zeros, b->n);
		if (fine)
			put_share(pair, "quality.out_of_range_ratio", out_of_range(a), a->n, out_of_range(b),
					  b->n);
	}
	if (is_constant(b) && !chance_makes_constant(pair))
		put_count(pair, "quality.constant", 1);
}

/*
 * _compare_profiles(reference profile[], current profile[], phi float8[], level float8, distances boolean)
 * -> setof (position, metric, value, low, high, effect_size, p_value, log_e_value,
 * n_reference, n_current, method)
 */
Datum
monitor_compare_profiles(PG_FUNCTION_ARGS)
{
	ProfileCache *reference = monitor_profile_cache(fcinfo, 0, 0);
	ProfileArray current = monitor_profile_array(PG_GETARG_DATUM(1));
	Datum *phi;
	bool *unknown;
	int nphi;
	MemoryContext each =
		AllocSetContextCreate(CurrentMemoryContext, "monitor pair", ALLOCSET_DEFAULT_SIZES);

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(2), FLOAT8OID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
					  &phi, &unknown, &nphi);
	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < reference->array.n; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(each);
		Pair pair = {(ReturnSetInfo *) fcinfo->resultinfo,
					 i + 1,
					 monitor_cached_element(reference, i),
					 monitor_profile_element(&current, i),
					 i < nphi && !unknown[i] ? DatumGetFloat8(phi[i]) : 1,
					 PG_GETARG_FLOAT8(3)};

		CHECK_FOR_INTERRUPTS();
		if (pair.reference && pair.current)
		{
			if (PG_GETARG_BOOL(4))
				put_distances(&pair);
			put_quality(&pair, PG_GETARG_BOOL(4));
		}
		MemoryContextSwitchTo(old);
		MemoryContextReset(each);
	}
	return (Datum) 0;
}

/* ---- associations ---- */

/* _associations(profiles score_profile[]) -> setof (position, mutual_information, information_value, num_rows, chance) */
Datum
monitor_associations(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	ProfileArray profiles = monitor_profile_array(PG_GETARG_DATUM(0));

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < profiles.n; i++)
	{
		const MonitorCompound *compound;
		const MonitorProfile *positive;
		const MonitorProfile *negative;
		MonitorAssociation association;
		Datum values[5];
		bool nulls[5] = {false};

		if (profiles.nulls[i])
			continue;
		compound = monitor_compound_get(profiles.values[i], MONITOR_SCORES);
		positive = monitor_compound_part_const(compound, MONITOR_POSITIVE);
		negative = monitor_compound_part_const(compound, MONITOR_NEGATIVE);
		if (monitor_association(monitor_profile_counts_const(positive),
								monitor_profile_counts_const(negative),
								monitor_profile_slots(positive), &association) != MONITOR_OK)
			continue;
		values[0] = Int32GetDatum(i + 1);
		values[1] = Float8GetDatum(association.mutual_information);
		values[2] = Float8GetDatum(association.information_value);
		values[3] = Int64GetDatum(association.n);
		values[4] = Float8GetDatum(association.chance);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* _normal_sf(z) -> P(Z > z) */
PG_FUNCTION_INFO_V1(monitor_normal_sf);

Datum
monitor_normal_sf(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(0.5 * erfc(PG_GETARG_FLOAT8(0) / sqrt(2)));
}
