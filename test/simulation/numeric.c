/*
 * numeric.c
 *		False alarms and power of the tests of numbers.
 *
 * All kinds of data are made of a latent normal variable, so that a shift of
 * 0.1 means a tenth of its standard deviation in each.
 */
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "simulate.h"
#include "stats/cells.h"
#include "stats/evidence.h"
#include "stats/tests.h"

#define LARGEST	 100000
#define VENTILES 19

static uint64_t keys[2][LARGEST];
static uint64_t sort_space[LARGEST];
static double *ks_space;

static double
normal(double z)
{
	return z;
}

/* To halves of a standard deviation: about 13 values. */
static double
rounded(double z)
{
	return rint(2 * z) / 2;
}

static double
lognormal(double z)
{
	return exp(z);
}

/* Half of the values are 0. */
static double
half_zero(double z)
{
	return fmax(0, z);
}

/* Five values with shares 0.50, 0.30, 0.15, 0.04, 0.01. */
static double
five_values(double z)
{
	return (z > 0) + (z > 0.8416212) + (z > 1.6448536) + (z > 2.3263479);
}

typedef struct Kind
{
	const char *name;
	double (*value)(double z);
	int values;	  /* distinct ones; 0: a continuum */
	double least; /* share of the rarest */
} Kind;

static const Kind kinds[] = {
	{"normal", normal, 0, INFINITY},	   {"lognormal", lognormal, 0, INFINITY},
	{"rounded", rounded, 13, 0.001},	   {"half zero", half_zero, 0, INFINITY},
	{"five values", five_values, 5, 0.01},
};

#define NKINDS ((int) (sizeof(kinds) / sizeof(kinds[0])))

static const Kind *
kind_of(const Case *c)
{
	const Kind *kind = kinds;

	while (strcmp(kind->name, c->kind) != 0)
		kind++;
	return kind;
}

static MonitorSample
draw(const Kind *kind, gsl_rng *rng, double shift, uint64_t *into, int64_t n)
{
	MonitorSample sample = {into, n};

	for (int64_t i = 0; i < n; i++)
		into[i] = monitor_key_from_double(kind->value(gsl_ran_gaussian_ziggurat(rng, 1) + shift));
	monitor_sort_keys(into, sort_space, n);
	return sample;
}

static void
psi_of_samples(const MonitorSample *reference, const MonitorSample *current,
			   MonitorTestResult *result)
{
	MonitorCut cuts[MONITOR_MAX_CUTS(MONITOR_DEFAULT_BINS)];
	int64_t counts[2][MONITOR_MAX_CUTS(MONITOR_DEFAULT_BINS) + 1];
	int ncuts = monitor_cut_sample(reference, MONITOR_DEFAULT_BINS, cuts);
	MonitorCells cells = {ncuts + 1, counts[0], counts[1], 0, 0};

	monitor_count_cells(reference, cuts, ncuts, counts[0]);
	monitor_count_cells(current, cuts, ncuts, counts[1]);
	monitor_cells_finish(&cells);
	monitor_psi_test(&cells, result);
}

/* The anchors of the evidence: every distinct value up to 20, else ventiles. */
static int
evidence_anchors(const MonitorSample *sample, uint64_t *anchors)
{
	int k = 0;
	int64_t i = 0;

	while (i < sample->n && k < MONITOR_VALUE_CELLS)
	{
		anchors[k++] = sample->keys[i];
		i = monitor_count_through(sample, sample->keys[i]);
	}
	if (i == sample->n)
		return k;
	for (k = 0; k < VENTILES; k++)
		anchors[k] = sample->keys[(sample->n * (k + 1) + VENTILES) / (VENTILES + 1) - 1];
	return k;
}

static double
evidence_p(const MonitorSample *reference, const MonitorSample *current, double level)
{
	uint64_t anchors[MONITOR_VALUE_CELLS];
	int64_t counts[2][MONITOR_VALUE_CELLS];
	int k = evidence_anchors(reference, anchors);
	MonitorEvidenceStreams streams = {counts[0],  counts[1], 0,	 reference->n,
									  current->n, true,		 -1, 0};

	for (int i = 0; i < k; i++)
	{
		counts[0][i] = monitor_count_through(reference, anchors[i]);
		counts[1][i] = monitor_count_through(current, anchors[i]);
	}
	streams.k = k;
	return monitor_evidence_p(monitor_log_evidence(&streams, level / 2, 1), level / 2);
}

static void
numeric_trial(const Case *c, gsl_rng *rng, double effect, bool slow, double p[NLEVELS][NTESTS])
{
	const Kind *kind = kind_of(c);
	MonitorSample reference = draw(kind, rng, 0, keys[0], c->n);
	MonitorSample current = draw(kind, rng, effect, keys[1], c->m);
	MonitorTestResult results[NTESTS];

	for (int t = 0; t < NTESTS; t++)
		results[t].p_value = NAN;
	if (slow)
		monitor_ks(&reference, &current, ks_space, &results[KS]);
	monitor_mann_whitney(&reference, &current, &results[MANN_WHITNEY]);
	monitor_cramer_von_mises(&reference, &current, &results[CRAMER_VON_MISES]);
	monitor_anderson_darling(&reference, &current, &results[ANDERSON_DARLING]);
	monitor_welch(&reference, &current, &results[WELCH]);
	psi_of_samples(&reference, &current, &results[PSI]);
	for (int l = 0; l < NLEVELS; l++)
	{
		for (int t = 0; t < NTESTS; t++)
			p[l][t] = results[t].p_value;
		if (slow)
			p[l][EVIDENCE] = evidence_p(&reference, &current, nominal_levels[l]);
	}
}

static const Case sizes[] = {
	{.n = 12, .m = 12, .runs = 5000, .slow_every = 1},
	{.n = 25, .m = 25, .runs = 20000, .slow_every = 1, .full = true},
	{.n = 20, .m = 500, .runs = 10000, .slow_every = 1, .full = true},
	{.n = 50, .m = 500, .runs = 15000, .slow_every = 1, .full = true},
	{.n = 500, .m = 50, .runs = 15000, .slow_every = 1},
	{.n = 1000, .m = 200, .runs = 10000, .slow_every = 1},
	{.n = 5000, .m = 5000, .runs = 4000, .slow_every = 1, .full = true},
	{.n = 10000, .m = 100, .runs = 4000, .slow_every = 2},
	{.n = 100, .m = 10000, .runs = 4000, .slow_every = 2, .full = true},
	{.n = 100000, .m = 1000, .runs = 2000, .slow_every = 4, .full = true},
};

void
simulate_numeric(bool full)
{
	size_t space = monitor_ks_scratch(LARGEST, LARGEST - 1);

	ks_space = malloc(space * sizeof(double));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (int j = 0; j < NKINDS; j++)
		{
			Case c = sizes[i];

			if (!full && (c.full || j % 2 == 1))
				continue;
			c.runs = full ? c.runs : c.runs / 5;
			c.kind = kinds[j].name;
			c.k = kinds[j].values;
			c.least = kinds[j].least * (double) (c.n < c.m ? c.n : c.m);
			c.effects[0] = 0.1;
			c.effects[1] = 0.3;
			simulate_case(&c, numeric_trial);
		}
	free(ks_space);
}
