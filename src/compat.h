/*
 * compat.h
 *		The only place that knows of differences between PostgreSQL versions.
 */
#ifndef MONITOR_COMPAT_H
#define MONITOR_COMPAT_H

#if PG_VERSION_NUM < 150000
#error "monitor needs PostgreSQL 15 or later"
#endif

/* Since 16 a module exports nothing unless told so. */
#ifndef PGDLLEXPORT
#define PGDLLEXPORT
#endif

/* Since 16 the macros that read varlena headers have a header of their own. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* 18 has the standard's word in place of its own. */
#if PG_VERSION_NUM >= 180000
#define MONITOR_NORETURN pg_noreturn
#else
#define MONITOR_NORETURN pg_attribute_noreturn()
#endif

/* Since 18 a module can tell its name and version. */
#if PG_VERSION_NUM >= 180000
#define MONITOR_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "monitor", .version = MONITOR_VERSION)
#else
#define MONITOR_MODULE_MAGIC PG_MODULE_MAGIC
#endif

/* Since 18 one says whether a deferrable primary key will do. */
#if PG_VERSION_NUM >= 180000
#define MONITOR_PRIMARY_KEY_INDEX(relation) RelationGetPrimaryKeyIndex(relation, false)
#else
#define MONITOR_PRIMARY_KEY_INDEX(relation) RelationGetPrimaryKeyIndex(relation)
#endif

/* Since 16 the locks of a process are another kind of list: the next one, or NULL. */
#if PG_VERSION_NUM >= 160000
#define MONITOR_NEXT_PROCLOCK(list, held) \
	((held) == NULL \
		 ? (dlist_is_empty(list) ? NULL \
								 : dlist_container(PROCLOCK, procLink, dlist_head_node(list))) \
		 : dlist_has_next(list, &(held)->procLink) \
		 ? dlist_container(PROCLOCK, procLink, dlist_next_node(list, &(held)->procLink)) \
		 : NULL)
#else
#define MONITOR_NEXT_PROCLOCK(list, held) \
	((PROCLOCK *) SHMQueueNext(list, (held) ? &(held)->procLink : (list), \
							   offsetof(PROCLOCK, procLink)))
#endif

/* Since 17 one says whether a stronger lock will do. */
#if PG_VERSION_NUM >= 170000
#define MONITOR_LOCK_HELD(tag, mode) LockHeldByMe(tag, mode, false)
#else
#define MONITOR_LOCK_HELD(tag, mode) LockHeldByMe(tag, mode)
#endif

/* Until 17 one says that a query runs once, which is what lets it run in parallel. */
#if PG_VERSION_NUM >= 180000
#define MONITOR_RUN_ALL(query) ExecutorRun(query, ForwardScanDirection, 0)
#else
#define MONITOR_RUN_ALL(query) ExecutorRun(query, ForwardScanDirection, 0, true)
#endif

#endif /* MONITOR_COMPAT_H */
