/*
 * delong.c
 *		Inference about areas under ROC curves: DeLong, DeLong & Clarke-Pearson
 *		(1988), by midranks (Sun & Xu 2014).
 *
 * With P positives and N negatives, the structural component of a positive is
 * x / (2 N), x = twice the negatives below it and once those that equal it; of
 * a negative y / (2 P), y counted above it.  Sums and sums of squares of x and y
 * are integers below 2^127: the variances suffer no cancellation, and the order
 * of the rows changes no bit.
 */
#include <stdio.h>

#include "score_metrics.h"
#include "tests.h"

/* Up to this product of class sizes, the sums of squares times a size fit. */
#define MAX_PAIRS 6e18

/* Number, sum and sum of squares of integers. */
typedef struct Moments
{
	int64_t n;
	monitor_int128 sum;
	monitor_int128 squares;
} Moments;

static inline void
moments_add(Moments *moments, int64_t x, int64_t times)
{
	moments->sum += (monitor_int128) x * times;
	moments->squares += (monitor_int128) x * x * times;
}

/*
 * Variance of the mean of n components x / (2 others), n > 1.
 */
static double
mean_variance(const Moments *moments, int64_t others)
{
	double n = (double) moments->n;
	double scale = 2.0 * (double) others;
	monitor_int128 spread = moments->n * moments->squares - moments->sum * moments->sum;

	return (double) spread / scale / scale / n / n / (n - 1);
}

/* ---- one AUC ---- */

/*
 * The variance of Hanley & McNeil (1982) at theta, with both class sizes of its
 * numerator replaced by their mean (Newcombe 2006, part 2, method 5).
 */
static double
newcombe_variance(double theta, double n, double m)
{
	double star = (n + m) / 2 - 1;

	return theta * (1 - theta) *
		(1 + star * (1 - theta) / (2 - theta) + star * theta / (1 + theta)) / n / m;
}

/* Lower bound of Newcombe's interval: the theta below auc that lies z deviations off. */
static double
newcombe_low(double auc, double n, double m)
{
	double low = 0;
	double high = auc;

	for (int i = 0; i < 200 && low < high; i++)
	{
		double middle = low + (high - low) / 2;
		double distance = (auc - middle) / MONITOR_Z_95;

		if (distance * distance > newcombe_variance(middle, n, m))
			low = middle;
		else
			high = middle;
	}
	return low;
}

static double
expit(double x)
{
	return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x));
}

void
monitor_auc_logit_interval(MonitorAucTest *result)
{
	double logit = log(result->auc / (1 - result->auc));
	double half = MONITOR_Z_95 * result->standard_error / result->auc / (1 - result->auc);

	result->low = expit(logit - half);
	result->high = expit(logit + half);
}

/*
 * Where DeLong's variance is 0 (no error, or all scores equal) or undefined (one
 * row in a class): an interval of Wilson's kind, and p of Mann-Whitney's test.
 */
static MonitorStatus
without_variance(const MonitorSample *negatives, const MonitorSample *positives,
				 MonitorAucTest *result)
{
	MonitorTestResult test;
	MonitorStatus status = monitor_mann_whitney(negatives, positives, &test);

	if (status != MONITOR_OK)
		return status;
	result->low = newcombe_low(result->auc, (double) negatives->n, (double) positives->n);
	result->high = 1 - newcombe_low(1 - result->auc, (double) negatives->n, (double) positives->n);
	result->p_value = test.p_value;
	snprintf(result->method, sizeof(result->method), "Newcombe interval, Mann-Whitney p");
	return MONITOR_OK;
}

/*
 * AUC with DeLong's standard error, its 95 % interval on the logit scale, and the
 * two-sided p of z = (AUC - 1/2) / standard error.
 */
MonitorStatus
monitor_roc_auc_test(const MonitorSample *negatives, const MonitorSample *positives,
					 MonitorAucTest *result)
{
	int64_t n = negatives->n;
	int64_t m = positives->n;
	Moments x = {m, 0, 0};
	Moments y = {n, 0, 0};
	MonitorAucTest out = {.standard_error = NAN, .n = {n, m}};
	MonitorMerge merge;
	MonitorTie tie;
	MonitorStatus status = MONITOR_OK;

	if (n <= 0 || m <= 0)
		return MONITOR_UNDEFINED;
	if ((double) n * (double) m > MAX_PAIRS)
		return MONITOR_OVERFLOW;
	monitor_merge_begin(&merge, negatives, positives);
	while (monitor_merge_next(&merge, &tie))
	{
		moments_add(&x, 2 * tie.below_reference + tie.in_reference, tie.in_current);
		moments_add(&y, 2 * (m - tie.below_current) - tie.in_current, tie.in_reference);
	}
	out.auc = monitor_ks_quotient(x.sum, 2 * n, m);
	if (n > 1 && m > 1)
		out.standard_error = sqrt(mean_variance(&x, n) + mean_variance(&y, m));
	if (out.standard_error > 0)
	{
		monitor_auc_logit_interval(&out);
		out.p_value = monitor_normal_two_sided((out.auc - 0.5) / out.standard_error);
		snprintf(out.method, sizeof(out.method), "DeLong, logit interval");
	}
	else
		status = without_variance(negatives, positives, &out);
	if (status == MONITOR_OK)
		*result = out;
	return status;
}

