/*
 * delong_weighted.c
 *		Inference about areas under ROC curves of weighted rows.
 *
 * The structural component V of a positive is the share of the negatives' weight below it,
 * of a negative the share of the positives' weight above it, ties one half.  The area A is
 * the weighted mean of either.  Without row i of a class, whose weights w sum to W, it is
 * (W A - w_i V_i) / (W - w_i): it moves by w_i (A - V_i) / (W - w_i), and the jackknife
 * variance of a class of n rows is (n - 1) / n times the sum of the squares.  The
 * components of the other class are shares of this one, so their mean moves along.  With
 * equal weights it is DeLong's variance; the area of a difference moves alike.
 */
#include <stdio.h>

#include "score_metrics.h"
#include "tests.h"

/* What each row is visited with; u is its weight over the weight of its class. */
typedef void (*Visit)(void *arg, int side, int64_t i, double u, double component);

/* The component of rows at the walk's threshold. */
static double
component_of(const MonitorScoreWalk *walk, int side)
{
	int other = 1 - side;
	double above = walk->above[other] / walk->total[other];
	double through = walk->through[other] / walk->total[other];

	return side == MONITOR_POSITIVE ? 1 - 0.5 * (above + through) : 0.5 * (above + through);
}

/* Visit every row, from the highest score; rows of a class in descending order. */
static MonitorStatus
visit_rows(const MonitorScores *scores, Visit visit, void *arg)
{
	MonitorScoreWalk walk;
	int64_t left[2] = {scores->n[0], scores->n[1]};
	MonitorStatus status = monitor_score_walk_begin(&walk, scores);

	if (status != MONITOR_OK)
		return status;
	while (monitor_score_walk_next(&walk))
	{
		for (int side = 0; side < 2; side++)
		{
			double component = component_of(&walk, side);

			while (left[side] > walk.left[side])
			{
				int64_t i = --left[side];
				uint64_t bits = scores->keys[side][i * scores->stride + 1];

				visit(arg, side, i, monitor_weight_from_bits(bits) / walk.total[side], component);
			}
		}
	}
	return MONITOR_OK;
}

/* ---- the jackknife ---- */

/* The heaviest row of a class: beside it the others may weigh next to nothing. */
typedef struct Heaviest
{
	int64_t i; /* -1: none yet */
	double u;
	double component;
} Heaviest;

typedef struct Jackknife
{
	Heaviest heaviest[2];
	MonitorSum sum[2];	 /* of the other rows' components, weighted */
	MonitorSum share[2]; /* of their weights */
	double mean[2];
	double mean_of_others[2];
	MonitorSum squares[2]; /* of the moves */
} Jackknife;

static void
jackknife_begin(Jackknife *jackknife)
{
	*jackknife = (Jackknife){.heaviest = {{.i = -1}, {.i = -1}}};
}

static void
add_other(Jackknife *jackknife, int side, double u, double component)
{
	monitor_sum_add(&jackknife->sum[side], u * component);
	monitor_sum_add(&jackknife->share[side], u);
}

/* The heaviest row stays apart: what is left without it must not be a difference. */
static void
add_to_mean(void *arg, int side, int64_t i, double u, double component)
{
	Jackknife *jackknife = arg;
	Heaviest *heaviest = &jackknife->heaviest[side];

	if (heaviest->i >= 0 && u <= heaviest->u)
	{
		add_other(jackknife, side, u, component);
		return;
	}
	if (heaviest->i >= 0)
		add_other(jackknife, side, heaviest->u, heaviest->component);
	*heaviest = (Heaviest){i, u, component};
}

static void
take_means(Jackknife *jackknife)
{
	for (int side = 0; side < 2; side++)
	{
		const Heaviest *heaviest = &jackknife->heaviest[side];
		double sum = monitor_sum_value(&jackknife->sum[side]);
		double share = monitor_sum_value(&jackknife->share[side]);

		jackknife->mean_of_others[side] = sum / share;
		jackknife->mean[side] = (sum + heaviest->u * heaviest->component) / (share + heaviest->u);
	}
}

/* w (A - V) / (W - w); of the heaviest row it is u (A of the others - V). */
static void
add_move(void *arg, int side, int64_t i, double u, double component)
{
	Jackknife *jackknife = arg;
	double move = i == jackknife->heaviest[side].i
		? u * (jackknife->mean_of_others[side] - component)
		: u * (jackknife->mean[side] - component) / (1 - u);

	monitor_sum_add(&jackknife->squares[side], move * move);
}

/* NaN where it is not defined: one row in a class, or one that weighs as much as all. */
static double
standard_error(const Jackknife *jackknife, const int64_t n[2])
{
	double variance = 0;

	for (int side = 0; side < 2; side++)
	{
		double rows = (double) n[side];

		variance += (rows - 1) / rows * monitor_sum_value(&jackknife->squares[side]);
	}
	return n[0] > 1 && n[1] > 1 && isfinite(variance) ? sqrt(variance) : NAN;
}

/* ---- one area ---- */

