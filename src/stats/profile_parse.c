/*
 * profile_parse.c
 *		Reading the text form of profiles (profile_text.c), strictly.
 */
#include <stdlib.h>

#include "json.h"
#include "profile_internal.h"

/* A number as the printer prints it: checked by printing it again. */
static double
parse_double(Cursor *cursor)
{
	char text[MONITOR_DOUBLE_LEN];
	char again[MONITOR_DOUBLE_LEN];
	size_t length = 0;
	double value;

	if (take(cursor, "\"Infinity\""))
		return INFINITY;
	if (take(cursor, "\"-Infinity\""))
		return -INFINITY;
	while (length + 1 < sizeof(text) && cursor->at < cursor->end && *cursor->at != '\0' &&
		   strchr("+-.0123456789e", *cursor->at) != NULL)
		text[length++] = *cursor->at++;
	text[length] = '\0';
	value = strtod(text, NULL);
	monitor_format_double(again, value);
	if (strcmp(text, again) != 0 || (value == 0 && signbit(value)))
	{
		cursor_fail(cursor);
		return 0;
	}
	return value;
}

static int
hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static uint64_t
parse_word(Cursor *cursor)
{
	uint64_t word = 0;

	for (int i = 0; i < 16; i++)
	{
		int digit = cursor->at < cursor->end ? hex_value(*cursor->at) : -1;

		if (digit < 0)
		{
			cursor_fail(cursor);
			return 0;
		}
		word = word << 4 | (unsigned) digit;
		cursor->at++;
	}
	return word;
}

/* The byte that an escape stands for, after the backslash. */
static unsigned char
parse_escape(Cursor *cursor)
{
	static const char letters[] = "bfnrt\"\\";
	static const char bytes[] = "\b\f\n\r\t\"\\";
	unsigned char byte = 0;

	for (int i = 0; letters[i] != '\0'; i++)
	{
		const char letter[2] = {letters[i], '\0'};

		if (take(cursor, letter))
			return (unsigned char) bytes[i];
	}
	expect(cursor, "u00");
	for (int i = 0; i < 2; i++)
	{
		int digit = cursor->at < cursor->end ? hex_value(*cursor->at) : -1;

		if (digit < 0)
		{
			cursor_fail(cursor);
			return 0;
		}
		byte = (unsigned char) (byte << 4 | digit);
		cursor->at++;
	}
	/* only for what needs it, which NUL is not */
	if (byte == 0 || monitor_json_escape(byte) != 'u')
		cursor_fail(cursor);
	return byte;
}

/* A string's bytes, as many as fit in `room`; their number. */
static uint32_t
parse_string(Cursor *cursor, char *out, size_t room)
{
	uint32_t length = 0;

	expect(cursor, "\"");
	while (!cursor->failed && !take(cursor, "\""))
	{
		unsigned char byte;

		if (cursor->at == cursor->end || length >= room)
		{
			cursor_fail(cursor);
			return 0;
		}
		byte = (unsigned char) *cursor->at++;
		if (byte == '\\')
			byte = parse_escape(cursor);
		else if (monitor_json_escape(byte) != 0)
			cursor_fail(cursor);
		out[length++] = (char) byte;
	}
	return length;
}

/* Everything up to `missing`, whose rows are not known before `nan` and the counts. */
static bool
parse_head(Cursor *cursor, MonitorProfile *profile, int64_t *rows)
{
	memset(profile, 0, sizeof(*profile));
	profile->form = MONITOR_PROFILE_WORKING;
	profile->has_anchors = 1;
	profile->has_sums = 1;
	expect(cursor, "{\"profile\":1,\"kind\":");
	profile->categorical = take(cursor, "\"categorical\"");
	if (!profile->categorical)
		expect(cursor, "\"numeric\"");
	expect(cursor, ",\"id\":\"");
	profile->id[0] = parse_word(cursor);
	profile->id[1] = parse_word(cursor);
	expect(cursor, "\",\"k\":");
	profile->k =
		parse_count(cursor, profile->categorical ? MONITOR_MAX_CATEGORIES : MONITOR_MAX_ANCHORS);
	if (profile->categorical)
		profile->hash_bits = monitor_profile_hash_bits(profile->k);
	expect(cursor, ",\"rows\":");
	*rows = parse_count(cursor, MONITOR_PROFILE_MAX_ROWS);
	expect(cursor, ",\"missing\":");
	profile->missing = parse_count(cursor, MONITOR_PROFILE_MAX_ROWS);
	return !cursor->failed;
}

