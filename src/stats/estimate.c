/*
 * estimate.c
 *		Estimates of a classifier's performance from calibrated scores.
 *
 * CBPE (confidence-based performance estimation): with c(s) = P(label = 1 | score = s)
 * from an isotonic regression of the labelled rows, expected counts of the
 * current rows are sums of c over slots.  Two errors add up: the labels of the
 * current rows are Bernoulli(c) (their sums are Poisson-binomial), and c itself
 * was estimated.  The second is that of a weighted mean of the labels with the
 * current rows' weights (strata of slots): without it a nominal 95 % interval
 * covered 45 % in simulation.
 *
 * Beside it stand average thresholded confidence (ATC: Garg et al., ICLR 2022) and
 * black-box shift estimation (BBSE: Lipton, Wang & Smola, ICML 2018), which assumes that
 * P(score | label) has stayed instead.
 */
#include "estimate.h"

#include "profile_internal.h"

/* Blocks and strata have at least this many labelled rows (fewer of them: see min_rows). */
#define MIN_ROWS 50

#define CLIP 0x1p-52

typedef struct Slots
{
	const MonitorCompound *current;
	const double *anchors;
	int64_t slots;
	int64_t threshold; /* first slot that is predicted positive */
	double min_rows;
	double *positives; /* labelled rows of the calibration sample */
	double *labels;
	double *rows;		/* current rows */
	double *calibrated; /* P(label = 1) */
	double *slope;		/* derivative of a metric by the probability of one row of the slot */
	double *block;		/* scratch: rows, positives and first slot of the blocks */
} Slots;

size_t
monitor_estimate_scratch(int64_t slots)
{
	return 8 * (size_t) slots;
}

static void
fill_slots(Slots *s, const MonitorCompound *calibration, double *scratch)
{
	const int64_t *negative =
		monitor_profile_counts_const(monitor_compound_part_const(calibration, MONITOR_NEGATIVE));
	const int64_t *positive =
		monitor_profile_counts_const(monitor_compound_part_const(calibration, MONITOR_POSITIVE));

	s->positives = scratch;
	s->labels = s->positives + s->slots;
	s->rows = s->labels + s->slots;
	s->calibrated = s->rows + s->slots;
	s->slope = s->calibrated + s->slots;
	s->block = s->slope + s->slots;
	for (int64_t b = 0; b < s->slots; b++)
	{
		MONITOR_POLL(b);
		s->positives[b] = (double) positive[b];
		s->labels[b] = (double) positive[b] + (double) negative[b];
		s->rows[b] = 0;
		for (int c = 0; c < MONITOR_COMPOUND_PARTS; c++)
			s->rows[b] +=
				(double) monitor_profile_counts_const(monitor_compound_part_const(s->current,
																				  c))[b];
	}
}

/* ---- calibration ---- */

/*
 * Isotonic regression of the labels by pooling adjacent violators (Ayer et al. 1955),
 * over the slots that hold any; then small blocks are pooled with the next one, since a
 * rate from a few rows at either end is worth nothing, and rates are kept off 0 and 1.
 */
static void
calibrate(Slots *s)
{
	double *n = s->block;
	double *y = s->block + s->slots;
	double *first = s->block + 2 * s->slots;
	int64_t blocks = 0;
	int64_t kept = 0;

	for (int64_t b = 0; b < s->slots; b++)
	{
		MONITOR_POLL(b);
		if (s->labels[b] == 0)
			continue;
		n[blocks] = s->labels[b];
		y[blocks] = s->positives[b];
		first[blocks++] = (double) b;
		while (blocks > 1 && y[blocks - 2] * n[blocks - 1] >= y[blocks - 1] * n[blocks - 2])
		{
			n[blocks - 2] += n[blocks - 1];
			y[blocks - 2] += y[blocks - 1];
			blocks--;
		}
	}
	for (int64_t i = 0; i < blocks; i++)
	{
		/* a small block takes in the next one, the last is taken in */
		if (kept > 0 && (n[kept - 1] < s->min_rows || (i == blocks - 1 && n[i] < s->min_rows)))
		{
			n[kept - 1] += n[i];
			y[kept - 1] += y[i];
			continue;
		}
		n[kept] = n[i];
		y[kept] = y[i];
		first[kept++] = first[i];
	}
	for (int64_t i = 0; i < kept; i++)
	{
		int64_t from = i == 0 ? 0 : (int64_t) first[i];
		int64_t to = i == kept - 1 ? s->slots : (int64_t) first[i + 1];
		double rate = fmin(fmax(y[i] / n[i], 0.5 / n[i]), 1 - 0.5 / n[i]);

		for (int64_t b = from; b < to; b++)
			s->calibrated[b] = rate;
	}
}

