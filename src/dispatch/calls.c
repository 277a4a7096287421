/*
 * calls.c
 *		What the database offers a sender: each call is one short transaction.
 */
#include "dispatcher.h"
#include "failpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * What a beat may fail with, and no second attempt mends: the program ends with an exit code
 * that says so.
 */
static const struct
{
	const char *sqlstate;
	int exit_code;
} fatal[] = {
	{"55000", DISPATCH_VERSION}, /* the versions do not fit */
	{"42883", DISPATCH_VERSION}, /* an extension without these functions, or none */
	{"42704", DISPATCH_VERSION}, {"3F000", DISPATCH_VERSION},
	{"42P01", DISPATCH_VERSION}, {"42501", DISPATCH_RIGHTS},
};

static void
note_error(Dispatcher *dp, const char *what, const PGresult *result)
{
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);

	dispatch_log(LEVEL_ERROR, "%s: %s%s%s", what, message ? message : "no message",
				 hint ? " Hint: " : "", hint ? hint : "");
	snprintf(dp->sqlstate, sizeof(dp->sqlstate), "%s", sqlstate ? sqlstate : "");
}

static void
judge_beat(Dispatcher *dp)
{
	for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
	{
		if (strcmp(fatal[i].sqlstate, dp->sqlstate) == 0)
		{
			dp->exit_code = fatal[i].exit_code;
			dp->stopping = true;
		}
	}
}

/* The result if it is good; NULL: what went wrong is in the log. */
static PGresult *
call(Dispatcher *dp, const char *what, const char *sql, int n_params, const char *const *params)
{
	PGresult *result = dispatch_query(dp, sql, n_params, params);
	ExecStatusType status;

	if (result == NULL)
		return NULL;
	status = PQresultStatus(result);
	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
		return result;
	note_error(dp, what, result);
	PQclear(result);
	return NULL;
}

static bool
done(PGresult *result)
{
	PQclear(result);
	return result != NULL;
}

/*
 * What a session needs before the first claim.  LISTEN comes before it: what is committed in
 * between is either claimed or notified.  jit: with 100,000 notices waiting, the estimates of
 * what a LIMIT cuts off would have each claim compiled, which takes longer than to run it.
 */
bool
dispatch_begin_session(Dispatcher *dp)
{
	if (!done(call(dp, "cannot set up the session",
				   "SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false),"
				   " pg_catalog.set_config('statement_timeout', '12s', false),"
				   " pg_catalog.set_config('lock_timeout', '5s', false),"
				   " pg_catalog.set_config('jit', 'off', false)",
				   0, NULL)))
		return false;
	if (!dp->wants_news)
		return true;
	return done(call(dp, "cannot listen", "LISTEN monitor_outbox", 0, NULL)) &&
		done(call(dp, "cannot listen", "LISTEN monitor_probe", 0, NULL));
}

static const char *
seconds_text(int seconds, char *text, size_t size)
{
	snprintf(text, size, "%d seconds", seconds);
	return text;
}

/* The tokens of all that is on its way or to be reported, as an array; NULL: no memory. */
static char *
held_tokens(const Dispatcher *dp)
{
	const Delivery *lists[] = {dp->begun, dp->ended};
	size_t size = 3;
	size_t used = 1;
	char *tokens;

	for (size_t i = 0; i < 2; i++)
		for (const Delivery *d = lists[i]; d; d = d->next)
			size += strlen(dispatch_field(d, NOTICE_TOKEN)) + 1;
	tokens = malloc(size);
	if (tokens == NULL)
		return NULL;
	tokens[0] = '{';
	for (size_t i = 0; i < 2; i++)
		for (const Delivery *d = lists[i]; d; d = d->next)
			used += (size_t) snprintf(tokens + used, size - used, "%s%s", used > 1 ? "," : "",
									  dispatch_field(d, NOTICE_TOKEN));
	snprintf(tokens + used, size - used, "}");
	return tokens;
}

/* Says that we are here, and keeps what we hold. */
bool
dispatch_beat(Dispatcher *dp)
{
	char pid[16];
	char lease[32];
	char *tokens = held_tokens(dp);
	const char *params[] = {dp->config->instance,
							pid,
							MONITOR_VERSION,
							dp->listening == LISTENING_YES ? "true" : "false",
							tokens,
							seconds_text(dp->config->lease, lease, sizeof(lease))};
	bool taken;

	snprintf(pid, sizeof(pid), "%d", (int) getpid());
	dp->beat_at = dispatch_now() + dp->config->lease / 3.0;
	dp->sqlstate[0] = '\0';
	taken = done(call(dp, "the database refuses this program",
					  "SELECT monitor.dispatcher_beat($1::text, $2::integer, $3::text, $4::boolean,"
					  " $5::bigint[], $6::interval)",
					  6, params));
	free(tokens);
	if (!taken)
		judge_beat(dp);
	return taken;
}

