/*
 * profile_count.c
 *		Counting values: which slot each is in, and what a profile knows besides.
 *
 * Batches stay in the first-level cache, so that simple passes over them cost
 * less than one loop that does everything.
 */
#include "profile_internal.h"

/* Two lanes: every compiler turns that into good code for every machine. */
#define LANES 2

typedef double Doubles __attribute__((vector_size(LANES * sizeof(double))));
typedef int64_t Integers __attribute__((vector_size(LANES * sizeof(int64_t))));
typedef uint64_t Words __attribute__((vector_size(LANES * sizeof(uint64_t))));

/* What a pass over a batch finds.  Rows with |q| >= 2^51 are left to count_rest. */
typedef struct BatchTotals
{
	int64_t zeros;
	int64_t rest;
	double minimum; /* -0 possible */
	double maximum;
	int64_t sum; /* of at most MONITOR_PENDING_MAX q below 2^51 */
	monitor_uint128 sum_squares;
} BatchTotals;

/* Vector by vector: a where mask, else b. */
#define SELECT(mask, a, b) ((Doubles) (((mask) & (Integers) (a)) | (~(mask) & (Integers) (b))))

/*
 * Adding 1.5 * 2^52 rounds a number below 2^51 to an integer, half to even,
 * that stands in the last 51 bits.
 */
#define ROUNDER 0x1.8p52

/*
 * Totals of n values, n <= MONITOR_PENDING_MAX.  The last vector is padded
 * with NaN, which enters nothing but `rest`.
 */
static inline __attribute__((always_inline)) void
batch_totals(const MonitorProfile *profile, const double *values, int64_t n, BatchTotals *totals)
{
	const Doubles none = {0};
	const Doubles rounder = none + ROUNDER;
	const Doubles center = none + profile->center;
	const Doubles scale = none + ldexp(1, -profile->unit / 2);
	const Doubles scale_rest = none + ldexp(1, -profile->unit - -profile->unit / 2);
	const Doubles limit = none + 0x1p51;
	Doubles low = none + (double) INFINITY;
	Doubles high = none - (double) INFINITY;
	Integers zeros = {0};
	Integers within = {0};
	Integers sum = {0};
	monitor_uint128 sum_squares = 0;

	for (int64_t i = 0; i < n; i += LANES)
	{
		Doubles x;
		Doubles scaled;
		Integers is_within;
		Integers q;
		int64_t lane[LANES];

		if (n - i >= LANES)
			memcpy(&x, values + i, sizeof(x));
		else
		{
			x = none + (double) NAN;
			memcpy(&x, values + i, sizeof(double) * (size_t) (n - i));
		}
		zeros += (Integers) (x == none);
		low = SELECT((Integers) (x < low), x, low);
		high = SELECT((Integers) (x > high), x, high);
		scaled = (x - center) * scale * scale_rest;
		is_within = (Integers) (scaled < limit) & (Integers) (scaled > -limit);
		within += is_within;
		q = (Integers) ((Words) (scaled + rounder) - (Words) rounder) & is_within;
		sum += q;
		memcpy(lane, &q, sizeof(lane));
		for (int j = 0; j < LANES; j++)
			sum_squares += (monitor_uint128) ((monitor_int128) lane[j] * lane[j]);
	}
	*totals = (BatchTotals){.rest = n,
							.minimum = INFINITY,
							.maximum = -INFINITY,
							.sum_squares = sum_squares};
	for (int j = 0; j < LANES; j++)
	{
		totals->zeros -= zeros[j];
		totals->rest += within[j];
		totals->sum += sum[j];
		totals->minimum = low[j] < totals->minimum ? low[j] : totals->minimum;
		totals->maximum = high[j] > totals->maximum ? high[j] : totals->maximum;
	}
}

/*
 * Add to the sums.  Squares only grow, so whether they overflow in the end
 * does not depend on the order.
 */