/* ---- errors ---- */

/*
 * What a stratum (slots with enough labelled rows between them) adds to the
 * calibrator's variance: (sum of rows x slope)^2 c (1 - c) / labels; with square = false,
 * of (sum of rows)^2 / labels alone.
 */
typedef struct Stratum
{
	double labels;
	double variance; /* sum of labels c (1 - c) */
	double weight;	 /* sum of rows x slope */
} Stratum;

static void
add_slot(Stratum *stratum, const Slots *s, int64_t b, bool by_slope)
{
	stratum->labels += s->labels[b];
	stratum->variance += by_slope ? s->labels[b] * s->calibrated[b] * (1 - s->calibrated[b])
								  : s->labels[b];
	stratum->weight += s->rows[b] * (by_slope ? s->slope[b] : 1);
}

static void
add_stratum(Stratum *to, const Stratum *from)
{
	to->labels += from->labels;
	to->variance += from->variance;
	to->weight += from->weight;
}

static double
stratum_variance(const Stratum *stratum)
{
	if (stratum->labels == 0)
		return 0;
	return stratum->weight * stratum->weight * stratum->variance / stratum->labels /
		stratum->labels;
}

/*
 * Sum over the strata of one side of the threshold, from slot `from` to before `to`.
 * What is left over at the end belongs to the last stratum.
 */
static double
variance_of_side(const Slots *s, int64_t from, int64_t to, bool by_slope, Stratum *rest)
{
	Stratum last = {0};
	Stratum open = {0};
	double sum = 0;

	for (int64_t b = from; b < to; b++)
	{
		MONITOR_POLL(b);
		add_slot(&open, s, b, by_slope);
		if (open.labels >= s->min_rows)
		{
			sum += stratum_variance(&last);
			last = open;
			open = (Stratum){0};
		}
	}
	add_stratum(&last, &open);
	if (last.labels < s->min_rows)
	{
		*rest = last; /* the whole side is too small */
		return sum;
	}
	return sum + stratum_variance(&last);
}

static double
variance_of_strata(const Slots *s, bool by_slope)
{
	Stratum small[2] = {{0}};
	double sum;

	sum = variance_of_side(s, 0, s->threshold, by_slope, &small[0]);
	sum += variance_of_side(s, s->threshold, s->slots, by_slope, &small[1]);
	for (int i = 0; i < 2; i++)
	{
		/* rows beyond all labels: as one label that says nothing */
		if (small[i].labels == 0 && small[i].weight != 0)
			small[i] = (Stratum){1, by_slope ? 0.25 : 1, small[i].weight};
		sum += stratum_variance(&small[i]);
	}
	return sum;
}

/* Both variances of a metric whose slopes are set. */
static double
standard_error(const Slots *s)
{
	double labels = 0;

	for (int64_t b = 0; b < s->slots; b++)
		labels += s->rows[b] * s->slope[b] * s->slope[b] * s->calibrated[b] *
			(1 - s->calibrated[b]);
	return sqrt(labels + variance_of_strata(s, true));
}

/* An interval on the logit scale for a share, on the scale of logarithms for a loss. */
static MonitorEstimate
with_interval(double value, double error, bool share)
{
	MonitorEstimate estimate = {value, error, NAN, NAN};
	double width;

	if (isnan(value) || isnan(error))
		return estimate;
	if (share && value > 0 && value < 1)
	{
		width = MONITOR_Z95 * error / (value * (1 - value));
		estimate.low = 1 / (1 + exp(width) * (1 / value - 1));
		estimate.high = 1 / (1 + exp(-width) * (1 / value - 1));
	}
	else if (!share && value > 0)
	{
		width = MONITOR_Z95 * error / value;
		estimate.low = value * exp(-width);
		estimate.high = value * exp(width);
	}
	return estimate;
}

