/*
 * profile_slots.c
 *		The anchors and categories that aggregates get as arrays.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "nodes/primnodes.h"
#include "profile_glue.h"
#include "utils/array.h"
#include "utils/builtins.h"

/* ERROR unless the array is one-dimensional, without NULL, and has 1 .. most elements. */
static void
check_slots_array(ArrayType *array, const char *what, int most, bool nulls_allowed)
{
	int n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));

	if (ARR_NDIM(array) != 1 || n > most)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s must be one list of 1 to %d elements, got %d", what, most, n),
				 errhint("Take them from the reference: monitor.profile_edges(value, 1000) or monitor.profile_categories(value, 50).")));
	if (!nulls_allowed && array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not contain NULL", what)));
}

static void
refuse_null_slots(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("%s must not be NULL", what),
			 errhint("The reference they come from may have no rows.")));
}

ArrayType *
monitor_edges_argument(FunctionCallInfo fcinfo, int argno)
{
	ArrayType *edges;

	if (PG_ARGISNULL(argno))
		refuse_null_slots("edges");
	edges = PG_GETARG_ARRAYTYPE_P(argno);
	check_slots_array(edges, "edges", MONITOR_MAX_ANCHORS, false);
	return edges;
}

ArrayType *
monitor_categories_argument(FunctionCallInfo fcinfo, int argno, int most)
{
	ArrayType *categories;

	if (PG_ARGISNULL(argno))
		refuse_null_slots("categories");
	categories = PG_GETARG_ARRAYTYPE_P(argno);
	check_slots_array(categories, "categories", most, true);
	return categories;
}

void
monitor_report_bad_edges(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("edges must be ascending and different, without NaN"),
			 errhint("Take them from the reference: monitor.profile_edges(value, 1000).")));
	pg_unreachable();
}

void
monitor_report_bad_categories(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("categories must be different")));
	pg_unreachable();
}

/* The strings of a text[]; a last element that is NULL tells of unlisted categories. */
int
monitor_read_categories(ArrayType *array, const char ***categories, uint32_t **lengths,
						size_t *bytes, bool *has_other)
{
	Datum *values;
	bool *nulls;
	int n;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &n);
	*has_other = n > 0 && nulls[n - 1];
	n -= *has_other;
	*categories = palloc(Max(n, 1) * sizeof(char *));
	*lengths = palloc(Max(n, 1) * sizeof(uint32_t));
	*bytes = 0;
	for (int i = 0; i < n; i++)
	{
		text *value;

		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("only the last of the categories may be NULL, got NULL at position %d",
							i + 1)));
		value = DatumGetTextPP(values[i]);
		(*categories)[i] = VARDATA_ANY(value);
		(*lengths)[i] = VARSIZE_ANY_EXHDR(value);
		*bytes += (*lengths)[i];
	}
	return n;
}

/* ---- the same edges for every row of a group ---- */

/*
 * The executor gives the same pointer for every row when the argument is a constant
 * or a parameter; then it was looked at when the state was made, and is not again.
 * argno counts the state as 0.
 */
bool
monitor_argument_is_stable(FunctionCallInfo fcinfo, int argno)
{
	Aggref *aggref = AggGetAggref(fcinfo);
	Node *expr;

	if (aggref == NULL || list_length(aggref->args) < argno)
		return false;
	expr = (Node *) ((TargetEntry *) list_nth(aggref->args, argno - 1))->expr;
	return IsA(expr, Const) || IsA(expr, Param);
}

static void
report_changed_slots(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("edges or categories must be the same for all rows of a group"),
			 errhint("Group by what they depend on.")));
}

void
monitor_check_same_edges(FunctionCallInfo fcinfo, int argno, const MonitorProfile *profile)
{
	const double *anchors = monitor_profile_anchors(profile);
	ArrayType *edges;
	const double *given;

	if (PG_ARGISNULL(argno))
		refuse_null_slots("edges");
	edges = PG_GETARG_ARRAYTYPE_P(argno);
	if (ARR_NDIM(edges) != 1 || ARR_DIMS(edges)[0] != profile->k || ARR_HASNULL(edges))
		report_changed_slots();
	given = (const double *) ARR_DATA_PTR(edges);
	if (memcmp(given, anchors, profile->k * sizeof(double)) == 0)
		return;
	for (int64_t i = 0; i < profile->k; i++)
	{
		if (given[i] != anchors[i])
			report_changed_slots();
	}
}

void
monitor_check_same_categories(FunctionCallInfo fcinfo, int argno, const MonitorProfile *profile)
{
	const char **categories;
	uint32_t *lengths;
	size_t bytes;
	bool has_other;
	bool same;
	int n;

	if (PG_ARGISNULL(argno))
		refuse_null_slots("categories");
	n = monitor_read_categories(PG_GETARG_ARRAYTYPE_P(argno), &categories, &lengths, &bytes,
								&has_other);
	same = n == profile->k && has_other == profile->has_other;
	for (int i = 0; same && i < n; i++)
	{
		uint32_t length;
		const char *category = monitor_profile_category(profile, i, &length);

		same = length == lengths[i] && memcmp(category, categories[i], length) == 0;
	}
	if (!same)
		report_changed_slots();
}
