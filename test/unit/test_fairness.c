/*
 * test_fairness.c
 *		Unit tests of differences between the shares of groups.
 *
 * Expected limits: Newcombe 1998, table II, method 10, and statsmodels 0.15.0,
 * confint_proportions_2indep(method='newcomb').
 */
#include <stdlib.h>

#include "fairness.h"
#include "unit.h"

#define GROUPS	4
#define SAMPLES 4000

static void
test_limits(void)
{
	static const MonitorGroupShare cases[][2] = {{{56, 70}, {48, 80}},
												 {{9, 10}, {3, 10}},
												 {{10, 10}, {0, 20}},
												 {{5, 56}, {0, 29}}};
	static const double limits[][2] = {{0.0524, 0.3339},
									   {0.1705, 0.8090},
									   {0.6791, 1},
									   {-0.0381, 0.1926}};

	for (int i = 0; i < 4; i++)
	{
		MonitorShareDifference result;

		unit_ok(monitor_share_difference(cases[i], 2, &result) == MONITOR_OK &&
					fabs(result.low - limits[i][0]) <= 5.1e-5 &&
					fabs(result.high - limits[i][1]) <= 5.1e-5,
				"limits as published, case %d", i);
	}
}

static void
test_extremes(void)
{
	static const MonitorGroupShare groups[] = {{0, 0}, {3, 9}, {1, 3}, {2, 8}, {4, 12}, {0, 0}};
	MonitorShareDifference result;

	unit_ok(monitor_share_difference(groups, 6, &result) == MONITOR_OK, "six groups");
	unit_ok(result.known == 4, "four have a share");
	unit_ok(result.highest == 1 && result.lowest == 3, "the first of equal ones is taken");
	unit_close(result.difference, 1 / 3.0 - 0.25, 1e-15, "difference");
	unit_ok(monitor_share_difference(groups, 2, &result) == MONITOR_UNDEFINED, "one group");
	unit_ok(monitor_share_difference(groups, 0, &result) == MONITOR_UNDEFINED, "none");
	unit_ok(monitor_share_difference(groups + 1, 2, &result) == MONITOR_OK &&
				result.difference == 0 && result.highest == 0 && result.lowest == 1,
			"equal shares are two groups");
}

/*
 * Share of samples in which the limits of the extreme pair miss what is true of that
 * pair: groups of equal and of different shares, of different sizes.
 */
static double
miss_rate(const double *share, const int64_t *size)
{
	int missed = 0;

	for (int i = 0; i < SAMPLES; i++)
	{
		MonitorGroupShare groups[GROUPS];
		MonitorShareDifference result;
		double truth;

		for (int g = 0; g < GROUPS; g++)
		{
			groups[g] = (MonitorGroupShare){0, size[g]};
			for (int64_t j = 0; j < size[g]; j++)
				groups[g].hits += rand() < share[g] * ((double) RAND_MAX + 1);
		}
		monitor_share_difference(groups, GROUPS, &result);
		truth = share[result.highest] - share[result.lowest];
		missed += truth < result.low || truth > result.high;
	}
	return (double) missed / SAMPLES;
}

static void
test_coverage(void)
{
	static const double shares[][GROUPS] = {{0.5, 0.5, 0.5, 0.5},
											{0.1, 0.1, 0.1, 0.1},
											{0.2, 0.25, 0.3, 0.5},
											{0.02, 0.02, 0.05, 0.9}};
	static const int64_t sizes[][GROUPS] = {{100, 100, 100, 100}, {30, 60, 100, 200}};

	srand(3);
	for (int i = 0; i < 4; i++)
	{
		for (int j = 0; j < 2; j++)
		{
			double rate = miss_rate(shares[i], sizes[j]);

			unit_ok(rate <= 0.05, "limits of the extreme pair miss in %.2f %% of the samples",
					100 * rate);
		}
	}
}

int
main(void)
{
	test_limits();
	test_extremes();
	test_coverage();
	return unit_done();
}
