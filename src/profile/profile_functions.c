/*
 * profile_functions.c
 *		The algebra of profiles and what can be read from one.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "profile_glue.h"
#include "utils/array.h"
#include "utils/builtins.h"

#define SPARKLINE_WIDTH 20

PG_FUNCTION_INFO_V1(monitor_profile_merge);
PG_FUNCTION_INFO_V1(monitor_profile_minus);
PG_FUNCTION_INFO_V1(monitor_profile_detach);
PG_FUNCTION_INFO_V1(monitor_profile_attach_anchors);
PG_FUNCTION_INFO_V1(monitor_profile_num_rows);
PG_FUNCTION_INFO_V1(monitor_profile_num_missing);
PG_FUNCTION_INFO_V1(monitor_profile_min_value);
PG_FUNCTION_INFO_V1(monitor_profile_max_value);
PG_FUNCTION_INFO_V1(monitor_profile_mean_value);
PG_FUNCTION_INFO_V1(monitor_profile_stddev_value);
PG_FUNCTION_INFO_V1(monitor_profile_quantile_value);
PG_FUNCTION_INFO_V1(monitor_profile_cdf_value);
PG_FUNCTION_INFO_V1(monitor_profile_bins);
PG_FUNCTION_INFO_V1(monitor_profile_draw);

/* ---- algebra ---- */

/* The rows of both; with anchors if either has them. */
Datum
monitor_profile_merge(PG_FUNCTION_ARGS)
{
	const MonitorProfile *other = PG_GETARG_PROFILE(1);
	MonitorProfile *sum = PG_GETARG_PROFILE_COPY(0);
	MonitorStatus status;

	if (other->has_anchors && !sum->has_anchors)
		sum = monitor_profile_attached(sum, other);
	status = monitor_profile_add(sum, other);
	if (status != MONITOR_OK)
		monitor_report_status(status);
	PG_RETURN_PROFILE(sum);
}

/* The rows of the first that are not of the second; with anchors if either has them. */
Datum
monitor_profile_minus(PG_FUNCTION_ARGS)
{
	const MonitorProfile *other = PG_GETARG_PROFILE(1);
	MonitorProfile *rest = PG_GETARG_PROFILE_COPY(0);
	MonitorStatus status;

	if (other->has_anchors && !rest->has_anchors)
		rest = monitor_profile_attached(rest, other);
	status = monitor_profile_subtract(rest, other);
	if (status != MONITOR_OK)
		monitor_report_status(status);
	PG_RETURN_PROFILE(rest);
}

Datum
monitor_profile_detach(PG_FUNCTION_ARGS)
{
	return monitor_profile_datum(PG_GETARG_PROFILE(0), false);
}

Datum
monitor_profile_attach_anchors(PG_FUNCTION_ARGS)
{
	const MonitorProfile *profile = PG_GETARG_PROFILE(0);
	const MonitorProfile *anchors = PG_GETARG_PROFILE(1);

	if (!anchors->has_anchors)
		monitor_report_status(MONITOR_NO_ANCHORS);
	PG_RETURN_PROFILE(monitor_profile_attached(profile, anchors));
}

/* ---- accessors ---- */

/* All rows, missing ones included. */
Datum
monitor_profile_num_rows(PG_FUNCTION_ARGS)
{
	const MonitorProfile *profile = PG_GETARG_PROFILE(0);

	PG_RETURN_INT64(profile->n + profile->missing + profile->nan);
}

/* NULL and NaN. */
Datum
monitor_profile_num_missing(PG_FUNCTION_ARGS)
{
	const MonitorProfile *profile = PG_GETARG_PROFILE(0);

	PG_RETURN_INT64(profile->missing + profile->nan);
}

Datum
monitor_profile_min_value(PG_FUNCTION_ARGS)
{
	const MonitorProfile *profile = PG_GETARG_PROFILE(0);

	if (!profile->has_range)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(profile->minimum);
}

Datum
monitor_profile_max_value(PG_FUNCTION_ARGS)
{
	const MonitorProfile *profile = PG_GETARG_PROFILE(0);

	if (!profile->has_range)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(profile->maximum);
}

Datum
monitor_profile_mean_value(PG_FUNCTION_ARGS)
{
	double mean = 0;
	MonitorStatus status = monitor_profile_mean(PG_GETARG_PROFILE(0), &mean);

	return monitor_return_float8(fcinfo, status, mean);
}

Datum
monitor_profile_stddev_value(PG_FUNCTION_ARGS)
{
	double stddev = 0;
	MonitorStatus status = monitor_profile_stddev(PG_GETARG_PROFILE(0), &stddev);

	return monitor_return_float8(fcinfo, status, stddev);
}

Datum
monitor_profile_quantile_value(PG_FUNCTION_ARGS)
{
	double fraction = PG_GETARG_FLOAT8(1);
	double value = 0;
	MonitorStatus status;

	if (!(fraction >= 0 && fraction <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("fraction must be between 0 and 1, got %g", fraction)));
	status = monitor_profile_quantile(PG_GETARG_PROFILE(0), fraction, &value);
	return monitor_return_float8(fcinfo, status, value);
}

