/*
 * simulate.c
 *		How often each test rejects without drift, and with a little of it.
 *
 *		simulate reduced|full [numeric] [categorical] [looking]
 *
 * The verdict of a row compares the share of false alarms with the nominal
 * level by its exact binomial interval (Clopper and Pearson 1934, 99.9 %):
 *
 *		ANTI-CONSERVATIVE	all of the interval is above the level
 *		conservative		all of it is below half of the level
 *		ok					else
 *
 * Where a row is anti-conservative beyond what `allowances` grants, the case
 * fails.  Unless it is so by more than twice, chance may have done it: then the
 * case is drawn again, four times as often and from another seed, and the
 * second result stands.  So do tests that miss what they
 * cannot miss.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "simulate.h"

#define CONFIDENCE 0.999

const double nominal_levels[NLEVELS] = {0.01, 0.05};

static const char *const names[NTESTS] = {
	"ks",		"mann_whitney", "cramer_von_mises", "anderson_darling", "welch_t",
	"psi_test", "chi2_drift",	"g_test",			"fisher_exact",		"drift_evidence",
};

/*
 * What is known not to hold its level, and how far it may go: most[] bounds
 * the rate at 1 % and 5 %.  All that is not listed must hold it.
 */
typedef struct Allowance
{
	Test test;
	bool (*applies)(const Case *c);
	double most[NLEVELS];
	const char *reason;
} Allowance;

/* Some category expects fewer rows than 5, or hardly more, in the smaller sample. */
static bool
few_expected(const Case *c)
{
	return c->least <= 10;
}

static bool
many_categories(const Case *c)
{
	return c->k >= 50 && c->least <= 30;
}

static bool
tied(const Case *c)
{
	return !c->categorical && (c->k > 0 || strcmp(c->kind, "half zero") == 0);
}

static bool
tied_equal_sizes(const Case *c)
{
	return tied(c) && c->n == c->m;
}

static bool
tied_unequal_sizes(const Case *c)
{
	return tied(c) && c->n != c->m;
}

/* A continuum of which the reference holds so few rows that its values are PSI's cells. */
static bool
numeric_few_rows(const Case *c)
{
	return !c->categorical && c->n <= 50;
}

static bool
categories_few_expected(const Case *c)
{
	return c->categorical && few_expected(c);
}

static bool
skewed(const Case *c)
{
	return strcmp(c->kind, "lognormal") == 0 || strcmp(c->kind, "five values") == 0 ||
		strcmp(c->kind, "half zero") == 0;
}

static const Allowance allowances[] = {
	{G_TEST,
	 few_expected,
	 {0.20, 0.60},
	 "g_test: far from chi-square where cells expect < 5 rows; method says how many do"},
	{G_TEST,
	 many_categories,
	 {0.05, 0.15},
	 "g_test: each of many cells that expect < 30 rows adds a little to its mean"},
	{CHI2,
	 few_expected,
	 {0.10, 0.18},
	 "chi2_drift: heavier tail than chi-square where cells expect < 5 rows; method says how many do"},
	{PSI,
	 categories_few_expected,
	 {1, 1},
	 "psi_test: cells of categories that the reference happens not to have; method says how many"},
	{PSI,
	 numeric_few_rows,
	 {1, 1},
	 "psi_test: at most 20 reference values are cells that no other value hits; method says how many are new"},
	{CRAMER_VON_MISES,
	 tied_unequal_sizes,
	 {1, 1},
	 "cramer_von_mises: SciPy's T counts the spread within ties as drift; method says so"},
	{CRAMER_VON_MISES,
	 tied_equal_sizes,
	 {0.02, 0.06},
	 "cramer_von_mises: mean and variance are those of data without ties"},
	{ANDERSON_DARLING,
	 tied,
	 {0.06, 0.13},
	 "anderson_darling: the standard deviation (Scholz and Stephens, SciPy) is that of data without ties"},
	{WELCH,
	 skewed,
	 {0.10, 0.15},
	 "welch_t: Student's t needs means that are nearly normal; skewed data have them in large samples only"},
};

#define NALLOWANCES ((int) (sizeof(allowances) / sizeof(allowances[0])))

