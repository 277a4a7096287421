/*
 * detector_cusum.c
 *		CUSUM: Page's two-sided tabular chart (Page, 1954; Montgomery,
 *		Introduction to Statistical Quality Control, section 9.1).  In units of
 *		the reference's standard deviation,
 *			S+ = max(0, S+ + (x - mean) - slack),
 *			S- = max(0, S- - (x - mean) - slack),
 *		a drift is a sum above the threshold.
 *
 * The reference is the first min_instances values (sample deviation), then
 * frozen; or mean and stddev where they are given, without a warm-up.
 * statistic is the larger sum in standard deviations, in the directions that
 * the mode has.  estimate is the level that the larger sum points to
 * (Montgomery, equation 9.5), or the reference's mean when both are 0.
 */
#include "detector_internal.h"

enum
{
	MIN_INSTANCES,
	SLACK,
	THRESHOLD,
	MODE,
	MEAN,
	STDDEV
};

static const MonitorParameter parameters[] = {
	MONITOR_INTEGER("min_instances", 30, 1, MONITOR_MOST_COUNT),
	MONITOR_NUMBER("slack", 0.5, 0, 1e9),
	MONITOR_NUMBER("threshold", 5, 0, 1e9),
	MONITOR_MODE("mode"),
	MONITOR_NUMBER("mean", NAN, -MONITOR_DETECTOR_LARGEST, MONITOR_DETECTOR_LARGEST),
	MONITOR_NUMBER("stddev", NAN, 0, MONITOR_DETECTOR_LARGEST),
};

static const char *
complaint(const double *option)
{
	if (option[THRESHOLD] == 0)
		return "threshold must be greater than 0.";
	if (isnan(option[MEAN]) != isnan(option[STDDEV]))
		return "mean and stddev must be given together.";
	return NULL;
}

static void
reset(MonitorDetector *detector)
{
	(void) detector; /* all is 0 */
}

/* One more value of the warm-up. */
static void
add_reference(MonitorCusum *state, double x)
{
	double before = state->mean;

	state->mean += 1.0 / (double) state->n * (x - before);
	state->squares += (x - before) * (x - state->mean);
}

/* Mean and deviation of the reference; false while it is not complete. */
static bool
reference(const double *option, const MonitorCusum *state, double *mean, double *stddev)
{
	bool given = !isnan(option[MEAN]);

	*mean = given ? option[MEAN] : state->mean;
	*stddev = given ? option[STDDEV] : 0;
	if (given)
		return true;
	if (option[MIN_INSTANCES] > 1)
		*stddev = sqrt(fmax(state->squares / (option[MIN_INSTANCES] - 1), 0));
	return (double) state->n >= option[MIN_INSTANCES];
}

static void
add_to_sum(double *sum, int64_t *run, double deviation, double slack)
{
	*sum = fmax(0.0, *sum + deviation - slack);
	*run = *sum > 0 ? *run + 1 : 0;
}

/* Montgomery, equation 9.5. */
static double
level(const MonitorCusum *state, double mean, double slack)
{
	if (state->increase == 0 && state->decrease == 0)
		return mean;
	if (state->increase >= state->decrease)
		return mean + slack + state->increase / (double) state->run_increase;
	return mean - slack - state->decrease / (double) state->run_decrease;
}

static void
update(MonitorDetector *detector, double x)
{
	const double *option = detector->parameters;
	MonitorCusum *state = &detector->state.cusum;
	double mean;
	double stddev;
	double larger;

	state->n++;
	if (isnan(option[MEAN]) && (double) state->n <= option[MIN_INSTANCES])
		add_reference(state, x);
	if (!reference(option, state, &mean, &stddev))
	{
		detector->signal.estimate = mean;
		return;
	}
	if (option[MODE] != MONITOR_MODE_DOWN)
		add_to_sum(&state->increase, &state->run_increase, x - mean, option[SLACK] * stddev);
	if (option[MODE] != MONITOR_MODE_UP)
		add_to_sum(&state->decrease, &state->run_decrease, mean - x, option[SLACK] * stddev);
	larger = fmax(state->increase, state->decrease);
	detector->signal.drift = larger > option[THRESHOLD] * stddev;
	detector->signal.statistic = larger > 0 ? larger / stddev : 0.0;
	detector->signal.estimate = level(state, mean, option[SLACK] * stddev);
}

static bool
walk(MonitorDetectorIo *io, MonitorDetector *detector)
{
	MonitorCusum *state = &detector->state.cusum;

	monitor_io_count(io, "n", &state->n, 0, detector->values);
	monitor_io_number(io, "mean", &state->mean, -MONITOR_DETECTOR_SUM, MONITOR_DETECTOR_SUM);
	monitor_io_number(io, "squares", &state->squares, 0, MONITOR_DETECTOR_SQUARES);
	monitor_io_number(io, "increase", &state->increase, 0, MONITOR_DETECTOR_SUM);
	monitor_io_number(io, "decrease", &state->decrease, 0, MONITOR_DETECTOR_SUM);
	monitor_io_count(io, "run_increase", &state->run_increase, 0, state->n);
	monitor_io_count(io, "run_decrease", &state->run_decrease, 0, state->n);
	return (state->increase > 0) == (state->run_increase > 0) &&
		(state->decrease > 0) == (state->run_decrease > 0);
}

const MonitorDetectorClass monitor_cusum_class = {
	.name = "cusum",
	.parameters = parameters,
	.nparameters = 6,
	.least = -MONITOR_DETECTOR_LARGEST,
	.most = MONITOR_DETECTOR_LARGEST,
	.takes = "It takes finite numbers of magnitude up to 1e100.",
	.complaint = complaint,
	.reset = reset,
	.update = update,
	.walk = walk,
};
