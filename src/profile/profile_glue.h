/*
 * profile_glue.h
 *		Values of the SQL type monitor.profile as the library's structs.
 */
#ifndef MONITOR_PROFILE_GLUE_H
#define MONITOR_PROFILE_GLUE_H

#include "monitor.h"
#include "stats/profile.h"
#include "utils/array.h"

/*
 * A profile to read: decoded into the current memory context, or the aggregate
 * state itself.  Its pending values have been counted.
 */
extern const MonitorProfile *monitor_profile_get(Datum datum);

/*
 * Whether a datum is a working profile that can be changed in place.  The state of an
 * aggregate that somebody built from our functions may be any profile.
 */
static inline bool
monitor_profile_is_state(const MonitorProfile *profile)
{
	return VARATT_IS_4B_U(profile) && VARSIZE(profile) > sizeof(MonitorProfile) &&
		profile->form == MONITOR_PROFILE_WORKING;
}

/* A working copy to change, in the current memory context. */
extern MonitorProfile *monitor_profile_copy(Datum datum);

/* The compact form of a profile as a new datum. */
extern Datum monitor_profile_datum(const MonitorProfile *profile, bool with_anchors);

/* The counts of a profile with the anchors of another of the same id, which embeds them. */
extern MonitorProfile *monitor_profile_attached(const MonitorProfile *profile,
												const MonitorProfile *anchors);

/*
 * ---- anchors and categories as arguments of aggregates (profile_slots.c);
 * argno counts the state as 0 ----
 */

/* The array of an argument; ERROR if it cannot be one of edges, or of at most `most` categories. */
extern ArrayType *monitor_edges_argument(FunctionCallInfo fcinfo, int argno);
extern ArrayType *monitor_categories_argument(FunctionCallInfo fcinfo, int argno, int most);

/* The strings of a text[], and their number; a last element that is NULL tells of unlisted ones. */
extern int monitor_read_categories(ArrayType *array, const char ***categories, uint32_t **lengths,
								   size_t *bytes, bool *has_other);

/* What the library has refused. */
MONITOR_NORETURN extern void monitor_report_bad_edges(void);
MONITOR_NORETURN extern void monitor_report_bad_categories(void);

/* Whether the argument cannot differ from row to row. */
extern bool monitor_argument_is_stable(FunctionCallInfo fcinfo, int argno);

/* ERROR unless the argument says again what the profile's slots are. */
extern void monitor_check_same_edges(FunctionCallInfo fcinfo, int argno,
									 const MonitorProfile *profile);
extern void monitor_check_same_categories(FunctionCallInfo fcinfo, int argno,
										  const MonitorProfile *profile);

#define PG_GETARG_PROFILE(n)	   monitor_profile_get(PG_GETARG_DATUM(n))
#define PG_GETARG_PROFILE_COPY(n)  monitor_profile_copy(PG_GETARG_DATUM(n))
#define PG_RETURN_PROFILE(profile) return monitor_profile_datum(profile, (profile)->has_anchors)

#endif /* MONITOR_PROFILE_GLUE_H */
