/*
 * database.c
 *		The connection.  Every wait has an end, since a peer that is gone without a word
 *		would keep us for hours; and transfers go on while we wait.
 */
#include "dispatcher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* for all the hosts of the connection string together */
#define CONNECT_SECONDS 60.0
#define QUERY_SECONDS	15.0
#define MAX_BACKOFF		60.0

/*
 * What holds unless the connection string says otherwise, which comes after it: a peer that
 * is gone is found out, and of several hosts the one that can be written to is taken.
 */
static PGconn *
start_connection(const char *conninfo)
{
	static const char *const names[] = {"connect_timeout",			 "keepalives_idle",
										"keepalives_interval",		 "keepalives_count",
										"tcp_user_timeout",			 "target_session_attrs",
										"fallback_application_name", "dbname",
										"client_encoding",			 NULL};
	const char *values[] = {"10",	  "20",	  "10", "3", "15000", "read-write", "monitor-dispatch",
							conninfo, "UTF8", NULL};

	return PQconnectStartParams(names, values, 1);
}

static void
later(Dispatcher *dp)
{
	double jitter = 0.5 + 0.5 * drand48();

	dp->backoff = dp->backoff <= 0 ? 1 : dp->backoff * 2;
	if (dp->backoff > MAX_BACKOFF)
		dp->backoff = MAX_BACKOFF;
	dp->reconnect_at = dispatch_now() + dp->backoff * jitter;
}

void
dispatch_disconnect(Dispatcher *dp, const char *why)
{
	if (dp->conn == NULL)
		return;
	later(dp);
	dispatch_log(LEVEL_WARNING, "the connection to the database is closed: %s",
				 why && *why ? why : "it was lost");
	PQfinish(dp->conn);
	dp->conn = NULL;
	dp->listening = LISTENING_UNKNOWN;
	dp->probe_sent_at = 0;
}

/*
 * Waits for the database, a transfer or a signal; transfers go on.  db_events: CURL_WAIT_*
 * that the connection waits for, 0: it does not.
 */
void
dispatch_wait(Dispatcher *dp, short db_events, double seconds)
{
	struct curl_waitfd fds[2];
	unsigned int n = 0;
	int running;

	if (dp->wake_fd >= 0)
		fds[n++] = (struct curl_waitfd){.fd = dp->wake_fd, .events = CURL_WAIT_POLLIN};
	if (dp->conn && PQsocket(dp->conn) >= 0 && db_events)
		fds[n++] = (struct curl_waitfd){.fd = PQsocket(dp->conn), .events = db_events};
	/* curl looks at its limits of time when it is called */
	if (dp->in_flight > 0 && seconds > 1)
		seconds = 1;
	if (seconds < 0)
		seconds = 0;
	curl_multi_perform(dp->multi, &running);
	curl_multi_poll(dp->multi, fds, n, (int) (seconds * 1000) + 1, NULL);
	curl_multi_perform(dp->multi, &running);
	if (dp->wake_fd >= 0)
	{
		char bytes[64];

		while (read(dp->wake_fd, bytes, sizeof(bytes)) > 0)
			;
	}
}

static bool
finish_connecting(Dispatcher *dp)
{
	double deadline = dispatch_now() + CONNECT_SECONDS;
	PostgresPollingStatusType state = PGRES_POLLING_WRITING;

	while (state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED)
	{
		double left = deadline - dispatch_now();

		if (left <= 0 || (dispatch_stops() > 0 && dp->ended == NULL))
			return false;
		dispatch_wait(dp, state == PGRES_POLLING_READING ? CURL_WAIT_POLLIN : CURL_WAIT_POLLOUT,
					  left);
		state = PQconnectPoll(dp->conn);
	}
	return state == PGRES_POLLING_OK;
}

/* false: it is tried again at reconnect_at */
bool
dispatch_connect(Dispatcher *dp)
{
	dp->conn = start_connection(dp->config->connection);
	if (dp->conn && PQstatus(dp->conn) != CONNECTION_BAD && finish_connecting(dp) &&
		PQsetnonblocking(dp->conn, 1) == 0)
		return true;
	later(dp);
	dispatch_log(LEVEL_ERROR, "cannot connect to the database: %s",
				 dp->conn && *PQerrorMessage(dp->conn) ? PQerrorMessage(dp->conn) : "no answer");
	PQfinish(dp->conn);
	dp->conn = NULL;
	return false;
}

/* Sends all that is to be sent and reads what has come; false: the connection is lost. */
static bool
exchange(Dispatcher *dp, double deadline)
{
	for (;;)
	{
		int unsent = PQflush(dp->conn);
		double left = deadline - dispatch_now();

		if (unsent < 0 || PQconsumeInput(dp->conn) == 0 || left <= 0)
			return false;
		if (unsent == 0 && !PQisBusy(dp->conn))
			return true;
		dispatch_wait(dp,
					  (short) (unsent ? CURL_WAIT_POLLIN | CURL_WAIT_POLLOUT : CURL_WAIT_POLLIN),
					  left);
	}
}

/*
 * The result of a query, which may be an error of its own; NULL: the connection is lost
 * (and closed), or there was none.
 */
PGresult *
dispatch_query(Dispatcher *dp, const char *sql, int n_params, const char *const *params)
{
	double deadline = dispatch_now() + QUERY_SECONDS;
	PGresult *result = NULL;
	PGresult *next;

	if (dp->conn == NULL)
		return NULL;
	if (!PQsendQueryParams(dp->conn, sql, n_params, NULL, params, NULL, NULL, 0))
	{
		dispatch_disconnect(dp, PQerrorMessage(dp->conn));
		return NULL;
	}
	for (;;)
	{
		if (!exchange(dp, deadline))
		{
			PQclear(result);
			dispatch_disconnect(dp,
								dispatch_now() >= deadline ? "it did not answer in time"
														   : PQerrorMessage(dp->conn));
			return NULL;
		}
		next = PQgetResult(dp->conn);
		if (next == NULL)
			break;
		PQclear(result);
		result = next;
	}
	if (PQstatus(dp->conn) != CONNECTION_OK)
	{
		dispatch_disconnect(dp, PQresultErrorMessage(result));
		PQclear(result);
		return NULL;
	}
	return result;
}
