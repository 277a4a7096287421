/*
 * test_profile_count.c
 *		Profiles: identity, slots, sums, adding, subtracting, reading.
 */
/* The counting once more, below, without the code for special processors. */
#define MONITOR_NO_AVX512
#define MONITOR_NO_SSE2

#include "profile_samples.h"
#include "unit.h"

#define monitor_profile_find_slots	   portable_find_slots
#define monitor_profile_count		   portable_count
#define monitor_profile_flush		   portable_flush
#define monitor_profile_count_category portable_count_category
#define monitor_profile_make_room	   portable_make_room
#define monitor_profile_enlarge		   portable_enlarge
#include "profile_search.c"
#include "profile_count.c"
#undef monitor_profile_find_slots
#undef monitor_profile_make_room
#undef monitor_profile_enlarge
#undef monitor_profile_count
#undef monitor_profile_flush
#undef monitor_profile_count_category

/* MurmurHash3_x64_128 with seed 0 of a well-known sentence. */
static void
test_hash(void)
{
	const char *text = "The quick brown fox jumps over the lazy dog";
	MonitorHasher hasher;
	uint64_t hash[2];

	monitor_hash_begin(&hasher);
	monitor_hash_update(&hasher, text, 10);
	monitor_hash_update(&hasher, text + 10, strlen(text) - 10);
	monitor_hash_end(&hasher, hash);
	unit_ok(hash[0] == UINT64_C(0xe34bbc7bbc071b6c) && hash[1] == UINT64_C(0x7a433ca9c49a9347),
			"MurmurHash3 of a known text");
}

static void
test_identity(void)
{
	const double first[] = {-0.0, 1, 2};
	const double second[] = {0.0, 1, 2};
	const double third[] = {0, 1, 3};
	const double descending[] = {1, 0};
	const double twice[] = {-0.0, 0.0};
	const double nan[] = {0, NAN};
	MonitorProfile *a = empty_profile(first, 3);
	MonitorProfile *b = empty_profile(second, 3);
	MonitorProfile *c = empty_profile(third, 3);
	MonitorProfile *d = empty_profile(second, 2);

	unit_ok(same_profile(a, b, true), "-0 and 0 are the same anchor");
	unit_ok(memcmp(a->id, c->id, 16) != 0 && memcmp(a->id, d->id, 16) != 0,
			"other anchors, other id");
	unit_ok(monitor_profile_add(a, c) == MONITOR_MISMATCH, "profiles of other anchors do not add");
	unit_ok(empty_profile(descending, 2) == NULL && empty_profile(twice, 2) == NULL &&
				empty_profile(nan, 2) == NULL,
			"anchors must ascend");
	free(a);
	free(b);
	free(c);
	free(d);
}

/* The q of a value, in the plainest way. */
static bool
plain_q(const MonitorProfile *profile, double x, monitor_int128 *q)
{
	double scaled = ldexp(x - profile->center, -profile->unit);

	if (!(fabs(scaled) < 0x1p62))
		return false;
	*q = (monitor_int128) rint(scaled);
	return true;
}

/* Count one value at a time, by the plainest code. */
static void
count_plainly(MonitorProfile *profile, double x)
{
	monitor_int128 q;

	if (isnan(x))
	{
		profile->nan++;
		return;
	}
	x += 0.0;
	monitor_profile_counts(profile)[monitor_profile_slot(monitor_profile_anchors(profile),
														 profile->k, x)]++;
	profile->minimum = profile->n == 0 || x < profile->minimum ? x : profile->minimum;
	profile->maximum = profile->n == 0 || x > profile->maximum ? x : profile->maximum;
	profile->has_range = 1;
	profile->n++;
	profile->zeros += x == 0;
	if (isinf(x))
		*(x > 0 ? &profile->positive_infinities : &profile->negative_infinities) += 1;
	else if (!plain_q(profile, x, &q))
		profile->outliers++;
	else if (profile->has_sums)
	{
		monitor_uint128 squares = (monitor_uint128) monitor_int128_load(profile->sum_squares) +
			(monitor_uint128) (q * q);

		profile->has_sums = squares <= (monitor_uint128) MONITOR_INT128_MAX;
		monitor_int128_store(profile->sum,
							 profile->has_sums ? monitor_int128_load(profile->sum) + q : 0);
		monitor_int128_store(profile->sum_squares,
							 profile->has_sums ? (monitor_int128) squares : 0);
	}
}

