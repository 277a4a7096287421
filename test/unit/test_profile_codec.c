/*
 * test_profile_codec.c
 *		The compact form and the text form of profiles.
 */
#include "profile_samples.h"
#include "unit.h"

/* Print, parse, print again. */
static bool
survives_text(const MonitorProfile *profile)
{
	char *text = malloc(monitor_profile_text_bound(profile));
	char *again = malloc(monitor_profile_text_bound(profile));
	size_t length = monitor_profile_print(profile, text);
	MonitorProfile *parsed;
	size_t size = 0;
	bool same = length <= monitor_profile_text_bound(profile) &&
		monitor_profile_parse_size(text, length, &size) == MONITOR_OK;

	parsed = malloc(size);
	same = same && monitor_profile_parse(text, length, parsed, size) == MONITOR_OK &&
		same_profile(profile, parsed, true) && monitor_profile_print(parsed, again) == length &&
		memcmp(text, again, length) == 0;
	free(text);
	free(again);
	free(parsed);
	return same;
}

/* Encode with or without anchors, decode, compare. */
static bool
survives_bytes(const MonitorProfile *profile, bool with_anchors)
{
	MonitorProfile *copy = copy_profile(profile, with_anchors);
	MonitorProfile shape = *profile;
	bool same = false;

	if (copy != NULL)
	{
		shape.has_anchors = copy->has_anchors;
		shape.hash_bits = copy->hash_bits;
		shape.dictionary_bytes = copy->dictionary_bytes;
		shape.pending_capacity = 0;
		same = copy->has_anchors == (with_anchors && profile->has_anchors) &&
			memcmp(copy, &shape, sizeof(shape)) == 0 &&
			memcmp(monitor_profile_counts_const(copy), monitor_profile_counts_const(profile),
				   sizeof(int64_t) * (size_t) monitor_profile_slots(profile)) == 0;
	}
	free(copy);
	return same;
}

/* Attach a detached copy to an empty profile of the same anchors. */
static bool
survives_detaching(const MonitorProfile *profile)
{
	MonitorProfile *detached = copy_profile(profile, false);
	MonitorProfile *target = copy_profile(profile, true);
	bool same;

	same = detached != NULL && target != NULL &&
		monitor_profile_add(target, detached) == MONITOR_OK &&
		monitor_profile_attach(target, detached) == MONITOR_OK &&
		same_profile(target, profile, true);
	free(detached);
	free(target);
	return same;
}

/* Bytes without their anchors are those that the profile without them is encoded as. */
static bool
survives_stripping(const MonitorProfile *profile)
{
	size_t length = monitor_profile_encode_size(profile, true);
	size_t detached = monitor_profile_encode_size(profile, false);
	unsigned char *bytes = malloc(length);
	unsigned char *want = malloc(length);
	unsigned char *got = malloc(length);
	bool same;

	monitor_profile_encode(profile, true, bytes);
	monitor_profile_encode(profile, false, want);
	same = monitor_profile_strip(bytes, length, got) == detached &&
		memcmp(got, want, detached) == 0 && monitor_profile_strip(want, detached, got) == 0;
	free(bytes);
	free(want);
	free(got);
	return same;
}

/* The counts alone are those of the whole profile; of other slots none are read. */
static bool
survives_counting(MonitorProfile *profile, bool with_anchors)
{
	size_t length = monitor_profile_encode_size(profile, with_anchors);
	size_t size = sizeof(int64_t) * (size_t) monitor_profile_slots(profile);
	unsigned char *bytes = malloc(length);
	int64_t *counts = malloc(size);
	int64_t n = -1;
	bool same;

	monitor_profile_encode(profile, with_anchors, bytes);
	same = monitor_profile_load_counts(bytes, length, profile, counts, &n) == MONITOR_OK &&
		n == profile->n && memcmp(counts, monitor_profile_counts_const(profile), size) == 0;
	for (size_t cut = 0; cut < 20 && cut < length; cut++)
		same = same &&
			monitor_profile_load_counts(bytes, cut, profile, counts, &n) == MONITOR_CORRUPT;
	profile->id[1] ^= 1;
	same = same &&
		monitor_profile_load_counts(bytes, length, profile, counts, &n) == MONITOR_MISMATCH;
	profile->id[1] ^= 1;
	free(bytes);
	free(counts);
	return same;
}