static void
parse_numbers(Cursor *cursor, MonitorProfile *profile)
{
	expect(cursor, ",\"nan\":");
	profile->nan = parse_count(cursor, MONITOR_PROFILE_MAX_ROWS);
	expect(cursor, ",\"zeros\":");
	profile->zeros = parse_count(cursor, MONITOR_PROFILE_MAX_ROWS);
	expect(cursor, ",\"infinities\":[");
	profile->negative_infinities = parse_count(cursor, MONITOR_PROFILE_MAX_ROWS);
	expect(cursor, ",");
	profile->positive_infinities = parse_count(cursor, MONITOR_PROFILE_MAX_ROWS);
	expect(cursor, "],\"outliers\":");
	profile->outliers = parse_count(cursor, MONITOR_PROFILE_MAX_ROWS);
	expect(cursor, ",\"range\":");
	profile->has_range = !take(cursor, "null");
	if (profile->has_range)
	{
		expect(cursor, "[");
		profile->minimum = parse_double(cursor);
		expect(cursor, ",");
		profile->maximum = parse_double(cursor);
		expect(cursor, "]");
	}
	expect(cursor, ",\"center\":");
	profile->center = parse_double(cursor);
	expect(cursor, ",\"unit\":");
	profile->unit = (int32_t) parse_integer(cursor, INT16_MAX);
	expect(cursor, ",\"sums\":");
	profile->has_sums = !take(cursor, "null");
	if (!profile->has_sums)
		return;
	expect(cursor, "[\"");
	monitor_int128_store(profile->sum, parse_integer(cursor, MONITOR_INT128_MAX));
	expect(cursor, "\",\"");
	monitor_int128_store(profile->sum_squares, parse_integer(cursor, MONITOR_INT128_MAX));
	expect(cursor, "\"]");
}

static void
parse_anchors(Cursor *cursor, MonitorProfile *profile)
{
	double *anchors = monitor_profile_anchor_space(profile);

	for (int64_t i = 0; i < profile->k && !cursor->failed; i++)
	{
		MONITOR_POLL(i);
		if (i > 0)
			expect(cursor, ",");
		anchors[i] = parse_double(cursor);
		if (i > 0 && !(anchors[i - 1] < anchors[i]))
			cursor_fail(cursor);
	}
}

static void
parse_categories(Cursor *cursor, MonitorProfile *profile, size_t room)
{
	uint32_t *ends = monitor_profile_end_space(profile);
	char *dictionary = monitor_profile_dictionary_space(profile);
	uint32_t end = 0;

	for (int64_t i = 0; i < profile->k && !cursor->failed; i++)
	{
		MONITOR_POLL(i);
		if (i > 0)
			expect(cursor, ",");
		end += parse_string(cursor, dictionary + end, room - end);
		ends[i] = end;
	}
	profile->dictionary_bytes = (int32_t) end;
}

static void
parse_counts(Cursor *cursor, MonitorProfile *profile)
{
	int64_t *counts = monitor_profile_counts(profile);
	int64_t last_slot = monitor_profile_slots(profile) - 1;
	int64_t previous = -1;

	expect(cursor, ",\"counts\":{");
	while (!cursor->failed && !take(cursor, "}"))
	{
		int64_t slot;

		expect(cursor, previous < 0 ? "\"" : ",\"");
		slot = parse_count(cursor, last_slot);
		expect(cursor, "\":");
		if (slot <= previous)
			cursor_fail(cursor);
		counts[slot] = parse_count(cursor, profile->n);
		if (counts[slot] == 0)
			cursor_fail(cursor);
		previous = slot;
	}
	expect(cursor, "}");
}

/* The largest working form that a text of this length can need, given its head. */
static size_t
size_bound(const MonitorProfile *head, size_t length)
{
	return head->categorical ? monitor_profile_size_categorical(head->k, length)
							 : monitor_profile_size_numeric(head->k, 0);
}

MonitorStatus
monitor_profile_parse_size(const char *text, size_t length, size_t *size)
{
	Cursor cursor = {text, text + length, false};
	MonitorProfile head;
	int64_t rows;

	if (length > INT32_MAX || !parse_head(&cursor, &head, &rows))
		return MONITOR_CORRUPT;
	*size = size_bound(&head, length);
	return MONITOR_OK;
}

/* The id of what was parsed is right; detached, it cannot be told. */
static bool
check_id(const MonitorProfile *profile)
{
	uint64_t id[2];

	if (!profile->has_anchors)
		return true;
	monitor_profile_hash(profile, id);
	return id[0] == profile->id[0] && id[1] == profile->id[1];
}

MonitorStatus
monitor_profile_parse(const char *text, size_t length, MonitorProfile *profile, size_t size)
{
	Cursor cursor = {text, text + length, false};
	MonitorProfile head;
	int64_t rows;

	if (length > INT32_MAX || !parse_head(&cursor, &head, &rows))
		return MONITOR_CORRUPT;
	if (size < size_bound(&head, length))
		return MONITOR_NO_SPACE;
	if (head.categorical)
	{
		head.has_other = take(&cursor, ",\"other\":true");
		if (!head.has_other)
			expect(&cursor, ",\"other\":false");
	}
	else
		parse_numbers(&cursor, &head);
	head.n = rows - head.missing - head.nan;
	if (cursor.failed || head.n < 0)
		return MONITOR_CORRUPT;
	expect(&cursor, head.categorical ? ",\"categories\":" : ",\"anchors\":");
	head.has_anchors = !take(&cursor, "null");
	if (!head.has_anchors)
		head.hash_bits = 0;
	memset(profile, 0, size_bound(&head, length));
	*profile = head;
	if (head.has_anchors)
	{
		expect(&cursor, "[");
		if (head.categorical)
			parse_categories(&cursor, profile, length);
		else
			parse_anchors(&cursor, profile);
		expect(&cursor, "]");
	}
	parse_counts(&cursor, profile);
	if (cursor.failed || cursor.at != cursor.end)
		return MONITOR_CORRUPT;
	if (head.categorical && head.has_anchors && !monitor_profile_index(profile))
		return MONITOR_CORRUPT;
	return monitor_profile_consistent(profile) && check_id(profile) ? MONITOR_OK : MONITOR_CORRUPT;
}
