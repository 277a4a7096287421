/*
 * text.c
 *		Growing texts, UTF-8, and blanking of secrets.
 */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

void *
dispatch_allocate(size_t size)
{
	void *memory = calloc(1, size > 0 ? size : 1);

	if (memory == NULL)
	{
		fputs("monitor-dispatch: out of memory\n", stderr);
		abort();
	}
	return memory;
}

char *
dispatch_copy(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(dispatch_allocate(size), text, size);
}

void
dispatch_forget(char *secret)
{
	if (secret)
		OPENSSL_cleanse(secret, strlen(secret));
	free(secret);
}

/* realloc would leave a copy behind */
static void
reserve(DispatchText *text, size_t more)
{
	size_t capacity = text->capacity > 0 ? text->capacity : 128;
	char *data;

	if (text->length + more + 1 <= text->capacity)
		return;
	while (capacity < text->length + more + 1)
		capacity *= 2;
	data = dispatch_allocate(capacity);
	if (text->data)
	{
		memcpy(data, text->data, text->length + 1);
		OPENSSL_cleanse(text->data, text->capacity);
		free(text->data);
	}
	text->data = data;
	text->capacity = capacity;
}

void
dispatch_append(DispatchText *text, const void *data, size_t length)
{
	reserve(text, length);
	if (length > 0)
		memcpy(text->data + text->length, data, length);
	text->length += length;
	text->data[text->length] = '\0';
}

void
dispatch_append_text(DispatchText *text, const char *more)
{
	dispatch_append(text, more, strlen(more));
}

void
dispatch_append_format(DispatchText *text, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0)
		return;
	reserve(text, (size_t) length);
	va_start(args, format);
	vsnprintf(text->data + text->length, (size_t) length + 1, format, args);
	va_end(args);
	text->length += (size_t) length;
}

const char *
dispatch_chars(const DispatchText *text)
{
	return text->data ? text->data : "";
}

void
dispatch_clear(DispatchText *text)
{
	if (text->data)
		OPENSSL_cleanse(text->data, text->capacity);
	free(text->data);
	*text = (DispatchText){0};
}

/* Bytes that a character beginning with this byte has, and the bits of the byte; 0: none does. */
static size_t
announced_length(unsigned char first, unsigned int *bits)
{
	*bits = first;
	if (first < 0x80)
		return 1;
	*bits = first & 0x1f;
	if (first >= 0xc2 && first < 0xe0)
		return 2;
	*bits = first & 0x0f;
	if ((first & 0xf0) == 0xe0)
		return 3;
	*bits = first & 0x07;
	return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

size_t
dispatch_utf8_length(const char *text, size_t length)
{
	const unsigned char *bytes = (const unsigned char *) text;
	unsigned int code;
	size_t n = length > 0 ? announced_length(bytes[0], &code) : 0;

	if (n == 0 || n > length)
		return 0;
	for (size_t i = 1; i < n; i++)
	{
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (bytes[i] & 0x3fu);
	}
	if ((n == 3 && code < 0x800) || (n == 4 && (code < 0x10000 || code > 0x10ffff)) ||
		(code >= 0xd800 && code <= 0xdfff))
		return 0;
	return n;
}

void
dispatch_append_utf8(DispatchText *text, const char *data, size_t length)
{
	size_t at = 0;

	while (at < length)
	{
		unsigned int bits;
		size_t n = dispatch_utf8_length(data + at, length - at);

		if (n > 0 && data[at] != '\0')
			dispatch_append(text, data + at, n);
		else if (n == 0 && announced_length((unsigned char) data[at], &bits) > length - at)
			return;
		else
			dispatch_append_text(text, "\xef\xbf\xbd");
		at += n > 0 ? n : 1;
	}
}

void
dispatch_blank(DispatchText *text, const char *secret)
{
	DispatchText blanked = {0};
	size_t length = strlen(secret);
	const char *rest = dispatch_chars(text);
	const char *found;

	if (length == 0 || strstr(rest, secret) == NULL)
		return;
	for (; (found = strstr(rest, secret)) != NULL; rest = found + length)
	{
		dispatch_append(&blanked, rest, (size_t) (found - rest));
		dispatch_append_text(&blanked, "***");
	}
	dispatch_append_text(&blanked, rest);
	dispatch_clear(text);
	*text = blanked;
}

void
dispatch_list_add(DispatchList *list, const char *item, size_t length)
{
	char **items = dispatch_allocate(sizeof(char *) * (size_t) (list->n + 1));

	if (list->n > 0)
		memcpy(items, list->items, sizeof(char *) * (size_t) list->n);
	items[list->n] = dispatch_allocate(length + 1);
	memcpy(items[list->n], item, length);
	free(list->items);
	list->items = items;
	list->n++;
}

void
dispatch_list_split(DispatchList *list, const char *text, const char *separators)
{
	while (*(text += strspn(text, separators)))
	{
		size_t length = strcspn(text, separators);

		dispatch_list_add(list, text, length);
		text += length;
	}
}

void
dispatch_list_clear(DispatchList *list)
{
	for (int i = 0; i < list->n; i++)
		dispatch_forget(list->items[i]);
	free(list->items);
	*list = (DispatchList){0};
}
