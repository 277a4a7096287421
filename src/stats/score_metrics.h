/*
 * score_metrics.h
 *		Metrics of a binary classifier's scores: from sorted scores of the
 *		negatives and of the positives, with or without weights.
 *
 * Every function: a class without rows (or whose weights do not sum to a finite
 * number) gives MONITOR_UNDEFINED.  A row is predicted positive at a threshold
 * that its score reaches.  Sums run over sorted values, so that the order in
 * which rows came changes no bit.
 */
#ifndef MONITOR_SCORE_METRICS_H
#define MONITOR_SCORE_METRICS_H

#include "numeric.h"
#include "sample.h"

#define MONITOR_NEGATIVE 0
#define MONITOR_POSITIVE 1

/* Bins of calibration_error and calibration_curve, of equal width over [0, 1]. */
#define MONITOR_CALIBRATION_BINS 10

/* Quantile of the normal distribution for two-sided intervals at 95 %. */
#define MONITOR_Z_95 1.95996398454005423552

/* A key and what belongs to it: the bits of a weight, or another key. */
typedef struct MonitorPair
{
	uint64_t key;
	uint64_t payload;
} MonitorPair;

/* Weights are positive: their bits are in numeric order. */
static inline uint64_t
monitor_weight_bits(double weight)
{
	uint64_t bits;

	memcpy(&bits, &weight, sizeof(bits));
	return bits;
}

static inline double
monitor_weight_from_bits(uint64_t bits)
{
	double weight;

	memcpy(&weight, &bits, sizeof(weight));
	return weight;
}

/* Sort by key, pairs of one key by payload when asked; scratch holds n pairs. */
extern void monitor_sort_pairs(MonitorPair *pairs, MonitorPair *scratch, int64_t n,
							   bool by_payload);

/*
 * Scores of both classes, ascending.  The key of row i is keys[i * stride];
 * stride 1: all weights are 1; otherwise the bits of a finite weight > 0 follow
 * each key, ascending where keys are equal.
 */
typedef struct MonitorScores
{
	const uint64_t *keys[2];
	int64_t n[2];
	int stride;
} MonitorScores;

/*
 * The thresholds of scores in descending order, with the weight of each class
 * above (score > threshold) and through it (score >= threshold).
 */
typedef struct MonitorScoreWalk
{
	const MonitorScores *scores;
	int64_t left[2]; /* rows not yet reached */
	MonitorSum sum[2];
	double total[2];
	double above[2];
	double through[2];
	double threshold;
} MonitorScoreWalk;

/* MONITOR_UNDEFINED where a class is empty. */
extern MonitorStatus monitor_score_walk_begin(MonitorScoreWalk *walk, const MonitorScores *scores);
extern bool monitor_score_walk_next(MonitorScoreWalk *walk);

/* Are all scores between 0 and 1? */
extern bool monitor_scores_are_probabilities(const MonitorScores *scores);

/* ---- metrics (score_metrics.c) ---- */

typedef MonitorStatus (*MonitorScoreMetric)(const MonitorScores *scores, double *value);

extern MonitorStatus monitor_roc_auc(const MonitorScores *scores, double *value);
extern MonitorStatus monitor_gini(const MonitorScores *scores, double *value);
extern MonitorStatus monitor_ks_score(const MonitorScores *scores, double *value);
extern MonitorStatus monitor_average_precision(const MonitorScores *scores, double *value);

/* The scores of these three must be probabilities. */
extern MonitorStatus monitor_log_loss(const MonitorScores *scores, double *value);
extern MonitorStatus monitor_brier_score(const MonitorScores *scores, double *value);
extern MonitorStatus monitor_calibration_error(const MonitorScores *scores, double *value);

/* Twice the Mann-Whitney U of the positives: 2 #(negative < positive) + #(negative = positive). */
extern monitor_int128 monitor_twice_u(const MonitorSample *negatives,
									  const MonitorSample *positives);

/* ---- curves (curves.c) ---- */

#define MONITOR_CURVE_FIELDS 4

/* The fields of the point at the walk's threshold, first the threshold. */
typedef void (*MonitorCurvePoint)(const MonitorScoreWalk *walk, double *fields);

