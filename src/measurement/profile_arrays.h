/*
 * profile_arrays.h
 *		Arrays of profiles: the features of a bucket or of a baseline, by position.
 */
#ifndef MONITOR_PROFILE_ARRAYS_H
#define MONITOR_PROFILE_ARRAYS_H

#include "profile/profile_glue.h"

/* The elements of an array in their stored form; a NULL one was not counted. */
typedef struct ProfileArray
{
	int n;
	Datum *values;
	bool *nulls;
} ProfileArray;

extern ProfileArray monitor_profile_array(Datum array);

/* Element i (from 0), decoded; NULL if there is none. */
extern const MonitorProfile *monitor_profile_element(const ProfileArray *array, int i);

/*
 * The decoded elements of an argument that is the same from call to call, such as a
 * baseline that many buckets are compared with.
 */
typedef struct ProfileCache
{
	MemoryContext context;
	struct varlena *key; /* the argument as it was given */
	ProfileArray array;
	const MonitorProfile **decoded;
} ProfileCache;

/* The cache of an argument (NUM_CACHES of them for a function), made for the present value. */
#define NUM_CACHES 2
extern ProfileCache *monitor_profile_cache(FunctionCallInfo fcinfo, int argno, int cache);

/* The same as monitor_profile_element. */
extern const MonitorProfile *monitor_cached_element(ProfileCache *cache, int i);

/* An array of n profiles of type `element`, NULL where there is none. */
extern Datum monitor_make_profile_array(const Datum *values, const bool *nulls, int n, Oid element);

#endif /* MONITOR_PROFILE_ARRAYS_H */
