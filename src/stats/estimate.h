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

#define MONITOR_ESTIMATE_MIN_LABELS 500
#define MONITOR_ESTIMATE_MIN_CLASS	50

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
	double effective_rows; /* calibration rows that the current rows draw on */
	bool disagree;		   /* atc or bbse differ from cbpe by more than chance */
} MonitorEstimates;

/* Doubles of scratch space that monitor_estimate needs for so many slots. */
extern size_t monitor_estimate_scratch(int64_t slots);

/*
 * Estimates at the threshold that is the anchor of `threshold_slot`; both have
 * the same id (MONITOR_MISMATCH) and `calibration` has anchors (MONITOR_NO_ANCHORS).
 * MONITOR_UNDEFINED: no current rows, too few labels (see above), of which labels,
 * positives and rows are set.
 */
extern MonitorStatus monitor_estimate(const MonitorCompound *calibration,
									  const MonitorCompound *current, int64_t threshold_slot,
									  double *scratch, MonitorEstimates *estimates);

#endif /* MONITOR_ESTIMATE_H */
