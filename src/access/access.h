/*
 * access.h
 *		Whose rights something is done with.
 */
#ifndef MONITOR_ACCESS_H
#define MONITOR_ACCESS_H

#include "monitor.h"

#include "nodes/parsenodes.h"

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
 * back.  What body allocates in the caller's context survives; all else that it did is
 * undone, and an ERROR goes on to the caller.
 */
extern void monitor_run_restricted(Oid role, const char *path, void (*body)(void *), void *arg);

/* More than 0 while monitor_run_restricted runs something. */
extern int monitor_restricted_depth;

/* Has the server ask what must not be done then. */
extern void monitor_define_refusals(void);

/*
 * ERROR if the query, which is to be run with the rights of superuser `reader`, would run
 * code of somebody who is none.
 */
extern void monitor_refuse_foreign_code(Query *query, Oid reader);

#endif /* MONITOR_ACCESS_H */
