/*
 * bytes.h
 *		Writing and reading the numbers of compact forms: LEB128 varints without
 *		needless bytes, words and float8 little endian.  Private to the library.
 */
#ifndef MONITOR_BYTES_H
#define MONITOR_BYTES_H

#include <string.h>

#include "profile_internal.h"

/* Where bytes go; NULL only counts them. */
typedef struct Writer
{
	unsigned char *out;
	size_t length;
} Writer;

static inline void
write_byte(Writer *writer, unsigned char byte)
{
	if (writer->out != NULL)
		writer->out[writer->length] = byte;
	writer->length++;
}

static inline void
write_bytes(Writer *writer, const void *bytes, size_t length)
{
	if (writer->out != NULL)
		memcpy(writer->out + writer->length, bytes, length);
	writer->length += length;
}

static inline void
write_varint(Writer *writer, monitor_uint128 value)
{
	while (value >= 0x80)
	{
		write_byte(writer, (unsigned char) (value | 0x80));
		value >>= 7;
	}
	write_byte(writer, (unsigned char) value);
}

/* The varint of a number that is not negative. */
static inline void
write_count(Writer *writer, int64_t count)
{
	uint64_t value = (uint64_t) count;

	while (value >= 0x80)
	{
		write_byte(writer, (unsigned char) (value | 0x80));
		value >>= 7;
	}
	write_byte(writer, (unsigned char) value);
}

/* Signed numbers of small magnitude become small: 0, -1, 1, -2, ... */
static inline void
write_zigzag(Writer *writer, monitor_int128 value)
{
	write_varint(writer, (monitor_uint128) value << 1 ^ (value < 0 ? ~(monitor_uint128) 0 : 0));
}

static inline void
write_word(Writer *writer, uint64_t word)
{
	if (MONITOR_LITTLE_ENDIAN)
	{
		write_bytes(writer, &word, sizeof(word));
		return;
	}
	for (int i = 0; i < 8; i++)
		write_byte(writer, (unsigned char) (word >> (8 * i)));
}

static inline void
write_double(Writer *writer, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	write_word(writer, bits);
}

/* What is left to read.  After a failure everything reads as 0. */
typedef struct Reader
{
	const unsigned char *at;
	const unsigned char *end;
	bool failed;
} Reader;

static inline void
read_fail(Reader *reader)
{
	reader->failed = true;
	reader->at = reader->end;
}

static inline unsigned
read_byte(Reader *reader)
{
	if (reader->at == reader->end)
	{
		read_fail(reader);
		return 0;
	}
	return *reader->at++;
}

/* A varint of at most `bits` bits. */
static inline monitor_uint128
read_varint(Reader *reader, int bits)
{
	monitor_uint128 value = 0;

	for (int shift = 0;; shift += 7)
	{
		unsigned byte = read_byte(reader);
		monitor_uint128 part = byte & 0x7F;

		/* too large, or a last byte that adds nothing */
		if (shift >= bits || (bits - shift < 7 && part >> (bits - shift) != 0) ||
			(byte == 0 && shift > 0))
		{
			read_fail(reader);
			return 0;
		}
		value |= part << shift;
		if (byte < 0x80)
			return value;
	}
}

static inline void
skip_bytes(Reader *reader, size_t length)
{
	if ((size_t) (reader->end - reader->at) < length)
		read_fail(reader);
	else
		reader->at += length;
}

static inline void
skip_varint(Reader *reader)
{
	while (read_byte(reader) >= 0x80)
		;
}

/* A varint that is no count of more than `most`. */
static inline int64_t
read_count(Reader *reader, int64_t most)
{
	monitor_uint128 value;

	/* most are of one byte or two */
	if (reader->at < reader->end && *reader->at < 0x80 && *reader->at <= most)
		return *reader->at++;
	if (reader->end - reader->at >= 2 && reader->at[0] >= 0x80 && reader->at[1] > 0 &&
		reader->at[1] < 0x80 && (reader->at[0] & 0x7F) + (reader->at[1] << 7) <= most)
	{
		reader->at += 2;
		return (reader->at[-2] & 0x7F) + (reader->at[-1] << 7);
	}
	value = read_varint(reader, 63);
	if (value > (monitor_uint128) most)
	{
		read_fail(reader);
		return 0;
	}
	return (int64_t) value;
}

static inline monitor_int128
read_zigzag(Reader *reader)
{
	monitor_uint128 value = read_varint(reader, 128);

	return (monitor_int128) (value >> 1 ^ ((value & 1) != 0 ? ~(monitor_uint128) 0 : 0));
}

static inline uint64_t
read_word(Reader *reader)
{
	uint64_t word = 0;

	if (MONITOR_LITTLE_ENDIAN && reader->end - reader->at >= 8)
	{
		memcpy(&word, reader->at, sizeof(word));
		reader->at += sizeof(word);
		return word;
	}
	for (int i = 0; i < 8; i++)
		word |= (uint64_t) read_byte(reader) << (8 * i);
	return word;
}

static inline double
read_double(Reader *reader)
{
	uint64_t bits = read_word(reader);
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

#endif /* MONITOR_BYTES_H */
