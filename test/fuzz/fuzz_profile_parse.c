/*
 * fuzz_profile_parse.c
 *		Any text: refused, or a profile that prints the same text and survives
 *		its compact form.
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
check_bytes(const MonitorProfile *profile)
{
	size_t length = monitor_profile_encode_size(profile, true);
	unsigned char *bytes = malloc(length);
	MonitorProfile *decoded;
	size_t size;

	REQUIRE(monitor_profile_encode(profile, true, bytes) == length);
	REQUIRE(monitor_profile_decode_size(bytes, length, &size) == MONITOR_OK);
	decoded = malloc(size);
	REQUIRE(monitor_profile_decode(bytes, length, decoded, size) == MONITOR_OK);
	REQUIRE(monitor_profile_size(profile) == size && memcmp(profile, decoded, size) == 0);
	free(decoded);
	free(bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	const char *text = (const char *) data;
	MonitorProfile *profile;
	char *again;
	size_t size;

	if (monitor_profile_parse_size(text, length, &size) != MONITOR_OK)
		return 0;
	profile = malloc(size);
	if (monitor_profile_parse(text, length, profile, size) == MONITOR_OK)
	{
		REQUIRE(monitor_profile_size(profile) <= size);
		again = malloc(monitor_profile_text_bound(profile));
		REQUIRE(monitor_profile_print(profile, again) == length);
		REQUIRE(memcmp(text, again, length) == 0);
		free(again);
		check_bytes(profile);
	}
	free(profile);
	return 0;
}
