/*
 * detector_page_hinkley.c
 *		The Page-Hinkley test (Page, 1954), with a forgetting factor: cumulated
 *		deviations from the running mean, less a tolerance, have left their
 *		lowest (highest) level by more than the threshold.
 *
 * estimate is the mean; statistic is the larger distance from that level, in
 * the directions that the mode has, from min_instances values on.
 */
#include "detector_internal.h"

enum
{
	MIN_INSTANCES,
	DELTA,
	THRESHOLD,
	ALPHA,
	MODE
};

static const MonitorParameter parameters[] = {
	MONITOR_INTEGER("min_instances", 30, 0, MONITOR_MOST_COUNT),
	MONITOR_NUMBER("delta", 0.005, 0, MONITOR_DETECTOR_LARGEST),
	MONITOR_NUMBER("threshold", 50, 0, MONITOR_DETECTOR_LARGEST),
	MONITOR_NUMBER("alpha", 1 - 0.0001, 0, 1),
	MONITOR_MODE("mode"),
};

static void
reset(MonitorDetector *detector)
{
	detector->state.page_hinkley.min_increase = INFINITY;
	detector->state.page_hinkley.max_decrease = -1;
}

static void
update(MonitorDetector *detector, double x)
{
	const double *option = detector->parameters;
	MonitorPageHinkley *state = &detector->state.page_hinkley;
	double deviation;
	double increase;
	double decrease;

	monitor_running_mean_add(&state->all, x);
	detector->signal.estimate = state->all.mean;
	deviation = x - state->all.mean;
	state->sum_increase = option[ALPHA] * state->sum_increase + deviation - option[DELTA];
	state->sum_decrease = option[ALPHA] * state->sum_decrease + deviation + option[DELTA];
	if (state->sum_increase < state->min_increase)
		state->min_increase = state->sum_increase;
	if (state->sum_decrease > state->max_decrease)
		state->max_decrease = state->sum_decrease;
	if ((double) state->all.n < option[MIN_INSTANCES])
		return;
	increase = option[MODE] == MONITOR_MODE_DOWN ? 0 : state->sum_increase - state->min_increase;
	decrease = option[MODE] == MONITOR_MODE_UP ? 0 : state->max_decrease - state->sum_decrease;
	detector->signal.statistic = increase > decrease ? increase : decrease;
	detector->signal.drift = detector->signal.statistic > option[THRESHOLD];
}

static bool
walk(MonitorDetectorIo *io, MonitorDetector *detector)
{
	MonitorPageHinkley *state = &detector->state.page_hinkley;
	const double most = MONITOR_DETECTOR_SUM;

	monitor_io_mean(io, "n", "mean", &state->all, -most, most);
	monitor_io_number(io, "sum_increase", &state->sum_increase, -most, most);
	monitor_io_number(io, "sum_decrease", &state->sum_decrease, -most, most);
	monitor_io_number(io, "min_increase", &state->min_increase, -most, INFINITY);
	monitor_io_number(io, "max_decrease", &state->max_decrease, -1, most);
	return state->all.n <= detector->values;
}

const MonitorDetectorClass monitor_page_hinkley_class = {
	.name = "page_hinkley",
	.parameters = parameters,
	.nparameters = 5,
	.least = -MONITOR_DETECTOR_LARGEST,
	.most = MONITOR_DETECTOR_LARGEST,
	.takes = "It takes finite numbers of magnitude up to 1e100.",
	.reset = reset,
	.update = update,
	.walk = walk,
};
