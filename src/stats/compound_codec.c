/*
 * compound_codec.c
 *		The compact form and the text form of compounds.
 *
 * Compact:
 *		byte	version
 *		byte	kind
 *		byte	1: the totals are known, 0: not
 *		for each part a varint length and its compact form (profile_codec.c), which
 *				embeds the anchors at most in the first
 *		varint	number of totals that are not 0; for each a varint number of
 *				totals that are 0 before it and a varint total - 1
 *
 * Text: one line of JSON, parts in their text form (profile_text.c):
 *		{"score_profile":1,"negative":{...},"positive":{...},"unlabelled":{...},
 *		"totals":{"2":"4611686018427387904"}}
 * without line ends; totals are null where not known.
 */
#include "bytes.h"
#include "compound.h"
#include "json.h"

/* ---- compact form ---- */

static void
write_totals(Writer *writer, const MonitorCompound *compound)
{
	int64_t used = 0;
	int64_t next = 0;

	for (int64_t i = 0; i < compound->num_totals; i++)
		used += monitor_compound_total(compound, i) != 0;
	write_varint(writer, (monitor_uint128) used);
	for (int64_t i = 0; i < compound->num_totals; i++)
	{
		monitor_int128 total = monitor_compound_total(compound, i);

		if (total == 0)
			continue;
		write_varint(writer, (monitor_uint128) (i - next));
		write_varint(writer, (monitor_uint128) (total - 1));
		next = i + 1;
	}
}

static void
write_compound(Writer *writer, const MonitorCompound *compound, bool with_anchors)
{
	write_byte(writer, MONITOR_COMPOUND_VERSION);
	write_byte(writer, compound->kind);
	write_byte(writer, compound->has_totals);
	for (int i = 0; i < monitor_compound_parts(compound->kind); i++)
	{
		const MonitorProfile *part = monitor_compound_part_const(compound, i);
		bool embed = with_anchors && i == 0;
		size_t length = monitor_profile_encode_size(part, embed);

		write_varint(writer, length);
		if (writer->out != NULL)
			monitor_profile_encode(part, embed, writer->out + writer->length);
		writer->length += length;
	}
	write_totals(writer, compound);
}

size_t
monitor_compound_encode_size(const MonitorCompound *compound, bool with_anchors)
{
	Writer writer = {NULL, 0};

	write_compound(&writer, compound, with_anchors);
	return writer.length;
}

size_t
monitor_compound_encode(const MonitorCompound *compound, bool with_anchors, unsigned char *out)
{
	Writer writer = {out, 0};

	write_compound(&writer, compound, with_anchors);
	return writer.length;
}

/* Where the parts stand, and the layout of what they decode to. */
typedef struct CompactParts
{
	const unsigned char *start[MONITOR_COMPOUND_PARTS];
	size_t length[MONITOR_COMPOUND_PARTS];
	MonitorCompound head;
} CompactParts;

/* The number of anchors or classes that the head of a part says. */
static int64_t
peek_k(const unsigned char *bytes, size_t length)
{
	Reader reader = {bytes, bytes + length, false};

	read_byte(&reader);
	read_byte(&reader);
	return read_count(&reader, MONITOR_MAX_ANCHORS);
}

static bool
read_head(Reader *reader, MonitorCompoundKind kind, CompactParts *parts)
{
	size_t sizes[MONITOR_COMPOUND_PARTS] = {0};
	int64_t num_totals;
	unsigned has_totals;

	if (read_byte(reader) != MONITOR_COMPOUND_VERSION || read_byte(reader) != (unsigned) kind)
		return false;
	has_totals = read_byte(reader);
	if (has_totals > 1)
		return false;
	for (int i = 0; i < monitor_compound_parts(kind); i++)
	{
		parts->length[i] = (size_t) read_count(reader, INT32_MAX);
		parts->start[i] = reader->at;
		if (reader->failed || parts->length[i] > (size_t) (reader->end - reader->at) ||
			monitor_profile_decode_size(parts->start[i], parts->length[i], &sizes[i]) != MONITOR_OK)
			return false;
		reader->at += parts->length[i];
	}
	num_totals = monitor_compound_count_totals(kind, peek_k(parts->start[0], parts->length[0]));
	if (num_totals < 0)
		return false;
	monitor_compound_layout(&parts->head, kind, num_totals, sizes);
	parts->head.has_totals = (uint8_t) has_totals;
	return true;
}

