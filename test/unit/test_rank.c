/*
 * test_rank.c
 *		Unit tests of the rank tests: Mann-Whitney, Cramer-von Mises and
 *		Anderson-Darling.
 *
 * Expected values, unless a comment says otherwise:
 * Mann-Whitney: U and its variance in fractions, mpmath.erfc at 50 digits;
 *		scipy 1.17.1 mannwhitneyu(reference, current, method='asymptotic') agrees.
 * Cramer-von Mises: T in fractions; p by scipy cramervonmises_2samp(method=
 *		'exact') up to 20 values a side, else 1 - the Bessel series of the limit
 *		(Csorgo and Faraway 1996, eq. 1.2) in mpmath, above 3 Smirnov's integral
 *		by mpmath.quad: SciPy's own tail is rounding error.
 * Anderson-Darling: scipy anderson_ksamp([reference, current], midrank=True).
 * Its last digits are SciPy's rounding, thus 1e-12.
 */
#include <string.h>

#include "two_samples.h"

static const double plain_r[] = {0.5, 1.5, 2.25, 3.75, 4.0};
static const double plain_c[] = {1.0, 2.0, 2.5, 5.5, 6.25, 7.0, -1.0};
static const double tied_r[] = {1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 5.0};
static const double tied_c[] = {1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 5.0, 5.0};
static const double even_r[] = {1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 5.0};
static const double even_c[] = {2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 5.0};
static const double one_each_r[] = {1.0};
static const double one_each_c[] = {2.0};
static const double one_few_r[] = {2.5};
static const double one_few_c[] = {1.0, 2.0, 3.0, 4.0};
static const double infinite_r[] = {-INFINITY, -1.0, 0.0, 2.0, INFINITY};
static const double infinite_c[] = {-INFINITY, 0.0, 1.0, 3.0, 3.0, INFINITY, INFINITY};
static const double tiny_r[] = {1e-300, 2e-300, 2e-300, 4.5e-300};
static const double tiny_c[] = {3e-300, 5e-300, 1e-300, 7e-300, 8e-300};
static const double huge_r[] = {1e+300, -1.5e+308, 1.5e+308, 2e+307, 1e+308};
static const double huge_c[] = {-1.2e+308, 1.6e+308, 1.7e+308, 9e+307};
static const double constant_r[] = {3.0, 3.0, 3.0};
static const double constant_c[] = {3.0, 3.0, 3.0, 3.0};
static const double five[] = {100.0, 70000.0, 65536.0, 40000.0, 70001.0};
static double long_r[3000];
static double long_c[100000];

