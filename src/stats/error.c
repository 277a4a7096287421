/*
 * error.c
 *		Counting the errors of predicted numbers, and metrics from their sums.
 */
#include "error.h"

#include "profile_internal.h"

void
monitor_error_add(MonitorCompound *compound, double prediction, double truth)
{
	MonitorProfile *labelled = monitor_compound_part(compound, MONITOR_PREDICTIONS);
	int64_t slot;
	double scaled;
	monitor_int128 q;
	monitor_int128 fourth;

	if (isnan(prediction) || isnan(truth))
	{
		monitor_profile_queue(monitor_compound_part(compound, MONITOR_UNLABELLED_PREDICTIONS),
							  prediction);
		return;
	}
	monitor_profile_queue(labelled, prediction);
	monitor_profile_queue(monitor_compound_part(compound, MONITOR_TRUTHS), truth);
	scaled = ldexp(fabs(prediction - truth), -labelled->unit);
	/* two equal infinities differ by NaN */
	if (!(rint(scaled) < MONITOR_ERROR_MAX_Q))
	{
		monitor_compound_add_total(compound, MONITOR_ERROR_OUTLIERS, 1);
		return;
	}
	q = (int64_t) rint(scaled);
	fourth = q * q >> MONITOR_ERROR_SHIFT;
	slot = MONITOR_ERROR_SUMS +
		3 * monitor_profile_slot(monitor_profile_anchors(labelled), labelled->k, prediction);
	monitor_compound_add_total(compound, slot + MONITOR_ERROR_ABSOLUTE, q);
	monitor_compound_add_total(compound, slot + MONITOR_ERROR_SQUARES, q * q);
	monitor_compound_add_total(compound, slot + MONITOR_ERROR_FOURTH, fourth * fourth);
}

/* A sum over all slots as a float8, in units. */
static MonitorStatus
sum_of_errors(const MonitorCompound *compound, int which, double *sum)
{
	const MonitorProfile *labelled = monitor_compound_part_const(compound, MONITOR_PREDICTIONS);
	monitor_uint128 total = 0;

	if (labelled->n == 0 || !compound->has_totals ||
		monitor_compound_total(compound, MONITOR_ERROR_OUTLIERS) != 0)
		return MONITOR_UNDEFINED;
	for (int64_t slot = 0; slot < monitor_profile_slots(labelled); slot++)
	{
		monitor_uint128 more = (monitor_uint128) monitor_error_sum(compound, slot, which);

		MONITOR_POLL(slot);
		if (more > ~(monitor_uint128) 0 - total)
			return MONITOR_UNDEFINED;
		total += more;
	}
	*sum = (double) total;
	return MONITOR_OK;
}

MonitorStatus
monitor_error_mean_absolute(const MonitorCompound *compound, double *value)
{
	double n = (double) monitor_compound_part_const(compound, MONITOR_PREDICTIONS)->n;
	double sum;
	MonitorStatus status = sum_of_errors(compound, MONITOR_ERROR_ABSOLUTE, &sum);

	if (status == MONITOR_OK)
		*value = ldexp(sum / n, monitor_error_unit(compound));
	return status;
}

MonitorStatus
monitor_error_mean_squared(const MonitorCompound *compound, double *value)
{
	double n = (double) monitor_compound_part_const(compound, MONITOR_PREDICTIONS)->n;
	double sum;
	MonitorStatus status = sum_of_errors(compound, MONITOR_ERROR_SQUARES, &sum);

	if (status == MONITOR_OK)
		*value = ldexp(sum / n, 2 * monitor_error_unit(compound));
	return status;
}

MonitorStatus
monitor_error_r2(const MonitorCompound *compound, double *value)
{
	const MonitorProfile *truths = monitor_compound_part_const(compound, MONITOR_TRUTHS);
	double mean;
	double variance;
	double sum;
	MonitorStatus status = sum_of_errors(compound, MONITOR_ERROR_SQUARES, &sum);

	if (status == MONITOR_OK)
		status = monitor_profile_moments(truths, &mean, &variance);
	if (status != MONITOR_OK)
		return status;
	if (variance == 0)
		return MONITOR_UNDEFINED;
	*value = 1 - sum / (variance * (double) (truths->n - 1));
	return MONITOR_OK;
}
