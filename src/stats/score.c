/*
 * score.c
 *		Counting scores, and metrics from their counts.
 */
#include "score.h"

#include "profile_internal.h"

/* sums of losses take the rows of a full profile */
#define CLIP 0x1p-52

void
monitor_score_add(MonitorCompound *compound, double score, MonitorScoreClass class)
{
	MonitorProfile *part = monitor_compound_part(compound, class);

	monitor_profile_queue(part, score);
	if (class == MONITOR_UNLABELLED || isnan(score))
		return;
	if (score >= 0 && score <= 1)
	{
		double error = score - (class == MONITOR_POSITIVE);
		double clipped = fmin(fmax(score, CLIP), 1 - CLIP);
		double loss = class == MONITOR_POSITIVE ? -log(clipped) : -log1p(-clipped);

		monitor_compound_add_total(compound, MONITOR_SCORE_SQUARES + class,
								   (int64_t) rint(error * error * MONITOR_SQUARES_SCALE));
		monitor_compound_add_total(compound, MONITOR_SCORE_LOSSES + class,
								   (int64_t) rint(loss * MONITOR_LOSSES_SCALE));
	}
	else
		monitor_compound_add_total(compound, MONITOR_SCORE_OUTSIDE + class, 1);
}

/* ---- what the classes count ---- */

typedef struct Classes
{
	const int64_t *negative;
	const int64_t *positive;
	int64_t slots;
	double n; /* negatives */
	double p; /* positives */
} Classes;

static Classes
classes_of(const MonitorCompound *compound)
{
	const MonitorProfile *negative = monitor_compound_part_const(compound, MONITOR_NEGATIVE);
	const MonitorProfile *positive = monitor_compound_part_const(compound, MONITOR_POSITIVE);
	Classes classes = {.negative = monitor_profile_counts_const(negative),
					   .positive = monitor_profile_counts_const(positive),
					   .slots = monitor_profile_slots(negative),
					   .n = (double) negative->n,
					   .p = (double) positive->n};

	return classes;
}

static void
begin_metric(const MonitorCompound *compound, MonitorScoreMetric *metric)
{
	metric->value = metric->low = metric->high = NAN;
	metric->standard_error = metric->confidence_low = metric->confidence_high = NAN;
	metric->n_positive = monitor_compound_part_const(compound, MONITOR_POSITIVE)->n;
	metric->n_negative = monitor_compound_part_const(compound, MONITOR_NEGATIVE)->n;
}

/* ---- losses ---- */

static MonitorStatus
mean_total(const MonitorCompound *compound, int total, double scale, double *value)
{
	int64_t negatives = monitor_compound_part_const(compound, MONITOR_NEGATIVE)->n;
	int64_t positives = monitor_compound_part_const(compound, MONITOR_POSITIVE)->n;
	monitor_int128 rows = (monitor_int128) negatives + positives;
	monitor_int128 sum = monitor_compound_total(compound, total) +
		monitor_compound_total(compound, total + 1);

	if (negatives == 0 || positives == 0 ||
		monitor_compound_total(compound, MONITOR_SCORE_OUTSIDE) != 0 ||
		monitor_compound_total(compound, MONITOR_SCORE_OUTSIDE + 1) != 0)
		return MONITOR_UNDEFINED;
	*value = (double) sum / (double) rows / scale;
	return MONITOR_OK;
}

MonitorStatus
monitor_score_brier(const MonitorCompound *compound, double *value)
{
	return mean_total(compound, MONITOR_SCORE_SQUARES, MONITOR_SQUARES_SCALE, value);
}

MonitorStatus
monitor_score_log_loss(const MonitorCompound *compound, double *value)
{
	return mean_total(compound, MONITOR_SCORE_LOSSES, MONITOR_LOSSES_SCALE, value);
}

/* ---- AUC ---- */

/*
 * DeLong's variance: with F_b the share of negatives below slot b (and half of those
 * in it) and S_b the share of positives above it, the sample variances of F over the
 * positives and of S over the negatives, over their numbers.
 */
static double
delong_variance(const Classes *classes, double auc)
{
	double below_n = 0;
	double below_p = 0;
	double sum_f = 0;
	double sum_s = 0;

	if (classes->p < 2 || classes->n < 2)
		return NAN;
	for (int64_t b = 0; b < classes->slots; b++)
	{
		double q = (double) classes->negative[b];
		double p = (double) classes->positive[b];
		double f = (below_n + q / 2) / classes->n - auc;
		double s = 1 - (below_p + p / 2) / classes->p - auc;

		MONITOR_POLL(b);
		sum_f += p * f * f;
		sum_s += q * s * s;
		below_n += q;
		below_p += p;
	}
	return sum_f / (classes->p - 1) / classes->p + sum_s / (classes->n - 1) / classes->n;
}

/*
 * 95 % interval on the logit scale; where that has no scale, as wide as Wilson's
 * (1927) for as many rows as the smaller class has.
 */