static void
add_sums(MonitorProfile *profile, monitor_int128 sum, monitor_uint128 sum_squares)
{
	monitor_uint128 squares = (monitor_uint128) monitor_int128_load(profile->sum_squares);

	if (!profile->has_sums)
		return;
	sum += monitor_int128_load(profile->sum);
	if (sum_squares > (monitor_uint128) MONITOR_INT128_MAX - squares)
	{
		profile->has_sums = 0;
		sum = 0;
		squares = 0;
		sum_squares = 0;
	}
	monitor_int128_store(profile->sum, sum);
	monitor_int128_store(profile->sum_squares, (monitor_int128) (squares + sum_squares));
}

/* The rare values that batch_totals left: NaN, infinities, far ones; the number of NaN. */
static int64_t
count_rest(MonitorProfile *profile, const double *values, int64_t n)
{
	int64_t nan = 0;

	for (int64_t i = 0; i < n; i++)
	{
		double scaled = monitor_profile_scaled(profile, values[i]);

		if (fabs(scaled) < 0x1p51)
			continue;
		if (isnan(values[i]))
			nan++;
		else if (isinf(values[i]) && values[i] > 0)
			profile->positive_infinities++;
		else if (isinf(values[i]))
			profile->negative_infinities++;
		else if (fabs(scaled) < MONITOR_PROFILE_MAX_Q)
		{
			monitor_int128 q = (int64_t) rint(scaled);

			add_sums(profile, q, (monitor_uint128) (q * q));
		}
		else
			profile->outliers++;
	}
	return nan;
}

/* ---- slots ---- */

/* Slots of a batch.  Counting them in a second pass keeps stores out of the search's way. */
typedef struct BatchSlots
{
	uint32_t slot[MONITOR_PENDING_MAX + 32];
} BatchSlots;

/* Keep a compiler from turning the use of a condition into a branch. */
#if defined(__GNUC__)
#define HIDE(value) __asm__("" : "+r"(value))
#else
#define HIDE(value) ((void) 0)
#endif

#define EIGHT_TIMES(what) what(0) what(1) what(2) what(3) what(4) what(5) what(6) what(7)

#define STEP(j) \
	{ \
		size_t less = base##j[half - 1] < x[j]; \
\
		HIDE(less); \
		base##j += less * half; \
	}

#define LAST_STEP(j) slot[j] = slot_at(anchors, k, base##j, x[j]);

/* The slot of x, where all anchors before *base are less than x, and none after it is. */
static inline uint32_t
slot_at(const double *anchors, size_t k, const double *base, double x)
{
	size_t place = (size_t) (base - anchors);
	size_t less = *base < x;
	size_t past;

	HIDE(less);
	place += less;
	past = place == k;
	HIDE(past);
	/* past the last anchor, that one is less than x and so never equal */
	return (uint32_t) (2 * place + (anchors[place - past] == x));
}

/*
 * Binary search of eight values at a time, which hides the latency of each
 * (Khuong & Morin 2017).  No anchor is less than NaN, which gets slot 0.
 */
static void
find_slots(const double *anchors, size_t k, const double *x, int64_t n, uint32_t *slot)
{
	const double *base0;

	for (; n >= 8; n -= 8, x += 8, slot += 8)
	{
		const double *base1 = anchors;
		const double *base2 = anchors;
		const double *base3 = anchors;
		const double *base4 = anchors;
		const double *base5 = anchors;
		const double *base6 = anchors;
		const double *base7 = anchors;
		size_t half;

		base0 = anchors;
		for (size_t length = k; length > 1; length -= half)
		{
			half = length / 2;
			EIGHT_TIMES(STEP)
		}
		EIGHT_TIMES(LAST_STEP)
	}
	for (; n > 0; n--, x++, slot++)
	{
		size_t half;

		base0 = anchors;
		for (size_t length = k; length > 1; length -= half)
		{
			half = length / 2;
			STEP(0)
		}
		LAST_STEP(0)
	}
}

/* A test wants the portable search on every machine. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(MONITOR_NO_AVX512)
#define HAVE_AVX512
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512dq,avx512vl")))
#define PIVOTS 32

/* Anchors as the AVX-512 search wants them. */
typedef struct WideAnchors
{
	const double *anchors;
	size_t width;			   /* anchors before the next pivot */
	__m512d pivot[PIVOTS / 8]; /* last anchor of each stretch of that width */
	__m512i last;			   /* k - 1 */
} WideAnchors;