/* ---- metrics ---- */

/* Expected counts of the current rows. */
typedef struct Expected
{
	double n;
	double predicted; /* positive */
	double positives;
	double true_positive;
} Expected;

static Expected
expect(const Slots *s)
{
	Expected e = {0};

	for (int64_t b = 0; b < s->slots; b++)
	{
		double positives = s->rows[b] * s->calibrated[b];

		e.n += s->rows[b];
		e.positives += positives;
		if (b >= s->threshold)
		{
			e.predicted += s->rows[b];
			e.true_positive += positives;
		}
	}
	return e;
}

/* Slopes that are one number below the threshold and another from it on. */
static double
two_slopes(Slots *s, double below, double above)
{
	for (int64_t b = 0; b < s->slots; b++)
		s->slope[b] = b < s->threshold ? below : above;
	return standard_error(s);
}

static void
estimate_shares(Slots *s, MonitorEstimates *estimates)
{
	Expected e = expect(s);
	double negatives = e.n - e.positives;
	double true_negative = negatives - (e.predicted - e.true_positive);
	double accuracy = (e.true_positive + true_negative) / e.n;
	double precision = e.predicted > 0 ? e.true_positive / e.predicted : (double) NAN;
	double recall = e.positives > 0 ? e.true_positive / e.positives : (double) NAN;
	double specificity = negatives > 0 ? true_negative / negatives : (double) NAN;
	double f1 = 2 * e.true_positive / (e.predicted + e.positives);
	MonitorEstimate *cbpe = estimates->cbpe;

	cbpe[MONITOR_METRIC_ACCURACY] = with_interval(accuracy, two_slopes(s, -1 / e.n, 1 / e.n), true);
	cbpe[MONITOR_METRIC_PRECISION] =
		with_interval(precision, two_slopes(s, 0, 1 / e.predicted), true);
	cbpe[MONITOR_METRIC_RECALL] =
		with_interval(recall, two_slopes(s, -recall / e.positives, (1 - recall) / e.positives),
					  true);
	cbpe[MONITOR_METRIC_SPECIFICITY] =
		with_interval(specificity,
					  two_slopes(s, (specificity - 1) / negatives, specificity / negatives), true);
	cbpe[MONITOR_METRIC_F1] = with_interval(f1,
											two_slopes(s, -f1 / (e.predicted + e.positives),
													   (2 - f1) / (e.predicted + e.positives)),
											true);
}

/*
 * AUC without the pairs of a row with itself: A = sum_i c_i (sum_(j < i) (1 - c_j) + half
 * of the ties) / (EP EN - sum c (1 - c)).  Slope: ((F0 - A) / EP - (S1 - A) / EN), F0 =
 * share of expected negatives below the row, S1 = of expected positives above it.
 */
static void
estimate_auc(Slots *s, MonitorEstimates *estimates)
{
	double below = 0; /* expected negatives */
	double above = 0; /* expected positives */
	double pairs = 0;
	double self = 0;
	double negatives = 0;
	double positives = 0;
	double auc;

	for (int64_t b = 0; b < s->slots; b++)
	{
		double n = s->rows[b];
		double c = s->calibrated[b];

		pairs += n * c * below + n * (n - 1) * c * (1 - c) / 2;
		self += n * c * (1 - c);
		below += n * (1 - c);
		positives += n * c;
	}
	negatives = below;
	auc = pairs / (positives * negatives - self);
	below = 0;
	above = positives;
	for (int64_t b = 0; b < s->slots; b++)
	{
		double n = s->rows[b];
		double c = s->calibrated[b];
		double f0 = (below + n * (1 - c) / 2) / negatives;
		double s1 = (above - n * c / 2) / positives;

		s->slope[b] = (f0 - auc) / positives - (s1 - auc) / negatives;
		below += n * (1 - c);
		above -= n * c;
	}
	estimates->cbpe[MONITOR_METRIC_AUC] = with_interval(auc, standard_error(s), true);
}