static void
test_mann_whitney(void)
{
	double p;
	double effect;

	check_test("mann whitney plain", monitor_mann_whitney, plain_r, LENGTH(plain_r), plain_c,
			   LENGTH(plain_c), (Expected){14.0, 0.6261174799167386, 0.1, NAN}, 1e-13);
	check_test("mann whitney tied", monitor_mann_whitney, tied_r, LENGTH(tied_r), tied_c,
			   LENGTH(tied_c), (Expected){19.5, 0.21027962990732663, 0.19047619047619047, NAN},
			   1e-13);
	check_test("mann whitney even", monitor_mann_whitney, even_r, LENGTH(even_r), even_c,
			   LENGTH(even_c), (Expected){13.0, 0.1449167734869672, 0.23469387755102042, NAN},
			   1e-13);
	check_test("mann whitney one each", monitor_mann_whitney, one_each_r, LENGTH(one_each_r),
			   one_each_c, LENGTH(one_each_c), (Expected){0.0, 1.0, 0.5, NAN}, 1e-13);
	check_test("mann whitney one few", monitor_mann_whitney, one_few_r, LENGTH(one_few_r),
			   one_few_c, LENGTH(one_few_c), (Expected){2.0, 1.0, 0.0, NAN}, 1e-13);
	check_test("mann whitney infinite", monitor_mann_whitney, infinite_r, LENGTH(infinite_r),
			   infinite_c, LENGTH(infinite_c),
			   (Expected){12.0, 0.4110079246790265, 0.15714285714285714, NAN}, 1e-13);
	check_test("mann whitney tiny", monitor_mann_whitney, tiny_r, LENGTH(tiny_r), tiny_c,
			   LENGTH(tiny_c), (Expected){4.5, 0.21680056289665947, 0.275, NAN}, 1e-13);
	check_test("mann whitney huge", monitor_mann_whitney, huge_r, LENGTH(huge_r), huge_c,
			   LENGTH(huge_c), (Expected){6.0, 0.3912672792826393, 0.2, NAN}, 1e-13);
	check_test("mann whitney constant", monitor_mann_whitney, constant_r, LENGTH(constant_r),
			   constant_c, LENGTH(constant_c), (Expected){6.0, 1.0, 0.0, NAN}, 1e-13);
	fill(long_r, 3000, 48271, 0, 65537);
	fill(long_c, 2000, 40503, 7, 60000);
	check_test("mann whitney many", monitor_mann_whitney, long_r, 3000, long_c, 2000,
			   (Expected){3255996.5, 3.0649608487833884e-07, -0.042666083333333334, NAN}, 1e-13);
	fill(long_c, 100000, 48271, 3, 65537);
	check_test("mann whitney five many", monitor_mann_whitney, five, LENGTH(five), long_c, 100000,
			   (Expected){361189.0, 0.08498384042476265, -0.222378, NAN}, 1e-13);
	fill(long_r, 2000, 48271, 0, 65537);
	fill(long_c, 2500, 40503, 20000, 90000);
	check_test("mann whitney far", monitor_mann_whitney, long_r, 2000, long_c, 2500,
			   (Expected){1810238.5, 4.078490509156276e-57, 0.1379523, NAN}, 1e-13);

	/* mpmath.erfc, as above, from U and the tie term */
	monitor_mann_whitney_p((monitor_int128) 25300000000000, 0.0, 5000000, 5000000, &p, &effect);
	unit_close(p, 7.342268009997773e-237, 1e-12, "mann whitney p of 5000000 and 5000000");
	unit_close(effect, -0.006, 1e-14, "and its effect size");
	monitor_mann_whitney_p((monitor_int128) 62500000, 1000000.0, 10000, 5000, &p, &effect);
	unit_close(p, 6.242024188454389e-138, 1e-12, "mann whitney p of 10000 and 5000");
	unit_close(effect, -0.125, 1e-14, "and its effect size");
	monitor_mann_whitney_p((monitor_int128) 1001000000000, 24000000.0, 1000000, 1000000, &p,
						   &effect);
	unit_close(p, 0.22067147778047388, 1e-12, "mann whitney p of 1000000 and 1000000");
	unit_close(effect, -0.0005, 1e-14, "and its effect size");
}

