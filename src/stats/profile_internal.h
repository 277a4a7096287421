/*
 * profile_internal.h
 *		What the files of the profile library share among themselves.
 */
#ifndef MONITOR_PROFILE_INTERNAL_H
#define MONITOR_PROFILE_INTERNAL_H

#include <string.h>

#include "profile.h"

typedef unsigned __int128 monitor_uint128;

/* Whether numbers are in memory as compact forms and hashes have them. */
#define MONITOR_LITTLE_ENDIAN (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

#define MONITOR_INT128_MAX ((monitor_int128) (((monitor_uint128) 1 << 127) - 1))

/* Finite rows with |q| below this enter the sums. */
#define MONITOR_PROFILE_MAX_Q 0x1p62

static inline monitor_int128
monitor_int128_load(const uint64_t word[2])
{
	return (monitor_int128) ((monitor_uint128) word[1] << 64 | word[0]);
}

static inline void
monitor_int128_store(uint64_t word[2], monitor_int128 value)
{
	word[0] = (uint64_t) value;
	word[1] = (uint64_t) ((monitor_uint128) value >> 64);
}

/* An unsigned number of 256 bits. */
typedef struct MonitorWide
{
	monitor_uint128 high;
	monitor_uint128 low;
} MonitorWide;

static inline MonitorWide
monitor_wide_multiply(monitor_uint128 a, monitor_uint128 b)
{
	monitor_uint128 a0 = (uint64_t) a;
	monitor_uint128 a1 = a >> 64;
	monitor_uint128 b0 = (uint64_t) b;
	monitor_uint128 b1 = b >> 64;
	monitor_uint128 middle = a0 * b1 + (a0 * b0 >> 64);
	monitor_uint128 cross = a1 * b0 + (uint64_t) middle;
	MonitorWide product;

	product.low = a * b;
	product.high = a1 * b1 + (middle >> 64) + (cross >> 64);
	return product;
}

/* a - b, for b <= a */
static inline MonitorWide
monitor_wide_subtract(MonitorWide a, MonitorWide b)
{
	MonitorWide difference;

	difference.low = a.low - b.low;
	difference.high = a.high - b.high - (a.low < b.low);
	return difference;
}

static inline bool
monitor_wide_less(MonitorWide a, MonitorWide b)
{
	return a.high != b.high ? a.high < b.high : a.low < b.low;
}

static inline monitor_uint128
monitor_int128_magnitude(monitor_int128 value)
{
	return value < 0 ? -(monitor_uint128) value : (monitor_uint128) value;
}

/* Number of finite rows that are in the sums, were these known. */
static inline int64_t
monitor_profile_summed_rows(const MonitorProfile *profile)
{
	return profile->n - profile->positive_infinities - profile->negative_infinities -
		profile->outliers;
}

static inline bool
monitor_profile_same_slots(const MonitorProfile *a, const MonitorProfile *b)
{
	return a->categorical == b->categorical && a->has_other == b->has_other && a->k == b->k &&
		a->id[0] == b->id[0] && a->id[1] == b->id[1] && a->center == b->center &&
		a->unit == b->unit;
}

/* Both count the same numeric slots. */
static inline bool
monitor_profile_same_numeric(const MonitorProfile *a, const MonitorProfile *b)
{
	return !a->categorical && monitor_profile_same_slots(a, b);
}

/*
 * A walk over the slots of two profiles: how many rows each has in the slot,
 * and in all slots before it.
 */
typedef struct MonitorSlotWalk
{
	const int64_t *reference;
	const int64_t *current;
	int64_t slots;
	int64_t slot;
	int64_t in_reference;
	int64_t in_current;
	int64_t below_reference;
	int64_t below_current;
} MonitorSlotWalk;

static inline MonitorSlotWalk
monitor_walk_begin(const MonitorProfile *reference, const MonitorProfile *current)
{
	MonitorSlotWalk walk = {.reference = monitor_profile_counts_const(reference),
							.current = monitor_profile_counts_const(current),
							.slots = monitor_profile_slots(reference),
							.slot = -1};

	return walk;
}

static inline bool
monitor_walk_next(MonitorSlotWalk *walk)
{
	walk->below_reference += walk->in_reference;
	walk->below_current += walk->in_current;
	if (++walk->slot == walk->slots)
		return false;
	MONITOR_POLL(walk->slot);
	walk->in_reference = walk->reference[walk->slot];
	walk->in_current = walk->current[walk->slot];
	return true;
}

static inline bool
monitor_walk_in_gap(const MonitorSlotWalk *walk)
{
	return walk->slot % 2 == 0;
}

/* Whether two profiles can be compared as samples of numbers. */
static inline MonitorStatus
monitor_profile_check_pair(const MonitorProfile *reference, const MonitorProfile *current)
{
	if (!monitor_profile_same_numeric(reference, current))
		return MONITOR_MISMATCH;
	return reference->n == 0 || current->n == 0 ? MONITOR_UNDEFINED : MONITOR_OK;
}

/* MurmurHash3_x64_128 of a stream of bytes. */
typedef struct MonitorHasher
{
	uint64_t h1;
	uint64_t h2;
	uint64_t length;
	unsigned char tail[16];
} MonitorHasher;

