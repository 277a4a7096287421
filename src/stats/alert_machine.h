/*
 * alert_machine.h
 *		The states of an alert: normal, pending, firing, recovering, no data, error.
 */
#ifndef MONITOR_ALERT_MACHINE_H
#define MONITOR_ALERT_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#define MONITOR_MAX_ALERT_WINDOWS 64

typedef enum MonitorAlertState
{
	MONITOR_ALERT_NORMAL,
	MONITOR_ALERT_PENDING,
	MONITOR_ALERT_FIRING,
	MONITOR_ALERT_RECOVERING,
	MONITOR_ALERT_NO_DATA,
	MONITOR_ALERT_ERROR
} MonitorAlertState;

/* What a look says: a level of severity, or why it says nothing. */
enum
{
	MONITOR_LEVEL_ERROR = -3,
	MONITOR_LEVEL_NO_DATA = -2,
	MONITOR_LEVEL_INSUFFICIENT = -1,
	MONITOR_LEVEL_CLEAR = 0,
	MONITOR_LEVEL_WARNING = 1,
	MONITOR_LEVEL_CRITICAL = 2
};

/* What becomes of looks without data, or with errors, once there were enough of them. */
typedef enum MonitorAbsencePolicy
{
	MONITOR_ABSENCE_STATE,	  /* a state of its own */
	MONITOR_ABSENCE_ALERTING, /* as a breach at warning, or what it was at */
	MONITOR_ABSENCE_OK,		  /* as a clear look */
	MONITOR_ABSENCE_KEEP_LAST /* as if there had been no look */
} MonitorAbsencePolicy;

/* Times are microseconds; n of the last m looks must be in breach. */
typedef struct MonitorAlertPolicy
{
	int64_t hold_for;
	int64_t keep_firing_for;
	int64_t no_data_for;
	int64_t flap_half_life;
	int n;
	int m;
	int error_limit;
	MonitorAbsencePolicy no_data;
	MonitorAbsencePolicy error;
} MonitorAlertPolicy;

/* An alert between looks; all zero: it was never looked at. */
typedef struct MonitorAlert
{
	MonitorAlertState state;
	int level; /* of the present breach; 0 where there is none */
	bool looked;
	bool is_pending;
	bool is_absent;
	bool flapping;
	int errors;				  /* looks running */
	int64_t last_at;		  /* the last look */
	int64_t pending_since;	  /* of the present breach, if is_pending */
	int64_t starts_at;		  /* when it began to fire */
	int64_t recover_since;	  /* of state recovering */
	int64_t absent_since;	  /* first of the looks without data, if is_absent */
	uint64_t warning_history; /* one bit a look, the last one lowest */
	uint64_t critical_history;
	double flap_score;
	int64_t flap_at;
} MonitorAlert;

typedef struct MonitorObservation
{
	int64_t at;
	int level;
	bool holds; /* not in breach, but not beyond the recovery threshold either */
} MonitorObservation;

typedef struct MonitorAlertEvent
{
	MonitorAlertState from;
	MonitorAlertState to;
	int level; /* severity after it */
	const char *reason;
} MonitorAlertEvent;

extern bool monitor_alert_is_open(MonitorAlertState state);
extern bool monitor_alert_step(const MonitorAlertPolicy *policy, MonitorAlert *alert,
							   const MonitorObservation *look, MonitorAlertEvent *event);

#endif /* MONITOR_ALERT_MACHINE_H */
