/*
 * watch.c
 *		How often a model that has not drifted raises a verdict in 90 days of looks, how soon
 *		one that has is found, and what simpler rules would have raised.
 *
 * Everything that decides is src/stats/watch*.c, the code that runs in the server.
 * Features are normal, in 60 values so that counts can be drawn instead of rows; rows
 * may come in clusters, days may wander, hours and weekends may have their season.
 *
 * watch reduced|full [RUNS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "stats/watch.h"

#define VALUES		  60
#define BASELINE_DAYS 30
#define DAYS		  90
#define FEATURES	  50
#define MOST		  (24 * DAYS)
#define MOST_BASE	  (24 * BASELINE_DAYS)
#define ALPHA		  0.05

typedef struct Scenario
{
	const char *name;
	double rows;   /* a bucket, current */
	double base;   /* a bucket, baseline */
	int per_day;   /* buckets a day: 24 or 1 */
	int cluster;   /* rows that share a value */
	double wander; /* sigma of a day's shift */
	double diurnal;
	double weekend;
	bool matched;	   /* season matched */
	double shift;	   /* of feature 0 from day 42 to day 60; 0: no drift */
	int most_evidence; /* buckets within which half of the runs have evidence of it */
	int most_delay;	   /* and a verdict; 0: it is too small for one */
	bool independent;  /* rows are known to be so: phi is 1, not what the baseline makes it */
} Scenario;

static const Scenario scenarios[] = {
	{"independent rows, hourly", 1000, 1000, 24, 1, 0, 0, 0, false, 0, 0, 0},
	{"baseline of 1,500 rows", 1000, 1500.0 / MOST_BASE, 24, 1, 0, 0, 0, false, 0, 0, 0},
	{"clusters of 10 rows", 1000, 1000, 24, 10, 0, 0, 0, false, 0, 0, 0},
	{"days wander by 0.02 sigma", 1000, 1000, 24, 1, 0.02, 0, 0, false, 0, 0, 0},
	{"days wander by 0.1 sigma", 1000, 1000, 24, 1, 0.1, 0, 0, false, 0, 0, 0},
	{"season, matched", 1000, 1000, 24, 1, 0, 0.3, 0.2, true, 0, 0, 0},
	{"0.1 sigma, an hour, phi is 1", 1000, 1000, 24, 1, 0, 0, 0, false, 0.1, 7, 0, true},
	{"0.2 sigma, an hour, phi is 1", 1000, 1000, 24, 1, 0, 0, 0, false, 0.2, 2, 0, true},
	{"0.1 sigma, 1,000 rows an hour", 1000, 1000, 24, 1, 0, 0, 0, false, 0.1, 11, 0},
	{"0.2 sigma, 1,000 rows an hour", 1000, 1000, 24, 1, 0, 0, 0, false, 0.2, 3, 0},
	{"0.5 sigma, 1,000 rows an hour", 1000, 1000, 24, 1, 0, 0, 0, false, 0.5, 1, 1},
	{"0.5 sigma, 500 rows a day", 500, 5000, 1, 1, 0, 0, 0, false, 0.5, 2, 2},
	{"0.5 sigma, 200 rows a day", 200, 5000, 1, 1, 0, 0, 0, false, 0.5, 2, 2},
	{"0.5 sigma, 50 rows a day", 50, 5000, 1, 1, 0, 0, 0, false, 0.5, 11, 11},
};

typedef struct Tally
{
	int verdicts; /* episodes that opened without drift */
	int runs_with_one;
	double ks;	 /* hourly KS at 5 %, a run */
	double psi;	 /* PSI > 0.1, a run */
	double mean; /* mean outside 3 sigma, a run */
	int known;
	int evidence[1000]; /* buckets from the drift to evidence of it */
	int found;
	int delay[1000]; /* to its verdict */
	int closing[1000];
	int closed;
} Tally;

static gsl_rng *rng;
static double edges[VALUES]; /* upper edges of the values; the last is infinite */

static double
shift_of(const Scenario *s, int bucket, double wander)
{
	int hour = s->per_day == 24 ? bucket % 24 : 12;
	int day = bucket / s->per_day;

	return wander + s->diurnal * sin(2 * M_PI * hour / 24) + (day % 7 >= 5 ? s->weekend : 0);
}

