/*
 * fuzz_detector.c
 *		Any bytes, as the text or the byte form of a detector (the first byte
 *		says which): refused, or a detector that is written as it was read, in
 *		the other form too, and that goes on without a fault.
 */
#include <stdlib.h>
#include <string.h>

#include "detector.h"

#define REQUIRE(condition) \
	do \
	{ \
		if (!(condition)) \
			abort(); \
	} while (0)

/* Largest detector worth the time. */
#define LARGEST (1 << 22)

static MonitorDetector *
read_bytes(const unsigned char *bytes, size_t length)
{
	MonitorDetector *detector;
	size_t size;

	if (monitor_detector_decode_size(bytes, length, &size) != MONITOR_OK || size > LARGEST)
		return NULL;
	detector = malloc(size);
	if (monitor_detector_decode(bytes, length, detector, size) == MONITOR_OK)
		return detector;
	free(detector);
	return NULL;
}

static MonitorDetector *
read_text(const char *text, size_t length)
{
	MonitorDetector *detector;
	size_t size;

	if (monitor_detector_parse_size(text, length, &size) != MONITOR_OK || size > LARGEST)
		return NULL;
	detector = malloc(size);
	if (monitor_detector_parse(text, length, detector, size) == MONITOR_OK)
		return detector;
	free(detector);
	return NULL;
}

static void
check_forms(const MonitorDetector *detector, const char *data, size_t length, bool is_text)
{
	size_t text_length = monitor_detector_print_size(detector);
	size_t byte_length = monitor_detector_encode_size(detector);
	char *text = malloc(text_length);
	unsigned char *bytes = malloc(byte_length);
	unsigned char *again = malloc(byte_length);
	MonitorDetector *other;

	monitor_detector_print(detector, text);
	monitor_detector_encode(detector, bytes);
	REQUIRE((is_text ? text_length : byte_length) == length);
	REQUIRE(memcmp(data, is_text ? text : (char *) bytes, length) == 0);
	other = is_text ? read_bytes(bytes, byte_length) : read_text(text, text_length);
	REQUIRE(other != NULL && monitor_detector_encode_size(other) == byte_length);
	monitor_detector_encode(other, again);
	REQUIRE(memcmp(bytes, again, byte_length) == 0);
	free(other);
	free(again);
	free(bytes);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	const char *rest = (const char *) data + 1;
	bool is_text;
	MonitorDetector *detector;
	const char *why;

	if (length < 1)
		return 0;
	is_text = data[0] == 't';
	detector = is_text ? read_text(rest, length - 1)
					   : read_bytes((const unsigned char *) rest, length - 1);
	if (detector == NULL)
		return 0;
	check_forms(detector, rest, length - 1, is_text);
	for (int i = 0; i < 70; i++)
	{
		double value = i % 3 == 0 ? 1 : i > 40;

		REQUIRE(monitor_detector_accepts(detector, value, &why));
		monitor_detector_update(detector, value);
	}
	REQUIRE(monitor_detector_print_size(detector) > 0);
	free(detector);
	return 0;
}
