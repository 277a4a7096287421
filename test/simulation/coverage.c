/*
 * coverage.c
 *		How often the 95 % intervals of the label-free estimates cover what the
 *		labels then say, under covariate shift.
 *
 *	coverage [reduced|full]
 *
 * Prints a line for each number of labels, kind of shift and metric, and an `ok' line for
 * each number of labels and metric: fails where fewer than 93 % are covered.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "estimate.h"
#include "sample.h"

#define EDGES  1000
#define TARGET 0.93

static uint64_t state[4];

static uint64_t
next_random(void)
{
	uint64_t result = state[0] + state[3];
	uint64_t t = state[1] << 17;

	result = (result << 23 | result >> 41) + state[0]; /* xoshiro256++ */
	state[2] ^= state[0];
	state[3] ^= state[1];
	state[1] ^= state[2];
	state[0] ^= state[3];
	state[2] ^= t;
	state[3] = state[3] << 45 | state[3] >> 19;
	return result;
}

static void
seed(uint64_t s)
{
	for (int i = 0; i < 4; i++)
	{
		uint64_t z = (s += UINT64_C(0x9e3779b97f4a7c15));

		z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
		state[i] = z ^ z >> 31;
	}
}

static double
uniform(void)
{
	return (double) (next_random() >> 11) * 0x1p-53;
}

static double
normal(void)
{
	return sqrt(-2 * log(uniform() + 0x1p-60)) * cos(6.283185307179586 * uniform());
}

/* How the current rows differ from the labelled ones. */
typedef struct Shift
{
	const char *name;
	double mean; /* of the latent variable, N(0, 1) before */
	double scale;
	double slope; /* of the true log odds, and their middle */
	double middle;
	double score_slope; /* of the model's: overconfident where larger */
} Shift;

static const Shift shifts[] = {
	{"none", 0, 1, 1.5, -0.3, 1.5},		 {"mean +0.5", 0.5, 1, 1.5, -0.3, 2.5},
	{"mean -0.7", -0.7, 1, 2, 0.5, 1.2}, {"narrow", 0.3, 0.6, 1, 0, 1},
	{"wide", 0, 1.4, 1.2, -1, 1.8},		 {"rare class", 0.4, 1, 1.5, -2.5, 1.5},
};
#define SHIFTS ((int) (sizeof(shifts) / sizeof(shifts[0])))

static const char *const metric_names[] = {"roc_auc",	  "accuracy", "precision", "recall",
										   "specificity", "f1",		  "log_loss"};

static double
sigmoid(double x)
{
	return 1 / (1 + exp(-x));
}

static double
score_of(const Shift *shift, double z)
{
	return sigmoid(shift->score_slope * z + shift->middle);
}

static void
add_rows(MonitorCompound *scores, const Shift *shift, int n, double mean, double scale)
{
	for (int i = 0; i < n; i++)
	{
		double z = mean + scale * normal();
		bool label = uniform() < sigmoid(shift->slope * z + shift->middle);

		monitor_score_add(scores, score_of(shift, z), label ? MONITOR_POSITIVE : MONITOR_NEGATIVE);
	}
	monitor_compound_flush(scores);
}

/* Edges as monitor.score_edges makes them: quantiles of a baseline, and the threshold. */
static int64_t
make_edges(const Shift *shift, bool regression, double *edges)
{
	enum
	{
		N = 20000
	};
	static uint64_t keys[N];
	static uint64_t scratch[N];
	MonitorSample sample = {keys, N};
	int64_t k;
	int64_t at = 0;

	for (int i = 0; i < N; i++)
		keys[i] = monitor_key_from_double(regression ? normal() : score_of(shift, normal()));
	monitor_sort_keys(keys, scratch, N);
	k = monitor_profile_edges(&sample, EDGES, edges);
	if (regression)
		return k;
	while (at < k && edges[at] < 0.5)
		at++;
	if (at == k || edges[at] != 0.5)
	{
		memmove(edges + at + 1, edges + at, sizeof(double) * (size_t) (k - at));
		edges[at] = 0.5;
		k++;
	}
	return k;
}

