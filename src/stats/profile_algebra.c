/*
 * profile_algebra.c
 *		Adding, subtracting and reading profiles.
 */
#include "profile_internal.h"

/* ---- adding and subtracting ---- */

/* Rows of all kinds. */
static monitor_int128
all_rows(const MonitorProfile *profile)
{
	return (monitor_int128) profile->n + profile->missing + profile->nan;
}

/* a += b of everything that is a plain count, or -= with sign -1. */
static void
add_counts(MonitorProfile *a, const MonitorProfile *b, int sign)
{
	int64_t *to = monitor_profile_counts(a);
	const int64_t *from = monitor_profile_counts_const(b);
	int64_t slots = monitor_profile_slots(a);

	for (int64_t i = 0; i < slots; i++)
		to[i] += sign * from[i];
	a->n += sign * b->n;
	a->missing += sign * b->missing;
	a->nan += sign * b->nan;
	a->zeros += sign * b->zeros;
	a->positive_infinities += sign * b->positive_infinities;
	a->negative_infinities += sign * b->negative_infinities;
	a->outliers += sign * b->outliers;
}

/* The range of the rows of both; an empty profile leaves the other's alone. */
static void
add_range(MonitorProfile *a, const MonitorProfile *b)
{
	if (b->n == 0)
		return;
	if (a->n == 0)
	{
		a->has_range = b->has_range;
		a->minimum = b->minimum;
		a->maximum = b->maximum;
		return;
	}
	a->has_range = a->has_range && b->has_range;
	a->minimum = a->has_range ? fmin(a->minimum, b->minimum) : 0;
	a->maximum = a->has_range ? fmax(a->maximum, b->maximum) : 0;
}

static void
add_sums(MonitorProfile *a, const MonitorProfile *b, int sign)
{
	monitor_int128 squares = monitor_int128_load(a->sum_squares);
	monitor_int128 other = monitor_int128_load(b->sum_squares);
	monitor_int128 sum = monitor_int128_load(a->sum);

	a->has_sums = a->has_sums && b->has_sums && (sign < 0 || other <= MONITOR_INT128_MAX - squares);
	sum = a->has_sums ? sum + sign * monitor_int128_load(b->sum) : 0;
	squares = a->has_sums ? squares + sign * other : 0;
	monitor_int128_store(a->sum, sum);
	monitor_int128_store(a->sum_squares, squares);
}

MonitorStatus
monitor_profile_add(MonitorProfile *a, const MonitorProfile *b)
{
	if (!monitor_profile_same_slots(a, b))
		return MONITOR_MISMATCH;
	if (all_rows(a) + all_rows(b) > MONITOR_PROFILE_MAX_ROWS)
		return MONITOR_OVERFLOW;
	add_range(a, b);
	add_sums(a, b, 1);
	add_counts(a, b, 1);
	return MONITOR_OK;
}

MonitorStatus
monitor_profile_subtract(MonitorProfile *a, const MonitorProfile *b)
{
	MonitorProfile before = *a;

	if (!monitor_profile_same_slots(a, b))
		return MONITOR_MISMATCH;
	if (b->n > 0)
	{
		a->has_range = 0;
		a->minimum = 0;
		a->maximum = 0;
	}
	add_sums(a, b, -1);
	add_counts(a, b, -1);
	if (monitor_profile_consistent(a))
		return MONITOR_OK;
	add_counts(a, b, 1);
	*a = before;
	return MONITOR_OVERFLOW;
}

MonitorStatus
monitor_profile_attach(MonitorProfile *target, const MonitorProfile *profile)
{
	MonitorProfile anchors = *target;

	if (!target->has_anchors || !monitor_profile_same_slots(target, profile))
		return MONITOR_MISMATCH;
	memcpy(monitor_profile_counts(target), monitor_profile_counts_const(profile),
		   sizeof(int64_t) * (size_t) monitor_profile_slots(target));
	*target = *profile;
	target->varlena_header = anchors.varlena_header;
	target->has_anchors = 1;
	target->pending_capacity = anchors.pending_capacity;
	target->pending = 0;
	target->hash_bits = anchors.hash_bits;
	target->dictionary_bytes = anchors.dictionary_bytes;
	return monitor_profile_consistent(target) ? MONITOR_OK : MONITOR_CORRUPT;
}