/* The first anchor of the stretch in which the search goes on: five levels in registers. */
AVX512 static inline __m512i
find_stretch(const WideAnchors *wide, __m512d x)
{
	__m512d middle = _mm512_permutexvar_pd(_mm512_set1_epi64(7), wide->pivot[1]);
	__mmask8 upper = _mm512_cmp_pd_mask(middle, x, _CMP_LT_OQ);
	__m512i place = _mm512_maskz_set1_epi64(upper, PIVOTS / 2);

	for (int step = PIVOTS / 4; step > 0; step /= 2)
	{
		__m512i probe = _mm512_add_epi64(place, _mm512_set1_epi64(step - 1));
		__m512d low = _mm512_permutex2var_pd(wide->pivot[0], probe, wide->pivot[1]);
		__m512d high = _mm512_permutex2var_pd(wide->pivot[2], probe, wide->pivot[3]);
		__mmask8 less = _mm512_cmp_pd_mask(_mm512_mask_blend_pd(upper, low, high), x, _CMP_LT_OQ);

		place = _mm512_mask_add_epi64(place, less, place, _mm512_set1_epi64(step));
	}
	return _mm512_mullo_epi64(place, _mm512_set1_epi64((int64_t) wide->width));
}

/* The anchors in `place`, the last one beyond the end. */
AVX512 static inline __m512d
gather(const WideAnchors *wide, __m512i place)
{
	return _mm512_i64gather_pd(_mm512_min_epi64(place, wide->last), wide->anchors, 8);
}

AVX512 static inline __m512i
search_step(const WideAnchors *wide, __m512i base, size_t half, __m512d x)
{
	__m512d probe = gather(wide, _mm512_add_epi64(base, _mm512_set1_epi64((int64_t) half - 1)));
	__mmask8 less = _mm512_cmp_pd_mask(probe, x, _CMP_LT_OQ);

	return _mm512_mask_add_epi64(base, less, base, _mm512_set1_epi64((int64_t) half));
}

AVX512 static inline void
store_slots(const WideAnchors *wide, __m512i base, __m512d x, uint32_t *slot)
{
	__m512i place = search_step(wide, _mm512_min_epi64(base, wide->last), 1, x);
	__mmask8 equal = _mm512_cmp_pd_mask(gather(wide, place), x, _CMP_EQ_OQ);
	__m512i twice = _mm512_add_epi64(place, place);

	twice = _mm512_mask_add_epi64(twice, equal, twice, _mm512_set1_epi64(1));
	_mm256_storeu_si256((__m256i *) slot, _mm512_cvtepi64_epi32(twice));
}

/* The same search of 32 values at a time. */
AVX512 static void
find_32_slots(const WideAnchors *wide, const double *x, uint32_t *slot)
{
	__m512d x0 = _mm512_loadu_pd(x);
	__m512d x1 = _mm512_loadu_pd(x + 8);
	__m512d x2 = _mm512_loadu_pd(x + 16);
	__m512d x3 = _mm512_loadu_pd(x + 24);
	__m512i base0 = find_stretch(wide, x0);
	__m512i base1 = find_stretch(wide, x1);
	__m512i base2 = find_stretch(wide, x2);
	__m512i base3 = find_stretch(wide, x3);
	size_t half;

	for (size_t length = wide->width; length > 1; length -= half)
	{
		half = length / 2;
		base0 = search_step(wide, base0, half, x0);
		base1 = search_step(wide, base1, half, x1);
		base2 = search_step(wide, base2, half, x2);
		base3 = search_step(wide, base3, half, x3);
	}
	store_slots(wide, base0, x0, slot);
	store_slots(wide, base1, x1, slot + 8);
	store_slots(wide, base2, x2, slot + 16);
	store_slots(wide, base3, x3, slot + 24);
}