/* *seconds: until there is something to do; negative: nothing is planned. */
bool
dispatch_tick(Dispatcher *dp, double *seconds)
{
	PGresult *result = call(dp, "tick failed",
							"SELECT pg_catalog.date_part('epoch', t.next - monitor.now())"
							" FROM monitor.dispatcher_tick() AS t(next)",
							0, NULL);

	if (result == NULL)
		return false;
	*seconds = -1;
	if (PQntuples(result) == 1 && !PQgetisnull(result, 0, 0))
	{
		*seconds = atof(PQgetvalue(result, 0, 0));
		if (*seconds < 0)
			*seconds = 0;
	}
	PQclear(result);
	return true;
}

/* Begins to send what a query gives; how many, -1: it failed. */
static int
start_all(Dispatcher *dp, PGresult *result)
{
	int n = result ? PQntuples(result) : -1;

	if (n > 0)
		dispatch_failpoint("after_claim");
	for (int i = 0; i < n; i++)
	{
		Delivery *d = dispatch_delivery_new(dp->config, result, i);

		if (d)
			dispatch_start(dp, d);
	}
	PQclear(result);
	return n;
}

int
dispatch_claim(Dispatcher *dp, int max)
{
	char sql[4096];
	char most[16];
	char lease[32];
	const char *params[] = {dp->config->instance, most,
							seconds_text(dp->config->lease, lease, sizeof(lease))};

	snprintf(most, sizeof(most), "%d", max);
	snprintf(sql, sizeof(sql),
			 "SELECT %s FROM pg_catalog.unnest(monitor.dispatcher_claim($1::text, $2::integer,"
			 " $3::interval)) AS c",
			 dispatch_notice_columns());
	return start_all(dp, call(dp, "claim failed", sql, 3, params));
}

/* A test for a channel; NULL: for each. */
int
dispatch_claim_tests(Dispatcher *dp, const char *channel)
{
	char sql[4096];
	const char *params[] = {channel};

	snprintf(sql, sizeof(sql),
			 "SELECT %s FROM pg_catalog.unnest(monitor.dispatcher_test($1::text)) AS c",
			 dispatch_notice_columns());
	return start_all(dp, call(dp, "the test failed", sql, 1, params));
}

/* A number as a parameter, NULL where it means nothing. */
static const char *
number_text(long number, bool means_something, char *text, size_t size)
{
	snprintf(text, size, "%ld", number);
	return means_something ? text : NULL;
}

/* false: it was not taken, and may be told again */
bool
dispatch_finish(Dispatcher *dp, Delivery *d, const Outcome *outcome, char *state, size_t size)
{
	char http[24], smtp[24], curl[24], patience[40];
	const char *params[9];
	PGresult *result;

	snprintf(patience, sizeof(patience), "%.3f", d->retry_after);
	params[0] = dispatch_field(d, NOTICE_ID);
	params[1] = dispatch_field(d, NOTICE_TOKEN);
	params[2] = number_text(outcome->http_status, outcome->http_status > 0, http, sizeof(http));
	params[3] = number_text(outcome->smtp_code, outcome->smtp_code > 0, smtp, sizeof(smtp));
	params[4] = number_text(outcome->curl_code, true, curl, sizeof(curl));
	params[5] = outcome->request_sent ? "true" : "false";
	params[6] = d->retry_after >= 0 ? patience : NULL;
	params[7] = d->response_size > 0 ? d->response : NULL;
	params[8] = outcome->error;
	dispatch_failpoint("before_finish");
	result = call(dp, "cannot report an attempt",
				  "SELECT monitor.dispatcher_finish($1::bigint, $2::bigint, $3::integer,"
				  " $4::integer, $5::integer, $6::boolean, $7::double precision, $8::text,"
				  " $9::text)",
				  9, params);
	if (result == NULL)
		return false;
	snprintf(state, size, "%s", PQntuples(result) == 1 ? PQgetvalue(result, 0, 0) : "");
	PQclear(result);
	return true;
}
