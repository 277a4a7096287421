/*
 * ks_pvalue.c
 *		P(D >= d) of the two-sample Kolmogorov-Smirnov statistic for samples from
 *		one continuous distribution, by the first of these that applies:
 *
 *		equal sizes			the closed form of Gnedenko and Korolyuk (1951)
 *		few lattice cells	the exit probability of a random lattice path, by a
 *							recursion without subtraction (Hodges 1957; Viehmann
 *							2021, arXiv 2102.08037)
 *		else				Kolmogorov's series at Hodges' corrected argument
 *
 * With ties, the probability is an upper bound of the true one.
 */
#include <stdio.h>

#include "numeric.h"
#include "tests.h"

/* Most lattice cells, about 2 h, and most doubles of scratch for the recursion. */
#define MAX_CELLS	20000000
#define MAX_SCRATCH 1048576

/* Above this a^2 / n, the alternating series of equal sizes hardly cancels. */
#define ALTERNATING_LAMBDA 0.5

/* Where Kolmogorov's two series converge equally fast. */
#define KOLMOGOROV_SWITCH 1.18

/*
 * Doubles that monitor_ks_pvalue needs: a column of the lattice, or none where
 * the sizes rule out the recursion.  At least 1, never above 8 MB.
 */
size_t
monitor_ks_scratch(int64_t n_reference, int64_t n_current)
{
	int64_t small = n_reference < n_current ? n_reference : n_current;

	if (n_reference == n_current || small >= MAX_SCRATCH || small < 1)
		return 1;
	return (size_t) small + 1;
}

/* C(2n, n) / 4^n */
static double
central_share(double n)
{
	return monitor_gamma_half_ratio(n) / (n * sqrt(MONITOR_PI));
}

/*
 * C(2n, n-k) / C(2n, n), 0 < k <= n, from Stirling's formula arranged so that
 * nothing large cancels:  with x = k / n its logarithm is -(n + 1/2) ln(1-x^2)
 * - 2 k artanh x, and the difference of what Stirling leaves.
 */
static double
binomial_ratio(int64_t n, int64_t k)
{
	double x = (double) k / (double) n;
	double rest;
	double log_minus; /* ln(1 - x) */
	double log_plus = log1p(x);

	if (k == n)
		return exp(-2.0 * (double) n * 0.69314718055994530942) / central_share((double) n);
	rest = 2.0 * monitor_stirling_rest((double) n) - monitor_stirling_rest((double) (n - k)) -
		monitor_stirling_rest((double) (n + k));
	if (x < 0.5)
		return exp(-((double) n + 0.5) * log1p(-x * x) - 2.0 * (double) k * atanh(x) + rest);
	log_minus = log((double) (n - k) / (double) n);
	return exp(-((double) (n - k) + 0.5) * log_minus - ((double) (n + k) + 0.5) * log_plus + rest);
}

/*
 * Equal sizes, D = a / n, 0 < a <= n.  Where p is not near 1,
 *		p = 2 sum_{j >= 1} (-1)^(j+1) C(2n, n - j a) / C(2n, n);
 * else, by the discrete Fourier transform of the same sum, without any
 * cancellation,
 *		1 - p = 4^n / C(2n, n) / a * sum_{l < a} cos^2n((2l + 1) pi / 2a).
 */
static double
equal_sizes(int64_t a, int64_t n)
{
	double p = 0.0;
	double q = 0.0;

	if ((double) a * (double) a / (double) n > ALTERNATING_LAMBDA)
	{
		for (int64_t j = 1; j <= n / a; j++)
		{
			double term = 2.0 * binomial_ratio(n, j * a);

			p += (j % 2 == 1) ? term : -term;
			if (term <= 1e-18 * p)
				break;
		}
		return p;
	}
	for (int64_t l = 0; 2 * l + 1 < a; l++)
	{
		double sine = sin((double) (2 * l + 1) * MONITOR_PI / (2.0 * (double) a));
		double term = exp((double) n * log1p(-sine * sine));

		q += term;
		if (term <= 1e-18 * q)
			break;
	}
	/* l and a - 1 - l give the same term. */
	return 1.0 - 2.0 * q / (central_share((double) n) * (double) a);
}

