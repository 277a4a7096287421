/*
 * walk.c
 *		Looks of one alert in order: what its state machine makes of them.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "stats/alert_machine.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

PG_FUNCTION_INFO_V1(monitor_alert_walk);

static const char *const state_names[] = {"normal",		"pending", "firing",
										  "recovering", "no_data", "error"};
static const char *const policy_names[] = {"state", "alerting", "ok", "keep_last"};

static int
find_name(const char *const *names, int n, Datum name, const char *what)
{
	char *wanted = TextDatumGetCString(name);

	for (int i = 0; i < n; i++)
		if (strcmp(names[i], wanted) == 0)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("unknown %s \"%s\"", what, wanted)));
}

/* Months count as 30 days, as everywhere a length of time is meant. */
static int64
microseconds(Datum interval)
{
	const Interval *i = DatumGetIntervalP(interval);

	return i->time + (i->day + (int64) i->month * DAYS_PER_MONTH) * USECS_PER_DAY;
}

/* The columns of a composite value; NULL attributes stay 0. */
typedef struct Columns
{
	TupleDesc tupdesc;
	Datum *values;
	bool *nulls;
} Columns;

static Columns
columns_of(Datum composite)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(composite);
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(header), .t_data = header};
	Columns c;

	c.tupdesc = lookup_rowtype_tupdesc_copy(HeapTupleHeaderGetTypeId(header),
											HeapTupleHeaderGetTypMod(header));
	c.values = palloc0(c.tupdesc->natts * sizeof(Datum));
	c.nulls = palloc0(c.tupdesc->natts * sizeof(bool));
	heap_deform_tuple(&tuple, c.tupdesc, c.values, c.nulls);
	return c;
}

/* monitor._alert_policy */
static MonitorAlertPolicy
policy_of(Datum composite)
{
	Columns c = columns_of(composite);
	MonitorAlertPolicy policy = {0};

	for (int i = 0; i < 9; i++)
		if (c.nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("a policy has no NULL in it")));
	policy.hold_for = microseconds(c.values[0]);
	policy.keep_firing_for = microseconds(c.values[1]);
	policy.no_data_for = microseconds(c.values[2]);
	policy.flap_half_life = microseconds(c.values[3]);
	policy.n = DatumGetInt32(c.values[4]);
	policy.m = DatumGetInt32(c.values[5]);
	policy.error_limit = DatumGetInt32(c.values[6]);
	policy.no_data = find_name(policy_names, lengthof(policy_names), c.values[7], "policy");
	policy.error = find_name(policy_names, lengthof(policy_names), c.values[8], "policy");
	if (policy.n < 1 || policy.m < policy.n || policy.m > MONITOR_MAX_ALERT_WINDOWS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("n of m windows must be 1 <= n <= m <= %d, got %d of %d",
						MONITOR_MAX_ALERT_WINDOWS, policy.n, policy.m)));
	return policy;
}

/* monitor._alert_state, in the order of its columns. */
static MonitorAlert
alert_of(Datum composite)
{
	Columns c = columns_of(composite);
	MonitorAlert alert = {0};

	if (c.nulls[0])
		return alert;
	alert.state = find_name(state_names, lengthof(state_names), c.values[0], "state");
	alert.level = DatumGetInt32(c.values[1]);
	alert.looked = !c.nulls[2];
	alert.last_at = DatumGetTimestampTz(c.values[2]);
	alert.is_pending = !c.nulls[3];
	alert.pending_since = DatumGetTimestampTz(c.values[3]);
	alert.starts_at = DatumGetTimestampTz(c.values[4]);
	alert.recover_since = DatumGetTimestampTz(c.values[5]);
	alert.is_absent = !c.nulls[6];
	alert.absent_since = DatumGetTimestampTz(c.values[6]);
	alert.errors = DatumGetInt32(c.values[7]);
	alert.warning_history = (uint64) DatumGetInt64(c.values[8]);
	alert.critical_history = (uint64) DatumGetInt64(c.values[9]);
	alert.flap_score = DatumGetFloat8(c.values[10]);
	alert.flap_at = DatumGetTimestampTz(c.values[11]);
	alert.flapping = DatumGetBool(c.values[12]);
	return alert;
}

