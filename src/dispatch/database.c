/*
 * database.c
 *		The functions of schema monitor that this program calls, each in a transaction of its own.
 */
#include "dispatch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLAIMED_COLUMNS \
	"SELECT c.id, c.uid, c.token, c.attempt, c.kind, c.channel, c.channel_kind, c.url, c.secret," \
	" c.bearer, c.username, c.password, c.content_type, c.body, c.mail_from," \
	" pg_catalog.array_to_string(c.mail_to, E'\\n') AS recipients, c.subject, c.text_body," \
	" c.html_body, c.message_id, c.in_reply_to, c.list_id, c.starttls," \
	" pg_catalog.array_to_string(c.plot_reference, ',') AS plot_reference," \
	" pg_catalog.array_to_string(c.plot_current, ',') AS plot_current, c.timeout_seconds "

static void
complain(PGconn *conn, const PGresult *result)
{
	const char *message = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	const char *hint = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_HINT) : NULL;
	char text[1000];

	snprintf(text, sizeof(text), "%s", message ? message : PQerrorMessage(conn));
	text[strcspn(text, "\n")] = '\0';
	dispatch_log("%s%s%s", text, hint ? " -- " : "", hint ? hint : "");
}

/* The result of a query that gives rows, or NULL, and the trouble is logged. */
static PGresult *
query(PGconn *conn, const char *sql, int n, const char *const *values)
{
	PGresult *result = PQexecParams(conn, sql, n, NULL, values, NULL, NULL, 0);

	if (PQresultStatus(result) == PGRES_TUPLES_OK)
		return result;
	complain(conn, result);
	PQclear(result);
	return NULL;
}

/* A connection that listens; NULL: exit_code says why. */
PGconn *
dispatch_connect(const DispatchConfig *config, int *exit_code)
{
	static const char *const names[] = {"keepalives_idle",
										"keepalives_interval",
										"keepalives_count",
										"tcp_user_timeout",
										"connect_timeout",
										"fallback_application_name",
										"client_encoding",
										"dbname",
										NULL};
	const char *values[] = {"30",	"5",
							"3",	"15000",
							"10",	"monitor-dispatch",
							"UTF8", config->conninfo,
							NULL};
	PGconn *conn = PQconnectdbParams(names, values, 1);
	PGresult *result;

	if (PQstatus(conn) != CONNECTION_OK)
	{
		complain(conn, NULL);
		PQfinish(conn);
		*exit_code = DISPATCH_CONNECTION;
		return NULL;
	}
	result = PQexec(conn, "LISTEN monitor_outbox; LISTEN monitor_probe");
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		complain(conn, result);
	PQclear(result);
	return conn;
}

/* false: exit_code says what is wrong for good, or DISPATCH_CONNECTION */
bool
dispatch_beat(PGconn *conn, const DispatchConfig *config, bool listening, int *exit_code)
{
	char pid[16], lease[32];
	const char *values[] = {config->instance, pid, MONITOR_VERSION, listening ? "t" : "f", lease};
	PGresult *result;
	const char *state;
	bool good;

	snprintf(pid, sizeof(pid), "%d", (int) getpid());
	snprintf(lease, sizeof(lease), "%d seconds", config->lease_seconds);
	result = PQexecParams(conn, "SELECT monitor.dispatcher_beat($1, $2, $3, $4, $5)", 5, NULL,
						  values, NULL, NULL, 0);
	good = PQresultStatus(result) == PGRES_TUPLES_OK;
	state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	if (!good)
	{
		complain(conn, result);
		*exit_code = state == NULL		   ? DISPATCH_CONNECTION
			: strcmp(state, "55000") == 0  ? DISPATCH_VERSION
			: strncmp(state, "42", 2) == 0 ? DISPATCH_RIGHTS
			: strncmp(state, "3F", 2) == 0 ? DISPATCH_RIGHTS
										   : DISPATCH_CONNECTION;
	}
	PQclear(result);
	return good;
}

/* Seconds until the next tick is due, by the clock of the database; -1: nothing is planned. */
bool
dispatch_tick(PGconn *conn, double *seconds)
{
	PGresult *result = query(conn,
							 "SELECT EXTRACT(epoch FROM monitor.dispatcher_tick() - monitor.now())",
							 0, NULL);

	if (result == NULL)
		return false;
	*seconds = PQgetisnull(result, 0, 0) ? -1 : atof(PQgetvalue(result, 0, 0));
	if (!PQgetisnull(result, 0, 0) && *seconds < 0)
		*seconds = 0;
	PQclear(result);
	return true;
}

