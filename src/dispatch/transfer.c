/*
 * transfer.c
 *		What all transfers have in common: limits, the guard of addresses, what is kept of
 *		an answer.  Redirects are not followed, no proxy and no .netrc is used.
 */
#include "delivery.h"
#include "failpoint.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#define CONNECT_SECONDS 10L
#define DEFAULT_TIMEOUT 15L
/* How long the rest of an answer is waited for, once its status is known. */
#define BODY_SECONDS	5.0
#define MAX_HEADER		200

/*
 * Asked with each address that the name resolved to, at the moment of connecting: a name
 * cannot be another address by then.
 */
static curl_socket_t
open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
	Delivery *d = data;
	const HostList *plain = d->is_mail ? &d->config->allow_plain_smtp : &d->config->allow_http;

	if (purpose == CURLSOCKTYPE_IPCXN && !dispatch_address_public(&address->addr) &&
		!dispatch_address_listed(&d->config->allow_private, d->host, &address->addr))
		dispatch_refuse(d,
						"%s is not a public address: if it is meant, add it to allow_private "
						"in the configuration of monitor-dispatch",
						d->host);
	else if (purpose == CURLSOCKTYPE_IPCXN && d->is_plain &&
			 !dispatch_address_loopback(&address->addr) &&
			 !dispatch_address_listed(plain, d->host, &address->addr))
		dispatch_refuse(d,
						"what is sent to %s would not be encrypted: use %s, or add it to %s in "
						"the configuration of monitor-dispatch",
						d->host, d->is_mail ? "starttls = required or smtps" : "https",
						d->is_mail ? "allow_plain_smtp" : "allow_http");
	else
		return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
	d->address_refused = true;
	return CURL_SOCKET_BAD;
}

/* Hands out the body; a test build does so in two halves, to die between them. */
static size_t
read_body(char *out, size_t size, size_t count, void *delivery)
{
	Delivery *d = delivery;
	size_t room = size * count;
	size_t length = d->body_size - d->body_offset;

#ifdef DISPATCH_FAILPOINTS
	if (d->body_offset > 0)
		dispatch_failpoint("mid_request");
	if (room > d->body_size / 2 + 1)
		room = d->body_size / 2 + 1;
#endif
	if (length > room)
		length = room;
	memcpy(out, d->body + d->body_offset, length);
	d->body_offset += length;
	if (length == 0)
		d->body_ended = true;
	return length;
}

