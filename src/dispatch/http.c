/*
 * http.c
 *		Webhooks, Slack, Alertmanager and PagerDuty: one POST of what the database wrote.
 */
#include "dispatch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool
add_header(Delivery *d, const char *format, const char *value)
{
	char line[12000];
	struct curl_slist *longer;

	if (value == NULL || strpbrk(value, "\r\n") ||
		snprintf(line, sizeof(line), format, value) >= (int) sizeof(line))
	{
		snprintf(d->local_error, sizeof(d->local_error),
				 "a value for a header has a line break in it, or is too long");
		return false;
	}
	longer = curl_slist_append(d->headers, line);
	if (longer)
		d->headers = longer;
	return longer != NULL;
}

/* Signed with every secret, so that they can be changed one after the other. */
static bool
add_signature(Delivery *d, const char *references)
{
	int64_t now = time(NULL);
	char *list = strdup(references), *rest = NULL;
	char signatures[600] = "", stamp[32];
	bool good = list != NULL;

	for (char *one = list ? strtok_r(list, " ", &rest) : NULL; good && one;
		 one = strtok_r(NULL, " ", &rest))
	{
		char signature[64], *secret;

		good = dispatch_add_secret(d, one, &secret);
		if (good &&
			(strlen(signatures) > sizeof(signatures) - 70 ||
			 !dispatch_sign(secret, dispatch_field(d, "uid"), now, d->body, signature,
							sizeof(signature))))
		{
			snprintf(d->local_error, sizeof(d->local_error),
					 "secret %s must have 24 bytes or more, or be whsec_ and base64", one);
			good = false;
		}
		if (good)
			snprintf(signatures + strlen(signatures), sizeof(signatures) - strlen(signatures),
					 "%s%s", *signatures ? " " : "", signature);
	}
	free(list);
	snprintf(stamp, sizeof(stamp), "%lld", (long long) now);
	return good && add_header(d, "webhook-timestamp: %s", stamp) &&
		add_header(d, "webhook-signature: %s", signatures);
}

static bool
add_bearer(Delivery *d, const char *reference)
{
	char *token;

	return dispatch_add_secret(d, reference, &token) &&
		add_header(d, "Authorization: Bearer %s", token);
}

static bool
add_basic(Delivery *d, const char *username, const char *password)
{
	char *secret = NULL;

	if (strncmp(username, "env:", 4) == 0 || strncmp(username, "file:", 5) == 0)
	{
		if (!dispatch_add_secret(d, username, &secret))
			return false;
		username = secret;
	}
	curl_easy_setopt(d->easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
	curl_easy_setopt(d->easy, CURLOPT_USERNAME, username);
	if (password && !dispatch_add_secret(d, password, &secret))
		return false;
	curl_easy_setopt(d->easy, CURLOPT_PASSWORD, password ? secret : "");
	return true;
}

/* {"routing_key":"...", and the rest of the body */
static bool
insert_routing_key(Delivery *d, const char *reference)
{
	char *key, *body;
	size_t size;

	if (!dispatch_add_secret(d, reference, &key))
		return false;
	for (const char *at = key; *at; at++)
		if ((unsigned char) *at <= ' ' || *at == '"' || *at == '\\')
		{
			snprintf(d->local_error, sizeof(d->local_error), "secret %s is not a routing key",
					 reference);
			return false;
		}
	size = strlen(d->body) + strlen(key) + 32;
	body = malloc(size);
	if (body == NULL)
		return false;
	snprintf(body, size, "{\"routing_key\":\"%s\",%s", key, d->body + 1);
	free(d->body);
	d->body = body;
	return true;
}

static bool
set_url(Delivery *d)
{
	const char *url = dispatch_field(d, "url");
	char *secret;

	if (url && strstr(url, "://") == NULL)
	{
		if (!dispatch_add_secret(d, url, &secret))
			return false;
		url = secret;
	}
	if (url == NULL || (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0))
	{
		snprintf(d->local_error, sizeof(d->local_error), "url must begin with https://");
		return false;
	}
	curl_easy_setopt(d->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(d->easy, CURLOPT_URL, url);
	return true;
}

static bool
add_credentials(Delivery *d, const char *kind)
{
	const char *secret = dispatch_field(d, "secret");
	const char *bearer = dispatch_field(d, "bearer");
	const char *username = dispatch_field(d, "username");

	if (secret && strcmp(kind, "slack") == 0 && !add_bearer(d, secret))
		return false;
	if (secret && strcmp(kind, "pagerduty") == 0 && !insert_routing_key(d, secret))
		return false;
	if (secret && strcmp(kind, "webhook") == 0 && !add_signature(d, secret))
		return false;
	if (bearer && !add_bearer(d, bearer))
		return false;
	return username == NULL || add_basic(d, username, dispatch_field(d, "password"));
}

bool
dispatch_prepare_http(Delivery *d)
{
	const char *kind = dispatch_field(d, "channel_kind");
	const char *body = dispatch_field(d, "body");

	d->body = strdup(body ? body : "");
	if (d->body == NULL || !set_url(d))
		return false;
	if (!add_header(d, "Content-Type: %s", dispatch_field(d, "content_type")) ||
		!add_header(d, "webhook-id: %s", dispatch_field(d, "uid")) ||
		!add_header(d, "Expect:%s", "") || !add_credentials(d, kind))
		return false;
	curl_easy_setopt(d->easy, CURLOPT_USERAGENT, "monitor-dispatch/" MONITOR_VERSION);
	curl_easy_setopt(d->easy, CURLOPT_HTTPHEADER, d->headers);
	curl_easy_setopt(d->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) strlen(d->body));
	curl_easy_setopt(d->easy, CURLOPT_POSTFIELDS, d->body);
	return true;
}
