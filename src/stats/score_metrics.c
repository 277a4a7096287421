/*
 * score_metrics.c
 *		Metrics of scores against a binary truth, as scikit-learn defines them.
 */
#include "score_metrics.h"
#include "tests.h"

/* Up to this product of class sizes, int64 holds twice U.  Tests lower it. */
#ifndef MONITOR_AUC_NARROW_LIMIT
#define MONITOR_AUC_NARROW_LIMIT INT64_C(4000000000000000000)
#endif

/* Steps of the merge between two looks at the interrupt hook. */
#define MERGE_BLOCK 65536

/* With fewer steps than this ahead, the plain merge is as good. */
#define FEW_STEPS 16

/* ---- walking over thresholds ---- */

static inline uint64_t
key_at(const MonitorScores *scores, int side, int64_t i)
{
	return scores->keys[side][i * scores->stride];
}

static inline double
weight_at(const MonitorScores *scores, int side, int64_t i)
{
	return scores->stride == 1
		? 1.0
		: monitor_weight_from_bits(scores->keys[side][i * scores->stride + 1]);
}

/* Total weight of a class, summed as the walk does: its last sum is this one. */
static double
total_weight(const MonitorScores *scores, int side)
{
	MonitorSum sum = {0, 0};

	if (scores->stride == 1)
		return (double) scores->n[side];
	for (int64_t i = scores->n[side] - 1; i >= 0; i--)
	{
		monitor_sum_add(&sum, weight_at(scores, side, i));
		MONITOR_POLL(i);
	}
	return monitor_sum_value(&sum);
}

MonitorStatus
monitor_score_walk_begin(MonitorScoreWalk *walk, const MonitorScores *scores)
{
	*walk = (MonitorScoreWalk){.scores = scores, .threshold = INFINITY};
	for (int side = 0; side < 2; side++)
	{
		if (scores->n[side] <= 0)
			return MONITOR_UNDEFINED;
		walk->left[side] = scores->n[side];
		walk->total[side] = total_weight(scores, side);
	}
	/* the sum of both is a divisor too */
	return isfinite(walk->total[0] + walk->total[1]) ? MONITOR_OK : MONITOR_UNDEFINED;
}

/* Take the rows of a class whose key is the threshold's. */
static void
take_rows(MonitorScoreWalk *walk, int side, uint64_t key)
{
	const MonitorScores *scores = walk->scores;
	int64_t left = walk->left[side];

	walk->above[side] = walk->through[side];
	while (left > 0 && key_at(scores, side, left - 1) == key)
	{
		left--;
		if (scores->stride != 1)
			monitor_sum_add(&walk->sum[side], weight_at(scores, side, left));
		MONITOR_POLL(left);
	}
	walk->left[side] = left;
	walk->through[side] = scores->stride == 1 ? (double) (scores->n[side] - left)
											  : monitor_sum_value(&walk->sum[side]);
}

/* The next lower threshold; false at the end. */
bool
monitor_score_walk_next(MonitorScoreWalk *walk)
{
	const MonitorScores *scores = walk->scores;
	uint64_t key = 0; /* no number's key */

	for (int side = 0; side < 2; side++)
	{
		if (walk->left[side] > 0)
		{
			uint64_t head = key_at(scores, side, walk->left[side] - 1);

			key = head > key ? head : key;
		}
	}
	if (key == 0)
		return false;
	take_rows(walk, MONITOR_NEGATIVE, key);
	take_rows(walk, MONITOR_POSITIVE, key);
	walk->threshold = monitor_double_from_key(key);
	return true;
}

bool
monitor_scores_are_probabilities(const MonitorScores *scores)
{
	for (int side = 0; side < 2; side++)
	{
		int64_t n = scores->n[side];

		if (n > 0 &&
			(key_at(scores, side, 0) < monitor_key_from_double(0.0) ||
			 key_at(scores, side, n - 1) > monitor_key_from_double(1.0)))
			return false;
	}
	return true;
}

