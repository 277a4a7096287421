/*
 * notice.c
 *		A claimed notice: read from the database's answer, with the secrets that it names.
 */
#include "delivery.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/crypto.h>

/* Elements of a list on lines of their own: a line break within one would make two of it. */
#define LINES(column) \
	"(SELECT pg_catalog.string_agg(pg_catalog.translate(u.t, E'\\r\\n', '  '), E'\\n' ORDER BY u.n)" \
	" FROM pg_catalog.unnest(c." column ") WITH ORDINALITY AS u(t, n))"

/* In the order of NoticeField. */
static const char *const columns[NOTICE_FIELDS] = {
	"c.id",
	"c.uid",
	"c.token",
	"c.attempt",
	"c.kind",
	"c.channel",
	"c.channel_kind",
	"c.url",
	"c.secret",
	"c.bearer",
	"c.username",
	"c.password",
	"c.content_type",
	"c.body",
	"c.mail_from",
	LINES("mail_to"),
	"c.subject",
	"c.text_body",
	"c.html_body",
	"c.message_id",
	"c.in_reply_to",
	"c.list_id",
	"c.starttls",
	"c.plot_title",
	LINES("plot_labels"),
	"pg_catalog.array_to_string(c.plot_reference, ' ', 'NaN')",
	"pg_catalog.array_to_string(c.plot_current, ' ', 'NaN')",
	"c.timeout_seconds",
};

/* The columns, for a SELECT from monitor.claimed_delivery AS c. */
const char *
dispatch_notice_columns(void)
{
	static char list[2048];
	size_t used = 0;

	for (int i = 0; i < NOTICE_FIELDS && used < sizeof(list); i++)
		used +=
			(size_t) snprintf(list + used, sizeof(list) - used, "%s%s", i ? ", " : "", columns[i]);
	return list;
}

/* NULL: no memory; the lease will run out. */
Delivery *
dispatch_delivery_new(DispatchConfig *config, const PGresult *result, int row)
{
	Delivery *d = calloc(1, sizeof(Delivery));

	if (d == NULL)
		return NULL;
	d->config = config;
	config->references++;
	d->retry_after = -1;
	d->attempted_at = time(NULL);
	for (int i = 0; i < NOTICE_FIELDS; i++)
	{
		if (PQgetisnull(result, row, i))
			continue;
		d->fields[i] = strdup(PQgetvalue(result, row, i));
		if (d->fields[i] == NULL)
		{
			dispatch_delivery_free(d);
			return NULL;
		}
	}
	return d;
}

void
dispatch_delivery_free(Delivery *d)
{
	if (d == NULL)
		return;
	curl_easy_cleanup(d->easy);
	curl_slist_free_all(d->recipients);
	/* headers and the body may hold secrets */
	for (struct curl_slist *h = d->headers; h; h = h->next)
		OPENSSL_cleanse(h->data, strlen(h->data));
	curl_slist_free_all(d->headers);
	dispatch_forget(d->body);
	for (int i = 0; i < d->num_secrets; i++)
		dispatch_forget(d->secrets[i]);
	for (int i = 0; i < NOTICE_FIELDS; i++)
		free(d->fields[i]);
	free(d->host);
	dispatch_config_release(d->config);
	free(d);
}

const char *
dispatch_field(const Delivery *d, NoticeField field)
{
	return d->fields[field];
}

/* Says what our own configuration lacks; always false, for `return dispatch_refuse(...)'. */
bool
dispatch_refuse(Delivery *d, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(d->local_error, sizeof(d->local_error), format, args);
	va_end(args);
	return false;
}

/* Resolves a reference and keeps the secret, to blank it in what is reported. */
bool
dispatch_add_secret(Delivery *d, const char *reference, const char **value)
{
	if (d->num_secrets == DISPATCH_MAX_SECRETS)
		return dispatch_refuse(d, "a channel has at most %d secrets", DISPATCH_MAX_SECRETS);
	*value = d->secrets[d->num_secrets] =
		dispatch_secret(d->config->secrets_dir, reference, d->local_error, sizeof(d->local_error));
	if (*value == NULL)
		return false;
	d->num_secrets++;
	return true;
}
