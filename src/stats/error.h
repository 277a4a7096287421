/*
 * error.h
 *		Counting classes and errors in compounds (compound.h), and the metrics
 *		that follow from them.
 */
#ifndef MONITOR_ERROR_H
#define MONITOR_ERROR_H

#include "class_metrics.h"
#include "compound.h"

/* ---- confusion (confusion.c) ---- */

/* Count a row; truth NULL: unlabelled. */
extern void monitor_confusion_add(MonitorCompound *compound, const char *prediction,
								  uint32_t prediction_length, const char *truth,
								  uint32_t truth_length);

/* Labelled rows with this prediction and truth; class k stands for all others. */
extern int64_t monitor_confusion_count(const MonitorCompound *compound, int64_t prediction,
									   int64_t truth);

/* Of a class: rows predicted so, rows that are so, rows that are both; and all labelled rows. */
typedef struct MonitorClassCounts
{
	int64_t predicted;
	int64_t actual;
	int64_t right;
} MonitorClassCounts;

/* Of classes 0 .. k, the last one standing for all others, none of them right. */
extern int64_t monitor_confusion_counts(const MonitorCompound *compound,
										MonitorClassCounts *classes);

/*
 * scikit-learn's metrics; a class without rows and predictions is left out, an
 * undefined precision or recall of one counts 0.  classes: k + 1 of scratch.
 * MONITOR_UNDEFINED: no labelled rows, a denominator of 0, or, of balanced accuracy,
 * one true class.  average is not MONITOR_BINARY.
 */
extern MonitorStatus monitor_confusion_accuracy(const MonitorCompound *compound,
												MonitorClassCounts *classes, double *value);
extern MonitorStatus monitor_confusion_balanced_accuracy(const MonitorCompound *compound,
														 MonitorClassCounts *classes,
														 double *value);
extern MonitorStatus monitor_confusion_scores(const MonitorCompound *compound,
											  MonitorAverage average, MonitorClassCounts *classes,
											  double *precision, double *recall, double *f1);
/* Matthews' R_K (Gorodkin 2004) and Cohen's kappa (1960). */
extern MonitorStatus monitor_confusion_matthews(const MonitorCompound *compound,
												MonitorClassCounts *classes, double *value);
extern MonitorStatus monitor_confusion_kappa(const MonitorCompound *compound,
											 MonitorClassCounts *classes, double *value);

/* ---- errors (error.c) ---- */

/* Count a row; truth NaN: unlabelled, prediction NaN: missing. */
extern void monitor_error_add(MonitorCompound *compound, double prediction, double truth);

/*
 * Of the labelled rows; MONITOR_UNDEFINED: none, or errors that were outside what
 * the sums take (infinite ones, or 2^8 times the range of the edges).
 */
extern MonitorStatus monitor_error_mean_absolute(const MonitorCompound *compound, double *value);
extern MonitorStatus monitor_error_mean_squared(const MonitorCompound *compound, double *value);
/* 1 - sum of squared errors over that of the truths around their mean; undefined where that is 0. */
extern MonitorStatus monitor_error_r2(const MonitorCompound *compound, double *value);

/* The unit of the errors, 2^unit, and of their squares' squares, 2^(4 unit + 104). */
static inline int
monitor_error_unit(const MonitorCompound *compound)
{
	return monitor_compound_part_const(compound, MONITOR_PREDICTIONS)->unit;
}

/* A sum over a slot, in units. */
static inline monitor_int128
monitor_error_sum(const MonitorCompound *compound, int64_t slot, int which)
{
	return monitor_compound_total(compound, MONITOR_ERROR_SUMS + 3 * slot + which);
}

#endif /* MONITOR_ERROR_H */
