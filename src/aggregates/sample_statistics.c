/*
 * sample_statistics.c
 *		The statistics that compare two samples of numbers, over rows (final
 *		functions of the shared state) and over arrays.  A statistic is one line
 *		at the end of this file.
 */
#include "postgres.h"

#include "funcapi.h"
#include "sample_state.h"
#include "stats/tests.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

typedef MonitorStatus (*SampleTest)(const MonitorSample *reference, const MonitorSample *current,
									MonitorTestResult *result);

/* The scratch memory that the exact p-value of ks_stat needs. */
static double *
ks_scratch(int64_t n, int64_t m)
{
	size_t size = monitor_ks_scratch(n, m);

	return palloc(Max(size, 1) * sizeof(double));
}

static MonitorStatus
ks(const MonitorSample *reference, const MonitorSample *current, MonitorTestResult *result)
{
	double *scratch = ks_scratch(reference->n, current->n);
	MonitorStatus status = monitor_ks(reference, current, scratch, result);

	pfree(scratch);
	return status;
}

/* ks of samples that nobody sorted yet: false where they must be. */
static bool
ks_unsorted(SampleState *state, MonitorTestResult *result)
{
	int64_t n = state->side[SAMPLE_REFERENCE].n;
	int64_t m = state->side[SAMPLE_CURRENT].n;
	monitor_int128 h;
	double *scratch;

	if (!monitor_sample_ks_numerator(state, &h))
		return false;
	scratch = ks_scratch(n, m);
	monitor_ks_from_numerator(h, n, m, scratch, result);
	pfree(scratch);
	return true;
}

static MonitorStatus
run_test(SampleState *state, SampleTest test, MonitorTestResult *result)
{
	MonitorSample reference;
	MonitorSample current;

	if (test == ks && ks_unsorted(state, result))
		return MONITOR_OK;
	reference = monitor_sample_sorted(state, SAMPLE_REFERENCE);
	current = monitor_sample_sorted(state, SAMPLE_CURRENT);
	if (reference.n == 0 || current.n == 0)
		return MONITOR_UNDEFINED;
	return test(&reference, &current, result);
}

static Datum
return_test(FunctionCallInfo fcinfo, SampleState *state, SampleTest test)
{
	MonitorTestResult result;
	MonitorStatus status = run_test(state, test, &result);

	return monitor_return_result(fcinfo, status, &result);
}

static Datum
return_distance(FunctionCallInfo fcinfo, SampleState *state, SampleTest test)
{
	MonitorTestResult result;
	MonitorStatus status = run_test(state, test, &result);

	return monitor_return_float8(fcinfo, status, status == MONITOR_OK ? result.statistic : 0);
}

typedef Datum (*ReturnFunction)(FunctionCallInfo fcinfo, SampleState *state, SampleTest test);

/* Final function over rows. */
static Datum
over_rows(FunctionCallInfo fcinfo, ReturnFunction give, SampleTest test)
{
	monitor_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return give(fcinfo, (SampleState *) PG_GETARG_POINTER(0), test);
}

/* f(reference float8[], current float8[]), STRICT */
static Datum
over_arrays(FunctionCallInfo fcinfo, ReturnFunction give, SampleTest test)
{
	return give(fcinfo,
				monitor_sample_from_arrays(PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_ARRAYTYPE_P(1)),
				test);
}

#define SAMPLE_STATISTIC(name, give, test) \
	MONITOR_ENTRY(monitor_##name##_rows, over_rows(fcinfo, give, test)); \
	MONITOR_ENTRY(monitor_##name##_arrays, over_arrays(fcinfo, give, test))

SAMPLE_STATISTIC(ks_stat, return_test, ks);
SAMPLE_STATISTIC(cramer_von_mises, return_test, monitor_cramer_von_mises);
SAMPLE_STATISTIC(anderson_darling, return_test, monitor_anderson_darling);
SAMPLE_STATISTIC(mann_whitney, return_test, monitor_mann_whitney);
SAMPLE_STATISTIC(welch_t, return_test, monitor_welch);
SAMPLE_STATISTIC(wasserstein_distance, return_distance, monitor_wasserstein);
SAMPLE_STATISTIC(energy_distance, return_distance, monitor_energy);