/* Rows of one bucket by value. */
static void
draw_bucket(const Scenario *s, double rows, double shift, unsigned *counts)
{
	double shares[VALUES];
	double below = 0;
	unsigned n = gsl_ran_poisson(rng, rows / s->cluster);

	for (int i = 0; i < VALUES; i++)
	{
		double through = i == VALUES - 1 ? 1 : gsl_cdf_ugaussian_P(edges[i] - shift);

		shares[i] = through - below;
		below = through;
	}
	gsl_ran_multinomial(rng, VALUES, n, shares, counts);
	for (int i = 0; i < VALUES; i++)
		counts[i] *= s->cluster;
}

/* A profile of 60 values from counts. */
static MonitorProfile *
profile_of(const double *counts)
{
	MonitorProfile *profile = calloc(1, monitor_profile_size_numeric(VALUES, 0));
	double anchors[VALUES];

	for (int i = 0; i < VALUES; i++)
		anchors[i] = i;
	if (monitor_profile_init_numeric(profile, anchors, VALUES, 0) != MONITOR_OK)
		abort();
	for (int i = 0; i < VALUES; i++)
	{
		monitor_profile_counts(profile)[2 * i + 1] = (int64_t) counts[i];
		profile->n += (int64_t) counts[i];
	}
	return profile;
}

static int
stratum_of(const Scenario *s, int bucket)
{
	int day = bucket / s->per_day;

	return s->matched ? 1 + bucket % 24 + (day % 7 >= 5 ? 24 : 0) : 0;
}

/* Slots of 20 coarse anchors from counts of 60 values. */
static void
to_slots(const unsigned *counts, const int64_t *chosen, int64_t k, double *slots)
{
	int64_t at = 0;

	memset(slots, 0, sizeof(double) * (2 * k + 1));
	for (int i = 0; i < VALUES; i++)
	{
		while (at < k && i > chosen[at])
			at++;
		slots[2 * at + (at < k && i == chosen[at])] += counts[i];
	}
}

typedef struct Feature
{
	MonitorWatchReference reference;
	MonitorWatchPlan plan;
	MonitorProfile *coarse;
	int64_t chosen[32];
	double phi[MONITOR_WATCH_SCALES];
	double mean;
	double mean_sd;
	double fine[VALUES];
	double n;
} Feature;

static unsigned base_counts[MOST_BASE][VALUES];
static unsigned counts[MOST][VALUES];
static double sums[(MOST + 1) * 64];
static double rows[(MOST + 1) * 49];
static int64_t strata[48 * 64];
static int64_t plan_memory[MONITOR_WATCH_PLAN_SIZE(64)];
static double scratch[MONITOR_LOOK_SCRATCH(64, 48)];

static double
mean_of(const unsigned *c)
{
	double n = 0;
	double sum = 0;

	for (int i = 0; i < VALUES; i++)
	{
		n += c[i];
		sum += (double) c[i] * i;
	}
	return n > 0 ? sum / n : NAN;
}

/* Running sums of buckets in slots. */
static MonitorWatchSeries
series_of(const Scenario *s, const Feature *f, unsigned (*from)[VALUES], int buckets)
{
	int64_t slots = f->plan.slots;
	int width = f->reference.strata + 1;

	memset(sums, 0, sizeof(double) * slots);
	memset(rows, 0, sizeof(double) * width);
	for (int b = 0; b < buckets; b++)
	{
		double own[64];
		double n = 0;

		to_slots(from[b], f->chosen, f->coarse->k, own);
		for (int64_t i = 0; i < slots; i++)
		{
			sums[(b + 1) * slots + i] = sums[b * slots + i] + own[i];
			n += own[i];
		}
		memcpy(rows + (b + 1) * width, rows + b * width, sizeof(double) * width);
		rows[(b + 1) * width + stratum_of(s, b)] += n;
	}
	return (MonitorWatchSeries){buckets, slots, f->reference.strata, sums,
								f->reference.strata > 0 ? rows : NULL};
}

