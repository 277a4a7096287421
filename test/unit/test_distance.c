/*
 * test_distance.c
 *		Unit tests of Wasserstein and energy distance.
 *
 * Expected values: the integrals in fractions and mpmath at 50 digits; scipy
 * 1.17.1 wasserstein_distance and energy_distance agree where the values are
 * finite and nothing overflows.
 */
#include "two_samples.h"

static const double plain_r[] = {0.5, 1.5, 2.25, 3.75, 4.0};
static const double plain_c[] = {1.0, 2.0, 2.5, 5.5, 6.25, 7.0, -1.0};
static const double tied_r[] = {1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 5.0};
static const double tied_c[] = {1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 5.0, 5.0};
static const double one_each_r[] = {1.0};
static const double one_each_c[] = {2.0};
static const double one_few_r[] = {2.5};
static const double one_few_c[] = {1.0, 2.0, 3.0, 4.0};
static const double tiny_r[] = {1e-300, 2e-300, 2e-300, 4.5e-300};
static const double tiny_c[] = {3e-300, 5e-300, 1e-300, 7e-300, 8e-300};
static const double huge_r[] = {1e+300, -1.5e+308, 1.5e+308, 2e+307, 1e+308};
static const double huge_c[] = {-1.2e+308, 1.6e+308, 1.7e+308, 9e+307};
static const double offset_r[] = {1000000000.0, 1000000001.0, 1000000002.0, 1000000004.0,
								  1000000004.5};
static const double offset_c[] = {1000000003.0, 1000000005.0, 1000000007.0,
								  1000000001.0, 1000000006.0, 1000000008.25};
static const double constant_r[] = {3.0, 3.0, 3.0};
static const double constant_c[] = {3.0, 3.0, 3.0, 3.0};
static const double infinite_r[] = {-INFINITY, -1.0, 0.0, 2.0, INFINITY};
static const double infinite_c[] = {-INFINITY, 0.0, 1.0, 3.0, 3.0, INFINITY, INFINITY};
static const double same_infinities_r[] = {-INFINITY, 0.0, 1.0, INFINITY};
static const double same_infinities_c[] = {-INFINITY, -INFINITY, 0.5,	   1.0,
										   2.0,		  2.0,		 INFINITY, INFINITY};
static const double lowest_and_highest_r[] = {-1.7976931348623157e+308};
static const double lowest_and_highest_c[] = {1.7976931348623157e+308};
static const double equal_ends_r[] = {1e-310, 1e+300};
static const double equal_ends_c[] = {3e-310, 1e+300};
static const double subnormal_r[] = {5e-324, 1e-323, 2e-320};
static const double subnormal_c[] = {2e-323, 3e-320};
static const double five[] = {100.0, 70000.0, 65536.0, 40000.0, 70001.0};
static double long_r[3000];
static double long_c[100000];

static void
test_wasserstein(void)
{
	check_test("wasserstein plain", monitor_wasserstein, plain_r, LENGTH(plain_r), plain_c,
			   LENGTH(plain_c), (Expected){1.45, NAN, 1.45, NAN}, 1e-14);
	check_test("wasserstein tied", monitor_wasserstein, tied_r, LENGTH(tied_r), tied_c,
			   LENGTH(tied_c), (Expected){0.8253968253968254, NAN, 0.8253968253968254, NAN}, 1e-14);
	check_test("wasserstein one each", monitor_wasserstein, one_each_r, LENGTH(one_each_r),
			   one_each_c, LENGTH(one_each_c), (Expected){1.0, NAN, 1.0, NAN}, 1e-14);
	check_test("wasserstein one few", monitor_wasserstein, one_few_r, LENGTH(one_few_r), one_few_c,
			   LENGTH(one_few_c), (Expected){1.0, NAN, 1.0, NAN}, 1e-14);
	check_test("wasserstein tiny", monitor_wasserstein, tiny_r, LENGTH(tiny_r), tiny_c,
			   LENGTH(tiny_c), (Expected){2.425e-300, NAN, 2.425e-300, NAN}, 1e-14);
	check_test("wasserstein huge", monitor_wasserstein, huge_r, LENGTH(huge_r), huge_c,
			   LENGTH(huge_c), (Expected){6.29999999e+307, NAN, 6.29999999e+307, NAN}, 1e-14);
	check_test("wasserstein offset", monitor_wasserstein, offset_r, LENGTH(offset_r), offset_c,
			   LENGTH(offset_c), (Expected){2.7416666666666667, NAN, 2.7416666666666667, NAN},
			   1e-14);
	check_test("wasserstein constant", monitor_wasserstein, constant_r, LENGTH(constant_r),
			   constant_c, LENGTH(constant_c), (Expected){0.0, NAN, 0.0, NAN}, 1e-14);
	fill(long_r, 3000, 48271, 0, 65537);
	fill(long_c, 2000, 40503, 7, 60000);
	check_test("wasserstein many", monitor_wasserstein, long_r, 3000, long_c, 2000,
			   (Expected){2796.054, NAN, 2796.054, NAN}, 1e-14);
	fill(long_c, 100000, 48271, 3, 65537);
	check_test("wasserstein five many", monitor_wasserstein, five, LENGTH(five), long_c, 100000,
			   (Expected){18941.03841, NAN, 18941.03841, NAN}, 1e-14);
	check_test("wasserstein infinite", monitor_wasserstein, infinite_r, LENGTH(infinite_r),
			   infinite_c, LENGTH(infinite_c), (Expected){INFINITY, NAN, INFINITY, NAN}, 1e-14);
	check_test("wasserstein same infinities", monitor_wasserstein, same_infinities_r,
			   LENGTH(same_infinities_r), same_infinities_c, LENGTH(same_infinities_c),
			   (Expected){0.4375, NAN, 0.4375, NAN}, 1e-14);
	check_test("wasserstein lowest and highest", monitor_wasserstein, lowest_and_highest_r,
			   LENGTH(lowest_and_highest_r), lowest_and_highest_c, LENGTH(lowest_and_highest_c),
			   (Expected){INFINITY, NAN, INFINITY, NAN}, 1e-14);
	check_test("wasserstein subnormal", monitor_wasserstein, subnormal_r, LENGTH(subnormal_r),
			   subnormal_c, LENGTH(subnormal_c), (Expected){8.34e-321, NAN, 8.34e-321, NAN}, 1e-13);
	check_status("wasserstein: empty side", monitor_wasserstein, plain_r, 0, plain_c, 3,
				 MONITOR_UNDEFINED);
}

