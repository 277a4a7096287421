/*
 * profile_arrays.c
 *		Functions over arrays of profiles, element by element: fewer slots, fewer bytes,
 *		and their sums.
 */
#include "postgres.h"

#include "profile_arrays.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "stats/watch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(monitor_coarse_reference);
PG_FUNCTION_INFO_V1(monitor_coarsen_profiles);
PG_FUNCTION_INFO_V1(monitor_detach_profiles);
PG_FUNCTION_INFO_V1(monitor_rollup_profiles);
PG_FUNCTION_INFO_V1(monitor_sum_arrays);

#define MAX_COARSE 32

ProfileArray
monitor_profile_array(Datum datum)
{
	ArrayType *array = DatumGetArrayTypeP(datum);
	ProfileArray made;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("array must have one dimension")));
	deconstruct_array(array, ARR_ELEMTYPE(array), -1, false, TYPALIGN_DOUBLE, &made.values,
					  &made.nulls, &made.n);
	return made;
}

const MonitorProfile *
monitor_profile_element(const ProfileArray *array, int i)
{
	if (i >= array->n || array->nulls[i])
		return NULL;
	return monitor_profile_get(array->values[i]);
}

/* ---- arguments that stay the same ---- */

ProfileCache *
monitor_profile_cache(FunctionCallInfo fcinfo, int argno, int number)
{
	struct varlena *given = (struct varlena *) PG_GETARG_POINTER(argno);
	ProfileCache *cache = (ProfileCache *) fcinfo->flinfo->fn_extra;
	MemoryContext old;

	if (cache == NULL)
		fcinfo->flinfo->fn_extra = cache =
			MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(ProfileCache) * NUM_CACHES);
	cache += number;
	/* a value that is stored elsewhere is told by where, any other by what it holds */
	if (VARATT_IS_EXTERNAL(given) && !VARATT_IS_EXTERNAL_ONDISK(given))
		given = (struct varlena *) DatumGetArrayTypeP(PointerGetDatum(given));
	if (cache->key != NULL && VARSIZE_ANY(cache->key) == VARSIZE_ANY(given) &&
		memcmp(cache->key, given, VARSIZE_ANY(given)) == 0)
		return cache;
	if (cache->context == NULL)
		cache->context = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "monitor profile cache",
											   ALLOCSET_DEFAULT_SIZES);
	cache->key = NULL;
	MemoryContextReset(cache->context);
	old = MemoryContextSwitchTo(cache->context);
	given = memcpy(palloc(VARSIZE_ANY(given)), given, VARSIZE_ANY(given));
	cache->array = monitor_profile_array(PointerGetDatum(given));
	cache->decoded = palloc0(sizeof(MonitorProfile *) * Max(cache->array.n, 1));
	cache->key = given;
	MemoryContextSwitchTo(old);
	return cache;
}

const MonitorProfile *
monitor_cached_element(ProfileCache *cache, int i)
{
	if (i >= cache->array.n || cache->array.nulls[i])
		return NULL;
	if (cache->decoded[i] == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(cache->context);

		cache->decoded[i] = monitor_profile_get(cache->array.values[i]);
		MemoryContextSwitchTo(old);
	}
	return cache->decoded[i];
}

Datum
monitor_make_profile_array(const Datum *values, const bool *nulls, int n, Oid element)
{
	int lower = 1;

	if (n == 0)
		return PointerGetDatum(construct_empty_array(element));
	return PointerGetDatum(construct_md_array((Datum *) values, (bool *) nulls, 1, &n, &lower,
											  element, -1, false, TYPALIGN_DOUBLE));
}

/* Applies `change` to every element; one that it gives NULL for becomes NULL. */
static Datum
map_elements(Datum array, const MonitorProfile *(*change)(const MonitorProfile *, int, void *),
			 void *arg, bool with_anchors)
{
	ProfileArray from = monitor_profile_array(array);
	Datum *values = palloc0(sizeof(Datum) * Max(from.n, 1));
	bool *nulls = palloc0(sizeof(bool) * Max(from.n, 1));

	for (int i = 0; i < from.n; i++)
	{
		const MonitorProfile *profile = monitor_profile_element(&from, i);

		CHECK_FOR_INTERRUPTS();
		if (profile)
			profile = change(profile, i, arg);
		nulls[i] = profile == NULL;
		if (profile)
			values[i] = monitor_profile_datum(profile, with_anchors && profile->has_anchors);
	}
	return monitor_make_profile_array(values, nulls, from.n,
									  ARR_ELEMTYPE(DatumGetArrayTypeP(array)));
}