/* Rejections of one case at one effect. */
typedef struct Tally
{
	long runs[NTESTS];
	long hits[NLEVELS][NTESTS];
} Tally;

static int checks;
static int failures;

void
check(bool good, const char *format, ...)
{
	va_list arguments;

	checks++;
	failures += !good;
	printf("%sok %d - ", good ? "" : "not ", checks);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	fflush(stdout);
}

/* The x at which the Beta(a, b) distribution has the share p: GSL's own inverse may fail. */
static double
beta_quantile(double p, double a, double b)
{
	double low = 0;
	double high = 1;

	for (int i = 0; i < 60; i++)
	{
		double x = (low + high) / 2;

		if (gsl_cdf_beta_P(x, a, b) < p)
			low = x;
		else
			high = x;
	}
	return low;
}

void
binomial_interval(long hits, long runs, double *low, double *high)
{
	double tail = (1 - CONFIDENCE) / 2;
	double rest = (double) (runs - hits);

	*low = hits == 0 ? 0 : beta_quantile(tail, (double) hits, rest + 1);
	*high = hits == runs ? 1 : beta_quantile(1 - tail, (double) (hits + 1), rest);
}

/* FNV-1a, 32 bits */
gsl_rng *
seeded(const char *text, unsigned long *seed)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	uint32_t hash = 2166136261u;

	for (const char *c = text; *c != '\0'; c++)
		hash = (hash ^ (unsigned char) *c) * 16777619u;
	*seed = hash;
	gsl_rng_set(rng, hash);
	return rng;
}

static Tally
tally(const Case *c, Trial trial, gsl_rng *rng, double effect, long runs)
{
	Tally sum = {{0}, {{0}}};

	for (long i = 0; i < runs; i++)
	{
		double p[NLEVELS][NTESTS];

		trial(c, rng, effect, i % c->slow_every == 0, p);
		for (int t = 0; t < NTESTS; t++)
		{
			sum.runs[t] += !isnan(p[0][t]);
			for (int l = 0; l < NLEVELS; l++)
				sum.hits[l][t] += p[l][t] <= nominal_levels[l];
		}
	}
	return sum;
}

/* The allowance for a test in a case, or -1. */
static int
allowance_of(const Case *c, int test)
{
	for (int i = 0; i < NALLOWANCES; i++)
		if ((int) allowances[i].test == test && allowances[i].applies(c))
			return i;
	return -1;
}

/* Is a test's rate above `factor' times what it may be? */
static bool
above(const Case *c, const Tally *null, int test, double factor)
{
	int allowance = allowance_of(c, test);

	for (int l = 0; l < NLEVELS; l++)
	{
		double low;
		double high;

		if (null->runs[test] == 0)
			continue;
		binomial_interval(null->hits[l][test], null->runs[test], &low, &high);
		if (low > factor * (allowance < 0 ? nominal_levels[l] : allowances[allowance].most[l]))
			return true;
	}
	return false;
}

/* Is a test above what it may be, but not beyond doubt? */
static bool
doubtful(const Case *c, const Tally *null)
{
	bool any = false;

	for (int t = 0; t < NTESTS; t++)
		any |= above(c, null, t, 1) && !above(c, null, t, 2);
	return any;
}

/*
 * Power that no working test falls short of: 0.9 at 5 % where the shift of a
 * mean, or of a share of one half, is 12 standard errors.
 */
static bool
powerless(const Case *c, const Tally *drift, double effect, int test)
{
	double errors = effect * sqrt((double) c->n * c->m / (double) (c->n + c->m));
	bool plain = strcmp(c->kind, "normal") == 0 || (strcmp(c->kind, "uniform") == 0 && c->k == 2);

	return plain && errors >= 12 && drift->runs[test] > 0 &&
		drift->hits[1][test] < 0.9 * drift->runs[test];
}

static double
percent(long hits, long runs)
{
	return 100.0 * (double) hits / (double) runs;
}

