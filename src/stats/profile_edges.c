/*
 * profile_edges.c
 *		Choosing anchors.
 */
#include "profile_internal.h"

/* The distinct values of a sorted sample into edges, if there are at most `most`; else -1. */
static int64_t
distinct_values(const MonitorSample *sample, int64_t most, double *edges)
{
	int64_t distinct = 0;

	for (int64_t i = 0; i < sample->n; i++)
	{
		MONITOR_POLL(i);
		if (i > 0 && sample->keys[i] == sample->keys[i - 1])
			continue;
		if (distinct == most)
			return -1;
		edges[distinct++] = monitor_double_from_key(sample->keys[i]);
	}
	return distinct;
}

/*
 * The distinct values where there are at most max(bins, MONITOR_VALUE_CELLS);
 * else the order statistics x_(ceil(i n / bins)), i = 1 .. bins, each once.
 */
int64_t
monitor_profile_edges(const MonitorSample *sample, int64_t bins, double *edges)
{
	int64_t most = bins > MONITOR_VALUE_CELLS ? bins : MONITOR_VALUE_CELLS;
	int64_t found = distinct_values(sample, most, edges);

	if (found >= 0)
		return found;
	found = 0;
	for (int64_t i = 1; i <= bins; i++)
	{
		monitor_int128 rank = ((monitor_int128) sample->n * i + bins - 1) / bins;
		double value = monitor_double_from_key(sample->keys[(int64_t) rank - 1]);

		MONITOR_POLL(i);
		if (found == 0 || edges[found - 1] < value)
			edges[found++] = value;
	}
	return found;
}
