/*
 * categorical.c
 *		False alarms and power of the tests of categories.
 */
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "simulate.h"
#include "stats/cells.h"
#include "stats/evidence.h"
#include "stats/tests.h"

#define MOST 200

/* Shares of the categories of a kind, the first one grown by `effect`. */
static void
shares_of(const Case *c, double effect, double *shares)
{
	double sum = 0;
	double first;

	for (int i = 0; i < c->k; i++)
	{
		shares[i] = strcmp(c->kind, "Zipf") == 0 ? 1.0 / (i + 1) : 1;
		if (strcmp(c->kind, "1 % flag") == 0)
			shares[i] = i == 0 ? 1 : 99;
		sum += shares[i];
	}
	first = shares[0] / sum;
	for (int i = 0; i < c->k; i++)
		shares[i] *= (i == 0 ? 1 + effect : (1 - first * (1 + effect)) / (1 - first)) / sum;
}

static void
draw(gsl_rng *rng, const Case *c, double effect, int64_t rows, int64_t *counts)
{
	double shares[MOST];
	unsigned int drawn[MOST];

	shares_of(c, effect, shares);
	gsl_ran_multinomial(rng, c->k, rows, shares, drawn);
	for (int i = 0; i < c->k; i++)
		counts[i] = drawn[i];
}

/* The categories that the reference has come first, as PSI and evidence want them. */
static int
reference_first(const Case *c, int64_t *reference, int64_t *current)
{
	int seen = 0;

	for (int i = 0; i < c->k; i++)
	{
		int64_t a = reference[i];
		int64_t b = current[i];

		if (a == 0)
			continue;
		reference[i] = reference[seen];
		current[i] = current[seen];
		reference[seen] = a;
		current[seen] = b;
		seen++;
	}
	return seen;
}

static void
psi_of_categories(const Case *c, const int64_t *reference, const int64_t *current, int seen,
				  MonitorTestResult *result)
{
	int64_t copies[2][MOST + 2];
	MonitorCells cells = {c->k, copies[0], copies[1], 0, 0};

	memcpy(copies[0], reference, c->k * sizeof(int64_t));
	memcpy(copies[1], current, c->k * sizeof(int64_t));
	monitor_cells_finish(&cells);
	monitor_merge_categories(&cells, seen, NULL);
	monitor_psi_test(&cells, result);
}

/* One stream a category of the reference, and one of the unseen. */
static double
evidence_p(const Case *c, const int64_t *reference, const int64_t *current, int seen, double level)
{
	int64_t copies[2][MOST + 1];
	MonitorEvidenceStreams streams = {copies[0], copies[1], seen + 1, c->n, c->m, false, seen, 0};

	memcpy(copies[0], reference, seen * sizeof(int64_t));
	memcpy(copies[1], current, seen * sizeof(int64_t));
	copies[0][seen] = 0;
	copies[1][seen] = 0;
	for (int i = seen; i < c->k; i++)
		copies[1][seen] += current[i];
	for (int i = 0; i < seen; i++)
		streams.singles += reference[i] == 1;
	return monitor_evidence_p(monitor_log_evidence(&streams, level / 2, 1), level / 2);
}

static void
categorical_trial(const Case *c, gsl_rng *rng, double effect, bool slow, double p[NLEVELS][NTESTS])
{
	int64_t counts[2][MOST];
	MonitorTestResult results[NTESTS];
	int seen;

	for (int t = 0; t < NTESTS; t++)
		results[t].p_value = NAN;
	draw(rng, c, 0, c->n, counts[0]);
	draw(rng, c, effect, c->m, counts[1]);
	seen = reference_first(c, counts[0], counts[1]);
	monitor_chi2(counts[0], counts[1], c->k, &results[CHI2]);
	monitor_g_test(counts[0], counts[1], c->k, &results[G_TEST]);
	if (c->k == 2)
		monitor_fisher(counts[0], counts[1], c->k, &results[FISHER]);
	psi_of_categories(c, counts[0], counts[1], seen, &results[PSI]);
	for (int l = 0; l < NLEVELS; l++)
	{
		for (int t = 0; t < NTESTS; t++)
			p[l][t] = results[t].p_value;
		if (slow)
			p[l][EVIDENCE] = evidence_p(c, counts[0], counts[1], seen, nominal_levels[l]);
	}
}

static const struct
{
	const char *name;
	int k;
	bool full;
} kinds[] = {
	{"1 % flag", 2, false}, {"uniform", 2, false},	 {"uniform", 5, true}, {"uniform", 20, false},
	{"uniform", 50, true},	{"uniform", 200, false}, {"Zipf", 2, true},	   {"Zipf", 5, false},
	{"Zipf", 20, true},		{"Zipf", 50, false},	 {"Zipf", 200, true},
};

static const Case sizes[] = {
	{.n = 20, .m = 20, .full = true},
	{.n = 50, .m = 500, .full = true},
	{.n = 500, .m = 50, .full = true},
	{.n = 1000, .m = 200},
	{.n = 5000, .m = 5000},
	{.n = 10000, .m = 100},
	{.n = 100, .m = 10000},
	{.n = 100000, .m = 1000, .full = true},
};

void
simulate_categorical(bool full)
{
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (size_t j = 0; j < sizeof(kinds) / sizeof(kinds[0]); j++)
		{
			Case c = sizes[i];
			double shares[MOST];
			double smaller = (double) (c.n < c.m ? c.n : c.m);

			if (!full && (c.full || kinds[j].full))
				continue;
			c.kind = kinds[j].name;
			c.categorical = true;
			c.k = kinds[j].k;
			c.runs = full ? 20000 : 4000;
			c.slow_every = c.k > 5 ? 8 : 2;
			c.effects[0] = 0.2;
			c.effects[1] = 0.5;
			shares_of(&c, 0, shares);
			c.least = INFINITY;
			for (int s = 0; s < c.k; s++)
				c.least = fmin(c.least, smaller * shares[s]);
			simulate_case(&c, categorical_trial);
		}
}
