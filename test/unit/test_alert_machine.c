/*
 * test_alert_machine.c
 *		An alert's states over traces of looks, and when they are cut anywhere.
 */
#include "alert_machine.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static const MonitorAlertPolicy plain = {.n = 1,
										 .m = 1,
										 .error_limit = 3,
										 .no_data = MONITOR_ABSENCE_KEEP_LAST,
										 .error = MONITOR_ABSENCE_KEEP_LAST};

/* The states after each look, one letter each; a trace is one letter a look. */
static const char *
states(const MonitorAlertPolicy *policy, const char *trace)
{
	static char out[256];
	MonitorAlert alert = {0};
	MonitorAlertEvent event;
	int n = 0;

	for (const char *at = trace; *at; at++)
	{
		MonitorObservation look = {.at = (at - trace + 1) * 10};

		look.level = *at == 'c' ? 2
			: *at == 'w'		? 1
			: *at == 'i'		? -1
			: *at == 'd'		? -2
			: *at == 'e'		? -3
								: 0;
		look.holds = *at == 'h';
		monitor_alert_step(policy, &alert, &look, &event);
		out[n++] = ".pfrde"[alert.state] -
			(alert.state == MONITOR_ALERT_FIRING && alert.level == 2 ? 'f' - 'F' : 0);
	}
	out[n] = '\0';
	return out;
}

static void
says(const MonitorAlertPolicy *policy, const char *trace, const char *wanted, const char *what)
{
	const char *got = states(policy, trace);

	if (strcmp(got, wanted) != 0)
		printf("# %s: %s, not %s\n", trace, got, wanted);
	unit_ok(strcmp(got, wanted) == 0, "%s", what);
}

static void
test_traces(void)
{
	MonitorAlertPolicy p = plain;

	says(&p, "owcwo", ".fFf.", "fires, rises, falls, resolves");
	says(&p, "iwidwe", ".fffff", "too few rows, no data and errors change nothing");
	says(&p, "who", "ff.", "clears only beyond the recovery threshold");
	p.hold_for = 20;
	says(&p, "wwwowowww", "ppf.p.ppf", "a breach must hold");
	p = plain;
	p.keep_firing_for = 20;
	says(&p, "woowooo", "frrfrr.", "recovers slowly, in the same episode");
	p = plain;
	p.n = 2;
	p.m = 3;
	says(&p, "wowooo", "..f...", "two of three looks");
	p = plain;
	p.no_data = MONITOR_ABSENCE_STATE;
	p.no_data_for = 20;
	says(&p, "oddddo", "...dd.", "no data for so long is a state");
	p.no_data = MONITOR_ABSENCE_ALERTING;
	says(&p, "oddddo", "...ff.", "or a breach");
	p = plain;
	p.error = MONITOR_ABSENCE_STATE;
	says(&p, "oeeoeeee", "......ee", "so many errors running are a state");
}

/* Looks taken twice, in any cut, give the same states. */
static void
test_cuts(void)
{
	int wrong = 0;

	srand(1);
	for (int trial = 0; trial < 2000; trial++)
	{
		MonitorAlertPolicy p = {.n = 1 + rand() % 3,
								.hold_for = rand() % 30,
								.keep_firing_for = rand() % 30,
								.no_data_for = rand() % 30,
								.error_limit = 1 + rand() % 3,
								.flap_half_life = rand() % 200,
								.no_data = rand() % 4,
								.error = rand() % 4};
		MonitorAlert once = {0}, twice = {0};
		MonitorAlertEvent event;
		MonitorObservation looks[50];

		p.m = p.n + rand() % 4;
		for (int i = 0; i < 50; i++)
			looks[i] = (MonitorObservation){.at = 10 * (i + 1),
											.level = rand() % 6 - 3,
											.holds = rand() % 2};
		for (int i = 0; i < 50; i++)
			monitor_alert_step(&p, &once, &looks[i], &event);
		for (int i = 0, from = 0; i < 50; i++)
		{
			if (rand() % 5 == 0)
				from = i > 5 ? i - 5 : 0;
			for (int k = from; k <= i; k++)
				monitor_alert_step(&p, &twice, &looks[k], &event);
			from = i;
		}
		wrong += memcmp(&once, &twice, sizeof(once)) != 0;
	}
	unit_ok(wrong == 0, "looks taken again change nothing");
}

static void
test_flapping(void)
{
	MonitorAlertPolicy p = plain;
	MonitorAlert alert = {0};
	MonitorAlertEvent event;

	p.flap_half_life = 1000;
	for (int i = 1; i <= 6; i++)
		monitor_alert_step(&p, &alert, &(MonitorObservation){.at = 10 * i, .level = i % 2}, &event);
	unit_ok(alert.flapping, "three openings within a half-life flap");
	monitor_alert_step(&p, &alert, &(MonitorObservation){.at = 5000, .level = 0}, &event);
	unit_ok(!alert.flapping, "until it was calm for some");
}

int
main(void)
{
	test_traces();
	test_cuts();
	test_flapping();
	return unit_done();
}