MonitorStatus
monitor_weighted_auc_test(const MonitorScores *scores, MonitorAucTest *result)
{
	Jackknife jackknife;
	MonitorAucTest out = {.low = NAN,
						  .high = NAN,
						  .p_value = NAN,
						  .n = {scores->n[0], scores->n[1]}};
	MonitorStatus status = monitor_roc_auc(scores, &out.auc);

	jackknife_begin(&jackknife);
	if (status == MONITOR_OK)
		status = visit_rows(scores, add_to_mean, &jackknife);
	if (status != MONITOR_OK)
		return status;
	take_means(&jackknife);
	visit_rows(scores, add_move, &jackknife);
	out.standard_error = standard_error(&jackknife, scores->n);
	if (out.standard_error > 0 && out.auc > 0 && out.auc < 1)
	{
		monitor_auc_logit_interval(&out);
		out.p_value = monitor_normal_two_sided((out.auc - 0.5) / out.standard_error);
		snprintf(out.method, sizeof(out.method), "weighted jackknife, logit interval");
	}
	else
		snprintf(out.method, sizeof(out.method), "weighted jackknife: no variance to judge by");
	*result = out;
	return MONITOR_OK;
}

/* ---- two areas ---- */

static MonitorScores
scores_of_rows(MonitorWeightedRow *const rows[2], const int64_t n[2])
{
	return (MonitorScores){{&rows[0]->key, &rows[1]->key}, {n[0], n[1]}, 4};
}

static void
set_component(void *arg, int side, int64_t i, double u, double component)
{
	MonitorWeightedRow *const *rows = arg;

	(void) u;
	rows[side][i].component = component;
}

/* Less that of the other score. */
static void
subtract_component(void *arg, int side, int64_t i, double u, double component)
{
	MonitorWeightedRow *const *rows = arg;

	(void) u;
	rows[side][i].component -= component;
}

static void
swap_scores(MonitorWeightedRow *const rows[2], const int64_t n[2])
{
	for (int side = 0; side < 2; side++)
	{
		for (int64_t i = 0; i < n[side]; i++)
		{
			MonitorWeightedRow *row = &rows[side][i];
			uint64_t key = row->key;

			row->key = row->other;
			row->other = key;
			MONITOR_POLL(i);
		}
	}
}

/* Sort by the key and give every row its component; *auc: the area of that score. */
static MonitorStatus
place_rows(MonitorWeightedRow *const rows[2], const int64_t n[2], MonitorRowSort sort, Visit visit,
		   double *auc)
{
	MonitorScores scores = scores_of_rows(rows, n);
	MonitorStatus status;

	for (int side = 0; side < 2; side++)
		sort(rows[side], n[side]);
	status = monitor_roc_auc(&scores, auc);
	return status == MONITOR_OK ? visit_rows(&scores, visit, (void *) rows) : status;
}

typedef struct Contrast
{
	MonitorWeightedRow *const *rows;
	Jackknife jackknife;
} Contrast;

static void
add_contrast(void *arg, int side, int64_t i, double u, double component)
{
	Contrast *contrast = arg;

	(void) component;
	add_to_mean(&contrast->jackknife, side, i, u, contrast->rows[side][i].component);
}

static void
add_contrast_move(void *arg, int side, int64_t i, double u, double component)
{
	Contrast *contrast = arg;

	(void) component;
	add_move(&contrast->jackknife, side, i, u, contrast->rows[side][i].component);
}

/* Equal areas (components never differ) have a difference of exactly 0. */
static void
judge(const Jackknife *jackknife, MonitorAucComparison *result)
{
	double half;

	result->difference = jackknife->mean[MONITOR_POSITIVE];
	result->standard_error = standard_error(jackknife, result->n);
	if (isnan(result->standard_error) || (result->standard_error == 0 && result->difference != 0))
	{
		snprintf(result->method, sizeof(result->method),
				 "weighted jackknife, paired: no variance to judge by");
		return;
	}
	snprintf(result->method, sizeof(result->method), "weighted jackknife, paired");
	half = MONITOR_Z_95 * result->standard_error;
	result->low = fmax(result->difference - half, -1.0);
	result->high = fmin(result->difference + half, 1.0);
	result->p_value = result->difference == 0
		? 1.0
		: monitor_normal_two_sided(result->difference / result->standard_error);
}

MonitorStatus
monitor_weighted_auc_compare(MonitorWeightedRow *const rows[2], const int64_t n[2],
							 MonitorRowSort sort, MonitorAucComparison *result)
{
	MonitorAucComparison out = {.low = NAN, .high = NAN, .p_value = NAN, .n = {n[0], n[1]}};
	Contrast contrast = {.rows = rows};
	MonitorScores scores;
	MonitorStatus status;

	if (n[0] <= 0 || n[1] <= 0)
		return MONITOR_UNDEFINED;
	scores = scores_of_rows(rows, n);
	status = place_rows(rows, n, sort, set_component, &out.auc_a);
	if (status != MONITOR_OK)
		return status;
	swap_scores(rows, n);
	place_rows(rows, n, sort, subtract_component, &out.auc_b);
	jackknife_begin(&contrast.jackknife);
	visit_rows(&scores, add_contrast, &contrast);
	take_means(&contrast.jackknife);
	visit_rows(&scores, add_contrast_move, &contrast);
	swap_scores(rows, n);
	judge(&contrast.jackknife, &out);
	*result = out;
	return MONITOR_OK;
}
