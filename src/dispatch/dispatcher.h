/*
 * dispatcher.h
 *		The running program: one connection, the transfers, and what is to be reported.
 */
#ifndef MONITOR_DISPATCHER_H
#define MONITOR_DISPATCHER_H

#include "delivery.h"

/* Whether notifications reach this connection. */
typedef enum Listening
{
	LISTENING_UNKNOWN,
	LISTENING_YES,
	LISTENING_NO
} Listening;

typedef struct Dispatcher
{
	DispatchConfig *config;
	CURLM *multi;
	int wake_fd; /* readable after a signal; -1: none */
	int exit_code;
	bool stopping;	 /* claim no more */
	bool wants_news; /* LISTEN, and see whether it works */

	PGconn *conn;	  /* NULL: not connected */
	char sqlstate[6]; /* of the last call that failed */
	double reconnect_at;
	double backoff;
	double beat_at;
	double round_at;

	Listening listening;
	char nonce[40];
	double probe_sent_at; /* 0: none is on its way */
	double probe_at;

	int in_flight;
	Delivery *begun; /* on their way */
	Delivery *ended; /* to be reported, the oldest first */
	double report_at;
} Dispatcher;

/* database.c: a connection, and queries with an end; transfers go on meanwhile */
extern bool dispatch_connect(Dispatcher *dp);
extern void dispatch_disconnect(Dispatcher *dp, const char *why);
extern PGresult *dispatch_query(Dispatcher *dp, const char *sql, int n_params,
								const char *const *params);
extern void dispatch_wait(Dispatcher *dp, short db_events, double seconds);

/* calls.c: what the database offers */
extern bool dispatch_begin_session(Dispatcher *dp);
extern bool dispatch_beat(Dispatcher *dp);
extern bool dispatch_tick(Dispatcher *dp, double *seconds);
extern int dispatch_claim(Dispatcher *dp, int max);
extern int dispatch_claim_tests(Dispatcher *dp, const char *channel);
extern bool dispatch_finish(Dispatcher *dp, Delivery *d, const Outcome *outcome, char *state,
							size_t size);

/* listen.c: notifications, and whether they arrive */
extern bool dispatch_send_probe(Dispatcher *dp);
extern void dispatch_watch_probe(Dispatcher *dp);
extern void dispatch_read_notifications(Dispatcher *dp);

/* deliver.c: transfers begun, ended, reported */
extern void dispatch_start(Dispatcher *dp, Delivery *d);
extern void dispatch_collect(Dispatcher *dp);
extern void dispatch_report(Dispatcher *dp,
							void (*tell)(const Delivery *d, const Outcome *o, const char *state));

/* loop.c and check.c: the exit code */
extern int dispatch_run(Dispatcher *dp, bool once, const char *config_path);
extern int dispatch_check(Dispatcher *dp, const char *channel);

/* signals.c: SIGTERM and SIGINT stop, SIGHUP reloads */
extern int dispatch_catch_signals(void);
extern int dispatch_stops(void);
extern bool dispatch_take_reload(void);

/* main.c: the configuration as the command line and the file say it; NULL: it is wrong */
extern DispatchConfig *dispatch_configure(const char *path);

#endif /* MONITOR_DISPATCHER_H */
