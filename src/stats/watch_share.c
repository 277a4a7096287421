/*
 * watch_share.c
 *		Watching a share of rows, such as the missing ones: evidence over windows of 1, 2, 4, ...
 *		512 buckets, as for drift, and the change of the share as its effect.
 */
#include "evidence.h"
#include "watch.h"

/* Counts of a window: rows that count, of rows. */
typedef struct Window
{
	double count;
	double rows;
	double phi;
} Window;

static Window
window_of(const MonitorShareSeries *series, int64_t last, int scale)
{
	int64_t first = last - ((int64_t) 1 << scale);

	return (Window){series->counts[last] - series->counts[first],
					series->rows[last] - series->rows[first], series->phi ? series->phi[scale] : 1};
}

static double
change_of(const MonitorShareSeries *series, const Window *window)
{
	return window->rows > 0
		? window->count / window->rows - (double) series->reference_count / series->reference_rows
		: 0;
}

/* E of one window: the mean over kappa of one binomial stream (verdicts section 5). */
static double
evidence_of(const MonitorShareSeries *series, const MonitorWatchOptions *options,
			const Window *window)
{
	static const double kappas[] = {20, 200, 2000};
	double n = (double) series->reference_rows;
	double f = fmin(fmax((double) series->reference_count / n, 0.5 / n), 1 - 0.5 / n);
	double largest = series->phi ? series->phi[MONITOR_WATCH_SCALES - 1] : 1;
	double radius = sqrt(log(2 / options->level) / (2 * n / largest));
	double sum = 0;

	if (window->rows <= 0)
		return 0;
	for (int i = 0; i < 3; i++)
		sum +=
			exp(fmin(700,
					 monitor_log_e_binomial(window->count / window->phi, window->rows / window->phi,
											f, f - radius, f + radius, kappas[i])));
	return sum / 3;
}

/* Whether chance moves the share by no more than half of what warns. */
static bool
is_enough(const MonitorShareSeries *series, const MonitorWatchOptions *options,
		  const Window *window)
{
	double n = (double) series->reference_rows;
	double q = fmin(0.5, fmax((double) series->reference_count / n, options->warning));

	return window->rows > 0 &&
		sqrt(q * (1 - q) * window->phi * (1 / n + 1 / window->rows)) <= options->warning / 2;
}

static void
open_or_close(const MonitorWatchOptions *options, int64_t last, double present, double most,
			  MonitorWatchState *state, MonitorShareLook *look)
{
	bool large = fmax(fabs(present), most) >= options->warning;

	look->opened = !state->open && large && look->log_e >= options->log_threshold;
	state->open = state->open || look->opened;
	state->calm = state->open && fabs(present) < options->closing ? state->calm + 1 : 0;
	look->closed = state->calm == MONITOR_CALM_LOOKS;
	if (look->closed)
	{
		state->open = false;
		state->calm = 0;
		state->since = last;
	}
	if (!state->open)
		look->verdict = large && !look->closed ? MONITOR_WATCH_UNSURE : MONITOR_WATCH_OK;
	else
		look->verdict = fmax(fabs(present), look->opened ? most : 0) >= options->critical
			? MONITOR_WATCH_CRITICAL
			: MONITOR_WATCH_WARNING;
}

void
monitor_watch_share(const MonitorShareSeries *series, int64_t last,
					const MonitorWatchOptions *options, MonitorWatchState *state,
					MonitorShareLook *look)
{
	double sum = 0;
	double strongest = -1;
	double at_strongest = 0;
	bool enough = false;

	*look = (MonitorShareLook){.log_e = -INFINITY};
	for (int scale = 0; scale < MONITOR_WATCH_SCALES; scale++)
	{
		Window window;
		double e;

		if (last - ((int64_t) 1 << scale) < state->since)
			break;
		window = window_of(series, last, scale);
		e = evidence_of(series, options, &window);
		sum += e;
		if (e > strongest)
		{
			strongest = e;
			at_strongest = change_of(series, &window);
		}
		if (enough)
			continue;
		/* the shortest window with rows enough, or else the longest */
		enough = is_enough(series, options, &window);
		look->effect = change_of(series, &window);
		look->buckets = (int64_t) 1 << scale;
	}
	if (sum > 0)
		look->log_e = log(sum);
	open_or_close(options, last, look->effect, fabs(at_strongest), state, look);
}
