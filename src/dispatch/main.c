/*
 * main.c
 *		LISTEN, then drain, then wait.  The database says what is due; notifications only wake
 *		this program earlier, and where none arrive it polls.
 */
#include "dispatch.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PROBE_SECONDS  30 /* between probes */
#define PROBE_PATIENCE 5  /* for a notification to come back */
#define MAX_UNREPORTED 1024

static volatile sig_atomic_t stop_wanted;
static volatile sig_atomic_t reload_wanted;

/* An answer that the database has not heard of yet. */
typedef struct Answer
{
	Delivery *delivery;
	CURLcode code;
} Answer;

typedef struct Dispatcher
{
	DispatchConfig config;
	const char *config_path;
	const char *instance; /* of the command line */
	bool verbose;
	bool once;
	PGconn *conn;
	CURLM *multi;
	int in_flight;
	Answer answers[MAX_UNREPORTED];
	int num_answers;
	double next_beat, next_tick, next_probe, probe_sent, next_connect;
	bool probe_open;  /* one is under way */
	bool listening;	  /* the last one came back */
	int failed;		  /* --check */
	bool nothing_due; /* --once: the last claim was empty */
	int exit_code;
} Dispatcher;

static double
seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

static void
on_signal(int number)
{
	if (number == SIGHUP)
		reload_wanted = 1;
	else
		stop_wanted = 1;
}

static void
catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* ---- the database ---- */

static void
disconnect(Dispatcher *w)
{
	PQfinish(w->conn);
	w->conn = NULL;
	w->probe_open = false;
	w->listening = false;
}

/* Connected and welcome?  What is wrong for good ends the program. */
static bool
ensure_connected(Dispatcher *w)
{
	int code = DISPATCH_OK;
	double now = seconds_now();

	if (w->conn && PQstatus(w->conn) == CONNECTION_OK)
		return true;
	disconnect(w);
	if (now < w->next_connect)
		return false;
	w->next_connect = now + 2;
	w->conn = dispatch_connect(&w->config, &code);
	if (w->conn && !dispatch_beat(w->conn, &w->config, false, &code))
	{
		disconnect(w);
		if (code != DISPATCH_CONNECTION)
		{
			w->exit_code = code;
			stop_wanted = 1;
		}
		return false;
	}
	if (w->conn == NULL)
		return false;
	w->next_beat = now + w->config.lease_seconds / 3.0;
	w->next_tick = w->next_probe = 0;
	dispatch_debug(&w->config, "connected to database %s", PQdb(w->conn));
	return true;
}

static void
beat(Dispatcher *w)
{
	int code = DISPATCH_OK;

	w->next_beat = seconds_now() + w->config.lease_seconds / 3.0;
	if (!dispatch_beat(w->conn, &w->config, w->listening, &code) && code != DISPATCH_CONNECTION)
	{
		w->exit_code = code;
		stop_wanted = 1;
	}
}

/* Do notifications arrive?  Through a pooler they may not, over a dead connection neither. */
static void
probe(Dispatcher *w)
{
	double now = seconds_now();

	if (w->probe_open && now > w->probe_sent + PROBE_PATIENCE)
	{
		w->probe_open = false;
		if (w->listening)
		{
			dispatch_log("a notification did not arrive: connecting anew");
			disconnect(w);
			return;
		}
		dispatch_log("notifications do not arrive (a transaction pooler?): polling every %d seconds",
					 w->config.poll_seconds);
	}
	if (!w->probe_open && now >= w->next_probe)
	{
		w->next_probe = now + PROBE_SECONDS;
		w->probe_sent = now;
		w->probe_open = dispatch_probe(w->conn, w->config.instance);
	}
}

static void
read_notifications(Dispatcher *w)
{
	PGnotify *notice;

	if (!PQconsumeInput(w->conn))
		return;
	while ((notice = PQnotifies(w->conn)) != NULL)
	{
		if (strcmp(notice->relname, "monitor_outbox") == 0)
			w->next_tick = 0;
		else if (strcmp(notice->extra, w->config.instance) == 0)
		{
			if (!w->listening)
			{
				w->listening = true;
				beat(w);
			}
			w->probe_open = false;
		}
		PQfreemem(notice);
	}
}

/* ---- sending ---- */

static void
answered(Dispatcher *w, Delivery *d, CURLcode code)
{
	w->answers[w->num_answers++] = (Answer){.delivery = d, .code = code};
}

/* One claimed row; what cannot even be prepared is an answer at once. */
static void
begin(Dispatcher *w, PGresult *claimed, int row)
{
	Delivery *d = calloc(1, sizeof(Delivery));

	if (d == NULL)
		return;
	d->config = &w->config;
	d->claimed = PQcopyResult(claimed, PG_COPYRES_ATTRS);
	for (int i = 0; i < PQnfields(claimed); i++)
		PQsetvalue(d->claimed, 0, i,
				   PQgetisnull(claimed, row, i) ? NULL : PQgetvalue(claimed, row, i),
				   PQgetisnull(claimed, row, i) ? -1 : PQgetlength(claimed, row, i));
	if (!dispatch_prepare(d))
		answered(w, d, CURLE_OK);
	else
	{
		curl_multi_add_handle(w->multi, d->easy);
		w->in_flight++;
	}
}