static void
test_energy(void)
{
	check_test("energy plain", monitor_energy, plain_r, LENGTH(plain_r), plain_c, LENGTH(plain_c),
			   (Expected){0.9122745737765487, NAN, 0.9122745737765487, NAN}, 1e-14);
	check_test("energy tied", monitor_energy, tied_r, LENGTH(tied_r), tied_c, LENGTH(tied_c),
			   (Expected){0.6605921284661845, NAN, 0.6605921284661845, NAN}, 1e-14);
	check_test("energy one each", monitor_energy, one_each_r, LENGTH(one_each_r), one_each_c,
			   LENGTH(one_each_c), (Expected){1.4142135623730951, NAN, 1.4142135623730951, NAN},
			   1e-14);
	check_test("energy one few", monitor_energy, one_few_r, LENGTH(one_few_r), one_few_c,
			   LENGTH(one_few_c), (Expected){0.8660254037844386, NAN, 0.8660254037844386, NAN},
			   1e-14);
	check_test("energy tiny", monitor_energy, tiny_r, LENGTH(tiny_r), tiny_c, LENGTH(tiny_c),
			   (Expected){1.4343988287781052e-150, NAN, 1.4343988287781052e-150, NAN}, 1e-14);
	check_test("energy huge", monitor_energy, huge_r, LENGTH(huge_r), huge_c, LENGTH(huge_c),
			   (Expected){6.041522983486863e+153, NAN, 6.041522983486863e+153, NAN}, 1e-14);
	check_test("energy offset", monitor_energy, offset_r, LENGTH(offset_r), offset_c,
			   LENGTH(offset_c), (Expected){1.4698828373566226, NAN, 1.4698828373566226, NAN},
			   1e-14);
	check_test("energy constant", monitor_energy, constant_r, LENGTH(constant_r), constant_c,
			   LENGTH(constant_c), (Expected){0.0, NAN, 0.0, NAN}, 1e-14);
	fill(long_r, 3000, 48271, 0, 65537);
	fill(long_c, 2000, 40503, 7, 60000);
	check_test("energy many", monitor_energy, long_r, 3000, long_c, 2000,
			   (Expected){17.797954236372224, NAN, 17.797954236372224, NAN}, 1e-14);
	fill(long_c, 100000, 48271, 3, 65537);
	check_test("energy five many", monitor_energy, five, LENGTH(five), long_c, 100000,
			   (Expected){117.5573032349441, NAN, 117.5573032349441, NAN}, 1e-14);
	check_test("energy infinite", monitor_energy, infinite_r, LENGTH(infinite_r), infinite_c,
			   LENGTH(infinite_c), (Expected){INFINITY, NAN, INFINITY, NAN}, 1e-14);
	check_test("energy same infinities", monitor_energy, same_infinities_r,
			   LENGTH(same_infinities_r), same_infinities_c, LENGTH(same_infinities_c),
			   (Expected){0.45069390943299864, NAN, 0.45069390943299864, NAN}, 1e-14);
	check_test("energy lowest and highest", monitor_energy, lowest_and_highest_r,
			   LENGTH(lowest_and_highest_r), lowest_and_highest_c, LENGTH(lowest_and_highest_c),
			   (Expected){2.681561585988519e+154, NAN, 2.681561585988519e+154, NAN}, 1e-14);
	check_test("energy subnormal", monitor_energy, subnormal_r, LENGTH(subnormal_r), subnormal_c,
			   LENGTH(subnormal_c),
			   (Expected){7.822931973682826e-161, NAN, 7.822931973682826e-161, NAN}, 1e-13);
	check_status("energy: empty side", monitor_energy, plain_r, 0, plain_c, 3, MONITOR_UNDEFINED);
}

/* Equal mass at the end leaves what is small in between: finite, not NaN. */
static void
test_equal_ends(void)
{
	MonitorTestResult got;

	run_test(monitor_wasserstein, equal_ends_r, 2, equal_ends_c, 2, &got);
	unit_ok(got.statistic > 0.9e-310 && got.statistic < 1.1e-310, "equal ends: %g", got.statistic);
}

int
main(void)
{
	test_wasserstein();
	test_energy();
	test_equal_ends();
	return unit_done();
}
