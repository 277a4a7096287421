/*
 * watch_look.c
 *		Looks: windows of several lengths that end at a bucket, the sum of their
 *		evidence, and the episode that opens and closes.
 */
#include "watch.h"

MonitorWatchWindow
monitor_watch_window(const MonitorWatchSeries *series, int64_t first, int64_t last, double *counts,
					 double *rows)
{
	const double *from = series->sums + first * series->slots;
	const double *to = series->sums + last * series->slots;
	MonitorWatchWindow window = {counts, rows, 0};

	for (int64_t slot = 0; slot < series->slots; slot++)
	{
		counts[slot] = to[slot] - from[slot];
		window.n += counts[slot];
	}
	for (int s = 1; series->rows && s <= series->strata; s++)
		rows[s] = series->rows[last * (series->strata + 1) + s] -
			series->rows[first * (series->strata + 1) + s];
	return window;
}

/* ---- dependence ---- */

/* The share of a window that a stream counts, and what its reference expects. */
static double
stream_share(const MonitorWatchPlan *plan, int64_t stream, const double *values)
{
	double sum = 0;

	if (plan->categorical)
		return values[plan->stream_slot[stream]];
	for (int64_t slot = 0; slot <= plan->stream_slot[stream]; slot++)
		sum += values[slot];
	return sum;
}

/*
 * The largest ratio, over the streams, of the variance of the windows' shares around what
 * their strata expect to that of independent rows; 0 with fewer than two windows.
 */
static double
variance_ratio(const MonitorWatchReference *reference, const MonitorWatchPlan *plan,
			   const MonitorWatchSeries *series, int64_t length, double *scratch, int *windows)
{
	double *counts = scratch;
	double *share = scratch + plan->slots;
	double *squares = scratch + 2 * plan->slots;
	double *pooled = scratch + 3 * plan->slots;
	double *rows = scratch + 4 * plan->slots;
	double total = 0;
	double largest = 0;

	*windows = 0;
	memset(squares, 0, sizeof(double) * (size_t) plan->streams);
	memset(pooled, 0, sizeof(double) * (size_t) plan->streams);
	for (int64_t last = length; last <= series->buckets; last += length)
	{
		MonitorWatchWindow window = monitor_watch_window(series, last - length, last, counts, rows);

		if (window.n == 0)
			continue;
		monitor_watch_match(reference, &window, share);
		for (int64_t i = 0; i < plan->streams; i++)
		{
			double rows_in = stream_share(plan, i, counts);
			double off = rows_in / window.n - stream_share(plan, i, share);

			squares[i] += off * off;
			pooled[i] += rows_in;
		}
		total += window.n;
		++*windows;
	}
	if (*windows < 2)
		return 0;
	for (int64_t i = 0; i < plan->streams; i++)
	{
		double p = pooled[i] / total;
		double independent = p * (1 - p) / (total / *windows);

		if (independent > 0)
			largest = fmax(largest, squares[i] / (*windows - 1) / independent);
	}
	return largest;
}

bool
monitor_watch_dependence(const MonitorWatchReference *reference, const MonitorWatchPlan *plan,
						 const MonitorWatchSeries *series, double *scratch,
						 double phi[MONITOR_WATCH_SCALES], int windows[MONITOR_WATCH_SCALES])
{
	double largest = 1;
	bool known = false;

	for (int scale = 0; scale < MONITOR_WATCH_SCALES; scale++)
	{
		double ratio =
			variance_ratio(reference, plan, series, INT64_C(1) << scale, scratch, &windows[scale]);

		if (windows[scale] >= MONITOR_DEPENDENCE_WINDOWS)
		{
			largest = fmax(largest, ratio);
			known = true;
		}
		phi[scale] = largest;
	}
	return known;
}

/* ---- one look ---- */

/* What the windows that end at a look say together. */
typedef struct Windows
{
	MonitorLook decisive; /* P: the shortest window with rows enough */
	bool enough;
	MonitorLook last;		/* the longest window, where none has rows enough */
	double strongest_log_e; /* of the window with the most evidence, and its effect */
	double strongest_effect;
	double log_s;
} Windows;

static double
log_add(double a, double b)
{
	double high = fmax(a, b);

	if (high == -INFINITY)
		return high;
	return high + log1p(exp(fmin(a, b) - high));
}

