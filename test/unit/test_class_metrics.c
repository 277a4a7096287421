/*
 * test_class_metrics.c
 *		Unit tests of the metrics of classes.
 *
 * Expected values: scikit-learn 1.7.2; what is 0 / 0 is undefined here.
 */
#include <string.h>

#include "class_metrics.h"
#include "unit.h"

#define MAX_CLASSES 4

/* n[truth][prediction] */
typedef struct Matrix
{
	const char *name;
	int k;
	int64_t n[MAX_CLASSES][MAX_CLASSES];
	double accuracy;
	double balanced;
	double matthews;
	double kappa;
	double macro_f1;
	double weighted_precision;
} Matrix;

static const Matrix matrices[] = {
	{"binary",
	 2,
	 {{40, 10}, {5, 45}},
	 0.85,
	 0.8500000000000001,
	 0.7035264706814485,
	 0.7,
	 0.8496240601503759,
	 0.8535353535353536},
	{"three classes",
	 3,
	 {{13, 0, 2}, {3, 9, 4}, {1, 1, 17}},
	 0.78,
	 0.7746345029239766,
	 0.6779643185446089,
	 0.6662621359223302,
	 0.771443833943834,
	 0.7982813299232735},
	{"perfect", 3, {{3, 0, 0}, {0, 4, 0}, {0, 0, 5}}, 1, 1, 1, 1, 1, 1},
	{"all wrong", 2, {{0, 7}, {7, 0}}, 0, 0, -1, -1, 0, 0},
	{"one class", 1, {{9}}, 1, NAN, NAN, NAN, 1, 1},
	{"one predicted class", 2, {{4, 0}, {6, 0}}, 0.4, 0.5, NAN, 0, 0.2857142857142857, 0.16},
	{"nothing", 2, {{0, 0}, {0, 0}}, NAN, NAN, NAN, NAN, NAN, NAN},
};

static MonitorConfusionCell cells[MAX_CLASSES * MAX_CLASSES];
static MonitorClass classes[MAX_CLASSES];

static MonitorConfusion
confusion_of(int k, int64_t n[MAX_CLASSES][MAX_CLASSES], double scale)
{
	MonitorConfusion confusion = {cells, 0, classes, k, 0, 0};

	for (int i = 0; i < k; i++)
	{
		for (int j = 0; j < k; j++)
		{
			if (n[i][j] > 0)
				cells[confusion.n_cells++] =
					(MonitorConfusionCell){i, j, n[i][j], scale * (double) n[i][j]};
		}
	}
	monitor_confusion_finish(&confusion);
	return confusion;
}

typedef MonitorStatus (*Metric)(const MonitorConfusion *confusion, double *value);

static double
value_of(const MonitorConfusion *confusion, Metric metric)
{
	double value;

	return metric(confusion, &value) == MONITOR_OK ? value : NAN;
}

static double
class_value(const MonitorConfusion *confusion, MonitorClassMetric metric, MonitorAverage average,
			int32_t positive)
{
	double value;

	return monitor_class_metric(confusion, metric, average, positive, &value) == MONITOR_OK ? value
																							: NAN;
}

static void
test_matrix(const Matrix *matrix, double scale)
{
	int64_t n[MAX_CLASSES][MAX_CLASSES];
	MonitorConfusion confusion;

	memcpy(n, matrix->n, sizeof(n));
	confusion = confusion_of(matrix->k, n, scale);
	printf("# %s, weights of %g\n", matrix->name, scale);
	unit_close(value_of(&confusion, monitor_accuracy), matrix->accuracy, 1e-15, "accuracy");
	unit_close(value_of(&confusion, monitor_balanced_accuracy), matrix->balanced, 1e-15,
			   "balanced accuracy");
	unit_close(value_of(&confusion, monitor_matthews), matrix->matthews, 1e-14, "Matthews");
	unit_close(value_of(&confusion, monitor_cohen_kappa), matrix->kappa, 1e-14, "kappa");
	unit_close(class_value(&confusion, MONITOR_F1, MONITOR_MACRO, -1), matrix->macro_f1, 1e-14,
			   "macro F1");
	unit_close(class_value(&confusion, MONITOR_PRECISION, MONITOR_WEIGHTED, -1),
			   matrix->weighted_precision, 1e-14, "weighted precision");
	unit_close(class_value(&confusion, MONITOR_RECALL, MONITOR_MICRO, -1), matrix->accuracy, 1e-14,
			   "micro recall is the accuracy");
}

static void
test_binary(void)
{
	int64_t n[MAX_CLASSES][MAX_CLASSES] = {{5, 0, 2}, {3, 0, 0}, {0, 0, 0}};
	MonitorConfusion confusion = confusion_of(3, n, 1);

	unit_close(class_value(&confusion, MONITOR_PRECISION, MONITOR_BINARY, 0), 0.625, 0,
			   "precision");
	unit_close(class_value(&confusion, MONITOR_RECALL, MONITOR_BINARY, 0), 5.0 / 7, 0, "recall");
	unit_close(class_value(&confusion, MONITOR_F1, MONITOR_BINARY, 0), 10.0 / 15, 0, "F1");
	unit_close(class_value(&confusion, MONITOR_PRECISION, MONITOR_BINARY, 1), NAN, 0,
			   "precision of a class that is never predicted");
	unit_close(class_value(&confusion, MONITOR_RECALL, MONITOR_BINARY, 1), 0, 0,
			   "recall of a class that is never predicted");
	unit_close(class_value(&confusion, MONITOR_RECALL, MONITOR_BINARY, 2), NAN, 0,
			   "recall of a class that is never true");
	unit_close(class_value(&confusion, MONITOR_F1, MONITOR_BINARY, 2), 0, 0,
			   "F1 of a class that is never true");
	unit_close(class_value(&confusion, MONITOR_F1, MONITOR_BINARY, -1), NAN, 0,
			   "F1 of a class that no row has");
}

/* Margins whose products need more than 53 bits. */
static void
test_large(void)
{
	int64_t n[MAX_CLASSES][MAX_CLASSES] = {{INT64_C(1) << 50, 1}, {0, 1}};
	MonitorConfusion confusion = confusion_of(2, n, 1);

	/* expected: decimals of 60 digits */
	unit_close(value_of(&confusion, monitor_matthews), 0.7071067811865472, 1e-15,
			   "Matthews of 10^15 rows");
	unit_close(value_of(&confusion, monitor_cohen_kappa), 0.6666666666666663, 1e-15,
			   "kappa of 10^15 rows");
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(matrices) / sizeof(matrices[0]); i++)
	{
		test_matrix(&matrices[i], 1);
		test_matrix(&matrices[i], 0x1p-1000);
		test_matrix(&matrices[i], 0x1p1000);
	}
	test_binary();
	test_large();
	return unit_done();
}
