/*
 * estimate.h
 *		Performance before labels arrive: from the labelled rows of a calibration
 *		sample and the scores of current rows, whose labels are not used.
 *
 * All of it assumes that P(label | score) is as it was (covariate shift): what
 * has changed in that relation itself no label-free estimate can see.
 */
#ifndef MONITOR_ESTIMATE_H
#define MONITOR_ESTIMATE_H

#include "score.h"

#define MONITOR_ESTIMATE_MIN_LABELS	   500
#define MONITOR_ESTIMATE_MIN_CLASS	   50
/* below so many effective rows the current scores are too far from the labelled ones */
#define MONITOR_ESTIMATE_MIN_EFFECTIVE 100

typedef enum MonitorMetric
{
	MONITOR_METRIC_AUC,
	MONITOR_METRIC_ACCURACY,
	MONITOR_METRIC_PRECISION,
	MONITOR_METRIC_RECALL,
	MONITOR_METRIC_SPECIFICITY,
	MONITOR_METRIC_F1,
	MONITOR_METRIC_LOG_LOSS,
	MONITOR_METRICS
} MonitorMetric;

/*
 * An estimate of what the current rows' labels would give, with its error and
 * 95 % interval; NaN: not defined.
 */
typedef struct MonitorEstimate
{
	double estimate;
	double standard_error;
	double low;
	double high;
} MonitorEstimate;

typedef struct MonitorEstimates
{
	MonitorEstimate cbpe[MONITOR_METRICS];
	MonitorEstimate atc;  /* accuracy */
	MonitorEstimate bbse; /* accuracy */
	int64_t labels;		  /* of the calibration sample */
	int64_t positives;
	int64_t rows;		   /* current */
	double effective_rows; /* calibration rows that the current ones draw on */
	bool atc_disagrees;	   /* differs from cbpe by more than chance */
	bool bbse_disagrees;
} MonitorEstimates;

/* Doubles of scratch space that the estimates need for so many slots. */
extern size_t monitor_estimate_scratch(int64_t slots);

/*
 * Estimates at the threshold that is the anchor of `threshold_slot`; both have
 * the same id (MONITOR_MISMATCH) and `calibration` has anchors (MONITOR_NO_ANCHORS).
 * MONITOR_UNDEFINED: no current rows, or too few labels (MONITOR_ESTIMATE_MIN_...);
 * labels, positives, rows and effective_rows are set all the same.
 */
extern MonitorStatus monitor_estimate(const MonitorCompound *calibration,
									  const MonitorCompound *current, int64_t threshold_slot,
									  double *scratch, MonitorEstimates *estimates);

/* ---- regression (estimate_loss.c) ---- */

typedef enum MonitorLoss
{
	MONITOR_LOSS_ABSOLUTE,
	MONITOR_LOSS_SQUARED,
	MONITOR_LOSS_ROOT_SQUARED,
	MONITOR_LOSSES
} MonitorLoss;

/*
 * Mean losses by strata of the prediction (consecutive slots with enough labelled rows)
 * of the calibration compound of errors, weighted by the current rows.  Statuses as above,
 * and MONITOR_UNDEFINED where the sums of errors are not known.
 */
extern MonitorStatus monitor_estimate_loss(const MonitorCompound *calibration,
										   const MonitorCompound *current,
										   MonitorEstimate estimate[MONITOR_LOSSES],
										   int64_t *labels, int64_t *rows, double *effective_rows);

#endif /* MONITOR_ESTIMATE_H */