/* ---- moments ---- */

/* A wide number as a float8, within two roundings. */
static double
wide_to_double(MonitorWide wide)
{
	return (double) wide.high * 0x1p128 + (double) wide.low;
}

MonitorStatus
monitor_profile_moments(const MonitorProfile *profile, double *mean, double *variance)
{
	int64_t n = profile->n;
	monitor_int128 sum = monitor_int128_load(profile->sum);
	monitor_uint128 squares = (monitor_uint128) monitor_int128_load(profile->sum_squares);
	monitor_uint128 magnitude = monitor_int128_magnitude(sum);

	if (profile->categorical || n == 0 || !profile->has_sums || (variance != NULL && n == 1) ||
		monitor_profile_summed_rows(profile) != n)
		return MONITOR_UNDEFINED;
	*mean = (double) (int64_t) (sum / n) + (double) (int64_t) (sum % n) / (double) n;
	if (variance != NULL)
	{
		/* (n sum(q^2) - sum(q)^2) / (n (n - 1)), exact up to the division */
		MonitorWide spread =
			monitor_wide_subtract(monitor_wide_multiply((monitor_uint128) n, squares),
								  monitor_wide_multiply(magnitude, magnitude));

		*variance = wide_to_double(spread) / (double) n / (double) (n - 1);
	}
	return MONITOR_OK;
}

MonitorStatus
monitor_profile_mean(const MonitorProfile *profile, double *mean)
{
	MonitorStatus status;
	double scaled;

	if (profile->positive_infinities > 0 || profile->negative_infinities > 0)
	{
		if (profile->positive_infinities > 0 && profile->negative_infinities > 0)
			return MONITOR_UNDEFINED;
		*mean = profile->positive_infinities > 0 ? INFINITY : -INFINITY;
		return MONITOR_OK;
	}
	status = monitor_profile_moments(profile, &scaled, NULL);
	if (status == MONITOR_OK)
		*mean = profile->center + ldexp(scaled, profile->unit);
	return status;
}

MonitorStatus
monitor_profile_variance(const MonitorProfile *profile, double *variance)
{
	double mean;
	double scaled;
	MonitorStatus status = monitor_profile_moments(profile, &mean, &scaled);

	if (status == MONITOR_OK)
		*variance = ldexp(scaled, 2 * profile->unit);
	return status;
}

MonitorStatus
monitor_profile_stddev(const MonitorProfile *profile, double *stddev)
{
	double mean;
	double scaled;
	MonitorStatus status = monitor_profile_moments(profile, &mean, &scaled);

	if (status == MONITOR_OK)
		*stddev = ldexp(sqrt(scaled), profile->unit);
	return status;
}

/* ---- quantiles ---- */

/*
 * What is known of the values in a gap: all are between low and high; at_low
 * tells that one of them is low itself (the minimum), at_high likewise.  An
 * end that is not known is NaN.
 */
typedef struct Gap
{
	double low;
	double high;
	bool at_low;
	bool at_high;
	int64_t count;
} Gap;

static Gap
gap_of(const MonitorProfile *profile, int64_t slot)
{
	const double *anchors = monitor_profile_anchors(profile);
	const int64_t *counts = monitor_profile_counts_const(profile);
	int64_t k = profile->k;
	int64_t i = slot / 2;
	Gap gap = {.low = NAN, .high = NAN, .count = counts[slot]};

	if (i > 0)
		gap.low = anchors[i - 1];
	if (i < k)
		gap.high = anchors[i];
	if (profile->has_range && monitor_profile_slot(anchors, k, profile->minimum) == slot)
	{
		gap.low = profile->minimum;
		gap.at_low = true;
	}
	if (profile->has_range && monitor_profile_slot(anchors, k, profile->maximum) == slot)
	{
		gap.high = profile->maximum;
		gap.at_high = true;
	}
	return gap;
}

/* A point between two finite numbers, without overflow; never outside them. */
static double
interpolate(double low, double high, double share)
{
	return fmin(fmax(low * (1 - share) + high * share, low), high);
}

