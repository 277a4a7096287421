/*
 * adjust.c
 *		Corrections for many hypotheses over SQL arrays.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "monitor.h"
#include "stats/evidence.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(monitor_adjust_p);
PG_FUNCTION_INFO_V1(monitor_adjust_e);

/* The elements of an array that are not NULL, and where they stood. */
typedef struct Hypotheses
{
	Datum *values;
	bool *nulls;
	int length; /* of the array */
	double *known;
	int n;
} Hypotheses;

/* ERROR for an element outside [0, high]; NaN counts as outside. */
static Hypotheses
read_hypotheses(ArrayType *array, const char *what, double high)
{
	Hypotheses h;

	deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &h.values,
					  &h.nulls, &h.length);
	h.known = palloc(Max(h.length, 1) * sizeof(double));
	h.n = 0;
	for (int i = 0; i < h.length; i++)
	{
		double value = h.nulls[i] ? 0 : DatumGetFloat8(h.values[i]);

		if (!(value >= 0 && value <= high))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("%s must be between 0 and %g, got %g at position %d", what, high, value,
							i + 1)));
		if (!h.nulls[i])
			h.known[h.n++] = value;
	}
	return h;
}

static ArrayType *
write_hypotheses(Hypotheses *h)
{
	int dims[1] = {h->length};
	int lbs[1] = {1};
	int next = 0;

	if (h->length == 0)
		return construct_empty_array(FLOAT8OID);
	for (int i = 0; i < h->length; i++)
	{
		if (!h->nulls[i])
			h->values[i] = Float8GetDatum(h->known[next++]);
	}
	return construct_md_array(h->values, h->nulls, 1, dims, lbs, FLOAT8OID, sizeof(float8),
							  FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
}

static MonitorAdjustment
method_from_name(text *name)
{
	static const char *const names[] = {"bh", "by", "holm", "bonferroni"};
	char *wanted = text_to_cstring(name);

	for (int i = 0; i < (int) lengthof(names); i++)
	{
		if (strcmp(wanted, names[i]) == 0)
			return (MonitorAdjustment) i;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown adjustment method \"%s\"", wanted),
			 errhint("Use bh, by, holm or bonferroni.")));
}

Datum
monitor_adjust_p(PG_FUNCTION_ARGS)
{
	MonitorAdjustment method = method_from_name(PG_GETARG_TEXT_PP(1));
	Hypotheses h = read_hypotheses(PG_GETARG_ARRAYTYPE_P(0), "p-values", 1);

	StaticAssertStmt(MONITOR_BH == 0 && MONITOR_BONFERRONI == 3, "names follow the enum");
	monitor_adjust_p_values(h.known, h.n, method, palloc(Max(h.n, 1) * sizeof(size_t)));
	PG_RETURN_ARRAYTYPE_P(write_hypotheses(&h));
}

Datum
monitor_adjust_e(PG_FUNCTION_ARGS)
{
	Hypotheses h = read_hypotheses(PG_GETARG_ARRAYTYPE_P(0), "e-values", INFINITY);

	monitor_adjust_e_values(h.known, h.n, palloc(Max(h.n, 1) * sizeof(size_t)));
	PG_RETURN_ARRAYTYPE_P(write_hypotheses(&h));
}
