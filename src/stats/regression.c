/*
 * regression.c
 *		Metrics of predicted against true numbers.
 *
 * A row's term is rounded as any double; the terms are summed exactly.  The squared
 * deviations of the truth are differences of large sums: those are exact products,
 * subtracted as integers, so that R2 is as good far from 0 as near it, and equal
 * truths are seen to be equal.
 */
#include "regression.h"

int
monitor_regression_totals(MonitorRegressionKind kind)
{
	switch (kind)
	{
		case MONITOR_RELATIVE:
			return 2;
		case MONITOR_DETERMINATION:
			return 4;
		default:
			return 3;
	}
}

size_t
monitor_regression_size(MonitorRegressionKind kind)
{
	return sizeof(MonitorRegression) +
		(size_t) monitor_regression_totals(kind) * sizeof(MonitorTotal);
}

static void
add_truth(MonitorRegression *state, double truth, double weight)
{
	MonitorTotal *sum = &state->totals[MONITOR_TRUTHS];
	MonitorTotal *squares = &state->totals[MONITOR_TRUTH_SQUARES];
	double high = weight * truth;

	if (!state->weighted)
	{
		monitor_total_add(sum, truth);
		monitor_total_add_product(squares, truth, truth);
		return;
	}
	monitor_total_add_product(sum, weight, truth);
	monitor_total_add_product(squares, high, truth);
	if (isfinite(high))
		monitor_total_add_product(squares, fma(weight, truth, -high), truth);
}

void
monitor_regression_add(MonitorRegression *state, double prediction, double truth, double weight)
{
	double error = prediction - truth;
	double w = state->weighted ? weight : 1;

	state->n++;
	if (state->weighted)
	{
		monitor_total_add(&state->totals[MONITOR_WEIGHTS], weight);
		if (weight == 0) /* nothing, even of an infinite error */
			return;
	}
	switch (state->kind)
	{
		case MONITOR_RELATIVE:
			monitor_total_add(&state->totals[MONITOR_RELATIVE_ERRORS],
							  w * (fabs(error) / fmax(fabs(truth), 0x1p-52)));
			break;
		case MONITOR_DETERMINATION:
			monitor_total_add(&state->totals[MONITOR_RESIDUAL_SQUARES], w * (error * error));
			add_truth(state, truth, weight);
			break;
		default:
			monitor_total_add(&state->totals[MONITOR_ABSOLUTE_ERRORS], w * fabs(error));
			monitor_total_add(&state->totals[MONITOR_SQUARED_ERRORS], w * (error * error));
	}
}

void
monitor_regression_merge(MonitorRegression *state, MonitorRegression *other)
{
	state->n += other->n;
	for (int i = 0; i < monitor_regression_totals(state->kind); i++)
		monitor_total_merge(&state->totals[i], &other->totals[i]);
}

static double
total_weight(MonitorRegression *state)
{
	return state->weighted ? monitor_total_value(&state->totals[MONITOR_WEIGHTS])
						   : (double) state->n;
}

/* A total over the weight of all rows. */
static MonitorStatus
mean_of(MonitorRegression *state, int number, double *value)
{
	double weight = total_weight(state);

	if (!(weight > 0))
		return MONITOR_UNDEFINED;
	*value = monitor_total_value(&state->totals[number]) / weight;
	return MONITOR_OK;
}

MonitorStatus
monitor_mean_absolute_error(MonitorRegression *state, double *value)
{
	return mean_of(state, MONITOR_ABSOLUTE_ERRORS, value);
}

MonitorStatus
monitor_mean_squared_error(MonitorRegression *state, double *value)
{
	return mean_of(state, MONITOR_SQUARED_ERRORS, value);
}

MonitorStatus
monitor_root_mean_squared_error(MonitorRegression *state, double *value)
{
	MonitorStatus status = mean_of(state, MONITOR_SQUARED_ERRORS, value);

	if (status == MONITOR_OK)
		*value = sqrt(*value);
	return status;
}

MonitorStatus
monitor_mean_absolute_percentage_error(MonitorRegression *state, double *value)
{
	return mean_of(state, MONITOR_RELATIVE_ERRORS, value);
}

MonitorStatus
monitor_r2(MonitorRegression *state, double *value)
{
	double weight = total_weight(state);
	double residual = monitor_total_value(&state->totals[MONITOR_RESIDUAL_SQUARES]);
	MonitorTotal count = {0};
	double spread;

	if (state->n < 2 || !(weight > 0))
		return MONITOR_UNDEFINED;
	monitor_total_add(&count, (double) state->n);
	spread = monitor_total_spread(state->weighted ? &state->totals[MONITOR_WEIGHTS] : &count,
								  &state->totals[MONITOR_TRUTH_SQUARES],
								  &state->totals[MONITOR_TRUTHS]);
	if (!isfinite(spread) || !isfinite(residual))
		return MONITOR_UNDEFINED;
	if (spread > 0)
		*value = 1 - residual / (spread / weight);
	else
		*value = residual == 0 ? 1 : 0;
	return MONITOR_OK;
}
