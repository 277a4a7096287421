/*
 * simulate.h
 *		What the parts of the false-alarm simulation share.
 *
 * A case is a kind of data and two sample sizes.  A trial draws both samples,
 * the current one shifted by `effect` (0: no drift), and asks every test that
 * applies for its p-value at each nominal level.
 */
#ifndef SIMULATE_H
#define SIMULATE_H

#include <gsl/gsl_rng.h>

#include "stats/stats.h"

#define NLEVELS	 2
#define NEFFECTS 2

extern const double nominal_levels[NLEVELS];

typedef enum Test
{
	KS,
	MANN_WHITNEY,
	CRAMER_VON_MISES,
	ANDERSON_DARLING,
	WELCH,
	PSI,
	CHI2,
	G_TEST,
	FISHER,
	EVIDENCE,
	NTESTS
} Test;

typedef struct Case
{
	const char *kind; /* of data */
	bool categorical;
	int k;					  /* values that can occur; 0: a continuum */
	int64_t n;				  /* reference rows */
	int64_t m;				  /* current rows */
	double least;			  /* smallest expected count of a category or value; else infinite */
	double effects[NEFFECTS]; /* shift in sigma, or growth of the first share */
	bool full;				  /* runs in the full simulation only */
	int slow_every;			  /* KS and evidence take part in every so many trials only */
	long runs;				  /* trials without drift; a tenth of it with */
} Case;

/* Every p is NaN where the test does not apply or takes no part. */
typedef void (*Trial)(const Case *c, gsl_rng *rng, double effect, bool slow,
					  double p[NLEVELS][NTESTS]);

/* Run a case, print its rows, and count its `ok' line. */
extern void simulate_case(const Case *c, Trial trial);

/* Print an `ok' or `not ok' line. */
extern void check(bool good, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The exact interval for the probability that gave `hits` in `runs`. */
extern void binomial_interval(long hits, long runs, double *low, double *high);

/* A generator for what is named by text: another seed for another text. */
extern gsl_rng *seeded(const char *text, unsigned long *seed);

extern void simulate_numeric(bool full);
extern void simulate_categorical(bool full);
extern void simulate_looking(bool full);

#endif /* SIMULATE_H */
