/*
 * text.h
 *		Growing texts that may hold secrets: what is given back is wiped first.  Out of
 *		memory ends the program; leases see to it that nothing is lost.
 */
#ifndef DISPATCH_TEXT_H
#define DISPATCH_TEXT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct DispatchText
{
	char *data; /* ends with a NUL, or is NULL while empty */
	size_t length;
	size_t capacity;
} DispatchText;

/* Words of a setting, or values of an array. */
typedef struct DispatchList
{
	char **items;
	int n;
} DispatchList;

extern void *dispatch_allocate(size_t size);
extern char *dispatch_copy(const char *text);
/* Wipes and frees; NULL is fine. */
extern void dispatch_forget(char *secret);

extern void dispatch_append(DispatchText *text, const void *data, size_t length);
extern void dispatch_append_text(DispatchText *text, const char *more);
extern void dispatch_append_format(DispatchText *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The text, "" while empty. */
extern const char *dispatch_chars(const DispatchText *text);
extern void dispatch_clear(DispatchText *text);

/* Bytes as UTF-8 without NUL: what is not becomes U+FFFD, a character cut at the end goes. */
extern void dispatch_append_utf8(DispatchText *text, const char *data, size_t length);
/* Bytes of the UTF-8 character at text, 0 if there is none in the length bytes. */
extern size_t dispatch_utf8_length(const char *text, size_t length);
/* Puts *** where the secret stands. */
extern void dispatch_blank(DispatchText *text, const char *secret);

extern void dispatch_list_add(DispatchList *list, const char *item, size_t length);
extern void dispatch_list_split(DispatchList *list, const char *text, const char *separators);
extern void dispatch_list_clear(DispatchList *list);

#endif /* DISPATCH_TEXT_H */