/* Mean of -ln x over [a, b], clipped. */
static double
mean_loss(double a, double b)
{
	a = fmin(fmax(a, CLIP), 1 - CLIP);
	b = fmin(fmax(b, CLIP), 1 - CLIP);
	if (b - a < 1e-9)
		return -log((a + b) / 2);
	return 1 - (b * log(b) - a * log(a)) / (b - a);
}

/* Whether a score may be no probability. */
static bool
is_outside(const MonitorCompound *compound)
{
	for (int c = 0; c < MONITOR_COMPOUND_PARTS; c++)
	{
		const MonitorProfile *part = monitor_compound_part_const(compound, c);

		if (part->n > 0 && part->has_range && (part->minimum < 0 || part->maximum > 1))
			return true;
	}
	return monitor_compound_total(compound, MONITOR_SCORE_OUTSIDE) != 0 ||
		monitor_compound_total(compound, MONITOR_SCORE_OUTSIDE + 1) != 0;
}

static void
estimate_log_loss(Slots *s, MonitorEstimates *estimates)
{
	double sum = 0;
	double n = 0;

	estimates->cbpe[MONITOR_METRIC_LOG_LOSS] = (MonitorEstimate){NAN, NAN, NAN, NAN};
	if (is_outside(s->current))
		return;
	for (int64_t b = 0; b < s->slots; b++)
		n += s->rows[b];
	for (int64_t b = 0; b < s->slots; b++)
	{
		double low;
		double high;
		double if_positive;
		double if_negative;

		s->slope[b] = 0;
		if (s->rows[b] == 0)
			continue;
		monitor_score_slot_bounds(s->current, s->anchors, b, &low, &high);
		if_positive = mean_loss(low, high);
		if_negative = mean_loss(1 - high, 1 - low);
		sum += s->rows[b] * (s->calibrated[b] * if_positive + (1 - s->calibrated[b]) * if_negative);
		s->slope[b] = (if_positive - if_negative) / n;
	}
	estimates->cbpe[MONITOR_METRIC_LOG_LOSS] = with_interval(sum / n, standard_error(s), false);
}

/* ---- other estimates of accuracy ---- */

/* Errors of the calibration sample on either side of the threshold, and its rows. */
typedef struct Reference
{
	double positives;
	double negatives;
	double true_positive;
	double false_positive;
} Reference;

static Reference
reference_of(const Slots *s)
{
	Reference r = {0};

	for (int64_t b = 0; b < s->slots; b++)
	{
		r.positives += s->positives[b];
		r.negatives += s->labels[b] - s->positives[b];
		if (b >= s->threshold)
		{
			r.true_positive += s->positives[b];
			r.false_positive += s->labels[b] - s->positives[b];
		}
	}
	return r;
}

/*
 * ATC: as many of the least confident labelled rows as the calibration sample had errors; the
 * share of current rows that are more confident.  Confidence is that of the
 * calibrated score in its prediction; it grows with the distance from the
 * threshold on either side, so two walks away from it meet the slots in order.
 */
static MonitorEstimate
estimate_atc(const Slots *s, const Reference *r, double n)
{
	double labels = r->positives + r->negatives;
	double wrong = r->positives - r->true_positive + r->false_positive;
	double left = wrong;
	double unsure = 0;
	double value;
	int64_t down = s->threshold - 1;
	int64_t up = s->threshold;

	while (left > 0 && (down >= 0 || up < s->slots))
	{
		bool upward = down < 0 || (up < s->slots && s->calibrated[up] <= 1 - s->calibrated[down]);
		int64_t b = upward ? up++ : down--;
		double part = s->labels[b] > left ? left / s->labels[b] : 1;

		left -= part * s->labels[b];
		unsure += part * s->rows[b];
	}
	value = 1 - unsure / n;
	return with_interval(value,
						 sqrt(value * (1 - value) / n +
							  wrong * (labels - wrong) / (labels * labels * labels)),
						 true);
}

