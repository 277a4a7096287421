/*
 * json.h
 *		Printing and strictly parsing the parts of text forms.  Private to the
 *		library.
 */
#ifndef MONITOR_JSON_H
#define MONITOR_JSON_H

#include <string.h>

#include "profile_internal.h"

/* Longest text of a whole number, with what stands around it. */
#define INTEGER_LEN 48

static inline char *
put_text(char *out, const char *text)
{
	size_t length = strlen(text);

	memcpy(out, text, length);
	return out + length;
}

static inline char *
put_integer(char *out, monitor_int128 value)
{
	char digits[INTEGER_LEN];
	char *start = digits + sizeof(digits);
	monitor_uint128 rest = monitor_int128_magnitude(value);

	*--start = '\0';
	do
	{
		*--start = (char) ('0' + (int) (rest % 10));
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		*--start = '-';
	return put_text(out, start);
}

/* What is left to read.  After a failure nothing matches any more. */
typedef struct Cursor
{
	const char *at;
	const char *end;
	bool failed;
} Cursor;

static inline void
cursor_fail(Cursor *cursor)
{
	cursor->failed = true;
	cursor->at = cursor->end;
}

/* Whether the text goes on with this; then step over it. */
static inline bool
take(Cursor *cursor, const char *text)
{
	size_t length = strlen(text);

	if (cursor->failed || (size_t) (cursor->end - cursor->at) < length ||
		memcmp(cursor->at, text, length) != 0)
		return false;
	cursor->at += length;
	return true;
}

static inline void
expect(Cursor *cursor, const char *text)
{
	if (!take(cursor, text))
		cursor_fail(cursor);
}

static inline bool
at_digit(const Cursor *cursor)
{
	return cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9';
}

/* A decimal number of magnitude at most `most`, without needless zeros or signs. */
static inline monitor_int128
parse_integer(Cursor *cursor, monitor_int128 most)
{
	bool negative = take(cursor, "-");
	const char *start = cursor->at;
	monitor_int128 value = 0;

	while (at_digit(cursor))
	{
		int digit = *cursor->at - '0';

		if (digit > most || value > (most - digit) / 10)
		{
			cursor_fail(cursor);
			return 0;
		}
		value = 10 * value + digit;
		cursor->at++;
	}
	if (cursor->at == start || (*start == '0' && (negative || cursor->at - start > 1)))
	{
		cursor_fail(cursor);
		return 0;
	}
	return negative ? -value : value;
}

static inline int64_t
parse_count(Cursor *cursor, int64_t most)
{
	monitor_int128 value = parse_integer(cursor, most);

	if (value < 0)
		cursor_fail(cursor);
	return value < 0 ? 0 : (int64_t) value;
}

#endif /* MONITOR_JSON_H */
