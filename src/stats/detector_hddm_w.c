/*
 * detector_hddm_w.c
 *		HDDM_W (Frias-Blanco et al., 2014): an exponentially weighted mean of the
 *		values after a cut exceeds that of the values before it by more than
 *		McDiarmid's bound for values in [0, 1].  The cut is where mean and bound
 *		were lowest.
 *
 * estimate is the weighted mean of all values since the start; statistic is the
 * difference over the bound at the drift's confidence (a drift is above 1), the
 * larger one if two-sided.  A weighted mean starts with its first value.
 */
#include "detector_internal.h"

enum
{
	DRIFT_CONFIDENCE,
	WARNING_CONFIDENCE,
	LAMBDA,
	TWO_SIDED
};

static const MonitorParameter parameters[] = {
	MONITOR_OPEN("drift_confidence", 0.001, 0, 1),
	MONITOR_OPEN("warning_confidence", 0.005, 0, 1),
	MONITOR_NUMBER("lambda_val", 0.05, 0, 1),
	MONITOR_FLAG("two_sided_test"),
};

static const MonitorWeightedMean empty = {false, 0, 1};

static void
reset(MonitorDetector *detector)
{
	MonitorHddmW *state = &detector->state.hddm_w;

	state->all = empty;
	for (int side = 0; side < 2; side++)
	{
		state->before[side] = empty;
		state->after[side] = empty;
		state->cut[side] = INFINITY;
	}
}

static void
add(MonitorWeightedMean *mean, double x, double lambda)
{
	mean->mean = mean->any ? lambda * x + (1.0 - lambda) * mean->mean : x;
	mean->weights = lambda * lambda + (1 - lambda) * (1 - lambda) * mean->weights;
	mean->any = true;
}

static double
mcdiarmid(double weights, double confidence)
{
	return sqrt(weights * log(1 / confidence) / 2);
}

/* The difference in the direction of the side, over the bound; 0 where a mean has no value. */
static double
ratio(const MonitorHddmW *state, int side, double confidence)
{
	const MonitorWeightedMean *before = &state->before[side];
	const MonitorWeightedMean *after = &state->after[side];
	double difference = after->mean - before->mean;

	if (!before->any || !after->any)
		return 0.0;
	return (side == 0 ? difference : -difference) /
		mcdiarmid(before->weights + after->weights, confidence);
}

static bool
changed(const MonitorHddmW *state, int side, double confidence)
{
	const MonitorWeightedMean *before = &state->before[side];
	const MonitorWeightedMean *after = &state->after[side];
	double difference = after->mean - before->mean;

	return before->any && after->any &&
		(side == 0 ? difference : -difference) >
		mcdiarmid(before->weights + after->weights, confidence);
}

/* A fall is a rise of the values' negatives: both sides look for the lowest cut. */
static void
move_cut(MonitorHddmW *state, int side, double x, const double *option)
{
	double mean = side == 0 ? state->all.mean : -state->all.mean;
	double level = mean + mcdiarmid(state->all.weights, option[DRIFT_CONFIDENCE]);

	if (level < state->cut[side])
	{
		state->cut[side] = level;
		state->before[side] = state->all;
		state->after[side] = empty;
	}
	else
		add(&state->after[side], x, option[LAMBDA]);
}

static void
update(MonitorDetector *detector, double x)
{
	const double *option = detector->parameters;
	MonitorHddmW *state = &detector->state.hddm_w;
	MonitorDriftSignal *signal = &detector->signal;

	add(&state->all, x, option[LAMBDA]);
	move_cut(state, 0, x, option);
	signal->drift = changed(state, 0, option[DRIFT_CONFIDENCE]);
	signal->warning = !signal->drift && changed(state, 0, option[WARNING_CONFIDENCE]);
	signal->estimate = state->all.mean;
	signal->statistic = ratio(state, 0, option[DRIFT_CONFIDENCE]);
	if (option[TWO_SIDED] == 0)
		return;
	move_cut(state, 1, x, option);
	if (changed(state, 1, option[DRIFT_CONFIDENCE]))
		signal->drift = true;
	else if (changed(state, 1, option[WARNING_CONFIDENCE]))
		signal->warning = true;
	signal->statistic = fmax(signal->statistic, ratio(state, 1, option[DRIFT_CONFIDENCE]));
}

static void
walk_mean(MonitorDetectorIo *io, const char *name_any, const char *name_mean,
		  const char *name_weights, MonitorWeightedMean *mean)
{
	monitor_io_flag(io, name_any, &mean->any);
	monitor_io_number(io, name_mean, &mean->mean, 0, 1);
	monitor_io_number(io, name_weights, &mean->weights, 0, 1);
}

static bool
walk(MonitorDetectorIo *io, MonitorDetector *detector)
{
	MonitorHddmW *state = &detector->state.hddm_w;

	walk_mean(io, "any", "mean", "weights", &state->all);
	monitor_io_number(io, "lowest", &state->cut[0], -1, INFINITY);
	walk_mean(io, "any_before", "mean_before", "weights_before", &state->before[0]);
	walk_mean(io, "any_after", "mean_after", "weights_after", &state->after[0]);
	monitor_io_number(io, "highest", &state->cut[1], -1, INFINITY);
	walk_mean(io, "any_before_fall", "mean_before_fall", "weights_before_fall", &state->before[1]);
	walk_mean(io, "any_after_fall", "mean_after_fall", "weights_after_fall", &state->after[1]);
	return !state->all.any || detector->values > 0;
}

const MonitorDetectorClass monitor_hddm_w_class = {
	.name = "hddm_w",
	.parameters = parameters,
	.nparameters = 4,
	.least = 0,
	.most = 1,
	.takes =
		"It takes errors: 1 for a wrong prediction, 0 for a right one, or a loss between them.",
	.reset = reset,
	.update = update,
	.walk = walk,
};