/* An empty profile around the chosen anchors of another. */
static MonitorProfile *
around(const MonitorProfile *fine, const int64_t *chosen, int64_t k)
{
	double anchors[MAX_COARSE];
	MonitorProfile *coarse = palloc0(monitor_profile_size_numeric(k, 0));

	for (int64_t i = 0; i < k; i++)
		anchors[i] = monitor_profile_anchors(fine)[chosen[i]];
	if (monitor_profile_init_numeric(coarse, anchors, k, 0) != MONITOR_OK)
		elog(ERROR, "anchors of a profile are not in order");
	return coarse;
}

static const MonitorProfile *
make_coarse(const MonitorProfile *fine, int i, void *arg)
{
	int64_t chosen[MAX_COARSE];
	MonitorProfile *coarse;

	if (fine->categorical)
		return fine;
	if (!fine->has_anchors)
		monitor_report_status(MONITOR_NO_ANCHORS);
	coarse = around(fine, chosen, monitor_coarse_anchors(fine, chosen));
	monitor_coarsen(fine, chosen, coarse);
	return coarse;
}

/* _coarse_reference(profiles) -> cells, with their anchors */
Datum
monitor_coarse_reference(PG_FUNCTION_ARGS)
{
	return map_elements(PG_GETARG_DATUM(0), make_coarse, NULL, true);
}

/* The fine and the coarse anchors of every feature. */
typedef struct Anchored
{
	ProfileCache *fine;
	ProfileCache *coarse;
} Anchored;

/* Indexes in `fine` of the anchors of `coarse`. */
static void
find_anchors(const MonitorProfile *fine, const MonitorProfile *coarse, int64_t *chosen)
{
	const double *all = monitor_profile_anchors(fine);
	const double *some = monitor_profile_anchors(coarse);
	int64_t at = 0;

	if (all == NULL || some == NULL)
		monitor_report_status(MONITOR_NO_ANCHORS);
	for (int64_t i = 0; i < coarse->k; i++)
	{
		while (at < fine->k && all[at] < some[i])
			at++;
		if (at == fine->k || all[at] != some[i] || i >= MAX_COARSE)
			monitor_report_status(MONITOR_MISMATCH);
		chosen[i] = at;
	}
}

static const MonitorProfile *
coarsen_one(const MonitorProfile *fine, int i, void *arg)
{
	Anchored *anchored = (Anchored *) arg;
	const MonitorProfile *reference = monitor_cached_element(anchored->fine, i);
	const MonitorProfile *target = monitor_cached_element(anchored->coarse, i);
	int64_t chosen[MAX_COARSE];
	MonitorProfile *coarse;

	if (reference == NULL || target == NULL)
		return NULL;
	if (fine->id[0] != reference->id[0] || fine->id[1] != reference->id[1])
		monitor_report_status(MONITOR_MISMATCH);
	if (fine->categorical)
		return fine;
	find_anchors(reference, target, chosen);
	coarse = around(reference, chosen, target->k);
	monitor_coarsen(fine, chosen, coarse);
	return coarse;
}

/* _coarsen(profiles, reference, cells) -> profiles in the slots of cells, detached */
Datum
monitor_coarsen_profiles(PG_FUNCTION_ARGS)
{
	Anchored anchored = {monitor_profile_cache(fcinfo, 1, 0), monitor_profile_cache(fcinfo, 2, 1)};

	return map_elements(PG_GETARG_DATUM(0), coarsen_one, &anchored, false);
}

/* An element without its anchors. */
static Datum
detach(Datum profile)
{
	struct varlena *given = PG_DETOAST_DATUM(profile);
	struct varlena *stripped;
	size_t length;

	if (!monitor_profile_is_state((const MonitorProfile *) given))
	{
		stripped = palloc(VARSIZE(given));
		length = monitor_profile_strip((const unsigned char *) VARDATA(given),
									   VARSIZE(given) - VARHDRSZ,
									   (unsigned char *) VARDATA(stripped));
		if (length > 0)
		{
			SET_VARSIZE(stripped, VARHDRSZ + length);
			return PointerGetDatum(stripped);
		}
	}
	return monitor_profile_datum(monitor_profile_get(profile), false);
}

/* _detach(profiles) -> without their anchors */
Datum
monitor_detach_profiles(PG_FUNCTION_ARGS)
{
	ProfileArray array = monitor_profile_array(PG_GETARG_DATUM(0));

	for (int i = 0; i < array.n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!array.nulls[i])
			array.values[i] = detach(array.values[i]);
	}
	return monitor_make_profile_array(array.values, array.nulls, array.n,
									  ARR_ELEMTYPE(DatumGetArrayTypeP(PG_GETARG_DATUM(0))));
}