static void
test_round_trips(int rounds)
{
	int wrong_counts = 0;
	int wrong_strip = 0;
	int wrong_bytes = 0;
	int wrong_text = 0;
	int wrong_detach = 0;
	double *values = malloc(sizeof(double) * MAX_SAMPLE);
	double *anchors = malloc(sizeof(double) * MAX_SAMPLE);

	for (int round = 0; round < rounds; round++)
	{
		Shape shape = round % SHAPES;
		int64_t n = random_below(round % 9 == 0 ? MAX_SAMPLE : 120);
		int64_t k = round % 50 == 0
			? 0
			: random_anchors(shape, 1 + random_below(400), 1 + random_below(300), anchors);
		MonitorProfile *profile;

		random_values(values, n, random_below(5) == 0 ? EXTREME : shape, 0, true);
		profile = profile_of(anchors, k, values, n);
		profile->missing = random_below(1000);
		if (random_below(4) == 0)
		{
			MonitorProfile *part = profile_of(anchors, k, values, n / 2);

			monitor_profile_subtract(profile, part);
			free(part);
		}
		if (random_below(9) == 0)
		{
			profile->has_sums = 0;
			memset(profile->sum, 0, 16);
			memset(profile->sum_squares, 0, 16);
		}
		wrong_bytes += !survives_bytes(profile, true) || !survives_bytes(profile, false);
		wrong_counts += !survives_counting(profile, true) || !survives_counting(profile, false);
		wrong_strip += !survives_stripping(profile);
		wrong_text += !survives_text(profile);
		wrong_detach += !survives_detaching(profile);
		free(profile);
	}
	unit_ok(wrong_bytes == 0, "%d profiles: encoded and decoded", rounds);
	unit_ok(wrong_counts == 0, "%d profiles: their counts alone", rounds);
	unit_ok(wrong_strip == 0, "%d profiles: stripped of their anchors", rounds);
	unit_ok(wrong_text == 0, "%d profiles: printed and parsed", rounds);
	unit_ok(wrong_detach == 0, "%d profiles: detached and attached", rounds);
	free(values);
	free(anchors);
}

static MonitorProfile *
random_categorical(void)
{
	char buffer[50][16];
	const char *names[50];
	uint32_t lengths[50];
	int64_t k = random_below(51);
	size_t total = 0;
	bool has_other = random_below(2) == 0;
	MonitorProfile *profile;

	for (int64_t i = 0; i < k; i++)
	{
		lengths[i] = (uint32_t) snprintf(buffer[i], sizeof(buffer[i]), "%d", (int) i);
		while (lengths[i] < 12 && random_below(4) != 0)
			buffer[i][lengths[i]++] = (char) (1 + random_below(255));
		/* a letter after the number keeps the names apart */
		buffer[i][lengths[i]++] = '"';
		names[i] = buffer[i];
		total += lengths[i];
	}
	profile = malloc(monitor_profile_size_categorical(k, total));
	if (monitor_profile_init_categorical(profile, names, lengths, k, has_other) != MONITOR_OK)
	{
		free(profile);
		return NULL; /* two names were equal all the same */
	}
	for (int64_t i = random_below(500); i > 0; i--)
	{
		int64_t which = random_below(60);

		if (which < k)
			monitor_profile_count_category(profile, names[which], lengths[which]);
		else
			monitor_profile_count_category(profile, "none of them", 12);
	}
	profile->missing = random_below(5);
	return profile;
}

static void
test_categorical_round_trips(int rounds)
{
	int wrong = 0;

	for (int round = 0; round < rounds; round++)
	{
		MonitorProfile *profile = random_categorical();

		if (profile == NULL)
			continue;
		wrong += !survives_bytes(profile, true) || !survives_bytes(profile, false) ||
			!survives_text(profile) || !survives_detaching(profile);
		free(profile);
	}
	unit_ok(wrong == 0, "%d categorical profiles: encoded, printed, detached", rounds);
}

/*
 * Decoding what an encoder wrote, damaged: either refused or, encoded again,
 * the same bytes.
 */
static void
test_damage(int rounds)
{
	int wrong = 0;
	int accepted = 0;
	double values[60];
	double *anchors = malloc(sizeof(double) * MAX_SAMPLE);

	for (int round = 0; round < rounds; round++)
	{
		int64_t k = random_anchors(round % SHAPES, 1 + random_below(30), 20, anchors);
		MonitorProfile *profile;
		MonitorProfile *decoded;
		unsigned char bytes[4096];
		unsigned char again[4096];
		size_t length;
		size_t size;

		random_values(values, 60, round % SHAPES, 0, true);
		profile = profile_of(anchors, k, values, random_below(60));
		length = monitor_profile_encode(profile, random_below(2) == 0, bytes);
		free(profile);
		if (random_below(3) == 0)
			length = (size_t) random_below((int64_t) length);
		else
			bytes[random_below((int64_t) length)] ^= (unsigned char) (1 << random_below(8));
		if (monitor_profile_decode_size(bytes, length, &size) != MONITOR_OK)
			continue;
		decoded = malloc(size);
		if (monitor_profile_decode(bytes, length, decoded, size) == MONITOR_OK)
		{
			accepted++;
			wrong += !monitor_profile_consistent(decoded) ||
				monitor_profile_encode(decoded, true, again) != length ||
				memcmp(bytes, again, length) != 0;
		}
		free(decoded);
	}
	unit_ok(wrong == 0, "%d damaged profiles: refused, or canonical (%d)", rounds, accepted);
	free(anchors);
}

