/*
 * test_ranking.c
 *		Unit tests of the metrics of ranked lists.
 *
 * Metrics of lists with ties are compared with the mean over all orders of the tied
 * rows, found by trying them.
 */
#include <stdlib.h>

#include "ranking.h"
#include "unit.h"

#define MAX_ROWS 8

typedef MonitorStatus (*Metric)(const MonitorRanking *ranking, int64_t k, double *value);

static double
value_of(Metric metric, const MonitorRanked *rows, int n, int64_t k)
{
	MonitorRanking ranking = {rows, n};
	double value;

	return metric(&ranking, k, &value) == MONITOR_OK ? value : NAN;
}

static int
descending(const void *a, const void *b)
{
	double x = *(const double *) a;
	double y = *(const double *) b;

	return x > y ? -1 : x < y;
}

static void
ideal_order(const MonitorRanking *ranking, double *ideal)
{
	for (int i = 0; i < ranking->n; i++)
		ideal[i] = ranking->rows[i].relevance;
	qsort(ideal, (size_t) ranking->n, sizeof(double), descending);
}

static MonitorStatus
ndcg(const MonitorRanking *ranking, int64_t k, double *value)
{
	double ideal[MAX_ROWS];

	ideal_order(ranking, ideal);
	return monitor_ndcg(ranking, ideal, k, value);
}

/* Each of the others without weights, and with relevances that are worths. */
#define PLAIN_AND_WEIGHTED(name, plain, weighted) \
	static MonitorStatus name(const MonitorRanking *ranking, int64_t k, double *value) \
	{ \
		(void) k; \
		return plain; \
	} \
\
	static MonitorStatus weighted_##name(const MonitorRanking *ranking, int64_t k, double *value) \
	{ \
		double ideal[MAX_ROWS]; \
\
		(void) k; \
		ideal_order(ranking, ideal); \
		return weighted; \
	}

PLAIN_AND_WEIGHTED(precision, monitor_precision_at_k(ranking, NULL, k, value),
				   monitor_precision_at_k(ranking, ideal, k, value))
PLAIN_AND_WEIGHTED(average_precision, monitor_average_precision_at_k(ranking, NULL, k, value),
				   monitor_average_precision_at_k(ranking, ideal, k, value))
PLAIN_AND_WEIGHTED(reciprocal_rank, monitor_reciprocal_rank(ranking, NULL, value),
				   monitor_reciprocal_rank(ranking, ideal, value))

/* Sum of a metric over all orders that keep the keys descending, each row's key made its own. */
static double
sum_of_orders(Metric metric, const MonitorRanked *rows, int n, int64_t k, MonitorRanked *chosen,
			  unsigned used, int place, int64_t *orders)
{
	double sum = 0;

	if (place == n)
	{
		(*orders)++;
		return value_of(metric, chosen, n, k);
	}
	for (int i = 0; i < n; i++)
	{
		if ((used >> i & 1) || rows[i].key != rows[place].key)
			continue;
		chosen[place] = (MonitorRanked){(uint64_t) (n - place), rows[i].relevance};
		sum += sum_of_orders(metric, rows, n, k, chosen, used | 1u << i, place + 1, orders);
	}
	return sum;
}

static void
test_ties(Metric metric, const char *name, bool graded)
{
	int wrong = 0;
	int lists = 0;

	srand(11);
	for (; lists < 200; lists++)
	{
		MonitorRanked rows[MAX_ROWS];
		MonitorRanked chosen[MAX_ROWS];
		int n = 1 + rand() % (MAX_ROWS - 1);
		int64_t k = 1 + rand() % (MAX_ROWS + 1);
		int64_t orders = 0;
		uint64_t key = 100;
		double got;
		double want;

		for (int i = 0; i < n; i++)
		{
			key -= (uint64_t) (rand() % 3 == 0);
			rows[i] = (MonitorRanked){key, rand() % 3 == 0 ? (graded ? 1 + rand() % 3 : 1) : 0};
		}
		got = value_of(metric, rows, n, k);
		want = sum_of_orders(metric, rows, n, k, chosen, 0, 0, &orders) / (double) orders;
		wrong += !(isnan(want) ? isnan(got) : fabs(got - want) <= 1e-14);
	}
	unit_ok(wrong == 0, "%s of %d lists is the mean over the orders of tied rows", name, lists);
}

