/*
 * fuzz_profile_decode.c
 *		Any bytes: refused, or a profile that encodes to the same bytes and
 *		survives its text form and the statistics.  What is loaded without being
 *		validated may be nonsense, but nothing goes beyond its memory.
 */
#include <stdlib.h>
#include <string.h>

#include "profile.h"
#include "profile_internal.h"

#define REQUIRE(condition) \
	do \
	{ \
		if (!(condition)) \
			abort(); \
	} while (0)

static void
check_text(const MonitorProfile *profile, const unsigned char *bytes, size_t length)
{
	char *text = malloc(monitor_profile_text_bound(profile));
	size_t text_length = monitor_profile_print(profile, text);
	unsigned char *again = malloc(length);
	MonitorProfile *parsed;
	size_t size;

	REQUIRE(text_length <= monitor_profile_text_bound(profile));
	REQUIRE(monitor_profile_parse_size(text, text_length, &size) == MONITOR_OK);
	parsed = malloc(size);
	REQUIRE(monitor_profile_parse(text, text_length, parsed, size) == MONITOR_OK);
	REQUIRE(monitor_profile_encode_size(parsed, true) == length);
	monitor_profile_encode(parsed, true, again);
	REQUIRE(memcmp(bytes, again, length) == 0);
	free(parsed);
	free(again);
	free(text);
}

/* Whatever was decoded can be read, compared with itself and drawn. */
static void
check_reading(const MonitorProfile *profile)
{
	size_t slots = (size_t) monitor_profile_slots(profile);
	int64_t *scratch = malloc(2 * slots * sizeof(int64_t));
	MonitorCells cells = {0, scratch, scratch + slots, 0, 0};
	MonitorTestResult result;
	char line[3 * 20 + 1];
	double value;

	monitor_profile_mean(profile, &value);
	monitor_profile_variance(profile, &value);
	monitor_profile_stddev(profile, &value);
	for (int i = 0; i <= 8; i++)
		monitor_profile_quantile(profile, i / 8.0, &value);
	monitor_profile_cdf(profile, 0, &value);
	monitor_profile_cdf(profile, INFINITY, &value);
	monitor_profile_sparkline(profile, 20, line);
	monitor_profile_cells(profile, profile, 10, &cells, NULL, NULL);
	monitor_profile_evidence(profile, profile, 0.05, 1, scratch, &value);
	monitor_profile_welch(profile, profile, &result);
	if (monitor_profile_wasserstein(profile, profile, &result) == MONITOR_OK)
		REQUIRE(result.statistic == 0);
	if (monitor_profile_energy(profile, profile, &result) == MONITOR_OK)
		REQUIRE(result.statistic == 0);
	if (monitor_profile_mann_whitney(profile, profile, &result) == MONITOR_OK)
		REQUIRE(result.p_value == 1);
	free(scratch);
}

/* What is stored is trusted to be a profile: the statistics still end, and stay inside. */
static void
check_loaded(const MonitorProfile *profile)
{
	size_t slots = (size_t) monitor_profile_slots(profile);
	int64_t *scratch = malloc(2 * slots * sizeof(int64_t));
	MonitorCells cells = {0, scratch, scratch + slots, 0, 0};
	MonitorTestResult result;
	char line[3 * 20 + 1];
	double value;

	for (int i = 0; i <= 8; i++)
		monitor_profile_quantile(profile, i / 8.0, &value);
	monitor_profile_stddev(profile, &value);
	monitor_profile_cdf(profile, 0, &value);
	monitor_profile_sparkline(profile, 20, line);
	monitor_profile_cells(profile, profile, 10, &cells, NULL, NULL);
	monitor_profile_evidence(profile, profile, 0.05, 1, scratch, &value);
	monitor_profile_ks_bounds(profile, profile, &result);
	monitor_profile_wasserstein(profile, profile, &result);
	monitor_profile_welch(profile, profile, &result);
	monitor_profile_mann_whitney(profile, profile, &result);
	free(scratch);
}

/* The counts alone are the same. */
static void
check_counts(const MonitorProfile *profile, const uint8_t *data, size_t length)
{
	size_t size = sizeof(int64_t) * (size_t) monitor_profile_slots(profile);
	int64_t *counts = malloc(size);
	int64_t n;

	REQUIRE(monitor_profile_load_counts(data, length, profile, counts, &n) == MONITOR_OK);
	REQUIRE(n == profile->n);
	REQUIRE(memcmp(counts, monitor_profile_counts_const(profile), size) == 0);
	free(counts);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	MonitorProfile *profile;
	unsigned char *again;
	size_t size;

	if (monitor_profile_decode_size(data, length, &size) != MONITOR_OK)
		return 0;
	profile = malloc(size);
	if (monitor_profile_decode(data, length, profile, size) == MONITOR_OK)
	{
		REQUIRE(monitor_profile_size(profile) == size);
		REQUIRE(monitor_profile_encode_size(profile, true) == length);
		again = malloc(length);
		REQUIRE(monitor_profile_encode(profile, true, again) == length);
		REQUIRE(memcmp(data, again, length) == 0);
		free(again);
		check_text(profile, data, length);
		check_reading(profile);
	}
	if (monitor_profile_load(data, length, profile, size) == MONITOR_OK)
	{
		check_loaded(profile);
		check_counts(profile, data, length);
	}
	free(profile);
	return 0;
}
