/*
 * confusion.c
 *		Counting predicted and true classes, and metrics from the counts.
 */
#include "error.h"

#include "profile_internal.h"

/* The class, or k for all that are not listed. */
static int64_t
class_of(const MonitorProfile *classes, const char *value, uint32_t length)
{
	int64_t i = monitor_profile_lookup(classes, value, length);

	return i < 0 ? classes->k : i;
}

void
monitor_confusion_add(MonitorCompound *compound, const char *prediction, uint32_t prediction_length,
					  const char *truth, uint32_t truth_length)
{
	MonitorProfile *unlabelled = monitor_compound_part(compound, 0);

	if (truth == NULL)
		monitor_profile_count_category(unlabelled, prediction, prediction_length);
	else
		monitor_compound_add_total(compound,
								   class_of(unlabelled, prediction, prediction_length) *
										   (unlabelled->k + 1) +
									   class_of(unlabelled, truth, truth_length),
								   1);
}

int64_t
monitor_confusion_count(const MonitorCompound *compound, int64_t prediction, int64_t truth)
{
	int64_t k = monitor_compound_part_const(compound, 0)->k;

	return (int64_t) monitor_compound_total(compound, prediction * (k + 1) + truth);
}

int64_t
monitor_confusion_counts(const MonitorCompound *compound, MonitorClassCounts *classes)
{
	int64_t k = monitor_compound_part_const(compound, 0)->k;
	int64_t n = 0;

	memset(classes, 0, sizeof(*classes) * (size_t) (k + 1));
	for (int64_t i = 0; i <= k; i++)
	{
		for (int64_t j = 0; j <= k; j++)
		{
			int64_t count = monitor_confusion_count(compound, i, j);

			classes[i].predicted += count;
			classes[j].actual += count;
			n += count;
		}
		classes[i].right = i < k ? monitor_confusion_count(compound, i, i) : 0;
	}
	return n;
}

MonitorStatus
monitor_confusion_accuracy(const MonitorCompound *compound, MonitorClassCounts *classes,
						   double *value)
{
	int64_t n = monitor_confusion_counts(compound, classes);
	int64_t right = 0;

	for (int64_t i = 0; i < monitor_compound_part_const(compound, 0)->k; i++)
		right += classes[i].right;
	if (n == 0)
		return MONITOR_UNDEFINED;
	*value = (double) right / (double) n;
	return MONITOR_OK;
}

MonitorStatus
monitor_confusion_balanced_accuracy(const MonitorCompound *compound, MonitorClassCounts *classes,
									double *value)
{
	int64_t used = 0;
	double sum = 0;

	(void) monitor_confusion_counts(compound, classes);
	for (int64_t i = 0; i <= monitor_compound_part_const(compound, 0)->k; i++)
	{
		if (classes[i].actual == 0)
			continue;
		used++;
		sum += (double) classes[i].right / (double) classes[i].actual;
	}
	if (used < 2)
		return MONITOR_UNDEFINED;
	*value = sum / (double) used;
	return MONITOR_OK;
}

static double
quotient(double numerator, double denominator)
{
	return denominator == 0 ? 0 : numerator / denominator;
}

MonitorStatus
monitor_confusion_scores(const MonitorCompound *compound, MonitorAverage average,
						 MonitorClassCounts *classes, double *precision, double *recall, double *f1)
{
	double n = (double) monitor_confusion_counts(compound, classes);
	double right = 0;
	double weights = 0;
	double sums[3] = {0};

	if (n == 0)
		return MONITOR_UNDEFINED;
	for (int64_t i = 0; i <= monitor_compound_part_const(compound, 0)->k; i++)
	{
		double predicted = (double) classes[i].predicted;
		double actual = (double) classes[i].actual;
		double weight = average == MONITOR_WEIGHTED ? actual : 1;

		right += (double) classes[i].right;
		if (predicted + actual == 0)
			continue;
		weights += weight;
		sums[0] += weight * quotient((double) classes[i].right, predicted);
		sums[1] += weight * quotient((double) classes[i].right, actual);
		sums[2] += weight * quotient(2 * (double) classes[i].right, predicted + actual);
	}
	*precision = average == MONITOR_MICRO ? right / n : sums[0] / weights;
	*recall = average == MONITOR_MICRO ? right / n : sums[1] / weights;
	*f1 = average == MONITOR_MICRO ? right / n : sums[2] / weights;
	return MONITOR_OK;
}

/* Sums behind both coefficients: right rows, and products of the margins. */
static double
margins(const MonitorCompound *compound, MonitorClassCounts *classes, double *n, double *both,
		double *predicted, double *actual)
{
	double right = 0;

	*n = (double) monitor_confusion_counts(compound, classes);
	*both = *predicted = *actual = 0;
	for (int64_t i = 0; i <= monitor_compound_part_const(compound, 0)->k; i++)
	{
		double p = (double) classes[i].predicted;
		double a = (double) classes[i].actual;

		right += (double) classes[i].right;
		*both += p * a;
		*predicted += p * p;
		*actual += a * a;
	}
	return right;
}

MonitorStatus
monitor_confusion_matthews(const MonitorCompound *compound, MonitorClassCounts *classes,
						   double *value)
{
	double n;
	double both;
	double predicted;
	double actual;
	double right = margins(compound, classes, &n, &both, &predicted, &actual);
	double scale = (n * n - predicted) * (n * n - actual);

	if (!(scale > 0))
		return MONITOR_UNDEFINED;
	*value = (right * n - both) / sqrt(scale);
	return MONITOR_OK;
}

MonitorStatus
monitor_confusion_kappa(const MonitorCompound *compound, MonitorClassCounts *classes, double *value)
{
	double n;
	double both;
	double predicted;
	double actual;
	double right = margins(compound, classes, &n, &both, &predicted, &actual);

	if (!(n * n - both > 0))
		return MONITOR_UNDEFINED;
	*value = (right * n - both) / (n * n - both);
	return MONITOR_OK;
}
