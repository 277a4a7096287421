/*
 * http.c
 *		Webhooks, Slack, Alertmanager and PagerDuty: one POST of what the database wrote.
 */
#include "delivery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#define MAX_SIGNATURES	1024
#define MAX_ROUTING_KEY 256

static bool
add_header(Delivery *d, const char *name, const char *value)
{
	size_t size = strlen(name) + (value ? strlen(value) : 0) + 3;
	struct curl_slist *longer;
	char *line;

	if (value == NULL || strpbrk(value, "\r\n"))
		return dispatch_refuse(d, "the value of header %s is missing or has a line break", name);
	line = malloc(size);
	if (line == NULL)
		return false;
	snprintf(line, size, "%s: %s", name, value);
	longer = curl_slist_append(d->headers, line);
	dispatch_forget(line);
	if (longer)
		d->headers = longer;
	return longer != NULL;
}

static bool
append_signature(Delivery *d, const char *reference, const char *stamp, char *list, size_t size)
{
	size_t used = strlen(list);
	char signature[64];
	const char *secret;

	if (!dispatch_add_secret(d, reference, &secret))
		return false;
	if (!dispatch_sign(secret, dispatch_field(d, NOTICE_UID), atoll(stamp), d->body, signature,
					   sizeof(signature)))
		return dispatch_refuse(d,
							   "secret %.100s must have 24 bytes or more, or be whsec_ and the "
							   "base64 of as many",
							   reference);
	if (used + strlen(signature) + 2 > size)
		return dispatch_refuse(d, "the channel has too many signing secrets");
	snprintf(list + used, size - used, "%s%s", used ? " " : "", signature);
	return true;
}

/* Signed with every secret, so that the peer can change from one to the next. */
static bool
add_signatures(Delivery *d, const char *references)
{
	char *copy = strdup(references);
	char *rest = NULL;
	char list[MAX_SIGNATURES] = "";
	char stamp[32];
	bool good = copy != NULL;

	snprintf(stamp, sizeof(stamp), "%lld", (long long) d->attempted_at);
	for (char *one = good ? strtok_r(copy, " ", &rest) : NULL; good && one;
		 one = strtok_r(NULL, " ", &rest))
		good = append_signature(d, one, stamp, list, sizeof(list));
	free(copy);
	return good && add_header(d, "webhook-timestamp", stamp) &&
		add_header(d, "webhook-signature", list);
}

static bool
add_bearer(Delivery *d, const char *reference)
{
	const char *token;
	char *value;
	bool good;

	if (!dispatch_add_secret(d, reference, &token))
		return false;
	value = malloc(strlen(token) + 8);
	if (value == NULL)
		return false;
	strcpy(value, "Bearer ");
	strcat(value, token);
	good = add_header(d, "Authorization", value);
	dispatch_forget(value);
	return good;
}

/* Name and password in the form that a header shows them in, which is as secret. */
static bool
basic_value(Delivery *d, const char *username, const char *password, const char **value)
{
	size_t length = strlen(username) + strlen(password) + 1;
	char *both = malloc(length + 1);
	char *encoded = malloc(2 * length + 8);

	if (both && encoded && d->num_secrets < DISPATCH_MAX_SECRETS)
	{
		snprintf(both, length + 1, "%s:%s", username, password);
		EVP_EncodeBlock((unsigned char *) encoded, (unsigned char *) both, (int) length);
		*value = d->secrets[d->num_secrets++] = encoded;
		encoded = NULL;
	}
	dispatch_forget(both);
	free(encoded);
	return *value != NULL;
}

static bool
add_basic(Delivery *d, const char *username, const char *reference)
{
	const char *password = "";
	const char *encoded = NULL;
	char *value;
	bool good;

	if (dispatch_is_reference(username) && !dispatch_add_secret(d, username, &username))
		return false;
	if (reference && !dispatch_add_secret(d, reference, &password))
		return false;
	if (!basic_value(d, username, password, &encoded))
		return false;
	value = malloc(strlen(encoded) + 8);
	if (value == NULL)
		return false;
	strcpy(value, "Basic ");
	strcat(value, encoded);
	good = add_header(d, "Authorization", value);
	dispatch_forget(value);
	return good;
}

static bool
is_routing_key(const char *key)
{
	for (const char *at = key; *at; at++)
	{
		if ((unsigned char) *at <= ' ' || (unsigned char) *at > '~' || *at == '"' || *at == '\\')
			return false;
	}
	return strlen(key) <= MAX_ROUTING_KEY;
}

/* {"routing_key":"...", and the rest of the object */
static bool
insert_routing_key(Delivery *d, const char *reference)
{
	const char *key;
	char *body;
	size_t size;

	if (!dispatch_add_secret(d, reference, &key))
		return false;
	if (!is_routing_key(key) || *d->body != '{')
		return dispatch_refuse(d, "secret %.100s is not a routing key", reference);
	size = strlen(d->body) + strlen(key) + 32;
	body = malloc(size);
	if (body == NULL)
		return false;
	snprintf(body, size, "{\"routing_key\":\"%s\"%s%s", key,
			 d->body[1 + strspn(d->body + 1, " \t\r\n")] == '}' ? "" : ",", d->body + 1);
	free(d->body);
	d->body = body;
	return true;
}

static bool
add_credentials(Delivery *d, const char *kind)
{
	const char *secret = dispatch_field(d, NOTICE_SECRET);
	const char *bearer = dispatch_field(d, NOTICE_BEARER);
	const char *username = dispatch_field(d, NOTICE_USERNAME);

	if (secret && strcmp(kind, "slack") == 0 && !add_bearer(d, secret))
		return false;
	if (secret && strcmp(kind, "pagerduty") == 0 && !insert_routing_key(d, secret))
		return false;
	if (secret && strcmp(kind, "webhook") == 0 && !add_signatures(d, secret))
		return false;
	if (bearer && !add_bearer(d, bearer))
		return false;
	return username == NULL || bearer || add_basic(d, username, dispatch_field(d, NOTICE_PASSWORD));
}

static bool
add_headers(Delivery *d, const char *kind)
{
	const char *type = dispatch_field(d, NOTICE_CONTENT_TYPE);

	return add_header(d, "Content-Type", type ? type : "application/json") &&
		/* no wait for `100 Continue' */
		add_header(d, "Expect", "") &&
		(strcmp(kind, "webhook") != 0 ||
		 add_header(d, "webhook-id", dispatch_field(d, NOTICE_UID))) &&
		add_credentials(d, kind);
}

bool
dispatch_prepare_http(Delivery *d)
{
	const char *kind = dispatch_field(d, NOTICE_CHANNEL_KIND);
	const char *body = dispatch_field(d, NOTICE_BODY);

	if (body == NULL || *body == '\0')
		return dispatch_refuse(d, "the notice has no body");
	d->body = strdup(body);
	if (d->body == NULL || !dispatch_set_url(d, "http,https") || !add_headers(d, kind))
		return false;
	d->body_size = strlen(d->body);
	curl_easy_setopt(d->easy, CURLOPT_USERAGENT, "monitor-dispatch/" MONITOR_VERSION);
	curl_easy_setopt(d->easy, CURLOPT_HTTPHEADER, d->headers);
	curl_easy_setopt(d->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(d->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) d->body_size);
	return true;
}
