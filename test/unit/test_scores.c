/*
 * test_scores.c
 *		Metrics of scores against brute force over all pairs, and what must hold
 *		for any data.
 */
#include "profile_samples.h"
#include "score_metrics.h"
#include "tests.h"
#include "unit.h"

/*
 * The count of pairs for classes too large for int64, made to run on small ones:
 * the source once more, under other names.
 */
#define MONITOR_AUC_NARROW_LIMIT		 0
#define monitor_score_walk_begin		 wide_score_walk_begin
#define monitor_score_walk_next			 wide_score_walk_next
#define monitor_scores_are_probabilities wide_scores_are_probabilities
#define monitor_twice_u					 wide_twice_u
#define monitor_roc_auc					 wide_roc_auc
#define monitor_gini					 wide_gini
#define monitor_ks_score				 wide_ks_score
#define monitor_average_precision		 wide_average_precision
#define monitor_log_loss				 wide_log_loss
#define monitor_brier_score				 wide_brier_score
#define monitor_calibration_error		 wide_calibration_error
#include "score_metrics.c"
#undef monitor_score_walk_begin
#undef monitor_score_walk_next
#undef monitor_scores_are_probabilities
#undef monitor_twice_u
#undef monitor_roc_auc
#undef monitor_gini
#undef monitor_ks_score
#undef monitor_average_precision
#undef monitor_log_loss
#undef monitor_brier_score
#undef monitor_calibration_error

#define MAX_ROWS 600

/* Rows as they come, and sorted as the library wants them. */
typedef struct Rows
{
	int64_t n;
	double a[MAX_ROWS];
	double b[MAX_ROWS];
	double weight[MAX_ROWS];
	bool label[MAX_ROWS];
} Rows;

typedef struct Sorted
{
	MonitorPair pairs[2][MAX_ROWS];
	MonitorPair scratch[MAX_ROWS];
	uint64_t keys[2][MAX_ROWS];
	int64_t n[2];
} Sorted;

static Rows rows;
static Sorted sorted;

static void
make_rows(Shape shape, int64_t n)
{
	rows.n = n;
	for (int64_t i = 0; i < n; i++)
	{
		rows.label[i] = i < 2 ? i == 1 : random_below(3) == 0;
		rows.a[i] = random_value(shape, rows.label[i] ? 0.7 : 0);
		rows.b[i] = random_below(2) == 0 ? rows.a[i] : random_value(shape, 0);
		rows.weight[i] = random_below(2) == 0 ? 1.0 : random_unit() + 0x1p-30;
	}
}

/* Take the rows from the last to the first when backwards. */
static void
sort_rows(bool backwards)
{
	sorted.n[0] = sorted.n[1] = 0;
	for (int64_t k = 0; k < rows.n; k++)
	{
		int64_t i = backwards ? rows.n - 1 - k : k;
		int side = rows.label[i];
		int64_t place = sorted.n[side]++;

		sorted.keys[side][place] = monitor_key_from_double(rows.a[i]);
		sorted.pairs[side][place] =
			(MonitorPair){monitor_key_from_double(rows.a[i]), monitor_weight_bits(rows.weight[i])};
	}
	for (int side = 0; side < 2; side++)
	{
		monitor_sort_keys(sorted.keys[side], (uint64_t *) sorted.scratch, sorted.n[side]);
		monitor_sort_pairs(sorted.pairs[side], sorted.scratch, sorted.n[side], true);
	}
}

static MonitorScores
plain_scores(void)
{
	return (MonitorScores){{sorted.keys[0], sorted.keys[1]}, {sorted.n[0], sorted.n[1]}, 1};
}

static MonitorScores
weighted_scores(void)
{
	return (MonitorScores){{(uint64_t *) sorted.pairs[0], (uint64_t *) sorted.pairs[1]},
						   {sorted.n[0], sorted.n[1]},
						   2};
}

/* The share of pairs, weighted when asked, that the positive wins; ties one half. */
static double
brute_auc(const double *score, bool weighted)
{
	long double won = 0;
	long double all = 0;

	for (int64_t i = 0; i < rows.n; i++)
	{
		for (int64_t j = 0; j < rows.n; j++)
		{
			long double w = weighted ? (long double) rows.weight[i] * rows.weight[j] : 1;

			if (!rows.label[i] || rows.label[j])
				continue;
			all += w;
			won += score[i] > score[j] ? w : score[i] == score[j] ? w / 2 : 0;
		}
	}
	return (double) (won / all);
}

