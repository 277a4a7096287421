/*
 * mail.c
 *		E-mail: text and HTML, with a picture of the distributions where there is one.
 */
#include "dispatch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>

/* A header's value: no line breaks; what is not ASCII as encoded words (RFC 2047). */
static void
encode_header(const char *text, char *out, size_t size)
{
	bool ascii = true;
	size_t used = 0;

	for (const char *at = text; *at; at++)
		ascii = ascii && (unsigned char) *at < 0x80;
	if (ascii)
	{
		for (; *text && used + 1 < size; text++)
			out[used++] = (unsigned char) *text < ' ' ? ' ' : *text;
		out[used] = '\0';
		return;
	}
	out[0] = '\0';
	while (*text && used + 90 < size)
	{
		unsigned char clean[46], word[70];
		size_t length = strlen(text) < 45 ? strlen(text) : 45;

		/* not within a character */
		while (length > 1 && ((unsigned char) text[length] & 0xC0) == 0x80)
			length--;
		for (size_t i = 0; i < length; i++)
			clean[i] = (unsigned char) text[i] < ' ' ? ' ' : (unsigned char) text[i];
		EVP_EncodeBlock(word, clean, (int) length);
		used += (size_t) snprintf(out + used, size - used, "%s=?UTF-8?B?%s?=", used ? " " : "",
								  (char *) word);
		text += length;
	}
}

static bool
add_line(Delivery *d, const char *name, const char *value)
{
	char encoded[2000], line[2100];
	struct curl_slist *longer;

	if (value == NULL)
		return true;
	encode_header(value, encoded, sizeof(encoded));
	snprintf(line, sizeof(line), "%s: %s", name, encoded);
	longer = curl_slist_append(d->headers, line);
	if (longer)
		d->headers = longer;
	return longer != NULL;
}

static bool
add_headers(Delivery *d, const char *to)
{
	char date[64];
	time_t now = time(NULL);
	struct tm utc;

	/* names of days and months are English in the C locale, which this program keeps */
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S +0000", gmtime_r(&now, &utc));
	return add_line(d, "From", dispatch_field(d, "mail_from")) && add_line(d, "To", to) &&
		add_line(d, "Subject", dispatch_field(d, "subject")) && add_line(d, "Date", date) &&
		add_line(d, "Message-ID", dispatch_field(d, "message_id")) &&
		add_line(d, "In-Reply-To", dispatch_field(d, "in_reply_to")) &&
		add_line(d, "References", dispatch_field(d, "in_reply_to")) &&
		add_line(d, "List-Id", dispatch_field(d, "list_id")) &&
		add_line(d, "Auto-Submitted", "auto-generated") &&
		add_line(d, "X-Auto-Response-Suppress", "All");
}

/* mail_to comes with a line for each address */
static bool
add_recipients(Delivery *d, char *to, size_t size)
{
	char *list = strdup(dispatch_field(d, "recipients") ? dispatch_field(d, "recipients") : "");
	char *rest = NULL;

	to[0] = '\0';
	for (char *one = list ? strtok_r(list, "\n", &rest) : NULL; one;
		 one = strtok_r(NULL, "\n", &rest))
	{
		struct curl_slist *longer = curl_slist_append(d->recipients, one);

		if (longer)
			d->recipients = longer;
		snprintf(to + strlen(to), size - strlen(to), "%s%s", *to ? ", " : "", one);
	}
	free(list);
	return d->recipients != NULL;
}

static int
read_doubles(const char *text, double *numbers, int max)
{
	int n = 0;
	char *end;

	while (text && *text && n < max)
	{
		numbers[n] = strtod(text, &end);
		if (end == text)
			break;
		n++;
		text = *end == ',' ? end + 1 : end;
	}
	return n;
}

static void
draw(Delivery *d)
{
	double reference[200], current[200];
	int bins = read_doubles(dispatch_field(d, "plot_reference"), reference, 200);

	if (bins > 0 && read_doubles(dispatch_field(d, "plot_current"), current, 200) == bins)
		dispatch_plot(reference, current, bins, &d->png, &d->png_size);
}

/* Lines end with CR LF in mail. */
static char *
with_crlf(const char *text)
{
	char *out = malloc(2 * strlen(text) + 1);
	size_t n = 0;

	for (; out && *text; text++)
	{
		if (*text == '\n')
			out[n++] = '\r';
		out[n++] = *text;
	}
	if (out)
		out[n] = '\0';
	return out;
}

