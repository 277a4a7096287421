/*
 * failpoint.h
 *		Places where a test build kills itself, to see that nothing is lost.
 *
 * With -DDISPATCH_FAILPOINTS: MONITOR_FAILPOINT names one of after_claim, mid_request,
 * after_response, before_finish; MONITOR_FAILPOINT_PROBABILITY (1) says how often, and
 * MONITOR_FAILPOINT_SEED where its random numbers begin.
 */
#ifndef MONITOR_FAILPOINT_H
#define MONITOR_FAILPOINT_H

#ifdef DISPATCH_FAILPOINTS
extern void dispatch_failpoint(const char *name);
#else
#define dispatch_failpoint(name) ((void) 0)
#endif

#endif /* MONITOR_FAILPOINT_H */