static void
auc_interval(MonitorScoreMetric *metric)
{
	double a = metric->value;
	double z = MONITOR_Z95;

	if (isnan(metric->standard_error))
		return;
	if (a > 0 && a < 1 && metric->standard_error > 0)
	{
		double width = z * metric->standard_error / (a * (1 - a));
		double odds = log(a / (1 - a));

		metric->confidence_low = 1 / (1 + exp(width - odds));
		metric->confidence_high = 1 / (1 + exp(-width - odds));
	}
	else
	{
		double n = (double) (metric->n_positive < metric->n_negative ? metric->n_positive
																	 : metric->n_negative);
		double middle = (a + z * z / (2 * n)) / (1 + z * z / n);
		double half = z / (1 + z * z / n) * sqrt(a * (1 - a) / n + z * z / (4 * n * n));

		metric->confidence_low = fmax(middle - half, 0);
		metric->confidence_high = fmin(middle + half, 1);
	}
}

MonitorStatus
monitor_score_auc(const MonitorCompound *compound, MonitorScoreMetric *metric)
{
	Classes classes = classes_of(compound);
	monitor_uint128 twice = 0; /* pairs in order, twice; ties and gaps once */
	monitor_uint128 in_gaps = 0;
	monitor_uint128 below = 0;
	double pairs;

	if (classes.n == 0 || classes.p == 0)
		return MONITOR_UNDEFINED;
	begin_metric(compound, metric);
	for (int64_t b = 0; b < classes.slots; b++)
	{
		monitor_uint128 q = (monitor_uint128) classes.negative[b];
		monitor_uint128 p = (monitor_uint128) classes.positive[b];

		MONITOR_POLL(b);
		twice += p * (2 * below + q);
		in_gaps += b % 2 == 0 ? p * q : 0;
		below += q;
	}
	pairs = 2 * classes.n * classes.p;
	metric->value = (double) twice / pairs;
	metric->low = (double) (twice - in_gaps) / pairs;
	metric->high = (double) (twice + in_gaps) / pairs;
	metric->standard_error = sqrt(delong_variance(&classes, metric->value));
	auc_interval(metric);
	return MONITOR_OK;
}

/* ---- Kolmogorov and Smirnov ---- */

MonitorStatus
monitor_score_ks(const MonitorCompound *compound, MonitorScoreMetric *metric)
{
	Classes classes = classes_of(compound);
	double below_n = 0;
	double below_p = 0;

	if (classes.n == 0 || classes.p == 0)
		return MONITOR_UNDEFINED;
	begin_metric(compound, metric);
	metric->low = 0;
	metric->high = 0;
	for (int64_t b = 0; b < classes.slots; b++)
	{
		double upto_n = below_n + (double) classes.negative[b];
		double upto_p = below_p + (double) classes.positive[b];
		double at_end = fabs(upto_p / classes.p - upto_n / classes.n);

		MONITOR_POLL(b);
		metric->low = fmax(metric->low, at_end);
		metric->high = fmax(metric->high, at_end);
		if (b % 2 == 0)
		{
			metric->high = fmax(metric->high, upto_p / classes.p - below_n / classes.n);
			metric->high = fmax(metric->high, upto_n / classes.n - below_p / classes.p);
		}
		below_n = upto_n;
		below_p = upto_p;
	}
	metric->value = metric->low;
	return MONITOR_OK;
}

/* ---- confusion ---- */

MonitorStatus
monitor_score_threshold(const MonitorCompound *compound, double threshold, int64_t *slot)
{
	const MonitorProfile *part = monitor_compound_part_const(compound, 0);
	const double *anchors = monitor_profile_anchors(part);

	if (anchors == NULL)
		return MONITOR_NO_ANCHORS;
	if (isnan(threshold))
		return MONITOR_TOO_COARSE;
	*slot = monitor_profile_slot(anchors, part->k, threshold);
	return *slot % 2 == 1 ? MONITOR_OK : MONITOR_TOO_COARSE;
}

void
monitor_score_confusion(const MonitorCompound *compound, int64_t slot,
						MonitorScoreConfusion *confusion)
{
	int64_t split[MONITOR_COMPOUND_PARTS][2] = {{0}};

	for (int c = 0; c < MONITOR_COMPOUND_PARTS; c++)
	{
		const MonitorProfile *part = monitor_compound_part_const(compound, c);
		const int64_t *counts = monitor_profile_counts_const(part);

		for (int64_t b = 0; b < monitor_profile_slots(part); b++)
			split[c][b >= slot] += counts[b];
	}
	confusion->true_positive = split[MONITOR_POSITIVE][1];
	confusion->false_negative = split[MONITOR_POSITIVE][0];
	confusion->false_positive = split[MONITOR_NEGATIVE][1];
	confusion->true_negative = split[MONITOR_NEGATIVE][0];
	confusion->unlabelled_positive = split[MONITOR_UNLABELLED][1];
	confusion->unlabelled_negative = split[MONITOR_UNLABELLED][0];
}
