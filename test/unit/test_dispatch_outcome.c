/*
 * test_dispatch_outcome.c
 *		What is reported of an attempt: the facts, without secrets, as text that any
 *		database takes.
 */
#include <stdlib.h>
#include <string.h>

#include "delivery.h"
#include "unit.h"

#define SECRET "abcdefgh-secret"

/* An attempt that was answered so, of a channel with a secret; free it. */
static Delivery *
answered(const char *response, size_t total)
{
	Delivery *d = calloc(1, sizeof(Delivery));

	d->secrets[0] = strdup(SECRET);
	d->num_secrets = 1;
	d->retry_after = -1;
	d->response_size = strlen(response);
	d->response_total = total;
	memcpy(d->response, response, d->response_size);
	return d;
}

static void
check_response(const char *response, bool is_cut, const char *want, const char *what)
{
	size_t length = strlen(response);
	Delivery *d = answered(response, length + (is_cut ? 1000 : 0));
	Outcome outcome;

	dispatch_outcome(d, &outcome);
	unit_ok(strcmp(d->response, want) == 0, "%s: %s", what, d->response);
	dispatch_delivery_free(d);
}

static void
test_responses(void)
{
	check_response("ok", false, "ok", "an answer");
	check_response("token " SECRET "!", false, "token ***!", "a secret");
	check_response(SECRET SECRET, false, "******", "two of them");
	check_response("token abcdefgh-s", false, "token abcdefgh-s", "no secret, and all of it");
	check_response("token abcdefgh-s", true, "token ", "the beginning of a secret that was cut");
	check_response("abc", true, "", "nothing else");
	check_response("caf\xc3\xa9 caf\xc3", true, "caf\xc3\xa9 caf", "half a character at the end");
	check_response("a\xff\x01z", false, "a??z", "bytes that are no text");
}

static void
test_facts(void)
{
	Delivery *d = answered("", 0);
	Outcome outcome;

	d->body = strdup("{}");
	d->body_size = 2;
	d->code = CURLE_OPERATION_TIMEDOUT;
	strcpy(d->curl_error, "no answer to " SECRET);
	dispatch_outcome(d, &outcome);
	unit_ok(!outcome.request_sent && outcome.curl_code == 28, "a request that did not leave");
	unit_ok(strcmp(outcome.error, "no answer to ***") == 0, "curl's words without the secret");
	d->body_offset = 2;
	dispatch_outcome(d, &outcome);
	unit_ok(outcome.request_sent, "one that did, and had no answer");
	d->is_mail = true;
	dispatch_outcome(d, &outcome);
	unit_ok(!outcome.request_sent, "a mail has not left before its final dot");
	d->body_ended = true;
	dispatch_outcome(d, &outcome);
	unit_ok(outcome.request_sent, "with it, it has");
	d->code = CURLE_COULDNT_CONNECT;
	d->address_refused = true;
	d->body_ended = false;
	dispatch_refuse(d, "127.0.0.1 is refused");
	dispatch_outcome(d, &outcome);
	unit_ok(outcome.curl_code == -1 && strcmp(outcome.error, "127.0.0.1 is refused") == 0,
			"a refused address is our own affair");
	d->code = CURLE_OK;
	dispatch_outcome(d, &outcome);
	unit_ok(outcome.curl_code == 0, "unless another address of the name answered");
	dispatch_delivery_free(d);
}

static void
test_recipients(void)
{
	static const char *const lines[] = {"250 2.1.0 Ok\r\n", "250 2.1.5 Ok\r\n",
										"550 5.1.1 no such user\r\n", "450 4.2.1 later\r\n"};
	Delivery *d = answered("", 0);
	Outcome outcome;

	d->is_mail = true;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		dispatch_note_smtp_line(d, lines[i], strlen(lines[i]));
	dispatch_outcome(d, &outcome);
	unit_ok(d->refused_recipients == 2, "recipients that were refused are counted");
	unit_ok(strstr(outcome.error, "550 5.1.1 no such user") != NULL, "and the first is told: %s",
			outcome.error);
	dispatch_delivery_free(d);
}

int
main(void)
{
	test_responses();
	test_facts();
	test_recipients();
	return unit_done();
}
