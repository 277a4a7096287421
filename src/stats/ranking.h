/*
 * ranking.h
 *		Metrics of one ranked list: rows in the order of their scores against their
 *		relevance.
 *
 * Rows of equal score have no order: every metric is its mean over all orders of
 * the tied rows (McSherry & Najork 2008, "Computing information retrieval
 * performance measures efficiently in the presence of tied scores"; scikit-learn's
 * ndcg_score does so too).  A list without any relevance gives MONITOR_UNDEFINED.
 */
#ifndef MONITOR_RANKING_H
#define MONITOR_RANKING_H

#include "sample.h"

/* A row; relevance is finite and at least 0, 0 or 1 where nothing else is said. */
typedef struct MonitorRanked
{
	uint64_t key; /* of the score */
	double relevance;
} MonitorRanked;

/* Rows by score, highest first; rows of equal score by relevance, highest first. */
typedef struct MonitorRanking
{
	const MonitorRanked *rows;
	int64_t n;
} MonitorRanking;

/*
 * Discounted cumulative gain of the first k rows, sum of relevance / log2(rank + 1),
 * over that of the ideal order (Jarvelin & Kekalainen 2002, linear gain as
 * scikit-learn).  Relevances may be any; ideal[n] holds them, highest first.
 */
extern MonitorStatus monitor_ndcg(const MonitorRanking *ranking, const double *ideal, int64_t k,
								  double *value);

/*
 * The others take relevance 0 or 1 and no ideal order (NULL), or rows that are worth
 * finding to different degrees: relevance is the worth then (any; above 0: relevant)
 * and ideal[n] holds the worths, highest first.  A best possible order gives 1.
 */

/*
 * What is relevant among the first k, over the best there can be, min(k, all relevant
 * rows).  With inverse propensities as worths it is the propensity-scored precision at
 * k of Jain, Prabhu & Varma (2016, KDD, 935), over its highest value.
 */
extern MonitorStatus monitor_precision_at_k(const MonitorRanking *ranking, const double *ideal,
											int64_t k, double *value);

/*
 * Sum over the relevant rows among the first k of worth times precision at their rank
 * (which counts rows), over the worth of the best k.
 */
extern MonitorStatus monitor_average_precision_at_k(const MonitorRanking *ranking,
													const double *ideal, int64_t k, double *value);

/* Worth of the first relevant row over its rank, over the highest worth. */
extern MonitorStatus monitor_reciprocal_rank(const MonitorRanking *ranking, const double *ideal,
											 double *value);

#endif /* MONITOR_RANKING_H */
