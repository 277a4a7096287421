/*
 * detector_adwin.c
 *		ADWIN, adaptive windowing (Bifet and Gavalda, 2007): a window of recent
 *		values, as an exponential histogram (row r holds up to max_buckets
 *		buckets of 2^r values, each with its sum and its squared deviations;
 *		Babcock et al., 2003).  Every `clock` values, each cut between buckets
 *		is tried; while the means of the two sides differ by more than
 *			sqrt(2/m s^2 d) + 2/(3 m) d,  d = ln(2 ln(width) / delta),
 *		1/m = 1/(n0 - l + 1) + 1/(n1 - l + 1), l = min_window_length, s^2 the
 *		window's variance, the oldest bucket is dropped: a drift.
 *
 * estimate is the mean of the window; statistic is the largest ratio of
 * difference to bound when cuts were last tried (a drift is above 1).
 */
#include <string.h>

#include "detector_internal.h"

enum
{
	DELTA,
	CLOCK,
	MAX_BUCKETS,
	MIN_WINDOW_LENGTH,
	GRACE_PERIOD
};

static const MonitorParameter parameters[] = {
	MONITOR_OPEN("delta", 0.002, 0, 1),
	MONITOR_INTEGER("clock", 32, 1, MONITOR_MOST_COUNT),
	MONITOR_INTEGER("max_buckets", 5, 2, 100),
	MONITOR_INTEGER("min_window_length", 5, 1, MONITOR_MOST_COUNT),
	MONITOR_INTEGER("grace_period", 10, 0, MONITOR_MOST_COUNT),
};

/* A row has one bucket more until it is merged. */
static size_t
row_length(const double *option)
{
	return (size_t) option[MAX_BUCKETS] + 1;
}

static size_t
room(const double *option)
{
	return 2 * MONITOR_ADWIN_ROWS * row_length(option);
}

static double *
totals(MonitorDetector *detector, int row)
{
	return detector->room + 2 * (size_t) row * row_length(detector->parameters);
}

static double *
variances(MonitorDetector *detector, int row)
{
	return totals(detector, row) + row_length(detector->parameters);
}

static double
bucket_size(int row)
{
	return (double) (INT64_C(1) << row);
}

static void
reset(MonitorDetector *detector)
{
	memset(detector->room, 0, room(detector->parameters) * sizeof(double));
	detector->state.adwin.rows = 1;
}

static void
append_bucket(MonitorDetector *detector, int row, double total, double variance)
{
	int32_t *used = &detector->state.adwin.used[row];

	totals(detector, row)[*used] = total;
	variances(detector, row)[*used] = variance;
	(*used)++;
}

/* Drop the oldest buckets of a row. */
static void
remove_buckets(MonitorDetector *detector, int row, int n)
{
	int32_t *used = &detector->state.adwin.used[row];
	size_t rest = (size_t) (*used - n) * sizeof(double);

	memmove(totals(detector, row), totals(detector, row) + n, rest);
	memmove(variances(detector, row), variances(detector, row) + n, rest);
	*used -= n;
}

/* Merge the two oldest buckets of each row that has one too many into the next row. */
static void
compress(MonitorDetector *detector)
{
	MonitorAdwin *state = &detector->state.adwin;

	for (int row = 0; state->used[row] == (int32_t) row_length(detector->parameters); row++)
	{
		const double *total = totals(detector, row);
		const double *variance = variances(detector, row);
		double n = bucket_size(row);
		double difference = total[0] / n - total[1] / n;

		if (row + 1 == state->rows)
			state->rows++;
		append_bucket(detector, row + 1, total[0] + total[1],
					  variance[0] + variance[1] + n * 0.5 * difference * difference);
		remove_buckets(detector, row, 2);
	}
}

static void
insert(MonitorDetector *detector, double x)
{
	MonitorAdwin *state = &detector->state.adwin;
	double before = (double) state->width;

	append_bucket(detector, 0, x, 0);
	state->width++;
	if (before > 0)
	{
		double difference = x - state->total / before;

		state->variance += before * difference * difference / (double) state->width;
	}
	state->total += x;
	compress(detector);
}

static void
drop_oldest(MonitorDetector *detector)
{
	MonitorAdwin *state = &detector->state.adwin;
	int row = state->rows - 1;
	double n = bucket_size(row);
	double total = totals(detector, row)[0];
	double width;
	double difference;

	state->width -= INT64_C(1) << row;
	state->total -= total;
	width = (double) state->width;
	difference = total / n - state->total / width;
	state->variance -= variances(detector, row)[0] +
		n * width * difference * difference / (n + width);
	remove_buckets(detector, row, 1);
	if (state->used[row] == 0)
		state->rows--;
}

