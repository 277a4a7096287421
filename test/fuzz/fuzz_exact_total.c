/*
 * fuzz_exact_total.c
 *		Doubles from the input: their sum is correctly rounded and has the same bytes
 *		whatever their order and parts, and variances are not negative.
 *
 * Input: a byte that says where the parts are cut, then doubles.
 */
#include <float.h>
#include <stdlib.h>

#include "exact_total.h"

#define REQUIRE(condition) \
	do \
	{ \
		if (!(condition)) \
			abort(); \
	} while (0)

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The sum less what was returned for it is at most half of the last place. */
static void
check_rounding(MonitorTotal total)
{
	double value = monitor_total_value(&total);
	double place = nextafter(fabs(value), INFINITY) - fabs(value);

	if (!isfinite(value) || !isfinite(nextafter(fabs(value), INFINITY)))
		return;
	monitor_total_add(&total, -value);
	REQUIRE(fabs(monitor_total_value(&total)) <= place / 2);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MonitorTotal whole = {0};
	MonitorTotal parts[2] = {{{0}, 0, 0}, {{0}, 0, 0}};
	MonitorTotal count = {0};
	MonitorTotal squares = {0};
	size_t n;

	if (size == 0)
		return 0;
	n = (size - 1) / sizeof(double);
	for (size_t i = 0; i < n; i++)
	{
		double forward;
		double backward;

		memcpy(&forward, data + 1 + i * sizeof(double), sizeof(double));
		memcpy(&backward, data + 1 + (n - 1 - i) * sizeof(double), sizeof(double));
		if (isfinite(forward))
		{
			monitor_total_add(&whole, forward);
			monitor_total_add(&count, 1);
			monitor_total_add_product(&squares, forward, forward);
		}
		if (isfinite(backward))
			monitor_total_add(&parts[i % (data[0] + 1u) == 0], backward);
	}
	monitor_total_merge(&parts[0], &parts[1]);
	monitor_total_settle(&whole);
	REQUIRE(memcmp(&whole, &parts[0], sizeof(whole)) == 0);
	check_rounding(whole);
	REQUIRE(!(monitor_total_spread(&count, &squares, &whole) < 0));
	return 0;
}