static void
begin_all(Dispatcher *w, PGresult *claimed)
{
	for (int i = 0; i < PQntuples(claimed); i++)
		begin(w, claimed, i);
	PQclear(claimed);
}

static void
collect_answers(Dispatcher *w)
{
	CURLMsg *message;
	int left;

	while (w->num_answers < MAX_UNREPORTED && (message = curl_multi_info_read(w->multi, &left)))
	{
		Delivery *d;
		CURLcode code = message->data.result;
		CURL *easy = message->easy_handle;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **) &d);
		curl_multi_remove_handle(w->multi, easy);
		w->in_flight--;
		answered(w, d, code);
	}
}

/* Answers that cannot be told now are kept: the lease's token decides whether they still count. */
static void
report_answers(Dispatcher *w)
{
	while (w->num_answers > 0 && w->conn)
	{
		Answer *a = &w->answers[w->num_answers - 1];
		char state[1200];

		if (!dispatch_finish(w->conn, a->delivery, a->code, state, sizeof(state)))
			return;
		if (strncmp(state, "delivered", 9) != 0)
			w->failed++;
		if (strcmp(dispatch_field(a->delivery, "kind"), "test") == 0 || w->config.verbose)
			dispatch_log("channel %s (%s): %s", dispatch_field(a->delivery, "channel"),
						 dispatch_field(a->delivery, "channel_kind"), state);
		PQclear(a->delivery->claimed);
		dispatch_release(a->delivery);
		w->num_answers--;
		w->next_tick = 0;
	}
}

static void
claim(Dispatcher *w)
{
	double wait;
	PGresult *claimed;
	int room = w->config.max_in_flight - w->in_flight;

	w->next_tick = seconds_now() + w->config.poll_seconds;
	if (!dispatch_tick(w->conn, &wait))
		return;
	if (wait >= 0 && wait < w->config.poll_seconds)
		w->next_tick = seconds_now() + (wait > 0.05 ? wait : 0.05);
	if (room <= 0 || w->num_answers > 0)
		return;
	claimed = dispatch_claim(w->conn, &w->config, room);
	if (claimed == NULL)
		return;
	w->nothing_due = PQntuples(claimed) == 0;
	if (!w->nothing_due)
		w->next_tick = 0;
	begin_all(w, claimed);
}

/* ---- the loop ---- */

static bool
read_config(Dispatcher *w)
{
	DispatchConfig fresh;
	char error[4600];

	dispatch_config_defaults(&fresh);
	if (w->config_path && !dispatch_config_read(&fresh, w->config_path, error, sizeof(error)))
	{
		dispatch_log("%s", error);
		dispatch_config_free(&fresh);
		return false;
	}
	if (w->instance)
	{
		free(fresh.instance);
		fresh.instance = strdup(w->instance);
	}
	fresh.verbose = fresh.verbose || w->verbose;
	dispatch_config_free(&w->config);
	w->config = fresh;
	return true;
}

/* Those in flight look into the configuration they began with, so it changes when there are none. */
static void
reload(Dispatcher *w)
{
	reload_wanted = 0;
	if (!read_config(w))
		dispatch_log("the configuration stays as it was");
	else
	{
		dispatch_log("read the configuration anew");
		disconnect(w);
		w->next_connect = 0;
	}
}

static void
wait_for_something(Dispatcher *w)
{
	struct curl_waitfd socket = {.events = CURL_WAIT_POLLIN};
	double wait = w->next_tick - seconds_now();
	int milliseconds = wait > 0.5 ? 500 : wait < 0.005 ? 5 : (int) (1000 * wait);

	if (w->conn == NULL)
		milliseconds = 200;
	else
		socket.fd = PQsocket(w->conn);
	curl_multi_poll(w->multi, &socket, w->conn ? 1 : 0, milliseconds, NULL);
}

static bool
finished(const Dispatcher *w)
{
	if (w->in_flight > 0 || w->num_answers > 0)
		return false;
	return stop_wanted || (w->once && w->nothing_due);
}

static void
run(Dispatcher *w)
{
	double give_up = 0;
	int running;

	while (!finished(w))
	{
		if (stop_wanted && give_up == 0)
			give_up = seconds_now() + 120;
		if (stop_wanted && seconds_now() > give_up)
			break;
		if (reload_wanted && w->in_flight == 0 && w->num_answers == 0)
			reload(w);
		if (ensure_connected(w))
		{
			read_notifications(w);
			report_answers(w);
			if (w->conn && seconds_now() >= w->next_beat)
				beat(w);
			if (w->conn)
				probe(w);
			if (w->conn && !stop_wanted && !reload_wanted && seconds_now() >= w->next_tick)
				claim(w);
		}
		else if (w->once && w->num_answers == 0 && w->in_flight == 0)
		{
			w->exit_code = w->exit_code ? w->exit_code : DISPATCH_CONNECTION;
			return;
		}
		curl_multi_perform(w->multi, &running);
		collect_answers(w);
		if (w->num_answers == 0)
			wait_for_something(w);
	}
}

