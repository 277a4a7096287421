/*
 * test_welch.c
 *		Unit tests of Welch's t test.
 *
 * Expected values: means and variances of the doubles in mpmath at 50 digits,
 * p by mpmath.betainc, Hedges' correction by mpmath.loggamma; scipy 1.17.1
 * ttest_ind(reference, current, equal_var=False) agrees where it does not
 * overflow.
 */
#include "two_samples.h"

static const double plain_r[] = {0.5, 1.5, 2.25, 3.75, 4.0};
static const double plain_c[] = {1.0, 2.0, 2.5, 5.5, 6.25, 7.0, -1.0};
static const double tied_r[] = {1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 5.0};
static const double tied_c[] = {1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 5.0, 5.0};
static const double tiny_r[] = {1e-300, 2e-300, 2e-300, 4.5e-300};
static const double tiny_c[] = {3e-300, 5e-300, 1e-300, 7e-300, 8e-300};
static const double huge_r[] = {1e+300, -1.5e+308, 1.5e+308, 2e+307, 1e+308};
static const double huge_c[] = {-1.2e+308, 1.6e+308, 1.7e+308, 9e+307};
static const double offset_r[] = {1000000000.0, 1000000001.0, 1000000002.0, 1000000004.0,
								  1000000004.5};
static const double offset_c[] = {1000000003.0, 1000000005.0, 1000000007.0,
								  1000000001.0, 1000000006.0, 1000000008.25};
static const double one_each_r[] = {1.0};
static const double one_each_c[] = {2.0};
static const double one_few_r[] = {2.5};
static const double one_few_c[] = {1.0, 2.0, 3.0, 4.0};
static const double constant_r[] = {3.0, 3.0, 3.0};
static const double constant_c[] = {3.0, 3.0, 3.0, 3.0};
static const double two_constants_r[] = {3.0, 3.0, 3.0};
static const double two_constants_c[] = {4.0, 4.0, 4.0, 4.0};
static const double infinite_r[] = {-INFINITY, -1.0, 0.0, 2.0, INFINITY};
static const double infinite_c[] = {-INFINITY, 0.0, 1.0, 3.0, 3.0, INFINITY, INFINITY};
static const double five[] = {100.0, 70000.0, 65536.0, 40000.0, 70001.0};
static double long_r[3000];
static double long_c[100000];

static void
test_values(void)
{
	check_test("welch plain", monitor_welch, plain_r, LENGTH(plain_r), plain_c, LENGTH(plain_c),
			   (Expected){-0.7043801393302219, 0.4985937502550819, 0.34101476839770223,
						  9.223489829907463},
			   1e-12);
	check_test("welch tied", monitor_welch, tied_r, LENGTH(tied_r), tied_c, LENGTH(tied_c),
			   (Expected){-1.1927264328204517, 0.2543441485613398, 0.5690741312050475,
						  12.96769928871612},
			   1e-12);
	check_test("welch tiny", monitor_welch, tiny_r, LENGTH(tiny_r), tiny_c, LENGTH(tiny_c),
			   (Expected){-1.6359419484183604, 0.15119841246241406, 0.9068660299044418,
						  6.222370382350523},
			   1e-12);
	check_test("welch huge", monitor_welch, huge_r, LENGTH(huge_r), huge_c, LENGTH(huge_c),
			   (Expected){-0.6023948833373268, 0.5690543338786916, 0.36635229099067496,
						  5.974203202191538},
			   1e-12);
	check_test("welch offset", monitor_welch, offset_r, LENGTH(offset_r), offset_c,
			   LENGTH(offset_c),
			   (Expected){-1.9760205259944912, 0.08003392514027781, 1.0592877011633983,
						  8.870484076674721},
			   1e-12);
	fill(long_r, 3000, 48271, 0, 65537);
	fill(long_c, 2000, 40503, 7, 60000);
	check_test("welch many", monitor_welch, long_r, 3000, long_c, 2000,
			   (Expected){5.385128932888787, 7.605406364979833e-08, -0.15272044331672097,
						  4532.1625904870125},
			   1e-12);
	fill(long_c, 100000, 48271, 3, 65537);
	check_test("welch five many", monitor_welch, five, LENGTH(five), long_c, 100000,
			   (Expected){1.2147330340878684, 0.2912676415921342, -0.8646941210218005,
						  4.000157872453282},
			   1e-12);
	fill(long_r, 2000, 48271, 0, 65537);
	fill(long_c, 2500, 40503, 20000, 90000);
	check_test("welch far", monitor_welch, long_r, 2000, long_c, 2500,
			   (Expected){-18.527175049543864, 6.9330494073820164e-74, 0.5370737399432802,
						  4460.0545196618405},
			   1e-12);
}

