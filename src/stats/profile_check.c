/*
 * profile_check.c
 *		What holds in every profile that was counted, added and subtracted; the
 *		decoder and the parser refuse whatever violates it.
 */
#include "profile_internal.h"

/* From anchors that differ by 2^-1074 to anchors that differ by 2^1025. */
#define MIN_UNIT (-1073 + 1 - 44)
#define MAX_UNIT (1024 + 1 - 44)

bool
monitor_counts_are_of(const int64_t *counts, int64_t slots, int64_t n)
{
	uint64_t low = 0; /* sums of the halves, as 64 bits take a fraction of the time of 128 */
	uint64_t high = 0;
	int64_t any = 0;

	for (int64_t i = 0; i < slots; i++)
	{
		MONITOR_POLL(i);
		any |= counts[i];
		low += (uint32_t) counts[i];
		high += (uint64_t) counts[i] >> 32;
	}
	return any >= 0 && ((monitor_int128) high << 32) + low == n;
}

bool
monitor_profile_rows_agree(const MonitorProfile *profile)
{
	return profile->n >= 0 && profile->missing >= 0 && profile->nan >= 0 &&
		monitor_counts_are_of(monitor_profile_counts_const(profile), monitor_profile_slots(profile),
							  profile->n) &&
		(monitor_int128) profile->n + profile->missing + profile->nan <= MONITOR_PROFILE_MAX_ROWS;
}

static bool
check_special_values(const MonitorProfile *profile)
{
	monitor_int128 infinities = (monitor_int128) profile->positive_infinities +
		profile->negative_infinities;
	monitor_int128 apart = infinities + profile->zeros;

	if (profile->zeros < 0 || profile->outliers < 0 || profile->positive_infinities < 0 ||
		profile->negative_infinities < 0)
		return false;
	if (apart > profile->n || infinities + profile->outliers > profile->n)
		return false;
	return monitor_profile_is_outlier(profile, 0) ? profile->zeros <= profile->outliers
												  : apart + profile->outliers <= profile->n;
}

static bool
check_range(const MonitorProfile *profile)
{
	double low = profile->minimum;
	double high = profile->maximum;
	bool outliers;

	if (!profile->has_range)
		return low == 0 && high == 0 && !signbit(low) && !signbit(high);
	if (profile->n == 0 || !(low <= high) || (profile->n == 1 && low != high))
		return false;
	if ((low == 0 && signbit(low)) || (high == 0 && signbit(high)))
		return false;
	if ((low == -INFINITY) != (profile->negative_infinities > 0) ||
		(high == INFINITY) != (profile->positive_infinities > 0))
		return false;
	if ((low == INFINITY && profile->positive_infinities != profile->n) ||
		(high == -INFINITY && profile->negative_infinities != profile->n))
		return false;
	if (profile->zeros > 0 ? low > 0 || high < 0 : low == 0 || high == 0)
		return false;
	outliers = (isfinite(low) && monitor_profile_is_outlier(profile, low)) ||
		(isfinite(high) && monitor_profile_is_outlier(profile, high));
	if (outliers)
		return profile->outliers > 0;
	return profile->outliers == 0 || !isfinite(low) || !isfinite(high);
}

/* n low <= sum <= n high, where the smallest and the largest q are known */
static bool
check_sum_range(const MonitorProfile *profile, monitor_int128 rows, monitor_int128 sum)
{
	if (!profile->has_range || rows != profile->n)
		return true;
	return sum >= rows * (int64_t) rint(monitor_profile_scaled(profile, profile->minimum)) &&
		sum <= rows * (int64_t) rint(monitor_profile_scaled(profile, profile->maximum));
}

/*
 * Sums of whole numbers below 2^62 and of their squares: they are both even or
 * both odd, and (sum)^2 <= rows * sum of squares (Cauchy-Schwarz).
 */
