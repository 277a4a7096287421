/*
 * profile_search.c
 *		Which slot each value of a batch is in.
 */
#include <stdlib.h>

#include "lanes.h"
#include "profile_internal.h"

#define EIGHT_TIMES(what) what(0) what(1) what(2) what(3) what(4) what(5) what(6) what(7)

/*
 * A step of a binary search, and the last one.  Compilers make conditional moves of
 * them; branches would be taken at random.
 */
#define STEP(j) \
	{ \
		size_t next##j = place##j + half; \
\
		place##j = anchors[next##j - 1] < x[j] ? next##j : place##j; \
	}

#define LAST_STEP(j) \
	place##j += anchors[place##j] < x[j]; \
	slot[j] = (uint32_t) (2 * place##j + (anchors[place##j] <= x[j]));

/*
 * Search eight values at a time, which hides the latency of each (Khuong & Morin
 * 2017), among `window` anchors from FIRST(j) on.  No anchor before those is as
 * great as the value, and none after them less; what stands after the last anchor
 * is neither less than any value nor equal to one.
 */
#define SEARCH(FIRST) \
	for (; n >= 8; n -= 8, x += 8, slot += 8, cell += 8) \
	{ \
		size_t place0 = FIRST(0); \
		size_t place1 = FIRST(1); \
		size_t place2 = FIRST(2); \
		size_t place3 = FIRST(3); \
		size_t place4 = FIRST(4); \
		size_t place5 = FIRST(5); \
		size_t place6 = FIRST(6); \
		size_t place7 = FIRST(7); \
		size_t half; \
\
		for (size_t length = window; length > 1; length -= half) \
		{ \
			half = length / 2; \
			EIGHT_TIMES(STEP) \
		} \
		EIGHT_TIMES(LAST_STEP) \
	} \
	for (; n > 0; n--, x++, slot++, cell++) \
	{ \
		size_t place0 = FIRST(0); \
		size_t half; \
\
		for (size_t length = window; length > 1; length -= half) \
		{ \
			half = length / 2; \
			STEP(0) \
		} \
		LAST_STEP(0) \
	}

/* ---- with a grid ---- */

/*
 * The cell of a value at a finite distance, in units, from the center.  It never
 * falls where the value rises.
 */
static inline uint32_t
cell_of(double distance)
{
	float rounded = (float) distance;
	uint32_t bits;
	int32_t negative;
	int32_t cell;

	memcpy(&bits, &rounded, sizeof(bits));
	negative = (int32_t) bits >> 31;
	/* exponent and six bits of the mantissa */
	cell = (int32_t) (bits << 1 >> 18) - (127 + 44) * MONITOR_GRID_OCTAVE + MONITOR_GRID_HALF;
	cell = cell < 0 ? 0 : cell;
	cell = cell < MONITOR_GRID_HALF ? cell : MONITOR_GRID_HALF - 1;
	return (uint32_t) ((cell ^ negative) + MONITOR_GRID_HALF);
}

static void
make_grid(const MonitorProfile *profile, MonitorGrid *grid)
{
	const double *anchors = monitor_profile_anchors(profile);
	double scale = ldexp(1, -profile->unit);
	int64_t k = profile->k;
	uint32_t cell = 0;
	int64_t window = 1;

	grid->end = (double) NAN;
	for (int64_t i = 0, first = 0; i < k; i++)
	{
		uint32_t its_cell = cell_of((anchors[i] - profile->center) * scale);

		if (cell <= its_cell)
			first = i;
		while (cell <= its_cell)
			grid->first[cell++] = (uint16_t) i;
		window = i + 1 - first > window ? i + 1 - first : window;
	}
	while (cell < 2 * MONITOR_GRID_HALF)
		grid->first[cell++] = (uint16_t) k;
	grid->window = (uint64_t) window;
	/* no window reaches beyond the last anchor */
	for (cell = 0; cell < 2 * MONITOR_GRID_HALF; cell++)
	{
		if (grid->first[cell] > k - window)
			grid->first[cell] = (uint16_t) (k - window);
	}
}

/* The grid of a batch; NULL if it is not worth one, or its values are not for one. */
static const MonitorGrid *
grid_for(MonitorProfile *profile, int64_t n, bool any_far)
{
	MonitorGrid *grid;

	if (any_far || n < MONITOR_GRID_MIN_VALUES || !monitor_profile_has_grid(profile) ||
		abs(profile->unit) > MONITOR_PROFILE_MAX_UNIT)
		return NULL;
	grid = monitor_profile_grid(profile);
	if (grid->window == 0)
		make_grid(profile, grid);
	return grid;
}

#define FIRST_IN_CELL(j) grid->first[cell[j]]

static void
search_in_grid(const MonitorProfile *profile, const MonitorGrid *grid, const double *x, int64_t n,
			   uint32_t *slot)
{
	const double *anchors = monitor_profile_anchors(profile);
	double center = profile->center;
	double scale = ldexp(1, -profile->unit);
	size_t window = grid->window;
	uint32_t cells[MONITOR_PENDING_MAX];
	const uint32_t *cell = cells;

	for (int64_t i = 0; i < n; i++)
		cells[i] = cell_of((x[i] - center) * scale);
	SEARCH(FIRST_IN_CELL)
}

/* ---- among all anchors ---- */

/*
 * Up to this many anchors, a batch is worth making keys of them: comparing
 * integers takes half the time that comparing float8 does.
 */
#define MAX_KEYS 2048

/* The keys of n numbers, NaN getting the least one; there is room for one more key. */
static inline __attribute__((always_inline)) void
make_keys(const double *from, int64_t n, bool any_nan, uint64_t *keys)
{
	for (int64_t i = 0; i < n; i += LANES)
	{
		Doubles x = {0, 0};
		Words key;

		if (n - i >= LANES)
			memcpy(&x, from + i, sizeof(x));
		else
			x[0] = from[i];
		key = key_lanes(x);
		if (any_nan)
			key &= (Words) EQUAL(x, x);
		memcpy(keys + i, &key, sizeof(key));
	}
}

#define FIRST_OF_ALL(j) 0

static void
search_keys(const uint64_t *anchors, size_t window, const uint64_t *x, int64_t n, uint32_t *slot)
{
	const uint64_t *cell = x; /* not used */

	SEARCH(FIRST_OF_ALL)
	(void) cell;
}

static void
search_few_anchors(const double *anchors, size_t k, const double *x, int64_t n, uint32_t *slot)
{
	uint64_t keys[MAX_KEYS + 1];
	uint64_t batch[MONITOR_PENDING_MAX];

	make_keys(anchors, (int64_t) k, false, keys);
	keys[k] = UINT64_MAX;
	make_keys(x, n, true, batch);
	search_keys(keys, k, batch, n, slot);
}

/* NaN gets slot 0. */
static void
search_many_anchors(const double *anchors, size_t k, const double *x, int64_t n, uint32_t *slot)
{
	for (int64_t i = 0; i < n; i++)
	{
		size_t place = 0;
		size_t half;

		for (size_t length = k; length > 1; length -= half)
		{
			half = length / 2;
			place = anchors[place + half - 1] < x[i] ? place + half : place;
		}
		place += anchors[place] < x[i];
		slot[i] = (uint32_t) (2 * place + (place < k && anchors[place] == x[i]));
	}
}

/* ---- with AVX-512 ---- */

#ifdef MONITOR_AVX512
#include <immintrin.h>

#define PIVOTS 32

/* Anchors as the AVX-512 search wants them. */
typedef struct WideAnchors
{
	const double *anchors;
	__m512i last;			   /* k - 1 */
	size_t width;			   /* anchors among which the search goes on */
	__m512d pivot[PIVOTS / 8]; /* last anchor of each stretch of that width */
	const MonitorGrid *grid;   /* or where it goes on by cell */
	__m512d center;
	__m512d scale;
} WideAnchors;

/* The first anchors of the cells of finite values: cell_of, eight at a time. */
MONITOR_AVX512 static inline __m512i
find_cell(const WideAnchors *wide, __m512d x)
{
	__m256i half = _mm256_set1_epi32(MONITOR_GRID_HALF);
	__m512d distance = _mm512_mul_pd(_mm512_sub_pd(x, wide->center), wide->scale);
	__m256i bits = _mm256_castps_si256(_mm512_cvtpd_ps(distance));
	__m256i cell = _mm256_srli_epi32(_mm256_slli_epi32(bits, 1), 18);

	cell = _mm256_sub_epi32(cell, _mm256_set1_epi32((127 + 44) * MONITOR_GRID_OCTAVE));
	cell = _mm256_max_epi32(_mm256_add_epi32(cell, half), _mm256_setzero_si256());
	cell = _mm256_min_epi32(cell, _mm256_set1_epi32(MONITOR_GRID_HALF - 1));
	cell = _mm256_add_epi32(_mm256_xor_si256(cell, _mm256_srai_epi32(bits, 31)), half);
	/* the low half of each pair that is read */
	cell = _mm256_i32gather_epi32((const int *) (const void *) wide->grid->first, cell, 2);
	return _mm512_cvtepu32_epi64(_mm256_and_si256(cell, _mm256_set1_epi32(UINT16_MAX)));
}

/* The first anchor of the stretch in which the search goes on: five levels in registers. */
MONITOR_AVX512 static inline __m512i
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

MONITOR_AVX512 static inline __m512i
find_start(const WideAnchors *wide, __m512d x)
{
	return wide->grid != NULL ? find_cell(wide, x) : find_stretch(wide, x);
}

/* The anchors in `place`, the last one beyond the end. */
MONITOR_AVX512 static inline __m512d
gather(const WideAnchors *wide, __m512i place)
{
	return _mm512_i64gather_pd(_mm512_min_epi64(place, wide->last), wide->anchors, 8);
}

MONITOR_AVX512 static inline __m512i
search_step(const WideAnchors *wide, __m512i base, size_t half, __m512d x)
{
	__m512d probe = gather(wide, _mm512_add_epi64(base, _mm512_set1_epi64((int64_t) half - 1)));
	__mmask8 less = _mm512_cmp_pd_mask(probe, x, _CMP_LT_OQ);

	return _mm512_mask_add_epi64(base, less, base, _mm512_set1_epi64((int64_t) half));
}

MONITOR_AVX512 static inline void
store_slots(const WideAnchors *wide, __m512i base, __m512d x, uint32_t *slot)
{
	__m512i place = search_step(wide, _mm512_min_epi64(base, wide->last), 1, x);
	__mmask8 equal = _mm512_cmp_pd_mask(gather(wide, place), x, _CMP_EQ_OQ);
	__m512i twice = _mm512_add_epi64(place, place);

	twice = _mm512_mask_add_epi64(twice, equal, twice, _mm512_set1_epi64(1));
	_mm256_storeu_si256((__m256i *) slot, _mm512_cvtepi64_epi32(twice));
}

/* The same search of 32 values at a time. */
MONITOR_AVX512 static void
find_32_slots(const WideAnchors *wide, const double *x, uint32_t *slot)
{
	__m512d x0 = _mm512_loadu_pd(x);
	__m512d x1 = _mm512_loadu_pd(x + 8);
	__m512d x2 = _mm512_loadu_pd(x + 16);
	__m512d x3 = _mm512_loadu_pd(x + 24);
	__m512i base0 = find_start(wide, x0);
	__m512i base1 = find_start(wide, x1);
	__m512i base2 = find_start(wide, x2);
	__m512i base3 = find_start(wide, x3);
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

MONITOR_AVX512 static void
use_pivots(WideAnchors *wide, size_t k)
{
	double buffer[PIVOTS];

	wide->width = (k + PIVOTS - 1) / PIVOTS;
	for (size_t i = 0; i < PIVOTS; i++)
		buffer[i] = (i + 1) * wide->width < k ? wide->anchors[(i + 1) * wide->width - 1] : INFINITY;
	for (int i = 0; i < PIVOTS / 8; i++)
		wide->pivot[i] = _mm512_loadu_pd(buffer + 8 * i);
}

/* grid: NULL if the values or the anchors are not for one */
MONITOR_AVX512 static void
find_slots_avx512(const MonitorProfile *profile, const MonitorGrid *grid, const double *x,
				  int64_t n, uint32_t *slot)
{
	double buffer[32] = {0};
	WideAnchors wide = {.anchors = monitor_profile_anchors(profile),
						.last = _mm512_set1_epi64(profile->k - 1)};

	use_pivots(&wide, (size_t) profile->k);
	/* where anchors crowd in some cells, the pivots lead closer */
	if (grid != NULL && grid->window <= wide.width)
	{
		wide.grid = grid;
		wide.width = grid->window;
		wide.center = _mm512_set1_pd(profile->center);
		wide.scale = _mm512_set1_pd(ldexp(1, -profile->unit));
	}
	for (; n >= 32; n -= 32, x += 32, slot += 32)
		find_32_slots(&wide, x, slot);
	if (n > 0)
	{
		memcpy(buffer, x, sizeof(double) * (size_t) n);
		find_32_slots(&wide, buffer, slot);
	}
}

/*
 * Processors with bfloat16 are also those whose gathers were not made slow to
 * close a leak ("Downfall", 2023).
 */
bool
monitor_has_fast_avx512(void)
{
	return __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
		__builtin_cpu_supports("avx512bf16");
}
#endif

void
monitor_profile_find_slots(MonitorProfile *profile, const double *values, int64_t n, bool any_far,
						   uint32_t *slot)
{
	const double *anchors = monitor_profile_anchors(profile);
	size_t k = (size_t) profile->k;
	const MonitorGrid *grid;

	if (k == 0)
	{
		memset(slot, 0, sizeof(*slot) * (size_t) n);
		return;
	}
	grid = grid_for(profile, n, any_far);
#ifdef MONITOR_AVX512
	if (monitor_has_fast_avx512())
	{
		find_slots_avx512(profile, grid, values, n, slot);
		return;
	}
#endif
	if (grid != NULL)
		search_in_grid(profile, grid, values, n, slot);
	else if (k <= MAX_KEYS)
		search_few_anchors(anchors, k, values, n, slot);
	else
		search_many_anchors(anchors, k, values, n, slot);
}
