/*
 * signals.c
 *		Signals are noted; a byte in a pipe ends a wait, so that none is overlooked.
 */
#include "dispatcher.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t stops = 0;
static volatile sig_atomic_t reloads = 0;
static int pipe_ends[2] = {-1, -1};

static void
note_signal(int number)
{
	int saved = errno;
	ssize_t written;

	if (number == SIGHUP)
		reloads = 1;
	else
		stops = stops + 1;
	written = write(pipe_ends[1], "", 1);
	(void) written;
	errno = saved;
}

/* The end of a pipe that can be read after a signal; -1: there is none. */
int
dispatch_catch_signals(void)
{
	struct sigaction action = {.sa_handler = note_signal, .sa_flags = SA_RESTART};

	if (pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return -1;
	sigemptyset(&action.sa_mask);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	return pipe_ends[0];
}

/* How often we were asked to stop. */
int
dispatch_stops(void)
{
	return stops;
}

/* Were we asked to read the configuration again, since this was called last? */
bool
dispatch_take_reload(void)
{
	bool asked = reloads != 0;

	reloads = 0;
	return asked;
}
