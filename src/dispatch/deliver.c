/*
 * deliver.c
 *		A notice from the moment it is ours until the database knows what came of it.
 */
#include "dispatcher.h"
#include "failpoint.h"

#include <string.h>

#define MAX_REPORT_FAILURES	 5
#define REPORT_AGAIN_SECONDS 1.0

static void
append_ended(Dispatcher *dp, Delivery *d)
{
	Delivery **last = &dp->ended;

	while (*last)
		last = &(*last)->next;
	d->next = NULL;
	*last = d;
}

static void
take_from_begun(Dispatcher *dp, const Delivery *d)
{
	Delivery **link = &dp->begun;

	while (*link && *link != d)
		link = &(*link)->next;
	if (*link)
		*link = d->next;
}

/* Begins to send; what cannot begin has ended. */
void
dispatch_start(Dispatcher *dp, Delivery *d)
{
	dispatch_log(LEVEL_DEBUG, "notice %s, attempt %s, through %s: begun",
				 dispatch_field(d, NOTICE_UID), dispatch_field(d, NOTICE_ATTEMPT),
				 dispatch_field(d, NOTICE_CHANNEL));
	if (dispatch_prepare(d) && curl_multi_add_handle(dp->multi, d->easy) == CURLM_OK)
	{
		dp->in_flight++;
		d->next = dp->begun;
		dp->begun = d;
		return;
	}
	d->not_begun = true;
	if (*d->local_error == '\0')
		dispatch_refuse(d, "the transfer could not begin");
	append_ended(dp, d);
}

/* Goes on with the transfers, and takes those that have ended. */
void
dispatch_collect(Dispatcher *dp)
{
	CURLMsg *message;
	int left;

	curl_multi_perform(dp->multi, &left);
	while ((message = curl_multi_info_read(dp->multi, &left)) != NULL)
	{
		Delivery *d = NULL;
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		dispatch_failpoint("after_response");
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **) &d);
		curl_multi_remove_handle(dp->multi, easy);
		take_from_begun(dp, d);
		d->code = code;
		dp->in_flight--;
		append_ended(dp, d);
	}
}

static void
log_outcome(const Delivery *d, const Outcome *o, const char *state)
{
	bool good = strcmp(state, "delivered") == 0 && o->error == NULL;

	dispatch_log(good ? LEVEL_INFO : LEVEL_WARNING,
				 "notice %s, attempt %s, through %s: %s (%s %ld)%s%s",
				 dispatch_field(d, NOTICE_UID), dispatch_field(d, NOTICE_ATTEMPT),
				 dispatch_field(d, NOTICE_CHANNEL), state, d->is_mail ? "SMTP" : "HTTP",
				 d->is_mail ? o->smtp_code : o->http_status, o->error ? ": " : "",
				 o->error ? o->error : "");
}

/*
 * Tells the database what came of all that has ended.  What it does not take because the
 * connection is lost waits for the next one.
 */
void
dispatch_report(Dispatcher *dp,
				void (*tell)(const Delivery *d, const Outcome *o, const char *state))
{
	while (dp->ended && dp->conn && dispatch_now() >= dp->report_at)
	{
		Delivery *d = dp->ended;
		Outcome outcome;
		char state[32];

		dispatch_outcome(d, &outcome);
		if (dispatch_finish(dp, d, &outcome, state, sizeof(state)))
		{
			log_outcome(d, &outcome, state);
			if (tell)
				tell(d, &outcome, state);
		}
		else if (dp->conn == NULL)
			return;
		else if (++d->report_failures < MAX_REPORT_FAILURES && dp->exit_code == DISPATCH_OK)
		{
			dp->report_at = dispatch_now() + REPORT_AGAIN_SECONDS;
			return;
		}
		else
			dispatch_log(LEVEL_ERROR, "notice %s: what came of it could not be told",
						 dispatch_field(d, NOTICE_UID));
		dp->ended = d->next;
		dispatch_delivery_free(d);
		/* a place is free, and the next of its group may follow */
		dp->round_at = 0;
	}
}