/* The variance of the mean component of one class, by its definition. */
static double
brute_variance(const double *a, const double *b, bool of_positives)
{
	double sum = 0;
	double squares = 0;
	double n = 0;
	double component[MAX_ROWS];

	for (int64_t i = 0; i < rows.n; i++)
	{
		double others = 0;
		double c = 0;

		if (rows.label[i] != of_positives)
			continue;
		for (int64_t j = 0; j < rows.n; j++)
		{
			double sign = of_positives ? 1 : -1;

			if (rows.label[j] == of_positives)
				continue;
			others++;
			c += 0.5 * sign * ((a[i] > a[j]) - (a[i] < a[j]));
			if (b != NULL)
				c -= 0.5 * sign * ((b[i] > b[j]) - (b[i] < b[j]));
		}
		component[(int64_t) n++] = c / others;
		sum += c / others;
	}
	for (int64_t i = 0; i < (int64_t) n; i++)
		squares += (component[i] - sum / n) * (component[i] - sum / n);
	return squares / (n - 1) / n;
}

static void
check_delong(const char *name)
{
	MonitorSample negatives = {sorted.keys[0], sorted.n[0]};
	MonitorSample positives = {sorted.keys[1], sorted.n[1]};
	MonitorAucTest test;
	double variance = brute_variance(rows.a, NULL, true) + brute_variance(rows.a, NULL, false);

	unit_ok(monitor_roc_auc_test(&negatives, &positives, &test) == MONITOR_OK, "%s: tested", name);
	unit_ok(test.low <= test.auc && test.auc <= test.high && test.low >= 0 && test.high <= 1 &&
				test.p_value >= 0 && test.p_value <= 1,
			"%s: in order", name);
	if (sorted.n[0] > 1 && sorted.n[1] > 1)
		unit_ok(fabs(test.standard_error - sqrt(variance)) < 1e-12, "%s: standard error", name);
	else
		unit_ok(isnan(test.standard_error), "%s: no standard error", name);
}

static void
check_comparison(const char *name)
{
	MonitorPair *const both[2] = {sorted.pairs[0], sorted.pairs[1]};
	MonitorAucComparison got;
	int64_t n[2] = {0, 0};
	double variance = brute_variance(rows.a, rows.b, true) + brute_variance(rows.a, rows.b, false);

	for (int64_t i = 0; i < rows.n; i++)
	{
		int side = rows.label[i];

		both[side][n[side]++] =
			(MonitorPair){monitor_key_from_double(rows.a[i]), monitor_key_from_double(rows.b[i])};
	}
	unit_ok(monitor_roc_auc_compare(both, n, sorted.scratch, &got) == MONITOR_OK, "%s: compared",
			name);
	unit_ok(fabs(got.auc_a - brute_auc(rows.a, false)) < 1e-13 &&
				fabs(got.auc_b - brute_auc(rows.b, false)) < 1e-13 &&
				fabs(got.difference - (got.auc_a - got.auc_b)) < 1e-15,
			"%s: areas", name);
	if (n[0] > 1 && n[1] > 1)
		unit_ok(fabs(got.standard_error - sqrt(variance)) < 1e-12, "%s: error of the difference",
				name);
}

static void
check_metrics(const char *name, bool probabilities)
{
	const MonitorScoreMetric metrics[] = {monitor_roc_auc,			monitor_gini,
										  monitor_ks_score,			monitor_average_precision,
										  monitor_log_loss,			monitor_brier_score,
										  monitor_calibration_error};
	MonitorScores plain = plain_scores();
	MonitorScores weighted = weighted_scores();
	int count = probabilities ? 7 : 4;
	double forward[7];
	double value;

	unit_ok(monitor_roc_auc(&plain, &value) == MONITOR_OK &&
				fabs(value - brute_auc(rows.a, false)) < 1e-14,
			"%s: area", name);
	unit_ok(wide_roc_auc(&plain, &forward[0]) == MONITOR_OK && forward[0] == value,
			"%s: area counted in 128 bits", name);
	unit_ok(monitor_roc_auc(&weighted, &value) == MONITOR_OK &&
				fabs(value - brute_auc(rows.a, true)) < 1e-13,
			"%s: weighted area", name);
	unit_ok(monitor_scores_are_probabilities(&plain) == probabilities || !probabilities,
			"%s: probabilities", name);
	for (int i = 0; i < count; i++)
		metrics[i](&weighted, &forward[i]);
	sort_rows(true);
	weighted = weighted_scores();
	for (int i = 0; i < count; i++)
		unit_ok(metrics[i](&weighted, &value) == MONITOR_OK && value == forward[i] &&
					isfinite(value),
				"%s: metric %d in any order", name, i);
}

