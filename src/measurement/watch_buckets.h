/*
 * watch_buckets.h
 *		What watching reads: the counts of consecutive buckets and of the baseline.
 */
#ifndef MONITOR_WATCH_BUCKETS_H
#define MONITOR_WATCH_BUCKETS_H

#include "access/htup.h"
#include "datatype/timestamp.h"
#include "profile_arrays.h"
#include "stats/watch.h"

/* The buckets of a segment in consecutive slots of time, and the baseline's strata. */
typedef struct WatchBuckets
{
	int nslots;
	const TimestampTz *ends; /* of the slots */
	const TimestampTz *starts;
	const int *stratum;
	ProfileArray *cells; /* of the bucket in each slot; none where there were no rows */
	int strata;			 /* the largest stratum of the reference */
	int nreferences;
	int *reference_stratum; /* of each reference, 0 the pooled one */
	ProfileArray *references;
	int pooled;
	int cut_by; /* whose cells numbers are cut into: the baseline's own, or for a segment that of all rows */
	/* room that one stream after the other uses */
	int64_t *counts;
	double *sums;
	double *rows;
	int64_t slots_allocated;
} WatchBuckets;

/*
 * Reads monitor.bucket_features, as the present user, by the first arguments of _watch and
 * _dependence: model_id, baseline_id, segment, ends, starts and strata of the slots, and
 * reference _reference_cells[].  Memory: the cells of all buckets, still encoded.
 */
extern WatchBuckets *monitor_read_watch_buckets(FunctionCallInfo fcinfo);

/* One stream with everything that its looks need. */
typedef struct WatchStream
{
	MonitorWatchReference reference;
	MonitorWatchPlan plan;
	MonitorWatchSeries series; /* until the next stream is opened */
	double *scratch;
} WatchStream;

/* The stream of the feature in position (from 0); false: the baseline has no rows of it. */
extern bool monitor_open_watch_stream(WatchStream *stream, WatchBuckets *buckets, int position);

/* The rows of an array of composites, none of them NULL. */
extern HeapTupleHeader *monitor_rows_of(Datum datum, int *n);

/* The columns of a composite. */
extern void monitor_columns_of(HeapTupleHeader row, Datum *values, bool *nulls);

#endif /* MONITOR_WATCH_BUCKETS_H */