/* ---- area under the ROC curve ---- */

/*
 * One merge in progress: negatives before positives where they are equal.
 * equal counts the negatives with the key `last`, the last one taken.
 */
typedef struct AucLane
{
	const uint64_t *negative;
	const uint64_t *positive;
	const uint64_t *negative_end;
	const uint64_t *positive_end;
	int64_t below;
	int64_t equal;
	uint64_t last;
	int64_t twice_u;
} AucLane;

static inline int64_t
lesser(int64_t x, int64_t y)
{
	return x < y ? x : y;
}

/* Number of steps, at most a block, in which neither head can reach its end. */
static inline int64_t
lane_steps(const AucLane *lane)
{
	return lesser(lesser(lane->negative_end - lane->negative, lane->positive_end - lane->positive) -
					  1,
				  MERGE_BLOCK);
}

/*
 * Take the lesser head.  A positive adds twice the negatives at or below it
 * less those that equal it.  Free of branches: their outcome would be random.
 */
static inline void
lane_step(AucLane *lane)
{
	uint64_t negative = *lane->negative;
	uint64_t positive = *lane->positive;
	int64_t take_positive = positive < negative;
	int64_t take_negative = 1 - take_positive;
	uint64_t value = take_positive ? positive : negative;
	int64_t tied = lane->equal & -(int64_t) (value == lane->last);

	lane->twice_u += (2 * lane->below - tied) & -take_positive;
	lane->equal = take_positive ? lane->equal : tied + 1;
	lane->last = take_positive ? lane->last : value;
	lane->below += take_negative;
	lane->negative += take_negative;
	lane->positive += take_positive;
}

/* Two independent merges at once: the processor overlaps them. */
static void
run_two_lanes(AucLane *first, AucLane *second)
{
	int64_t steps;

	while ((steps = lesser(lane_steps(first), lane_steps(second))) >= FEW_STEPS)
	{
		AucLane p = *first;
		AucLane q = *second;

		MONITOR_POLL(0);
		while (steps-- > 0)
		{
			lane_step(&p);
			lane_step(&q);
		}
		*first = p;
		*second = q;
	}
}

/* Run one merge to its end. */
static void
run_lane(AucLane *lane)
{
	AucLane p = *lane;
	int64_t steps;

	while ((steps = lane_steps(&p)) >= FEW_STEPS)
	{
		MONITOR_POLL(0);
		while (steps-- > 0)
			lane_step(&p);
	}
	while (p.positive < p.positive_end)
	{
		MONITOR_POLL(p.positive_end - p.positive);
		if (p.negative < p.negative_end)
			lane_step(&p);
		else
			p.twice_u += 2 * p.below - (*p.positive++ == p.last ? p.equal : 0);
	}
	*lane = p;
}

/* Twice U where int64 holds it: two halves, cut at a value. */
static int64_t
narrow_twice_u(const MonitorSample *negatives, const MonitorSample *positives)
{
	const uint64_t *negative = negatives->keys;
	const uint64_t *positive = positives->keys;
	uint64_t middle = negative[negatives->n / 2];
	int64_t i = monitor_count_below(negatives, middle);
	int64_t j = monitor_count_below(positives, middle);
	AucLane low = {negative, positive, negative + i, positive + j, 0, 0, 0, 0};
	AucLane high =
		{negative + i, positive + j, negative + negatives->n, positive + positives->n, i, 0, 0, 0};

	run_two_lanes(&low, &high);
	run_lane(&low);
	run_lane(&high);
	return low.twice_u + high.twice_u;
}

