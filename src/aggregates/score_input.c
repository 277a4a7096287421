/*
 * score_input.c
 *		The scores that a final function finds in its state, or that a function
 *		takes from arrays of one length.
 */
#include "postgres.h"

#include "label.h"
#include "score_input.h"

#include "catalog/pg_type.h"
#include "utils/lsyscache.h"

/* The elements of one argument. */
typedef struct Column
{
	Datum *values;
	bool *nulls;
	int n;
	Oid type;
} Column;

static Column
read_column(FunctionCallInfo fcinfo, int argno)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(argno);
	Column column = {.type = ARR_ELEMTYPE(array)};
	int16 length;
	bool by_value;
	char alignment;

	get_typlenbyvalalign(column.type, &length, &by_value, &alignment);
	deconstruct_array(array, column.type, length, by_value, alignment, &column.values,
					  &column.nulls, &column.n);
	return column;
}

/* All arguments; ERROR unless they have one length. */
static int
read_columns(FunctionCallInfo fcinfo, Column *columns)
{
	for (int i = 0; i < PG_NARGS(); i++)
	{
		columns[i] = read_column(fcinfo, i);
		if (columns[i].n != columns[0].n)
			ereport(ERROR,
					(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					 errmsg("arrays must have the same length, got %d and %d", columns[0].n,
							columns[i].n)));
	}
	return columns[0].n;
}

static bool
any_null(const Column *columns, int ncolumns, int i)
{
	for (int c = 0; c < ncolumns; c++)
	{
		if (columns[c].nulls[i])
			return true;
	}
	return false;
}

static bool
label_at(const Column *column, int i)
{
	return column->type == BOOLOID ? DatumGetBool(column->values[i])
								   : monitor_check_label(DatumGetInt32(column->values[i]));
}

/* Two arrays, without the elements where one is NULL or NaN. */
static SampleState *
samples_from_arrays(FunctionCallInfo fcinfo)
{
	SampleState *state = monitor_sample_state_create(CurrentMemoryContext);
	Column columns[2];
	int n = read_columns(fcinfo, columns);

	for (int i = 0; i < n; i++)
	{
		if (!any_null(columns, 2, i))
			monitor_sample_add(state, label_at(&columns[1], i),
							   DatumGetFloat8(columns[0].values[i]));
	}
	return state;
}

/* Three arrays, the last of them weights. */
static PairState *
weighted_from_arrays(FunctionCallInfo fcinfo)
{
	PairState *state = monitor_pair_state_create(CurrentMemoryContext);
	Column columns[3];
	int n = read_columns(fcinfo, columns);

	for (int i = 0; i < n; i++)
	{
		if (!any_null(columns, 3, i))
			monitor_weighted_add(state, label_at(&columns[1], i),
								 DatumGetFloat8(columns[0].values[i]),
								 DatumGetFloat8(columns[2].values[i]));
	}
	return state;
}

PairState *
monitor_two_scores_from_arrays(FunctionCallInfo fcinfo)
{
	PairState *state = monitor_pair_state_create(CurrentMemoryContext);
	Column columns[4];
	int n = read_columns(fcinfo, columns);

	for (int i = 0; i < n; i++)
	{
		bool label;
		double a;
		double b;

		if (any_null(columns, PG_NARGS(), i))
			continue;
		label = label_at(&columns[2], i);
		a = DatumGetFloat8(columns[0].values[i]);
		b = DatumGetFloat8(columns[1].values[i]);
		if (PG_NARGS() == 4)
			monitor_weighted_two_scores_add(state, label, a, b,
											DatumGetFloat8(columns[3].values[i]));
		else
			monitor_two_scores_add(state, label, a, b);
	}
	return state;
}

bool
monitor_take_scores(FunctionCallInfo fcinfo, MonitorScoreForm form, MonitorScores *scores)
{
	if (form == SCORE_ARRAYS)
	{
		*scores = PG_NARGS() == 3 ? monitor_scores_of_pairs(weighted_from_arrays(fcinfo))
								  : monitor_scores_of_samples(samples_from_arrays(fcinfo));
		return true;
	}
	monitor_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		return false;
	*scores = form == SCORE_WEIGHTED_ROWS
		? monitor_scores_of_pairs((PairState *) PG_GETARG_POINTER(0))
		: monitor_scores_of_samples((SampleState *) PG_GETARG_POINTER(0));
	return true;
}

/*
 * Scores that are no probabilities are an error for the metrics that compare
 * them with truth; for those of their order they are as good as any.
 */
void
monitor_require_probabilities(const MonitorScores *scores)
{
	if (!monitor_scores_are_probabilities(scores))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("scores must be probabilities, between 0 and 1"),
				 errhint("Turn them into probabilities, for instance 1 / (1 + exp(-score)) for a logit; roc_auc and average_precision take scores of any range.")));
}
