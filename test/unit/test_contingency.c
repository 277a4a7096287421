/*
 * test_contingency.c
 *		Unit tests of the tests of tables of counts.
 *
 * Expected values: chi-square statistics in fractions, G in mpmath at 50
 * digits, their p by mpmath.gammainc; scipy 1.17.1 chi2_contingency(table,
 * correction=False[, lambda_='log-likelihood']) agrees to its own cancellation.
 * Fisher: hypergeometric weights as Python integers, scipy fisher_exact's rule;
 * above 10^4 counts its own recurrence in mpmath at 50 digits.
 */
#include <string.h>

#include "two_samples.h"

typedef struct Table
{
	const char *name;
	int k;
	int64_t reference[10];
	int64_t current[10];
	Expected chi2;
	Expected g;
} Table;

typedef struct TwoByTwo
{
	int64_t cell[4];
	Expected want;
} TwoByTwo;

static const Table tables[] = {
	{"plain",
	 4,
	 {30, 20, 50, 7},
	 {25, 35, 40, 3},
	 {7.182981250670208, 0.0662886679967059, 0.18494505298125463, 3.0},
	 {7.28123956098224, 0.06345395024900696, 0.18620571779086342, 3.0}},
	{"sparse",
	 5,
	 {1, 0, 2, 5, 0},
	 {0, 3, 1, 1, 0},
	 {6.6625, 0.08346955163409663, 0.7158910531638176, 3.0},
	 {8.097419986617043, 0.04404065539782989, 0.7892264950627312, 3.0}},
	{"empty columns",
	 4,
	 {3, 4, 0, 9},
	 {1, 20, 0, 9},
	 {8.161805555555556, 0.01689220885622009, 0.4212250652033371, 2.0},
	 {8.361408782903295, 0.015287735223191306, 0.4263446448005083, 2.0}},
	{"one column", 1, {5}, {3}, {0.0, 1.0, 0.0, 0.0}, {0.0, 1.0, 0.0, 0.0}},
	{"one column left", 3, {0, 5, 0}, {0, 3, 0}, {0.0, 1.0, 0.0, 0.0}, {0.0, 1.0, 0.0, 0.0}},
	{"same shares", 3, {10, 20, 30}, {20, 40, 60}, {0.0, 1.0, 0.0, 2.0}, {0.0, 1.0, 0.0, 2.0}},
	{"disjoint",
	 4,
	 {5, 6, 0, 0},
	 {0, 0, 7, 8},
	 {26.0, 9.537406942615976e-06, 1.0, 3.0},
	 {35.42581794248661, 9.902828495834699e-08, 1.1672752286099488, 3.0}},
	{"far tail",
	 3,
	 {1000, 2000, 3000},
	 {1500, 2500, 1200},
	 {874.3019943019943, 1.4051871796628776e-190, 0.2793969900744782, 2.0},
	 {896.128228559712, 2.5599272854907943e-195, 0.2828629508764725, 2.0}},
	{"n of 10^9, nearly equal",
	 2,
	 {1000000000, 1000030000},
	 {1000000000, 1000000000},
	 {0.2249949376012481, 0.6352601006937623, 7.499887501687475e-06, 1.0},
	 {0.22499493760335723, 0.6352601006921771, 7.499887501722627e-06, 1.0}},
	{"G of 1e-8",
	 3,
	 {100000000, 100000000, 100000000},
	 {100000001, 99999999, 100000000},
	 {1e-08, 0.999999995, 4.08248290463863e-09, 2.0},
	 {1e-08, 0.999999995, 4.08248290463863e-09, 2.0}},
	{"counts of 10^17",
	 2,
	 {100000000000000000, 100000000000000001},
	 {100000000000000000, 100000000000000000},
	 {2.4999999999999998e-18, 0.9999999987384337, 2.5e-18, 1.0},
	 {2.4999999999999998e-18, 0.9999999987384337, 2.4999999999999998e-18, 1.0}},
	{"lopsided",
	 2,
	 {1, 4},
	 {1000000, 4000077},
	 {2.9644399700449543e-10, 0.999986262383399, 7.699858900040634e-09, 1.0},
	 {2.964428556995866e-10, 0.9999862624098439, 7.699844077856163e-09, 1.0}},
	{"ten columns",
	 10,
	 {100, 90, 80, 70, 60, 50, 40, 30, 20, 10},
	 {98, 93, 75, 77, 61, 42, 44, 32, 13, 15},
	 {4.007763445064746, 0.9109008124356669, 0.0603607597176777, 9.0},
	 {4.026999046071203, 0.9096265367056459, 0.06050543962075718, 9.0}},
	{"counts of 10^18",
	 2,
	 {1000000000000000000, 3000000000000000000},
	 {1000000002000000000, 3000000000000000000},
	 {1.499999998125, 0.22067136220834616, 4.330127015674598e-10, 1.0},
	 {1.499999998125, 0.22067136220834616, 4.330127015674598e-10, 1.0}},
};