/* Sizes that the storage of many profiles is planned with. */
static void
test_sizes(void)
{
	static const int64_t rows[] = {50, 1000, 100000};
	double *values = malloc(sizeof(double) * 100000);
	double *anchors = malloc(sizeof(double) * 1000);
	MonitorSample sample;

	random_values(values, 100000, SMOOTH, 0, false);
	sample = sample_of(values, 100000);
	monitor_profile_edges(&sample, 1000, anchors);
	for (int i = 0; i < 3; i++)
	{
		MonitorProfile *profile;
		size_t detached;

		random_values(values, rows[i], SMOOTH, 0, false);
		profile = profile_of(anchors, 1000, values, rows[i]);
		detached = monitor_profile_encode_size(profile, false);
		unit_ok(detached < (i == 0 ? 200 : 2200),
				"%d rows, 1000 anchors: %d bytes detached, %d with anchors", (int) rows[i],
				(int) detached, (int) monitor_profile_encode_size(profile, true));
		free(profile);
	}
	free((void *) sample.keys);
	free(values);
	free(anchors);
}

static bool
parses(const char *text)
{
	size_t length = strlen(text);
	size_t size;
	MonitorProfile *profile;
	bool parsed;

	if (monitor_profile_parse_size(text, length, &size) != MONITOR_OK)
		return false;
	profile = malloc(size);
	parsed = monitor_profile_parse(text, length, profile, size) == MONITOR_OK;
	free(profile);
	return parsed;
}

static void
test_text(void)
{
	const char *const names[] = {"\"\\\n\x01\xc3\xa9", "b"};
	const uint32_t lengths[] = {6, 1};
	const double anchors[] = {-INFINITY, 0.1, 3};
	const double rows[] = {-INFINITY, 0, 0.1, 0.2, NAN};
	char text[2048];
	size_t length;
	MonitorProfile *numeric = profile_of(anchors, 3, rows, 5);
	MonitorProfile *words = malloc(monitor_profile_size_categorical(2, 7));
	const char *numeric_tail =
		"\",\"k\":3,\"rows\":5,\"missing\":0,\"nan\":1,\"zeros\":1,\"infinities\":[1,0],"
		"\"outliers\":0,\"range\":[\"-Infinity\",0.2],\"center\":0.1,\"unit\":-42,"
		"\"sums\":[\"0\",\"386856262275977648464200\"],"
		"\"anchors\":[\"-Infinity\",0.1,3],\"counts\":{\"1\":1,\"2\":1,\"3\":1,\"4\":1}}";
	const char *words_tail =
		"\",\"k\":2,\"rows\":2,\"missing\":0,\"other\":true,"
		"\"categories\":[\"\\\"\\\\\\n\\u0001\xc3\xa9\",\"b\"],\"counts\":{\"1\":1,\"2\":1}}";

	length = monitor_profile_print(numeric, text);
	text[length] = '\0';
	unit_ok(strncmp(text, "{\"profile\":1,\"kind\":\"numeric\",\"id\":\"", 36) == 0 &&
				strcmp(text + 36 + 32, numeric_tail) == 0,
			"numeric text: %s", text);
	unit_ok(parses(text), "it parses");
	text[length] = ' ';
	text[length + 1] = '\0';
	unit_ok(!parses(text), "nothing may follow");
	text[length - 1] = '\0';
	unit_ok(!parses(text), "nothing may be missing");

	monitor_profile_init_categorical(words, names, lengths, 2, true);
	monitor_profile_count_category(words, "b", 1);
	monitor_profile_count_category(words, "c", 1);
	length = monitor_profile_print(words, text);
	text[length] = '\0';
	unit_ok(strncmp(text, "{\"profile\":1,\"kind\":\"categorical\",\"id\":\"", 40) == 0 &&
				strcmp(text + 40 + 32, words_tail) == 0,
			"categorical text: %s", text);
	unit_ok(parses(text), "it parses");
	text[strstr(text, "\\u0001") - text + 5] = '0';
	unit_ok(!parses(text), "no NUL in a category");
	free(numeric);
	free(words);
}

/* An id that is not that of the anchors, and a detached one that cannot be told. */
static void
test_forged_id(void)
{
	const double anchors[] = {1, 2};
	MonitorProfile *profile = profile_of(anchors, 2, anchors, 2);
	MonitorProfile *detached;

	profile->id[0] ^= 1;
	unit_ok(copy_profile(profile, true) == NULL,
			"an id that is not that of the anchors is refused");
	detached = copy_profile(profile, false);
	profile->id[0] ^= 1;
	unit_ok(detached != NULL && monitor_profile_attach(profile, detached) == MONITOR_MISMATCH,
			"detached it belongs to other anchors");
	detached->id[0] ^= 1;
	monitor_profile_counts(detached)[0]++;
	monitor_profile_counts(detached)[1]--;
	unit_ok(monitor_profile_attach(profile, detached) == MONITOR_CORRUPT,
			"counts that contradict the anchors are refused");
	free(profile);
	free(detached);
}

int
main(void)
{
	test_round_trips(4000);
	test_categorical_round_trips(2000);
	test_damage(40000);
	test_sizes();
	test_text();
	test_forged_id();
	return unit_done();
}
