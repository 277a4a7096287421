/*
 * check.c
 *		monitor-dispatch --check: does all that sending needs work?  A line for each answer.
 */
#include "dispatcher.h"

#include <stdio.h>
#include <string.h>

static int failures = 0;

static void
say(bool good, const char *what, const char *more)
{
	if (!good)
		failures++;
	printf("%-4s  %s%s%s\n", good ? "ok" : "FAIL", what, more ? ": " : "", more ? more : "");
	fflush(stdout);
}

static void
say_channel(const Delivery *d, const Outcome *o, const char *state)
{
	bool good = strcmp(state, "delivered") == 0;
	char what[300];
	char more[1200];

	snprintf(what, sizeof(what), "channel %.150s (%s)", dispatch_field(d, NOTICE_CHANNEL),
			 dispatch_field(d, NOTICE_CHANNEL_KIND));
	if (o->error)
		snprintf(more, sizeof(more), "%s", o->error);
	else if (good)
		snprintf(more, sizeof(more), "delivered");
	else
		snprintf(more, sizeof(more), "%s %ld: %.300s", o->smtp_code ? "SMTP" : "HTTP",
				 o->smtp_code ? o->smtp_code : o->http_status, d->response);
	say(good, what, more);
}

/* Waits for what curl and the database bring, a little while. */
static void
wait_a_little(Dispatcher *dp)
{
	dispatch_collect(dp);
	dispatch_read_notifications(dp);
	if (dp->ended == NULL)
		dispatch_wait(dp, CURL_WAIT_POLLIN, 0.2);
}

static void
check_notifications(Dispatcher *dp)
{
	if (dispatch_send_probe(dp))
	{
		while (dp->conn && dp->listening == LISTENING_UNKNOWN && dispatch_stops() == 0)
		{
			wait_a_little(dp);
			if (dp->conn)
				dispatch_watch_probe(dp);
		}
	}
	say(dp->listening == LISTENING_YES, "notifications",
		dp->listening == LISTENING_YES ? "they arrive"
									   : "they do not arrive; is there a pooler of transactions?");
}

static void
check_channels(Dispatcher *dp, const char *channel)
{
	int n = dispatch_claim_tests(dp, channel);

	if (n < 0)
		say(false, "channels", "they could not be tested");
	else if (n == 0)
		say(true, "channels", "there are none");
	while (dp->conn && (dp->in_flight > 0 || dp->ended) && dispatch_stops() == 0)
	{
		wait_a_little(dp);
		dispatch_report(dp, say_channel);
	}
	if (dp->in_flight > 0 || dp->ended)
		say(false, "channels", "some could not be tested to the end");
}

/* Tries a channel, NULL: each; the exit code. */
int
dispatch_check(Dispatcher *dp, const char *channel)
{
	dp->wants_news = true;
	dispatch_log_level(LEVEL_ERROR);
	/* not the name of the sender that runs: what it leases is not ours */
	if (!dispatch_config_set(dp->config, "instance", "check", &(const char *){NULL}))
		return DISPATCH_USAGE;
	say(true, "configuration", NULL);
	if (!dispatch_connect(dp))
	{
		say(false, "connection", NULL);
		return DISPATCH_CONNECTION;
	}
	say(true, "connection", NULL);
	if (!dispatch_begin_session(dp) || !dispatch_beat(dp))
	{
		say(false, "version and rights", NULL);
		return dp->exit_code != DISPATCH_OK ? dp->exit_code : DISPATCH_CONNECTION;
	}
	say(true, "version and rights", NULL);
	check_notifications(dp);
	check_channels(dp, channel);
	return failures > 0 ? DISPATCH_UNDELIVERED : DISPATCH_OK;
}