Datum
monitor_profile_cdf_value(PG_FUNCTION_ARGS)
{
	double x = PG_GETARG_FLOAT8(1);
	double share = 0;
	MonitorStatus status;

	if (isnan(x))
		PG_RETURN_NULL();
	status = monitor_profile_cdf(PG_GETARG_PROFILE(0), x, &share);
	return monitor_return_float8(fcinfo, status, share);
}

/* ---- bins ---- */

/* One monitor.profile_bin; a categorical one has a name. */
static Datum
form_bin(TupleDesc tupdesc, int number, double lower, double upper, text *name, int64_t n,
		 int64_t n_at_upper, int64_t total)
{
	Datum values[7] = {0};
	bool nulls[7] = {false};

	values[0] = Int32GetDatum(number);
	values[1] = Float8GetDatum(lower);
	values[2] = Float8GetDatum(upper);
	values[3] = PointerGetDatum(name);
	nulls[1] = nulls[2] = name != NULL;
	nulls[3] = name == NULL;
	values[4] = Int64GetDatum(n);
	values[5] = Int64GetDatum(n_at_upper);
	nulls[5] = name != NULL;
	values[6] = Float8GetDatum(total == 0 ? 0 : (double) n / total);
	nulls[6] = total == 0;
	return HeapTupleGetDatum(heap_form_tuple(tupdesc, values, nulls));
}

/* (anchor before, anchor], and what lies above the last anchor. */
static int
numeric_bins(const MonitorProfile *profile, TupleDesc tupdesc, Datum *bins)
{
	const int64_t *counts = monitor_profile_counts_const(profile);
	const double *anchors = monitor_profile_anchors(profile);
	double lower = -INFINITY;

	for (int64_t i = 0; i < profile->k; i++)
	{
		int64_t equal = counts[2 * i + 1];

		bins[i] = form_bin(tupdesc, (int) i + 1, lower, anchors[i], NULL, counts[2 * i] + equal,
						   equal, profile->n);
		lower = anchors[i];
	}
	bins[profile->k] = form_bin(tupdesc, (int) profile->k + 1, lower, INFINITY, NULL,
								counts[2 * profile->k], 0, profile->n);
	return (int) profile->k + 1;
}

/* One a category, then (other) where unlisted categories were expected, then (unseen). */
static int
categorical_bins(const MonitorProfile *profile, TupleDesc tupdesc, Datum *bins)
{
	const int64_t *counts = monitor_profile_counts_const(profile);
	int n = 0;

	for (int64_t i = 0; i < profile->k; i++)
	{
		uint32_t length;
		const char *name = monitor_profile_category(profile, i, &length);

		bins[n] = form_bin(tupdesc, n + 1, 0, 0, cstring_to_text_with_len(name, (int) length),
						   counts[i], 0, profile->n);
		n++;
	}
	bins[n] = form_bin(tupdesc, n + 1, 0, 0,
					   cstring_to_text(profile->has_other ? "(other)" : "(unseen)"),
					   counts[profile->k + (profile->has_other ? 0 : 1)], 0, profile->n);
	return n + 1;
}

Datum
monitor_profile_bins(PG_FUNCTION_ARGS)
{
	const MonitorProfile *profile = PG_GETARG_PROFILE(0);
	TupleDesc tupdesc = monitor_result_tupdesc(fcinfo);
	Datum *bins;
	int n;

	if (!profile->has_anchors)
		monitor_report_status(MONITOR_NO_ANCHORS);
	bins = palloc((profile->k + 2) * sizeof(Datum));
	n = profile->categorical ? categorical_bins(profile, tupdesc, bins)
							 : numeric_bins(profile, tupdesc, bins);
	PG_RETURN_ARRAYTYPE_P(construct_array(bins, n, tupdesc->tdtypeid, -1, false, TYPALIGN_DOUBLE));
}

/*
 * Other encodings have no blocks: the digits 1 to 8 stand for them.  In UTF-8 the eight
 * blocks are the bytes E2 96 81 to E2 96 88.
 */
static void
levels_as_digits(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; to++)
	{
		bool block = (unsigned char) *from == 0xE2;

		*to = block ? '0' + ((unsigned char) from[2] - 0x80) : *from;
		from += block ? 3 : 1;
	}
	*to = '\0';
}

/* sparkline(profile [, width integer]) */
Datum
monitor_profile_draw(PG_FUNCTION_ARGS)
{
	const MonitorProfile *profile = PG_GETARG_PROFILE(0);
	int width = PG_NARGS() > 1 ? PG_GETARG_INT32(1) : SPARKLINE_WIDTH;
	char text[3 * MONITOR_SPARKLINE_MAX + 1];
	MonitorStatus status;

	if (width < 1 || width > MONITOR_SPARKLINE_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("width must be between 1 and %d, got %d", MONITOR_SPARKLINE_MAX, width)));
	status = monitor_profile_sparkline(profile, width, text);
	if (status == MONITOR_UNDEFINED)
		PG_RETURN_NULL();
	if (status != MONITOR_OK)
		monitor_report_status(status);
	if (GetDatabaseEncoding() != PG_UTF8)
		levels_as_digits(text);
	PG_RETURN_TEXT_P(cstring_to_text(text));
}