/*
 * The i-th (from 1) of a gap's values, evenly spaced between its ends.
 */
static MonitorStatus
value_in_gap(const MonitorProfile *profile, const Gap *gap, int64_t i, double *value)
{
	double first = gap->at_low ? 1 : 0;
	double last = gap->at_high ? (double) gap->count : (double) gap->count + 1;

	/* infinities in a gap stand at its outer end */
	if (gap->low == -INFINITY && gap->at_low && i <= profile->negative_infinities)
		*value = -INFINITY;
	else if (gap->high == INFINITY && gap->at_high && i > gap->count - profile->positive_infinities)
		*value = INFINITY;
	else if (!isfinite(gap->low) || !isfinite(gap->high))
		return MONITOR_UNDEFINED;
	else if (gap->low == gap->high)
		*value = gap->low;
	else
		*value = interpolate(gap->low, gap->high, ((double) i - first) / (last - first));
	return MONITOR_OK;
}

MonitorStatus
monitor_profile_quantile(const MonitorProfile *profile, double f, double *value)
{
	const int64_t *counts = monitor_profile_counts_const(profile);
	const double *anchors = monitor_profile_anchors(profile);
	int64_t n = profile->n;
	int64_t rank;
	int64_t slot = 0;
	Gap gap;

	if (profile->categorical || n == 0 || !(f >= 0 && f <= 1))
		return MONITOR_UNDEFINED;
	if (profile->has_range && (f == 0 || f == 1))
	{
		*value = f == 0 ? profile->minimum : profile->maximum;
		return MONITOR_OK;
	}
	if (anchors == NULL)
		return MONITOR_NO_ANCHORS;
	rank = (int64_t) fmin(fmax(ceil(f * (double) n), 1), 0x1p62);
	rank = rank < n ? rank : n;
	while (rank > counts[slot])
		rank -= counts[slot++];
	if (slot % 2 == 1)
	{
		*value = anchors[slot / 2];
		return MONITOR_OK;
	}
	gap = gap_of(profile, slot);
	return value_in_gap(profile, &gap, rank, value);
}

/*
 * How many of a gap's values are at most x, by the same spacing; x is inside
 * the gap.
 */
static MonitorStatus
count_in_gap(const MonitorProfile *profile, const Gap *gap, double x, double *count)
{
	double low = gap->low;
	double high = gap->high;
	double first = gap->at_low ? 1 : 0;
	double last = gap->at_high ? (double) gap->count : (double) gap->count + 1;

	*count = 0;
	if (gap->count == 0 || (gap->at_low && x < low))
		return MONITOR_OK;
	*count = (double) gap->count;
	if (gap->at_high && x >= high)
		return MONITOR_OK;
	*count = (double) profile->negative_infinities;
	if (x == -INFINITY)
		return MONITOR_OK;
	if (!isfinite(low) || !isfinite(high))
		return MONITOR_UNDEFINED;
	/* halves, since the difference may be too large for a float8 */
	*count = first + (last - first) * ((x / 2 - low / 2) / (high / 2 - low / 2));
	*count = fmin(fmax(*count, first), (double) gap->count);
	return MONITOR_OK;
}

MonitorStatus
monitor_profile_cdf(const MonitorProfile *profile, double x, double *value)
{
	const int64_t *counts = monitor_profile_counts_const(profile);
	const double *anchors = monitor_profile_anchors(profile);
	MonitorStatus status = MONITOR_OK;
	int64_t below = 0;
	double inside = 0;
	int64_t slot;

	if (profile->categorical || profile->n == 0 || isnan(x))
		return MONITOR_UNDEFINED;
	if (anchors == NULL)
		return MONITOR_NO_ANCHORS;
	slot = monitor_profile_slot(anchors, profile->k, x);
	for (int64_t i = 0; i < slot; i++)
		below += counts[i];
	if (slot % 2 == 1)
		below += counts[slot];
	else if (x == INFINITY)
		below = profile->n;
	else
	{
		Gap gap = gap_of(profile, slot);

		status = count_in_gap(profile, &gap, x, &inside);
	}
	if (status == MONITOR_OK)
		*value = ((double) below + inside) / (double) profile->n;
	return status;
}