/* One row of the table; the verdict is that of the worse level. */
static void
print_row(const Case *c, const Tally *null, const Tally *drift, int test)
{
	const char *verdict = "ok";
	int allowance = allowance_of(c, test);
	bool anti = false;

	printf("%-17s %-12s %4d %6lld/%-6lld %6ld ", names[test], c->kind, c->k, (long long) c->n,
		   (long long) c->m, null->runs[test]);
	for (int l = 0; l < NLEVELS; l++)
	{
		double low;
		double high;

		binomial_interval(null->hits[l][test], null->runs[test], &low, &high);
		printf(" %6.2f [%5.2f %5.2f]", percent(null->hits[l][test], null->runs[test]), 100 * low,
			   100 * high);
		anti |= low > nominal_levels[l];
		if (high < nominal_levels[l] / 2)
			verdict = "conservative";
	}
	for (int e = 0; e < NEFFECTS; e++)
		for (int l = 0; l < NLEVELS; l++)
			printf(" %5.1f", percent(drift[e].hits[l][test], drift[e].runs[test]));
	printf("  %s", anti ? "ANTI-CONSERVATIVE" : verdict);
	if (anti && allowance >= 0)
		printf(" (%d)", allowance + 1);
	printf("\n");
}

static void
print_heading(const Case *c, unsigned long seed)
{
	const char *unit = c->categorical ? " of share" : " sigma";

	printf("\n# %s%s, seed %lu; power at drift +%g%s and +%g%s\n", c->kind,
		   c->categorical ? " categories" : "", seed, c->effects[0], unit, c->effects[1], unit);
	printf("# %-15s %-12s %4s %13s %6s  %6s %13s  %6s %13s %5s %5s %5s %5s  verdict\n", "test",
		   "kind", "k", "ref/cur", "runs", "1 %", "[99.9 %]", "5 %", "[99.9 %]", "a 1%", "a 5%",
		   "b 1%", "b 5%");
}

void
simulate_case(const Case *c, Trial trial)
{
	char name[128];
	char bad[256] = "";
	unsigned long seed;
	gsl_rng *rng;
	Tally null;
	Tally drift[NEFFECTS];

	snprintf(name, sizeof(name), "%s %d %lld/%lld", c->kind, c->k, (long long) c->n,
			 (long long) c->m);
	rng = seeded(name, &seed);
	null = tally(c, trial, rng, 0, c->runs);
	if (doubtful(c, &null))
	{
		gsl_rng_set(rng, ++seed);
		null = tally(c, trial, rng, 0, 4 * c->runs);
	}
	for (int e = 0; e < NEFFECTS; e++)
		drift[e] = tally(c, trial, rng, c->effects[e], c->runs / 10);
	gsl_rng_free(rng);

	print_heading(c, seed);
	for (int t = 0; t < NTESTS; t++)
	{
		bool weak = false;

		if (null.runs[t] == 0)
			continue;
		print_row(c, &null, drift, t);
		for (int e = 0; e < NEFFECTS; e++)
			weak |= powerless(c, &drift[e], c->effects[e], t);
		if (above(c, &null, t, 1) || weak)
			snprintf(bad + strlen(bad), sizeof(bad) - strlen(bad), " %s%s", names[t],
					 weak ? " (no power)" : "");
	}
	check(bad[0] == '\0', "%s%s%s", name, bad[0] == '\0' ? "" : ": not calibrated:", bad);
}

int
main(int argc, char **argv)
{
	bool full = argc > 1 && strcmp(argv[1], "full") == 0;
	bool all = argc <= 2;

	if (argc < 2 || (!full && strcmp(argv[1], "reduced") != 0))
	{
		fprintf(stderr, "usage: simulate reduced|full [numeric] [categorical] [looking]\n");
		return 2;
	}
	for (int i = 0; i < NALLOWANCES; i++)
		printf("# (%d) %s\n", i + 1, allowances[i].reason);
	for (int i = 2; i <= argc; i++)
	{
		const char *part = all ? "" : i < argc ? argv[i] : "none";

		if (all || strcmp(part, "numeric") == 0)
			simulate_numeric(full);
		if (all || strcmp(part, "categorical") == 0)
			simulate_categorical(full);
		if (all || strcmp(part, "looking") == 0)
			simulate_looking(full);
		if (all)
			break;
	}
	printf("1..%d\n# %d of %d checks failed\n", checks, failures, checks);
	return failures > 0;
}