static void
look_at_windows(const MonitorWatchReference *reference, const MonitorWatchPlan *plan,
				const MonitorWatchSeries *series, int64_t last, int64_t since, const double *phi,
				const MonitorWatchOptions *options, double *scratch, Windows *windows)
{
	double *counts = scratch;
	double *share = scratch + plan->slots;
	MonitorWatchPrior *priors = (MonitorWatchPrior *) (share + plan->slots);
	double *rows = (double *) (priors + plan->slots);
	double phi_largest = phi ? phi[MONITOR_WATCH_SCALES - 1] : 1;
	MonitorWatchMatch match = {NULL, 0};

	for (int scale = 0; scale < MONITOR_WATCH_SCALES; scale++)
	{
		int64_t first = last - (INT64_C(1) << scale);
		MonitorLook look = {.first = first, .phi = phi ? phi[scale] : 1};
		MonitorWatchWindow window;
		double log_e;

		if (first < since)
			break;
		window = monitor_watch_window(series, first, last, counts, rows);
		if (window.n == 0)
			continue;
		/* without strata every window has the same reference */
		if (match.share == NULL || reference->strata > 0)
		{
			match = monitor_watch_match(reference, &window, share);
			monitor_watch_priors(plan, &match, phi_largest, options->level, priors);
		}
		look.effect = monitor_watch_effect(plan, &match, &window, look.phi);
		look.n_reference = match.n;
		look.n_current = window.n;
		log_e = monitor_watch_evidence(plan, priors, &window, look.phi);
		windows->log_s = log_add(windows->log_s, log_e);
		if (log_e > windows->strongest_log_e)
		{
			windows->strongest_log_e = log_e;
			windows->strongest_effect = look.effect.effect;
		}
		windows->last = look;
		if (!windows->enough && look.effect.bias <= options->warning / 4)
		{
			windows->enough = true;
			windows->decisive = look;
		}
	}
}

static void
update_episode(const Windows *windows, const MonitorWatchOptions *options, bool dependence_known,
			   int64_t last, MonitorWatchState *state, MonitorLook *look)
{
	double now = windows->enough ? windows->decisive.effect.effect : 0;
	double worst = fmax(now, windows->strongest_effect);

	if (!state->open && windows->log_s >= options->log_threshold && worst >= options->warning)
	{
		look->opened = true;
		state->open = true;
		state->calm = 0;
		state->critical = false;
	}
	else if (state->open)
	{
		worst = now;
		state->calm = windows->enough && now < options->closing ? state->calm + 1 : 0;
		if (state->calm >= MONITOR_CALM_LOOKS)
		{
			look->closed = true;
			state->open = false;
			state->calm = 0;
			state->critical = false;
			state->since = last;
		}
	}
	if (state->open)
	{
		bool critical = worst >= options->critical && dependence_known;

		state->critical = state->critical || critical;
		look->verdict = critical ? MONITOR_WATCH_CRITICAL : MONITOR_WATCH_WARNING;
	}
	else if (!windows->enough)
		look->verdict = MONITOR_WATCH_INSUFFICIENT;
	else if (now >= options->warning)
		look->verdict = MONITOR_WATCH_UNSURE;
	else
		look->verdict = windows->log_s >= options->log_threshold ? MONITOR_WATCH_SMALL
																 : MONITOR_WATCH_OK;
}

void
monitor_watch_look(const MonitorWatchReference *reference, const MonitorWatchPlan *plan,
				   const MonitorWatchSeries *series, int64_t last, const double *phi,
				   const MonitorWatchOptions *options, double *scratch, MonitorWatchState *state,
				   MonitorLook *look)
{
	Windows windows = {.strongest_log_e = -INFINITY, .log_s = -INFINITY};

	windows.last.first = windows.decisive.first = last - 1;
	windows.last.phi = 1;
	look_at_windows(reference, plan, series, last, state->since, phi, options, scratch, &windows);
	*look = windows.enough ? windows.decisive : windows.last;
	look->log_e = windows.log_s;
	look->opened = false;
	look->closed = false;
	update_episode(&windows, options, phi != NULL, last, state, look);
	if (look->n_current == 0 && !state->open)
		look->verdict = MONITOR_WATCH_NO_DATA;
}
