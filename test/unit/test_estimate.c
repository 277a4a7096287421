/*
 * test_estimate.c
 *		Label-free estimates: values by hand, pooling, refusals.
 */
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "estimate.h"
#include "unit.h"

static double scratch[1000];

static MonitorCompound *
new_compound(MonitorCompoundKind kind, const double *edges, int64_t k)
{
	MonitorCompound *compound = malloc(monitor_compound_size_numeric(kind, k));

	monitor_compound_init_numeric(compound, kind, edges, k);
	return compound;
}

static void
add(MonitorCompound *scores, double score, int negatives, int positives)
{
	for (int i = 0; i < negatives; i++)
		monitor_score_add(scores, score, MONITOR_NEGATIVE);
	for (int i = 0; i < positives; i++)
		monitor_score_add(scores, score, MONITOR_POSITIVE);
	monitor_compound_flush(scores);
}

static void
add_unlabelled(MonitorCompound *scores, double score, int rows)
{
	for (int i = 0; i < rows; i++)
		monitor_score_add(scores, score, MONITOR_UNLABELLED);
	monitor_compound_flush(scores);
}

/* Rates 0.2 at score 0.25 and 0.7 at 0.75; 300 and 100 current rows. */
static void
test_by_hand(void)
{
	const double edges[] = {0.25, 0.75};
	MonitorCompound *calibration = new_compound(MONITOR_SCORES, edges, 2);
	MonitorCompound *current = new_compound(MONITOR_SCORES, edges, 2);
	MonitorEstimates e;
	double tp = 70;
	double fp = 30;
	double fn = 60;
	double tn = 240;
	double self = 300 * 0.2 * 0.8 + 100 * 0.7 * 0.3;
	double pairs = 300 * 299 * 0.2 * 0.8 / 2 + 70 * 240 + 100 * 99 * 0.7 * 0.3 / 2;
	double variance;
	double f1;

	add(calibration, 0.25, 800, 200);
	add(calibration, 0.75, 150, 350);
	add_unlabelled(current, 0.25, 300);
	add_unlabelled(current, 0.75, 100);
	unit_ok(monitor_estimate(calibration, current, 3, scratch, &e) == MONITOR_OK, "estimated");
	unit_close(e.cbpe[MONITOR_METRIC_ACCURACY].estimate, (tp + tn) / 400, 1e-14, "accuracy");
	unit_close(e.cbpe[MONITOR_METRIC_PRECISION].estimate, 0.7, 1e-14, "precision");
	unit_close(e.cbpe[MONITOR_METRIC_RECALL].estimate, tp / (tp + fn), 1e-14, "recall");
	unit_close(e.cbpe[MONITOR_METRIC_SPECIFICITY].estimate, tn / (tn + fp), 1e-14, "specificity");
	f1 = 2 * tp / (2 * tp + fp + fn);
	unit_close(e.cbpe[MONITOR_METRIC_F1].estimate, f1, 1e-14, "F1");
	unit_close(e.cbpe[MONITOR_METRIC_AUC].estimate, pairs / (130 * 270 - self), 1e-14,
			   "AUC without self-pairs");
	unit_close(e.cbpe[MONITOR_METRIC_LOG_LOSS].estimate,
			   -(60 * log(0.25) + 240 * log(0.75) + 70 * log(0.75) + 30 * log(0.25)) / 400, 1e-14,
			   "log loss");
	/* labels of the current rows, and the two rates */
	variance = self / 160000 + 0.75 * 0.75 * 0.16 / 1000 + 0.25 * 0.25 * 0.21 / 500;
	unit_close(e.cbpe[MONITOR_METRIC_ACCURACY].standard_error, sqrt(variance), 1e-12,
			   "standard error of accuracy");
	unit_close(e.cbpe[MONITOR_METRIC_PRECISION].standard_error, sqrt(0.21 / 100 + 0.21 / 500),
			   1e-12, "standard error of precision");
	/* errors: 200 + 150 of 1,500; the least confident 350 of the 500 at 0.7 */
	unit_close(e.atc.estimate, 1 - 70.0 / 400, 1e-14, "ATC");
	/* tpr 350/550, fpr 150/950: the share of positives that gives 25 % predicted positive */
	{
		double tpr = 350.0 / 550;
		double fpr = 150.0 / 950;
		double share = (0.25 - fpr) / (tpr - fpr);

		unit_close(e.bbse.estimate, share * tpr + (1 - share) * (1 - fpr), 1e-14, "BBSE");
	}
	unit_close(e.effective_rows, 160000 / (90000.0 / 1000 + 10000.0 / 500), 1e-14,
			   "effective rows");
	free(calibration);
	free(current);
}