static bool
check_sums(const MonitorProfile *profile)
{
	monitor_int128 rows = monitor_profile_summed_rows(profile);
	monitor_int128 sum = monitor_int128_load(profile->sum);
	monitor_int128 squares = monitor_int128_load(profile->sum_squares);
	monitor_uint128 magnitude = monitor_int128_magnitude(sum);
	monitor_uint128 largest = ((monitor_uint128) 1 << 62) - 1;

	if (!profile->has_sums)
		return sum == 0 && squares == 0;
	if (squares < 0 || magnitude > largest * (monitor_uint128) rows || ((sum ^ squares) & 1) != 0)
		return false;
	if (monitor_wide_less(monitor_wide_multiply(largest * largest, rows),
						  monitor_wide_multiply(squares, 1)))
		return false;
	if (monitor_wide_less(monitor_wide_multiply(rows, squares),
						  monitor_wide_multiply(magnitude, magnitude)))
		return false;
	return check_sum_range(profile, rows, sum);
}

/* No float8 lies between a and b, a < b. */
static bool
adjacent(double a, double b)
{
	return nextafter(a, b) == b;
}

/* The slot at one end that the infinite rows are in holds them all. */
static bool
check_infinite_slot(int64_t beyond, int64_t equal, bool infinite_anchor, int64_t infinities)
{
	return infinite_anchor ? beyond == 0 && equal == infinities : infinities <= beyond;
}

static bool
check_slots(const MonitorProfile *profile)
{
	const double *anchors = monitor_profile_anchors(profile);
	const int64_t *counts = monitor_profile_counts_const(profile);
	int64_t k = profile->k;
	int64_t zero = monitor_profile_slot(anchors, k, 0);
	int64_t last = 2 * k;
	int64_t first = 0;

	if (zero % 2 == 1 ? profile->zeros != counts[zero] : profile->zeros > counts[zero])
		return false;
	if (!check_infinite_slot(counts[0], k > 0 ? counts[1] : 0, k > 0 && anchors[0] == -INFINITY,
							 profile->negative_infinities) ||
		!check_infinite_slot(counts[last], k > 0 ? counts[last - 1] : 0,
							 k > 0 && anchors[k - 1] == INFINITY, profile->positive_infinities))
		return false;
	for (int64_t i = 1; i < k; i++)
	{
		MONITOR_POLL(i);
		if (counts[2 * i] > 0 && adjacent(anchors[i - 1], anchors[i]))
			return false;
	}
	if (!profile->has_range)
		return true;
	while (counts[first] == 0)
		first++;
	while (counts[last] == 0)
		last--;
	return first == monitor_profile_slot(anchors, k, profile->minimum) &&
		last == monitor_profile_slot(anchors, k, profile->maximum);
}

/* A categorical profile uses one of `other` and `unseen`, and no number. */
static bool
check_categorical(const MonitorProfile *profile)
{
	const int64_t *counts = monitor_profile_counts_const(profile);

	return counts[profile->k + (profile->has_other ? 1 : 0)] == 0 && profile->nan == 0 &&
		profile->zeros == 0 && profile->outliers == 0 && profile->positive_infinities == 0 &&
		profile->negative_infinities == 0 && !profile->has_range && profile->has_sums &&
		monitor_int128_load(profile->sum) == 0 && monitor_int128_load(profile->sum_squares) == 0;
}

/* center and unit are those of the anchors, or could be those of some. */
static bool
check_scale(const MonitorProfile *profile)
{
	double center;
	int32_t unit;

	if (!profile->has_anchors)
		return isfinite(profile->center) && !(profile->center == 0 && signbit(profile->center)) &&
			profile->unit >= MIN_UNIT && profile->unit <= MAX_UNIT;
	monitor_profile_scale(monitor_profile_anchors(profile), profile->k, &center, &unit);
	return center == profile->center && unit == profile->unit;
}

bool
monitor_profile_consistent(const MonitorProfile *profile)
{
	if (!monitor_profile_rows_agree(profile))
		return false;
	if (profile->categorical)
		return check_categorical(profile);
	return check_scale(profile) && check_special_values(profile) && check_range(profile) &&
		check_sums(profile) && (!profile->has_anchors || check_slots(profile));
}