/* What the labels of the current rows say. */
static void
realise(const MonitorCompound *scores, int64_t slot, double *value)
{
	MonitorScoreMetric auc = {.value = NAN};
	MonitorScoreConfusion c;
	double n;

	monitor_score_auc(scores, &auc);
	monitor_score_confusion(scores, slot, &c);
	n = (double) (c.true_positive + c.true_negative + c.false_positive + c.false_negative);
	value[MONITOR_METRIC_AUC] = auc.value;
	value[MONITOR_METRIC_ACCURACY] = (double) (c.true_positive + c.true_negative) / n;
	value[MONITOR_METRIC_PRECISION] = (double) c.true_positive /
		(double) (c.true_positive + c.false_positive);
	value[MONITOR_METRIC_RECALL] = (double) c.true_positive /
		(double) (c.true_positive + c.false_negative);
	value[MONITOR_METRIC_SPECIFICITY] = (double) c.true_negative /
		(double) (c.true_negative + c.false_positive);
	value[MONITOR_METRIC_F1] = 2 * (double) c.true_positive /
		(double) (2 * c.true_positive + c.false_positive + c.false_negative);
	monitor_score_log_loss(scores, &value[MONITOR_METRIC_LOG_LOSS]);
}

typedef struct Tally
{
	int rounds;
	int covered;
	double bias;
	double width;
} Tally;

static void
count_estimate(Tally *tally, const MonitorEstimate *estimate, double realised)
{
	if (isnan(realised) || isnan(estimate->low))
		return;
	tally->rounds++;
	tally->covered += estimate->low <= realised && realised <= estimate->high;
	tally->bias += estimate->estimate - realised;
	tally->width += estimate->high - estimate->low;
}

static void
print_tally(const char *what, int labels, const char *shift, const Tally *t)
{
	printf("# %-12s %6d labels, shift %-10s: covered %.3f, bias %+.4f, width %.4f (%d)\n", what,
		   labels, shift, (double) t->covered / t->rounds, t->bias / t->rounds,
		   t->width / t->rounds, t->rounds);
}

static MonitorCompound *
new_compound(MonitorCompoundKind kind, const double *edges, int64_t k)
{
	MonitorCompound *compound = malloc(monitor_compound_size_numeric(kind, k));

	monitor_compound_init_numeric(compound, kind, edges, k);
	return compound;
}

static void
simulate_scores(const Shift *shift, int labels, int rows, Tally *tally)
{
	double edges[EDGES + 1];
	double scratch[8 * (2 * EDGES + 3)];
	double realised[MONITOR_METRICS];
	int64_t k = make_edges(shift, false, edges);
	MonitorCompound *calibration = new_compound(MONITOR_SCORES, edges, k);
	MonitorCompound *current = new_compound(MONITOR_SCORES, edges, k);
	MonitorEstimates estimates;
	int64_t slot;

	add_rows(calibration, shift, labels, 0, 1);
	add_rows(current, shift, rows, shift->mean, shift->scale);
	monitor_score_threshold(calibration, 0.5, &slot);
	if (monitor_estimate(calibration, current, slot, scratch, &estimates) == MONITOR_OK)
	{
		realise(current, slot, realised);
		for (int m = 0; m < MONITOR_METRICS; m++)
			count_estimate(&tally[m], &estimates.cbpe[m], realised[m]);
	}
	free(calibration);
	free(current);
}

/* Errors grow with the prediction, so that a shift changes the mean loss. */
static void
add_errors(MonitorCompound *errors, int n, double mean, double scale)
{
	for (int i = 0; i < n; i++)
	{
		double x = mean + scale * normal();

		monitor_error_add(errors, x, x + (0.3 + 0.2 * fabs(x + 0.5)) * normal());
	}
	monitor_compound_flush(errors);
}

