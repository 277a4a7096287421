/*
 * detectors.c
 *		How often each detector alarms with its defaults where nothing changes,
 *		and how soon where something does.
 *
 *		detectors reduced|full
 *
 * prints the tables of docs/detectors.md, and as TAP whether the rates are those
 * that full runs measured (within 5 standard errors of this run) and whether the
 * chart of CUSUM with known mean and deviation has the run lengths that are
 * published (Montgomery, Introduction to Statistical Quality Control, section
 * 9.1: slack 0.5, threshold 5 gives 465 without a shift and 10.4 at one
 * standard deviation).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detector.h"

#define LENGTH 10000
#define SHORT  1000

static uint64_t random_state;
static int checks;
static int failures;

static void
check(bool good, const char *what, double got, double low, double high)
{
	checks++;
	failures += !good;
	printf("%sok %d - %s: %.4g (%.4g to %.4g)\n", good ? "" : "not ", checks, what, got, low, high);
}

/* Uniform in (0, 1) (splitmix64). */
static double
uniform(void)
{
	uint64_t z = (random_state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	z ^= z >> 31;
	return ((double) (z >> 11) + 0.5) / 9007199254740992.0;
}

static double
normal(void)
{
	return sqrt(-2 * log(uniform())) * cos(6.28318530717958647693 * uniform());
}

/* A value: an error with probability p, or, for p = 0, a normal one of this mean. */
static double
draw(double p, double mean)
{
	return p > 0 ? uniform() < p : normal() + mean;
}

static MonitorDetector *
start(MonitorDetectorKind kind, const double *parameters)
{
	MonitorDetector *detector = malloc(monitor_detector_size(kind, parameters));

	monitor_detector_init(detector, kind, parameters);
	return detector;
}

/* Another seed of kswin for each stream. */
static void
defaults(MonitorDetectorKind kind, int stream, double *parameters)
{
	monitor_detector_defaults(kind, parameters);
	if (kind == MONITOR_KSWIN)
		parameters[3] = stream;
}

typedef struct Rates
{
	double alarms; /* per 10,000 values */
	double error;  /* its standard error */
	double in_short;
	double in_long; /* share of streams with an alarm */
} Rates;

static Rates
false_alarms(MonitorDetectorKind kind, double p, int streams)
{
	double parameters[MONITOR_MAX_PARAMETERS];
	double sum = 0;
	double squares = 0;
	int in_short = 0;
	int in_long = 0;

	for (int stream = 0; stream < streams; stream++)
	{
		MonitorDetector *detector;
		int64_t alarms;

		random_state = (uint64_t) stream * 1000003 + (uint64_t) (p * 1000);
		defaults(kind, stream, parameters);
		detector = start(kind, parameters);
		for (int i = 0; i < LENGTH; i++)
		{
			monitor_detector_update(detector, draw(p, 0));
			if (i == SHORT - 1)
				in_short += detector->drifts > 0;
		}
		alarms = detector->drifts;
		in_long += alarms > 0;
		sum += (double) alarms;
		squares += (double) (alarms * alarms);
		free(detector);
	}
	return (Rates){sum / streams,
				   sqrt(fmax(squares / streams - sum / streams * sum / streams, 0) / streams),
				   (double) in_short / streams, (double) in_long / streams};
}

/*
 * The change comes after SHORT values that brought no alarm; the median number of values until
 * an alarm, -1 where fewer than half alarm within SHORT.
 */
static int
compare(const void *a, const void *b)
{
	return *(const int *) a - *(const int *) b;
}

static int
median_delay(MonitorDetectorKind kind, double p, double p_after, double shift, int streams)
{
	double parameters[MONITOR_MAX_PARAMETERS];
	int *delays = malloc((size_t) streams * sizeof(int));
	int n = 0;
	int median;

	for (int stream = 0; stream < streams; stream++)
	{
		MonitorDetector *detector;
		int delay = SHORT + 1;

		random_state = (uint64_t) stream * 1000003 + 77;
		defaults(kind, stream, parameters);
		detector = start(kind, parameters);
		for (int i = 0; i < SHORT; i++)
			monitor_detector_update(detector, draw(p, 0));
		if (detector->drifts == 0)
		{
			for (int i = 1; i <= SHORT && delay > SHORT; i++)
			{
				monitor_detector_update(detector, draw(p_after, shift));
				if (detector->signal.drift)
					delay = i;
			}
			delays[n++] = delay;
		}
		free(detector);
	}
	qsort(delays, (size_t) n, sizeof(int), compare);
	median = n == 0 || delays[n / 2] > SHORT ? -1 : delays[n / 2];
	free(delays);
	return median;
}

/* Rates that `full' measured: alarms per 10,000 values without drift. */
typedef struct Known
{
	MonitorDetectorKind kind;
	double p[4]; /* error rates; 0: normal */
	double alarms[4];
} Known;

static const Known known[] = {
	{MONITOR_ADWIN, {0, 0.01, 0.1, 0.3}, {0.007, 0, 0, 0.001}},
	{MONITOR_CUSUM, {0, 0.01, 0.1, 0.3}, {19.045, 17.823, 19.166, 18.22}},
	{MONITOR_DDM, {0.01, 0.1, 0.3, 0.5}, {5.761, 0.83, 0.246, 0.106}},
	{MONITOR_EDDM, {0.01, 0.1, 0.3, 0.5}, {2.217, 16.42, 18.46, 11.855}},
	{MONITOR_HDDM_A, {0.01, 0.1, 0.3, 0.5}, {0, 0.028, 0.221, 0.187}},
	{MONITOR_HDDM_W, {0.01, 0.1, 0.3, 0.5}, {0, 0.001, 3.878, 7.888}},
	{MONITOR_KSWIN, {0, 0.01, 0.1, 0.3}, {13.041, 0, 0, 0.847}},
	{MONITOR_PAGE_HINKLEY, {0, 0.01, 0.1, 0.3}, {5.913, 0, 0.021, 0.527}},
};

static void
measure_false_alarms(int streams)
{
	printf("| detector | stream | alarms per 10,000 values | streams of 1,000 with an alarm | of 10,000 |\n");
	printf("|---|---|---|---|---|\n");
	for (size_t d = 0; d < sizeof(known) / sizeof(known[0]); d++)
	{
		for (int i = 0; i < 4; i++)
		{
			Rates r = false_alarms(known[d].kind, known[d].p[i], streams);
			double slack = 5 * fmax(r.error, 0.5 / streams) + 0.005;
			char what[64];
			char stream[32] = "normal(0, 1)";

			if (known[d].p[i] > 0)
				snprintf(stream, sizeof(stream), "errors, %g %%", 100 * known[d].p[i]);
			printf("| `%s` | %s | %.3f ± %.3f | %.1f %% | %.1f %% |\n",
				   monitor_detector_name(known[d].kind), stream, r.alarms, r.error,
				   100 * r.in_short, 100 * r.in_long);
			snprintf(what, sizeof(what), "%s, %s", monitor_detector_name(known[d].kind), stream);
			check(fabs(r.alarms - known[d].alarms[i]) <= slack, what, r.alarms,
				  known[d].alarms[i] - slack, known[d].alarms[i] + slack);
		}
	}
}

static void
measure_delays(int streams)
{
	printf("| detector | errors 10 %% to 20 %% | 10 %% to 40 %% | normal, 0.5 deviations | 2 deviations |\n");
	printf("|---|---|---|---|---|\n");
	for (int kind = 0; kind < MONITOR_NUM_DETECTORS; kind++)
	{
		bool errors = monitor_detector_kind("ddm") == kind ||
			monitor_detector_kind("eddm") == kind || monitor_detector_kind("hddm_a") == kind ||
			monitor_detector_kind("hddm_w") == kind;
		int delay[4] = {median_delay(kind, 0.1, 0.2, 0, streams),
						median_delay(kind, 0.1, 0.4, 0, streams),
						errors ? 0 : median_delay(kind, 0, 0, 0.5, streams),
						errors ? 0 : median_delay(kind, 0, 0, 2, streams)};

		printf("| `%s` |", monitor_detector_name(kind));
		for (int i = 0; i < 4; i++)
		{
			if (delay[i] > 0)
				printf(" %d |", delay[i]);
			else
				printf(" %s |", delay[i] < 0 ? "none" : "–");
		}
		printf("\n");
	}
}

/* Mean number of values to the first alarm of a chart of known mean and deviation. */
static void
check_run_length(double shift, double published, int streams)
{
	double parameters[MONITOR_MAX_PARAMETERS];
	double sum = 0;
	double squares = 0;
	double error;
	char what[64];

	monitor_detector_defaults(MONITOR_CUSUM, parameters);
	parameters[4] = 0;
	parameters[5] = 1;
	random_state = 5;
	for (int stream = 0; stream < streams; stream++)
	{
		MonitorDetector *detector = start(MONITOR_CUSUM, parameters);

		while (!detector->signal.drift)
			monitor_detector_update(detector, normal() + shift);
		sum += (double) detector->values;
		squares += (double) detector->values * (double) detector->values;
		free(detector);
	}
	error = sqrt((squares / streams - sum / streams * sum / streams) / streams);
	snprintf(what, sizeof(what), "cusum, known reference, shift %g: mean run length", shift);
	check(fabs(sum / streams - published) <= 4 * error + 0.005 * published, what, sum / streams,
		  published - 4 * error - 0.005 * published, published + 4 * error + 0.005 * published);
}

int
main(int argc, char **argv)
{
	bool full = argc > 1 && strcmp(argv[1], "full") == 0;
	int streams = full ? 1000 : 40;

	check_run_length(0, 465, full ? 100000 : 2000);
	check_run_length(1, 10.4, full ? 1000000 : 20000);
	measure_false_alarms(streams);
	measure_delays(streams);
	printf("1..%d\n", checks);
	return failures > 0 ? 1 : 0;
}
