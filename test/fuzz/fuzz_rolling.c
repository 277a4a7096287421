/*
 * fuzz_rolling.c
 *		Rows enter and leave a rolling area under the ROC curve and an exact sum,
 *		in whatever order the input says: both are what counting and adding the
 *		rows that are left give, and nothing remains of those that went.
 *
 * Input: a byte that says how scores are written, then a byte a row: its lowest
 * bit is the label, the next two say whether it enters, or the oldest or another
 * row leaves; a score follows where it enters.
 */
#include <stdlib.h>
#include <string.h>

#include "exact_sum.h"
#include "rolling_auc.h"

#define MAX_ROWS 2048

#define REQUIRE(condition) \
	do \
	{ \
		if (!(condition)) \
			abort(); \
	} while (0)

typedef struct Row
{
	double score;
	bool label;
} Row;

typedef struct Window
{
	Row rows[MAX_ROWS];
	int n;
	MonitorRollingAuc auc;
	MonitorExactSum sum;
} Window;

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void *
allocate(void *owner, size_t size)
{
	(void) owner;
	return malloc(size);
}

static void
release(void *owner, void *memory)
{
	(void) owner;
	free(memory);
}

/* A score of up to 8 bytes; how many were read. */
static size_t
read_score(const uint8_t *data, size_t left, int way, double *score)
{
	uint16_t two;

	if (way == 0 || left < 8)
	{
		*score = data[0] == 255 ? INFINITY : data[0] == 254 ? -INFINITY : data[0] / 8.0;
		return 1;
	}
	if (way == 1)
	{
		memcpy(&two, data, sizeof(two));
		*score = 0.0001 + two * 0x1p-53;
		return 2;
	}
	memcpy(score, data, sizeof(*score));
	if (isnan(*score))
		*score = 0;
	return 8;
}

/* Infinities are for the order only. */
static double
term(double score)
{
	return isinf(score) ? 1 : score;
}

static void
enter(Window *window, Row row)
{
	window->rows[window->n++] = row;
	REQUIRE(monitor_rolling_auc_add(&window->auc, row.score, row.label) == MONITOR_OK);
	monitor_exact_add(&window->sum, term(row.score));
}

static void
leave(Window *window, int i)
{
	Row row = window->rows[i];

	REQUIRE(monitor_rolling_auc_remove(&window->auc, row.score, row.label) == MONITOR_OK);
	monitor_exact_subtract(&window->sum, term(row.score));
	memmove(&window->rows[i], &window->rows[i + 1], (--window->n - i) * sizeof(Row));
}

static void
check(const Window *window)
{
	MonitorExactSum sum;
	int64_t n[2] = {0, 0};
	int64_t u2 = 0;
	double value = 0;

	monitor_exact_init(&sum);
	for (int i = 0; i < window->n; i++)
	{
		const Row *a = &window->rows[i];

		n[a->label]++;
		monitor_exact_add(&sum, term(a->score));
		for (int j = 0; j < window->n && a->label; j++)
		{
			const Row *b = &window->rows[j];

			if (!b->label)
				u2 += 2 * (a->score > b->score) + (a->score == b->score);
		}
	}
	REQUIRE(window->auc.n[0] == n[0] && window->auc.n[1] == n[1] && window->auc.u2 == u2);
	REQUIRE((monitor_rolling_auc_value(&window->auc, &value) == MONITOR_OK) ==
			(n[0] > 0 && n[1] > 0));
	REQUIRE(value >= 0 && value <= 1);
	REQUIRE(monitor_exact_mean(&window->sum, 1) == monitor_exact_mean(&sum, 1));
	REQUIRE(window->n == 0 ||
			monitor_exact_mean(&window->sum, window->n) == monitor_exact_mean(&sum, window->n));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Window window;
	int way;

	if (size < 2)
		return 0;
	way = data[0] % 3;
	window.n = 0;
	monitor_rolling_auc_init(&window.auc, (MonitorAllocator){allocate, release, NULL});
	monitor_exact_init(&window.sum);
	for (size_t i = 1; i + 1 < size;)
	{
		uint8_t what = data[i++];
		int way_out = what >> 1 & 3;
		Row row = {0, what & 1};

		if (window.n == 0 || (way_out < 2 && window.n < MAX_ROWS))
		{
			i += read_score(data + i, size - i, way, &row.score);
			enter(&window, row);
		}
		else
			leave(&window, way_out == 2 ? 0 : (what >> 3) * 64 % window.n);
		if (i % 64 == 0)
			check(&window);
	}
	check(&window);
	while (window.n > 0)
		leave(&window, window.n - 1);
	check(&window);
	monitor_rolling_auc_free(&window.auc);
	return 0;
}