/*
 * Random samples on random anchors: counted in batches, plainly, in parts that
 * are added, through the queue; taken apart again.
 */
static void
test_counting(int rounds)
{
	int wrong_count = 0;
	int wrong_merge = 0;
	int wrong_subtract = 0;
	int wrong_queue = 0;
	int wrong_portable = 0;
	int inconsistent = 0;
	double *values = malloc(sizeof(double) * MAX_SAMPLE);
	double *anchors = malloc(sizeof(double) * MAX_SAMPLE);

	for (int round = 0; round < rounds; round++)
	{
		Shape shape = round % SHAPES;
		int64_t n = random_below(round % 7 == 0 ? MAX_SAMPLE : 200);
		int64_t k = random_anchors(random_below(5) == 0 ? EXTREME : shape, 1 + random_below(500),
								   1 + random_below(round % 3 == 0 ? 300 : 40), anchors);
		int64_t part = n == 0 ? 0 : random_below(n + 1);
		MonitorProfile *whole;
		MonitorProfile *a;
		MonitorProfile *b;
		MonitorProfile *plain = empty_profile(anchors, k);
		MonitorProfile *queued = empty_profile(anchors, k);
		MonitorProfile *portable = empty_profile(anchors, k);

		random_values(values, n, random_below(5) == 0 ? EXTREME : shape, 0, true);
		whole = profile_of(anchors, k, values, n);
		a = profile_of(anchors, k, values, part);
		b = profile_of(anchors, k, values + part, n - part);
		for (int64_t i = 0; i < n; i++)
		{
			count_plainly(plain, values[n - 1 - i]);
			monitor_profile_queue(queued, values[i]);
		}
		monitor_profile_flush(queued);
		portable_count(portable, values, n);
		wrong_portable += !same_profile(whole, portable, true);
		wrong_count += !same_profile(whole, plain, true);
		wrong_queue += !same_profile(whole, queued, true);
		inconsistent += !monitor_profile_consistent(whole);
		wrong_merge += monitor_profile_add(queued, a) != MONITOR_OK ||
			monitor_profile_subtract(queued, a) != MONITOR_OK ||
			!same_profile(queued, whole, a->n == 0);
		wrong_merge += monitor_profile_add(a, b) != MONITOR_OK || !same_profile(a, whole, true);
		wrong_subtract += monitor_profile_subtract(a, b) != MONITOR_OK ||
			(b->n > 0 && (a->has_range || a->minimum != 0));
		free(b);
		b = profile_of(anchors, k, values, part);
		wrong_subtract += !same_profile(a, b, false);
		free(whole);
		free(a);
		free(b);
		free(plain);
		free(queued);
		free(portable);
	}
	unit_ok(wrong_count == 0, "%d samples: batches count as one value at a time does", rounds);
	unit_ok(wrong_portable == 0, "%d samples: on every machine alike", rounds);
	unit_ok(wrong_queue == 0, "%d samples: so does the queue", rounds);
	unit_ok(inconsistent == 0, "%d samples: profiles are consistent", rounds);
	unit_ok(wrong_merge == 0, "%d samples: the parts' profiles add up to the whole's", rounds);
	unit_ok(wrong_subtract == 0, "%d samples: subtracting undoes adding", rounds);
	free(values);
	free(anchors);
}

/*
 * Batches of near values among many anchors, which a grid begins to search: values
 * at, beside and between anchors of several shapes.
 */
