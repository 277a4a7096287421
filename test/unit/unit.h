/*
 * unit.h
 *		Checks for the unit tests of the statistics library, in TAP.
 *
 * Each check prints "ok N - name" or "not ok N - name" with what it got;
 * "return unit_done();" ends main, non-zero when a check failed.
 */
#ifndef UNIT_H
#define UNIT_H

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static int unit_count = 0;
static int unit_failures = 0;

/* Check a condition; name is a printf format. */
__attribute__((format(printf, 2, 3), unused)) static bool
unit_ok(bool condition, const char *name, ...)
{
	va_list args;

	unit_count++;
	if (!condition)
		unit_failures++;
	printf("%sok %d - ", condition ? "" : "not ", unit_count);
	va_start(args, name);
	vprintf(name, args);
	va_end(args);
	printf("\n");
	return condition;
}

/*
 * Check that got is want within rel_tol * |want|.  NaN agrees with NaN, an
 * infinity with itself; want = 0 asks for exactly 0.
 */
__attribute__((unused)) static bool
unit_close(double got, double want, double rel_tol, const char *name)
{
	bool same = (isnan(got) && isnan(want)) || got == want ||
		(isfinite(want) && fabs(got - want) <= rel_tol * fabs(want));

	unit_ok(same, "%s", name);
	if (!same)
		printf("# got %.17g, want %.17g, relative error %.3g (allowed %.3g)\n", got, want,
			   fabs((got - want) / want), rel_tol);
	return same;
}

/* Print the plan; the exit status of main. */
__attribute__((unused)) static int
unit_done(void)
{
	printf("1..%d\n", unit_count);
	if (unit_failures > 0)
		printf("# %d of %d checks failed\n", unit_failures, unit_count);
	return unit_failures > 0 ? 1 : 0;
}

#endif /* UNIT_H */
