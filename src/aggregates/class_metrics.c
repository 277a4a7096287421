/*
 * class_metrics.c
 *		The metrics of predicted against true classes over rows, the confusion
 *		matrix and the report of all classes.  A metric is one line at the end.
 */
#include "postgres.h"

#include "confusion_state.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

#define MAX_MATRIX_CLASSES 1000 /* of which each pair is an element of the array */

PG_FUNCTION_INFO_V1(monitor_confusion_matrix_rows);
PG_FUNCTION_INFO_V1(monitor_classification_report_rows);

/* The state of a final function's call; NULL where no row was counted. */
static const ConfusionState *
final_state(FunctionCallInfo fcinfo)
{
	monitor_aggregate_context(fcinfo);
	return PG_ARGISNULL(0) ? NULL : (const ConfusionState *) PG_GETARG_POINTER(0);
}

/* A metric of the whole matrix. */
typedef MonitorStatus (*MatrixMetric)(const MonitorConfusion *confusion, double *value);

static Datum
return_matrix_metric(FunctionCallInfo fcinfo, MatrixMetric metric)
{
	const ConfusionState *state = final_state(fcinfo);
	NamedConfusion matrix;
	MonitorStatus status;
	double value = 0;

	if (state == NULL)
		PG_RETURN_NULL();
	matrix = monitor_confusion_matrix(state);
	status = metric(&matrix.confusion, &value);
	return monitor_return_float8(fcinfo, status, value);
}

/* A metric of each class, averaged as the call says. */
static Datum
return_class_metric(FunctionCallInfo fcinfo, MonitorClassMetric metric)
{
	const ConfusionState *state = final_state(fcinfo);
	NamedConfusion matrix;
	MonitorStatus status;
	int32_t positive = -1;
	double value = 0;

	if (state == NULL)
		PG_RETURN_NULL();
	matrix = monitor_confusion_matrix(state);
	if (state->average == MONITOR_BINARY)
		positive = monitor_positive_class(state, &matrix);
	status = monitor_class_metric(&matrix.confusion, metric, state->average, positive, &value);
	return monitor_return_float8(fcinfo, status, value);
}

/* ---- the matrix as rows ---- */

/* Every pair of classes, true class first; those that no row has count 0. */
Datum
monitor_confusion_matrix_rows(PG_FUNCTION_ARGS)
{
	const ConfusionState *state = final_state(fcinfo);
	TupleDesc tupdesc = monitor_result_tupdesc(fcinfo);
	NamedConfusion matrix;
	int classes;
	Datum *cells;
	int64 next = 0;

	if (state == NULL)
		PG_RETURN_NULL();
	matrix = monitor_confusion_matrix(state);
	if (matrix.confusion.n_cells == 0)
		PG_RETURN_NULL();
	classes = matrix.confusion.n_classes;
	if (classes > MAX_MATRIX_CLASSES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("confusion matrix of %d classes, more than %d", classes,
						MAX_MATRIX_CLASSES),
				 errhint("Count the pairs that occur: SELECT truth, prediction, count(*) ... GROUP BY truth, prediction.")));
	cells = palloc(sizeof(Datum) * classes * classes);
	for (int i = 0; i < classes * classes; i++)
	{
		const MonitorConfusionCell *cell = &matrix.confusion.cells[next];
		bool occurs = next < matrix.confusion.n_cells && cell->truth == i / classes &&
			cell->prediction == i % classes;
		Datum values[4];
		bool nulls[4] = {false};

		CHECK_FOR_INTERRUPTS();
		values[0] = PointerGetDatum(cstring_to_text(matrix.names[i / classes]));
		values[1] = PointerGetDatum(cstring_to_text(matrix.names[i % classes]));
		values[2] = Int64GetDatum(occurs ? cell->n : 0);
		values[3] = Float8GetDatum(occurs ? cell->weight : 0);
		cells[i] = HeapTupleGetDatum(heap_form_tuple(tupdesc, values, nulls));
		next += occurs;
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(cells, classes * classes, tupdesc->tdtypeid, -1, false,
										  TYPALIGN_DOUBLE));
}