monitor_int128
monitor_twice_u(const MonitorSample *negatives, const MonitorSample *positives)
{
	monitor_int128 twice_u = 0;
	MonitorMerge merge;
	MonitorTie tie;

	if (negatives->n <= 0 || positives->n <= 0)
		return 0;
	if (negatives->n <= MONITOR_AUC_NARROW_LIMIT / positives->n)
		return narrow_twice_u(negatives, positives);
	monitor_merge_begin(&merge, negatives, positives);
	while (monitor_merge_next(&merge, &tie))
		twice_u += (monitor_int128) tie.in_current * (2 * tie.below_reference + tie.in_reference);
	return twice_u;
}

static inline MonitorSample
class_sample(const MonitorScores *scores, int side)
{
	return (MonitorSample){scores->keys[side], scores->n[side]};
}

/* By the trapezoidal rule over shares, so that no product of weights overflows. */
static MonitorStatus
weighted_auc(const MonitorScores *scores, double *value)
{
	MonitorScoreWalk walk;
	MonitorSum area = {0, 0};
	MonitorStatus status = monitor_score_walk_begin(&walk, scores);

	if (status != MONITOR_OK)
		return status;
	while (monitor_score_walk_next(&walk))
	{
		double width = (walk.through[0] - walk.above[0]) / walk.total[0];
		double height = 0.5 * (walk.above[1] / walk.total[1] + walk.through[1] / walk.total[1]);

		monitor_sum_add(&area, width * height);
	}
	*value = fmin(monitor_sum_value(&area), 1.0);
	return MONITOR_OK;
}

/*
 * Area under the ROC curve: the share of pairs in which the positive scores
 * higher, ties one half.  Unweighted: the correctly rounded quotient of integers.
 */
MonitorStatus
monitor_roc_auc(const MonitorScores *scores, double *value)
{
	MonitorSample negatives = class_sample(scores, MONITOR_NEGATIVE);
	MonitorSample positives = class_sample(scores, MONITOR_POSITIVE);

	if (scores->stride != 1)
		return weighted_auc(scores, value);
	if (negatives.n <= 0 || positives.n <= 0)
		return MONITOR_UNDEFINED;
	*value =
		monitor_ks_quotient(monitor_twice_u(&negatives, &positives), 2 * negatives.n, positives.n);
	return MONITOR_OK;
}

/* 2 AUC - 1 (Somers' D), between -1 and 1. */
MonitorStatus
monitor_gini(const MonitorScores *scores, double *value)
{
	MonitorSample negatives = class_sample(scores, MONITOR_NEGATIVE);
	MonitorSample positives = class_sample(scores, MONITOR_POSITIVE);
	monitor_int128 excess;
	MonitorStatus status;

	if (scores->stride != 1)
	{
		double auc;

		status = weighted_auc(scores, &auc);
		if (status == MONITOR_OK)
			*value = 2 * auc - 1;
		return status;
	}
	if (negatives.n <= 0 || positives.n <= 0)
		return MONITOR_UNDEFINED;
	excess = monitor_twice_u(&negatives, &positives) - (monitor_int128) negatives.n * positives.n;
	*value = excess < 0 ? -monitor_ks_quotient(-excess, negatives.n, positives.n)
						: monitor_ks_quotient(excess, negatives.n, positives.n);
	return MONITOR_OK;
}

/* ---- other metrics of the order ---- */

/*
 * Largest distance between the distribution functions of the two classes'
 * scores (Kolmogorov-Smirnov), between 0 and 1.
 */
MonitorStatus
monitor_ks_score(const MonitorScores *scores, double *value)
{
	MonitorScoreWalk walk;
	double most = 0;
	MonitorStatus status;

	if (scores->stride == 1)
	{
		MonitorSample negatives = class_sample(scores, MONITOR_NEGATIVE);
		MonitorSample positives = class_sample(scores, MONITOR_POSITIVE);

		if (negatives.n <= 0 || positives.n <= 0)
			return MONITOR_UNDEFINED;
		*value = monitor_ks_quotient(monitor_ks_numerator(&negatives, &positives), negatives.n,
									 positives.n);
		return MONITOR_OK;
	}
	status = monitor_score_walk_begin(&walk, scores);
	if (status != MONITOR_OK)
		return status;
	while (monitor_score_walk_next(&walk))
		most = fmax(most, fabs(walk.through[1] / walk.total[1] - walk.through[0] / walk.total[0]));
	*value = most;
	return MONITOR_OK;
}