static void
read_totals(Reader *reader, MonitorCompound *compound)
{
	int64_t used = read_count(reader, compound->num_totals);
	int64_t next = 0;

	for (int64_t i = 0; i < used && !reader->failed; i++)
	{
		monitor_uint128 total;

		next += read_count(reader, compound->num_totals);
		total = read_varint(reader, 127);
		if (next >= compound->num_totals || total >= (monitor_uint128) MONITOR_INT128_MAX)
		{
			read_fail(reader);
			return;
		}
		monitor_int128_store((uint64_t *) (compound + 1) + 2 * next, (monitor_int128) total + 1);
		next++;
	}
}

MonitorStatus
monitor_compound_decode_size(const unsigned char *bytes, size_t length, MonitorCompoundKind kind,
							 size_t *size)
{
	Reader reader = {bytes, bytes + length, false};
	CompactParts parts;

	if (!read_head(&reader, kind, &parts))
		return MONITOR_CORRUPT;
	*size = parts.head.size;
	return MONITOR_OK;
}

MonitorStatus
monitor_compound_decode(const unsigned char *bytes, size_t length, MonitorCompoundKind kind,
						MonitorCompound *compound, size_t size)
{
	Reader reader = {bytes, bytes + length, false};
	CompactParts parts;

	if (!read_head(&reader, kind, &parts))
		return MONITOR_CORRUPT;
	if (size < parts.head.size)
		return MONITOR_NO_SPACE;
	memset(compound, 0, parts.head.size);
	*compound = parts.head;
	for (int i = 0; i < monitor_compound_parts(kind); i++)
	{
		MonitorProfile *part = monitor_compound_part(compound, i);

		if (monitor_profile_decode(parts.start[i], parts.length[i], part,
								   size - compound->part[i]) != MONITOR_OK ||
			(i > 0 && part->has_anchors))
			return MONITOR_CORRUPT;
	}
	read_totals(&reader, compound);
	if (reader.failed || reader.at != reader.end || !monitor_compound_consistent(compound))
		return MONITOR_CORRUPT;
	return MONITOR_OK;
}

/* ---- text form ---- */

size_t
monitor_compound_text_bound(const MonitorCompound *compound)
{
	size_t bound = 256;

	for (int i = 0; i < monitor_compound_parts(compound->kind); i++)
		bound += monitor_profile_text_bound(monitor_compound_part_const(compound, i));
	for (int64_t i = 0; i < compound->num_totals; i++)
		bound += monitor_compound_total(compound, i) != 0 ? 2 * INTEGER_LEN : 0;
	return bound;
}

static char *
put_totals(char *out, const MonitorCompound *compound)
{
	const char *separator = "\"";

	if (!compound->has_totals)
		return put_text(out, "null");
	out = put_text(out, "{");
	for (int64_t i = 0; i < compound->num_totals; i++)
	{
		monitor_int128 total = monitor_compound_total(compound, i);

		if (total == 0)
			continue;
		out = put_integer(put_text(out, separator), i);
		out = put_integer(put_text(out, "\":\""), total);
		out = put_text(out, "\"");
		separator = ",\"";
	}
	return put_text(out, "}");
}

size_t
monitor_compound_print(const MonitorCompound *compound, char *out)
{
	const char *start = out;

	out = put_text(put_text(out, "{\""), monitor_compound_name(compound->kind));
	out = put_text(out, "\":1");
	for (int i = 0; i < monitor_compound_parts(compound->kind); i++)
	{
		out = put_text(put_text(out, ",\""), monitor_compound_part_name(compound->kind, i));
		out = put_text(out, "\":");
		out += monitor_profile_print_part(monitor_compound_part_const(compound, i), i == 0, out);
	}
	out = put_totals(put_text(out, ",\"totals\":"), compound);
	out = put_text(out, "}");
	return (size_t) (out - start);
}

/* Step over an object of JSON; where it ends is all that is looked at. */
static void
skip_object(Cursor *cursor)
{
	int depth = 0;
	bool in_string = false;

	do
	{
		char byte;

		if (cursor->at == cursor->end)
		{
			cursor_fail(cursor);
			return;
		}
		byte = *cursor->at++;
		if (in_string && byte == '\\' && cursor->at < cursor->end)
			cursor->at++;
		else if (byte == '"')
			in_string = !in_string;
		else if (!in_string)
			depth += byte == '{' ? 1 : byte == '}' ? -1 : 0;
	} while (depth > 0);
}

/* Where the parts stand, and the layout of what they may need. */
typedef struct TextParts
{
	const char *start[MONITOR_COMPOUND_PARTS];
	size_t length[MONITOR_COMPOUND_PARTS];
	size_t size[MONITOR_COMPOUND_PARTS];
} TextParts;