static const TwoByTwo fisher_tables[] = {
	{{3, 1, 1, 3}, {9.0, 0.4857142857142857, 2.1972245773362196, NAN}},
	{{8, 2, 1, 5}, {20.0, 0.03496503496503497, 2.995732273553991, NAN}},
	{{1, 1, 1, 1}, {1.0, 1.0, 0.0, NAN}},
	{{0, 7, 5, 0}, {0.0, 0.0012626262626262627, -INFINITY, NAN}},
	{{7, 0, 0, 5}, {INFINITY, 0.0012626262626262627, INFINITY, NAN}},
	{{10, 0, 3, 4}, {INFINITY, 0.014705882352941176, INFINITY, NAN}},
	{{0, 10, 3, 4}, {0.0, 0.051470588235294115, -INFINITY, NAN}},
	{{12, 5, 5, 12}, {5.76, 0.038084343124522524, 1.7509374747078, NAN}},
	{{100, 2, 3, 100}, {1666.6666666666667, 3.2872704792042665e-52, 7.418580902748127, NAN}},
	{{1000, 1, 2, 1000}, {500000.0, 0.0, 13.122363377404328, NAN}},
	{{40, 60, 400, 600}, {1.0, 1.0, 0.0, NAN}},
	{{41, 60, 400, 600}, {1.025, 0.9154732785534874, 0.0246926125903715, NAN}},
	{{5, 95, 40, 860}, {1.131578947368421, 0.7979497472109127, 0.12361395596717666, NAN}},
	{{190, 800, 190, 810}, {1.0125, 0.9545259777797639, 0.012422519998557154, NAN}},
	{{0, 5, 1, 3000}, {0.0, 1.0, -INFINITY, NAN}},
	{{500, 500, 510, 490}, {0.9607843137254902, 0.6873173835071112, -0.040005334613699164, NAN}},
	{{2, 0, 0, 2}, {INFINITY, 0.3333333333333333, INFINITY, NAN}},
	{{50000, 50000, 52000, 48000},
	 {0.9230769230769231, 3.8259477580313066e-19, -0.08004270767353643, NAN}},
	{{300000, 200000, 310000, 190000},
	 {0.9193548387096774, 2.103902428503258e-93, -0.0840831172105414, NAN}},
	{{30000, 20000, 35000, 15000},
	 {0.6428571428571429, 1.7348521404317556e-241, -0.44183275227903923, NAN}},
	{{5, 99995, 60, 99940}, {0.08328749770821875, 4.833414531410471e-13, -2.485456828609991, NAN}},
	{{1, 9, 100000, 900000}, {1.0, 1.0, 0.0, NAN}},
};

static void
check_result(const char *name, const MonitorTestResult *got, Expected want, double rel_tol)
{
	unit_close(got->statistic, want.statistic, rel_tol, name);
	unit_close(got->p_value, want.p_value, 1e-11, "  p");
	unit_close(got->effect_size, want.effect_size, rel_tol, "  effect size");
	unit_close(got->df, want.df, 0.0, "  df");
	unit_ok((isnan(got->statistic) && isnan(got->statistic_low)) ||
				(got->statistic_low == got->statistic && got->statistic_high == got->statistic),
			"  exact");
}