/*
 * Average precision: precision at each threshold, weighted by the recall that
 * the threshold adds; tied scores are one threshold (no interpolation).
 */
MonitorStatus
monitor_average_precision(const MonitorScores *scores, double *value)
{
	MonitorScoreWalk walk;
	MonitorSum sum = {0, 0};
	MonitorStatus status = monitor_score_walk_begin(&walk, scores);

	if (status != MONITOR_OK)
		return status;
	while (monitor_score_walk_next(&walk))
	{
		double recall = (walk.through[1] - walk.above[1]) / walk.total[1];

		monitor_sum_add(&sum, recall * (walk.through[1] / (walk.through[0] + walk.through[1])));
	}
	*value = fmin(monitor_sum_value(&sum), 1.0);
	return MONITOR_OK;
}

/* ---- metrics of probabilities ---- */

/* -ln of the probability that the row's class was given, clipped at 2^-52. */
static double
row_log_loss(double score, int side)
{
	const double epsilon = 0x1p-52;
	double p = side == MONITOR_POSITIVE ? score : 1.0 - score;

	return -log(fmin(fmax(p, epsilon), 1.0 - epsilon));
}

static double
row_brier(double score, int side)
{
	double error = side == MONITOR_POSITIVE ? 1.0 - score : score;

	return error * error;
}

/* The weighted mean of a loss; rows of one class and score share one evaluation. */
static MonitorStatus
mean_loss(const MonitorScores *scores, double (*loss)(double score, int side), double *value)
{
	MonitorSum sum = {0, 0};
	double total = 0;

	for (int side = 0; side < 2; side++)
	{
		uint64_t key = 0;
		double term = 0;

		if (scores->n[side] <= 0)
			return MONITOR_UNDEFINED;
		total += total_weight(scores, side);
		for (int64_t i = 0; i < scores->n[side]; i++)
		{
			if (key_at(scores, side, i) != key)
			{
				key = key_at(scores, side, i);
				term = loss(monitor_double_from_key(key), side);
			}
			monitor_sum_add(&sum, term * weight_at(scores, side, i));
			MONITOR_POLL(i);
		}
	}
	if (!isfinite(total))
		return MONITOR_UNDEFINED;
	*value = monitor_sum_value(&sum) / total;
	return MONITOR_OK;
}

/* Mean cross entropy, natural logarithm, probabilities clipped at 2^-52. */
MonitorStatus
monitor_log_loss(const MonitorScores *scores, double *value)
{
	return mean_loss(scores, row_log_loss, value);
}

/* Mean squared difference between score and truth (Brier 1950, halved). */
MonitorStatus
monitor_brier_score(const MonitorScores *scores, double *value)
{
	return mean_loss(scores, row_brier, value);
}

/*
 * Expected calibration error: the mean over bins, weighted by their rows, of
 * |mean score - share of positives| (Naeini, Cooper & Hauskrecht 2015, eq. 3).
 */
MonitorStatus
monitor_calibration_error(const MonitorScores *scores, double *value)
{
	MonitorCalibrationBin bins[MONITOR_CALIBRATION_BINS];
	MonitorSum sum = {0, 0};
	double total = 0;
	MonitorStatus status = monitor_calibration_bins(scores, bins);

	if (status != MONITOR_OK)
		return status;
	for (int i = 0; i < MONITOR_CALIBRATION_BINS; i++)
		total += bins[i].weight;
	for (int i = 0; i < MONITOR_CALIBRATION_BINS; i++)
		monitor_sum_add(&sum, fabs(bins[i].score - bins[i].positive) / total);
	*value = monitor_sum_value(&sum);
	return MONITOR_OK;
}