static bool
add_text(curl_mime *parent, const char *type, const char *text)
{
	curl_mimepart *part = curl_mime_addpart(parent);
	char *lines = with_crlf(text ? text : "");
	bool good = part && lines && curl_mime_type(part, type) == CURLE_OK &&
		curl_mime_encoder(part, "quoted-printable") == CURLE_OK &&
		curl_mime_data(part, lines, CURL_ZERO_TERMINATED) == CURLE_OK;

	free(lines);
	return good;
}

static bool
add_picture(Delivery *d, curl_mime *parent)
{
	curl_mimepart *part = curl_mime_addpart(parent);
	struct curl_slist *headers =
		curl_slist_append(curl_slist_append(NULL, "Content-ID: <plot>"),
						  "Content-Disposition: inline; filename=\"distribution.png\"");

	return part && curl_mime_type(part, "image/png") == CURLE_OK &&
		curl_mime_encoder(part, "base64") == CURLE_OK &&
		curl_mime_data(part, (const char *) d->png, d->png_size) == CURLE_OK &&
		curl_mime_filename(part, "distribution.png") == CURLE_OK &&
		curl_mime_headers(part, headers, 1) == CURLE_OK;
}

/* alternative(text, related(HTML, picture)) */
static bool
add_bodies(Delivery *d)
{
	curl_mime *alternative = curl_mime_init(d->easy);
	curl_mime *related = curl_mime_init(d->easy);
	curl_mimepart *outer, *inner;

	d->mime = curl_mime_init(d->easy);
	draw(d);
	if (!add_text(alternative, "text/plain; charset=utf-8", dispatch_field(d, "text_body")) ||
		!add_text(related, "text/html; charset=utf-8", dispatch_field(d, "html_body")) ||
		(d->png && !add_picture(d, related)))
		return false;
	inner = curl_mime_addpart(alternative);
	outer = curl_mime_addpart(d->mime);
	return inner && outer && curl_mime_subparts(inner, related) == CURLE_OK &&
		curl_mime_type(inner, "multipart/related") == CURLE_OK &&
		curl_mime_subparts(outer, alternative) == CURLE_OK &&
		curl_mime_type(outer, "multipart/alternative") == CURLE_OK;
}

static bool
add_login(Delivery *d)
{
	const char *username = dispatch_field(d, "username");
	const char *password = dispatch_field(d, "password");
	char *secret;

	if (username == NULL)
		return true;
	if (strncmp(username, "env:", 4) == 0 || strncmp(username, "file:", 5) == 0)
	{
		if (!dispatch_add_secret(d, username, &secret))
			return false;
		username = secret;
	}
	curl_easy_setopt(d->easy, CURLOPT_USERNAME, username);
	if (password == NULL || !dispatch_add_secret(d, password, &secret))
		return password == NULL;
	curl_easy_setopt(d->easy, CURLOPT_PASSWORD, secret);
	return true;
}

bool
dispatch_prepare_mail(Delivery *d)
{
	const char *starttls = dispatch_field(d, "starttls");
	char to[2000], from[300];

	curl_easy_setopt(d->easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(d->easy, CURLOPT_URL, dispatch_field(d, "url"));
	/* required means that nothing is sent in the clear, whatever the server offers */
	if (starttls == NULL || strcmp(starttls, "none") != 0)
		curl_easy_setopt(d->easy, CURLOPT_USE_SSL, (long) CURLUSESSL_ALL);
	snprintf(from, sizeof(from), "<%s>", dispatch_field(d, "mail_from"));
	curl_easy_setopt(d->easy, CURLOPT_MAIL_FROM, from);
	if (!add_recipients(d, to, sizeof(to)) || !add_headers(d, to) || !add_bodies(d))
	{
		snprintf(d->local_error, sizeof(d->local_error), "the message could not be put together");
		return false;
	}
	curl_easy_setopt(d->easy, CURLOPT_MAIL_RCPT, d->recipients);
	curl_easy_setopt(d->easy, CURLOPT_HTTPHEADER, d->headers);
	curl_easy_setopt(d->easy, CURLOPT_MIMEPOST, d->mime);
	return add_login(d);
}
