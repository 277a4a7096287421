/*
 * test_profile_stats.c
 *		Statistics of profiles against the same statistics of the rows.
 */
#include "evidence.h"
#include "profile_samples.h"
#include "unit.h"

#define MAX_ROWS  400
#define MAX_EDGES 1000

/* A pair of samples with their profiles. */
typedef struct Pair
{
	double values[2][MAX_ROWS];
	int64_t n[2];
	double anchors[MAX_EDGES];
	int64_t k;
	MonitorSample sample[2];
	MonitorProfile *profile[2];
} Pair;

/*
 * bins = 0: anchors are all values of the reference; less than 0: all values of
 * both samples; else that many order statistics of the reference.
 */
static void
pair_begin(Pair *pair, Shape shape, double shift, int64_t bins)
{
	double both[2 * MAX_ROWS];
	MonitorSample pooled;

	for (int i = 0; i < 2; i++)
	{
		pair->n[i] = 1 + random_below(random_below(4) == 0 ? 8 : MAX_ROWS);
		random_values(pair->values[i], pair->n[i], shape, i * shift, false);
		memcpy(both + (i == 0 ? 0 : pair->n[0]), pair->values[i],
			   sizeof(double) * (size_t) pair->n[i]);
		pair->sample[i] = sample_of(pair->values[i], pair->n[i]);
	}
	pooled = sample_of(both, pair->n[0] + pair->n[1]);
	pair->k = monitor_profile_edges(bins < 0 ? &pooled : &pair->sample[0],
									bins <= 0 ? MAX_EDGES : bins, pair->anchors);
	free((void *) pooled.keys);
	for (int i = 0; i < 2; i++)
		pair->profile[i] = profile_of(pair->anchors, pair->k, pair->values[i], pair->n[i]);
}

static void
pair_end(Pair *pair)
{
	for (int i = 0; i < 2; i++)
	{
		free((void *) pair->sample[i].keys);
		free(pair->profile[i]);
	}
}

