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
	static const MonitorGroupShare cases[][2] = {{{56, 70, 70}, {48, 80, 80}},
												 {{9, 10, 10}, {3, 10, 10}},
												 {{10, 10, 10}, {0, 20, 20}},
												 {{5, 56, 56}, {0, 29, 29}}};
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
	static const MonitorGroupShare groups[] = {{0, 0, 0}, {3, 9, 9},   {1, 3, 3},
											   {2, 8, 8}, {4, 12, 12}, {0, 0, 0}};
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

/* Weights: shares of weight, limits of as many rows as the effective number says. */
static void
test_weights(void)
{
	static const MonitorGroupShare weighted[] = {{0.56, 0.7, 70}, {4.8e300, 8e300, 80}};
	static const MonitorGroupShare unknown[] = {{1, 2, 2}, {0, 2, NAN}};
	MonitorShareDifference result;
	MonitorGroupShare share;

	unit_ok(monitor_share_difference(weighted, 2, &result) == MONITOR_OK &&
				fabs(result.low - 0.0524) <= 5.1e-5 && fabs(result.high - 0.3339) <= 5.1e-5,
			"limits depend on shares and effective sizes only");
	share = monitor_weighted_share(3 * 0.75, 7 * 0.75, 3 * 0.5625, 7 * 0.5625);
	unit_ok(share.size == 10, "equal weights are rows");
	/* one of two hits weighs 3: Kish 6^2 / 12 = 3, linearised 36 (2/9) / (1/9 10 + 4/9 2) = 4 */
	share = monitor_weighted_share(4, 2, 10, 2);
	unit_close(share.size, 3, 1e-15, "Kish's number is the smaller");
	/* a hit of 4 among four others: Kish 8^2 / 20, linearised 64 (1/4) / (1/4 16 + 1/4 4) = 3.2 */
	share = monitor_weighted_share(4, 4, 16, 4);
	unit_close(share.size, 3.2, 1e-15, "both numbers are equal at one half");
	share = monitor_weighted_share(2, 8, 4, 8);
	/* linearised 100 (0.16) / (0.64 4 + 0.04 8) = 5.56, Kish 100 / 12 */
	unit_close(share.size, 16 / 2.88, 1e-15, "the linearised number is the smaller");
	share = monitor_weighted_share(0, 3, 0, 5);
	unit_close(share.size, 9 / 5.0, 1e-15, "no hits: Kish's number");
	share = monitor_weighted_share(1e300, 1e308, INFINITY, INFINITY);
	unit_ok(share.n > 0 && isnan(share.size), "squares that leave the range");
	share = monitor_weighted_share(1e308, 1e308, 1, 1);
	unit_ok(share.n == 0, "weights that leave the range");
	unit_ok(monitor_share_difference(unknown, 2, &result) == MONITOR_OK &&
				result.difference == 0.5 && isnan(result.low) && isnan(result.high),
			"no limits without a size");
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
			groups[g] = (MonitorGroupShare){0, (double) size[g], (double) size[g]};
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

static double
uniform(void)
{
	return (rand() + 0.5) / ((double) RAND_MAX + 1);
}

/*
 * A weighted group of n rows: exponential weights, of the hits `ratio` times as large.
 * *truth is the share of weight in the population.
 */
static MonitorGroupShare
draw_weighted(double share, int64_t n, double ratio, double *truth)
{
	double sum[2] = {0, 0};
	double squares[2] = {0, 0};

	for (int64_t i = 0; i < n; i++)
	{
		bool hit = uniform() < share;
		double weight = -log(uniform()) * (hit ? ratio : 1);

		sum[hit] += weight;
		squares[hit] += weight * weight;
	}
	*truth = share * ratio / (share * ratio + 1 - share);
	return monitor_weighted_share(sum[1], sum[0], squares[1], squares[0]);
}

/* Share of samples whose limits miss the truth, of two groups of n rows named in advance. */
static double
weighted_miss_rate(double share, double other, int64_t n, double ratio)
{
	int missed = 0;

	for (int i = 0; i < SAMPLES; i++)
	{
		double truth[2];
		MonitorGroupShare groups[2] = {draw_weighted(share, n, ratio, &truth[0]),
									   draw_weighted(other, n, ratio, &truth[1])};
		MonitorShareDifference result;
		double difference;

		monitor_share_difference(groups, 2, &result);
		difference = truth[result.highest] - truth[result.lowest];
		missed += difference < result.low || difference > result.high;
	}
	return (double) missed / SAMPLES;
}

static void
test_weighted_coverage(void)
{
	static const double shares[][2] = {{0.5, 0.5}, {0.1, 0.3}, {0.03, 0.03}, {0.9, 0.6}};
	static const double ratios[] = {1, 2};

	srand(4);
	for (int r = 0; r < 2; r++)
	{
		for (int i = 0; i < 4; i++)
		{
			double small = weighted_miss_rate(shares[i][0], shares[i][1], 60, ratios[r]);
			double large = weighted_miss_rate(shares[i][0], shares[i][1], 600, ratios[r]);

			unit_ok(small <= 0.08 && large <= 0.08,
					"weighted limits (hits weigh %g times as much) miss in %.2f and %.2f %%",
					ratios[r], 100 * small, 100 * large);
		}
	}
}

int
main(void)
{
	test_limits();
	test_extremes();
	test_weights();
	test_coverage();
	test_weighted_coverage();
	return unit_done();
}