/* ---- the report ---- */

/* One monitor.class_report: of a class, or of an average over them all. */
static Datum
form_report(TupleDesc tupdesc, const char *class, const char *average, const double metric[3],
			double support)
{
	Datum values[6] = {0};
	bool nulls[6] = {false};

	nulls[0] = class == NULL;
	nulls[1] = average == NULL;
	if (class != NULL)
		values[0] = PointerGetDatum(cstring_to_text(class));
	if (average != NULL)
		values[1] = PointerGetDatum(cstring_to_text(average));
	for (int i = 0; i < 3; i++)
	{
		values[2 + i] = Float8GetDatum(metric[i]);
		nulls[2 + i] = isnan(metric[i]);
	}
	values[5] = Float8GetDatum(support);
	return HeapTupleGetDatum(heap_form_tuple(tupdesc, values, nulls));
}

static const MonitorClassMetric report_metrics[3] = {MONITOR_PRECISION, MONITOR_RECALL, MONITOR_F1};

static Datum
form_average(TupleDesc tupdesc, const MonitorConfusion *confusion, MonitorAverage average,
			 const char *name)
{
	double metric[3] = {NAN, NAN, NAN};

	for (int i = 0; i < 3; i++)
		(void) monitor_class_metric(confusion, report_metrics[i], average, -1, &metric[i]);
	return form_report(tupdesc, NULL, name, metric, confusion->total);
}

Datum
monitor_classification_report_rows(PG_FUNCTION_ARGS)
{
	const ConfusionState *state = final_state(fcinfo);
	TupleDesc tupdesc = monitor_result_tupdesc(fcinfo);
	NamedConfusion matrix;
	Datum *rows;
	int n = 0;

	if (state == NULL)
		PG_RETURN_NULL();
	matrix = monitor_confusion_matrix(state);
	if (matrix.confusion.n_cells == 0)
		PG_RETURN_NULL();
	rows = palloc_extended(sizeof(Datum) * (matrix.confusion.n_classes + 3), MCXT_ALLOC_HUGE);
	for (int i = 0; i < matrix.confusion.n_classes; i++)
	{
		const MonitorClass *class = &matrix.confusion.classes[i];
		double metric[3];

		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < 3; j++)
			metric[j] = monitor_class_value(report_metrics[j], class);
		rows[n++] = form_report(tupdesc, matrix.names[i], NULL, metric, class->actual);
	}
	rows[n++] = form_average(tupdesc, &matrix.confusion, MONITOR_MACRO, "macro");
	rows[n++] = form_average(tupdesc, &matrix.confusion, MONITOR_MICRO, "micro");
	rows[n++] = form_average(tupdesc, &matrix.confusion, MONITOR_WEIGHTED, "weighted");
	PG_RETURN_ARRAYTYPE_P(construct_array(rows, n, tupdesc->tdtypeid, -1, false, TYPALIGN_DOUBLE));
}

/* ---- entry points ---- */

#define MATRIX_METRIC(name, metric) \
	MONITOR_ENTRY(monitor_##name##_rows, return_matrix_metric(fcinfo, metric))
#define CLASS_METRIC(name, metric) \
	MONITOR_ENTRY(monitor_##name##_rows, return_class_metric(fcinfo, metric))

MATRIX_METRIC(accuracy_score, monitor_accuracy);
MATRIX_METRIC(balanced_accuracy_score, monitor_balanced_accuracy);
MATRIX_METRIC(matthews_corrcoef, monitor_matthews);
MATRIX_METRIC(cohen_kappa_score, monitor_cohen_kappa);
CLASS_METRIC(precision_score, MONITOR_PRECISION);
CLASS_METRIC(recall_score, MONITOR_RECALL);
CLASS_METRIC(f1_score, MONITOR_F1);