static void
make_baseline(const Scenario *s, Feature *f)
{
	int buckets = BASELINE_DAYS * s->per_day;
	MonitorProfile *fine;
	MonitorWatchSeries series;
	double wander = 0;
	double squares = 0;
	int windows[MONITOR_WATCH_SCALES];
	int known = 0;

	memset(f, 0, sizeof(*f));
	memset(strata, 0, sizeof(strata));
	for (int b = 0; b < buckets; b++)
	{
		if (b % s->per_day == 0)
			wander = gsl_ran_gaussian(rng, s->wander);
		draw_bucket(s, s->base, shift_of(s, b, wander), base_counts[b]);
		for (int i = 0; i < VALUES; i++)
			f->fine[i] += base_counts[b][i];
		if (!isnan(mean_of(base_counts[b])))
		{
			f->mean += mean_of(base_counts[b]);
			squares += pow(mean_of(base_counts[b]), 2);
			known++;
		}
	}
	f->mean /= known;
	f->mean_sd = sqrt(fmax(0, squares / known - f->mean * f->mean));
	fine = profile_of(f->fine);
	f->n = (double) fine->n;
	f->coarse = calloc(1, monitor_profile_size_numeric(32, 0));
	{
		int64_t k = monitor_coarse_anchors(fine, f->chosen);
		double anchors[32];

		for (int64_t i = 0; i < k; i++)
			anchors[i] = (double) f->chosen[i];
		if (monitor_profile_init_numeric(f->coarse, anchors, k, 0) != MONITOR_OK)
			abort();
		monitor_coarsen(fine, f->chosen, f->coarse);
	}
	free(fine);
	if (monitor_watch_plan(f->coarse, plan_memory, &f->plan) != MONITOR_OK)
		abort();
	f->reference = (MonitorWatchReference){f->coarse, s->matched ? 48 : 0, strata};
	for (int b = 0; s->matched && b < buckets; b++)
	{
		double own[64];

		to_slots(base_counts[b], f->chosen, f->coarse->k, own);
		for (int64_t i = 0; i < f->plan.slots; i++)
			strata[(stratum_of(s, b) - 1) * f->plan.slots + i] += (int64_t) own[i];
	}
	series = series_of(s, f, base_counts, buckets);
	if (!monitor_watch_dependence(&f->reference, &f->plan, &series, scratch, f->phi, windows))
		abort();
	for (int scale = 0; s->independent && scale < MONITOR_WATCH_SCALES; scale++)
		f->phi[scale] = 1;
}

/* What simpler rules say of one bucket. */
static void
count_rivals(const Feature *f, const unsigned *c, double psi, Tally *tally)
{
	double m = 0;
	double d = 0;
	double below_base = 0;
	double below = 0;

	for (int i = 0; i < VALUES; i++)
		m += c[i];
	if (m == 0)
		return;
	for (int i = 0; i < VALUES; i++)
	{
		below_base += f->fine[i] / f->n;
		below += c[i] / m;
		d = fmax(d, fabs(below - below_base));
	}
	tally->ks += d > 1.358 * sqrt(1 / f->n + 1 / m);
	tally->psi += psi > 0.1;
	tally->mean += fabs(mean_of(c) - f->mean) > 3 * f->mean_sd;
}

/*
 * Whether a window that ends at a look has an effect that may open an episode.  Without one
 * the look cannot open any, whatever the evidence, which most time goes to: the long campaign
 * leaves those out, the short one looks at all of them and fails should one open.
 */
static bool
may_open(const Feature *f, const MonitorWatchSeries *series, int64_t last,
		 const MonitorWatchState *state, double warning)
{
	double *share = scratch;
	double *own = scratch + 64;
	double *stratum = scratch + 2 * 64;

	for (int scale = 0; scale < MONITOR_WATCH_SCALES; scale++)
	{
		int64_t first = last - (INT64_C(1) << scale);
		MonitorWatchWindow window;
		MonitorWatchMatch match;

		if (first < state->since)
			return false;
		window = monitor_watch_window(series, first, last, own, stratum);
		if (window.n == 0)
			continue;
		match = monitor_watch_match(&f->reference, &window, share);
		if (monitor_watch_effect(&f->plan, &match, &window, f->phi[scale]).effect >= warning)
			return true;
	}
	return false;
}