static int64_t
greatest_common_divisor(int64_t a, int64_t b)
{
	while (b != 0)
	{
		int64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/*
 * The recursion, for unequal sizes.  u(i, j) is the probability that a random
 * path from (0, 0) to (i, j) meets |small i - large j| >= h on its way:
 *		u(i, j) = (i u(i-1, j) + j u(i, j-1)) / (i + j),
 * 1 where that holds at (i, j) itself.  large, small and h are divided by the
 * greatest common divisor of the sizes on the boundary only.  column holds
 * n_small + 1 doubles.  Only sums of positive terms: relative error about
 * (n + m) eps.
 */
static double
lattice_exit(int64_t h, int64_t n_large, int64_t n_small, double *column)
{
	int64_t divisor = greatest_common_divisor(n_large, n_small);
	int64_t up = n_small / divisor;	  /* boundary's step with i */
	int64_t down = n_large / divisor; /* and with j */
	int64_t bound = (h - 1) / divisor + 1;
	int64_t low = 0; /* first and last j inside */
	int64_t high = -1;

	for (int64_t j = 0; j <= n_small; j++)
	{
		if (down * j < bound)
			high = j;
		column[j] = down * j < bound ? 0.0 : 1.0;
	}
	for (int64_t i = 1; i <= n_large; i++)
	{
		double di = (double) i;
		double below;

		if ((i & 0xFF) == 0)
			MONITOR_POLL(0);
		while (up * i - down * low >= bound)
			low++;
		while (high < n_small && down * (high + 1) - up * i < bound)
			high++;
		below = low > 0 ? 1.0 : 0.0;
		for (int64_t j = low; j <= high; j++)
		{
			double dj = (double) j;
			double share = 1.0 / (di + dj);

			below = di * share * column[j] + dj * share * below;
			column[j] = below;
		}
	}
	return column[n_small];
}

/*
 * P(K > x), K Kolmogorov's limit: either of its two series (Kolmogorov 1933;
 * the other by Jacobi's theta transformation).
 */
static double
kolmogorov_sf(double x)
{
	double sum = 0.0;

	if (x < 0.04)
		return 1.0; /* 1 - p < 1e-300 */
	if (x < KOLMOGOROV_SWITCH)
	{
		for (int k = 1; k <= 9; k += 2)
			sum += exp(-k * k * MONITOR_PI * MONITOR_PI / (8.0 * x * x));
		return 1.0 - sqrt(2.0 * MONITOR_PI) / x * sum;
	}
	for (int j = 5; j >= 1; j--)
		sum = exp(-2.0 * j * j * x * x) - sum;
	return 2.0 * sum;
}

/*
 * Kolmogorov's limit at the argument that Hodges (1957, eq. 5.3) corrects for
 * unequal sizes, n_large >= n_small:
 *		z'^2 = z^2 + z (n_large + 2 n_small) / (3 sqrt(n m (n + m))).
 */
static double
hodges(double d, double n_large, double n_small)
{
	double total = n_large + n_small;
	double z = d * sqrt(n_large / total) * sqrt(n_small);
	double shift = (n_large + 2.0 * n_small) / (3.0 * sqrt(n_large) * sqrt(n_small) * sqrt(total));

	return kolmogorov_sf(sqrt(z * (z + shift)));
}

/*
 * The ladder.  n and m > 0; h = D n m, 0 <= h <= n m.  Fills method.
 */
double
monitor_ks_pvalue(monitor_int128 h, int64_t n_reference, int64_t n_current, double *scratch,
				  char method[MONITOR_METHOD_LEN])
{
	int64_t large = n_reference > n_current ? n_reference : n_current;
	int64_t small = n_reference > n_current ? n_current : n_reference;
	monitor_int128 most = (monitor_int128) large * small;
	const char *name = "asymptotic (Hodges)";
	double p;

	if (h > most)
		h = most;
	if (large == small)
	{
		name = "exact (equal sizes)";
		p = h <= 0 ? 1.0 : equal_sizes((int64_t) ((h - 1) / large + 1), large);
	}
	else if (2 * h <= large)
	{
		/* At each value of the smaller sample, F - G jumps by 1 / small. */
		name = "exact (recursion)";
		p = 1.0;
	}
	else if (2 * h <= MAX_CELLS && small < MAX_SCRATCH)
	{
		name = "exact (recursion)";
		p = lattice_exit((int64_t) h, large, small, scratch);
	}
	else
		p = hodges(monitor_ks_quotient(h, large, small), (double) large, (double) small);
	snprintf(method, MONITOR_METHOD_LEN, "%s", name);
	return fmin(fmax(p, 0.0), 1.0);
}