extern void monitor_roc_point(const MonitorScoreWalk *walk, double *fields);
extern void monitor_precision_recall_point(const MonitorScoreWalk *walk, double *fields);
extern void monitor_gains_point(const MonitorScoreWalk *walk, double *fields);

/* Number of distinct scores. */
extern int64_t monitor_score_thresholds(const MonitorScores *scores);

/* One bin of a calibration curve: lower < score <= upper, the first from 0 on. */
typedef struct MonitorCalibrationBin
{
	double lower;
	double upper;
	double weight;
	double score;	 /* weighted sum of scores */
	double positive; /* weight of positives */
	int64_t n;
} MonitorCalibrationBin;

extern MonitorStatus monitor_calibration_bins(const MonitorScores *scores,
											  MonitorCalibrationBin bins[MONITOR_CALIBRATION_BINS]);

/* ---- inference about AUC (delong.c) ---- */

/* NaN standard_error, bounds and p_value stand for "not defined". */
typedef struct MonitorAucTest
{
	double auc;
	double standard_error;
	double low;
	double high;
	double p_value;
	int64_t n[2];
	char method[MONITOR_METHOD_LEN];
} MonitorAucTest;

extern MonitorStatus monitor_roc_auc_test(const MonitorSample *negatives,
										  const MonitorSample *positives, MonitorAucTest *result);

/* The 95 % interval of a standard error on the logit scale; 0 < auc < 1. */
extern void monitor_auc_logit_interval(MonitorAucTest *result);

/* NaN standard_error, bounds and p_value stand for "not defined". */
typedef struct MonitorAucComparison
{
	double auc_a;
	double auc_b;
	double difference;
	double standard_error;
	double low;
	double high;
	double p_value;
	int64_t n[2];
	char method[MONITOR_METHOD_LEN];
} MonitorAucComparison;

/*
 * Each pair holds the keys of both scores of a row.  rows are overwritten;
 * scratch holds as many pairs as the larger class.
 */
extern MonitorStatus monitor_roc_auc_compare(MonitorPair *const rows[2], const int64_t n[2],
											 MonitorPair *scratch, MonitorAucComparison *result);

/* ---- the same of weighted rows (delong_weighted.c) ---- */

/*
 * Area under the weighted ROC curve (that of monitor_roc_auc), with the standard error of
 * the jackknife that leaves out one row at a time, each class apart (Yao, Li & Graubard
 * 2015, Statistics in Medicine 34:1293); equal weights give DeLong's.  Interval and p
 * as monitor_roc_auc_test; they are NaN where the variance is 0 or not defined.
 * MONITOR_UNDEFINED without rows in a class, or where weights have no finite sum.
 */
extern MonitorStatus monitor_weighted_auc_test(const MonitorScores *scores, MonitorAucTest *result);

/* A weighted row of two scores, laid out as MonitorScores of stride 4. */
typedef struct MonitorWeightedRow
{
	uint64_t key;
	uint64_t weight; /* bits of a finite number > 0 */
	uint64_t other;	 /* key of the other score */
	double component;
} MonitorWeightedRow;

/* Sort rows by key, then by weight, then by the other key, ascending. */
typedef void (*MonitorRowSort)(MonitorWeightedRow *rows, int64_t n);

/* The order of MonitorRowSort. */
static inline int
monitor_weighted_row_compare(const MonitorWeightedRow *a, const MonitorWeightedRow *b)
{
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (a->weight != b->weight)
		return a->weight < b->weight ? -1 : 1;
	return a->other < b->other ? -1 : a->other > b->other;
}

/*
 * Two areas over the same weighted rows: difference (key less other) with the same
 * jackknife's standard error, interval and p as monitor_roc_auc_compare.  rows are
 * sorted, their components written; the scores are those they were.
 */
extern MonitorStatus monitor_weighted_auc_compare(MonitorWeightedRow *const rows[2],
												  const int64_t n[2], MonitorRowSort sort,
												  MonitorAucComparison *result);

#endif /* MONITOR_SCORE_METRICS_H */
