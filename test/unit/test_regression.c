/*
 * test_regression.c
 *		Unit tests of the metrics of regression.
 *
 * Expected values: computed in fractions.
 */
#include <stdlib.h>

#include "regression.h"
#include "unit.h"

/* Room for a state of any kind. */
typedef union Room
{
	MonitorRegression state;
	char bytes[sizeof(MonitorRegression) + 4 * sizeof(MonitorTotal)];
} Room;

static MonitorRegression *
state_of(Room *room, MonitorRegressionKind kind, const double rows[][3], int n, bool weighted)
{
	memset(room, 0, sizeof(*room));
	room->state.kind = kind;
	room->state.weighted = weighted;
	for (int i = 0; i < n; i++)
		monitor_regression_add(&room->state, rows[i][0], rows[i][1], rows[i][2]);
	return &room->state;
}

typedef MonitorStatus (*Metric)(MonitorRegression *state, double *value);

static double
value_of(MonitorRegression *state, Metric metric)
{
	double value;

	return metric(state, &value) == MONITOR_OK ? value : NAN;
}

static void
test_values(void)
{
	static const double rows[][3] = {{3, 2, 1}, {-1, 0, 0.5}, {2, 2, 2}, {8, 7, 0}, {0, 4, 1.5}};
	Room room;

	state_of(&room, MONITOR_ERRORS, rows, 5, false);
	unit_close(value_of(&room.state, monitor_mean_absolute_error), 1.4, 1e-15, "MAE");
	unit_close(value_of(&room.state, monitor_mean_squared_error), 3.8, 1e-15, "MSE");
	unit_close(value_of(&room.state, monitor_root_mean_squared_error), 1.9493588689617927, 1e-15,
			   "RMSE");
	state_of(&room, MONITOR_ERRORS, rows, 5, true);
	unit_close(value_of(&room.state, monitor_mean_absolute_error), 1.5, 1e-15, "weighted MAE");
	unit_close(value_of(&room.state, monitor_mean_squared_error), 5.1, 1e-15, "weighted MSE");
	state_of(&room, MONITOR_RELATIVE, rows, 1, false);
	unit_close(value_of(&room.state, monitor_mean_absolute_percentage_error), 0.5, 0, "MAPE");
	state_of(&room, MONITOR_RELATIVE, rows, 2, true);
	unit_close(value_of(&room.state, monitor_mean_absolute_percentage_error),
			   (0.5 + 0.5 * 0x1p52) / 1.5, 1e-15, "MAPE of a truth of 0");
	state_of(&room, MONITOR_DETERMINATION, rows, 5, false);
	unit_close(value_of(&room.state, monitor_r2), 1 - 19 / 28.0, 1e-14, "R2");
	state_of(&room, MONITOR_DETERMINATION, rows, 5, true);
	unit_close(value_of(&room.state, monitor_r2), 1 - 25.5 / 7.2, 1e-14, "weighted R2");
}

static void
test_edges(void)
{
	static const double equal[][3] = {{1, 0.1, 0.3}, {0.1, 0.1, 0.7}, {0.1, 0.1, 1.1}};
	static const double far[][3] = {{1e15, 1e15, 1}, {1e15 + 1, 1e15 + 1, 1}, {1e15, 1e15 + 2, 1}};
	static const double large[][3] = {{1e200, 1e200, 1}, {2e200, 1e200, 1}, {0, 0, 0}};
	Room room;

	unit_close(value_of(state_of(&room, MONITOR_DETERMINATION, equal, 0, false), monitor_r2), NAN,
			   0, "R2 of nothing");
	unit_close(value_of(state_of(&room, MONITOR_DETERMINATION, equal, 1, false), monitor_r2), NAN,
			   0, "R2 of one row");
	unit_close(value_of(state_of(&room, MONITOR_DETERMINATION, equal, 3, true), monitor_r2), 0, 0,
			   "R2 of equal truths");
	unit_close(value_of(state_of(&room, MONITOR_DETERMINATION, equal + 1, 2, true), monitor_r2), 1,
			   0, "R2 of equal truths, all right");
	unit_close(value_of(state_of(&room, MONITOR_DETERMINATION, far, 3, false), monitor_r2), -1,
			   1e-15, "R2 far from 0");
	unit_close(value_of(state_of(&room, MONITOR_DETERMINATION, large, 2, true), monitor_r2), NAN, 0,
			   "R2 of squares out of range");
	unit_close(value_of(state_of(&room, MONITOR_ERRORS, large, 2, false),
						monitor_mean_squared_error),
			   INFINITY, 0, "MSE out of range");
	unit_close(value_of(state_of(&room, MONITOR_ERRORS, large + 2, 1, true),
						monitor_mean_absolute_error),
			   NAN, 0, "MAE of no weight");
}

/* Parts that are merged give the bytes of one pass. */
static void
test_merge(void)
{
	double rows[300][3];
	Room all;
	Room first;
	Room second;

	srand(7);
	for (int i = 0; i < 300; i++)
	{
		for (int j = 0; j < 3; j++)
			rows[i][j] = ldexp((double) rand() / RAND_MAX - (j < 2 ? 0.5 : 0), rand() % 200 - 100);
	}
	for (int kind = 0; kind < MONITOR_REGRESSION_KINDS; kind++)
	{
		state_of(&all, kind, rows, 300, true);
		state_of(&first, kind, rows + 100, 200, true);
		state_of(&second, kind, rows, 100, true);
		monitor_regression_merge(&first.state, &second.state);
		for (int i = 0; i < monitor_regression_totals(kind); i++)
			monitor_total_settle(&all.state.totals[i]);
		unit_ok(memcmp(&all, &first, monitor_regression_size(kind)) == 0, "merged, kind %d", kind);
	}
}

int
main(void)
{
	test_values();
	test_edges();
	test_merge();
	return unit_done();
}