/* The bound for a cut into n0 and n1 values. */
static double
bound(const MonitorDetector *detector, double n0, double n1, double log_term)
{
	const MonitorAdwin *state = &detector->state.adwin;
	double least = detector->parameters[MIN_WINDOW_LENGTH];
	double m = 1.0 / (n0 - least + 1.0) + 1.0 / (n1 - least + 1.0);

	return sqrt(2.0 * m * (state->variance / (double) state->width) * log_term) +
		2.0 / 3.0 * log_term * m;
}

/*
 * Try the cuts, oldest first, up to the first whose sides differ: then true.
 * highest is raised to the largest ratio of difference to bound.
 */
static bool
find_cut(MonitorDetector *detector, double *highest)
{
	const double *option = detector->parameters;
	MonitorAdwin *state = &detector->state.adwin;
	double log_term = log(2.0 * log((double) state->width) / option[DELTA]);
	double n0 = 0;
	double n1 = (double) state->width;
	double u0 = 0;
	double u1 = state->total;

	for (int row = state->rows - 1; row >= 0; row--)
	{
		for (int k = 0; k < state->used[row]; k++)
		{
			double total = totals(detector, row)[k];
			double difference;
			double limit;

			n0 += bucket_size(row);
			n1 -= bucket_size(row);
			u0 += total;
			u1 -= total;
			if (n0 < option[MIN_WINDOW_LENGTH] || n1 < option[MIN_WINDOW_LENGTH])
				continue;
			difference = fabs(u0 / n0 - u1 / n1);
			limit = bound(detector, n0, n1, log_term);
			if (difference / limit > *highest)
				*highest = difference / limit;
			if (difference > limit)
				return true;
		}
	}
	return false;
}

static void
update(MonitorDetector *detector, double x)
{
	const double *option = detector->parameters;
	MonitorAdwin *state = &detector->state.adwin;

	insert(detector, x);
	state->tick++;
	if (fmod((double) state->tick, option[CLOCK]) == 0 &&
		(double) state->width > option[GRACE_PERIOD])
	{
		double highest = 0;

		while (find_cut(detector, &highest))
		{
			MONITOR_POLL(0);
			detector->signal.drift = true;
			drop_oldest(detector);
		}
		detector->signal.statistic = highest;
	}
	detector->signal.estimate = state->total / (double) state->width;
}

/* One number of each bucket, row by row; how many there are is known. */
static void
walk_buckets(MonitorDetectorIo *io, MonitorDetector *detector, const char *name,
			 double *(*numbers)(MonitorDetector *detector, int row), double least, double most)
{
	MonitorAdwin *state = &detector->state.adwin;

	monitor_io_open(io, name);
	for (int row = 0; row < state->rows; row++)
	{
		for (int k = 0; k < state->used[row] && !monitor_io_failed(io); k++)
			monitor_io_element(io, &numbers(detector, row)[k], least, most);
	}
	monitor_io_close(io);
}

/* Only the last row, if it is the only one, can be empty. */
static bool
walk(MonitorDetectorIo *io, MonitorDetector *detector)
{
	MonitorAdwin *state = &detector->state.adwin;
	int64_t rows = state->rows;
	int64_t width = 0;

	monitor_io_count(io, "tick", &state->tick, 0, detector->values);
	monitor_io_count(io, "width", &state->width, 0, state->tick);
	monitor_io_number(io, "total", &state->total, -MONITOR_DETECTOR_SUM, MONITOR_DETECTOR_SUM);
	monitor_io_number(io, "variance", &state->variance, -MONITOR_DETECTOR_SQUARES,
					  MONITOR_DETECTOR_SQUARES);
	monitor_io_count(io, "rows", &rows, 1, MONITOR_ADWIN_ROWS - 1);
	state->rows = (int32_t) rows;
	monitor_io_open(io, "buckets");
	for (int row = 0; row < state->rows; row++)
	{
		int64_t used = state->used[row];

		monitor_io_count(io, NULL, &used, state->width == 0 ? 0 : 1,
						 (int64_t) detector->parameters[MAX_BUCKETS]);
		state->used[row] = (int32_t) used;
		width += used << row;
	}
	monitor_io_close(io);
	walk_buckets(io, detector, "totals", totals, -MONITOR_DETECTOR_SUM, MONITOR_DETECTOR_SUM);
	walk_buckets(io, detector, "variances", variances, 0, MONITOR_DETECTOR_SQUARES);
	return width == state->width && (width > 0 || rows == 1);
}

const MonitorDetectorClass monitor_adwin_class = {
	.name = "adwin",
	.parameters = parameters,
	.nparameters = 5,
	.least = -MONITOR_DETECTOR_LARGEST,
	.most = MONITOR_DETECTOR_LARGEST,
	.takes = "It takes finite numbers of magnitude up to 1e100.",
	.room = room,
	.reset = reset,
	.update = update,
	.walk = walk,
};