static void
test_values(void)
{
	static const MonitorRanked rows[] = {{9, 3}, {8, 2}, {7, 3}, {6, 0}, {5, 1}, {4, 2}};
	static const MonitorRanked relevant[] = {{9, 0}, {8, 1}, {7, 0}, {6, 1}, {5, 1}};
	static const MonitorRanked none[] = {{9, 0}, {8, 0}};

	/* scikit-learn 1.7.2, ndcg_score */
	unit_close(value_of(ndcg, rows, 6, 6), 0.9608081943360617, 1e-15, "NDCG");
	unit_close(value_of(ndcg, rows, 6, 1000), 0.9608081943360617, 1e-15, "NDCG of k above n");
	unit_close(value_of(ndcg, rows, 6, 2), 0.8710490642551528, 1e-15, "NDCG at 2");
	unit_close(value_of(ndcg, none, 2, 2), NAN, 0, "NDCG of nothing relevant");
	unit_close(value_of(precision, relevant, 5, 2), 0.5, 0, "precision at 2");
	unit_close(value_of(precision, relevant, 5, 4), 2 / 3.0, 0, "precision at 4");
	unit_close(value_of(precision, relevant, 5, 50), 1, 0, "precision at 50");
	unit_close(value_of(precision, none, 2, 1), NAN, 0, "precision where nothing is relevant");
	unit_close(value_of(weighted_precision, rows, 6, 2), 5 / 6.0, 1e-15, "weighted precision at 2");
	unit_close(value_of(weighted_precision, relevant, 5, 4), value_of(precision, relevant, 5, 4), 0,
			   "weights of 1 are none");
	unit_close(value_of(weighted_precision, none, 2, 1), NAN, 0,
			   "weighted precision where nothing is relevant");
	unit_close(value_of(average_precision, relevant, 5, 5), (0.5 + 0.5 + 0.6) / 3, 1e-15,
			   "average precision at 5");
	unit_close(value_of(average_precision, relevant, 5, 2), 0.25, 0, "average precision at 2");
	unit_close(value_of(weighted_average_precision, rows, 6, 6), (3 + 2 + 3 + 0.8 + 5 / 3.0) / 11,
			   1e-15, "weighted average precision at 6");
	unit_close(value_of(weighted_average_precision, rows, 6, 2), 5 / 6.0, 1e-15,
			   "weighted average precision at 2");
	unit_close(value_of(weighted_average_precision, none, 2, 2), NAN, 0,
			   "weighted average precision where nothing is relevant");
	unit_close(value_of(weighted_reciprocal_rank, rows + 1, 5, 0), 2 / 3.0, 1e-15,
			   "weighted reciprocal rank: the first is not the best");
	unit_close(value_of(weighted_reciprocal_rank, none, 2, 0), NAN, 0,
			   "weighted reciprocal rank where nothing is relevant");
	unit_close(value_of(reciprocal_rank, relevant, 5, 0), 0.5, 0, "reciprocal rank");
	unit_close(value_of(reciprocal_rank, none, 2, 0), NAN, 0,
			   "reciprocal rank where nothing is relevant");
	unit_close(value_of(reciprocal_rank, none, 0, 0), NAN, 0, "reciprocal rank of nothing");
}

int
main(void)
{
	test_values();
	test_ties(ndcg, "NDCG", true);
	test_ties(precision, "precision", false);
	test_ties(weighted_precision, "weighted precision", true);
	test_ties(average_precision, "average precision", false);
	test_ties(reciprocal_rank, "reciprocal rank", false);
	test_ties(weighted_average_precision, "weighted average precision", true);
	test_ties(weighted_reciprocal_rank, "weighted reciprocal rank", true);
	return unit_done();
}
