/*
 * mime_encode.c
 *		Headers (RFC 5322, RFC 2047), quoted-printable and base64 (RFC 2045).
 *
 * What users named gets into headers: a line break in a value would begin a header of its
 * own, so there is none that comes out of here but the folding that is written here.
 */
#include "mime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

/* Bytes of an encoded word: 75 characters less =?UTF-8?B??=, four for three. */
#define WORD_BYTES		  45
#define QP_LINE			  72
#define ENCODED_FRAME	  12
#define ENCODED_LINE	  76
#define BASE64_LINE_BYTES 57
#define MAX_ADDRESS		  320

void
dispatch_append(Buffer *buffer, const char *bytes, size_t size)
{
	if (buffer->failed)
		return;
	if (buffer->size + size + 1 > buffer->room)
	{
		size_t room = 2 * (buffer->size + size) + 1024;
		char *larger = realloc(buffer->text, room);

		if (larger == NULL)
		{
			buffer->failed = true;
			return;
		}
		buffer->text = larger;
		buffer->room = room;
	}
	memcpy(buffer->text + buffer->size, bytes, size);
	buffer->size += size;
	buffer->text[buffer->size] = '\0';
}

void
dispatch_append_text(Buffer *buffer, const char *text)
{
	dispatch_append(buffer, text, strlen(text));
}

static bool
is_plain(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
	{
		if ((unsigned char) text[i] < ' ' || (unsigned char) text[i] > '~')
			return false;
	}
	return true;
}

/* As it is; a fold before a blank that would make the line longer than it should be. */
static void
append_plain(Buffer *out, const char *text, size_t length, size_t *column)
{
	size_t at = 0;

	while (at < length)
	{
		size_t word = 1;

		while (at + word < length && text[at + word] != ' ')
			word++;
		if (text[at] == ' ' && word > 1 && *column + word > 76)
		{
			dispatch_append_text(out, "\r\n");
			*column = 0;
		}
		dispatch_append(out, text + at, word);
		*column += word;
		at += word;
	}
}

/* Bytes of the next encoded word: whole characters. */
static size_t
word_length(const char *text, size_t left)
{
	size_t length = left < WORD_BYTES ? left : WORD_BYTES;

	while (length > 1 && length < left && ((unsigned char) text[length] & 0xC0) == 0x80)
		length--;
	return length;
}

/* As encoded words, each on a line of its own; control characters become blanks. */
static void
append_words(Buffer *out, const char *text, size_t length, size_t *column)
{
	bool first = true;

	while (length > 0)
	{
		size_t n = word_length(text, length);
		unsigned char clean[WORD_BYTES];
		char word[WORD_BYTES * 2];

		for (size_t i = 0; i < n; i++)
			clean[i] = (unsigned char) text[i] < ' ' || text[i] == 0x7f ? ' '
																		: (unsigned char) text[i];
		EVP_EncodeBlock((unsigned char *) word, clean, (int) n);
		if (!first || *column + strlen(word) + ENCODED_FRAME > ENCODED_LINE)
		{
			dispatch_append_text(out, "\r\n ");
			*column = 1;
		}
		dispatch_append_text(out, "=?UTF-8?B?");
		dispatch_append_text(out, word);
		dispatch_append_text(out, "?=");
		*column += strlen(word) + ENCODED_FRAME;
		first = false;
		text += n;
		length -= n;
	}
}

/* A text that looks like an encoded word is none: it is encoded. */
static void
append_value(Buffer *out, const char *text, size_t length, size_t *column)
{
	bool looks_encoded = false;

	for (size_t i = 0; i + 1 < length; i++)
		looks_encoded = looks_encoded || (text[i] == '=' && text[i + 1] == '?');
	if (is_plain(text, length) && !looks_encoded)
		append_plain(out, text, length, column);
	else
		append_words(out, text, length, column);
}

/* One header; nothing where the value is NULL. */
void
dispatch_header(Buffer *out, const char *name, const char *value)
{
	size_t column = strlen(name) + 2;

	if (value == NULL)
		return;
	dispatch_append_text(out, name);
	dispatch_append_text(out, ": ");
	append_value(out, value, strlen(value), &column);
	dispatch_append_text(out, "\r\n");
}