/*
 * BBSE: the share of positives that explains the share of positive predictions, at
 * the rates of the calibration sample, and the accuracy at these rates; error by the delta
 * method.  Not defined where the predictions say next to nothing about the labels.
 */
static MonitorEstimate
estimate_bbse(const Reference *r, const Expected *e)
{
	MonitorEstimate none = {NAN, NAN, NAN, NAN};
	double tpr = r->true_positive / r->positives;
	double fpr = r->false_positive / r->negatives;
	double gap = tpr - fpr;
	double predicted = e->predicted / e->n;
	double share;
	double value;
	double by_share;
	double variance;

	if (!(gap > 0.05))
		return none;
	share = fmin(fmax((predicted - fpr) / gap, 0), 1);
	value = share * tpr + (1 - share) * (1 - fpr);
	by_share = (tpr + fpr - 1) / gap;
	variance = value * (1 - value) / e->n +
		by_share * by_share * predicted * (1 - predicted) / e->n;
	variance += pow(share * (1 - by_share), 2) * tpr * (1 - tpr) / r->positives;
	variance += pow((1 - share) * (1 + by_share), 2) * fpr * (1 - fpr) / r->negatives;
	return with_interval(value, sqrt(variance), true);
}

/* By more than three standard errors of the difference, and enough to matter. */
static bool
disagree(const MonitorEstimate *a, const MonitorEstimate *b)
{
	double difference = fabs(a->estimate - b->estimate);

	return difference > 0.01 && difference > 3 * hypot(a->standard_error, b->standard_error);
}

MonitorStatus
monitor_estimate(const MonitorCompound *calibration, const MonitorCompound *current,
				 int64_t threshold_slot, double *scratch, MonitorEstimates *estimates)
{
	const MonitorProfile *negative = monitor_compound_part_const(calibration, MONITOR_NEGATIVE);
	const MonitorEstimate *accuracy = &estimates->cbpe[MONITOR_METRIC_ACCURACY];
	Slots s = {.current = current,
			   .anchors = monitor_profile_anchors(negative),
			   .slots = monitor_profile_slots(negative),
			   .threshold = threshold_slot};
	Reference reference;
	Expected expected;

	memset(estimates, 0, sizeof(*estimates));
	if (!monitor_profile_same_slots(negative, monitor_compound_part_const(current, 0)))
		return MONITOR_MISMATCH;
	if (s.anchors == NULL)
		return MONITOR_NO_ANCHORS;
	fill_slots(&s, calibration, scratch);
	estimates->positives = monitor_compound_part_const(calibration, MONITOR_POSITIVE)->n;
	estimates->labels = estimates->positives + negative->n;
	for (int64_t b = 0; b < s.slots; b++)
		estimates->rows += (int64_t) s.rows[b];
	if (estimates->rows == 0 || estimates->labels < MONITOR_ESTIMATE_MIN_LABELS ||
		estimates->positives < MONITOR_ESTIMATE_MIN_CLASS ||
		negative->n < MONITOR_ESTIMATE_MIN_CLASS)
		return MONITOR_UNDEFINED;
	s.min_rows = fmin(MIN_ROWS, fmax(10, (double) estimates->labels / 50));
	calibrate(&s);
	estimates->effective_rows = (double) estimates->rows * (double) estimates->rows /
		variance_of_strata(&s, false);
	if (estimates->effective_rows < MONITOR_ESTIMATE_MIN_EFFECTIVE)
		return MONITOR_UNDEFINED;
	estimate_shares(&s, estimates);
	estimate_auc(&s, estimates);
	estimate_log_loss(&s, estimates);
	reference = reference_of(&s);
	expected = expect(&s);
	estimates->atc = estimate_atc(&s, &reference, expected.n);
	estimates->bbse = estimate_bbse(&reference, &expected);
	estimates->atc_disagrees = disagree(accuracy, &estimates->atc);
	estimates->bbse_disagrees = disagree(accuracy, &estimates->bbse);
	return MONITOR_OK;
}
