/*
 * stats.c
 *		The interrupt hook and the initialisation of results.
 */
#include <stdio.h>

#include "stats.h"

void (*monitor_interrupt_hook)(void) = NULL;

/*
 * Start a result: everything that only some statistics define is NaN.
 */
void
monitor_result_init(MonitorTestResult *result, int64_t n_reference, int64_t n_current,
					const char *method)
{
	result->statistic = NAN;
	result->statistic_low = NAN;
	result->statistic_high = NAN;
	result->p_value = NAN;
	result->effect_size = NAN;
	result->df = NAN;
	result->n_reference = n_reference;
	result->n_current = n_current;
	snprintf(result->method, sizeof(result->method), "%s", method);
}

/*
 * Set a statistic that is exact: its bounds are itself.
 */
void
monitor_result_exact(MonitorTestResult *result, double statistic)
{
	result->statistic = statistic;
	result->statistic_low = statistic;
	result->statistic_high = statistic;
}
