/*
 * alert_machine.c
 *		One step of an alert's state machine; see docs/alerting.md for the picture.
 *
 * A pure function of the state before and the look: evaluation, backtest and tests are the
 * same code.  What suppresses a notice (silence, acknowledgement, ...) is no state and is
 * not known here.
 */
#include "alert_machine.h"

#include <math.h>
#include <string.h>

/* An alert flaps from three openings within about a half-life until it is calm. */
#define FLAPPING_FROM  3.0
#define FLAPPING_UNTIL 1.0

/* States that people have been, or are to be, told of. */
bool
monitor_alert_is_open(MonitorAlertState state)
{
	return state != MONITOR_ALERT_NORMAL && state != MONITOR_ALERT_PENDING;
}

static void
decay_flapping(const MonitorAlertPolicy *policy, MonitorAlert *alert, int64_t at)
{
	if (policy->flap_half_life > 0 && at > alert->flap_at)
		alert->flap_score *= exp2(-(double) (at - alert->flap_at) / policy->flap_half_life);
	alert->flap_at = at;
	if (alert->flap_score < FLAPPING_UNTIL)
		alert->flapping = false;
}

static bool
enter(const MonitorAlertPolicy *policy, MonitorAlert *alert, MonitorAlertState to, int level,
	  const char *reason, int64_t at, MonitorAlertEvent *event)
{
	event->from = alert->state;
	event->to = to;
	event->reason = reason;
	if (monitor_alert_is_open(to) && !monitor_alert_is_open(alert->state))
	{
		alert->starts_at = at;
		if (policy->flap_half_life > 0)
		{
			alert->flap_score += 1;
			alert->flapping |= alert->flap_score >= FLAPPING_FROM - 0.5;
		}
	}
	if (to == MONITOR_ALERT_RECOVERING)
		alert->recover_since = at;
	if (to == MONITOR_ALERT_NORMAL)
		level = 0;
	alert->state = to;
	alert->level = level;
	event->level = level;
	return true;
}

static int
bits_of_last(uint64_t history, int m)
{
	return __builtin_popcountll(m >= MONITOR_MAX_ALERT_WINDOWS
									? history
									: history & ((UINT64_C(1) << m) - 1));
}

/* The highest level that n of the last m looks reached. */
static int
note_level(const MonitorAlertPolicy *policy, MonitorAlert *alert, int level)
{
	alert->warning_history = alert->warning_history << 1 | (level >= MONITOR_LEVEL_WARNING);
	alert->critical_history = alert->critical_history << 1 | (level >= MONITOR_LEVEL_CRITICAL);
	if (bits_of_last(alert->critical_history, policy->m) >= policy->n)
		return MONITOR_LEVEL_CRITICAL;
	return bits_of_last(alert->warning_history, policy->m) >= policy->n ? MONITOR_LEVEL_WARNING
																		: MONITOR_LEVEL_CLEAR;
}

static void
begin_breach(MonitorAlert *alert, int64_t at)
{
	if (alert->is_pending)
		return;
	alert->is_pending = true;
	alert->pending_since = at;
}

static bool
step_breach(const MonitorAlertPolicy *policy, MonitorAlert *alert, int level, int64_t at,
			MonitorAlertEvent *event)
{
	begin_breach(alert, at);
	switch (alert->state)
	{
		case MONITOR_ALERT_FIRING:
			if (level == alert->level)
				return false;
			return enter(policy, alert, MONITOR_ALERT_FIRING, level,
						 level > alert->level ? "severity rose" : "severity fell", at, event);
		case MONITOR_ALERT_RECOVERING:
			return enter(policy, alert, MONITOR_ALERT_FIRING, level, "breach came back", at, event);
		default:
			break;
	}
	if (at - alert->pending_since >= policy->hold_for)
		return enter(policy, alert, MONITOR_ALERT_FIRING, level,
					 policy->hold_for > 0 ? "breach held" : "breach", at, event);
	if (alert->state == MONITOR_ALERT_PENDING)
	{
		alert->level = level;
		return false;
	}
	return enter(policy, alert, MONITOR_ALERT_PENDING, level,
				 alert->state == MONITOR_ALERT_NORMAL ? "breach" : "data came back", at, event);
}

