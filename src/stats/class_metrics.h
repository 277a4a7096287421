/*
 * class_metrics.h
 *		Metrics of predicted against true classes, from a confusion matrix.
 *
 * Definitions are scikit-learn's.  Two rules differ: what is 0 / 0 is
 * MONITOR_UNDEFINED, never 0 or 1 by convention (only as a term of an average it
 * counts 0, as there), and balanced accuracy needs two true classes.
 */
#ifndef MONITOR_CLASS_METRICS_H
#define MONITOR_CLASS_METRICS_H

#include "stats.h"

/* Rows of one true and one predicted class (numbered from 0). */
typedef struct MonitorConfusionCell
{
	int32_t truth;
	int32_t prediction;
	int64_t n;
	double weight; /* n where rows have no weights */
} MonitorConfusionCell;

/* The margins of one class, in weight. */
typedef struct MonitorClass
{
	double correct;	  /* predicted and true */
	double predicted; /* column sum */
	double actual;	  /* row sum: the support */
} MonitorClass;

typedef struct MonitorConfusion
{
	const MonitorConfusionCell *cells; /* each pair at most once */
	int64_t n_cells;
	MonitorClass *classes;
	int32_t n_classes;
	double correct; /* filled with classes[] by monitor_confusion_finish */
	double total;
} MonitorConfusion;

typedef enum MonitorClassMetric
{
	MONITOR_PRECISION,
	MONITOR_RECALL,
	MONITOR_F1
} MonitorClassMetric;

typedef enum MonitorAverage
{
	MONITOR_BINARY, /* the positive class alone, against all others */
	MONITOR_MACRO,
	MONITOR_MICRO,
	MONITOR_WEIGHTED /* by support */
} MonitorAverage;

/* Compute the margins from the cells; the order of the cells decides the rounding. */
extern void monitor_confusion_finish(MonitorConfusion *confusion);

/* One class against all others; NaN when 0 / 0. */
extern double monitor_class_value(MonitorClassMetric metric, const MonitorClass *class);

/* positive: index of the positive class, -1 if no row has it; for MONITOR_BINARY only. */
extern MonitorStatus monitor_class_metric(const MonitorConfusion *confusion,
										  MonitorClassMetric metric, MonitorAverage average,
										  int32_t positive, double *value);

/* Share of the rows that are predicted right. */
extern MonitorStatus monitor_accuracy(const MonitorConfusion *confusion, double *value);

/* Mean recall of the true classes; undefined for fewer than two of them. */
extern MonitorStatus monitor_balanced_accuracy(const MonitorConfusion *confusion, double *value);

/* R_K of Gorodkin 2004 (of two classes: Matthews 1975); undefined with one class on a side. */
extern MonitorStatus monitor_matthews(const MonitorConfusion *confusion, double *value);

/* Cohen 1960, unweighted disagreement; undefined where chance alone agrees always. */
extern MonitorStatus monitor_cohen_kappa(const MonitorConfusion *confusion, double *value);

#endif /* MONITOR_CLASS_METRICS_H */
