/*
 * detector_hddm_a.c
 *		HDDM_A (Frias-Blanco et al., 2014): the mean of all values since the
 *		start differs from the mean at the cut where it was lowest by more than
 *		Hoeffding's bound for values in [0, 1].
 *
 * estimate is the mean; statistic is the difference over the bound at the
 * drift's confidence (a drift is at least 1), the larger one if two-sided.
 */
#include "detector_internal.h"

enum
{
	DRIFT_CONFIDENCE,
	WARNING_CONFIDENCE,
	TWO_SIDED
};

static const MonitorParameter parameters[] = {
	MONITOR_OPEN("drift_confidence", 0.001, 0, 1),
	MONITOR_OPEN("warning_confidence", 0.005, 0, 1),
	MONITOR_FLAG("two_sided_test"),
};

static void
reset(MonitorDetector *detector)
{
	(void) detector; /* all is 0 */
}

/* Hoeffding's bound of a mean of n values. */
static double
hoeffding(int64_t n, double confidence)
{
	return sqrt(1.0 / (double) (2 * n) * log(1.0 / confidence));
}

/* The bound of the difference of the means of all values and of those up to the cut. */
static double
bound(const MonitorRunningMean *all, const MonitorRunningMean *cut, double confidence)
{
	double m = (double) (all->n - cut->n) / (double) cut->n * (1.0 / (double) all->n);

	return sqrt(m / 2 * log(2.0 / confidence));
}

static void
move_cuts(MonitorHddmA *state, double confidence, bool two_sided)
{
	double bound_all = hoeffding(state->all.n, confidence);

	if (state->lowest.n == 0 ||
		state->lowest.mean + hoeffding(state->lowest.n, confidence) >= state->all.mean + bound_all)
		state->lowest = state->all;
	if (two_sided &&
		(state->highest.n == 0 ||
		 state->highest.mean - hoeffding(state->highest.n, confidence) <=
			 state->all.mean - bound_all))
		state->highest = state->all;
}

/* Whether the means differ by the bound, given the difference in the direction looked for. */
static bool
changed(const MonitorHddmA *state, const MonitorRunningMean *cut, double difference,
		double confidence)
{
	return cut->n != state->all.n && difference >= bound(&state->all, cut, confidence);
}

static double
ratio(const MonitorHddmA *state, const MonitorRunningMean *cut, double difference,
	  double confidence)
{
	return cut->n == state->all.n ? 0.0 : difference / bound(&state->all, cut, confidence);
}

static void
update(MonitorDetector *detector, double x)
{
	const double *option = detector->parameters;
	MonitorHddmA *state = &detector->state.hddm_a;
	MonitorDriftSignal *signal = &detector->signal;
	bool two_sided = option[TWO_SIDED] != 0;
	double rise;
	double fall;

	monitor_running_mean_add(&state->all, x);
	move_cuts(state, option[DRIFT_CONFIDENCE], two_sided);
	rise = state->all.mean - state->lowest.mean;
	signal->drift = changed(state, &state->lowest, rise, option[DRIFT_CONFIDENCE]);
	signal->warning = !signal->drift &&
		changed(state, &state->lowest, rise, option[WARNING_CONFIDENCE]);
	signal->estimate = state->all.mean;
	signal->statistic = ratio(state, &state->lowest, rise, option[DRIFT_CONFIDENCE]);
	if (!two_sided)
		return;
	fall = state->highest.mean - state->all.mean;
	if (changed(state, &state->highest, fall, option[DRIFT_CONFIDENCE]))
		signal->drift = true;
	else if (changed(state, &state->highest, fall, option[WARNING_CONFIDENCE]))
		signal->warning = true;
	signal->statistic =
		fmax(signal->statistic, ratio(state, &state->highest, fall, option[DRIFT_CONFIDENCE]));
}

static bool
walk(MonitorDetectorIo *io, MonitorDetector *detector)
{
	MonitorHddmA *state = &detector->state.hddm_a;

	monitor_io_mean(io, "n", "mean", &state->all, 0, 1);
	monitor_io_mean(io, "n_lowest", "mean_lowest", &state->lowest, 0, 1);
	monitor_io_mean(io, "n_highest", "mean_highest", &state->highest, 0, 1);
	return state->all.n <= detector->values && state->lowest.n <= state->all.n &&
		state->highest.n <= state->all.n;
}

const MonitorDetectorClass monitor_hddm_a_class = {
	.name = "hddm_a",
	.parameters = parameters,
	.nparameters = 3,
	.least = 0,
	.most = 1,
	.takes =
		"It takes errors: 1 for a wrong prediction, 0 for a right one, or a loss between them.",
	.reset = reset,
	.update = update,
	.walk = walk,
};