static void
test_tables(void)
{
	MonitorTestResult got;

	for (int64_t i = 0; i < LENGTH(tables); i++)
	{
		const Table *t = &tables[i];

		unit_ok(monitor_chi2(t->reference, t->current, t->k, &got) == MONITOR_OK, "chi2: %s",
				t->name);
		check_result("  statistic", &got, t->chi2, 1e-13);
		unit_ok(monitor_chi2(t->current, t->reference, t->k, &got) == MONITOR_OK, "  swapped");
		check_result("  statistic", &got, t->chi2, 1e-13);
		unit_ok(monitor_g_test(t->reference, t->current, t->k, &got) == MONITOR_OK, "G: %s",
				t->name);
		check_result("  statistic", &got, t->g, 1e-13);
	}
}

static void
test_fisher(void)
{
	MonitorTestResult got;

	for (int64_t i = 0; i < LENGTH(fisher_tables); i++)
	{
		const int64_t *c = fisher_tables[i].cell;
		Expected want = fisher_tables[i].want;
		Expected inverse = {1.0 / want.statistic, want.p_value, -want.effect_size, NAN};
		int64_t spread[2][4] = {{0, c[0], 0, c[1]}, {0, c[2], 0, c[3]}};

		unit_ok(monitor_fisher(c, c + 2, 2, &got) == MONITOR_OK, "fisher: %lld %lld / %lld %lld",
				(long long) c[0], (long long) c[1], (long long) c[2], (long long) c[3]);
		check_result("  odds ratio", &got, want, 1e-12);
		unit_ok(monitor_fisher(spread[0], spread[1], 4, &got) == MONITOR_OK,
				"  with empty columns");
		check_result("  odds ratio", &got, want, 1e-12);
		unit_ok(monitor_fisher(c + 2, c, 2, &got) == MONITOR_OK, "  swapped");
		check_result("  odds ratio", &got, inverse, 1e-12);
	}
}

static void
test_edges(void)
{
	static const int64_t none[3] = {0, 0, 0};
	static const int64_t some[3] = {1, 2, 3};
	static const int64_t most[2] = {INT64_MAX, 1};
	static const int64_t left[2] = {7, 0};
	MonitorTestResult got;

	unit_ok(monitor_chi2(none, some, 3, &got) == MONITOR_UNDEFINED, "chi2: empty reference");
	unit_ok(monitor_chi2(some, none, 3, &got) == MONITOR_UNDEFINED, "chi2: empty current");
	unit_ok(monitor_chi2(some, some, 0, &got) == MONITOR_UNDEFINED, "chi2: no columns");
	unit_ok(monitor_g_test(none, some, 3, &got) == MONITOR_UNDEFINED, "G: empty reference");
	unit_ok(monitor_fisher(none, some, 3, &got) == MONITOR_UNDEFINED, "fisher: empty reference");
	unit_ok(monitor_chi2(most, most, 2, &got) == MONITOR_OVERFLOW, "chi2: too many");
	unit_ok(monitor_fisher(some, some, 3, &got) == MONITOR_MISMATCH, "fisher: three columns");
	unit_ok(monitor_fisher(left, left, 2, &got) == MONITOR_OK, "fisher: one column");
	check_result("  no odds ratio", &got, (Expected){NAN, 1.0, 0.0, NAN}, 0.0);
	monitor_chi2(tables[1].reference, tables[1].current, 5, &got);
	unit_ok(strcmp(got.method, "Pearson chi-square (8 of 8 cells expect < 5)") == 0, "%s",
			got.method);
	monitor_chi2(tables[0].reference, tables[0].current, 4, &got);
	unit_ok(strcmp(got.method, "Pearson chi-square (1 of 8 cells expect < 5)") == 0, "%s",
			got.method);
	monitor_chi2(tables[12].reference, tables[12].current, 10, &got);
	unit_ok(strcmp(got.method, "Pearson chi-square") == 0, "%s", got.method);
}

int
main(void)
{
	test_tables();
	test_fisher();
	test_edges();
	return unit_done();
}
