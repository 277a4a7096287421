/*
 * curves.c
 *		The curves behind the metrics of scores, one point a threshold.
 */
#include "score_metrics.h"

/* threshold, false positive rate, true positive rate */
void
monitor_roc_point(const MonitorScoreWalk *walk, double *fields)
{
	fields[0] = walk->threshold;
	fields[1] = walk->through[0] / walk->total[0];
	fields[2] = walk->through[1] / walk->total[1];
}

/* threshold, precision (1 where nothing is predicted positive), recall */
void
monitor_precision_recall_point(const MonitorScoreWalk *walk, double *fields)
{
	double predicted = walk->through[0] + walk->through[1];

	fields[0] = walk->threshold;
	fields[1] = predicted > 0 ? walk->through[1] / predicted : 1.0;
	fields[2] = walk->through[1] / walk->total[1];
}

/* threshold, depth: share of rows, gain: share of positives, lift: gain over depth */
void
monitor_gains_point(const MonitorScoreWalk *walk, double *fields)
{
	fields[0] = walk->threshold;
	fields[1] = (walk->through[0] + walk->through[1]) / (walk->total[0] + walk->total[1]);
	fields[2] = walk->through[1] / walk->total[1];
	fields[3] = fields[2] / fields[1];
}

int64_t
monitor_score_thresholds(const MonitorScores *scores)
{
	int64_t i = scores->n[0];
	int64_t j = scores->n[1];
	int64_t thresholds = 0;

	for (; i > 0 || j > 0; thresholds++)
	{
		uint64_t a = i > 0 ? scores->keys[0][(i - 1) * scores->stride] : 0;
		uint64_t b = j > 0 ? scores->keys[1][(j - 1) * scores->stride] : 0;
		uint64_t key = a > b ? a : b;

		while (i > 0 && scores->keys[0][(i - 1) * scores->stride] == key)
			i--;
		while (j > 0 && scores->keys[1][(j - 1) * scores->stride] == key)
			j--;
		MONITOR_POLL(thresholds);
	}
	return thresholds;
}

/* Add the rows of one class to the bins, both in ascending order. */
static void
fill_bins(const MonitorScores *scores, int side, MonitorCalibrationBin *bins, MonitorSum sums[][3])
{
	int bin = 0;

	for (int64_t i = 0; i < scores->n[side]; i++)
	{
		double score = monitor_double_from_key(scores->keys[side][i * scores->stride]);
		double weight = 1.0;

		if (scores->stride != 1)
			weight = monitor_weight_from_bits(scores->keys[side][i * scores->stride + 1]);
		while (bin < MONITOR_CALIBRATION_BINS - 1 && score > bins[bin].upper)
			bin++;
		bins[bin].n++;
		monitor_sum_add(&sums[bin][0], weight);
		monitor_sum_add(&sums[bin][1], weight * score);
		if (side == MONITOR_POSITIVE)
			monitor_sum_add(&sums[bin][2], weight);
		MONITOR_POLL(i);
	}
}

/*
 * The bins of equal width over [0, 1], closed above as scikit-learn's; their
 * bounds are its numbers i * 0.1.
 */
MonitorStatus
monitor_calibration_bins(const MonitorScores *scores,
						 MonitorCalibrationBin bins[MONITOR_CALIBRATION_BINS])
{
	MonitorSum sums[MONITOR_CALIBRATION_BINS][3];
	double total = 0;

	if (scores->n[0] <= 0 || scores->n[1] <= 0)
		return MONITOR_UNDEFINED;
	memset(sums, 0, sizeof(sums));
	for (int i = 0; i < MONITOR_CALIBRATION_BINS; i++)
	{
		bins[i].lower = i * 0.1;
		bins[i].upper = i == MONITOR_CALIBRATION_BINS - 1 ? 1.0 : (i + 1) * 0.1;
		bins[i].n = 0;
	}
	fill_bins(scores, MONITOR_NEGATIVE, bins, sums);
	fill_bins(scores, MONITOR_POSITIVE, bins, sums);
	for (int i = 0; i < MONITOR_CALIBRATION_BINS; i++)
	{
		bins[i].weight = monitor_sum_value(&sums[i][0]);
		bins[i].score = monitor_sum_value(&sums[i][1]);
		bins[i].positive = monitor_sum_value(&sums[i][2]);
		total += bins[i].weight;
	}
	return isfinite(total) ? MONITOR_OK : MONITOR_UNDEFINED;
}
