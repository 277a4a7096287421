/*
 * detector_ddm.c
 *		DDM, the drift detection method (Gama, Medas, Castillo and Rodrigues,
 *		2004): the error rate p with its deviation s has risen above the lowest
 *		p + s by a multiple of the s of that time.
 *
 * estimate is the error rate; statistic is (p + s - p_min) / s_min, after the
 * warm-up.
 */
#include "detector_internal.h"

enum
{
	WARM_START,
	WARNING_THRESHOLD,
	DRIFT_THRESHOLD
};

static const MonitorParameter parameters[] = {
	MONITOR_INTEGER("warm_start", 30, 0, MONITOR_MOST_COUNT),
	MONITOR_NUMBER("warning_threshold", 2, 0, MONITOR_DETECTOR_LARGEST),
	MONITOR_NUMBER("drift_threshold", 3, 0, MONITOR_DETECTOR_LARGEST),
};

static void
reset(MonitorDetector *detector)
{
	detector->state.ddm.p_min = INFINITY;
}

/* x / y of numbers that are not negative, where 0 / 0 is no excess. */
static double
excess(double x, double y)
{
	return x > 0 ? x / y : 0.0;
}

static void
update(MonitorDetector *detector, double x)
{
	const double *option = detector->parameters;
	MonitorDdm *state = &detector->state.ddm;
	MonitorDriftSignal *signal = &detector->signal;
	double p;
	double s;

	monitor_running_mean_add(&state->errors, x);
	p = state->errors.mean;
	s = sqrt(p * (1 - p) / (double) state->errors.n);
	signal->estimate = p;
	if ((double) state->errors.n <= option[WARM_START])
		return;
	if (p + s <= state->p_min + state->s_min)
	{
		state->p_min = p;
		state->s_min = s;
	}
	signal->warning = p + s > state->p_min + option[WARNING_THRESHOLD] * state->s_min;
	if (p + s > state->p_min + option[DRIFT_THRESHOLD] * state->s_min)
	{
		signal->drift = true;
		signal->warning = false;
	}
	signal->statistic = excess(p + s - state->p_min, state->s_min);
}

static bool
walk(MonitorDetectorIo *io, MonitorDetector *detector)
{
	MonitorDdm *state = &detector->state.ddm;

	monitor_io_mean(io, "n", "errors", &state->errors, 0, 1);
	monitor_io_number(io, "p_min", &state->p_min, 0, INFINITY);
	monitor_io_number(io, "s_min", &state->s_min, 0, 1);
	return state->errors.n <= detector->values;
}

const MonitorDetectorClass monitor_ddm_class = {
	.name = "ddm",
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