static bool
same_or_both_nan(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static bool
same_result(const MonitorTestResult *a, const MonitorTestResult *b)
{
	return same_or_both_nan(a->statistic, b->statistic) &&
		same_or_both_nan(a->statistic_low, b->statistic_low) &&
		same_or_both_nan(a->statistic_high, b->statistic_high) &&
		same_or_both_nan(a->p_value, b->p_value) &&
		same_or_both_nan(a->effect_size, b->effect_size) && strcmp(a->method, b->method) == 0;
}

static bool
within(const MonitorTestResult *bounds, double exact)
{
	return bounds->statistic == bounds->statistic_low && bounds->statistic_low <= exact &&
		exact <= bounds->statistic_high;
}

static bool
close_to(double a, double b, double tolerance)
{
	return same_or_both_nan(a, b) || fabs(a - b) <= tolerance * fabs(b);
}

/* How often each property of bounds failed, and how tight they were. */
typedef struct Tally
{
	int ks;
	int mann_whitney;
	int wasserstein;
	int energy;
	int p_values;
	int exact;
} Tally;

static void
check_bounds(const Pair *pair, bool exact_ks, bool exact_all, Tally *tally)
{
	const MonitorProfile *a = pair->profile[0];
	const MonitorProfile *b = pair->profile[1];
	double *scratch = malloc(sizeof(double) * (monitor_ks_scratch(pair->n[0], pair->n[1]) + 1));
	MonitorTestResult rows;
	MonitorTestResult bounds;

	if (monitor_ks(&pair->sample[0], &pair->sample[1], scratch, &rows) != MONITOR_OK ||
		monitor_profile_ks(a, b, scratch, &bounds) != MONITOR_OK)
		tally->ks++;
	tally->ks += !within(&bounds, rows.statistic);
	tally->exact += exact_ks && !same_result(&bounds, &rows);
	tally->p_values += bounds.p_value < rows.p_value * (1 - 1e-9);

	if (monitor_mann_whitney(&pair->sample[0], &pair->sample[1], &rows) != MONITOR_OK ||
		monitor_profile_mann_whitney(a, b, &bounds) != MONITOR_OK)
		tally->mann_whitney++;
	tally->mann_whitney += !within(&bounds, rows.statistic) ||
		fabs(bounds.effect_size) > fabs(rows.effect_size);
	tally->exact += exact_all &&
		(bounds.statistic != rows.statistic || bounds.effect_size != rows.effect_size ||
		 !close_to(bounds.p_value, rows.p_value, 1e-9));
	tally->p_values += bounds.p_value < rows.p_value * (1 - 1e-9);

	if (monitor_wasserstein(&pair->sample[0], &pair->sample[1], &rows) != MONITOR_OK ||
		monitor_profile_wasserstein(a, b, &bounds) != MONITOR_OK)
		tally->wasserstein++;
	tally->wasserstein += !within(&bounds, rows.statistic);
	tally->exact += exact_all && !same_result(&bounds, &rows);

	if (monitor_energy(&pair->sample[0], &pair->sample[1], &rows) != MONITOR_OK ||
		monitor_profile_energy(a, b, &bounds) != MONITOR_OK)
		tally->energy++;
	tally->energy += !within(&bounds, rows.statistic);
	tally->exact += exact_all && !same_result(&bounds, &rows);
	free(scratch);
}

static void
test_bounds(int rounds)
{
	Tally tally = {0};

	for (int round = 0; round < rounds; round++)
	{
		static const int64_t bins[] = {-1, 0, 3, 30};
		static Pair pair;
		int kind = round / SHAPES % 4;

		pair_begin(&pair, round % SHAPES, random_below(3) * 0.4, bins[kind]);
		check_bounds(&pair, kind < 2, kind < 1, &tally);
		pair_end(&pair);
	}
	unit_ok(tally.ks == 0, "%d pairs: low <= D <= high", rounds);
	unit_ok(tally.mann_whitney == 0, "%d pairs: low <= U <= high, effect not exaggerated", rounds);
	unit_ok(tally.wasserstein == 0, "%d pairs: low <= Wasserstein <= high", rounds);
	unit_ok(tally.energy == 0, "%d pairs: low <= energy <= high", rounds);
	unit_ok(tally.p_values == 0, "%d pairs: no p below that of the rows", rounds);
	unit_ok(tally.exact == 0, "%d pairs: exact where anchors are all values", rounds);
}

/* After subtract the range is unknown, and so is the upper bound. */
static void
test_unknown_range(void)
{
	const double anchors[] = {0, 1, 2};
	const double rows[] = {-5, 0, 1, 2, 9};
	const double inside[] = {0, 1, 2};
	MonitorProfile *a = profile_of(anchors, 3, inside, 3);
	MonitorProfile *b = profile_of(anchors, 3, rows, 5);
	MonitorTestResult result;

	unit_ok(monitor_profile_wasserstein(a, b, &result) == MONITOR_OK &&
				isfinite(result.statistic_high) && result.statistic <= 2.4 &&
				result.statistic_high >= 2.4,
			"known range: finite bounds");
	b->has_range = 0;
	b->minimum = b->maximum = 0;
	unit_ok(monitor_profile_wasserstein(a, b, &result) == MONITOR_OK &&
				result.statistic_high == INFINITY && result.statistic <= 2.4,
			"unknown range: no upper bound");
	a->has_anchors = 0;
	unit_ok(monitor_profile_energy(b, a, &result) == MONITOR_OK, "anchors on one side will do");
	b->has_anchors = 0;
	unit_ok(monitor_profile_energy(b, a, &result) == MONITOR_NO_ANCHORS, "some are needed");
	free(a);
	free(b);
}

/* The mean tells a shift within one gap. */
static void
test_mean_bound(void)
{
	const double anchors[] = {0, 100};
	const double first[] = {0, 10, 20, 100};
	const double second[] = {0, 60, 70, 100};
	MonitorProfile *a = profile_of(anchors, 2, first, 4);
	MonitorProfile *b = profile_of(anchors, 2, second, 4);
	MonitorTestResult result;

	unit_ok(monitor_profile_wasserstein(a, b, &result) == MONITOR_OK &&
				fabs(result.statistic - 25) < 1e-9 && result.statistic <= 25 &&
				result.statistic_high >= 25,
			"the difference of the means bounds the Wasserstein distance");
	free(a);
	free(b);
}

static void
test_welch(int rounds)
{
	int wrong = 0;
	static Pair pair;

	for (int round = 0; round < rounds; round++)
	{
		MonitorTestResult rows;
		MonitorTestResult result;
		MonitorStatus of_rows;
		MonitorStatus of_profiles;

		pair_begin(&pair, round % EXTREME, random_below(3) * 0.4, 30);
		of_rows = monitor_welch(&pair.sample[0], &pair.sample[1], &rows);
		of_profiles = monitor_profile_welch(pair.profile[0], pair.profile[1], &result);
		if (pair.profile[0]->outliers + pair.profile[1]->outliers > 0)
			of_rows = MONITOR_UNDEFINED;
		wrong += of_rows != of_profiles;
		if (of_rows == MONITOR_OK && of_profiles == MONITOR_OK)
			wrong += fabs(result.statistic - rows.statistic) > 1e-9 * (1 + fabs(rows.statistic)) ||
				!close_to(result.p_value, rows.p_value, 1e-7) ||
				fabs(result.effect_size - rows.effect_size) > 1e-9 * (1 + fabs(rows.effect_size));
		pair_end(&pair);
	}
	unit_ok(wrong == 0, "%d pairs: Welch as over rows", rounds);
}

/* Cells of profiles against cells of rows; equal bit by bit, or too coarse. */
static bool
same_cells(const Pair *pair, int bins, MonitorStatus *status)
{
	static MonitorCut cuts[MONITOR_MAX_CUTS(MONITOR_MAX_BINS)];
	static int64_t from_rows[2][MONITOR_MAX_CUTS(MONITOR_MAX_BINS) + 1];
	static int64_t from_profiles[2][2 * MAX_EDGES + 1];
	int ncuts = monitor_cut_sample(&pair->sample[0], bins, cuts);
	MonitorCells rows = {ncuts + 1, from_rows[0], from_rows[1], 0, 0};
	MonitorCells cells = {0, from_profiles[0], from_profiles[1], 0, 0};

	for (int i = 0; i < 2; i++)
		monitor_count_cells(&pair->sample[i], cuts, ncuts, from_rows[i]);
	monitor_cells_finish(&rows);
	*status = monitor_profile_cells(pair->profile[0], pair->profile[1], bins, &cells, NULL, NULL);
	return *status != MONITOR_OK ||
		(cells.n == rows.n && cells.total_reference == rows.total_reference &&
		 cells.total_current == rows.total_current &&
		 memcmp(from_rows[0], from_profiles[0], sizeof(int64_t) * (size_t) cells.n) == 0 &&
		 memcmp(from_rows[1], from_profiles[1], sizeof(int64_t) * (size_t) cells.n) == 0);
}

static void
test_cells(int rounds)
{
	int wrong = 0;
	int refused = 0;
	int coarse = 0;
	static Pair pair;

	for (int round = 0; round < rounds; round++)
	{
		static const int64_t edges[] = {-1, 0, 1000, 7};
		int kind = round / SHAPES % 4;
		MonitorStatus status;

		pair_begin(&pair, round % SHAPES, random_below(3) * 0.4, edges[kind]);
		wrong += !same_cells(&pair,
							 round % 5 == 0 ? 2 + (int) random_below(60) : MONITOR_DEFAULT_BINS,
							 &status);
		refused += kind < 3 && status != MONITOR_OK;
		coarse += kind == 3 && status == MONITOR_TOO_COARSE;
		pair_end(&pair);
	}
	unit_ok(wrong == 0, "%d pairs: the cells of the rows", rounds);
	unit_ok(refused == 0, "%d pairs: none too coarse with 1000 anchors", rounds * 3 / 4);
	unit_ok(coarse > rounds / 16, "%d of %d pairs: too coarse with 7 anchors", coarse, rounds / 4);
}

/* Large samples, where anchors are order statistics and not all values. */
static void
test_cells_large(int rounds)
{
	int wrong = 0;
	double *values = malloc(sizeof(double) * 20000);
	double *anchors = malloc(sizeof(double) * MAX_EDGES);

	for (int round = 0; round < rounds; round++)
	{
		static Pair pair;
		int64_t n = 1500 + random_below(18500);
		MonitorStatus status = MONITOR_OK;

		random_values(values, n, round % SHAPES, 0, false);
		pair.sample[0] = sample_of(values, n);
		pair.k = monitor_profile_edges(&pair.sample[0], MAX_EDGES, anchors);
		pair.profile[0] = profile_of(anchors, pair.k, values, n);
		random_values(values, n, round % SHAPES, 0.3, false);
		pair.sample[1] = sample_of(values, n);
		pair.profile[1] = profile_of(anchors, pair.k, values, n);
		wrong += !same_cells(&pair, 10, &status) || status != MONITOR_OK;
		pair_end(&pair);
	}
	unit_ok(wrong == 0, "%d pairs of thousands of rows: the cells of the rows", rounds);
	free(values);
	free(anchors);
}

static void
test_last_slot(void)
{
	const double anchors[] = {1, 2, 3};
	const double first[] = {1, 1, 3};
	const double second[] = {0, 2, 2.5};
	MonitorProfile *a = profile_of(anchors, 3, first, 3);
	MonitorProfile *b = profile_of(anchors, 3, second, 3);
	int64_t reference[7];
	int64_t current[7];
	int64_t last_slot[7];
	MonitorCells cells = {0, reference, current, 0, 0};

	unit_ok(monitor_profile_cells(a, b, 10, &cells, NULL, last_slot) == MONITOR_OK &&
				cells.n == 4 && last_slot[0] == 0 && last_slot[1] == 1 && last_slot[2] == 4 &&
				last_slot[3] == 5 && reference[1] == 2 && current[2] == 2 &&
				cells.total_current == 3,
			"value cells, and the slots that they end with");
	free(a);
	free(b);
}

/* Streams of evidence from the rows, by the definition. */
static double
evidence_of_rows(const Pair *pair)
{
	int64_t reference[64];
	int64_t current[64];
	double values[MAX_EDGES];
	const MonitorSample *sample = &pair->sample[0];
	int64_t n = sample->n;
	int64_t k = monitor_profile_edges(sample, MAX_EDGES, values);

	if (k > MONITOR_VALUE_CELLS)
	{
		k = 0;
		for (int64_t i = 1; i < 20; i++)
		{
			double value = monitor_double_from_key(sample->keys[(i * n + 19) / 20 - 1]);

			if (k == 0 || values[k - 1] < value)
				values[k++] = value;
		}
	}
	for (int64_t i = 0; i < k; i++)
	{
		uint64_t key = monitor_key_from_double(values[i]);

		reference[i] = monitor_count_through(sample, key);
		current[i] = monitor_count_through(&pair->sample[1], key);
	}
	return monitor_log_evidence(&(MonitorEvidenceStreams){reference, current, k, n,
														  pair->sample[1].n, true, -1, 0},
								0.01, 2);
}

static void
test_evidence(int rounds)
{
	int wrong = 0;
	static Pair pair;
	static int64_t scratch[2 * (2 * MAX_EDGES + 1)];

	for (int round = 0; round < rounds; round++)
	{
		double log_e;

		pair_begin(&pair, round % SHAPES, random_below(3) * 0.4, 0);
		wrong += monitor_profile_evidence(pair.profile[0], pair.profile[1], 0.01, 2, scratch,
										  &log_e) != MONITOR_OK ||
			!same_or_both_nan(log_e, evidence_of_rows(&pair));
		pair_end(&pair);
	}
	unit_ok(wrong == 0, "%d pairs: the evidence of the rows", rounds);
}

/* A categorical profile with these counts of its slots. */
static MonitorProfile *
categorical(const char *const *names, int64_t k, bool has_other, const int64_t *counts)
{
	uint32_t lengths[8];
	size_t total = 0;
	MonitorProfile *profile;

	for (int64_t i = 0; i < k; i++)
	{
		lengths[i] = (uint32_t) strlen(names[i]);
		total += lengths[i];
	}
	profile = malloc(monitor_profile_size_categorical(k, total));
	monitor_profile_init_categorical(profile, names, lengths, k, has_other);
	for (int64_t i = 0; i < k + 2; i++)
	{
		monitor_profile_counts(profile)[i] = counts[i];
		profile->n += counts[i];
	}
	return profile;
}

static void
test_categorical(void)
{
	const char *const names[] = {"a", "b", "c"};
	const int64_t first[] = {50, 0, 30, 0, 2};
	const int64_t second[] = {40, 5, 0, 0, 7};
	const int64_t streams[2][3] = {{50, 30, 2}, {40, 0, 12}};
	MonitorProfile *a = categorical(names, 3, false, first);
	MonitorProfile *b = categorical(names, 3, false, second);
	int64_t counts[2][5];
	int64_t last_slot[5];
	int64_t scratch[10];
	MonitorCells cells = {0, counts[0], counts[1], 0, 0};
	MonitorTestResult result;
	double log_e = NAN;

	unit_ok(monitor_profile_consistent(a) &&
				monitor_profile_cells(a, b, 10, &cells, NULL, last_slot) == MONITOR_OK &&
				cells.n == 4 && last_slot[3] == 4 && counts[1][1] == 5 &&
				cells.total_reference == 82 && cells.total_current == 52,
			"categorical cells");
	unit_ok(monitor_profile_evidence(a, b, 0.01, 1, scratch, &log_e) == MONITOR_OK &&
				log_e ==
					monitor_log_evidence(&(MonitorEvidenceStreams){streams[0], streams[1], 3, 82,
																   52, false, 2, 2},
										 0.01, 1),
			"categorical evidence");
	unit_ok(monitor_profile_ks(a, b, NULL, &result) == MONITOR_MISMATCH &&
				monitor_profile_welch(a, b, &result) == MONITOR_MISMATCH,
			"categories are no numbers");
	free(a);
	free(b);
}

static void
test_empty(void)
{
	const double anchors[] = {1, 2};
	MonitorProfile *a = profile_of(anchors, 2, anchors, 2);
	MonitorProfile *b = empty_profile(anchors, 2);
	int64_t scratch[10];
	int64_t counts[2][5];
	MonitorCells cells = {0, counts[0], counts[1], 0, 0};
	MonitorTestResult result;
	double log_e = NAN;

	unit_ok(monitor_profile_ks(a, b, NULL, &result) == MONITOR_UNDEFINED &&
				monitor_profile_mann_whitney(b, a, &result) == MONITOR_UNDEFINED &&
				monitor_profile_welch(a, b, &result) == MONITOR_UNDEFINED &&
				monitor_profile_wasserstein(a, b, &result) == MONITOR_UNDEFINED &&
				monitor_profile_energy(b, a, &result) == MONITOR_UNDEFINED &&
				monitor_profile_cells(b, a, 10, &cells, NULL, NULL) == MONITOR_UNDEFINED,
			"an empty side");
	unit_ok(monitor_profile_cells(a, b, 10, &cells, NULL, NULL) == MONITOR_OK &&
				cells.total_current == 0,
			"cells of an empty current side");
	unit_ok(monitor_profile_evidence(a, b, 0.01, 1, scratch, &log_e) == MONITOR_OK && log_e == 0,
			"no rows, no evidence");
	free(a);
	free(b);
}

static void
test_edges(void)
{
	double values[1000];
	double edges[100];
	MonitorSample sample;

	for (int i = 0; i < 1000; i++)
		values[i] = i < 500 ? 7 : i;
	sample = sample_of(values, 1000);
	unit_ok(monitor_profile_edges(&sample, 10, edges) == 6 && edges[0] == 7 && edges[1] == 599 &&
				edges[5] == 999,
			"order statistics, each once");
	sample.n = 519;
	unit_ok(monitor_profile_edges(&sample, 10, edges) == 20 && edges[19] == 518,
			"20 values are kept");
	sample.n = 520;
	unit_ok(monitor_profile_edges(&sample, 10, edges) == 2 && edges[1] == 519, "21 are not");
	unit_ok(monitor_profile_edges(&sample, 21, edges) == 21, "unless asked for");
	sample.n = 0;
	unit_ok(monitor_profile_edges(&sample, 10, edges) == 0, "no rows, no edges");
	free((void *) sample.keys);
}

static void
test_sparkline(void)
{
	const char *const names[] = {"a", "b"};
	const int64_t counts[] = {8, 4, 0, 1};
	const double anchors[] = {0, 10};
	const double rows[] = {-1e9, 0, 1, 2, 3, 4, 6, 7, 8, 9, 1e9, 1e9, 1e9};
	char line[3 * 10 + 1];
	MonitorProfile *profile = profile_of(anchors, 2, rows, 13);
	MonitorProfile *categories = categorical(names, 2, false, counts);
	MonitorProfile *empty = empty_profile(anchors, 2);

	unit_ok(monitor_profile_sparkline(profile, 4, line) == MONITOR_OK && strcmp(line, "▇▄▄█") == 0,
			"rows of a gap are spread, those beyond stand at the ends: %s", line);
	unit_ok(monitor_profile_sparkline(categories, 10, line) == MONITOR_OK &&
				strcmp(line, "█▄▁") == 0,
			"a block a category: %s", line);
	unit_ok(monitor_profile_sparkline(categories, 2, line) == MONITOR_OK && strcmp(line, "█▅") == 0,
			"what does not fit is in the last: %s", line);
	unit_ok(monitor_profile_sparkline(empty, 3, line) == MONITOR_OK && strcmp(line, "   ") == 0,
			"an empty profile is blank");
	unit_ok(monitor_profile_sparkline(empty, 0, line) == MONITOR_UNDEFINED, "no width");
	empty->has_anchors = 0;
	unit_ok(monitor_profile_sparkline(empty, 3, line) == MONITOR_NO_ANCHORS, "no anchors");
	free(profile);
	free(categories);
	free(empty);
}

int
main(void)
{
	test_bounds(8000);
	test_unknown_range();
	test_mean_bound();
	test_welch(3000);
	test_cells(8000);
	test_cells_large(60);
	test_last_slot();
	test_evidence(1200);
	test_categorical();
	test_empty();
	test_edges();
	test_sparkline();
	return unit_done();
}