static void
test_cramer_von_mises(void)
{
	check_test("cramer von mises plain", monitor_cramer_von_mises, plain_r, LENGTH(plain_r),
			   plain_c, LENGTH(plain_c),
			   (Expected){0.1003968253968254, 0.6843434343434344, 0.1003968253968254, NAN}, 1e-12);
	check_test("cramer von mises tied", monitor_cramer_von_mises, tied_r, LENGTH(tied_r), tied_c,
			   LENGTH(tied_c),
			   (Expected){0.2152777777777778, 0.2631118881118881, 0.2152777777777778, NAN}, 1e-12);
	check_test("cramer von mises even", monitor_cramer_von_mises, even_r, LENGTH(even_r), even_c,
			   LENGTH(even_c),
			   (Expected){0.29081632653061223, 0.15734265734265734, 0.29081632653061223, NAN},
			   1e-12);
	check_test("cramer von mises one each", monitor_cramer_von_mises, one_each_r,
			   LENGTH(one_each_r), one_each_c, LENGTH(one_each_c), (Expected){0.25, 1.0, 0.25, NAN},
			   1e-12);
	check_test("cramer von mises one few", monitor_cramer_von_mises, one_few_r, LENGTH(one_few_r),
			   one_few_c, LENGTH(one_few_c), (Expected){0.1, 1.0, 0.1, NAN}, 1e-12);
	check_test("cramer von mises infinite", monitor_cramer_von_mises, infinite_r,
			   LENGTH(infinite_r), infinite_c, LENGTH(infinite_c),
			   (Expected){0.13015873015873017, 0.5050505050505051, 0.13015873015873017, NAN},
			   1e-12);
	check_test("cramer von mises tiny", monitor_cramer_von_mises, tiny_r, LENGTH(tiny_r), tiny_c,
			   LENGTH(tiny_c),
			   (Expected){0.2773148148148148, 0.1746031746031746, 0.2773148148148148, NAN}, 1e-12);
	check_test("cramer von mises huge", monitor_cramer_von_mises, huge_r, LENGTH(huge_r), huge_c,
			   LENGTH(huge_c), (Expected){0.14814814814814814, 0.5, 0.14814814814814814, NAN},
			   1e-12);
	check_test("cramer von mises constant", monitor_cramer_von_mises, constant_r,
			   LENGTH(constant_r), constant_c, LENGTH(constant_c), (Expected){0.0, 1.0, 0.0, NAN},
			   1e-12);
	fill(long_r, 3000, 48271, 0, 65537);
	fill(long_c, 2000, 40503, 7, 60000);
	check_test("cramer von mises many", monitor_cramer_von_mises, long_r, 3000, long_c, 2000,
			   (Expected){2.9007083583333335, 1.25373897748191e-07, 2.9007083583333335, NAN},
			   1e-12);
	fill(long_c, 100000, 48271, 3, 65537);
	check_test("cramer von mises five many", monitor_cramer_von_mises, five, LENGTH(five), long_c,
			   100000,
			   (Expected){0.5071053996133527, 0.032325983048987206, 0.5071053996133527, NAN},
			   1e-12);
	fill(long_r, 2000, 48271, 0, 65537);
	fill(long_c, 2500, 40503, 20000, 90000);
	check_test("cramer von mises far", monitor_cramer_von_mises, long_r, 2000, long_c, 2500,
			   (Expected){27.99442686851852, 6.722202983596865e-62, 27.99442686851852, NAN}, 1e-12);
	fill(long_r, 20, 48271, 1, 65537);
	fill(long_c, 20, 40503, 7, 60000);
	check_test("cramer von mises 20 and 20", monitor_cramer_von_mises, long_r, 20, long_c, 20,
			   (Expected){0.175, 0.33766290665744164, 0.175, NAN}, 1e-12);
	fill(long_r, 20, 48271, 1, 65537);
	fill(long_c, 19, 40503, 7, 60000);
	check_test("cramer von mises 20 and 19", monitor_cramer_von_mises, long_r, 20, long_c, 19,
			   (Expected){0.2244714349977508, 0.23379635073787997, 0.2244714349977508, NAN}, 1e-12);
	fill(long_r, 17, 48271, 1, 65537);
	fill(long_c, 20, 40503, 31, 60000);
	check_test("cramer von mises 17 and 20", monitor_cramer_von_mises, long_r, 17, long_c, 20,
			   (Expected){0.13982511923688395, 0.4404813205993261, 0.13982511923688395, NAN},
			   1e-12);
	fill(long_r, 15, 48271, 1, 65537);
	fill(long_c, 9, 40503, 11, 60000);
	check_test("cramer von mises 15 and 9", monitor_cramer_von_mises, long_r, 15, long_c, 9,
			   (Expected){0.16898148148148148, 0.36202872037102757, 0.16898148148148148, NAN},
			   1e-12);
}