/* Weights of 1 are no weights. */
static void
check_unit_weights(const char *name)
{
	MonitorScores plain;
	MonitorScores weighted;
	double a;
	double b;

	for (int64_t i = 0; i < rows.n; i++)
		rows.weight[i] = 1;
	sort_rows(false);
	plain = plain_scores();
	weighted = weighted_scores();
	unit_ok(monitor_roc_auc(&plain, &a) == MONITOR_OK &&
				monitor_roc_auc(&weighted, &b) == MONITOR_OK && fabs(a - b) < 1e-14,
			"%s: area with weights of 1", name);
	unit_ok(monitor_average_precision(&plain, &a) == MONITOR_OK &&
				monitor_average_precision(&weighted, &b) == MONITOR_OK && a == b,
			"%s: average precision with weights of 1", name);
	unit_ok(monitor_ks_score(&plain, &a) == MONITOR_OK &&
				monitor_ks_score(&weighted, &b) == MONITOR_OK && fabs(a - b) < 1e-14,
			"%s: KS with weights of 1", name);
}

/* The last point of a walk is all rows, the number of points that of thresholds. */
static void
check_walk(const char *name, MonitorScores scores)
{
	MonitorScoreWalk walk;
	int64_t points = 0;
	double previous = INFINITY;
	bool descending = true;

	unit_ok(monitor_score_walk_begin(&walk, &scores) == MONITOR_OK, "%s: walk", name);
	while (monitor_score_walk_next(&walk))
	{
		descending &= points == 0 || walk.threshold < previous;
		previous = walk.threshold;
		points++;
	}
	unit_ok(descending && points == monitor_score_thresholds(&scores), "%s: thresholds", name);
	unit_ok(walk.through[0] == walk.total[0] && walk.through[1] == walk.total[1],
			"%s: ends with all rows", name);
}

static void
check_sort(int64_t n)
{
	static MonitorPair pairs[MAX_ROWS];
	static MonitorPair scratch[MAX_ROWS];
	bool in_order = true;

	for (int64_t i = 0; i < n; i++)
		pairs[i] =
			(MonitorPair){(uint64_t) random_below(9) << 60, (uint64_t) random_below(1 << 20)};
	monitor_sort_pairs(pairs, scratch, n, true);
	for (int64_t i = 1; i < n; i++)
		in_order &= pairs[i - 1].key < pairs[i].key ||
			(pairs[i - 1].key == pairs[i].key && pairs[i - 1].payload <= pairs[i].payload);
	unit_ok(in_order, "%d pairs sorted", (int) n);
}

int
main(void)
{
	static const int64_t sizes[] = {2, 3, 20, 47, 49, 120, MAX_ROWS};
	char name[80];

	for (int shape = 0; shape < SHAPES; shape++)
	{
		for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
		{
			snprintf(name, sizeof(name), "shape %d, %d rows", shape, (int) sizes[s]);
			make_rows((Shape) shape, sizes[s]);
			sort_rows(false);
			check_walk(name, plain_scores());
			check_walk(name, weighted_scores());
			check_metrics(name, false);
			check_delong(name);
			check_comparison(name);
			check_unit_weights(name);
		}
	}
	for (int64_t n = 2; n <= MAX_ROWS; n += 299)
	{
		snprintf(name, sizeof(name), "probabilities, %d rows", (int) n);
		make_rows(SMOOTH, n);
		for (int64_t i = 0; i < n; i++)
			rows.a[i] = random_below(5) == 0 ? (double) random_below(2) : random_unit();
		sort_rows(false);
		check_metrics(name, true);
	}
	check_sort(40);
	check_sort(MAX_ROWS);
	return unit_done();
}
