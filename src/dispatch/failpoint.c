/*
 * failpoint.c
 *		Dying where a test says so.
 */
#include "failpoint.h"

#ifdef DISPATCH_FAILPOINTS

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static double
next_random(void)
{
	static bool seeded = false;
	const char *seed = getenv("MONITOR_FAILPOINT_SEED");

	if (!seeded)
		srand48(seed ? atol(seed) : (long) getpid());
	seeded = true;
	return drand48();
}

void
dispatch_failpoint(const char *name)
{
	const char *wanted = getenv("MONITOR_FAILPOINT");
	const char *probability = getenv("MONITOR_FAILPOINT_PROBABILITY");

	if (wanted == NULL || strcmp(wanted, name) != 0)
		return;
	if (next_random() < (probability ? atof(probability) : 1.0))
		kill(getpid(), SIGKILL);
}

#else

/* ISO C forbids an empty file */
typedef int no_failpoints;

#endif
