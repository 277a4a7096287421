/*
 * detector_glue.h
 *		Values of the SQL type monitor.detector as the library's structs, and
 *		what the window aggregates share with it.
 */
#ifndef MONITOR_DETECTOR_GLUE_H
#define MONITOR_DETECTOR_GLUE_H

#include "monitor.h"
#include "stats/detector.h"
#include "utils/jsonb.h"

/*
 * A detector that has seen nothing, with these parameters (NULL: defaults), in
 * the current memory context.  ERROR for unknown parameters or wrong values.
 */
extern MonitorDetector *monitor_detector_create(MonitorDetectorKind kind, Jsonb *parameters);

/* The names of all kinds, for a hint. */
extern char *monitor_detector_names(void);

/* A detector to change, decoded into the current memory context. */
extern MonitorDetector *monitor_detector_get(Datum datum);

/* The durable form as a new datum. */
extern Datum monitor_detector_datum(const MonitorDetector *detector);

/* Take one value; NaN is missing and changes nothing.  ERROR for one that the kind does not take. */
extern void monitor_detector_feed(MonitorDetector *detector, double value);

/* The signal as monitor.drift_signal, the row type that the function returns. */
extern Datum monitor_return_signal(FunctionCallInfo fcinfo, const MonitorDetector *detector);

#define PG_GETARG_DETECTOR(n)		 monitor_detector_get(PG_GETARG_DATUM(n))
#define PG_RETURN_DETECTOR(detector) return monitor_detector_datum(detector)

#endif /* MONITOR_DETECTOR_GLUE_H */
