/*
 * test_detector.c
 *		Detectors: their random numbers, their durable forms, their statistics.
 */
#include <stdlib.h>
#include <string.h>

#include "detector.h"
#include "detector_internal.h"
#include "unit.h"

#define LARGEST 100000

typedef union Space
{
	MonitorDetector detector;
	char bytes[LARGEST];
} Space;

static Space one;
static Space two;
static unsigned char bytes[LARGEST];
static char text[LARGEST];

/* Python 3.11: random.Random(seed).sample(range(n), k), its first five numbers */
static void
test_random(void)
{
	static const uint32_t sample_70[5] = {14, 3, 35, 31, 28};
	static const uint32_t sample_1000[5] = {465, 334, 345, 779, 900};
	static const uint32_t sample_large_seed[5] = {386, 667, 21, 269, 143};
	uint32_t words[MONITOR_RANDOM_WORDS];
	uint32_t got[30];
	uint32_t scratch[1000];
	int32_t next;

	monitor_random_seed(words, &next, 42);
	monitor_random_sample(words, &next, 70, 30, got, scratch);
	unit_ok(memcmp(got, sample_70, sizeof(sample_70)) == 0, "a sample by pool");
	monitor_random_seed(words, &next, 42);
	for (int i = 0; i < 200; i++)
		monitor_random_sample(words, &next, 1000, 5, got, scratch);
	unit_ok(memcmp(got, sample_1000, sizeof(sample_1000)) == 0, "a late sample by set");
	monitor_random_seed(words, &next, UINT64_C(123456789012));
	monitor_random_sample(words, &next, 1000, 5, got, scratch);
	unit_ok(memcmp(got, sample_large_seed, sizeof(sample_large_seed)) == 0, "a seed of two digits");
}

/* A stream of zeros and ones whose rate rises at the middle. */
static double
stream(int i, int n)
{
	uint32_t x = (uint32_t) i * 2654435761u;

	x ^= x >> 15;
	x *= 2246822519u;
	x ^= x >> 13;
	return x % 100 < (i < n / 2 ? 15u : 60u);
}

static bool
same(const MonitorDetector *a, const MonitorDetector *b)
{
	static unsigned char again[LARGEST];
	size_t length = monitor_detector_encode_size(a);

	if (monitor_detector_encode_size(b) != length)
		return false;
	monitor_detector_encode(a, bytes);
	monitor_detector_encode(b, again);
	return memcmp(bytes, again, length) == 0;
}

/* Through bytes (way 0) or text (way 1) into the other space. */
static bool
copy(const MonitorDetector *from, MonitorDetector *to, int way)
{
	size_t length;

	if (way == 0)
	{
		length = monitor_detector_encode_size(from);
		monitor_detector_encode(from, bytes);
		return monitor_detector_decode(bytes, length, to, LARGEST) == MONITOR_OK;
	}
	length = monitor_detector_print_size(from);
	monitor_detector_print(from, text);
	return monitor_detector_parse(text, length, to, LARGEST) == MONITOR_OK;
}

/* One that is written and read again after every value is as one that is not. */
static void
test_forms(MonitorDetectorKind kind)
{
	double parameters[MONITOR_MAX_PARAMETERS];
	MonitorDetector *kept = &one.detector;
	MonitorDetector *moved = &two.detector;
	bool good = true;
	const int n = 1500;

	monitor_detector_defaults(kind, parameters);
	monitor_detector_init(kept, kind, parameters);
	good = copy(kept, moved, 0);
	for (int i = 0; i < n; i++)
	{
		static Space third;

		good = good && monitor_detector_update(kept, stream(i, n)) == MONITOR_OK;
		good = good && monitor_detector_update(moved, stream(i, n)) == MONITOR_OK;
		good = good && copy(moved, &third.detector, i % 2);
		memcpy(&two, &third, monitor_detector_size(kind, parameters));
		good = good && same(kept, moved);
	}
	unit_ok(good && kept->values == n, "%s: the same through bytes and text",
			monitor_detector_name(kind));
	unit_ok(kept->drifts > 0 && kept->last_drift > n / 2, "%s: sees the change",
			monitor_detector_name(kind));
}

/* Each shorter input, and each with a byte more, is refused; changed bytes do no harm. */
static void
test_damage(MonitorDetectorKind kind)
{
	double parameters[MONITOR_MAX_PARAMETERS];
	size_t length;
	int refused = 0;
	int read = 0;

	monitor_detector_defaults(kind, parameters);
	monitor_detector_init(&one.detector, kind, parameters);
	for (int i = 0; i < 130; i++)
		monitor_detector_update(&one.detector, stream(i, 130));
	length = monitor_detector_encode_size(&one.detector);
	monitor_detector_encode(&one.detector, bytes);
	bytes[length] = 0;
	for (size_t n = 0; n <= length + 1; n++)
	{
		if (n != length)
			refused += monitor_detector_decode(bytes, n, &two.detector, LARGEST) == MONITOR_CORRUPT;
	}
	unit_ok(refused == (int) length + 1, "%s: cut bytes are refused", monitor_detector_name(kind));
	for (size_t i = 0; i < length; i++)
	{
		bytes[i] ^= 0x80;
		if (monitor_detector_decode(bytes, length, &two.detector, LARGEST) == MONITOR_OK)
		{
			monitor_detector_update(&two.detector, 1);
			read++;
		}
		bytes[i] ^= 0x80;
	}
	unit_ok(read < (int) length, "%s: %d of %d changed bytes are refused",
			monitor_detector_name(kind), (int) length - read, (int) length);
}

/* A drift of adwin is a statistic above 1, and only that. */
static void
test_adwin(void)
{
	double parameters[MONITOR_MAX_PARAMETERS];
	bool good = true;

	monitor_detector_defaults(MONITOR_ADWIN, parameters);
	parameters[1] = 1;
	monitor_detector_init(&one.detector, MONITOR_ADWIN, parameters);
	for (int i = 0; i < 3000; i++)
	{
		monitor_detector_update(&one.detector, stream(i % 1000, 1000) + 1e9);
		good = good && one.detector.signal.drift == (one.detector.signal.statistic > 1);
	}
	unit_ok(good && one.detector.drifts > 2, "adwin: a drift is a statistic above 1");
}

/* The known chart: mean 0, deviation 1, worked by hand. */
static void
test_cusum(void)
{
	static const double values[] = {1, 2, -1, 3, 2.5, 1};
	static const double sums[] = {0.5, 2, 0.5, 3, 5, 5.5};
	double parameters[MONITOR_MAX_PARAMETERS];
	bool good = true;

	monitor_detector_defaults(MONITOR_CUSUM, parameters);
	parameters[4] = 0;
	parameters[5] = 1;
	monitor_detector_init(&one.detector, MONITOR_CUSUM, parameters);
	for (int i = 0; i < 6; i++)
	{
		monitor_detector_update(&one.detector, values[i]);
		good = good && one.detector.signal.statistic == sums[i] &&
			one.detector.signal.drift == (i == 5);
	}
	unit_ok(good, "cusum: a chart worked by hand");
	unit_close(one.detector.signal.estimate, 0.5 + 5.5 / 6, 1e-15, "cusum: the level it points to");
}

int
main(void)
{
	test_random();
	for (int kind = 0; kind < MONITOR_NUM_DETECTORS; kind++)
	{
		test_forms(kind);
		test_damage(kind);
	}
	test_adwin();
	test_cusum();
	return unit_done();
}