extern void monitor_hash_begin(MonitorHasher *hasher);
extern void monitor_hash_update(MonitorHasher *hasher, const void *bytes, size_t length);
extern void monitor_hash_end(MonitorHasher *hasher, uint64_t hash[2]);

/* Slot of a value that is no NaN. */
extern int64_t monitor_profile_slot(const double *anchors, int64_t k, double x);

/* Slot of a category, -1 when it is not listed. */
extern int64_t monitor_profile_lookup(const MonitorProfile *profile, const char *value,
									  uint32_t length);

/* center and unit of the sums that belong to anchors. */
extern void monitor_profile_scale(const double *anchors, int64_t k, double *center, int32_t *unit);

/* The id that belongs to the anchors or categories of a profile. */
extern void monitor_profile_hash(const MonitorProfile *profile, uint64_t id[2]);

/* Places of what follows the counts, in profiles under construction too. */
extern double *monitor_profile_anchor_space(MonitorProfile *profile);
extern uint32_t *monitor_profile_end_space(MonitorProfile *profile);
extern char *monitor_profile_dictionary_space(MonitorProfile *profile);

/* log2 of the lookup table's length for k categories. */
extern uint32_t monitor_profile_hash_bits(int64_t k);

/* Fill the lookup table in zeroed memory; false: two categories are equal. */
extern bool monitor_profile_index(MonitorProfile *profile);

/* (x - center) * 2^-unit */
static inline double
monitor_profile_scaled(const MonitorProfile *profile, double x)
{
	/* in two factors, each of which a float8 can hold */
	int half = -profile->unit / 2;

	return (x - profile->center) * ldexp(1, half) * ldexp(1, -profile->unit - half);
}

/* Whether a finite value is outside what the sums take. */
static inline bool
monitor_profile_is_outlier(const MonitorProfile *profile, double x)
{
	return !(fabs(monitor_profile_scaled(profile, x)) < MONITOR_PROFILE_MAX_Q);
}

/* Up to this size of the unit, 2^-unit is a normal float8: one factor is enough. */
#define MONITOR_PROFILE_MAX_UNIT 1000

/* A test wants the portable code on every machine. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(MONITOR_NO_AVX512)
#define MONITOR_AVX512 __attribute__((target("avx512f,avx512dq,avx512vl")))
extern bool monitor_has_fast_avx512(void);
#endif

/* ---- search (profile_search.c) ---- */

/*
 * A profile that queues, and has enough anchors, has a grid behind them: where the
 * search for a value begins.  A cell holds the values at some distance from the
 * center, 64 cells for each power of two in distance on either side, so that it
 * serves narrow samples and those with long tails.
 */
#define MONITOR_GRID_MIN_ANCHORS 64
#define MONITOR_GRID_MAX_ANCHORS UINT16_MAX
#define MONITOR_GRID_MIN_VALUES	 256 /* a batch that is worth making the grid */
#define MONITOR_GRID_OCTAVE		 64
#define MONITOR_GRID_HALF		 (16 * MONITOR_GRID_OCTAVE)

typedef struct MonitorGrid
{
	double end;		 /* NaN, after the last anchor: neither less than a value nor equal */
	uint64_t window; /* anchors from `first` on among which the search ends; 0: not made yet */
	uint16_t first[2 * MONITOR_GRID_HALF + 1]; /* one more, since pairs are read */
} MonitorGrid;

static inline bool
monitor_profile_has_grid(const MonitorProfile *profile)
{
	return profile->pending_capacity > 0 && profile->k >= MONITOR_GRID_MIN_ANCHORS &&
		profile->k <= MONITOR_GRID_MAX_ANCHORS;
}

static inline MonitorGrid *
monitor_profile_grid(MonitorProfile *profile)
{
	return (MonitorGrid *) (monitor_profile_anchor_space(profile) + profile->k);
}

/*
 * The slot of each of at most MONITOR_PENDING_MAX values, NaN in slot 0; slot has
 * room for 32 more.  any_far: some may be NaN, infinite or far from the anchors.
 */
extern void monitor_profile_find_slots(MonitorProfile *profile, const double *values, int64_t n,
									   bool any_far, uint32_t *slot);

/* A number in the text form (profile_text.c). */
#define MONITOR_DOUBLE_LEN 32
extern void monitor_format_double(char text[MONITOR_DOUBLE_LEN], double value);

/* The text form, its anchors left out unless with_anchors; bytes written. */
extern size_t monitor_profile_print_part(const MonitorProfile *profile, bool with_anchors,
										 char *out);

/* How JSON escapes a byte: 0: not at all, 'u': as \u00XX, else by \ and this. */
extern char monitor_json_escape(unsigned char byte);

/* No reachable state violates what this checks (profile_check.c). */
extern bool monitor_profile_consistent(const MonitorProfile *profile);

/* Its part: no count is negative, and they add up to n. */
extern bool monitor_profile_rows_agree(const MonitorProfile *profile);
extern bool monitor_counts_are_of(const int64_t *counts, int64_t slots, int64_t n);

/*
 * Mean and sample variance in the sums' own units, relative to center.  The
 * status is that of monitor_profile_variance; n may be 1 when variance is NULL.
 */
extern MonitorStatus monitor_profile_moments(const MonitorProfile *profile, double *mean,
											 double *variance);

#endif /* MONITOR_PROFILE_INTERNAL_H */
