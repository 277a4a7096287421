/*
 * profile_count.c
 *		Counting values: their totals, and one more in the slot of each.
 *
 * Batches stay in the first-level cache, so that simple passes over them cost
 * less than one loop that does everything.
 */
#include <stdlib.h>

#include "lanes.h"
#include "profile_internal.h"

/* What a pass over a batch finds. */
typedef struct BatchTotals
{
	int64_t zeros;
	bool any_far;	/* NaN or |q| >= 2^51, left to count_far; true also where n is odd */
	double minimum; /* -0 possible */
	double maximum;
	uint64_t sum; /* an int64: of at most MONITOR_PENDING_MAX q below 2^51 */
	monitor_uint128 sum_squares;
} BatchTotals;

/*
 * Adding 1.5 * 2^52 rounds a number below 2^51 to an integer, half to even,
 * that stands in the last 51 bits.
 */
#define ROUNDER		 0x1.8p52
#define ROUNDER_BITS UINT64_C(0x4338000000000000)

/* Sums over a batch, lane by lane. */
typedef struct LaneTotals
{
	Doubles low;
	Doubles high;
	Integers zeros;	 /* - their number */
	Integers within; /* all bits where every |q| < 2^51 */
	Words sum;		 /* of q, or of ROUNDER + q as bits */
	/* squares of |q| = 2^26 h + l: sums of l l, h l and h h, each below 2^62 */
	Words low_squares;
	Words products;
	Words high_squares;
} LaneTotals;

#define LOW_BITS 26

/* q of two values to the sums; any_far: some |q| may be 2^51 or more, or NaN. */
static inline __attribute__((always_inline)) void
add_units(LaneTotals *t, Doubles scaled, bool any_far)
{
	const Words signs = (Words){UINT64_C(1) << 63, UINT64_C(1) << 63};
	const Doubles rounder = {ROUNDER, ROUNDER};
	const Doubles limit = {0x1p51, 0x1p51};
	const Words lower = (Words){1 << LOW_BITS, 1 << LOW_BITS} - 1;
	Doubles size = (Doubles) ((Words) scaled & ~signs);
	Integers within = LESS(size, limit);
	Words q = (Words) (size + rounder) - (Words) rounder;
	Words h;
	Words l;

	t->within &= within;
	if (any_far)
	{
		q &= (Words) within;
		t->sum += (q ^ SIGN(scaled)) - SIGN(scaled);
	}
	else
		t->sum += (Words) (scaled + rounder);
	h = q >> LOW_BITS;
	l = q & lower;
	t->low_squares += MULTIPLY_HALVES(l, l);
	t->products += MULTIPLY_HALVES(h, l);
	t->high_squares += MULTIPLY_HALVES(h, h);
}

/* What the lanes come to. */
static inline void
gather_lanes(const LaneTotals *t, BatchTotals *totals)
{
	*totals = (BatchTotals){.minimum = INFINITY, .maximum = -INFINITY};
	for (int j = 0; j < LANES; j++)
	{
		totals->zeros -= t->zeros[j];
		totals->any_far |= t->within[j] == 0;
		totals->sum += t->sum[j];
		totals->sum_squares += t->low_squares[j] +
			((monitor_uint128) t->products[j] << (LOW_BITS + 1)) +
			((monitor_uint128) t->high_squares[j] << (2 * LOW_BITS));
		totals->minimum = t->low[j] < totals->minimum ? t->low[j] : totals->minimum;
		totals->maximum = t->high[j] > totals->maximum ? t->high[j] : totals->maximum;
	}
}

static inline __attribute__((always_inline)) LaneTotals
no_totals(void)
{
	return (LaneTotals){.low = {INFINITY, INFINITY},
						.high = {-INFINITY, -INFINITY},
						.within = {-1, -1}};
}

/* Totals of any n values, n <= MONITOR_PENDING_MAX; far ones do not enter the sums. */
static inline __attribute__((always_inline)) void
careful_totals(const MonitorProfile *profile, const double *values, int64_t n, BatchTotals *totals)
{
	const Doubles none = {0};
	const Doubles center = none + profile->center;
	/* in two factors, as in monitor_profile_scaled */
	const Doubles scale = none + ldexp(1, -profile->unit / 2);
	const Doubles scale_rest = none + ldexp(1, -profile->unit - -profile->unit / 2);
	LaneTotals t = no_totals();

	for (int64_t i = 0; i < n; i += LANES)
	{
		Doubles x = none + (double) NAN; /* enters nothing but any_far */

		if (n - i >= LANES)
			memcpy(&x, values + i, sizeof(x));
		else
			x[0] = values[i];
		t.zeros += EQUAL(x, none);
		t.low = LESSER(x, t.low);
		t.high = GREATER(x, t.high);
		add_units(&t, (x - center) * scale * scale_rest, true);
	}
	gather_lanes(&t, totals);
}

