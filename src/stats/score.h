/*
 * score.h
 *		What a compound of scores (compound.h) says: exact losses, AUC and KS with
 *		certified bounds, confusion counts, calibration and gains.
 *
 * Only rows with a label count, unless a function says otherwise.  A row is
 * predicted positive when score >= threshold.
 */
#ifndef MONITOR_SCORE_H
#define MONITOR_SCORE_H

#include "compound.h"

#define MONITOR_CALIBRATION_BINS 10
#define MONITOR_Z95				 1.959963984540054

/*
 * A metric of the rows: value lies between low and high, certified; equal where
 * exact.  NaN: not defined.
 */
typedef struct MonitorScoreMetric
{
	double value;
	double low;
	double high;
	double standard_error;
	double confidence_low; /* 95 % */
	double confidence_high;
	int64_t n_positive;
	int64_t n_negative;
} MonitorScoreMetric;

/* Counts at a threshold. */
typedef struct MonitorScoreConfusion
{
	int64_t true_positive;
	int64_t false_positive;
	int64_t false_negative;
	int64_t true_negative;
	int64_t unlabelled_positive; /* predicted positive, without label */
	int64_t unlabelled_negative;
} MonitorScoreConfusion;

/* Rows with lower < score <= upper (the first bin: and score = 0). */
typedef struct MonitorCalibrationBin
{
	double lower;
	double upper;
	int64_t n_positive;
	int64_t n_negative;
	double sum_low; /* bounds of the sum of scores, and the sum if they are spread evenly */
	double sum_high;
	double sum;
	double variance; /* of the number of positives, if the scores were probabilities */
} MonitorCalibrationBin;

/* ---- counting (score.c) ---- */

/* Count a row (a NaN score is missing); compound has anchors in every part. */
extern void monitor_score_add(MonitorCompound *compound, double score, MonitorScoreClass class);

/* ---- one compound (score.c) ---- */

/*
 * Means over the labelled rows, of (score - label)^2 and of -ln of the
 * probability given to the truth, clipped at 2^-52 (scikit-learn's).
 * MONITOR_UNDEFINED: one class only, or scores that are no probabilities.
 */
extern MonitorStatus monitor_score_brier(const MonitorCompound *compound, double *value);
extern MonitorStatus monitor_score_log_loss(const MonitorCompound *compound, double *value);

/*
 * Area under the ROC curve, ties counting half; rows in one gap as if tied.
 * Error of DeLong, DeLong & Clarke-Pearson (1988) from the slots, interval on the
 * logit scale.  MONITOR_UNDEFINED: one class only.
 */
extern MonitorStatus monitor_score_auc(const MonitorCompound *compound, MonitorScoreMetric *metric);

/* Largest difference of the distributions of the scores of the classes; no error. */
extern MonitorStatus monitor_score_ks(const MonitorCompound *compound, MonitorScoreMetric *metric);

/*
 * Slot of the anchor that equals the threshold: it is the first predicted
 * positive.  MONITOR_TOO_COARSE: no anchor does; MONITOR_NO_ANCHORS.
 */
extern MonitorStatus monitor_score_threshold(const MonitorCompound *compound, double threshold,
											 int64_t *slot);
extern void monitor_score_confusion(const MonitorCompound *compound, int64_t slot,
									MonitorScoreConfusion *confusion);

/* ---- curves (score_curves.c) ---- */

/*
 * Bounds of the probabilities in a slot: [0, 1] cut by the anchors around it and by the
 * range of all scores, where it is known.
 */
extern void monitor_score_slot_bounds(const MonitorCompound *compound, const double *anchors,
									  int64_t slot, double *low, double *high);

/*
 * The labelled rows in bins of equal width.  MONITOR_NO_ANCHORS; MONITOR_TOO_COARSE:
 * a bound is no anchor; MONITOR_UNDEFINED: one class only, or scores that are no
 * probabilities.
 */
extern MonitorStatus monitor_score_calibration(const MonitorCompound *compound, int bins,
											   MonitorCalibrationBin *bin);

/*
 * Expected calibration error over such bins: low and high certified, value from scores
 * spread evenly in their gaps.  floor: what a calibrated model of as many rows
 * would show, sqrt(2/pi) sum_b sd_b / n; chi_square = sum of ((positives - scores) /
 * sd)^2 over the df bins with sd > 0.
 */
extern MonitorStatus monitor_score_calibration_error(const MonitorCalibrationBin *bin, int bins,
													 MonitorScoreMetric *metric, double *floor,
													 double *chi_square, int *df);

#endif /* MONITOR_SCORE_H */
