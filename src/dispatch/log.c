/*
 * log.c
 *		Lines on standard error, with the levels that journals know.
 */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LONGEST_LINE 2000

static DispatchLevel most_logged = DISPATCH_INFO;

void
dispatch_log_level(DispatchLevel most)
{
	most_logged = most;
}

/* A terminal or a file gets the time; the journal knows it, and wants the level. */
static void
write_prefix(DispatchLevel level)
{
	static const char *const names[] = {"error", "warning", "info", "debug"};
	static const int syslog_levels[] = {3, 4, 6, 7};
	char now[32];
	time_t t = time(NULL);
	struct tm parts;

	if (getenv("JOURNAL_STREAM"))
	{
		fprintf(stderr, "<%d>", syslog_levels[level]);
		return;
	}
	gmtime_r(&t, &parts);
	strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", &parts);
	fprintf(stderr, "%s %s: ", now, names[level]);
}

void
dispatch_log(DispatchLevel level, const char *format, ...)
{
	char line[LONGEST_LINE];
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
	write_prefix(level);
	fprintf(stderr, "%s\n", line);
}