AVX512 static void
find_slots_avx512(const double *anchors, size_t k, const double *x, int64_t n, uint32_t *slot)
{
	size_t width = (k + PIVOTS - 1) / PIVOTS;
	double buffer[PIVOTS];
	WideAnchors wide = {.anchors = anchors,
						.width = width,
						.last = _mm512_set1_epi64((int64_t) k - 1)};

	for (size_t i = 0; i < PIVOTS; i++)
		buffer[i] = (i + 1) * width < k ? anchors[(i + 1) * width - 1] : INFINITY;
	for (int i = 0; i < PIVOTS / 8; i++)
		wide.pivot[i] = _mm512_loadu_pd(buffer + 8 * i);
	for (; n >= 32; n -= 32, x += 32, slot += 32)
		find_32_slots(&wide, x, slot);
	if (n > 0)
	{
		memset(buffer, 0, sizeof(buffer));
		memcpy(buffer, x, sizeof(double) * (size_t) n);
		find_32_slots(&wide, buffer, slot);
	}
}

AVX512 static void
batch_totals_avx512(const MonitorProfile *profile, const double *values, int64_t n,
					BatchTotals *totals)
{
	batch_totals(profile, values, n, totals);
}

/*
 * Processors with bfloat16 are also those whose gathers were not made slow to
 * close a leak ("Downfall", 2023).
 */
static bool
has_fast_avx512(void)
{
	return __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
		__builtin_cpu_supports("avx512bf16");
}
#endif

/* Count the slots of at most MONITOR_PENDING_MAX values, NaN in slot 0, and find their totals. */
static void
count_batch(MonitorProfile *profile, const double *values, int64_t n, BatchTotals *totals)
{
	const double *anchors = monitor_profile_anchors(profile);
	int64_t *counts = monitor_profile_counts(profile);
	size_t k = (size_t) profile->k;
	BatchSlots found;

#ifdef HAVE_AVX512
	if (k > 0 && has_fast_avx512())
	{
		batch_totals_avx512(profile, values, n, totals);
		find_slots_avx512(anchors, k, values, n, found.slot);
	}
	else
#endif
	{
		batch_totals(profile, values, n, totals);
		if (k > 0)
			find_slots(anchors, k, values, n, found.slot);
		else
			memset(found.slot, 0, sizeof(found.slot));
	}
	for (int64_t i = 0; i < n; i++)
		counts[found.slot[i]]++;
}

void
monitor_profile_count(MonitorProfile *profile, const double *values, int64_t n)
{
	int64_t *counts = monitor_profile_counts(profile);

	for (int64_t done = 0; done < n; done += MONITOR_PENDING_MAX)
	{
		int64_t batch = n - done < MONITOR_PENDING_MAX ? n - done : MONITOR_PENDING_MAX;
		BatchTotals totals;
		int64_t nan = 0;

		MONITOR_POLL(done);
		count_batch(profile, values + done, batch, &totals);
		if (totals.rest > 0)
			nan = count_rest(profile, values + done, batch);
		counts[0] -= nan;
		profile->nan += nan;
		profile->zeros += totals.zeros;
		add_sums(profile, totals.sum, totals.sum_squares);
		if (nan == batch)
			continue;
		if (profile->n == 0)
		{
			profile->has_range = 1;
			profile->minimum = totals.minimum + 0.0; /* -0 + 0 = +0 */
			profile->maximum = totals.maximum + 0.0;
		}
		else if (profile->has_range)
		{
			profile->minimum = fmin(profile->minimum, totals.minimum + 0.0);
			profile->maximum = fmax(profile->maximum, totals.maximum + 0.0);
		}
		profile->n += batch - nan;
	}
}

void
monitor_profile_flush(MonitorProfile *profile)
{
	monitor_profile_count(profile, monitor_profile_pending(profile), profile->pending);
	profile->pending = 0;
}

void
monitor_profile_count_category(MonitorProfile *profile, const char *value, uint32_t length)
{
	int64_t slot = monitor_profile_lookup(profile, value, length);

	if (slot < 0)
		slot = profile->k + (profile->has_other ? 0 : 1);
	monitor_profile_counts(profile)[slot]++;
	profile->n++;
}