static void
simulate_errors(const Shift *shift, int labels, int rows, Tally *tally)
{
	double edges[EDGES + 1];
	int64_t k = make_edges(shift, true, edges);
	MonitorCompound *calibration = new_compound(MONITOR_ERRORS, edges, k);
	MonitorCompound *current = new_compound(MONITOR_ERRORS, edges, k);
	MonitorEstimate estimate[MONITOR_LOSSES];
	int64_t n;
	double effective;

	add_errors(calibration, labels, 0, 1);
	add_errors(current, rows, shift->mean, shift->scale);
	if (monitor_estimate_loss(calibration, current, estimate, &n, &n, &effective) == MONITOR_OK)
	{
		double absolute;
		double squared;

		monitor_error_mean_absolute(current, &absolute);
		monitor_error_mean_squared(current, &squared);
		count_estimate(&tally[MONITOR_LOSS_ABSOLUTE], &estimate[MONITOR_LOSS_ABSOLUTE], absolute);
		count_estimate(&tally[MONITOR_LOSS_SQUARED], &estimate[MONITOR_LOSS_SQUARED], squared);
		count_estimate(&tally[MONITOR_LOSS_ROOT_SQUARED], &estimate[MONITOR_LOSS_ROOT_SQUARED],
					   sqrt(squared));
	}
	free(calibration);
	free(current);
}

static int
judge(int number, const char *what, int labels, const Tally *all, double target)
{
	double covered = (double) all->covered / all->rounds;
	bool good = covered >= target;

	printf("%sok %d - %s from %d labels: the 95 %% interval covers %.3f of %d\n",
		   good ? "" : "not ", number, what, labels, covered, all->rounds);
	return good ? 0 : 1;
}

int
main(int argc, char **argv)
{
	bool full = argc > 1 && strcmp(argv[1], "full") == 0;
	static const int label_numbers[] = {2000, 10000, 50000};
	static const char *const losses[] = {"mean absolute error", "mean squared error", "RMSE"};
	int rounds = full ? 1000 : 60;
	/* what a coverage of 94.5 % shows by chance in so few rounds of the reduced run */
	double target = full ? TARGET : TARGET - 0.025;
	int failed = 0;
	int number = 0;

	for (int l = 0; l < 3; l++)
	{
		Tally all[MONITOR_METRICS] = {{0}};
		Tally all_losses[MONITOR_LOSSES] = {{0}};

		for (int h = 0; h < SHIFTS; h++)
		{
			Tally tally[MONITOR_METRICS] = {{0}};
			Tally loss[MONITOR_LOSSES] = {{0}};

			seed((uint64_t) (100 * l + h));
			for (int round = 0; round < rounds; round++)
			{
				simulate_scores(&shifts[h], label_numbers[l], round % 2 == 0 ? 2000 : 20000, tally);
				simulate_errors(&shifts[h], label_numbers[l], round % 2 == 0 ? 2000 : 20000, loss);
			}
			for (int m = 0; m < MONITOR_METRICS; m++)
			{
				print_tally(metric_names[m], label_numbers[l], shifts[h].name, &tally[m]);
				all[m].rounds += tally[m].rounds;
				all[m].covered += tally[m].covered;
			}
			for (int m = 0; m < MONITOR_LOSSES; m++)
			{
				print_tally(losses[m], label_numbers[l], shifts[h].name, &loss[m]);
				all_losses[m].rounds += loss[m].rounds;
				all_losses[m].covered += loss[m].covered;
			}
		}
		for (int m = 0; m < MONITOR_METRICS; m++)
			failed += judge(++number, metric_names[m], label_numbers[l], &all[m], target);
		for (int m = 0; m < MONITOR_LOSSES; m++)
			failed += judge(++number, losses[m], label_numbers[l], &all_losses[m], target);
		fflush(stdout);
	}
	return failed > 0;
}
