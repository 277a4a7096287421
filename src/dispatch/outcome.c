/*
 * outcome.c
 *		What came of an attempt, as facts: the database says what they mean.
 */
#include "delivery.h"

#include <stdio.h>
#include <string.h>

static size_t
blank_secrets(const Delivery *d, char *text, size_t length)
{
	for (int i = 0; i < d->num_secrets; i++)
		length = dispatch_blank(text, length, d->secrets[i]);
	return length;
}

/* An answer that was cut may end in the beginning of a secret. */
static void
drop_begun_secrets(const Delivery *d, char *text)
{
	for (int i = 0; i < d->num_secrets; i++)
	{
		size_t length = strlen(text);
		size_t begun = d->secrets[i] ? strlen(d->secrets[i]) : 0;

		while (begun > 0 &&
			   (begun > length || memcmp(text + length - begun, d->secrets[i], begun) != 0))
			begun--;
		text[length - begun] = '\0';
	}
}

/* No secret leaves in what a server sent back, or curl wrote; and all of it is UTF-8. */
static void
clean(Delivery *d, Outcome *outcome)
{
	size_t length = blank_secrets(d, d->response, d->response_size);

	/* before: a secret that is no text would not be known any more; and after: what has become one */
	dispatch_clean_utf8(d->response, length);
	blank_secrets(d, d->response, strlen(d->response));
	if (!d->is_mail && d->response_total > d->response_size)
		drop_begun_secrets(d, d->response);
	length = blank_secrets(d, outcome->text, strlen(outcome->text));
	dispatch_clean_utf8(outcome->text, length);
	blank_secrets(d, outcome->text, strlen(outcome->text));
}

/* Recipients that were refused where the message was taken for others. */
static void
tell_refused(const Delivery *d, Outcome *outcome)
{
	snprintf(outcome->text, sizeof(outcome->text),
			 "the server refused %d of the recipients; the first of them: %s",
			 d->refused_recipients, d->refusal);
}

void
dispatch_outcome(Delivery *d, Outcome *outcome)
{
	bool local = d->not_begun || (d->code == CURLE_COULDNT_CONNECT && d->address_refused);
	long code = 0;

	memset(outcome, 0, sizeof(*outcome));
	if (d->easy && !d->not_begun)
		curl_easy_getinfo(d->easy, CURLINFO_RESPONSE_CODE, &code);
	if (d->is_mail)
		outcome->smtp_code = code;
	else
		outcome->http_status = code >= 200 ? code : 0;
	outcome->curl_code = local ? -1 : (int) d->code;
	outcome->request_sent = !local && dispatch_request_sent(d);
	if (local)
		snprintf(outcome->text, sizeof(outcome->text), "%s", d->local_error);
	else if (d->code != CURLE_OK)
		snprintf(outcome->text, sizeof(outcome->text), "%s",
				 *d->curl_error ? d->curl_error : curl_easy_strerror(d->code));
	else if (d->is_mail && d->refused_recipients > 0)
		tell_refused(d, outcome);
	clean(d, outcome);
	outcome->error = *outcome->text ? outcome->text : NULL;
}
