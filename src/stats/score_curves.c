/*
 * score_curves.c
 *		Calibration from the counts of scores.
 */
#include "numeric.h"
#include "profile_internal.h"
#include "score.h"

/* The range of the scores of all classes; 0 and 1 where it is not known. */
static void
score_range(const MonitorCompound *compound, double *low, double *high)
{
	*low = 1;
	*high = 0;
	for (int c = 0; c < MONITOR_COMPOUND_PARTS; c++)
	{
		const MonitorProfile *part = monitor_compound_part_const(compound, c);

		if (part->n == 0)
			continue;
		*low = part->has_range ? fmin(*low, part->minimum) : 0;
		*high = part->has_range ? fmax(*high, part->maximum) : 1;
	}
	if (*low > *high)
	{
		*low = 0;
		*high = 1;
	}
	*low = fmin(fmax(*low, 0), 1);
	*high = fmin(fmax(*high, 0), 1);
}

void
monitor_score_slot_bounds(const MonitorCompound *compound, const double *anchors, int64_t slot,
						  double *low, double *high)
{
	int64_t k = monitor_compound_part_const(compound, 0)->k;
	double first;
	double last;

	if (slot % 2 == 1)
	{
		*low = *high = fmin(fmax(anchors[slot / 2], 0), 1);
		return;
	}
	score_range(compound, &first, &last);
	*low = slot == 0 ? first : fmin(fmax(anchors[slot / 2 - 1], 0), 1);
	*high = slot == 2 * k ? last : fmin(fmax(anchors[slot / 2], 0), 1);
	/* a gap without rows may lie outside the range */
	if (*low > *high)
		*low = *high = slot == 0 ? *high : *low;
}

/* Add the rows of a slot to a bin. */
static void
add_slot(MonitorCalibrationBin *bin, int64_t negative, int64_t positive, double low, double high)
{
	double n = (double) negative + (double) positive;
	double middle = low / 2 + high / 2;

	bin->n_negative += negative;
	bin->n_positive += positive;
	bin->sum_low += n * low;
	bin->sum_high += n * high;
	bin->sum += n * middle;
	bin->variance += n * middle * (1 - middle);
}

MonitorStatus
monitor_score_calibration(const MonitorCompound *compound, int bins, MonitorCalibrationBin *bin)
{
	const MonitorProfile *negative = monitor_compound_part_const(compound, MONITOR_NEGATIVE);
	const MonitorProfile *positive = monitor_compound_part_const(compound, MONITOR_POSITIVE);
	const double *anchors = monitor_profile_anchors(negative);
	int64_t slot = 0;

	if (anchors == NULL)
		return MONITOR_NO_ANCHORS;
	if (monitor_compound_total(compound, MONITOR_SCORE_OUTSIDE) != 0 ||
		monitor_compound_total(compound, MONITOR_SCORE_OUTSIDE + 1) != 0)
		return MONITOR_UNDEFINED;
	for (int i = 0; i < bins; i++)
	{
		double upper = (double) (i + 1) / bins;
		int64_t end = 2 * negative->k; /* the last slot of the bin */

		if (i < bins - 1)
		{
			end = monitor_profile_slot(anchors, negative->k, upper);
			if (end % 2 == 0)
				return MONITOR_TOO_COARSE;
		}
		bin[i] = (MonitorCalibrationBin){.lower = (double) i / bins, .upper = upper};
		for (; slot <= end; slot++)
		{
			int64_t n = monitor_profile_counts_const(negative)[slot];
			int64_t p = monitor_profile_counts_const(positive)[slot];
			double low;
			double high;

			if (n == 0 && p == 0)
				continue;
			monitor_score_slot_bounds(compound, anchors, slot, &low, &high);
			add_slot(&bin[i], n, p, low, high);
		}
	}
	return negative->n == 0 || positive->n == 0 ? MONITOR_UNDEFINED : MONITOR_OK;
}

MonitorStatus
monitor_score_calibration_error(const MonitorCalibrationBin *bin, int bins,
								MonitorScoreMetric *metric, double *floor, double *chi_square,
								int *df)
{
	double n = 0;

	*metric =
		(MonitorScoreMetric){.standard_error = NAN, .confidence_low = NAN, .confidence_high = NAN};
	*floor = 0;
	*chi_square = 0;
	*df = 0;
	for (int i = 0; i < bins; i++)
	{
		double y = (double) bin[i].n_positive;

		n += y + (double) bin[i].n_negative;
		metric->n_positive += bin[i].n_positive;
		metric->n_negative += bin[i].n_negative;
		metric->value += fabs(bin[i].sum - y);
		metric->low += fmax(0, fmax(bin[i].sum_low - y, y - bin[i].sum_high));
		metric->high += fmax(fabs(bin[i].sum_low - y), fabs(bin[i].sum_high - y));
		*floor += sqrt(2 / MONITOR_PI * bin[i].variance);
		if (bin[i].variance > 0)
		{
			*chi_square += (bin[i].sum - y) * (bin[i].sum - y) / bin[i].variance;
			(*df)++;
		}
	}
	if (n == 0)
		return MONITOR_UNDEFINED;
	metric->value /= n;
	metric->low /= n;
	metric->high /= n;
	*floor /= n;
	return MONITOR_OK;
}
