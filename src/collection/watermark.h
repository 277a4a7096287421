/*
 * watermark.h
 *		Up to where a model's buckets are counted.
 */
#ifndef MONITOR_WATERMARK_H
#define MONITOR_WATERMARK_H

#include "monitor.h"

#include "utils/timestamp.h"

typedef struct MonitorWatermark
{
	TimestampTz closed_to;
	Timestamp closed_to_local;
} MonitorWatermark;

/*
 * The watermark of a model as of now, noted once a transaction: -infinity where there is
 * none.  Gives the transaction an id first: that order is what the collecting protocol
 * rests on (docs/collection.md).
 */
extern MonitorWatermark monitor_watermark(int64 model_id);

/*
 * Is the relation the source or the label table of the model, or a partition of it?  Anybody
 * may put our trigger functions on a table of his own, for whoever adds a partition has to;
 * on a table that is not watched they do nothing.
 */
extern bool monitor_watches(int64 model_id, Oid relid);

/* A table of the schema monitor, or InvalidOid: the extension may be half gone. */
extern Oid monitor_table(const char *name);

#endif /* MONITOR_WATERMARK_H */
