/*
 * two_samples.h
 *		Samples for the unit tests of two-sample statistics, and how to run them.
 */
#ifndef TWO_SAMPLES_H
#define TWO_SAMPLES_H

#include <stdlib.h>

#include "tests.h"
#include "unit.h"

#define LENGTH(array) ((int64_t) (sizeof(array) / sizeof((array)[0])))

typedef MonitorStatus (*TwoSampleTest)(const MonitorSample *reference, const MonitorSample *current,
									   MonitorTestResult *result);

/* Sorted keys of n numbers; free() the keys. */
static MonitorSample
make_sample(const double *x, int64_t n)
{
	uint64_t *keys = malloc((size_t) (n + 1) * sizeof(uint64_t));
	uint64_t *scratch = malloc((size_t) (n + 1) * sizeof(uint64_t));
	MonitorSample sample = {keys, n};

	for (int64_t i = 0; i < n; i++)
		keys[i] = monitor_key_from_double(x[i]);
	monitor_sort_keys(keys, scratch, n);
	free(scratch);
	return sample;
}

/* x[i] = (i * factor + shift) % modulus: any language gives the same numbers. */
__attribute__((unused)) static void
fill(double *x, int64_t n, int64_t factor, int64_t shift, int64_t modulus)
{
	for (int64_t i = 0; i < n; i++)
		x[i] = (double) ((i * factor + shift) % modulus);
}

/* Run a test on unsorted numbers. */
static MonitorStatus
run_test(TwoSampleTest test, const double *x, int64_t n, const double *y, int64_t m,
		 MonitorTestResult *result)
{
	MonitorSample reference = make_sample(x, n);
	MonitorSample current = make_sample(y, m);
	MonitorStatus status = test(&reference, &current, result);

	free((void *) reference.keys);
	free((void *) current.keys);
	return status;
}

/* What a test must give; tolerances are relative, NaN stands for none. */
typedef struct Expected
{
	double statistic;
	double p_value;
	double effect_size;
	double df;
} Expected;

__attribute__((unused)) static void
check_test(const char *name, TwoSampleTest test, const double *x, int64_t n, const double *y,
		   int64_t m, Expected want, double rel_tol)
{
	MonitorTestResult got;
	char text[200];

	if (!unit_ok(run_test(test, x, n, y, m, &got) == MONITOR_OK, "%s: defined", name))
		return;
	unit_ok(got.n_reference == n && got.n_current == m, "%s: counts", name);
	unit_ok(got.statistic_low == got.statistic && got.statistic_high == got.statistic, "%s: exact",
			name);
	snprintf(text, sizeof(text), "%s: statistic", name);
	unit_close(got.statistic, want.statistic, rel_tol, text);
	snprintf(text, sizeof(text), "%s: p", name);
	unit_close(got.p_value, want.p_value, rel_tol, text);
	snprintf(text, sizeof(text), "%s: effect size", name);
	unit_close(got.effect_size, want.effect_size, rel_tol, text);
	snprintf(text, sizeof(text), "%s: df", name);
	unit_close(got.df, want.df, rel_tol, text);
}

/* Check that a test gives no number. */
__attribute__((unused)) static void
check_status(const char *name, TwoSampleTest test, const double *x, int64_t n, const double *y,
			 int64_t m, MonitorStatus want)
{
	MonitorTestResult got;

	unit_ok(run_test(test, x, n, y, m, &got) == want, "%s", name);
}

#endif /* TWO_SAMPLES_H */
