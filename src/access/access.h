/*
 * access.h
 *		Whose rights something is done with.
 */
#ifndef MONITOR_ACCESS_H
#define MONITOR_ACCESS_H

#include "monitor.h"

/*
 * The role that called the API function that runs now, and its search_path; without
 * one the current user and path.
 */
extern Oid monitor_caller(void);
extern const char *monitor_caller_path(void);

/* The owner of the extension, who owns its tables. */
extern Oid monitor_extension_owner(void);

/*
 * Runs body(arg), which may parse or run users' expressions, in a read-only
 * subtransaction with search_path `path`, the rights of `role` and no way to get others
 * back.  What body allocates in the caller's context survives; an ERROR undoes all of
 * it and goes on to the caller.
 */
extern void monitor_run_restricted(Oid role, const char *path, void (*body)(void *), void *arg);

#endif /* MONITOR_ACCESS_H */
