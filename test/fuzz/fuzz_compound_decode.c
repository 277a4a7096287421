/*
 * fuzz_compound_decode.c
 *		Any bytes and any text: refused, or a score, confusion or error profile that
 *		is written the same again in both forms and survives its metrics.
 *
 * Input: a byte for the kind, and whether what follows is bytes or text.
 */
#include <stdlib.h>
#include <string.h>

#include "compound.h"
#include "error.h"
#include "estimate.h"
#include "score.h"

#define REQUIRE(condition) \
	do \
	{ \
		if (!(condition)) \
			abort(); \
	} while (0)

static void
read_scores(const MonitorCompound *compound)
{
	MonitorCalibrationBin bin[MONITOR_CALIBRATION_BINS];
	MonitorScoreMetric metric;
	MonitorScoreConfusion confusion;
	double value;
	double chi_square;
	int64_t slot;
	int df;

	if (monitor_score_brier(compound, &value) == MONITOR_OK)
		REQUIRE(value >= 0 && value <= 1);
	if (monitor_score_log_loss(compound, &value) == MONITOR_OK)
		REQUIRE(value >= 0 && value < 37);
	if (monitor_score_auc(compound, &metric) == MONITOR_OK)
		REQUIRE(metric.low <= metric.value && metric.value <= metric.high && metric.low >= 0 &&
				metric.high <= 1);
	if (monitor_score_ks(compound, &metric) == MONITOR_OK)
		REQUIRE(metric.low <= metric.high && metric.low >= 0 && metric.high <= 1);
	if (monitor_score_threshold(compound, 0.5, &slot) == MONITOR_OK)
		monitor_score_confusion(compound, slot, &confusion);
	if (monitor_score_calibration(compound, MONITOR_CALIBRATION_BINS, bin) == MONITOR_OK &&
		monitor_score_calibration_error(bin, MONITOR_CALIBRATION_BINS, &metric, &value, &chi_square,
										&df) == MONITOR_OK)
		REQUIRE(metric.low <= metric.high && metric.value >= 0);
}

static void
estimate_scores(const MonitorCompound *compound)
{
	double *scratch =
		malloc(sizeof(double) *
			   monitor_estimate_scratch(monitor_profile_slots(monitor_compound_part_const(compound,
																						  0))));
	MonitorEstimates estimates;
	int64_t slot;

	if (monitor_score_threshold(compound, 0.5, &slot) == MONITOR_OK &&
		monitor_estimate(compound, compound, slot, scratch, &estimates) == MONITOR_OK)
	{
		for (int m = 0; m < MONITOR_METRICS; m++)
			REQUIRE(!(estimates.cbpe[m].low > estimates.cbpe[m].estimate) &&
					!(estimates.cbpe[m].high < estimates.cbpe[m].estimate));
	}
	free(scratch);
}

static void
read_confusion(const MonitorCompound *compound)
{
	MonitorClassCounts classes[MONITOR_MAX_CLASSES + 1];
	double p;
	double r;
	double f;

	if (monitor_confusion_accuracy(compound, classes, &p) == MONITOR_OK)
		REQUIRE(p >= 0 && p <= 1);
	monitor_confusion_balanced_accuracy(compound, classes, &p);
	for (int average = MONITOR_MACRO; average <= MONITOR_WEIGHTED; average++)
		monitor_confusion_scores(compound, (MonitorAverage) average, classes, &p, &r, &f);
	monitor_confusion_matthews(compound, classes, &p);
	monitor_confusion_kappa(compound, classes, &p);
}

static void
read_errors(const MonitorCompound *compound)
{
	MonitorEstimate estimate[MONITOR_LOSSES];
	int64_t labels;
	int64_t rows;
	double value;

	if (monitor_error_mean_absolute(compound, &value) == MONITOR_OK)
		REQUIRE(value >= 0);
	monitor_error_mean_squared(compound, &value);
	monitor_error_r2(compound, &value);
	if (monitor_estimate_loss(compound, compound, estimate, &labels, &rows, &value) == MONITOR_OK)
		REQUIRE(estimate[MONITOR_LOSS_ABSOLUTE].estimate >= 0);
}

static void
check(const MonitorCompound *compound)
{
	size_t length = monitor_compound_encode_size(compound, true);
	unsigned char *bytes = malloc(length);
	char *text = malloc(monitor_compound_text_bound(compound));
	size_t text_length = monitor_compound_print(compound, text);
	MonitorCompound *copy;
	size_t size;

	REQUIRE(text_length <= monitor_compound_text_bound(compound));
	REQUIRE(monitor_compound_encode(compound, true, bytes) == length);
	REQUIRE(monitor_compound_decode_size(bytes, length, compound->kind, &size) == MONITOR_OK);
	copy = malloc(size);
	REQUIRE(monitor_compound_decode(bytes, length, compound->kind, copy, size) == MONITOR_OK);
	REQUIRE(size == copy->size && memcmp(copy, compound, size) == 0);
	free(copy);
	REQUIRE(monitor_compound_parse_size(text, text_length, compound->kind, &size) == MONITOR_OK);
	copy = malloc(size);
	REQUIRE(monitor_compound_parse(text, text_length, compound->kind, copy, size) == MONITOR_OK);
	REQUIRE(copy->size == compound->size && memcmp(copy, compound, copy->size) == 0);
	REQUIRE(monitor_compound_subtract(copy, compound) == MONITOR_OK);
	free(copy);
	free(bytes);
	free(text);
	if (compound->kind == MONITOR_SCORES)
	{
		read_scores(compound);
		estimate_scores(compound);
	}
	else if (compound->kind == MONITOR_CONFUSION)
		read_confusion(compound);
	else
		read_errors(compound);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	MonitorCompoundKind kind;
	MonitorCompound *compound;
	MonitorStatus status;
	bool text;
	size_t size;

	if (length < 1)
		return 0;
	kind = (MonitorCompoundKind) (1 + data[0] % 3);
	text = data[0] / 3 % 2 == 1;
	data++;
	length--;
	status = text ? monitor_compound_parse_size((const char *) data, length, kind, &size)
				  : monitor_compound_decode_size(data, length, kind, &size);
	if (status != MONITOR_OK)
		return 0;
	compound = malloc(size);
	status = text ? monitor_compound_parse((const char *) data, length, kind, compound, size)
				  : monitor_compound_decode(data, length, kind, compound, size);
	if (status == MONITOR_OK)
	{
		unsigned char *again = malloc(length + 1024);

		if (text)
			REQUIRE(monitor_compound_text_bound(compound) >= length);
		else
		{
			REQUIRE(monitor_compound_encode_size(compound, true) == length);
			monitor_compound_encode(compound, true, again);
			REQUIRE(memcmp(again, data, length) == 0);
		}
		free(again);
		check(compound);
	}
	free(compound);
	return 0;
}