static void
test_grid(int rounds)
{
	enum
	{
		MOST_ANCHORS = 3000,
		VALUES = 2048
	};
	double *values = malloc(sizeof(double) * MAX_SAMPLE);
	double *anchors = malloc(sizeof(double) * MAX_SAMPLE);
	int wrong = 0;
	int wrong_portable = 0;
	int grids = 0;

	for (int round = 0; round < rounds; round++)
	{
		int64_t k =
			random_anchors(round % EXTREME, MAX_SAMPLE, 64 + random_below(MOST_ANCHORS), anchors);
		double factor = round % 3 == 0 ? ldexp(1, (int) random_below(1960) - 980) : 1;
		MonitorProfile *profile;
		MonitorProfile *plain;
		MonitorProfile *portable;

		for (int64_t i = 0; i < k; i++)
			anchors[i] *= factor;
		profile = empty_profile(anchors, k);
		plain = empty_profile(anchors, k);
		portable = empty_profile(anchors, k);
		for (int64_t i = 0; i < VALUES; i++)
		{
			double x = anchors[random_below(k)];
			double y = anchors[random_below(k)];

			switch (random_below(4))
			{
				case 0:
					values[i] = x;
					break;
				case 1:
					values[i] = nextafter(x, y);
					break;
				case 2:
					values[i] = x / 2 + y / 2;
					break;
				default:
					values[i] = x + (y - x) * random_unit() * 3;
			}
			count_plainly(plain, values[i]);
		}
		monitor_profile_count(profile, values, VALUES);
		portable_count(portable, values, VALUES);
		wrong += !same_profile(plain, profile, true);
		wrong_portable += !same_profile(plain, portable, true);
		grids += monitor_profile_has_grid(portable) && monitor_profile_grid(portable)->window > 0;
		free(profile);
		free(plain);
		free(portable);
	}
	unit_ok(wrong == 0, "%d samples near many anchors: as one value at a time", rounds);
	unit_ok(wrong_portable == 0, "%d samples near many anchors: on every machine alike", rounds);
	unit_ok(grids > rounds / 4, "%d of them by a grid", grids);
	free(values);
	free(anchors);
}

static void
test_subtract_refuses(void)
{
	const double anchors[] = {0, 1, 2};
	const double rows[] = {0, 1, 1, 2};
	const double other[] = {0, 0.5};
	MonitorProfile *a = profile_of(anchors, 3, rows, 4);
	MonitorProfile *before = profile_of(anchors, 3, rows, 4);
	MonitorProfile *b = profile_of(anchors, 3, other, 2);

	unit_ok(monitor_profile_subtract(a, b) == MONITOR_OVERFLOW && same_profile(a, before, true),
			"what was not in a profile cannot be taken out of it");
	b->n = a->n = MONITOR_PROFILE_MAX_ROWS / 2 + 1;
	unit_ok(monitor_profile_add(a, b) == MONITOR_OVERFLOW, "too many rows are refused");
	free(a);
	free(b);
	free(before);
}

/* Means and variances against long double sums over the rows. */
static void
test_moments(int rounds)
{
	int wrong = 0;
	double values[500];
	double *anchors = malloc(sizeof(double) * MAX_SAMPLE);

	for (int round = 0; round < rounds; round++)
	{
		Shape shape = round % 4;
		double offset = round % 5 == 0 ? 1e6 : 0;
		double factor = ldexp(1, (int) random_below(1800) - 900);
		int64_t n = 2 + random_below(498);
		int64_t k;
		MonitorSample sample;
		MonitorProfile *profile;
		long double sum = 0;
		long double squares = 0;
		double range;
		double mean;
		double stddev;

		random_values(values, n, shape, 0, false);
		for (int64_t i = 0; i < n; i++)
			values[i] = (values[i] + offset) * factor;
		sample = sample_of(values, n);
		k = monitor_profile_edges(&sample, 100, anchors);
		range = fmax(anchors[k - 1] - anchors[0], fabs(anchors[0]) * (k == 1));
		profile = profile_of(anchors, k, values, n);
		for (int64_t i = 0; i < n; i++)
			sum += (long double) values[i] / n;
		for (int64_t i = 0; i < n; i++)
			squares += (values[i] / factor - sum / factor) * (values[i] / factor - sum / factor) /
				(n - 1);
		if (monitor_profile_mean(profile, &mean) != MONITOR_OK ||
			monitor_profile_stddev(profile, &stddev) != MONITOR_OK)
			wrong++;
		else
			wrong += !(fabsl(mean - sum) <= 1e-13 * range + 1e-15 * fabs(mean)) ||
				!(fabsl(stddev - sqrtl(squares) * factor) <= 1e-12 * range);
		free(profile);
		free((void *) sample.keys);
	}
	unit_ok(wrong == 0, "%d samples from 1e-300 to 1e300: mean and deviation", rounds);
	free(anchors);
}

