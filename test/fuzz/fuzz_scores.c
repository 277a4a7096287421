/*
 * fuzz_scores.c
 *		Fuzzing of the metrics of scores: whatever the data, no crash, and what
 *		holds by definition holds.
 *
 * The first byte chooses how the others become scores: any doubles, or few and
 * simple ones, to get ties; each row takes 10 bytes.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "score_metrics.h"

#define MAX_ROWS 1024
#define ROW_SIZE 10

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert: it must also hold where NDEBUG is set. */
#define MUST(condition) \
	do \
	{ \
		if (!(condition)) \
		{ \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

static uint64_t keys[2][MAX_ROWS];
static uint64_t key_scratch[MAX_ROWS];
static MonitorPair weighted[2][MAX_ROWS];
static MonitorPair both[2][MAX_ROWS];
static MonitorPair scratch[MAX_ROWS];
static MonitorWeightedRow wide[2][MAX_ROWS];
static int64_t n[2];

/* One row from its bytes; NaN scores are left out. */
static void
add_row(const uint8_t *bytes, bool any)
{
	int side = bytes[8] & 1;
	double weight = 1.0 + (bytes[8] >> 1);
	double score;
	int64_t i = n[side];

	memcpy(&score, bytes, sizeof(score));
	if (!any)
		score = (bytes[0] % 16) / 16.0;
	if (isnan(score))
		return;
	/* also tiny and huge weights */
	if (bytes[9] > 250)
		weight = ldexp(weight, (bytes[9] - 253) * 400);
	keys[side][i] = monitor_key_from_double(score);
	weighted[side][i] = (MonitorPair){keys[side][i], monitor_weight_bits(weight)};
	both[side][i] = (MonitorPair){keys[side][i], monitor_key_from_double(bytes[9] % 8)};
	wide[side][i] =
		(MonitorWeightedRow){keys[side][i], weighted[side][i].payload, both[side][i].payload, 0};
	n[side]++;
}

static void
check_metrics(const MonitorScores *scores)
{
	double auc;
	double gini;
	double value;

	if (monitor_roc_auc(scores, &auc) != MONITOR_OK)
		return;
	MUST(auc >= 0 && auc <= 1);
	MUST(monitor_gini(scores, &gini) == MONITOR_OK && fabs(gini - (2 * auc - 1)) < 1e-12);
	MUST(monitor_ks_score(scores, &value) == MONITOR_OK && value >= 0 && value <= 1 + 1e-12);
	/* the curve lies within the largest distance from the diagonal */
	MUST(fabs(gini) <= 2 * value + 1e-12);
	MUST(monitor_average_precision(scores, &value) == MONITOR_OK && value >= 0 && value <= 1);
	if (!monitor_scores_are_probabilities(scores))
		return;
	MUST(monitor_log_loss(scores, &value) == MONITOR_OK && value >= 0 && value < 37);
	MUST(monitor_brier_score(scores, &value) == MONITOR_OK && value >= 0 && value <= 1 + 1e-12);
	MUST(monitor_calibration_error(scores, &value) == MONITOR_OK && value >= 0 &&
		 value <= 1 + 1e-12);
}

static void
check_inference(void)
{
	MonitorSample negatives = {keys[0], n[0]};
	MonitorSample positives = {keys[1], n[1]};
	MonitorPair *const rows[2] = {both[0], both[1]};
	MonitorScores scores = {{keys[0], keys[1]}, {n[0], n[1]}, 1};
	MonitorAucTest test;
	MonitorAucComparison comparison;
	double auc;

	if (monitor_roc_auc(&scores, &auc) != MONITOR_OK)
	{
		MUST(monitor_roc_auc_test(&negatives, &positives, &test) == MONITOR_UNDEFINED);
		MUST(monitor_roc_auc_compare(rows, n, scratch, &comparison) == MONITOR_UNDEFINED);
		return;
	}
	MUST(monitor_roc_auc_test(&negatives, &positives, &test) == MONITOR_OK && test.auc == auc);
	MUST(test.low <= auc + 1e-12 && auc <= test.high + 1e-12 && test.low >= 0 && test.high <= 1);
	MUST(test.p_value >= 0 && test.p_value <= 1);
	MUST(monitor_roc_auc_compare(rows, n, scratch, &comparison) == MONITOR_OK);
	MUST(comparison.auc_a == auc && comparison.auc_b >= 0 && comparison.auc_b <= 1);
	MUST(isnan(comparison.p_value) || (comparison.p_value >= 0 && comparison.p_value <= 1));
}

static int
compare_rows(const void *a, const void *b)
{
	return monitor_weighted_row_compare(a, b);
}

static void
sort_rows(MonitorWeightedRow *rows, int64_t count)
{
	qsort(rows, (size_t) count, sizeof(MonitorWeightedRow), compare_rows);
}

static void
check_weighted_inference(const MonitorScores *scores)
{
	MonitorWeightedRow *const rows[2] = {wide[0], wide[1]};
	MonitorAucTest test;
	MonitorAucComparison comparison;
	double auc;

	if (monitor_roc_auc(scores, &auc) != MONITOR_OK)
	{
		MUST(monitor_weighted_auc_test(scores, &test) == MONITOR_UNDEFINED);
		MUST(monitor_weighted_auc_compare(rows, n, sort_rows, &comparison) == MONITOR_UNDEFINED);
		return;
	}
	MUST(monitor_weighted_auc_test(scores, &test) == MONITOR_OK && test.auc == auc);
	MUST(isnan(test.standard_error) || test.standard_error >= 0);
	MUST(isnan(test.low) ||
		 (test.low <= auc + 1e-12 && auc <= test.high + 1e-12 && test.low >= 0 && test.high <= 1));
	MUST(isnan(test.p_value) || (test.p_value >= 0 && test.p_value <= 1));
	MUST(monitor_weighted_auc_compare(rows, n, sort_rows, &comparison) == MONITOR_OK);
	MUST(comparison.auc_a == auc && comparison.auc_b >= 0 && comparison.auc_b <= 1);
	MUST(isnan(comparison.p_value) || (comparison.p_value >= 0 && comparison.p_value <= 1));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MonitorScores plain = {.stride = 1};
	MonitorScores with_weights = {.stride = 2};

	n[0] = n[1] = 0;
	for (size_t at = 1; at + ROW_SIZE <= size && n[0] + n[1] < MAX_ROWS; at += ROW_SIZE)
		add_row(data + at, data[0] & 1);
	for (int side = 0; side < 2; side++)
	{
		monitor_sort_keys(keys[side], key_scratch, n[side]);
		monitor_sort_pairs(weighted[side], scratch, n[side], true);
		plain.keys[side] = keys[side];
		with_weights.keys[side] = (const uint64_t *) weighted[side];
		plain.n[side] = with_weights.n[side] = n[side];
	}
	check_metrics(&plain);
	check_metrics(&with_weights);
	check_inference();
	check_weighted_inference(&with_weights);
	return 0;
}
