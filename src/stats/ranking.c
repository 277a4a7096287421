/*
 * ranking.c
 *		Metrics of one ranked list.
 */
#include "ranking.h"

#include "numeric.h"

/* A run of rows of equal score: ranks start + 1 .. end. */
typedef struct Tie
{
	int64_t start;
	int64_t end;
	int64_t relevant;
	double relevance; /* their sum */
} Tie;

/* The next run; false at the end.  Starts from end = 0. */
static bool
next_tie(const MonitorRanking *ranking, Tie *tie)
{
	MonitorSum sum = {0, 0};
	int64_t i = tie->end;

	if (i >= ranking->n)
		return false;
	tie->start = i;
	tie->relevant = 0;
	do
	{
		monitor_sum_add(&sum, ranking->rows[i].relevance);
		tie->relevant += ranking->rows[i].relevance > 0;
		i++;
		MONITOR_POLL(i);
	} while (i < ranking->n && ranking->rows[i].key == ranking->rows[tie->start].key);
	tie->end = i;
	tie->relevance = monitor_sum_value(&sum);
	return true;
}

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Number of relevant rows (relevance 0 or 1). */
static int64_t
relevant_rows(const MonitorRanking *ranking)
{
	int64_t n = 0;

	for (int64_t i = 0; i < ranking->n; i++)
		n += ranking->rows[i].relevance > 0;
	return n;
}

MonitorStatus
monitor_ndcg(const MonitorRanking *ranking, const double *ideal, int64_t k, double *value)
{
	MonitorSum gain = {0, 0};
	MonitorSum best = {0, 0};
	Tie tie = {0};

	k = least(k, ranking->n);
	while (tie.end < k && next_tie(ranking, &tie))
	{
		double mean = tie.relevance / (double) (tie.end - tie.start);

		for (int64_t i = tie.start; i < least(tie.end, k); i++)
			monitor_sum_add(&gain, mean / log2((double) i + 2));
	}
	for (int64_t i = 0; i < k && ideal[i] > 0; i++)
	{
		MONITOR_POLL(i);
		monitor_sum_add(&best, ideal[i] / log2((double) i + 2));
	}
	if (!(monitor_sum_value(&best) > 0))
		return MONITOR_UNDEFINED;
	*value = monitor_sum_value(&gain) / monitor_sum_value(&best);
	return MONITOR_OK;
}

/* Relevance that is expected among the first k. */
static double
found_at_k(const MonitorRanking *ranking, int64_t k)
{
	MonitorSum found = {0, 0};
	Tie tie = {0};

	while (tie.end < k && next_tie(ranking, &tie))
	{
		double share = tie.end <= k ? 1 : (double) (k - tie.start) / (double) (tie.end - tie.start);

		monitor_sum_add(&found, tie.relevance * share);
	}
	return monitor_sum_value(&found);
}

/* What the best k rows are worth; without weights each relevant row is worth 1. */
static double
best_at_k(const MonitorRanking *ranking, const double *ideal, int64_t k)
{
	MonitorSum best = {0, 0};

	if (ideal == NULL)
		return (double) least(k, relevant_rows(ranking));
	for (int64_t i = 0; i < least(k, ranking->n) && ideal[i] > 0; i++)
	{
		MONITOR_POLL(i);
		monitor_sum_add(&best, ideal[i]);
	}
	return monitor_sum_value(&best);
}

MonitorStatus
monitor_precision_at_k(const MonitorRanking *ranking, const double *ideal, int64_t k, double *value)
{
	double best = best_at_k(ranking, ideal, k);

	if (!(best > 0))
		return MONITOR_UNDEFINED;
	*value = found_at_k(ranking, k) / best;
	return MONITOR_OK;
}

/*
 * Of m tied rows r are relevant, R relevant rows stand before them: the row at place
 * j (from 1) is relevant with probability r / m, and then (j - 1) (r - 1) / (m - 1)
 * of those before it in the run are expected to be.  Any of the r may stand there: it
 * is worth their mean.
 */
MonitorStatus
monitor_average_precision_at_k(const MonitorRanking *ranking, const double *ideal, int64_t k,
							   double *value)
{
	double best = best_at_k(ranking, ideal, k);
	MonitorSum sum = {0, 0};
	double before = 0;
	Tie tie = {0};

	if (!(best > 0))
		return MONITOR_UNDEFINED;
	while (tie.end < k && next_tie(ranking, &tie))
	{
		double m = (double) (tie.end - tie.start);
		double r = (double) tie.relevant;
		double step = m > 1 ? (r - 1) / (m - 1) : 0;

		for (int64_t i = tie.start; r > 0 && i < least(tie.end, k); i++)
			monitor_sum_add(&sum,
							tie.relevance / m * (before + 1 + (double) (i - tie.start) * step) /
								((double) i + 1));
		before += r;
	}
	*value = monitor_sum_value(&sum) / best;
	return MONITOR_OK;
}

/*
 * In the first run with a relevant row, r of m, the first relevant one stands at
 * place j with probability C(m - j, r - 1) / C(m, r).
 */
MonitorStatus
monitor_reciprocal_rank(const MonitorRanking *ranking, const double *ideal, double *value)
{
	MonitorSum sum = {0, 0};
	Tie tie = {0};
	double probability;
	double m;
	double r;

	do
	{
		if (!next_tie(ranking, &tie))
			return MONITOR_UNDEFINED;
	} while (tie.relevant == 0);
	m = (double) (tie.end - tie.start);
	r = (double) tie.relevant;
	probability = r / m;
	for (double j = 1; j <= m - r + 1; j++)
	{
		monitor_sum_add(&sum, probability / ((double) tie.start + j));
		probability *= (m - j - r + 1) / (m - j);
		MONITOR_POLL((int64_t) j);
	}
	*value = monitor_sum_value(&sum) * (tie.relevance / r / best_at_k(ranking, ideal, 1));
	return MONITOR_OK;
}