static bool
watch_feature(const Scenario *s, bool drifts, bool all_looks, Tally *tally)
{
	int buckets = DAYS * s->per_day;
	int from = 42 * s->per_day;
	int to = 60 * s->per_day;
	double wander = 0;
	double looks = s->per_day == 24 ? 2160 : 90;
	MonitorWatchOptions options = {log(2 * FEATURES * looks / ALPHA), ALPHA / (2 * FEATURES), 0.1,
								   0.25, 0.08};
	MonitorWatchState state = {0, false, 0, false};
	MonitorWatchSeries series;
	Feature f;
	bool raised = false;
	bool known = false;
	bool found = false;

	make_baseline(s, &f);
	for (int b = 0; b < buckets; b++)
	{
		if (b % s->per_day == 0)
			wander = gsl_ran_gaussian(rng, s->wander);
		draw_bucket(s, s->rows,
					shift_of(s, b, wander) + (drifts && b >= from && b < to ? s->shift : 0),
					counts[b]);
	}
	series = series_of(s, &f, counts, buckets);
	for (int b = 0; b < buckets; b++)
	{
		MonitorLook look = {.opened = false};
		bool may = state.open || may_open(&f, &series, b + 1, &state, options.warning);

		if (may || all_looks)
			monitor_watch_look(&f.reference, &f.plan, &series, b + 1, f.phi, &options, scratch,
							   &state, &look);
		if (look.opened && !may)
			abort();
		if (!drifts)
		{
			double one[64];
			double share[64];
			double stratum[64];
			MonitorWatchWindow window = monitor_watch_window(&series, b, b + 1, one, stratum);
			MonitorWatchReference pooled = {f.coarse, 0, NULL};
			MonitorWatchMatch match = monitor_watch_match(&pooled, &window, share);

			count_rivals(&f, counts[b],
						 window.n > 0 ? monitor_watch_effect(&f.plan, &match, &window, 1).psi : 0,
						 tally);
			if (look.opened)
			{
				tally->verdicts++;
				raised = true;
			}
			continue;
		}
		if (look.log_e >= options.log_threshold && b >= from && b < to && !known)
		{
			known = true;
			tally->evidence[tally->known++] = b - from + 1;
		}
		if (look.opened && b >= from && b < to && !found)
		{
			found = true;
			tally->delay[tally->found++] = b - from + 1;
		}
		if (look.closed && found && b >= to)
			tally->closing[tally->closed++] = b - to + 1;
	}
	free(f.coarse);
	return raised;
}

static int
compare_ints(const void *a, const void *b)
{
	return *(const int *) a - *(const int *) b;
}

static int
median(int *values, int n)
{
	qsort(values, n, sizeof(int), compare_ints);
	return n == 0 ? -1 : values[(n - 1) / 2];
}

/* Runs first, first + step, ...: each has its own seed, so that any can be repeated alone. */
static void
run_some(int scenario, int first, int step, int runs, int features, bool all_looks, Tally *tally)
{
	const Scenario *s = &scenarios[scenario];

	for (int run = first; run < runs; run += step)
	{
		bool raised = false;

		gsl_rng_set(rng, 20261125 + 1000 * scenario + run);
		for (int f = 0; f < features; f++)
			raised = watch_feature(s, s->shift > 0, all_looks, tally) || raised;
		tally->runs_with_one += raised;
	}
}

static void
add_tally(Tally *total, const Tally *one)
{
	total->verdicts += one->verdicts;
	total->runs_with_one += one->runs_with_one;
	total->ks += one->ks;
	total->psi += one->psi;
	total->mean += one->mean;
	memcpy(total->evidence + total->known, one->evidence, sizeof(int) * one->known);
	memcpy(total->delay + total->found, one->delay, sizeof(int) * one->found);
	memcpy(total->closing + total->closed, one->closing, sizeof(int) * one->closed);
	total->known += one->known;
	total->found += one->found;
	total->closed += one->closed;
}

