/*
 * detector_kswin.c
 *		KSWIN (Raab, Heusinger and Schleif, 2020): in a window of the last
 *		values, the most recent stat_size are compared with as many drawn
 *		without replacement from the older ones, by a two-sample
 *		Kolmogorov-Smirnov test at every value.
 *
 * estimate is the mean of the most recent stat_size values; statistic is the
 * KS distance once the window is full.  A drift has p <= alpha and a distance above 0.1.
 * The draws are those of river with the same seed; p is exact whatever the size.
 */
#include <string.h>

#include "detector_internal.h"
#include "tests.h"

enum
{
	ALPHA,
	WINDOW_SIZE,
	STAT_SIZE,
	SEED
};

static const MonitorParameter parameters[] = {
	MONITOR_NUMBER("alpha", 0.005, 0, 1),
	MONITOR_INTEGER("window_size", 100, 2, 100000),
	MONITOR_INTEGER("stat_size", 30, 1, 50000),
	MONITOR_INTEGER("seed", 0, 0, 9007199254740992.0),
};

static const char *
complaint(const double *option)
{
	return 2 * option[STAT_SIZE] > option[WINDOW_SIZE]
		? "stat_size must not be more than half of window_size."
		: NULL;
}

/*
 * In the detector's room: the ring of values, the generator's words, then
 * scratch: three times the keys of a sample, places of the drawn, the pool.
 */
#define WORD_ROOM (MONITOR_RANDOM_WORDS / 2)

static size_t
room(const double *option)
{
	size_t window = (size_t) option[WINDOW_SIZE];

	return window + WORD_ROOM + 3 * (size_t) option[STAT_SIZE] + window;
}

static uint32_t *
random_words(MonitorDetector *detector)
{
	return (uint32_t *) (detector->room + (size_t) detector->parameters[WINDOW_SIZE]);
}

static void
reset(MonitorDetector *detector)
{
	memset(detector->room, 0, room(detector->parameters) * sizeof(double));
	monitor_random_seed(random_words(detector), &detector->state.kswin.next,
						(uint64_t) detector->parameters[SEED]);
}

/* The i-th value of the window, oldest first. */
static double *
window_value(MonitorDetector *detector, int32_t i)
{
	int32_t size = (int32_t) detector->parameters[WINDOW_SIZE];
	int32_t place = detector->state.kswin.start + i;

	return &detector->room[place < size ? place : place - size];
}

static void
append(MonitorDetector *detector, double x)
{
	MonitorKswin *state = &detector->state.kswin;
	int32_t size = (int32_t) detector->parameters[WINDOW_SIZE];

	if (state->length < size)
		state->length++;
	else
		state->start = state->start + 1 < size ? state->start + 1 : 0;
	*window_value(detector, state->length - 1) = x;
}

static double
recent_mean(MonitorDetector *detector, int32_t n)
{
	int32_t length = detector->state.kswin.length;
	double sum = 0;

	n = length < n ? length : n;
	for (int32_t i = length - n; i < length; i++)
		sum += *window_value(detector, i);
	return sum / n;
}

/* The test at a full window. */
static void
test(MonitorDetector *detector)
{
	const double *option = detector->parameters;
	int32_t size = (int32_t) option[WINDOW_SIZE];
	int32_t n = (int32_t) option[STAT_SIZE];
	uint64_t *keys = (uint64_t *) (random_words(detector) + MONITOR_RANDOM_WORDS);
	uint32_t *places = (uint32_t *) (keys + 3 * (size_t) n);
	MonitorSample drawn = {keys, n};
	MonitorSample recent = {keys + n, n};
	char method[MONITOR_METHOD_LEN];
	double unused;
	monitor_int128 h;

	monitor_random_sample(random_words(detector), &detector->state.kswin.next,
						  (uint32_t) (size - n), (uint32_t) n, places, places + size);
	for (int32_t i = 0; i < n; i++)
	{
		keys[i] = monitor_key_from_double(*window_value(detector, (int32_t) places[i]));
		keys[n + i] = monitor_key_from_double(*window_value(detector, size - n + i));
	}
	monitor_sort_keys(keys, keys + 2 * n, n);
	monitor_sort_keys(keys + n, keys + 2 * n, n);
	h = monitor_ks_numerator(&drawn, &recent);
	detector->signal.statistic = monitor_ks_quotient(h, n, n);
	detector->signal.drift = detector->signal.statistic > 0.1 &&
		monitor_ks_pvalue(h, n, n, &unused, method) <= option[ALPHA];
}

static void
update(MonitorDetector *detector, double x)
{
	append(detector, x);
	detector->signal.estimate = recent_mean(detector, (int32_t) detector->parameters[STAT_SIZE]);
	if (detector->state.kswin.length == (int32_t) detector->parameters[WINDOW_SIZE])
		test(detector);
}

static bool
walk(MonitorDetectorIo *io, MonitorDetector *detector)
{
	MonitorKswin *state = &detector->state.kswin;
	int64_t length = state->length;
	int64_t next = state->next;

	monitor_io_count(io, "length", &length, 0, (int64_t) detector->parameters[WINDOW_SIZE]);
	state->length = (int32_t) length;
	monitor_io_open(io, "window");
	for (int32_t i = 0; i < state->length && !monitor_io_failed(io); i++)
		monitor_io_element(io, window_value(detector, i), -MONITOR_DETECTOR_LARGEST,
						   MONITOR_DETECTOR_LARGEST);
	monitor_io_close(io);
	monitor_io_count(io, "next", &next, 0, MONITOR_RANDOM_WORDS);
	state->next = (int32_t) next;
	monitor_io_open(io, "random");
	for (int i = 0; i < MONITOR_RANDOM_WORDS && !monitor_io_failed(io); i++)
		monitor_io_word(io, &random_words(detector)[i]);
	monitor_io_close(io);
	return state->length <= detector->values;
}

const MonitorDetectorClass monitor_kswin_class = {
	.name = "kswin",
	.parameters = parameters,
	.nparameters = 4,
	.least = -MONITOR_DETECTOR_LARGEST,
	.most = MONITOR_DETECTOR_LARGEST,
	.takes = "It takes finite numbers of magnitude up to 1e100.",
	.complaint = complaint,
	.room = room,
	.reset = reset,
	.update = update,
	.walk = walk,
};