/* --check: the configuration, the connection, notifications, and a test through each channel. */
static void
check(Dispatcher *w, const char *channel)
{
	PGresult *tests;
	double patience = seconds_now() + PROBE_PATIENCE;
	int channels, running;

	if (!ensure_connected(w))
	{
		w->exit_code = w->exit_code ? w->exit_code : DISPATCH_CONNECTION;
		return;
	}
	dispatch_log("connected to database %s as %s", PQdb(w->conn), PQuser(w->conn));
	for (probe(w); w->conn && !w->listening && seconds_now() < patience; usleep(20000))
		read_notifications(w);
	dispatch_log(w->listening ? "notifications arrive"
							  : "notifications do not arrive: it would poll");
	tests = dispatch_claim_tests(w->conn, channel);
	if (tests == NULL)
	{
		w->exit_code = DISPATCH_RIGHTS;
		return;
	}
	channels = PQntuples(tests);
	begin_all(w, tests);
	while (w->in_flight > 0 || w->num_answers > 0)
	{
		curl_multi_perform(w->multi, &running);
		collect_answers(w);
		if (ensure_connected(w))
			report_answers(w);
		curl_multi_poll(w->multi, NULL, 0, w->in_flight > 0 ? 200 : 1, NULL);
	}
	dispatch_log("%d of %d channels work", channels - w->failed, channels);
	w->exit_code = w->failed > 0 ? DISPATCH_UNDELIVERED : DISPATCH_OK;
}

static void
usage(void)
{
	puts("monitor-dispatch sends the alerts that the PostgreSQL extension monitor has written.\n"
		 "\n"
		 "Usage: monitor-dispatch [OPTION]...\n"
		 "  -c, --config FILE     settings; docs/dispatch.md lists them\n"
		 "      --once            send what is due, then end\n"
		 "      --check           test the configuration and every channel, then end\n"
		 "      --channel NAME    with --check: this channel only\n"
		 "      --instance NAME   name of this sender; default: host and process\n"
		 "  -v, --verbose         tell of every notice\n"
		 "      --version, --help\n"
		 "\n"
		 "Without a connection in FILE, libpq's environment (PGHOST, PGSERVICE, ...) decides.\n"
		 "SIGTERM ends it once what is in flight is sent, SIGHUP has it read FILE again.\n"
		 "Exit status: 0 done, 1 a channel failed (--check), 2 usage or configuration,\n"
		 "3 not the version of the extension, 4 no connection, 5 no rights.");
}

typedef struct Options
{
	bool check;
	const char *channel;
} Options;

/* false: exit now, with w->exit_code */
static bool
read_options(Dispatcher *w, Options *options, int argc, char **argv)
{
	static const struct option known[] = {{"config", required_argument, NULL, 'c'},
										  {"once", no_argument, NULL, 'o'},
										  {"check", no_argument, NULL, 'k'},
										  {"channel", required_argument, NULL, 'n'},
										  {"instance", required_argument, NULL, 'i'},
										  {"verbose", no_argument, NULL, 'v'},
										  {"version", no_argument, NULL, 'V'},
										  {"help", no_argument, NULL, 'h'},
										  {0}};
	int option;

	while ((option = getopt_long(argc, argv, "c:vh", known, NULL)) != -1)
	{
		if (option == 'c')
			w->config_path = optarg;
		else if (option == 'o')
			w->once = true;
		else if (option == 'k')
			options->check = true;
		else if (option == 'n')
			options->channel = optarg;
		else if (option == 'i')
			w->instance = optarg;
		else if (option == 'v')
			w->verbose = true;
		else if (option == 'V' || option == 'h')
		{
			if (option == 'V')
				puts("monitor-dispatch " MONITOR_VERSION);
			else
				usage();
			return false;
		}
		else
			w->exit_code = DISPATCH_USAGE;
	}
	if (optind < argc || (options->channel && !options->check))
		w->exit_code = DISPATCH_USAGE;
	if (w->exit_code == DISPATCH_USAGE)
		fputs("Try \"monitor-dispatch --help\".\n", stderr);
	return w->exit_code == DISPATCH_OK;
}

int
main(int argc, char **argv)
{
	static Dispatcher w;
	Options options = {0};

	if (!read_options(&w, &options, argc, argv))
		return w.exit_code;
	if (!read_config(&w))
		return DISPATCH_USAGE;
	catch_signals();
	curl_global_init(CURL_GLOBAL_DEFAULT);
	w.multi = curl_multi_init();
	if (options.check)
		check(&w, options.channel);
	else
		run(&w);
	if (w.conn)
		PQfinish(w.conn);
	curl_multi_cleanup(w.multi);
	curl_global_cleanup();
	dispatch_config_free(&w.config);
	return w.exit_code;
}
