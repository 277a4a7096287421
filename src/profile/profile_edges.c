/*
 * profile_edges.c
 *		The aggregates that take anchors and categories from a reference.
 */
#include "postgres.h"

#include "aggregates/category_state.h"
#include "aggregates/category_value.h"
#include "aggregates/sample_state.h"
#include "catalog/pg_type.h"
#include "profile_glue.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(monitor_edges_accum);
PG_FUNCTION_INFO_V1(monitor_edges_final);
PG_FUNCTION_INFO_V1(monitor_categories_accum);
PG_FUNCTION_INFO_V1(monitor_categories_final);

/*
 * edges_accum(internal, value float8, bins integer)
 */
Datum
monitor_edges_accum(PG_FUNCTION_ARGS)
{
	SampleState *state;
	int bins = PG_ARGISNULL(2) ? 0 : PG_GETARG_INT32(2);

	if (bins < 1 || bins > MONITOR_MAX_ANCHORS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("bins must be between 1 and %d, got %d", MONITOR_MAX_ANCHORS, bins)));
	if (PG_ARGISNULL(0))
		state = monitor_sample_state_create(monitor_aggregate_context(fcinfo));
	else
		state = (SampleState *) PG_GETARG_POINTER(0);
	if (state->bins != 0 && bins != state->bins)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("bins must be the same for all rows of a group, got %d and %d", state->bins,
						bins)));
	state->bins = bins;
	if (!PG_ARGISNULL(1))
		monitor_sample_add(state, false, PG_GETARG_FLOAT8(1));
	PG_RETURN_POINTER(state);
}

Datum
monitor_edges_final(PG_FUNCTION_ARGS)
{
	SampleState *state;
	MonitorSample sample;
	double *edges;
	Datum *values;
	int64_t n;

	monitor_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (SampleState *) PG_GETARG_POINTER(0);
	sample = monitor_sample_sorted(state, SAMPLE_REFERENCE);
	if (sample.n == 0)
		PG_RETURN_NULL();
	edges = palloc(Max(state->bins, MONITOR_VALUE_CELLS) * sizeof(double));
	n = monitor_profile_edges(&sample, state->bins, edges);
	values = palloc(n * sizeof(Datum));
	for (int64_t i = 0; i < n; i++)
		values[i] = Float8GetDatum(edges[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(values, (int) n, FLOAT8OID, sizeof(float8),
										  FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/*
 * categories_accum(internal, value text | anynonarray, cap integer)
 */
Datum
monitor_categories_accum(PG_FUNCTION_ARGS)
{
	CategoryState *state = monitor_category_current_state(fcinfo);
	struct CategoryReader *reader = monitor_argument_reader(fcinfo, 1);
	int cap = PG_ARGISNULL(2) ? 0 : PG_GETARG_INT32(2);
	const char *text;
	uint32 length;

	if (cap < 1 || cap > MONITOR_MAX_CATEGORIES)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cap must be between 1 and %d, got %d", MONITOR_MAX_CATEGORIES, cap)));
	if (state->cap != 0 && cap != state->cap)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cap must be the same for all rows of a group, got %d and %d", state->cap,
						cap)));
	state->cap = cap;
	if (!PG_ARGISNULL(1) && monitor_category_text(reader, PG_GETARG_DATUM(1), &text, &length))
		monitor_category_add(state, text, length, false, 1);
	PG_RETURN_POINTER(state);
}

/*
 * The most frequent categories, at most `cap`; a last NULL when there were more.
 */
Datum
monitor_categories_final(PG_FUNCTION_ARGS)
{
	CategoryState *state;
	CategoryEntry **entries;
	Datum *values;
	bool *nulls;
	int dims[1];
	int lbs[1] = {1};
	int64_t n;

	monitor_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (CategoryState *) PG_GETARG_POINTER(0);
	n = monitor_category_number(state);
	if (n == 0)
		PG_RETURN_NULL();
	entries = monitor_category_sorted(state);
	dims[0] = (int) Min(n, (int64_t) state->cap + 1);
	values = palloc0(dims[0] * sizeof(Datum));
	nulls = palloc0(dims[0] * sizeof(bool));
	for (int i = 0; i < dims[0]; i++)
	{
		nulls[i] = i == state->cap;
		if (!nulls[i])
			values[i] = PointerGetDatum(cstring_to_text_with_len(entries[i]->key.value,
																 (int) entries[i]->key.length));
	}
	PG_RETURN_ARRAYTYPE_P(construct_md_array(values, nulls, 1, dims, lbs, TEXTOID, -1, false,
											 TYPALIGN_INT));
}
