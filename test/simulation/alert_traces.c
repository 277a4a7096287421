/*
 * alert_traces.c
 *		Replays traces of test/oracle/alerts/make_traces.py through the state machine of alerts
 *		and compares every change with what the model in Python expects.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert_machine.h"

#define POLICY_FIELDS 9
#define LOOK_FIELDS	  7

typedef struct Counts
{
	long traces;
	long looks;
	long changes;
	long wrong;
	long kind[6][6]; /* of changes, from and to */
} Counts;

typedef struct Shortest
{
	size_t looks; /* 0: nothing was wrong */
	char *line;
	long trace;
	int got[4];
} Shortest;

static const char *const state_names[] = {"normal",		"pending", "firing",
										  "recovering", "no data", "error"};

/* The numbers of a line; the array grows as needed. */
static size_t
numbers_of(const char *line, int64_t **numbers, size_t *room)
{
	size_t n = 0;
	char *end;

	for (const char *p = line;; p = end)
	{
		int64_t value = strtoll(p, &end, 10);

		if (end == p)
			return n;
		if (n == *room)
		{
			*room = *room * 2 + 256;
			*numbers = realloc(*numbers, *room * sizeof **numbers);
			if (*numbers == NULL)
				abort();
		}
		(*numbers)[n++] = value;
	}
}

/* What the machine does at a look: from, to and severity, or -1 where nothing changes; and whether it flaps. */
static void
take_look(const MonitorAlertPolicy *policy, MonitorAlert *alert, const int64_t *look, int got[4])
{
	MonitorObservation observation = {look[0], (int) look[1], look[2] != 0};
	MonitorAlertEvent event;

	got[0] = got[1] = got[2] = -1;
	if (monitor_alert_step(policy, alert, &observation, &event))
	{
		got[0] = (int) event.from;
		got[1] = (int) event.to;
		got[2] = event.level;
	}
	got[3] = alert->flapping;
}

static bool
agrees(const int got[4], const int64_t *want)
{
	return got[0] == want[0] && got[1] == want[1] && got[2] == want[2] &&
		(want[3] == 2 || got[3] == want[3]);
}

static void
remember(Shortest *shortest, size_t looks, const char *line, long trace, const int got[4])
{
	if (shortest->looks > 0 && shortest->looks <= looks)
		return;
	free(shortest->line);
	shortest->line = strdup(line);
	shortest->looks = looks;
	shortest->trace = trace;
	memcpy(shortest->got, got, sizeof shortest->got);
}

/* Replays one line up to its first difference. */
static void
replay(const char *line, const int64_t *numbers, size_t n, Counts *counts, Shortest *shortest)
{
	MonitorAlertPolicy policy = {.hold_for = numbers[0],
								 .keep_firing_for = numbers[1],
								 .no_data_for = numbers[2],
								 .flap_half_life = numbers[8],
								 .n = (int) numbers[3],
								 .m = (int) numbers[4],
								 .error_limit = (int) numbers[5],
								 .no_data = (MonitorAbsencePolicy) numbers[6],
								 .error = (MonitorAbsencePolicy) numbers[7]};
	MonitorAlert alert = {0};

	counts->traces++;
	for (size_t i = POLICY_FIELDS; i + LOOK_FIELDS <= n; i += LOOK_FIELDS)
	{
		int got[4];

		take_look(&policy, &alert, numbers + i, got);
		counts->looks++;
		if (!agrees(got, numbers + i + 3))
		{
			counts->wrong++;
			remember(shortest, (i - POLICY_FIELDS) / LOOK_FIELDS + 1, line, counts->traces, got);
			return;
		}
		if (got[0] >= 0)
		{
			counts->changes++;
			counts->kind[got[0]][got[1]]++;
		}
	}
}

static const char *
state_name(int state)
{
	return state < 0 ? "none" : state_names[state];
}

static void
tell_shortest(const Shortest *shortest)
{
	int64_t *numbers = NULL;
	size_t room = 0;

	numbers_of(shortest->line, &numbers, &room);
	printf("# shortest prefix that differs, of trace %ld: hold_for %" PRId64
		   ", keep_firing_for %" PRId64 ", no_data_for %" PRId64 ", %" PRId64 " of %" PRId64
		   ", error_limit %" PRId64 ", no_data %" PRId64 ", on_error %" PRId64
		   ", flap_half_life %" PRId64 "\n",
		   shortest->trace, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5],
		   numbers[6], numbers[7], numbers[8]);
	for (size_t i = 0; i < shortest->looks; i++)
	{
		const int64_t *look = numbers + POLICY_FIELDS + i * LOOK_FIELDS;

		printf("#   at %" PRId64 " level %" PRId64 "%s: %s -> %s, severity %" PRId64 "%s\n",
			   look[0], look[1], look[2] ? " (holds)" : "", state_name((int) look[3]),
			   state_name((int) look[4]), look[5], look[6] == 1 ? ", flaps" : "");
	}
	printf("# the machine says %s -> %s, severity %d%s\n", state_name(shortest->got[0]),
		   state_name(shortest->got[1]), shortest->got[2], shortest->got[3] ? ", flaps" : "");
	free(numbers);
}

/* Every arrow that was seen, so that one that never was is noticed. */
static void
tell_kinds(const Counts *counts)
{
	for (int from = 0; from < 6; from++)
		for (int to = 0; to < 6; to++)
			if (counts->kind[from][to] > 0)
				printf("#   %s -> %s: %ld\n", state_names[from], state_names[to],
					   counts->kind[from][to]);
}

int
main(int argc, char **argv)
{
	long wanted = argc > 1 ? atol(argv[1]) : 1;
	Counts counts = {0};
	Shortest shortest = {0};
	int64_t *numbers = NULL;
	size_t room = 0;
	char *line = NULL;
	size_t line_room = 0;
	int failed;

	while (getline(&line, &line_room, stdin) > 0)
	{
		size_t n;

		if (line[0] == '#')
		{
			fputs(line, stdout);
			continue;
		}
		n = numbers_of(line, &numbers, &room);
		if (n < POLICY_FIELDS + LOOK_FIELDS || (n - POLICY_FIELDS) % LOOK_FIELDS != 0)
		{
			printf("not ok 1 - a line of %zu numbers\n", n);
			return 1;
		}
		replay(line, numbers, n, &counts, &shortest);
	}
	failed = counts.wrong > 0 || counts.changes == 0 || counts.traces != wanted;
	printf("%sok 1 - the model and the machine agree on %ld traces, %ld looks, %ld changes\n",
		   failed ? "not " : "", counts.traces, counts.looks, counts.changes);
	if (counts.wrong > 0)
	{
		printf("# %ld traces differ\n", counts.wrong);
		tell_shortest(&shortest);
	}
	tell_kinds(&counts);
	free(shortest.line);
	free(numbers);
	free(line);
	return failed;
}