static void
test_constants(void)
{
	static const double infinity[] = {INFINITY, INFINITY};

	check_test("welch constant", monitor_welch, constant_r, LENGTH(constant_r), constant_c,
			   LENGTH(constant_c), (Expected){0.0, 1.0, 0.0, NAN}, 0.0);
	check_test("welch two constants", monitor_welch, two_constants_r, LENGTH(two_constants_r),
			   two_constants_c, LENGTH(two_constants_c), (Expected){-INFINITY, 0.0, INFINITY, NAN},
			   0.0);
	check_test("welch: the same value once", monitor_welch, constant_r, 1, constant_c, 1,
			   (Expected){0.0, 1.0, 0.0, NAN}, 0.0);
	check_test("welch: the same infinity", monitor_welch, infinity, 2, infinity, 2,
			   (Expected){0.0, 1.0, 0.0, NAN}, 0.0);
	/* one side constant, as above */
	check_test("welch: constant reference", monitor_welch, constant_r, 3, plain_c, LENGTH(plain_c),
			   (Expected){-0.28522364491690605, 0.7850626597423308, 0.11237013952360207, 6.0},
			   1e-12);
	check_status("welch: one value", monitor_welch, one_few_r, 1, one_few_c, 4, MONITOR_UNDEFINED);
	check_status("welch: one value each", monitor_welch, one_each_r, 1, one_each_c, 1,
				 MONITOR_UNDEFINED);
	check_status("welch: infinite values", monitor_welch, infinite_r, 5, infinite_c, 7,
				 MONITOR_UNDEFINED);
	check_status("welch: empty side", monitor_welch, plain_r, 0, plain_c, 3, MONITOR_UNDEFINED);
}

/* What is seen of a test from moments. */
static void
check_moments(const char *name, double mean_r, double var_r, int64_t n, double mean_c, double var_c,
			  int64_t m, Expected want)
{
	MonitorTestResult got;

	if (!unit_ok(monitor_welch_moments(mean_r, var_r, n, mean_c, var_c, m, &got) == MONITOR_OK,
				 "%s: defined", name))
		return;
	unit_close(got.statistic, want.statistic, 1e-12, name);
	unit_close(got.p_value, want.p_value, 1e-11, "  p");
	unit_close(got.effect_size, want.effect_size, 1e-12, "  effect size");
	unit_close(got.df, want.df, 1e-12, "  df");
}

static void
test_moments(void)
{
	MonitorTestResult got;

	check_moments("moments of 5 million rows", 1.0, 4.0, 5000000, 1.01, 4.25, 5000000,
				  (Expected){-7.784989441615236, 6.972564775183099e-15, 0.0049236592698987565,
							 9990823.689908257});
	check_moments("moments of a far tail", 0.0, 1.0, 100000, 0.11, 1.5, 200000,
				  (Expected){-26.29502940535666, 3.605813334289679e-152, 0.09526253641099094,
							 239022.26234281916});
	check_moments("moments of 2 and 2", 1.5, 0.5, 2, -2.25, 3.0, 2,
				  (Expected){2.834733547569204, 0.16400371068382202, -1.599327139671923,
							 1.3243243243243243});
	check_moments("moments near 1e300", 1e+150, 1e+300, 10, 3e+150, 2e+300, 12,
				  (Expected){-3.872983346207417, 0.0009796405630768095, 1.5453048856653429,
							 19.555555555555557});
	check_moments("moments near 1e-300", 1e-150, 1e-300, 10, 3e-150, 2e-300, 12,
				  (Expected){-3.872983346207417, 0.0009796405630768093, 1.5453048856653429,
							 19.555555555555557});
	check_moments("moments of one constant side", 1.0, 0.0, 7, 1.25, 2.0, 9,
				  (Expected){-0.5303300858899106, 0.6102833414163065, 0.2210589259367246, 8.0});
	check_moments("moments of equal constants", 5.0, 0.0, 3, 5.0, 0.0, 4,
				  (Expected){0.0, 1.0, 0.0, NAN});
	check_moments("moments of constants", 5.0, 0.0, 3, 4.0, 0.0, 4,
				  (Expected){INFINITY, 0.0, -INFINITY, NAN});
	check_moments("opposite extremes", -1.7e308, 0.0, 3, 1.7e308, 1.0, 4,
				  (Expected){-INFINITY, 0.0, INFINITY, 3.0});
	unit_ok(monitor_welch_moments(1.0, NAN, 1, 2.0, 1.0, 5, &got) == MONITOR_UNDEFINED,
			"moments of one value");
	unit_ok(monitor_welch_moments(INFINITY, 1.0, 5, 2.0, 1.0, 5, &got) == MONITOR_UNDEFINED,
			"moments not finite");
	unit_ok(monitor_welch_moments(1.0, 1.0, 0, 2.0, 1.0, 5, &got) == MONITOR_UNDEFINED,
			"moments of nothing");
}

int
main(void)
{
	test_values();
	test_constants();
	test_moments();
	return unit_done();
}
