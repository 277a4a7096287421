/*
 * detector_eddm.c
 *		EDDM, the early drift detection method (Baena-Garcia et al., 2006): the
 *		distance between errors, mean and two deviations, has shrunk from the
 *		largest it had.
 *
 * estimate is the mean distance between errors; statistic is the ratio to the
 * largest: it falls.  As in river the deviation has divisor n - 1, and a warning stays until
 * a ratio is above alpha again, a drift over it or a new largest distance leave
 * it as it was.
 */
#include "detector_internal.h"

enum
{
	WARM_START,
	ALPHA,
	BETA
};

static const MonitorParameter parameters[] = {
	MONITOR_INTEGER("warm_start", 30, 0, MONITOR_MOST_COUNT),
	MONITOR_NUMBER("alpha", 0.95, 0, MONITOR_DETECTOR_LARGEST),
	MONITOR_NUMBER("beta", 0.9, 0, MONITOR_DETECTOR_LARGEST),
};

static const char *
complaint(const double *option)
{
	return option[ALPHA] < option[BETA] ? "alpha must not be less than beta." : NULL;
}

static bool
takes_value(double value)
{
	return value == 0 || value == 1;
}

static void
reset(MonitorDetector *detector)
{
	detector->state.eddm.highest = -1;
}

/* The mean distance and two sample deviations, with the distance of this error. */
static double
add_distance(MonitorEddm *state)
{
	double x = (double) (state->n - state->last_error);
	double before = state->distance.mean;
	double variance = 0;

	monitor_running_mean_add(&state->distance, x);
	state->squares += (x - before) * (x - state->distance.mean);
	if (state->distance.n > 1)
		variance = state->squares / (double) (state->distance.n - 1);
	return state->distance.mean + 2 * sqrt(variance);
}

static void
update(MonitorDetector *detector, double x)
{
	const double *option = detector->parameters;
	MonitorEddm *state = &detector->state.eddm;
	MonitorDriftSignal *signal = &detector->signal;
	double level;

	state->n++;
	if (x == 0)
		return;
	level = add_distance(state);
	state->last_error = state->n;
	signal->estimate = state->distance.mean;
	if ((double) state->n <= option[WARM_START])
		return;
	if (level > state->highest)
		state->highest = level;
	else if ((double) state->distance.n > option[WARM_START])
	{
		if (level / state->highest < option[BETA])
			signal->drift = true;
		else
			signal->warning = level / state->highest < option[ALPHA];
	}
	signal->statistic = level / state->highest;
}

static bool
walk(MonitorDetectorIo *io, MonitorDetector *detector)
{
	MonitorEddm *state = &detector->state.eddm;

	monitor_io_count(io, "n", &state->n, 0, detector->values);
	monitor_io_count(io, "last_error", &state->last_error, 0, state->n);
	monitor_io_mean(io, "errors", "distance", &state->distance, 0, (double) state->n);
	monitor_io_number(io, "squares", &state->squares, 0, MONITOR_DETECTOR_SQUARES);
	monitor_io_number(io, "highest", &state->highest, -1, MONITOR_DETECTOR_SUM);
	return state->distance.n <= state->last_error;
}

const MonitorDetectorClass monitor_eddm_class = {
	.name = "eddm",
	.parameters = parameters,
	.nparameters = 3,
	.takes = "It takes errors: 1 for a wrong prediction, 0 for a right one.",
	.takes_value = takes_value,
	.complaint = complaint,
	.reset = reset,
	.update = update,
	.walk = walk,
};