static void
test_outliers(void)
{
	const double anchors[] = {1, 2, 3};
	const double rows[] = {1, 2.5, 1e300, 3};
	const double infinite[] = {INFINITY};
	MonitorProfile *all = profile_of(anchors, 3, rows, 4);
	MonitorProfile *far = profile_of(anchors, 3, rows + 2, 1);
	MonitorProfile *infinity = profile_of(anchors, 3, infinite, 1);
	double mean = 0;

	unit_ok(all->outliers == 1 && monitor_profile_mean(all, &mean) == MONITOR_UNDEFINED,
			"an outlier leaves the mean undefined");
	unit_ok(monitor_profile_subtract(all, far) == MONITOR_OK &&
				monitor_profile_mean(all, &mean) == MONITOR_OK && fabs(mean - 6.5 / 3) < 1e-12,
			"without it the mean is back");
	unit_ok(monitor_profile_add(all, infinity) == MONITOR_OK &&
				monitor_profile_mean(all, &mean) == MONITOR_OK && mean == INFINITY,
			"the mean with infinite rows is infinite");
	unit_ok(monitor_profile_variance(all, &mean) == MONITOR_UNDEFINED,
			"their variance is undefined");
	free(all);
	free(far);
	free(infinity);
}

/* Anchors at the ends of what a float8 can hold. */
static void
test_extreme_anchors(void)
{
	const double sets[][3] = {{-1.7e308, 0, 1.7e308},	 {-5e-324, 0, 5e-324},
							  {-INFINITY, 5, INFINITY},	 {0, 1e-300, 2e-300},
							  {1e300, 1.5e300, 1.7e308}, {1, 1 + 0x1p-52, 1 + 0x1p-51}};
	int wrong = 0;

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
	{
		MonitorProfile *profile = profile_of(sets[i], 3, sets[i], 3);
		double mean = NAN;
		MonitorStatus status = monitor_profile_mean(profile, &mean);

		wrong += !monitor_profile_consistent(profile);
		if (isfinite(sets[i][0]))
			wrong += status != MONITOR_OK || !(mean >= sets[i][0] && mean <= sets[i][2]);
		else
			wrong += status != MONITOR_UNDEFINED;
		free(profile);
	}
	unit_ok(wrong == 0, "anchors at the ends of float8");
}

/* With all values as anchors, quantiles and shares are exact. */
static void
test_quantiles(int rounds)
{
	int wrong = 0;
	int outside = 0;
	double values[300];
	double *anchors = malloc(sizeof(double) * MAX_SAMPLE);

	for (int round = 0; round < rounds; round++)
	{
		int64_t n = 1 + random_below(300);
		int64_t bins = round % 2 == 0 ? 1000 : 7;
		MonitorSample sample;
		MonitorProfile *profile;
		int64_t k;
		double f = round % 10 == 0 ? round / 10 % 2 : random_unit();
		double x;
		double share;
		double quantile;
		double true_quantile;
		double true_share;

		random_values(values, n, round % SHAPES, 0, false);
		x = random_value(round % SHAPES, 0);
		sample = sample_of(values, n);
		k = monitor_profile_edges(&sample, bins, anchors);
		profile = profile_of(anchors, k, values, n);
		true_quantile =
			monitor_double_from_key(sample.keys[(int64_t) fmax(ceil(f * (double) n), 1) - 1]);
		true_share = (double) monitor_count_through(&sample, monitor_key_from_double(x)) /
			(double) n;
		if (monitor_profile_cdf(profile, x, &share) != MONITOR_OK)
			share = 0.5;
		if (monitor_profile_quantile(profile, f, &quantile) != MONITOR_OK)
			quantile = true_quantile;
		if (bins == 1000)
			wrong += share != true_share || quantile != true_quantile;
		outside += !(share >= 0 && share <= 1) || quantile < profile->minimum ||
			quantile > profile->maximum;
		outside += bins == 7 && fabs(share - true_share) > 1.0 / 7 + 21.0 / n;
		free(profile);
		free((void *) sample.keys);
	}
	unit_ok(wrong == 0, "%d samples: quantiles and shares at anchors", rounds / 2);
	unit_ok(outside == 0, "%d samples: quantiles and shares stay in their gap", rounds);
	free(anchors);
}