/*
 * The same of an even number of values, where one factor is enough; worth nothing
 * if there are far ones.  What is needed next may have been pushed out of the
 * cache: a line of it is asked for at every turn.
 */
static inline __attribute__((always_inline)) void
quick_totals(const MonitorProfile *profile, const double *values, int64_t n, BatchTotals *totals)
{
	const Doubles none = {0};
	const Doubles center = none + profile->center;
	const Doubles scale = none + ldexp(1, -profile->unit);
	const char *next = (const char *) monitor_profile_counts_const(profile);
	const char *end = (const char *) (monitor_profile_anchors(profile) + profile->k);
	LaneTotals t = no_totals();

	for (int64_t i = 0; i < n; i += LANES)
	{
		Doubles x;

		if (next < end)
			__builtin_prefetch(next, 1);
		next += 64;
		memcpy(&x, values + i, sizeof(x));
		t.zeros += EQUAL(x, none);
		t.low = LESSER(x, t.low);
		t.high = GREATER(x, t.high);
		add_units(&t, (x - center) * scale, false);
	}
	gather_lanes(&t, totals);
	totals->sum -= (uint64_t) n * ROUNDER_BITS;
}

static inline __attribute__((always_inline)) void
batch_totals(const MonitorProfile *profile, const double *values, int64_t n, BatchTotals *totals)
{
	if (n % LANES == 0 && abs(profile->unit) <= MONITOR_PROFILE_MAX_UNIT)
	{
		quick_totals(profile, values, n, totals);
		if (!totals->any_far)
			return;
	}
	careful_totals(profile, values, n, totals);
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

/* The rare values that careful_totals left: NaN, infinities, far ones; the number of NaN. */
static int64_t
count_far(MonitorProfile *profile, const double *values, int64_t n)
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

#ifdef MONITOR_AVX512
MONITOR_AVX512 static void
batch_totals_avx512(const MonitorProfile *profile, const double *values, int64_t n,
					BatchTotals *totals)
{
	batch_totals(profile, values, n, totals);
}
#endif

/* Slots of a batch, with room for what the AVX-512 search writes too much. */
typedef struct BatchSlots
{
	uint32_t slot[MONITOR_PENDING_MAX + 32];
} BatchSlots;

/*
 * Count the slots of at most MONITOR_PENDING_MAX values, NaN in slot 0, and find
 * their totals.  A pass of its own keeps stores out of the search's way.
 */
static void
count_batch(MonitorProfile *profile, const double *values, int64_t n, BatchTotals *totals)
{
	int64_t *counts = monitor_profile_counts(profile);
	BatchSlots found;

#ifdef MONITOR_AVX512
	if (monitor_has_fast_avx512())
		batch_totals_avx512(profile, values, n, totals);
	else
#endif
		batch_totals(profile, values, n, totals);
	monitor_profile_find_slots(profile, values, n, totals->any_far, found.slot);
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
		if (totals.any_far)
			nan = count_far(profile, values + done, batch);
		counts[0] -= nan;
		profile->nan += nan;
		profile->zeros += totals.zeros;
		add_sums(profile, (int64_t) totals.sum, totals.sum_squares);
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

/* ---- the queue ---- */

/*
 * pending = 32 q + r values: r of them, or all 32 where r = 0, are in the stage,
 * which is the queue's beginning; the rest follow it.
 */
void
monitor_profile_flush(MonitorProfile *profile)
{
	double *queue = (double *) (profile + 1);
	uint32_t staged = profile->pending % MONITOR_PENDING_STAGE;

	if (staged == 0)
		monitor_profile_count(profile, queue, profile->pending);
	else
	{
		monitor_profile_count(profile, queue + MONITOR_PENDING_STAGE, profile->pending - staged);
		monitor_profile_count(profile, queue, staged);
	}
	profile->pending = 0;
}

void
monitor_profile_make_room(MonitorProfile *profile)
{
	double *queue = (double *) (profile + 1);

	if (profile->pending == profile->pending_capacity)
		monitor_profile_flush(profile);
	else if (profile->pending > 0)
		memcpy(queue + profile->pending, queue, sizeof(double) * MONITOR_PENDING_STAGE);
}

void
monitor_profile_enlarge(const MonitorProfile *profile, MonitorProfile *larger, uint32_t capacity)
{
	size_t old = sizeof(double) * profile->pending_capacity;
	size_t rest = monitor_profile_size(profile) - sizeof(MonitorProfile) - old;

	memcpy(larger, profile, sizeof(MonitorProfile) + old);
	larger->pending_capacity = capacity;
	memcpy(monitor_profile_counts(larger), monitor_profile_counts_const(profile), rest);
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
