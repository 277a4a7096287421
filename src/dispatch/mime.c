/*
 * mime.c
 *		The message: text and HTML as alternatives, related to a picture where there is one,
 *		which HTML shows as cid:plot.
 */
#include "mime.h"

#include <stdio.h>

/* RFC 3834: what nobody wrote, so that no robot answers it. */
static void
append_headers(Buffer *out, const Mail *mail)
{
	dispatch_address_header(out, "From", mail->from);
	dispatch_address_header(out, "To", mail->to);
	dispatch_header(out, "Subject", mail->subject ? mail->subject : "(no subject)");
	dispatch_header(out, "Date", mail->date);
	dispatch_header(out, "Message-ID", mail->message_id);
	dispatch_header(out, "In-Reply-To", mail->in_reply_to);
	dispatch_header(out, "References", mail->in_reply_to);
	dispatch_header(out, "List-Id", mail->list_id);
	dispatch_append_text(out,
						 "Auto-Submitted: auto-generated\r\n"
						 "X-Auto-Response-Suppress: All\r\n"
						 "MIME-Version: 1.0\r\n");
}

/* `=_' is in no boundary but these: quoted-printable and base64 never write it. */
static void
begin_multipart(Buffer *out, const char *kind, const char *more, char level, const char *boundary)
{
	char line[256];

	snprintf(line, sizeof(line), "Content-Type: multipart/%s;%s boundary=\"%c=_%s\"\r\n\r\n", kind,
			 more, level, boundary);
	dispatch_append_text(out, line);
}

static void
append_boundary(Buffer *out, char level, const char *boundary, bool last)
{
	char line[256];

	snprintf(line, sizeof(line), "--%c=_%s%s\r\n", level, boundary, last ? "--" : "");
	dispatch_append_text(out, line);
}

static void
append_text_part(Buffer *out, const Mail *mail, const char *kind, const char *text)
{
	append_boundary(out, 'a', mail->boundary, false);
	dispatch_append_text(out, "Content-Type: text/");
	dispatch_append_text(out, kind);
	dispatch_append_text(out,
						 "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
	dispatch_quoted_printable(out, text);
}

/* RFC 2046, 5.1.4: the best comes last. */
static void
append_alternatives(Buffer *out, const Mail *mail)
{
	begin_multipart(out, "alternative", "", 'a', mail->boundary);
	append_text_part(out, mail, "plain", mail->text ? mail->text : "");
	if (mail->html)
		append_text_part(out, mail, "html", mail->html);
	append_boundary(out, 'a', mail->boundary, true);
}

static void
append_picture(Buffer *out, const Mail *mail)
{
	append_boundary(out, 'r', mail->boundary, false);
	dispatch_append_text(out,
						 "Content-Type: image/png; name=\"distribution.png\"\r\n"
						 "Content-Disposition: inline; filename=\"distribution.png\"\r\n"
						 "Content-ID: <plot>\r\n"
						 "Content-Transfer-Encoding: base64\r\n\r\n");
	dispatch_base64_lines(out, mail->png, mail->png_size);
	append_boundary(out, 'r', mail->boundary, true);
}

/* The whole message, lines ended by CR LF; dots at their start are SMTP's own affair. */
void
dispatch_mail(Buffer *out, const Mail *mail)
{
	append_headers(out, mail);
	if (mail->png_size == 0)
	{
		append_alternatives(out, mail);
		return;
	}
	begin_multipart(out, "related", " type=\"multipart/alternative\";", 'r', mail->boundary);
	append_boundary(out, 'r', mail->boundary, false);
	append_alternatives(out, mail);
	append_picture(out, mail);
}
