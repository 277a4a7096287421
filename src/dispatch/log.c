/*
 * log.c
 *		Lines on standard error; whatever starts the program keeps them.
 */
#include "dispatch.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

static void put_line(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

static void
put_line(const char *format, va_list args)
{
	char stamp[32];
	time_t now = time(NULL);
	struct tm utc;

	strftime(stamp, sizeof(stamp), "%Y-%m-%d %H:%M:%SZ", gmtime_r(&now, &utc));
	fprintf(stderr, "%s monitor-dispatch: ", stamp);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

void
dispatch_log(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put_line(format, args);
	va_end(args);
}

void
dispatch_debug(const DispatchConfig *config, const char *format, ...)
{
	va_list args;

	if (!config->verbose)
		return;
	va_start(args, format);
	put_line(format, args);
	va_end(args);
}
