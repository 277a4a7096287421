/*
 * score_curves.c
 *		The curves behind the metrics of scores, as arrays of a composite.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "score_input.h"
#include "utils/array.h"
#include "utils/memutils.h"

/* One kind of curve. */
typedef struct CurveKind
{
	MonitorCurvePoint point;
	int nfields;
	bool starts_at_infinity; /* with the point where nothing is predicted positive */
	bool ascending;			 /* by threshold */
} CurveKind;

static const CurveKind roc = {monitor_roc_point, 3, true, false};
static const CurveKind precision_recall = {monitor_precision_recall_point, 3, true, true};
static const CurveKind gains = {monitor_gains_point, 4, false, false};

/*
 * An array with room for n elements of one size, and its bytes counted like those
 * of a state.  The caller fills all of them.
 */
static ArrayType *
make_array(TupleDesc tupdesc, int64 n, Size element)
{
	Size size = ARR_OVERHEAD_NONULLS(1) + n * element;
	ArrayType *array;

	if (n > (int64) (MaxAllocSize / element) || !AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a curve of " INT64_FORMAT " points does not fit into an array", n),
				 errhint("Round the scores: each distinct score is a point.")));
	monitor_reserve(CurrentMemoryContext, size);
	array = palloc0(size);
	SET_VARSIZE(array, size);
	array->ndim = 1;
	array->elemtype = tupdesc->tdtypeid;
	ARR_DIMS(array)[0] = (int) n;
	ARR_LBOUND(array)[0] = 1;
	return array;
}

/* Bytes that a tuple of n float8, none NULL, takes in an array. */
static Size
point_size(int n)
{
	return MAXALIGN(MAXALIGN(SizeofHeapTupleHeader) + n * sizeof(float8));
}

static void
put_point(char *to, TupleDesc tupdesc, const double *fields, int nfields)
{
	Datum values[MONITOR_CURVE_FIELDS];
	bool nulls[MONITOR_CURVE_FIELDS] = {false};
	HeapTuple tuple;

	for (int i = 0; i < nfields; i++)
		values[i] = Float8GetDatum(fields[i]);
	tuple = heap_form_tuple(tupdesc, values, nulls);
	Assert(MAXALIGN(tuple->t_len) == point_size(nfields));
	memcpy(to, tuple->t_data, tuple->t_len);
	heap_freetuple(tuple);
}

static Datum
curve(FunctionCallInfo fcinfo, MonitorScoreForm form, const CurveKind *kind)
{
	TupleDesc tupdesc = monitor_result_tupdesc(fcinfo);
	Size element = point_size(kind->nfields);
	MonitorScores scores;
	MonitorScoreWalk walk;
	ArrayType *array;
	int64 points;
	int64 i = 0;

	if (!monitor_take_scores(fcinfo, form, &scores) ||
		monitor_score_walk_begin(&walk, &scores) != MONITOR_OK)
		PG_RETURN_NULL();
	points = monitor_score_thresholds(&scores) + kind->starts_at_infinity;
	array = make_array(tupdesc, points, element);
	if (!kind->starts_at_infinity)
		monitor_score_walk_next(&walk);
	do
	{
		double fields[MONITOR_CURVE_FIELDS];
		int64 place = kind->ascending ? points - 1 - i : i;

		kind->point(&walk, fields);
		put_point(ARR_DATA_PTR(array) + place * element, tupdesc, fields, kind->nfields);
		i++;
	} while (monitor_score_walk_next(&walk));
	Assert(i == points);
	PG_RETURN_ARRAYTYPE_P(array);
}

SCORE_FUNCTIONS(roc_curve, curve, &roc);
SCORE_FUNCTIONS(precision_recall_curve, curve, &precision_recall);
SCORE_FUNCTIONS(gains_curve, curve, &gains);

/* monitor.calibration_bin[]: the bins that hold rows. */
static Datum
calibration(FunctionCallInfo fcinfo, MonitorScoreForm form, const void *unused)
{
	TupleDesc tupdesc = monitor_result_tupdesc(fcinfo);
	MonitorCalibrationBin bins[MONITOR_CALIBRATION_BINS];
	Datum elements[MONITOR_CALIBRATION_BINS];
	MonitorScores scores;
	int n = 0;

	if (!monitor_take_scores(fcinfo, form, &scores))
		PG_RETURN_NULL();
	monitor_require_probabilities(&scores);
	if (monitor_calibration_bins(&scores, bins) != MONITOR_OK)
		PG_RETURN_NULL();
	for (int i = 0; i < MONITOR_CALIBRATION_BINS; i++)
	{
		Datum values[6];
		bool nulls[6] = {false};

		if (bins[i].n == 0)
			continue;
		values[0] = Int32GetDatum(i + 1);
		values[1] = Float8GetDatum(bins[i].lower);
		values[2] = Float8GetDatum(bins[i].upper);
		values[3] = Float8GetDatum(bins[i].score / bins[i].weight);
		values[4] = Float8GetDatum(bins[i].positive / bins[i].weight);
		values[5] = Int64GetDatum(bins[i].n);
		elements[n++] = HeapTupleGetDatum(heap_form_tuple(tupdesc, values, nulls));
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(elements, n, tupdesc->tdtypeid, -1, false,
										  TYPALIGN_DOUBLE));
}

SCORE_FUNCTIONS(calibration_curve, calibration, NULL);
