/*
 * estimate_loss.c
 *		Estimates of a regression's loss before the truths arrive.
 *
 * Direct loss estimation with the prediction as the only feature: the mean loss
 * of each stratum of predictions, from labelled rows, weighted by the current rows in it.
 * Variance: of the current rows' losses around these means, and of the means.
 */
#include "error.h"
#include "estimate.h"
#include "profile_internal.h"

/* Strata have at least this many labelled rows: narrow ones follow a shift, wide ones vary less. */
#define MIN_ROWS 20
#define MAX_ROWS 50

/* Sums of a stratum, in units of the errors. */
typedef struct Stratum
{
	double labels;
	double rows;
	double sum[2];	   /* of |e|, of e^2 */
	double squares[2]; /* of their squares */
} Stratum;

typedef struct Means
{
	double n;
	double sum[2];
	double variance[2];
	double inverse_effective; /* sum of rows^2 / labels */
	int64_t strata;
	Stratum first[2]; /* the first two */
	Stratum last[2];  /* the last one, and the one before */
} Means;

static void
add_slot(Stratum *stratum, const MonitorCompound *calibration, const MonitorCompound *current,
		 int64_t slot)
{
	double fourth = ldexp((double) monitor_error_sum(calibration, slot, MONITOR_ERROR_FOURTH),
						  2 * MONITOR_ERROR_SHIFT);
	double squares = (double) monitor_error_sum(calibration, slot, MONITOR_ERROR_SQUARES);

	stratum->labels += (double)
		monitor_profile_counts_const(monitor_compound_part_const(calibration,
																 MONITOR_PREDICTIONS))[slot];
	for (int i = MONITOR_PREDICTIONS; i <= MONITOR_UNLABELLED_PREDICTIONS; i++)
		stratum->rows +=
			(double) monitor_profile_counts_const(monitor_compound_part_const(current, i))[slot];
	stratum->sum[0] += (double) monitor_error_sum(calibration, slot, MONITOR_ERROR_ABSOLUTE);
	stratum->sum[1] += squares;
	stratum->squares[0] += squares;
	stratum->squares[1] += fourth;
}

static void
add_stratum(Stratum *to, const Stratum *from)
{
	to->labels += from->labels;
	to->rows += from->rows;
	for (int i = 0; i < 2; i++)
	{
		to->sum[i] += from->sum[i];
		to->squares[i] += from->squares[i];
	}
}

static void
finish_stratum(Means *means, const Stratum *stratum)
{
	if (stratum->labels == 0)
		return;
	if (means->strata < 2)
		means->first[means->strata] = *stratum;
	means->strata++;
	means->last[1] = means->last[0];
	means->last[0] = *stratum;
	means->n += stratum->rows;
	means->inverse_effective += stratum->rows * stratum->rows / stratum->labels;
	for (int i = 0; i < 2; i++)
	{
		double mean = stratum->sum[i] / stratum->labels;
		double variance = stratum->squares[i] / stratum->labels - mean * mean;

		/* fourth powers below what the sums resolve: as of normal errors */
		if (i == 1 && variance < mean * mean * 1e-3)
			variance = 2 * mean * mean;
		variance = fmax(variance, 0);
		means->sum[i] += stratum->rows * mean;
		means->variance[i] += variance *
			(stratum->rows + stratum->rows * stratum->rows / stratum->labels);
	}
}

/*
 * The outermost strata are open: current rows in excess of the labelled ones lie further
 * out than these, where the loss may have moved on by as much as it did from the
 * next stratum.  That counts as one standard error more.
 */
static double
end_variance(const Means *means, const Stratum end[2], double labels, int i)
{
	double excess = end[0].rows / means->n - end[0].labels / labels;
	double step;

	if (means->strata < 2 || excess <= 0)
		return 0;
	step = end[0].sum[i] / end[0].labels - end[1].sum[i] / end[1].labels;
	return pow(excess * means->n * step, 2);
}

/* An interval on the scale of logarithms. */
static MonitorEstimate
loss(double value, double error)
{
	MonitorEstimate estimate = {value, error, NAN, NAN};

	if (value > 0)
	{
		estimate.low = value * exp(-MONITOR_Z95 * error / value);
		estimate.high = value * exp(MONITOR_Z95 * error / value);
	}
	return estimate;
}

MonitorStatus
monitor_estimate_loss(const MonitorCompound *calibration, const MonitorCompound *current,
					  MonitorEstimate estimate[MONITOR_LOSSES], int64_t *labels, int64_t *rows,
					  double *effective_rows)
{
	const MonitorProfile *labelled = monitor_compound_part_const(calibration, MONITOR_PREDICTIONS);
	int unit = monitor_error_unit(calibration);
	Means means = {0};
	Stratum last = {0};
	Stratum open = {0};
	double value[2];
	double error[2];
	double least;

	*effective_rows = 0;
	if (!monitor_profile_same_slots(labelled, monitor_compound_part_const(current, 0)))
		return MONITOR_MISMATCH;
	*labels = labelled->n;
	*rows = monitor_compound_part_const(current, MONITOR_PREDICTIONS)->n +
		monitor_compound_part_const(current, MONITOR_UNLABELLED_PREDICTIONS)->n;
	if (*rows == 0 || *labels < MONITOR_ESTIMATE_MIN_LABELS || !calibration->has_totals ||
		monitor_compound_total(calibration, MONITOR_ERROR_OUTLIERS) != 0)
		return MONITOR_UNDEFINED;
	least = fmin(MAX_ROWS, fmax(MIN_ROWS, (double) *labels / 100));
	for (int64_t slot = 0; slot < monitor_profile_slots(labelled); slot++)
	{
		MONITOR_POLL(slot);
		add_slot(&open, calibration, current, slot);
		if (open.labels < least)
			continue;
		finish_stratum(&means, &last);
		last = open;
		open = (Stratum){0};
	}
	add_stratum(&last, &open);
	finish_stratum(&means, &last);
	*effective_rows = means.n * means.n / means.inverse_effective;
	if (*effective_rows < MONITOR_ESTIMATE_MIN_EFFECTIVE)
		return MONITOR_UNDEFINED;
	for (int i = 0; i < 2; i++)
	{
		means.variance[i] += end_variance(&means, means.first, (double) *labels, i) +
			end_variance(&means, means.last, (double) *labels, i);
		value[i] = ldexp(means.sum[i] / means.n, (i + 1) * unit);
		error[i] = ldexp(sqrt(means.variance[i]) / means.n, (i + 1) * unit);
	}
	estimate[MONITOR_LOSS_ABSOLUTE] = loss(value[0], error[0]);
	estimate[MONITOR_LOSS_SQUARED] = loss(value[1], error[1]);
	estimate[MONITOR_LOSS_ROOT_SQUARED] =
		loss(sqrt(value[1]), value[1] > 0 ? error[1] / (2 * sqrt(value[1])) : 0);
	return MONITOR_OK;
}
