/*
 * clock.c
 *		The time that checks go by.
 */
#include "postgres.h"

#include "access.h"
#include "clock.h"

#include "access/xact.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(monitor_now);

static char *mock_now = NULL;

/* Setting monitor.mock_now, checked when it is set: not in the middle of a run. */
static bool
check_mock_now(char **value, void **extra, GucSource source)
{
	if (*value == NULL || **value == '\0')
		return true;
	/* a configuration file is read where types cannot be parsed: monitor_now() checks again */
	if (!IsTransactionState())
		return true;
	DirectFunctionCall3(timestamptz_in, CStringGetDatum(*value), ObjectIdGetDatum(InvalidOid),
						Int32GetDatum(-1));
	return true;
}

void
monitor_define_clock(void)
{
	DefineCustomStringVariable("monitor.mock_now",
							   "Time that monitor.now() gives, for tests and replays.",
							   "Empty: the time of the transaction.", &mock_now, "", PGC_SUSET,
							   GUC_NOT_IN_SAMPLE, check_mock_now, NULL, NULL);
}

/* now() -> timestamptz: start of the transaction, or monitor.mock_now. */
Datum
monitor_now(PG_FUNCTION_ARGS)
{
	if (mock_now && *mock_now)
		return DirectFunctionCall3(timestamptz_in, CStringGetDatum(mock_now),
								   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	PG_RETURN_TIMESTAMPTZ(GetCurrentTransactionStartTimestamp());
}
