/*
 * log.c
 *		One line an event on standard error, and the clock that only goes forward.
 */
#include "dispatch.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const level_names[] = {"error", "warning", "info", "debug"};
static DispatchLevel most_logged = LEVEL_INFO;

void
dispatch_log_level(DispatchLevel level)
{
	most_logged = level;
}

bool
dispatch_level_named(const char *name, DispatchLevel *level)
{
	for (int i = LEVEL_ERROR; i <= LEVEL_DEBUG; i++)
	{
		if (strcmp(name, level_names[i]) == 0)
		{
			*level = (DispatchLevel) i;
			return true;
		}
	}
	return false;
}

/* The journal knows the time, and wants the level; a terminal or a file gets both. */
static void
put_prefix(DispatchLevel level)
{
	static const int syslog_levels[] = {3, 4, 6, 7};
	char stamp[32];
	time_t now = time(NULL);
	struct tm utc;

	if (getenv("JOURNAL_STREAM"))
	{
		fprintf(stderr, "<%d>", syslog_levels[level]);
		return;
	}
	strftime(stamp, sizeof(stamp), "%Y-%m-%d %H:%M:%SZ", gmtime_r(&now, &utc));
	fprintf(stderr, "%s monitor-dispatch %s: ", stamp, level_names[level]);
}

/* What others wrote may be part of a line, but makes no lines of its own. */
void
dispatch_log(DispatchLevel level, const char *format, ...)
{
	char line[2000];
	va_list args;

	if (level > most_logged)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	for (char *c = line; *c; c++)
	{
		if ((unsigned char) *c < ' ' || *c == 0x7f)
			*c = ' ';
	}
	put_prefix(level);
	fprintf(stderr, "%s\n", line);
}

double
dispatch_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}