static void
test_anderson_darling(void)
{
	MonitorTestResult result;

	check_test("anderson darling plain", monitor_anderson_darling, plain_r, LENGTH(plain_r),
			   plain_c, LENGTH(plain_c),
			   (Expected){-0.608358566605564, 0.25, -0.608358566605564, NAN}, 1e-12);
	check_test("anderson darling tied", monitor_anderson_darling, tied_r, LENGTH(tied_r), tied_c,
			   LENGTH(tied_c),
			   (Expected){0.3465733847603258, 0.24050631232228012, 0.3465733847603258, NAN}, 1e-12);
	check_test("anderson darling even", monitor_anderson_darling, even_r, LENGTH(even_r), even_c,
			   LENGTH(even_c),
			   (Expected){1.4122119414603531, 0.0849827793246796, 1.4122119414603531, NAN}, 1e-12);
	check_status("anderson darling of 2 values", monitor_anderson_darling, one_each_r, 1,
				 one_each_c, 1, MONITOR_UNDEFINED);
	check_test("anderson darling one few", monitor_anderson_darling, one_few_r, LENGTH(one_few_r),
			   one_few_c, LENGTH(one_few_c),
			   (Expected){-1.352349871230083, 0.25, -1.352349871230083, NAN}, 1e-12);
	check_test("anderson darling infinite", monitor_anderson_darling, infinite_r,
			   LENGTH(infinite_r), infinite_c, LENGTH(infinite_c),
			   (Expected){-0.7076777565884794, 0.25, -0.7076777565884794, NAN}, 1e-12);
	check_test("anderson darling tiny", monitor_anderson_darling, tiny_r, LENGTH(tiny_r), tiny_c,
			   LENGTH(tiny_c),
			   (Expected){0.4214198053656881, 0.22325848837707415, 0.4214198053656881, NAN}, 1e-12);
	check_test("anderson darling huge", monitor_anderson_darling, huge_r, LENGTH(huge_r), huge_c,
			   LENGTH(huge_c), (Expected){-0.19161781817513704, 0.25, -0.19161781817513704, NAN},
			   1e-12);
	check_test("anderson darling constant", monitor_anderson_darling, constant_r,
			   LENGTH(constant_r), constant_c, LENGTH(constant_c), (Expected){0.0, 1.0, 0.0, NAN},
			   0.0);
	fill(long_r, 3000, 48271, 0, 65537);
	fill(long_c, 2000, 40503, 7, 60000);
	check_test("anderson darling many", monitor_anderson_darling, long_r, 3000, long_c, 2000,
			   (Expected){30.268157692646014, 0.001, 30.268157692646014, NAN}, 1e-12);
	fill(long_c, 100000, 48271, 3, 65537);
	check_test("anderson darling five many", monitor_anderson_darling, five, LENGTH(five), long_c,
			   100000, (Expected){21.69731613670737, 0.001, 21.69731613670737, NAN}, 1e-12);
	fill(long_r, 2000, 48271, 0, 65537);
	fill(long_c, 2500, 40503, 20000, 90000);
	check_test("anderson darling far", monitor_anderson_darling, long_r, 2000, long_c, 2500,
			   (Expected){219.0400145779738, 0.001, 219.0400145779738, NAN}, 1e-12);

	run_test(monitor_anderson_darling, plain_r, 5, plain_r, 5, &result);
	unit_ok(result.p_value == 0.25, "equal samples: p is capped");
	unit_ok(strstr(result.method, "capped") != NULL, "a capped p is told: %s", result.method);
	fill(long_c, 2500, 40503, 20000, 90000);
	fill(long_r, 2000, 48271, 0, 65537);
	run_test(monitor_anderson_darling, long_r, 2000, long_c, 2500, &result);
	unit_ok(strstr(result.method, "floored") != NULL, "a floored p is told: %s", result.method);
}

static void
test_empty(void)
{
	TwoSampleTest tests[] = {monitor_mann_whitney, monitor_cramer_von_mises,
							 monitor_anderson_darling};

	for (int i = 0; i < 3; i++)
	{
		check_status("empty reference", tests[i], plain_r, 0, plain_c, 3, MONITOR_UNDEFINED);
		check_status("empty current", tests[i], plain_r, 3, plain_c, 0, MONITOR_UNDEFINED);
	}
}

int
main(void)
{
	test_mann_whitney();
	test_cramer_von_mises();
	test_anderson_darling();
	test_empty();
	return unit_done();
}