/* An address alone may hold no blank and no control character. */
static bool
address_valid(const char *address, size_t length)
{
	bool has_at = false;

	for (size_t i = 0; i < length; i++)
	{
		if (strchr("<>,;:\\\"()[]", address[i]) != NULL || (unsigned char) address[i] <= ' ' ||
			address[i] == 0x7f)
			return false;
		has_at = has_at || address[i] == '@';
	}
	return has_at && length < MAX_ADDRESS;
}

/*
 * The address alone of `name@host' or `A name <name@host>'; false: it is neither.
 */
bool
dispatch_bare_address(const char *address, char *bare, size_t size)
{
	const char *open = strrchr(address, '<');
	const char *start = open ? open + 1 : address;
	size_t length = open ? strcspn(start, ">") : strlen(start);

	if (open && strcmp(start + length, ">") != 0)
		return false;
	if (length >= size || !address_valid(start, length))
		return false;
	memcpy(bare, start, length);
	bare[length] = '\0';
	return true;
}

static void
append_address(Buffer *out, const char *address, size_t *column)
{
	char bare[MAX_ADDRESS];
	const char *open = strrchr(address, '<');
	size_t name = open ? (size_t) (open - address) : 0;

	if (!dispatch_bare_address(address, bare, sizeof(bare)))
		return;
	while (name > 0 && (address[name - 1] == ' ' || address[name - 1] == '"'))
		name--;
	while (name > 0 && (*address == ' ' || *address == '"'))
	{
		address++;
		name--;
	}
	if (name > 0)
	{
		/* an encoded word needs no quotes, whatever is in it */
		append_words(out, address, name, column);
		dispatch_append_text(out, "\r\n <");
		*column = 2;
	}
	dispatch_append_text(out, bare);
	*column += strlen(bare);
	if (name > 0)
		dispatch_append_text(out, ">");
}

/* A header of addresses, given one a line. */
void
dispatch_address_header(Buffer *out, const char *name, const char *addresses)
{
	char *copy = strdup(addresses);
	char *rest = NULL;
	size_t column = strlen(name) + 2;
	bool first = true;

	dispatch_append_text(out, name);
	dispatch_append_text(out, ": ");
	for (char *one = copy ? strtok_r(copy, "\r\n", &rest) : NULL; one;
		 one = strtok_r(NULL, "\r\n", &rest))
	{
		if (!first)
		{
			dispatch_append_text(out, ",\r\n ");
			column = 1;
		}
		append_address(out, one, &column);
		first = false;
	}
	dispatch_append_text(out, "\r\n");
	out->failed = out->failed || copy == NULL;
	free(copy);
}

/* A byte of text; blanks at the end of a line are written out, and so is a dot at its start. */
static void
append_qp_byte(Buffer *out, const char *at, size_t *column)
{
	unsigned char byte = (unsigned char) *at;
	bool ends_line = at[1] == '\0' || at[1] == '\n' || (at[1] == '\r' && at[2] == '\n');
	bool literal = (byte > ' ' && byte <= '~' && byte != '=') ||
		((byte == ' ' || byte == '\t') && !ends_line);
	char code[4];

	if (*column + 3 > QP_LINE)
	{
		dispatch_append_text(out, "=\r\n");
		*column = 0;
	}
	if (literal && !(byte == '.' && *column == 0))
	{
		dispatch_append(out, at, 1);
		*column += 1;
		return;
	}
	snprintf(code, sizeof(code), "=%02X", byte);
	dispatch_append(out, code, 3);
	*column += 3;
}

void
dispatch_quoted_printable(Buffer *out, const char *text)
{
	size_t column = 0;

	for (const char *at = text; *at; at++)
	{
		if (*at == '\r' && at[1] == '\n')
			continue;
		if (*at == '\n')
		{
			dispatch_append_text(out, "\r\n");
			column = 0;
		}
		else
			append_qp_byte(out, at, &column);
	}
	dispatch_append_text(out, "\r\n");
}

void
dispatch_base64_lines(Buffer *out, const unsigned char *bytes, size_t size)
{
	for (size_t at = 0; at < size; at += BASE64_LINE_BYTES)
	{
		size_t n = size - at < BASE64_LINE_BYTES ? size - at : BASE64_LINE_BYTES;
		char line[BASE64_LINE_BYTES * 2];

		EVP_EncodeBlock((unsigned char *) line, bytes + at, (int) n);
		dispatch_append_text(out, line);
		dispatch_append_text(out, "\r\n");
	}
}
