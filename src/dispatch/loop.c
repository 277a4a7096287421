/*
 * loop.c
 *		The loop: claim what is due, send it, report it, wait for the next.
 */
#include "dispatcher.h"

#include <stdlib.h>
#include <string.h>

/* How long transfers may go on after we were asked to stop. */
#define GRACE_SECONDS	30.0
/* What is overdue and may not be claimed yet (a channel has a limit) is asked for again. */
#define OVERDUE_SECONDS 1.0

static double
earlier(double a, double b)
{
	return a < b ? a : b;
}

/* The connection, and all that comes before the first claim; false: it is tried again later. */
static bool
open_session(Dispatcher *dp)
{
	if (!dispatch_connect(dp))
		return false;
	if (!dispatch_begin_session(dp) || !dispatch_beat(dp))
	{
		dispatch_disconnect(dp, "the session could not begin");
		return false;
	}
	dispatch_log(LEVEL_INFO, "connected to database %s on %s as %s", PQdb(dp->conn),
				 PQhost(dp->conn) ? PQhost(dp->conn) : "?", PQuser(dp->conn));
	dp->backoff = 0;
	dp->round_at = 0;
	dp->report_at = 0;
	return !dp->wants_news || dispatch_send_probe(dp) || dp->conn != NULL;
}

/* What the clock makes due, then what may be sent; how many were claimed, -1: a call failed. */
static int
run_round(Dispatcher *dp)
{
	double wait = dp->config->poll_interval;
	double next;
	int room = dp->config->max_in_flight - dp->in_flight;
	int claimed = 0;

	dp->round_at = dispatch_now() + wait;
	if (!dispatch_tick(dp, &next))
		return -1;
	if (room > 0)
		claimed = dispatch_claim(dp, room);
	if (next == 0)
		wait = earlier(wait, OVERDUE_SECONDS);
	else if (next > 0)
		wait = earlier(wait, next + 0.005);
	dp->round_at = dispatch_now() + wait;
	return claimed;
}

static void
reload(Dispatcher *dp, const char *path)
{
	DispatchConfig *fresh = dispatch_configure(path);
	bool moved;

	if (fresh == NULL)
	{
		dispatch_log(LEVEL_ERROR, "the configuration stays as it was");
		return;
	}
	moved = strcmp(fresh->connection, dp->config->connection) != 0 ||
		strcmp(fresh->instance, dp->config->instance) != 0;
	dispatch_config_release(dp->config);
	dp->config = fresh;
	dp->round_at = 0;
	dp->beat_at = 0;
	dispatch_log(LEVEL_INFO, "the configuration was read again");
	if (moved)
	{
		dispatch_disconnect(dp, "the configuration has another");
		dp->reconnect_at = 0;
	}
}

/* Beats and probes that are due. */
static void
keep_going(Dispatcher *dp)
{
	if (dp->conn && dispatch_now() >= dp->beat_at)
		dispatch_beat(dp);
	if (dp->conn && dp->wants_news && !dp->stopping && dispatch_now() >= dp->probe_at)
		dispatch_send_probe(dp);
	dispatch_read_notifications(dp);
	if (dp->conn)
		dispatch_watch_probe(dp);
}

/* Until when there is nothing to do. */
static double
next_deadline(const Dispatcher *dp, double stop_at)
{
	double at = dp->stopping ? stop_at : dispatch_now() + 3600;

	if (dp->conn == NULL)
		return earlier(at, dp->reconnect_at);
	at = earlier(at, dp->beat_at);
	if (dp->ended)
		at = earlier(at, dp->report_at);
	if (dp->stopping)
		return at;
	at = earlier(at, dp->round_at);
	if (dp->wants_news)
		at = earlier(at, dp->probe_at);
	/* its answer is missed after five seconds: look often */
	return dp->probe_sent_at > 0 ? earlier(at, dispatch_now() + 0.5) : at;
}

/* Is there nothing left that the program should wait for? */
static bool
finished(const Dispatcher *dp, double stop_at)
{
	if (!dp->stopping)
		return false;
	if (dp->in_flight == 0 && dp->ended == NULL)
		return true;
	if (dispatch_stops() > 1 || dispatch_now() >= stop_at)
	{
		dispatch_log(LEVEL_WARNING,
					 "stopped with notices on their way: they are sent again when "
					 "their leases have run out");
		return true;
	}
	return false;
}

/* One turn of the loop, up to the wait; once: false if all is done, or cannot be. */
static bool
turn(Dispatcher *dp, bool once)
{
	int claimed = 1;

	if (dp->conn == NULL && dispatch_now() >= dp->reconnect_at && !open_session(dp) && once)
	{
		if (dp->exit_code == DISPATCH_OK)
			dp->exit_code = DISPATCH_CONNECTION;
		return false;
	}
	dispatch_report(dp, NULL);
	keep_going(dp);
	if (dp->conn && !dp->stopping && dispatch_now() >= dp->round_at)
		claimed = run_round(dp);
	dispatch_collect(dp);
	dispatch_read_notifications(dp);
	if (!once || claimed > 0)
		return true;
	if (claimed < 0 && dp->exit_code == DISPATCH_OK)
		dp->exit_code = dp->conn ? DISPATCH_UNDELIVERED : DISPATCH_CONNECTION;
	return claimed == 0 && (dp->in_flight > 0 || dp->ended);
}

/* Runs until it is asked to stop, or, once, until nothing is due; the exit code. */
int
dispatch_run(Dispatcher *dp, bool once, const char *config_path)
{
	double stop_at = 0;

	dp->wants_news = !once;
	for (;;)
	{
		if (dispatch_stops() > 0)
			dp->stopping = true;
		if (dp->stopping && stop_at == 0)
			stop_at = dispatch_now() + GRACE_SECONDS;
		if (finished(dp, stop_at))
			break;
		if (dispatch_take_reload())
			reload(dp, config_path);
		if (!turn(dp, once))
			dp->stopping = true;
		else if (!finished(dp, stop_at))
			dispatch_wait(dp, CURL_WAIT_POLLIN, next_deadline(dp, stop_at) - dispatch_now());
	}
	dispatch_log(LEVEL_INFO, "stopped");
	return dp->exit_code;
}
