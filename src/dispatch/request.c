/*
 * request.c
 *		What all transfers have in common: limits, the guard of addresses, what is kept of
 *		an answer.  Redirects are not followed and no proxy of the environment is used.
 */
#include "dispatch.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* The text of a column, NULL where it is NULL. */
const char *
dispatch_field(const Delivery *d, const char *column)
{
	int number = PQfnumber(d->claimed, column);

	return number < 0 || PQgetisnull(d->claimed, d->row, number)
		? NULL
		: PQgetvalue(d->claimed, d->row, number);
}

/* Resolves one reference and remembers the secret, to blank it in what is reported. */
bool
dispatch_add_secret(Delivery *d, const char *reference, char **value)
{
	char *secret;

	if (d->num_secrets == (int) (sizeof(d->secrets) / sizeof(d->secrets[0])))
	{
		snprintf(d->local_error, sizeof(d->local_error), "a channel has at most 8 secrets");
		return false;
	}
	secret = dispatch_secret(d->config, reference, d->local_error, sizeof(d->local_error));
	if (secret == NULL)
		return false;
	d->secrets[d->num_secrets++] = secret;
	*value = secret;
	return true;
}

static bool
is_loopback(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return (ntohl(((const struct sockaddr_in *) address)->sin_addr.s_addr) >> 24) == 127;
	return address->sa_family == AF_INET6 &&
		IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *) address)->sin6_addr);
}

/* Asked with the address that was resolved, at the moment of connecting. */
static curl_socket_t
open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
	Delivery *d = data;
	const char *starttls = dispatch_field(d, "starttls");

	if (purpose != CURLSOCKTYPE_IPCXN || !dispatch_address_allowed(d->config, &address->addr))
	{
		d->address_refused = true;
		snprintf(d->local_error, sizeof(d->local_error),
				 "the address of this channel is not public: setting allow_private names "
				 "addresses that may be reached all the same");
		return CURL_SOCKET_BAD;
	}
	if (starttls && strcmp(starttls, "none") == 0 && !d->config->allow_plain_smtp &&
		!is_loopback(&address->addr))
	{
		d->address_refused = true;
		snprintf(d->local_error, sizeof(d->local_error),
				 "mail without TLS goes to this machine only: let starttls be required, or set "
				 "allow_plain_smtp = on");
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t
keep_response(char *data, size_t size, size_t count, void *delivery)
{
	Delivery *d = delivery;
	size_t room = DISPATCH_RESPONSE_KEPT - d->response_size;
	size_t length = size * count;

	d->response_total += length;
	memcpy(d->response + d->response_size, data, length < room ? length : room);
	d->response_size += length < room ? length : room;
	/* past the limit the transfer ends: the status is known already */
	return d->response_total > DISPATCH_RESPONSE_LIMIT ? 0 : length;
}

static size_t
keep_header(char *data, size_t size, size_t count, void *delivery)
{
	static const char name[] = "retry-after:";
	Delivery *d = delivery;
	size_t length = size * count;
	char value[128];

	if (length > sizeof(name) - 1 && strncasecmp(data, name, sizeof(name) - 1) == 0 &&
		length - sizeof(name) + 1 < sizeof(value))
	{
		memcpy(value, data + sizeof(name) - 1, length - sizeof(name) + 1);
		value[length - sizeof(name) + 1] = '\0';
		d->retry_after = dispatch_retry_after(value, time(NULL));
		d->has_retry_after = d->retry_after >= 0;
	}
	return length;
}

static void
set_limits(Delivery *d)
{
	const char *timeout = dispatch_field(d, "timeout_seconds");
	long seconds = timeout ? atol(timeout) : 15;

	curl_easy_setopt(d->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(d->easy, CURLOPT_PRIVATE, d);
	curl_easy_setopt(d->easy, CURLOPT_ERRORBUFFER, d->curl_error);
	curl_easy_setopt(d->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(d->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(d->easy, CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
	curl_easy_setopt(d->easy, CURLOPT_TIMEOUT, seconds);
	curl_easy_setopt(d->easy, CURLOPT_CONNECTTIMEOUT, seconds < 10 ? seconds : 10L);
	curl_easy_setopt(d->easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(d->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(d->easy, CURLOPT_OPENSOCKETDATA, d);
	curl_easy_setopt(d->easy, CURLOPT_WRITEFUNCTION, keep_response);
	curl_easy_setopt(d->easy, CURLOPT_WRITEDATA, d);
	curl_easy_setopt(d->easy, CURLOPT_HEADERFUNCTION, keep_header);
	curl_easy_setopt(d->easy, CURLOPT_HEADERDATA, d);
	/* a connection whose address was checked for one channel is not another's */
	curl_easy_setopt(d->easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(d->easy, CURLOPT_FRESH_CONNECT, 1L);
	if (d->config->ca_file)
		curl_easy_setopt(d->easy, CURLOPT_CAINFO, d->config->ca_file);
}

/* Makes the transfer ready; false: local_error says what our configuration lacks. */
bool
dispatch_prepare(Delivery *d)
{
	const char *kind = dispatch_field(d, "channel_kind");

	d->easy = curl_easy_init();
	if (d->easy == NULL || kind == NULL)
	{
		snprintf(d->local_error, sizeof(d->local_error), "out of memory");
		return false;
	}
	set_limits(d);
	return strcmp(kind, "email") == 0 ? dispatch_prepare_mail(d) : dispatch_prepare_http(d);
}

void
dispatch_release(Delivery *d)
{
	curl_easy_cleanup(d->easy);
	curl_mime_free(d->mime);
	curl_slist_free_all(d->headers);
	curl_slist_free_all(d->recipients);
	for (int i = 0; i < d->num_secrets; i++)
		dispatch_forget(d->secrets[i]);
	dispatch_forget(d->body);
	free(d->png);
	free(d);
}
