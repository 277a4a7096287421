/*
 * class_metrics.c
 *		Metrics of predicted against true classes.
 *
 * Products of margins are summed in twice the working precision: perfect
 * agreement gives exactly 1, and integer counts below 2^53 lose nothing.
 */
#include "class_metrics.h"

#include "numeric.h"

void
monitor_confusion_finish(MonitorConfusion *confusion)
{
	MonitorSum total = {0, 0};
	MonitorSum correct = {0, 0};

	memset(confusion->classes, 0, (size_t) confusion->n_classes * sizeof(MonitorClass));
	for (int64_t i = 0; i < confusion->n_cells; i++)
	{
		const MonitorConfusionCell *cell = &confusion->cells[i];

		MONITOR_POLL(i);
		confusion->classes[cell->truth].actual += cell->weight;
		confusion->classes[cell->prediction].predicted += cell->weight;
		monitor_sum_add(&total, cell->weight);
		if (cell->truth == cell->prediction)
		{
			confusion->classes[cell->truth].correct = cell->weight;
			monitor_sum_add(&correct, cell->weight);
		}
	}
	confusion->total = monitor_sum_value(&total);
	confusion->correct = monitor_sum_value(&correct);
}

static double
ratio(double numerator, double denominator)
{
	return denominator > 0 ? numerator / denominator : NAN;
}

double
monitor_class_value(MonitorClassMetric metric, const MonitorClass *class)
{
	switch (metric)
	{
		case MONITOR_PRECISION:
			return ratio(class->correct, class->predicted);
		case MONITOR_RECALL:
			return ratio(class->correct, class->actual);
		case MONITOR_F1:
			break;
	}
	return ratio(2 * class->correct, class->predicted + class->actual);
}

/* Mean over the classes, each with weight 1 or its support; undefined ones count 0. */
static double
averaged(const MonitorConfusion *confusion, MonitorClassMetric metric, bool by_support)
{
	MonitorSum sum = {0, 0};
	MonitorSum weights = {0, 0};

	for (int32_t i = 0; i < confusion->n_classes; i++)
	{
		const MonitorClass *class = &confusion->classes[i];
		double value = monitor_class_value(metric, class);
		double weight = by_support ? class->actual : 1;

		MONITOR_POLL(i);
		monitor_sum_add(&sum, isnan(value) ? 0 : weight * value);
		monitor_sum_add(&weights, weight);
	}
	return monitor_sum_value(&sum) / monitor_sum_value(&weights);
}

MonitorStatus
monitor_class_metric(const MonitorConfusion *confusion, MonitorClassMetric metric,
					 MonitorAverage average, int32_t positive, double *value)
{
	double result = NAN;

	if (!(confusion->total > 0))
		return MONITOR_UNDEFINED;
	switch (average)
	{
		case MONITOR_BINARY:
			if (positive >= 0)
				result = monitor_class_value(metric, &confusion->classes[positive]);
			break;
		case MONITOR_MACRO:
			result = averaged(confusion, metric, false);
			break;
		case MONITOR_MICRO: /* over all classes the three are one */
			result = confusion->correct / confusion->total;
			break;
		case MONITOR_WEIGHTED:
			result = averaged(confusion, metric, true);
			break;
	}
	if (isnan(result))
		return MONITOR_UNDEFINED;
	*value = result;
	return MONITOR_OK;
}

MonitorStatus
monitor_accuracy(const MonitorConfusion *confusion, double *value)
{
	if (!(confusion->total > 0))
		return MONITOR_UNDEFINED;
	*value = confusion->correct / confusion->total;
	return MONITOR_OK;
}

MonitorStatus
monitor_balanced_accuracy(const MonitorConfusion *confusion, double *value)
{
	MonitorSum sum = {0, 0};
	int32_t known = 0;

	for (int32_t i = 0; i < confusion->n_classes; i++)
	{
		MONITOR_POLL(i);
		if (!(confusion->classes[i].actual > 0))
			continue;
		monitor_sum_add(&sum, confusion->classes[i].correct / confusion->classes[i].actual);
		known++;
	}
	if (known < 2)
		return MONITOR_UNDEFINED;
	*value = monitor_sum_value(&sum) / known;
	return MONITOR_OK;
}

/* Add sign * a * b with the rounding error of the product. */
static void
add_product(MonitorSum *sum, double sign, double a, double b)
{
	double high = a * b;

	monitor_sum_add(sum, sign * high);
	monitor_sum_add(sum, sign * fma(a, b, -high));
}

/*
 * a b less the sum over the classes of the product of two margins, all in units
 * of a power of two near the total: no product leaves the range of doubles.
 */
static double
less_products(const MonitorConfusion *confusion, double a, double b, bool first_is_actual,
			  bool second_is_actual)
{
	double unit = ldexp(1, -ilogb(confusion->total));
	MonitorSum sum = {0, 0};

	add_product(&sum, 1, a * unit, b * unit);
	for (int32_t i = 0; i < confusion->n_classes; i++)
	{
		const MonitorClass *class = &confusion->classes[i];

		MONITOR_POLL(i);
		add_product(&sum, -1, (first_is_actual ? class->actual : class->predicted) * unit,
					(second_is_actual ? class->actual : class->predicted) * unit);
	}
	return monitor_sum_value(&sum);
}

/* Does one class hold all the weight, among the predicted or among the true? */
static bool
one_class(const MonitorConfusion *confusion, bool actual)
{
	int32_t known = 0;

	for (int32_t i = 0; i < confusion->n_classes; i++)
	{
		if ((actual ? confusion->classes[i].actual : confusion->classes[i].predicted) > 0)
			known++;
	}
	return known < 2;
}

MonitorStatus
monitor_matthews(const MonitorConfusion *confusion, double *value)
{
	double s = confusion->total;
	double predicted;
	double actual;

	if (one_class(confusion, true) || one_class(confusion, false))
		return MONITOR_UNDEFINED;
	predicted = less_products(confusion, s, s, false, false);
	actual = less_products(confusion, s, s, true, true);
	if (!(predicted > 0) || !(actual > 0)) /* lost beside a weight 2^106 times larger */
		return MONITOR_UNDEFINED;
	*value = less_products(confusion, confusion->correct, s, true, false) /
		sqrt(predicted * actual);
	*value = fmax(-1, fmin(1, *value));
	return MONITOR_OK;
}

MonitorStatus
monitor_cohen_kappa(const MonitorConfusion *confusion, double *value)
{
	double s = confusion->total;
	double chance;

	if (!(s > 0))
		return MONITOR_UNDEFINED;
	chance = less_products(confusion, s, s, true, false);
	if (!(chance > 0))
		return MONITOR_UNDEFINED;
	*value = less_products(confusion, confusion->correct, s, true, false) / chance;
	return MONITOR_OK;
}