static void
test_quantile_edges(void)
{
	const double anchors[] = {10, 20};
	const double rows[] = {4, 6, 12, 14, 16, 18, 25, 35, 45, 30};
	MonitorProfile *profile = profile_of(anchors, 2, rows, 10);
	MonitorProfile *empty = empty_profile(anchors, 2);
	double value = 0;

	unit_ok(monitor_profile_quantile(profile, 0, &value) == MONITOR_OK && value == 4, "minimum");
	unit_ok(monitor_profile_quantile(profile, 1, &value) == MONITOR_OK && value == 45, "maximum");
	unit_ok(monitor_profile_quantile(profile, 0.2, &value) == MONITOR_OK && value == 7,
			"between minimum and anchor");
	unit_ok(monitor_profile_quantile(profile, 0.4, &value) == MONITOR_OK && value == 14,
			"between anchors");
	unit_ok(monitor_profile_cdf(profile, 14, &value) == MONITOR_OK && fabs(value - 0.4) < 1e-15,
			"share between anchors");
	unit_ok(monitor_profile_quantile(profile, NAN, &value) == MONITOR_UNDEFINED &&
				monitor_profile_quantile(profile, 1.1, &value) == MONITOR_UNDEFINED &&
				monitor_profile_quantile(empty, 0.5, &value) == MONITOR_UNDEFINED &&
				monitor_profile_cdf(empty, 1, &value) == MONITOR_UNDEFINED &&
				monitor_profile_cdf(profile, NAN, &value) == MONITOR_UNDEFINED,
			"undefined quantiles");
	profile->has_range = 0;
	profile->minimum = profile->maximum = 0;
	unit_ok(monitor_profile_quantile(profile, 0.1, &value) == MONITOR_UNDEFINED &&
				monitor_profile_quantile(profile, 0.5, &value) == MONITOR_OK,
			"an unknown range");
	profile->has_anchors = 0;
	unit_ok(monitor_profile_quantile(profile, 0.5, &value) == MONITOR_NO_ANCHORS, "no anchors");
	free(profile);
	free(empty);
}

static void
test_categories(void)
{
	const char *const names[] = {"red", "", "green"};
	const char *const doubled[] = {"red", "blue", "red"};
	const uint32_t lengths[] = {3, 0, 5};
	const uint32_t doubled_lengths[] = {3, 4, 3};
	MonitorProfile *other = malloc(monitor_profile_size_categorical(3, 10));
	MonitorProfile *unseen = malloc(monitor_profile_size_categorical(3, 10));
	const int64_t *counts;

	unit_ok(monitor_profile_init_categorical(unseen, doubled, doubled_lengths, 3, false) ==
				MONITOR_MISMATCH,
			"categories must differ");
	unit_ok(monitor_profile_init_categorical(unseen, names, lengths, 3, false) == MONITOR_OK &&
				monitor_profile_init_categorical(other, names, lengths, 3, true) == MONITOR_OK &&
				monitor_profile_add(unseen, other) == MONITOR_MISMATCH,
			"`other` makes another profile");
	counts = monitor_profile_counts_const(unseen);
	monitor_profile_count_category(unseen, "green", 5);
	monitor_profile_count_category(unseen, "", 0);
	monitor_profile_count_category(unseen, "blue", 4);
	monitor_profile_count_category(other, "blue", 4);
	unit_ok(counts[0] == 0 && counts[1] == 1 && counts[2] == 1 && counts[3] == 0 &&
				counts[4] == 1 && monitor_profile_counts_const(other)[3] == 1,
			"categories are counted");
	unit_ok(monitor_profile_consistent(unseen) && monitor_profile_consistent(other),
			"consistently");
	free(other);
	free(unseen);
}

int
main(void)
{
	test_hash();
	test_identity();
	test_counting(6000);
	test_grid(500);
	test_subtract_refuses();
	test_moments(3000);
	test_outliers();
	test_extreme_anchors();
	test_quantiles(4000);
	test_quantile_edges();
	test_categories();
	return unit_done();
}