PGresult *
dispatch_claim(PGconn *conn, const DispatchConfig *config, int max)
{
	char number[16], lease[32];
	const char *values[] = {config->instance, number, lease};

	snprintf(number, sizeof(number), "%d", max);
	snprintf(lease, sizeof(lease), "%d seconds", config->lease_seconds);
	return query(conn,
				 CLAIMED_COLUMNS
				 "FROM pg_catalog.unnest(monitor.dispatcher_claim($1, $2, $3)) AS c",
				 3, values);
}

/* A test for each channel, or for one. */
PGresult *
dispatch_claim_tests(PGconn *conn, const char *channel)
{
	const char *values[] = {channel};

	return query(conn, CLAIMED_COLUMNS "FROM pg_catalog.unnest(monitor.dispatcher_test($1)) AS c",
				 1, values);
}

bool
dispatch_probe(PGconn *conn, const char *nonce)
{
	const char *values[] = {nonce};
	PGresult *result = query(conn, "SELECT monitor.dispatcher_probe($1)", 1, values);

	PQclear(result);
	return result != NULL;
}

/* Text that any database takes, without the secrets. */
static void
make_safe(Delivery *d, char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char) text[i] >= 0x7f ||
			((unsigned char) text[i] < ' ' && text[i] != '\n' && text[i] != '\t'))
			text[i] = text[i] == '\r' ? ' ' : '?';
	text[length] = '\0';
	for (int i = 0; i < d->num_secrets; i++)
		dispatch_blank(text, d->secrets[i]);
}

/* The facts of an attempt as the arguments of dispatcher_finish. */
typedef struct Facts
{
	char http_status[16], smtp_code[16], curl_code[16], retry_after[32];
	bool request_sent;
	const char *error;
} Facts;

static void
collect(Delivery *d, CURLcode code, bool is_mail, Facts *facts)
{
	long status = 0, request = 0;
	curl_off_t uploaded = 0;

	if (d->easy)
	{
		curl_easy_getinfo(d->easy, CURLINFO_RESPONSE_CODE, &status);
		curl_easy_getinfo(d->easy, CURLINFO_REQUEST_SIZE, &request);
		curl_easy_getinfo(d->easy, CURLINFO_SIZE_UPLOAD_T, &uploaded);
	}
	snprintf(facts->http_status, sizeof(facts->http_status), "%ld", is_mail ? 0 : status);
	snprintf(facts->smtp_code, sizeof(facts->smtp_code), "%ld", is_mail ? status : 0);
	snprintf(facts->curl_code, sizeof(facts->curl_code), "%d", *d->local_error ? -1 : (int) code);
	snprintf(facts->retry_after, sizeof(facts->retry_after), "%.3f", d->retry_after);
	facts->request_sent = is_mail ? uploaded > 0 : request > 0;
	make_safe(d, d->response, d->response_size);
	make_safe(d, d->curl_error, strlen(d->curl_error));
	facts->error = *d->local_error ? d->local_error
		: code == CURLE_OK		   ? ""
		: *d->curl_error		   ? d->curl_error
								   : curl_easy_strerror(code);
}

/* false: the database was not reached, try again. */
bool
dispatch_finish(PGconn *conn, Delivery *d, CURLcode code, char *state, size_t state_size)
{
	bool is_mail = strcmp(dispatch_field(d, "channel_kind"), "email") == 0;
	Facts facts;
	PGresult *result;

	collect(d, code, is_mail, &facts);
	{
		const char *values[] = {dispatch_field(d, "id"),
								dispatch_field(d, "token"),
								facts.http_status,
								facts.smtp_code,
								facts.curl_code,
								facts.request_sent ? "t" : "f",
								d->has_retry_after ? facts.retry_after : NULL,
								d->response,
								facts.error};

		result = query(conn, "SELECT monitor.dispatcher_finish($1, $2, $3, $4, $5, $6, $7, $8, $9)",
					   9, values);
	}
	snprintf(state, state_size, "%s%s%s", result ? PQgetvalue(result, 0, 0) : "unknown",
			 *facts.error ? ": " : "", facts.error);
	PQclear(result);
	return result != NULL || PQstatus(conn) == CONNECTION_OK;
}