static bool
step_clear(const MonitorAlertPolicy *policy, MonitorAlert *alert, bool holds, int64_t at,
		   MonitorAlertEvent *event)
{
	switch (alert->state)
	{
		case MONITOR_ALERT_NORMAL:
			return false;
		case MONITOR_ALERT_PENDING:
			alert->is_pending = false;
			return enter(policy, alert, MONITOR_ALERT_NORMAL, 0, "breach did not hold", at, event);
		case MONITOR_ALERT_NO_DATA:
		case MONITOR_ALERT_ERROR:
			alert->is_pending = false;
			return enter(policy, alert, MONITOR_ALERT_NORMAL, 0, "data came back", at, event);
		case MONITOR_ALERT_FIRING:
			if (holds)
				return false;
			alert->is_pending = false;
			return policy->keep_firing_for > 0
				? enter(policy, alert, MONITOR_ALERT_RECOVERING, alert->level, "cleared", at, event)
				: enter(policy, alert, MONITOR_ALERT_NORMAL, 0, "recovered", at, event);
		case MONITOR_ALERT_RECOVERING:
			if (holds)
			{
				begin_breach(alert, at);
				return enter(policy, alert, MONITOR_ALERT_FIRING, alert->level,
							 "not beyond the recovery threshold", at, event);
			}
			if (at - alert->recover_since >= policy->keep_firing_for)
				return enter(policy, alert, MONITOR_ALERT_NORMAL, 0, "recovered", at, event);
			return false;
	}
	return false;
}

static bool
step_level(const MonitorAlertPolicy *policy, MonitorAlert *alert, int level, bool holds, int64_t at,
		   MonitorAlertEvent *event)
{
	/* a look in breach, though too few are, is not beyond the recovery threshold either */
	bool clears = level <= MONITOR_LEVEL_CLEAR && !holds;

	level = note_level(policy, alert, level);
	return level > MONITOR_LEVEL_CLEAR ? step_breach(policy, alert, level, at, event)
									   : step_clear(policy, alert, !clears, at, event);
}

/* Looks that say nothing, for as long as the policy bears it. */
static bool
step_absent(const MonitorAlertPolicy *policy, MonitorAlert *alert, const MonitorObservation *look,
			MonitorAlertEvent *event)
{
	bool is_error = look->level == MONITOR_LEVEL_ERROR;
	MonitorAlertState to = is_error ? MONITOR_ALERT_ERROR : MONITOR_ALERT_NO_DATA;
	bool borne = is_error ? alert->errors < policy->error_limit
						  : look->at - alert->absent_since < policy->no_data_for;

	int level = alert->level > MONITOR_LEVEL_WARNING ? alert->level : MONITOR_LEVEL_WARNING;

	if (borne)
		return false;
	switch (is_error ? policy->error : policy->no_data)
	{
		case MONITOR_ABSENCE_KEEP_LAST:
			return false;
		case MONITOR_ABSENCE_OK:
			return step_level(policy, alert, MONITOR_LEVEL_CLEAR, false, look->at, event);
		case MONITOR_ABSENCE_ALERTING:
			return step_level(policy, alert, level, false, look->at, event);
		case MONITOR_ABSENCE_STATE:
			return alert->state != to &&
				enter(policy, alert, to, level, is_error ? "errors" : "no data", look->at, event);
	}
	return false;
}

/*
 * Takes one look; true if the state or the severity changed, and *event says how.
 * Looks come in order of time: one that is not newer than the last changes nothing, so that
 * taking it twice is harmless.  A look with too few rows neither breaches nor clears.
 */
bool
monitor_alert_step(const MonitorAlertPolicy *policy, MonitorAlert *alert,
				   const MonitorObservation *look, MonitorAlertEvent *event)
{
	memset(event, 0, sizeof(*event));
	if (alert->looked && look->at <= alert->last_at)
		return false;
	decay_flapping(policy, alert, look->at);
	alert->looked = true;
	alert->last_at = look->at;
	if (look->level == MONITOR_LEVEL_ERROR)
	{
		alert->errors++;
		return step_absent(policy, alert, look, event);
	}
	alert->errors = 0;
	if (look->level == MONITOR_LEVEL_NO_DATA)
	{
		if (!alert->is_absent)
		{
			alert->is_absent = true;
			alert->absent_since = look->at;
		}
		return step_absent(policy, alert, look, event);
	}
	alert->is_absent = false;
	if (look->level == MONITOR_LEVEL_INSUFFICIENT)
		return false;
	return step_level(policy, alert, look->level, look->holds, look->at, event);
}