/* The number of anchors or classes that a part says; -1 if it says none. */
static int64_t
peek_text_k(const char *text, size_t length)
{
	Cursor cursor = {text, text + length, false};

	expect(&cursor, "{\"profile\":1,\"kind\":");
	if (!take(&cursor, "\"categorical\""))
		expect(&cursor, "\"numeric\"");
	expect(&cursor, ",\"id\":\"");
	for (int i = 0; i < 32 && cursor.at < cursor.end; i++)
		cursor.at++;
	expect(&cursor, "\",\"k\":");
	return cursor.failed ? -1 : parse_count(&cursor, MONITOR_MAX_ANCHORS);
}

static bool
parse_head(Cursor *cursor, MonitorCompoundKind kind, TextParts *parts)
{
	expect(cursor, "{\"");
	expect(cursor, monitor_compound_name(kind));
	expect(cursor, "\":1");
	memset(parts, 0, sizeof(*parts));
	for (int i = 0; i < monitor_compound_parts(kind); i++)
	{
		expect(cursor, ",\"");
		expect(cursor, monitor_compound_part_name(kind, i));
		expect(cursor, "\":");
		parts->start[i] = cursor->at;
		skip_object(cursor);
		if (cursor->failed)
			return false;
		parts->length[i] = (size_t) (cursor->at - parts->start[i]);
		if (monitor_profile_parse_size(parts->start[i], parts->length[i], &parts->size[i]) !=
			MONITOR_OK)
			return false;
	}
	return true;
}

static void
parse_totals(Cursor *cursor, MonitorCompound *compound)
{
	int64_t previous = -1;

	expect(cursor, ",\"totals\":");
	compound->has_totals = !take(cursor, "null");
	if (!compound->has_totals)
		return;
	expect(cursor, "{");
	while (!cursor->failed && !take(cursor, "}"))
	{
		monitor_int128 total;
		int64_t i;

		expect(cursor, previous < 0 ? "\"" : ",\"");
		i = parse_count(cursor, compound->num_totals - 1);
		expect(cursor, "\":\"");
		total = parse_integer(cursor, MONITOR_INT128_MAX);
		expect(cursor, "\"");
		if (i <= previous || total <= 0)
			cursor_fail(cursor);
		if (cursor->failed)
			return;
		monitor_int128_store((uint64_t *) (compound + 1) + 2 * i, total);
		previous = i;
	}
}

MonitorStatus
monitor_compound_parse_size(const char *text, size_t length, MonitorCompoundKind kind, size_t *size)
{
	Cursor cursor = {text, text + length, false};
	MonitorCompound head;
	TextParts parts;
	int64_t num_totals;
	int64_t k;

	if (length > INT32_MAX || !parse_head(&cursor, kind, &parts))
		return MONITOR_CORRUPT;
	k = peek_text_k(parts.start[0], parts.length[0]);
	num_totals = k < 0 ? -1 : monitor_compound_count_totals(kind, k);
	if (num_totals < 0)
		return MONITOR_CORRUPT;
	*size = monitor_compound_layout(&head, kind, num_totals, parts.size);
	return MONITOR_OK;
}

/*
 * The parts are parsed where their bounds would put them; each then moves down
 * to where its real size puts it.
 */
MonitorStatus
monitor_compound_parse(const char *text, size_t length, MonitorCompoundKind kind,
					   MonitorCompound *compound, size_t size)
{
	Cursor cursor = {text, text + length, false};
	TextParts parts;
	MonitorCompound head;
	int64_t num_totals;

	if (length > INT32_MAX || !parse_head(&cursor, kind, &parts))
		return MONITOR_CORRUPT;
	num_totals = monitor_compound_count_totals(kind, peek_text_k(parts.start[0], parts.length[0]));
	if (num_totals < 0)
		return MONITOR_CORRUPT;
	if (size < monitor_compound_layout(&head, kind, num_totals, parts.size))
		return MONITOR_NO_SPACE;
	memset(compound, 0, head.size);
	*compound = head;
	for (int i = 0; i < monitor_compound_parts(kind); i++)
	{
		MonitorProfile *part = monitor_compound_part(compound, i);

		if (monitor_profile_parse(parts.start[i], parts.length[i], part, parts.size[i]) !=
				MONITOR_OK ||
			(i > 0 && part->has_anchors))
			return MONITOR_CORRUPT;
		parts.size[i] = monitor_profile_size(part);
	}
	monitor_compound_layout(compound, kind, num_totals, parts.size);
	for (int i = 1; i < monitor_compound_parts(kind); i++)
		memmove(monitor_compound_part(compound, i), (char *) compound + head.part[i],
				parts.size[i]);
	parse_totals(&cursor, compound);
	expect(&cursor, "}");
	if (cursor.failed || cursor.at != cursor.end || !monitor_compound_consistent(compound))
		return MONITOR_CORRUPT;
	return MONITOR_OK;
}
