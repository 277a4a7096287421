/*
 * mail.c
 *		E-mail: the message put together, and how it is handed over.
 */
#include "delivery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_BINS		 200
#define FAREWELL_SECONDS 1L

static int
read_numbers(const char *text, double *numbers)
{
	int n = 0;
	char *end;

	while (text && n < MAX_BINS)
	{
		numbers[n] = strtod(text, &end);
		if (end == text)
			break;
		n++;
		text = end;
	}
	return n;
}

static unsigned char *
draw(const Delivery *d, size_t *size)
{
	double reference[MAX_BINS];
	double current[MAX_BINS];
	int bins = read_numbers(dispatch_field(d, NOTICE_PLOT_REFERENCE), reference);
	const char *title = dispatch_field(d, NOTICE_PLOT_TITLE);
	const char *labels = dispatch_field(d, NOTICE_PLOT_LABELS);

	*size = 0;
	if (bins == 0 || read_numbers(dispatch_field(d, NOTICE_PLOT_CURRENT), current) != bins)
		return NULL;
	return dispatch_plot(title ? title : "", labels ? labels : "", reference, current, bins, size);
}

/* Puts the message together. */
static bool
write_message(Delivery *d)
{
	char date[64];
	time_t now = (time_t) d->attempted_at;
	struct tm utc;
	size_t png_size;
	unsigned char *png = draw(d, &png_size);
	Buffer message = {0};
	Mail mail = {
		.from = dispatch_field(d, NOTICE_MAIL_FROM),
		.to = dispatch_field(d, NOTICE_MAIL_TO),
		.subject = dispatch_field(d, NOTICE_SUBJECT),
		.date = date,
		.message_id = dispatch_field(d, NOTICE_MESSAGE_ID),
		.in_reply_to = dispatch_field(d, NOTICE_IN_REPLY_TO),
		.list_id = dispatch_field(d, NOTICE_LIST_ID),
		.text = dispatch_field(d, NOTICE_TEXT_BODY),
		.html = dispatch_field(d, NOTICE_HTML_BODY),
		.png = png,
		.png_size = png_size,
		.boundary = dispatch_field(d, NOTICE_UID),
	};

	/* days and months are English in the C locale, which this program keeps */
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S +0000", gmtime_r(&now, &utc));
	dispatch_mail(&message, &mail);
	free(png);
	d->body = message.text;
	d->body_size = message.size;
	return !message.failed;
}

static bool
add_recipients(Delivery *d, const char *addresses)
{
	char *copy = strdup(addresses);
	char *rest = NULL;
	bool good = copy != NULL;

	for (char *one = good ? strtok_r(copy, "\n", &rest) : NULL; good && one;
		 one = strtok_r(NULL, "\n", &rest))
	{
		char bare[320];
		struct curl_slist *longer = NULL;

		if (dispatch_bare_address(one, bare, sizeof(bare)))
			longer = curl_slist_append(d->recipients, bare);
		else
			dispatch_refuse(d, "\"%.100s\" is not an e-mail address: change it in the channel",
							one);
		good = longer != NULL;
		if (longer)
			d->recipients = longer;
	}
	free(copy);
	return good && d->recipients != NULL;
}

static bool
set_envelope(Delivery *d)
{
	const char *from = dispatch_field(d, NOTICE_MAIL_FROM);
	const char *to = dispatch_field(d, NOTICE_MAIL_TO);
	char bare[320];

	if (from == NULL || !dispatch_bare_address(from, bare, sizeof(bare)))
		return dispatch_refuse(d,
							   "\"%.100s\" is not an e-mail address: change `from' in the "
							   "channel",
							   from ? from : "");
	if (to == NULL || !add_recipients(d, to))
		return *d->local_error ? false : dispatch_refuse(d, "the channel has no recipient");
	curl_easy_setopt(d->easy, CURLOPT_MAIL_FROM, bare);
	curl_easy_setopt(d->easy, CURLOPT_MAIL_RCPT, d->recipients);
	/* one address that is gone does not keep the others from being told */
#if LIBCURL_VERSION_NUM >= 0x080200
	curl_easy_setopt(d->easy, CURLOPT_MAIL_RCPT_ALLOWFAILS, 1L);
#else
	curl_easy_setopt(d->easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
#endif
	return true;
}

static bool
add_login(Delivery *d)
{
	const char *username = dispatch_field(d, NOTICE_USERNAME);
	const char *reference = dispatch_field(d, NOTICE_PASSWORD);
	const char *password = "";

	if (username == NULL)
		return true;
	if (dispatch_is_reference(username) && !dispatch_add_secret(d, username, &username))
		return false;
	if (reference && !dispatch_add_secret(d, reference, &password))
		return false;
	return curl_easy_setopt(d->easy, CURLOPT_USERNAME, username) == CURLE_OK &&
		curl_easy_setopt(d->easy, CURLOPT_PASSWORD, password) == CURLE_OK;
}

/* Required: nothing is sent in the clear, whatever the server offers. */
static void
set_encryption(Delivery *d)
{
	const char *starttls = dispatch_field(d, NOTICE_STARTTLS);

	d->is_plain = d->is_plain && starttls && strcmp(starttls, "none") == 0;
	curl_easy_setopt(d->easy, CURLOPT_USE_SSL,
					 d->is_plain ? (long) CURLUSESSL_NONE : (long) CURLUSESSL_ALL);
}

/* libcurl stands still until QUIT is answered, by default for two minutes: all others would wait. */
static int
hurry_farewell(CURL *easy, curl_infotype type, char *data, size_t size, void *unused)
{
	(void) unused;
	if (type == CURLINFO_HEADER_OUT && size >= 4 && strncmp(data, "QUIT", 4) == 0)
		curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, FAREWELL_SECONDS);
	return 0;
}

bool
dispatch_prepare_mail(Delivery *d)
{
	if (!dispatch_set_url(d, "smtp,smtps"))
		return false;
	set_encryption(d);
	curl_easy_setopt(d->easy, CURLOPT_DEBUGFUNCTION, hurry_farewell);
	curl_easy_setopt(d->easy, CURLOPT_VERBOSE, 1L);
	if (!set_envelope(d) || !write_message(d) || !add_login(d))
		return false;
	curl_easy_setopt(d->easy, CURLOPT_UPLOAD, 1L);
	return true;
}

/* 450 to 452 and 550 to 559 concern a mailbox, other failures the conversation. */
static bool
is_refusal(const char *line)
{
	return (line[0] == '4' && line[1] == '5' && line[2] <= '2') ||
		(line[0] == '5' && line[1] == '5');
}

/*
 * A line of the server's.  The last reply is what is reported; a refusal while recipients
 * are named is counted, since the message may go to the others all the same.
 */
void
dispatch_note_smtp_line(Delivery *d, const char *line, size_t length)
{
	bool last = length >= 4 && line[3] != '-';

	while (length > 0 && (line[length - 1] == '\r' || line[length - 1] == '\n'))
		length--;
	if (length >= DISPATCH_RESPONSE_KEPT)
		length = DISPATCH_RESPONSE_KEPT;
	memcpy(d->response, line, length);
	d->response_size = length;
	if (last && d->body_offset == 0 && is_refusal(line))
	{
		if (d->refused_recipients++ == 0)
			snprintf(d->refusal, sizeof(d->refusal), "%.*s", (int) length, line);
	}
}
