/*
 * text.c
 *		What peers answered, made fit for the database: valid UTF-8, and no secret in it.
 */
#include "dispatch.h"

#include <string.h>

/* The first place of word in text, which may hold NUL; NULL: it is not there. */
static char *
find(char *text, size_t length, const char *word, size_t size)
{
	for (char *at = text; (size_t) (at - text) + size <= length; at++)
	{
		if (memcmp(at, word, size) == 0)
			return at;
	}
	return NULL;
}

/* Stars in the place of a secret, never longer than it was; the new length, at which there is NUL. */
size_t
dispatch_blank(char *text, size_t length, const char *secret)
{
	size_t size = secret ? strlen(secret) : 0;
	size_t stars = size < 3 ? size : 3;
	char *found = text;

	while (size > 0 && (found = find(found, length - (size_t) (found - text), secret, size)))
	{
		memset(found, '*', stars);
		memmove(found + stars, found + size, length - (size_t) (found - text) - size);
		length -= size - stars;
		found += stars;
	}
	text[length] = '\0';
	return length;
}

/* Bytes of the character that begins with this byte; 0: none does. */
static size_t
character_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first < 0xe0)
		return 2;
	if ((first & 0xf0) == 0xe0)
		return 3;
	return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

/* Bytes of the character at text, of which so many bytes are left; 0: it is none. */
static size_t
valid_length(const unsigned char *text, size_t left)
{
	size_t length = character_length(text[0]);
	unsigned int code;

	if (length == 0 || length > left)
		return 0;
	code = length == 1 ? text[0] : text[0] & (0xffu >> (length + 1));
	for (size_t i = 1; i < length; i++)
	{
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3fu);
	}
	/* longer than need be, a half of a pair, or beyond Unicode */
	if ((length == 3 && code < 0x800) || (length == 4 && code < 0x10000) || code > 0x10ffff ||
		(code >= 0xd800 && code < 0xe000))
		return 0;
	return length;
}

/* ? for each byte that is no text; a character that is cut at the end goes.  Ends with NUL. */
void
dispatch_clean_utf8(char *text, size_t length)
{
	unsigned char *bytes = (unsigned char *) text;
	size_t at = 0;

	while (at < length)
	{
		size_t valid = valid_length(bytes + at, length - at);

		if (valid == 0 && character_length(bytes[at]) > length - at)
			break;
		if (valid == 0 || bytes[at] == 0x7f ||
			(bytes[at] < ' ' && bytes[at] != '\n' && bytes[at] != '\t'))
			bytes[at] = bytes[at] == '\r' ? ' ' : '?';
		at += valid > 0 ? valid : 1;
	}
	bytes[at] = '\0';
}