/* ---- two AUCs of the same rows ---- */

/*
 * Walk over both classes sorted by key, and replace each key by the row's x or
 * y: integers that are compared no more.
 */
static void
place(MonitorPair *negatives, int64_t n, MonitorPair *positives, int64_t m)
{
	int64_t i = 0;
	int64_t j = 0;

	while (i < n || j < m)
	{
		uint64_t key = i < n && (j >= m || negatives[i].key <= positives[j].key) ? negatives[i].key
																				 : positives[j].key;
		int64_t i_end = i;
		int64_t j_end = j;

		while (i_end < n && negatives[i_end].key == key)
			i_end++;
		while (j_end < m && positives[j_end].key == key)
			j_end++;
		for (int64_t k = j; k < j_end; k++)
			positives[k].key = (uint64_t) (i + i_end);
		for (int64_t k = i; k < i_end; k++)
			negatives[k].key = (uint64_t) (2 * m - j - j_end);
		i = i_end;
		j = j_end;
		MONITOR_POLL(i + j);
	}
}

/* Sort both classes by key and replace it; then the payload is the key. */
static void
place_and_swap(MonitorPair *const rows[2], const int64_t n[2], MonitorPair *scratch)
{
	for (int side = 0; side < 2; side++)
		monitor_sort_pairs(rows[side], scratch, n[side], false);
	place(rows[0], n[0], rows[1], n[1]);
	for (int side = 0; side < 2; side++)
	{
		for (int64_t i = 0; i < n[side]; i++)
		{
			MonitorPair pair = rows[side][i];

			rows[side][i] = (MonitorPair){pair.payload, pair.key};
			MONITOR_POLL(i);
		}
	}
}

/*
 * The components of score a less those of score b: their variance is that of
 * the difference, covariances included.
 */
static void
finish_comparison(const Moments difference[2], MonitorAucComparison *result)
{
	int64_t n = result->n[MONITOR_NEGATIVE];
	int64_t m = result->n[MONITOR_POSITIVE];
	double half;

	snprintf(result->method, sizeof(result->method), "DeLong, paired");
	if (n > 1 && m > 1)
		result->standard_error = sqrt(mean_variance(&difference[MONITOR_POSITIVE], n) +
									  mean_variance(&difference[MONITOR_NEGATIVE], m));
	/* a difference whose variance is 0 is no evidence: nothing varied */
	if (isnan(result->standard_error) || (result->standard_error == 0 && result->difference != 0))
	{
		snprintf(result->method, sizeof(result->method), "DeLong, paired: no variance to judge by");
		return;
	}
	half = MONITOR_Z_95 * result->standard_error;
	result->low = fmax(result->difference - half, -1.0);
	result->high = fmin(result->difference + half, 1.0);
	result->p_value = result->difference == 0
		? 1.0
		: monitor_normal_two_sided(result->difference / result->standard_error);
}

/*
 * Two correlated AUCs over the same rows: their difference (a less b), its
 * standard error, 95 % interval and two-sided p (DeLong 1988, eq. 5).
 */
MonitorStatus
monitor_roc_auc_compare(MonitorPair *const rows[2], const int64_t n[2], MonitorPair *scratch,
						MonitorAucComparison *result)
{
	Moments difference[2] = {{n[0], 0, 0}, {n[1], 0, 0}};
	monitor_int128 twice_u[2] = {0, 0};
	MonitorAucComparison out = {.standard_error = NAN,
								.low = NAN,
								.high = NAN,
								.p_value = NAN,
								.n = {n[0], n[1]}};

	if (n[0] <= 0 || n[1] <= 0)
		return MONITOR_UNDEFINED;
	if ((double) n[0] * (double) n[1] > MAX_PAIRS)
		return MONITOR_OVERFLOW;
	place_and_swap(rows, n, scratch);
	place_and_swap(rows, n, scratch);
	for (int side = 0; side < 2; side++)
	{
		for (int64_t i = 0; i < n[side]; i++)
		{
			int64_t a = (int64_t) rows[side][i].key;
			int64_t b = (int64_t) rows[side][i].payload;

			moments_add(&difference[side], a - b, 1);
			if (side == MONITOR_POSITIVE)
			{
				twice_u[0] += a;
				twice_u[1] += b;
			}
			MONITOR_POLL(i);
		}
	}
	out.auc_a = monitor_ks_quotient(twice_u[0], 2 * n[0], n[1]);
	out.auc_b = monitor_ks_quotient(twice_u[1], 2 * n[0], n[1]);
	out.difference = twice_u[0] < twice_u[1]
		? -monitor_ks_quotient(twice_u[1] - twice_u[0], 2 * n[0], n[1])
		: monitor_ks_quotient(twice_u[0] - twice_u[1], 2 * n[0], n[1]);
	finish_comparison(difference, &out);
	*result = out;
	return MONITOR_OK;
}