/* _attach(profiles, reference) -> with the anchors of the reference's profiles */
PG_FUNCTION_INFO_V1(monitor_attach_profiles);

static const MonitorProfile *
attach_one(const MonitorProfile *profile, int i, void *arg)
{
	const MonitorProfile *reference = monitor_cached_element((ProfileCache *) arg, i);

	return reference ? monitor_profile_attached(profile, reference) : NULL;
}

Datum
monitor_attach_profiles(PG_FUNCTION_ARGS)
{
	return map_elements(PG_GETARG_DATUM(0), attach_one, monitor_profile_cache(fcinfo, 1, 0), true);
}

/* _fingerprint(value) -> bigint: of the bytes of a value; each of our types has one form of a value */
PG_FUNCTION_INFO_V1(monitor_fingerprint);

Datum
monitor_fingerprint(PG_FUNCTION_ARGS)
{
	struct varlena *value;

	if (get_typlen(get_fn_expr_argtype(fcinfo->flinfo, 0)) != -1)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("a fingerprint is of a value of variable length")));
	value = PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(0));
	PG_RETURN_INT64((int64) hash_bytes_extended((const unsigned char *) VARDATA_ANY(value),
												VARSIZE_ANY_EXHDR(value), 0));
}

/* ---- sums ---- */

/* The sum of two elements; either may be NULL. */
static Datum
add_profiles(Datum a, bool a_null, Datum b, bool b_null, bool *is_null)
{
	MonitorProfile *sum;
	MonitorStatus status;

	*is_null = a_null && b_null;
	if (a_null || b_null)
		return a_null ? b : a;
	sum = monitor_profile_copy(a);
	status = monitor_profile_add(sum, monitor_profile_get(b));
	if (status != MONITOR_OK)
		monitor_report_status(status);
	return monitor_profile_datum(sum, sum->has_anchors);
}

/* _rollup_add(state profile[], profiles profile[]) -> profile[]: element by element */
Datum
monitor_rollup_profiles(PG_FUNCTION_ARGS)
{
	ProfileArray a;
	ProfileArray b;
	Datum *values;
	bool *nulls;
	int n;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	if (PG_ARGISNULL(0))
		PG_RETURN_DATUM(PG_GETARG_DATUM(1));
	a = monitor_profile_array(PG_GETARG_DATUM(0));
	b = monitor_profile_array(PG_GETARG_DATUM(1));
	n = Max(a.n, b.n);
	values = palloc0(sizeof(Datum) * Max(n, 1));
	nulls = palloc0(sizeof(bool) * Max(n, 1));
	for (int i = 0; i < n; i++)
		values[i] = add_profiles(i < a.n ? a.values[i] : (Datum) 0, i >= a.n || a.nulls[i],
								 i < b.n ? b.values[i] : (Datum) 0, i >= b.n || b.nulls[i],
								 &nulls[i]);
	return monitor_make_profile_array(values, nulls, n,
									  ARR_ELEMTYPE(DatumGetArrayTypeP(PG_GETARG_DATUM(1))));
}

/* _sum_add(state float8[], numbers float8[]) -> float8[]: element by element, NULL is none */
Datum
monitor_sum_arrays(PG_FUNCTION_ARGS)
{
	Datum *from[2];
	bool *absent[2];
	int n[2];
	int most;
	int lower = 1;
	Datum *values;
	bool *nulls;

	for (int i = 0; i < 2; i++)
		if (PG_ARGISNULL(i))
		{
			if (PG_ARGISNULL(1 - i))
				PG_RETURN_NULL();
			PG_RETURN_DATUM(PG_GETARG_DATUM(1 - i));
		}
	for (int i = 0; i < 2; i++)
		deconstruct_array(PG_GETARG_ARRAYTYPE_P(i), FLOAT8OID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
						  &from[i], &absent[i], &n[i]);
	most = Max(n[0], n[1]);
	if (most == 0)
		PG_RETURN_DATUM(PG_GETARG_DATUM(1));
	values = palloc0(sizeof(Datum) * most);
	nulls = palloc0(sizeof(bool) * most);
	for (int i = 0; i < most; i++)
	{
		double sum = 0;

		nulls[i] = true;
		for (int j = 0; j < 2; j++)
			if (i < n[j] && !absent[j][i])
			{
				sum += DatumGetFloat8(from[j][i]);
				nulls[i] = false;
			}
		values[i] = Float8GetDatum(sum);
	}
	PG_RETURN_ARRAYTYPE_P(construct_md_array(values, nulls, 1, &most, &lower, FLOAT8OID, 8,
											 FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}