static Datum
alert_datum(TupleDesc tupdesc, const MonitorAlert *alert)
{
	Datum values[13];
	bool nulls[13] = {false};
	bool open = monitor_alert_is_open(alert->state);

	values[0] = CStringGetTextDatum(state_names[alert->state]);
	values[1] = Int32GetDatum(alert->level);
	values[2] = TimestampTzGetDatum(alert->last_at);
	nulls[2] = !alert->looked;
	values[3] = TimestampTzGetDatum(alert->pending_since);
	nulls[3] = !alert->is_pending;
	values[4] = TimestampTzGetDatum(alert->starts_at);
	nulls[4] = !open;
	values[5] = TimestampTzGetDatum(alert->recover_since);
	nulls[5] = alert->state != MONITOR_ALERT_RECOVERING;
	values[6] = TimestampTzGetDatum(alert->absent_since);
	nulls[6] = !alert->is_absent;
	values[7] = Int32GetDatum(alert->errors);
	values[8] = Int64GetDatum((int64) alert->warning_history);
	values[9] = Int64GetDatum((int64) alert->critical_history);
	values[10] = Float8GetDatum(alert->flap_score);
	values[11] = TimestampTzGetDatum(alert->flap_at);
	values[12] = BoolGetDatum(alert->flapping);
	return HeapTupleGetDatum(heap_form_tuple(tupdesc, values, nulls));
}

static void
array_of(Datum array, Oid type, int16 length, bool by_value, char align, Datum **values, int *n)
{
	bool *nulls;

	deconstruct_array(DatumGetArrayTypeP(array), type, length, by_value, align, values, &nulls, n);
	for (int i = 0; i < *n; i++)
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("a look has no NULL in it")));
}

static void
put_event(ReturnSetInfo *rsinfo, TupleDesc state_desc, int n, TimestampTz at,
		  const MonitorAlertEvent *event, const MonitorAlert *alert)
{
	Datum values[7];
	bool nulls[7] = {false};

	values[0] = Int32GetDatum(n);
	values[1] = TimestampTzGetDatum(at);
	values[2] = CStringGetTextDatum(state_names[event->from]);
	values[3] = CStringGetTextDatum(state_names[event->to]);
	values[4] = Int32GetDatum(event->level);
	nulls[5] = event->reason == NULL;
	values[5] = event->reason ? CStringGetTextDatum(event->reason) : (Datum) 0;
	values[6] = alert_datum(state_desc, alert);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/*
 * _alert_walk(policy, state, at[], level[], holds[]) -> a row for every transition, in order;
 * n is the number of the look.  The last row, n 0, is the state after all looks.
 */
Datum
monitor_alert_walk(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	MonitorAlertPolicy policy = policy_of(PG_GETARG_DATUM(0));
	MonitorAlert alert = {0};
	MonitorAlertEvent event = {0};
	TupleDesc state_desc;
	Datum *at, *level, *holds;
	int n, n_level, n_holds;

	if (!PG_ARGISNULL(1))
		alert = alert_of(PG_GETARG_DATUM(1));
	array_of(PG_GETARG_DATUM(2), TIMESTAMPTZOID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &at, &n);
	array_of(PG_GETARG_DATUM(3), INT4OID, 4, true, TYPALIGN_INT, &level, &n_level);
	array_of(PG_GETARG_DATUM(4), BOOLOID, 1, true, TYPALIGN_CHAR, &holds, &n_holds);
	if (n != n_level || n != n_holds)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("arrays of looks must be of one length")));
	InitMaterializedSRF(fcinfo, 0);
	state_desc = lookup_rowtype_tupdesc_copy(TupleDescAttr(rsinfo->setDesc, 6)->atttypid, -1);
	for (int i = 0; i < n; i++)
	{
		MonitorObservation look = {.at = DatumGetTimestampTz(at[i]),
								   .level = DatumGetInt32(level[i]),
								   .holds = DatumGetBool(holds[i])};

		CHECK_FOR_INTERRUPTS();
		if (monitor_alert_step(&policy, &alert, &look, &event))
			put_event(rsinfo, state_desc, i + 1, look.at, &event, &alert);
	}
	event = (MonitorAlertEvent){.from = alert.state, .to = alert.state, .level = alert.level};
	put_event(rsinfo, state_desc, 0, alert.last_at, &event, &alert);
	return (Datum) 0;
}
