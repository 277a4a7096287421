/*
 * profile_text.c
 *		Printing the text form of profiles: one line of JSON with a fixed order of keys.
 *
 *		{"profile":1,"kind":"numeric","id":"<32 hex digits>","k":2,"rows":9,
 *		"missing":1,"nan":0,"zeros":2,"infinities":[0,0],"outliers":0,
 *		"range":[-1.5,4],"center":0,"unit":-42,"sums":["8","32"],
 *		"anchors":[0,3],"counts":{"0":1,"1":2,"4":5}}
 *
 *		{"profile":1,"kind":"categorical","id":"<32 hex digits>","k":2,"rows":9,
 *		"missing":1,"other":true,"categories":["a","b"],"counts":{"0":8}}
 *
 * without the line ends.  `rows` counts all rows, missing ones and NaN too.
 * range, sums, anchors and categories are null where not known.  Infinite
 * numbers are strings.  The parser takes what the printer prints and nothing
 * else.  The locale's decimal point must be "." (as PostgreSQL keeps it).
 */
#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "profile_internal.h"

/* ---- printing ---- */

/* With 15 to 17 digits, less trailing zeros: the first that give the same number back. */
void
monitor_format_double(char text[MONITOR_DOUBLE_LEN], double value)
{
	if (isinf(value))
	{
		strcpy(text, value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
		return;
	}
	for (int digits = 15; digits <= 17; digits++)
	{
		snprintf(text, MONITOR_DOUBLE_LEN, "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			return;
	}
}

static char *
put_double(char *out, double value)
{
	char text[MONITOR_DOUBLE_LEN];

	monitor_format_double(text, value);
	return put_text(out, text);
}

char
monitor_json_escape(unsigned char byte)
{
	switch (byte)
	{
		case '"':
		case '\\':
			return (char) byte;
		case '\b':
			return 'b';
		case '\f':
			return 'f';
		case '\n':
			return 'n';
		case '\r':
			return 'r';
		case '\t':
			return 't';
		default:
			return byte < 0x20 ? 'u' : 0;
	}
}

static const char hex_digits[] = "0123456789abcdef";

static char *
put_string(char *out, const char *string, uint32_t length)
{
	*out++ = '"';
	for (uint32_t i = 0; i < length; i++)
	{
		unsigned char byte = (unsigned char) string[i];
		char escape = monitor_json_escape(byte);

		if (escape == 0)
		{
			*out++ = (char) byte;
			continue;
		}
		*out++ = '\\';
		*out++ = escape;
		if (escape == 'u')
		{
			out = put_text(out, "00");
			*out++ = hex_digits[byte >> 4];
			*out++ = hex_digits[byte & 15];
		}
	}
	*out++ = '"';
	return out;
}

static char *
put_id(char *out, const uint64_t id[2])
{
	for (int word = 0; word < 2; word++)
	{
		for (int shift = 60; shift >= 0; shift -= 4)
			*out++ = hex_digits[id[word] >> shift & 15];
	}
	return out;
}

static char *
put_numbers(char *out, const MonitorProfile *profile)
{
	out = put_integer(put_text(out, ",\"nan\":"), profile->nan);
	out = put_integer(put_text(out, ",\"zeros\":"), profile->zeros);
	out = put_integer(put_text(out, ",\"infinities\":["), profile->negative_infinities);
	out = put_integer(put_text(out, ","), profile->positive_infinities);
	out = put_integer(put_text(out, "],\"outliers\":"), profile->outliers);
	out = put_text(out, ",\"range\":");
	if (profile->has_range)
	{
		out = put_double(put_text(out, "["), profile->minimum);
		out = put_double(put_text(out, ","), profile->maximum);
		out = put_text(out, "]");
	}
	else
		out = put_text(out, "null");
	out = put_double(put_text(out, ",\"center\":"), profile->center);
	out = put_integer(put_text(out, ",\"unit\":"), profile->unit);
	out = put_text(out, ",\"sums\":");
	if (!profile->has_sums)
		return put_text(out, "null");
	out = put_integer(put_text(out, "[\""), monitor_int128_load(profile->sum));
	out = put_integer(put_text(out, "\",\""), monitor_int128_load(profile->sum_squares));
	return put_text(out, "\"]");
}

static char *
put_anchors(char *out, const MonitorProfile *profile, bool with_anchors)
{
	const double *anchors = monitor_profile_anchors(profile);

	out = put_text(out, profile->categorical ? ",\"categories\":" : ",\"anchors\":");
	if (!profile->has_anchors || !with_anchors)
		return put_text(out, "null");
	*out++ = '[';
	for (int64_t i = 0; i < profile->k; i++)
	{
		uint32_t length;
		const char *category;

		MONITOR_POLL(i);
		if (i > 0)
			*out++ = ',';
		if (profile->categorical)
		{
			category = monitor_profile_category(profile, i, &length);
			out = put_string(out, category, length);
		}
		else
			out = put_double(out, anchors[i]);
	}
	*out++ = ']';
	return out;
}

static char *
put_counts(char *out, const MonitorProfile *profile)
{
	const int64_t *counts = monitor_profile_counts_const(profile);
	int64_t slots = monitor_profile_slots(profile);
	const char *separator = "\"";

	out = put_text(out, ",\"counts\":{");
	for (int64_t i = 0; i < slots; i++)
	{
		if (counts[i] == 0)
			continue;
		out = put_integer(put_text(out, separator), i);
		out = put_integer(put_text(out, "\":"), counts[i]);
		separator = ",\"";
	}
	return put_text(out, "}");
}

size_t
monitor_profile_text_bound(const MonitorProfile *profile)
{
	const int64_t *counts = monitor_profile_counts_const(profile);
	int64_t slots = monitor_profile_slots(profile);
	size_t bound = 1024; /* all that is there once */

	for (int64_t i = 0; i < slots; i++)
		bound += counts[i] != 0 ? INTEGER_LEN : 0;
	if (profile->has_anchors)
		bound += (size_t) profile->k * MONITOR_DOUBLE_LEN + 6 * (size_t) profile->dictionary_bytes;
	return bound;
}

size_t
monitor_profile_print_part(const MonitorProfile *profile, bool with_anchors, char *out)
{
	const char *start = out;

	out = put_text(out, "{\"profile\":1,\"kind\":");
	out = put_text(out, profile->categorical ? "\"categorical\"" : "\"numeric\"");
	out = put_id(put_text(out, ",\"id\":\""), profile->id);
	out = put_integer(put_text(out, "\",\"k\":"), profile->k);
	out = put_integer(put_text(out, ",\"rows\":"), profile->n + profile->missing + profile->nan);
	out = put_integer(put_text(out, ",\"missing\":"), profile->missing);
	if (profile->categorical)
		out = put_text(out, profile->has_other ? ",\"other\":true" : ",\"other\":false");
	else
		out = put_numbers(out, profile);
	out = put_anchors(out, profile, with_anchors);
	out = put_counts(out, profile);
	out = put_text(out, "}");
	return (size_t) (out - start);
}

size_t
monitor_profile_print(const MonitorProfile *profile, char *out)
{
	return monitor_profile_print_part(profile, true, out);
}
