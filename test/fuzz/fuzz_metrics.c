/*
 * fuzz_metrics.c
 *		Metrics of classes, of ranked lists and of groups: whatever the input, they are
 *		undefined or within their ranges.
 *
 * Input: a byte for the number of classes, then bytes for pairs of classes and their
 * weights; the same bytes are read as a ranked list and as groups.
 */
#include <stdlib.h>
#include <string.h>

#include "class_metrics.h"
#include "fairness.h"
#include "ranking.h"

#define MAX_CLASSES 8
#define MAX_ROWS	400
#define SLACK		1e-12

#define REQUIRE(condition) \
	do \
	{ \
		if (!(condition)) \
			abort(); \
	} while (0)

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_range(MonitorStatus status, double value, double low, double high)
{
	if (status == MONITOR_UNDEFINED)
		return;
	REQUIRE(status == MONITOR_OK && value >= low - SLACK && value <= high + SLACK);
}

static void
check_classes(const uint8_t *data, size_t size)
{
	int k = 1 + data[0] % MAX_CLASSES;
	MonitorConfusionCell cells[MAX_CLASSES * MAX_CLASSES];
	MonitorClass classes[MAX_CLASSES];
	MonitorConfusion confusion = {cells, 0, classes, k, 0, 0};
	double value = 0;

	for (int i = 0; i < k * k && (size_t) i + 1 < size; i++)
	{
		double weight = ldexp(data[i + 1] % 16, 7 * (data[i + 1] / 16) - 50);

		if (data[i + 1] % 5 != 0)
			cells[confusion.n_cells++] = (MonitorConfusionCell){i / k, i % k, 1, weight};
	}
	monitor_confusion_finish(&confusion);
	check_range(monitor_accuracy(&confusion, &value), value, 0, 1);
	check_range(monitor_balanced_accuracy(&confusion, &value), value, 0, 1);
	check_range(monitor_matthews(&confusion, &value), value, -1, 1);
	check_range(monitor_cohen_kappa(&confusion, &value), value, -INFINITY, 1);
	for (int i = 0; i < 12; i++)
		check_range(monitor_class_metric(&confusion, (MonitorClassMetric) (i / 4),
										 (MonitorAverage) (i % 4), data[0] % (k + 1) - 1, &value),
					value, 0, 1);
}

static int
descending(const void *a, const void *b)
{
	double x = *(const double *) a;
	double y = *(const double *) b;

	return x > y ? -1 : x < y;
}

static void
check_ranking(const uint8_t *data, size_t size)
{
	MonitorRanked rows[MAX_ROWS];
	double ideal[MAX_ROWS];
	MonitorRanking ranking = {rows, 0};
	uint64_t key = UINT64_MAX;
	int64_t k = 1 + data[0];
	double value = 0;

	for (size_t i = 1; i < size && ranking.n < MAX_ROWS; i++)
	{
		key -= data[i] & 1;
		ideal[ranking.n] = data[i] >> 1 & 1;
		rows[ranking.n++] = (MonitorRanked){key, data[i] >> 1 & 1};
	}
	qsort(ideal, (size_t) ranking.n, sizeof(double), descending);
	check_range(monitor_precision_at_k(&ranking, ideal, k, &value), value, 0, 1);
	check_range(monitor_average_precision_at_k(&ranking, ideal, k, &value), value, 0, 1);
	check_range(monitor_reciprocal_rank(&ranking, ideal, &value), value, 0, 1);
	check_range(monitor_ndcg(&ranking, ideal, k, &value), value, 0, 1);
	check_range(monitor_precision_at_k(&ranking, NULL, k, &value), value, 0, 1);
	check_range(monitor_average_precision_at_k(&ranking, NULL, k, &value), value, 0, 1);
	check_range(monitor_reciprocal_rank(&ranking, NULL, &value), value, 0, 1);
}

static void
check_groups(const uint8_t *data, size_t size)
{
	MonitorGroupShare groups[MAX_ROWS];
	MonitorShareDifference result;
	int64_t n = 0;

	for (size_t i = 0; i + 1 < size && n < MAX_ROWS; i += 2)
	{
		/* weights of any size, of as few as one row */
		double rows = data[i] < 128 ? data[i] : ldexp(1, 16 * (data[i] - 192));
		double hits = data[i + 1] * (data[i] < 128 ? 1 : rows / 255);

		hits = fmin(hits, rows);
		groups[n++] = data[i] % 3 == 0
			? monitor_weighted_share(hits, rows - hits, hits * hits, (rows - hits) * (rows - hits))
			: (MonitorGroupShare){hits, rows, 1 + data[i + 1] % 7};
	}
	if (monitor_share_difference(groups, n, &result) != MONITOR_OK)
		return;
	check_range(MONITOR_OK, result.difference, 0, 1);
	if (isnan(result.low))
		return;
	check_range(MONITOR_OK, result.low, -1, result.difference);
	check_range(MONITOR_OK, result.high, result.difference, 1);
	REQUIRE(result.highest != result.lowest);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	check_classes(data, size);
	check_ranking(data, size);
	check_groups(data, size);
	return 0;
}
