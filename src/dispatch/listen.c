/*
 * listen.c
 *		Notifications wake us; whether they arrive at all is tried out with one of our own.
 *		A pooler that hands each transaction to another connection swallows them, and a
 *		half-open connection brings nothing any more.
 */
#include "dispatcher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#define PROBE_SECONDS 5.0
#define PROBE_EVERY	  30.0

static void
new_nonce(char *text, size_t size)
{
	unsigned char bytes[16] = {0};

	RAND_bytes(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes) && 2 * i + 3 <= size; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}

/* false: it could not be sent */
bool
dispatch_send_probe(Dispatcher *dp)
{
	const char *params[] = {dp->nonce};
	PGresult *result;
	bool sent;

	new_nonce(dp->nonce, sizeof(dp->nonce));
	dp->probe_at = dispatch_now() + PROBE_EVERY;
	dp->probe_sent_at = dispatch_now();
	result = dispatch_query(dp, "SELECT monitor.dispatcher_probe($1::text)", 1, params);
	if (result == NULL)
		return false;
	sent = PQresultStatus(result) == PGRES_TUPLES_OK;
	if (!sent)
	{
		dispatch_log(LEVEL_ERROR, "cannot try notifications: %s", PQresultErrorMessage(result));
		dp->probe_sent_at = 0;
	}
	PQclear(result);
	return sent;
}

static void
probe_came_back(Dispatcher *dp)
{
	dp->probe_sent_at = 0;
	if (dp->listening == LISTENING_YES)
		return;
	dp->listening = LISTENING_YES;
	dp->beat_at = 0;
	dispatch_log(LEVEL_INFO, "notifications arrive");
}

static void
no_news(Dispatcher *dp)
{
	dp->probe_sent_at = 0;
	if (dp->listening == LISTENING_UNKNOWN)
		dispatch_log(LEVEL_WARNING,
					 "notifications do not arrive: is there a pooler of transactions in between? "
					 "The outbox is looked at every %d seconds instead",
					 dp->config->poll_interval);
	dp->listening = LISTENING_NO;
}

/* A connection that brought notifications and does not any more is dead. */
void
dispatch_watch_probe(Dispatcher *dp)
{
	if (dp->probe_sent_at == 0 || dispatch_now() - dp->probe_sent_at < PROBE_SECONDS)
		return;
	if (dp->listening == LISTENING_YES)
	{
		dp->probe_sent_at = 0;
		dispatch_disconnect(dp, "notifications do not arrive any more");
	}
	else
		no_news(dp);
}

/* Reads all that there are: a server keeps what is not read. */
void
dispatch_read_notifications(Dispatcher *dp)
{
	PGnotify *notice;

	if (dp->conn == NULL)
		return;
	if (PQconsumeInput(dp->conn) == 0 || PQstatus(dp->conn) != CONNECTION_OK)
	{
		dispatch_disconnect(dp, PQerrorMessage(dp->conn));
		return;
	}
	while ((notice = PQnotifies(dp->conn)) != NULL)
	{
		if (strcmp(notice->relname, "monitor_outbox") == 0)
			dp->round_at = 0;
		else if (dp->probe_sent_at > 0 && strcmp(notice->extra, dp->nonce) == 0)
		{
			/*
			 * A pooler may give us, for the probe's transaction, the very session that listens,
			 * and drop what comes when we have none.  The sessions behind it are not ours.
			 */
			if (notice->be_pid == PQbackendPID(dp->conn))
				probe_came_back(dp);
			else
				no_news(dp);
		}
		PQfreemem(notice);
	}
}