/* Rates that fall are pooled; a rate of 0 or 1 is kept off the border. */
static void
test_pooling(void)
{
	const double edges[] = {0.1, 0.2, 0.5, 0.9};
	MonitorCompound *calibration = new_compound(MONITOR_SCORES, edges, 4);
	MonitorCompound *current = new_compound(MONITOR_SCORES, edges, 4);
	MonitorEstimates e;

	add(calibration, 0.1, 50, 50);
	add(calibration, 0.2, 180, 20);
	add(calibration, 0.9, 0, 200);
	add_unlabelled(current, 0.1, 1000);
	unit_ok(monitor_estimate(calibration, current, 5, scratch, &e) == MONITOR_OK, "estimated");
	unit_close(e.cbpe[MONITOR_METRIC_ACCURACY].estimate, 1 - 70.0 / 300, 1e-14, "violators pooled");
	unit_ok(isnan(e.cbpe[MONITOR_METRIC_PRECISION].estimate), "no precision without predictions");
	add_unlabelled(current, 0.9, 1000);
	monitor_estimate(calibration, current, 5, scratch, &e);
	unit_close(e.cbpe[MONITOR_METRIC_PRECISION].estimate, 1 - 0.5 / 200, 1e-14,
			   "never quite certain");
	free(calibration);
	free(current);
}

static void
test_refusals(void)
{
	const double edges[] = {0.5};
	const double others[] = {0.25};
	MonitorCompound *calibration = new_compound(MONITOR_SCORES, edges, 1);
	MonitorCompound *current = new_compound(MONITOR_SCORES, edges, 1);
	MonitorCompound *other = new_compound(MONITOR_SCORES, others, 1);
	MonitorEstimates e;

	add(calibration, 0.5, 449, 50);
	add_unlabelled(current, 0.5, 10);
	unit_ok(monitor_estimate(calibration, current, 1, scratch, &e) == MONITOR_UNDEFINED &&
				e.labels == 499 && e.positives == 50 && e.rows == 10,
			"499 labels are too few");
	add(calibration, 0.5, 1, 0);
	unit_ok(monitor_estimate(calibration, current, 1, scratch, &e) == MONITOR_OK,
			"500 labels with 50 of a class are enough");
	unit_ok(monitor_estimate(calibration, other, 1, scratch, &e) == MONITOR_MISMATCH,
			"other edges are refused");
	free(current);
	current = new_compound(MONITOR_SCORES, edges, 1);
	unit_ok(monitor_estimate(calibration, current, 1, scratch, &e) == MONITOR_UNDEFINED,
			"no current rows");
	free(calibration);
	free(current);
	free(other);
}

/* Errors of 1 below 0 and of 3 above; a quarter of the current rows is above. */
static void
test_loss(void)
{
	const double edges[] = {-1, 1};
	MonitorCompound *calibration = new_compound(MONITOR_ERRORS, edges, 2);
	MonitorCompound *current = new_compound(MONITOR_ERRORS, edges, 2);
	MonitorEstimate e[MONITOR_LOSSES];
	int64_t labels;
	int64_t rows;
	double effective;

	for (int i = 0; i < 1000; i++)
	{
		double prediction = i % 2 == 0 ? -1 : 1;

		monitor_error_add(calibration, prediction,
						  prediction + (i % 4 < 2 ? 1 : -1) * (i % 2 == 0 ? 1 : 3));
		monitor_error_add(current, i % 4 == 0 ? 1 : -1, NAN);
	}
	monitor_compound_flush(calibration);
	monitor_compound_flush(current);
	unit_ok(monitor_estimate_loss(calibration, current, e, &labels, &rows, &effective) ==
				MONITOR_OK,
			"estimated");
	unit_ok(labels == 1000 && rows == 1000, "rows are counted");
	unit_close(e[MONITOR_LOSS_ABSOLUTE].estimate, 0.75 * 1 + 0.25 * 3, 1e-12, "absolute");
	unit_close(e[MONITOR_LOSS_SQUARED].estimate, 0.75 * 1 + 0.25 * 9, 1e-12, "squared");
	unit_close(e[MONITOR_LOSS_ROOT_SQUARED].estimate, sqrt(3), 1e-12, "root of squared");
	unit_close(effective, 1e6 / (750 * 750 / 500.0 + 250 * 250 / 500.0), 1e-12, "effective rows");
	free(calibration);
	free(current);
}

int
main(void)
{
	test_by_hand();
	test_pooling();
	test_refusals();
	test_loss();
	return unit_done();
}