/* An HTTP request is whole with its last byte, a mail with the dot that follows its end. */
bool
dispatch_request_sent(const Delivery *d)
{
	if (d->is_mail)
		return d->body_ended;
	return d->body_size > 0 && d->body_offset == d->body_size;
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

static void
note_retry_after(Delivery *d, const char *line, size_t length)
{
	static const char name[] = "retry-after:";
	size_t skip = sizeof(name) - 1;
	char value[MAX_HEADER];

	if (length <= skip || length - skip >= sizeof(value) || strncasecmp(line, name, skip) != 0)
		return;
	memcpy(value, line + skip, length - skip);
	value[length - skip] = '\0';
	d->retry_after = dispatch_retry_after(value, time(NULL));
}

/* Headers of HTTP, one at a time; lines of an SMTP server's. */
static size_t
keep_header(char *data, size_t size, size_t count, void *delivery)
{
	Delivery *d = delivery;
	size_t length = size * count;
	long status = 0;

	if (d->is_mail)
	{
		dispatch_note_smtp_line(d, data, length);
		return length;
	}
	note_retry_after(d, data, length);
	curl_easy_getinfo(d->easy, CURLINFO_RESPONSE_CODE, &status);
	if (length <= 2 && status >= 200)
		d->headers_ended_at = dispatch_now();
	return length;
}

/* Ends a transfer whose status is known, and whose body drips. */
static int
watch_body(void *delivery, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t e)
{
	const Delivery *d = delivery;

	(void) a, (void) b, (void) c, (void) e;
	return d->headers_ended_at > 0 && dispatch_now() - d->headers_ended_at > BODY_SECONDS;
}

static void
set_callbacks(Delivery *d)
{
	curl_easy_setopt(d->easy, CURLOPT_PRIVATE, d);
	curl_easy_setopt(d->easy, CURLOPT_ERRORBUFFER, d->curl_error);
	curl_easy_setopt(d->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(d->easy, CURLOPT_OPENSOCKETDATA, d);
	curl_easy_setopt(d->easy, CURLOPT_READFUNCTION, read_body);
	curl_easy_setopt(d->easy, CURLOPT_READDATA, d);
	curl_easy_setopt(d->easy, CURLOPT_WRITEFUNCTION, keep_response);
	curl_easy_setopt(d->easy, CURLOPT_WRITEDATA, d);
	curl_easy_setopt(d->easy, CURLOPT_HEADERFUNCTION, keep_header);
	curl_easy_setopt(d->easy, CURLOPT_HEADERDATA, d);
	curl_easy_setopt(d->easy, CURLOPT_XFERINFOFUNCTION, watch_body);
	curl_easy_setopt(d->easy, CURLOPT_XFERINFODATA, d);
	curl_easy_setopt(d->easy, CURLOPT_NOPROGRESS, 0L);
}

static void
set_limits(Delivery *d)
{
	const char *text = dispatch_field(d, NOTICE_TIMEOUT);
	long timeout = text ? atol(text) : 0;

	if (timeout < 1)
		timeout = DEFAULT_TIMEOUT;
	curl_easy_setopt(d->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(d->easy, CURLOPT_TIMEOUT, timeout);
	curl_easy_setopt(d->easy, CURLOPT_CONNECTTIMEOUT,
					 timeout < CONNECT_SECONDS ? timeout : CONNECT_SECONDS);
	curl_easy_setopt(d->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(d->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(d->easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(d->easy, CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
	curl_easy_setopt(d->easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(d->easy, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
	/* a connection whose address was checked for one channel is not another's */
	curl_easy_setopt(d->easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(d->easy, CURLOPT_FRESH_CONNECT, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
	/* a resolver that hangs does not keep the program from ending */
	curl_easy_setopt(d->easy, CURLOPT_QUICK_EXIT, 1L);
#endif
	if (d->config->ca_file)
		curl_easy_setopt(d->easy, CURLOPT_CAINFO, d->config->ca_file);
}

/* What follows the host in an address that is secret may come back in an error page. */
static void
keep_path_secret(Delivery *d, CURLU *parts)
{
	char *path = NULL;

	if (curl_url_get(parts, CURLUPART_PATH, &path, 0) == CURLUE_OK && strlen(path) > 4 &&
		d->num_secrets < DISPATCH_MAX_SECRETS)
		d->secrets[d->num_secrets++] = strdup(path);
	curl_free(path);
}

static bool
note_host(Delivery *d, CURLU *parts)
{
	char *host = NULL;
	size_t length;

	if (curl_url_get(parts, CURLUPART_HOST, &host, 0) != CURLUE_OK)
		return false;
	length = strlen(host);
	/* an IPv6 address stands in brackets */
	if (*host == '[' && host[length - 1] == ']')
		d->host = strndup(host + 1, length - 2);
	else
		d->host = strdup(host);
	curl_free(host);
	return d->host != NULL;
}

static bool
take_url(Delivery *d, CURLU *parts, const char *url, const char *schemes, bool is_secret)
{
	char *scheme = NULL;
	bool allowed;

	if (curl_url_set(parts, CURLUPART_URL, url, 0) != CURLUE_OK ||
		curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK || !note_host(d, parts))
	{
		curl_free(scheme);
		return dispatch_refuse(d, "the url of the channel is not one");
	}
	allowed = strstr(schemes, scheme) != NULL;
	d->is_plain = strcmp(scheme, "http") == 0 || strcmp(scheme, "smtp") == 0;
	d->is_mail = strncmp(scheme, "smtp", 4) == 0;
	curl_free(scheme);
	if (!allowed)
		return dispatch_refuse(d, "the url of the channel must begin with one of %s", schemes);
	if (is_secret)
		keep_path_secret(d, parts);
	return curl_easy_setopt(d->easy, CURLOPT_PROTOCOLS_STR, schemes) == CURLE_OK &&
		curl_easy_setopt(d->easy, CURLOPT_URL, url) == CURLE_OK;
}

/* The channel's URL, or the one that it keeps secret; schemes as "http,https". */
bool
dispatch_set_url(Delivery *d, const char *schemes)
{
	const char *url = dispatch_field(d, NOTICE_URL);
	bool is_secret = url && dispatch_is_reference(url);
	CURLU *parts;
	bool good;

	if (url == NULL)
		return dispatch_refuse(d, "the channel has no url");
	if (is_secret && !dispatch_add_secret(d, url, &url))
		return false;
	parts = curl_url();
	good = parts && take_url(d, parts, url, schemes, is_secret);
	curl_url_cleanup(parts);
	return good;
}

/* Makes the transfer ready; false: local_error says what our configuration lacks. */
bool
dispatch_prepare(Delivery *d)
{
	const char *kind = dispatch_field(d, NOTICE_CHANNEL_KIND);
	bool good;

	d->easy = curl_easy_init();
	if (d->easy == NULL || kind == NULL)
		return dispatch_refuse(d, "out of memory");
	set_callbacks(d);
	set_limits(d);
	if (strcmp(kind, "email") == 0)
		good = dispatch_prepare_mail(d);
	else
		good = dispatch_prepare_http(d);
	if (!good && *d->local_error == '\0')
		dispatch_refuse(d, "the request could not be put together: out of memory?");
	return good;
}
