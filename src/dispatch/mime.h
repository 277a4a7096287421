/*
 * mime.h
 *		A message as SMTP takes it, and the parts that it is made of.
 */
#ifndef MONITOR_MIME_H
#define MONITOR_MIME_H

#include <stdbool.h>
#include <stddef.h>

/* Text that grows.  failed: memory ran out, and the text is not to be used. */
typedef struct Buffer
{
	char *text;
	size_t size;
	size_t room;
	bool failed;
} Buffer;

extern void dispatch_append(Buffer *buffer, const char *bytes, size_t size);
extern void dispatch_append_text(Buffer *buffer, const char *text);

typedef struct Mail
{
	const char *from;
	const char *to; /* a line for each address */
	const char *subject;
	const char *date;
	const char *message_id;
	const char *in_reply_to; /* NULL: it begins a conversation */
	const char *list_id;	 /* may be NULL */
	const char *text;
	const char *html; /* may be NULL */
	const unsigned char *png;
	size_t png_size; /* 0: no picture */
	const char *boundary;
} Mail;

/* mime.c */
extern void dispatch_mail(Buffer *out, const Mail *mail);
extern bool dispatch_bare_address(const char *address, char *bare, size_t size);

/* mime_encode.c */
extern void dispatch_header(Buffer *out, const char *name, const char *value);
extern void dispatch_address_header(Buffer *out, const char *name, const char *addresses);
extern void dispatch_quoted_printable(Buffer *out, const char *text);
extern void dispatch_base64_lines(Buffer *out, const unsigned char *bytes, size_t size);

#endif /* MONITOR_MIME_H */