/* The runs of a scenario, shared out among as many processes as there are processors. */
static Tally
run_all(int scenario, int runs, int features, bool all_looks)
{
	int processes = (int) sysconf(_SC_NPROCESSORS_ONLN);
	Tally *tallies = mmap(NULL, sizeof(Tally) * processes, PROT_READ | PROT_WRITE,
						  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	Tally total = {0};
	int status;

	if (tallies == MAP_FAILED)
		abort();
	for (int i = 0; i < processes; i++)
	{
		pid_t child = fork();

		if (child < 0)
			abort();
		if (child > 0)
			continue;
		run_some(scenario, i, processes, runs, features, all_looks, &tallies[i]);
		_exit(0);
	}
	for (int i = 0; i < processes; i++)
		if (wait(&status) < 0 || status != 0)
			abort();
	for (int i = 0; i < processes; i++)
		add_tally(&total, &tallies[i]);
	munmap(tallies, sizeof(Tally) * processes);
	return total;
}

static bool
report_drift(const Scenario *s, int number, int runs, Tally *tally)
{
	int evidence = median(tally->evidence, tally->known);
	int delay = median(tally->delay, tally->found);
	int most = (runs + 99) / 100; /* runs that may miss it */
	bool good = tally->known >= runs - most && evidence <= s->most_evidence;

	/* one too small for a verdict has none in the median run */
	good = good &&
		(s->most_delay > 0 ? tally->found >= runs - most && delay <= s->most_delay
						   : 2 * tally->found < runs);
	printf("# %-32s %5d %9s %9s %9s %9s %9s | %8d %6d %7d %7d\n", s->name, runs, "", "", "", "", "",
		   evidence, tally->found, delay, median(tally->closing, tally->closed));
	printf("%sok %d - %s: evidence in 99 %% of the runs, in half within %d looks",
		   good ? "" : "not ", number, s->name, s->most_evidence);
	if (s->most_delay > 0)
		printf("; a verdict, in half within %d\n", s->most_delay);
	else
		printf("; too small for a verdict\n");
	return good;
}

static bool
report_calm(const Scenario *s, int number, int runs, int features, const Tally *tally)
{
	double scale = (double) FEATURES / features / runs;
	bool good = tally->runs_with_one <= ALPHA * runs;

	printf("# %-32s %5d %9d %9d %9.0f %9.0f %9.0f |\n", s->name, runs, tally->verdicts,
		   tally->runs_with_one, tally->ks * scale, tally->psi * scale, tally->mean * scale);
	printf("%sok %d - %s: verdicts in no more than 5 %% of the runs\n", good ? "" : "not ", number,
		   s->name);
	return good;
}

int
main(int argc, char **argv)
{
	bool full = argc > 1 && strcmp(argv[1], "full") == 0;
	int only = argc > 2 ? atoi(argv[2]) : 0; /* runs of each scenario */
	int number = 0;
	int failures = 0;

	rng = gsl_rng_alloc(gsl_rng_mt19937);
	for (int i = 0; i < VALUES - 1; i++)
		edges[i] = gsl_cdf_ugaussian_Pinv((i + 1.0) / VALUES);
	printf("# 90 days of looks after 30 days of baseline; rivals: alarms a run of 50 features\n");
	printf("# %-32s %5s %9s %9s %9s %9s %9s | %8s %6s %7s %7s\n", "scenario", "runs", "verdicts",
		   "in runs", "KS 5 %", "PSI>0.1", "3 sigma", "evidence", "found", "delay", "closing");
	fflush(stdout);
	for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
	{
		const Scenario *s = &scenarios[i];
		int features = s->shift > 0 ? 1 : full ? FEATURES : 4;
		int runs = only > 0 ? only : full ? 300 : s->shift > 0 ? 40 : 2;
		Tally tally = run_all((int) i, runs, features, !full || s->shift > 0);
		bool good = s->shift > 0 ? report_drift(s, ++number, runs, &tally)
								 : report_calm(s, ++number, runs, features, &tally);

		failures += !good;
		fflush(stdout);
	}
	printf("1..%d\n", number);
	gsl_rng_free(rng);
	return failures > 0;
}
