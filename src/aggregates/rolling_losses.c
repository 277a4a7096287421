/*
 * rolling_losses.c
 *		Accuracy, log loss, Brier score and mean absolute error over window
 *		frames.
 *
 * Counts are integers and losses are summed without rounding, so a row that
 * leaves takes back exactly what it brought: each frame gives what computing it
 * alone gives, however many rows went before.
 */
#include "postgres.h"

#include "rolling.h"

#include "stats/exact_sum.h"

PG_FUNCTION_INFO_V1(monitor_rolling_accuracy);
PG_FUNCTION_INFO_V1(monitor_rolling_loss);
PG_FUNCTION_INFO_V1(monitor_rolling_mean_absolute_error);

/* ---- accuracy ---- */

typedef struct Hits
{
	int64 n;
	int64 equal;
} Hits;

/* Are prediction and truth, of one type, the same? */
typedef bool (*Comparison)(FunctionCallInfo fcinfo);

static inline bool
same_boolean(FunctionCallInfo fcinfo)
{
	return PG_GETARG_BOOL(1) == PG_GETARG_BOOL(2);
}

static inline bool
same_integer(FunctionCallInfo fcinfo)
{
	return PG_GETARG_INT32(1) == PG_GETARG_INT32(2);
}

static inline bool
same_class(FunctionCallInfo fcinfo)
{
	return monitor_same_text(fcinfo, 1, 2);
}

static inline Datum
change_hits(FunctionCallInfo fcinfo, Comparison same, int by)
{
	Hits *hits = rolling_state(fcinfo, sizeof(Hits));

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
	{
		hits->n += by;
		hits->equal += by * same(fcinfo);
	}
	PG_RETURN_POINTER(hits);
}

ROLLING_FUNCTION(rolling_accuracy_boolean_add, change_hits, same_boolean, 1);
ROLLING_FUNCTION(rolling_accuracy_boolean_remove, change_hits, same_boolean, -1);
ROLLING_FUNCTION(rolling_accuracy_integer_add, change_hits, same_integer, 1);
ROLLING_FUNCTION(rolling_accuracy_integer_remove, change_hits, same_integer, -1);
ROLLING_FUNCTION(rolling_accuracy_text_add, change_hits, same_class, 1);
ROLLING_FUNCTION(rolling_accuracy_text_remove, change_hits, same_class, -1);

Datum
monitor_rolling_accuracy(PG_FUNCTION_ARGS)
{
	Hits *hits = PG_ARGISNULL(0) ? NULL : (Hits *) PG_GETARG_POINTER(0);

	if (hits == NULL || hits->n == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) hits->equal / (double) hits->n);
}

/* ---- losses of probabilities ---- */

typedef struct Losses
{
	int64 n[2]; /* rows of label false, true */
	MonitorExactSum sum;
} Losses;

/* Add the loss of a row, or take it away. */
typedef void (*Loss)(MonitorExactSum *sum, const ScoredRow *row, int by);

/*
 * -ln of the probability given to the row's class, clipped at 2^-52 and 1 - 2^-52
 * as scikit-learn's log_loss does.
 */
static inline void
log_loss(MonitorExactSum *sum, const ScoredRow *row, int by)
{
	const double epsilon = 0x1p-52;
	double p = row->label ? row->score : 1.0 - row->score;

	monitor_exact_add(sum, by * -log(fmin(fmax(p, epsilon), 1.0 - epsilon)));
}

/* (score - label)^2 without rounding: the square as two doubles, -2 score and 1. */
static inline void
brier_loss(MonitorExactSum *sum, const ScoredRow *row, int by)
{
	double square = row->score * row->score;

	monitor_exact_add(sum, by * square);
	monitor_exact_add(sum, by * fma(row->score, row->score, -square));
	if (row->label)
	{
		monitor_exact_add(sum, by * -2.0 * row->score);
		monitor_exact_add(sum, by);
	}
}

static inline Losses *
losses_of(FunctionCallInfo fcinfo)
{
	Losses *losses;

	if (likely(!PG_ARGISNULL(0)))
		return (Losses *) PG_GETARG_POINTER(0);
	losses = rolling_state(fcinfo, sizeof(Losses));
	monitor_exact_init(&losses->sum);
	return losses;
}

static inline Datum
change_losses(FunctionCallInfo fcinfo, LabelReader read, int by, Loss loss)
{
	Losses *losses = losses_of(fcinfo);
	ScoredRow row;

	if (!read_scored_row(fcinfo, read, &row))
		PG_RETURN_POINTER(losses);
	if (unlikely(!(row.score >= 0 && row.score <= 1)))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("scores must be probabilities, between 0 and 1"),
				 errhint("Turn them into probabilities, for instance 1 / (1 + exp(-score)) for a logit; rolling_auc takes scores of any range.")));
	loss(&losses->sum, &row, by);
	losses->n[row.label] += by;
	PG_RETURN_POINTER(losses);
}

ROLLING_SCORED(rolling_log_loss, change_losses, log_loss);
ROLLING_SCORED(rolling_brier_score, change_losses, brier_loss);

/* The mean loss; NULL with one class only, as of the metrics over all rows. */
Datum
monitor_rolling_loss(PG_FUNCTION_ARGS)
{
	Losses *losses = PG_ARGISNULL(0) ? NULL : (Losses *) PG_GETARG_POINTER(0);

	if (losses == NULL || losses->n[0] == 0 || losses->n[1] == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(monitor_exact_mean(&losses->sum, losses->n[0] + losses->n[1]));
}

/* ---- mean absolute error ---- */

typedef struct Errors
{
	int64 n;
	int64 infinite; /* rows whose error is infinite */
	MonitorExactSum sum;
} Errors;

/* abs(prediction - truth) without rounding: the larger, less the smaller; equal infinities: 0. */
static inline Datum
change_errors(FunctionCallInfo fcinfo, int by)
{
	Errors *errors;
	double a;
	double b;

	if (likely(!PG_ARGISNULL(0)))
		errors = (Errors *) PG_GETARG_POINTER(0);
	else
	{
		errors = rolling_state(fcinfo, sizeof(Errors));
		monitor_exact_init(&errors->sum);
	}
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_POINTER(errors);
	a = PG_GETARG_FLOAT8(1);
	b = PG_GETARG_FLOAT8(2);
	if (isnan(a) || isnan(b))
		PG_RETURN_POINTER(errors);
	errors->n += by;
	if (a == b)
		PG_RETURN_POINTER(errors);
	if (isinf(a) || isinf(b))
	{
		errors->infinite += by;
		PG_RETURN_POINTER(errors);
	}
	monitor_exact_add(&errors->sum, by * Max(a, b));
	monitor_exact_add(&errors->sum, -by * Min(a, b));
	PG_RETURN_POINTER(errors);
}

ROLLING_FUNCTION(rolling_mean_absolute_error_add, change_errors, 1);
ROLLING_FUNCTION(rolling_mean_absolute_error_remove, change_errors, -1);

Datum
monitor_rolling_mean_absolute_error(PG_FUNCTION_ARGS)
{
	Errors *errors = PG_ARGISNULL(0) ? NULL : (Errors *) PG_GETARG_POINTER(0);

	if (errors == NULL || errors->n == 0)
		PG_RETURN_NULL();
	if (errors->infinite > 0)
		PG_RETURN_FLOAT8(INFINITY);
	PG_RETURN_FLOAT8(monitor_exact_mean(&errors->sum, errors->n));
}
