/*
 * looking.c
 *		How often evidence alarms, and how soon, when one looks at every bucket
 *		for 90 days.
 *
 * The rule in its simplest form: one stream of independent rows; at each look
 * S = sum of E_L over the trailing windows of L = 1, 2, 4 .. 512 buckets, none
 * longer than the looks so far; alarm when S >= 2 F H / alpha, the ball on the
 * reference having level alpha / 2 F.
 *
 * Only counts at the reference's ventiles matter, so only these are drawn: the
 * true shares between order statistics of n uniform variables are a Dirichlet
 * variable with the ranks' differences as parameters.
 */
#include <stdio.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sort.h>

#include "simulate.h"
#include "stats/evidence.h"

#define VENTILES   19
#define MOST_LOOKS 2160
#define MOST_RUNS  1000
#define WINDOWS	   10
#define ALPHA	   0.05

typedef struct Setting
{
	int looks;
	int64_t rows; /* a look */
	int64_t n_reference;
	int runs;		   /* without drift */
	int most_delay[2]; /* median looks to find 0.2 and 0.5 sigma */
} Setting;

static const double shifts[] = {0.2, 0.5};

static int64_t through[MOST_LOOKS + 1][VENTILES];

/* Ranks of the anchors, and the true shares between them. */
static void
draw_reference(gsl_rng *rng, int64_t n, int64_t *ranks, double *shares)
{
	double widths[VENTILES + 1];
	int64_t before = 0;

	for (int i = 0; i < VENTILES; i++)
	{
		ranks[i] = (n * (i + 1) + VENTILES) / (VENTILES + 1);
		widths[i] = (double) (ranks[i] - before);
		before = ranks[i];
	}
	widths[VENTILES] = (double) (n + 1 - before);
	gsl_ran_dirichlet(rng, VENTILES + 1, widths, shares);
}

/* The shares after the values moved up by `shift` standard deviations of a normal variable. */
static void
shift_shares(double *shares, double shift)
{
	double cumulated = 0;
	double before = 0;

	for (int i = 0; i < VENTILES; i++)
	{
		double shifted;

		cumulated += shares[i];
		shifted = gsl_cdf_ugaussian_P(gsl_cdf_ugaussian_Pinv(cumulated) - shift);
		shares[i] = shifted - before;
		before = shifted;
	}
	shares[VENTILES] = 1 - before;
}

/* Draw the rows of a look and add them to the cumulated counts. */
static void
draw_look(gsl_rng *rng, const double *shares, int64_t rows, int look)
{
	unsigned int drawn[VENTILES + 1];
	int64_t sum = 0;

	gsl_ran_multinomial(rng, VENTILES + 1, (unsigned int) rows, shares, drawn);
	for (int i = 0; i < VENTILES; i++)
	{
		sum += drawn[i];
		through[look][i] = through[look - 1][i] + sum;
	}
}

/* ln S at a look */
static double
log_evidence_at(const Setting *setting, const int64_t *ranks, int look)
{
	double sum = 0;
	double most = -INFINITY;
	double log_e[WINDOWS];
	int windows = 0;

	for (; windows < WINDOWS && 1 << windows <= look; windows++)
	{
		int length = 1 << windows;
		int64_t counts[VENTILES];
		MonitorEvidenceStreams streams = {.reference = ranks,
										  .k = VENTILES,
										  .n_reference = setting->n_reference,
										  .ordered = true,
										  .unseen = -1};

		for (int i = 0; i < VENTILES; i++)
			counts[i] = through[look][i] - through[look - length][i];
		streams.current = counts;
		streams.n_current = length * setting->rows;
		log_e[windows] = monitor_log_evidence(&streams, ALPHA / 2, 1);
		most = fmax(most, log_e[windows]);
	}
	for (int i = 0; i < windows; i++)
		sum += exp(log_e[i] - most);
	return most + log(sum);
}

/* Looks until the alarm, counted from the first one after drift began; 0: none. */
static int
run(gsl_rng *rng, const Setting *setting, int calm, double shift)
{
	int64_t ranks[VENTILES];
	double shares[VENTILES + 1];
	double threshold = log(2 * setting->looks / ALPHA);

	draw_reference(rng, setting->n_reference, ranks, shares);
	for (int look = 1; look <= setting->looks; look++)
	{
		if (look == calm + 1)
			shift_shares(shares, shift);
		draw_look(rng, shares, setting->rows, look);
		if (look > calm && log_evidence_at(setting, ranks, look) >= threshold)
			return look - calm;
	}
	return 0;
}

static void
false_alarms(gsl_rng *rng, const Setting *setting)
{
	long alarms = 0;
	double low;
	double high;

	for (int i = 0; i < setting->runs; i++)
		alarms += run(rng, setting, 0, 0) > 0;
	binomial_interval(alarms, setting->runs, &low, &high);
	printf("looking     %5d looks, %5lld rows each, %7lld reference: %ld of %d drift-free runs alarmed "
		   "[%.2f %.2f] %%, allowed %.0f %%\n",
		   setting->looks, (long long) setting->rows, (long long) setting->n_reference, alarms,
		   setting->runs, 100 * low, 100 * high, 100 * ALPHA);
	check(low <= ALPHA, "looking %d times at %lld rows: false alarms", setting->looks,
		  (long long) setting->rows);
}

static void
delays(gsl_rng *rng, const Setting *setting, double shift, int most)
{
	static double found[MOST_RUNS];
	int runs = setting->runs < 200 ? setting->runs : 200;
	int missed = 0;

	for (int i = 0; i < runs; i++)
	{
		int delay = run(rng, setting, setting->looks / 2, shift);

		missed += delay == 0;
		found[i] = delay == 0 ? INFINITY : delay;
	}
	gsl_sort(found, 1, runs);
	printf("looking     %5d looks, %5lld rows each, %7lld reference: %.1f sigma found after %g looks (median), "
		   "%g (90 %%), %d of %d missed\n",
		   setting->looks, (long long) setting->rows, (long long) setting->n_reference, shift,
		   found[runs / 2], found[runs * 9 / 10], missed, runs);
	check(found[runs / 2] <= most, "looking %d times at %lld rows: %.1f sigma within %d looks",
		  setting->looks, (long long) setting->rows, shift, most);
}

void
simulate_looking(bool full)
{
	static const Setting settings[] = {
		{90, 2000, 60000, 1000, {2, 1}},
		{2160, 50, 36000, 200, {30, 6}},
		{2160, 1000, 720000, 200, {2, 1}},
	};

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
	{
		Setting setting = settings[i];
		char name[64];
		unsigned long seed;
		gsl_rng *rng;

		if (!full && i > 0)
			break;
		if (!full)
			setting.runs = 50;
		snprintf(name, sizeof(name), "looking %d %lld", setting.looks, (long long) setting.rows);
		rng = seeded(name, &seed);
		printf("# %s, seed %lu\n", name, seed);
		false_alarms(rng, &setting);
		for (int j = 0; j < 2; j++)
			delays(rng, &setting, shifts[j], setting.most_delay[j]);
		gsl_rng_free(rng);
	}
}
