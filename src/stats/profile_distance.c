/*
 * profile_distance.c
 *		Certified bounds of the Wasserstein and the energy distance of two profiles.
 *
 * Both are integrals of |F - G|^power (distance.c), F of the reference and G of
 * the current profile.  Between two anchors a < b both functions only grow, so
 * |F - G| there is at least F(a) - G(b-) and G(a) - F(b-), and at most the
 * larger of F(b-) - G(a) and G(b-) - F(a); where the gap holds no rows these
 * are equal.  Rows outside the anchors reach to the minimum or the maximum.
 */
#include "numeric.h"
#include "profile_internal.h"

/* What rounding can do to bounds and to the distance of the rows, generously. */
#define WIDENING 0x1p-48

typedef struct Bounds
{
	const MonitorProfile *side[2]; /* reference, current */
	const double *anchors;
	int64_t k;
	double n; /* rows of the reference */
	double m; /* rows of the current profile */
	int power;
	double factor;	 /* values are multiplied by this power of two */
	double previous; /* up to where the integral is known */
	MonitorSum low;
	MonitorSum high;
	bool exact;		/* no row is in a gap */
	bool unbounded; /* some rows may be anywhere */
} Bounds;

/* The nearest number; 64 bits convert much sooner. */
static inline double
number(monitor_int128 h)
{
	return h == (int64_t) h ? (double) (int64_t) h : (double) h;
}

/* |F - G| from n m (F - G), as distance.c rounds it */
static inline double
difference(const Bounds *bounds, double h)
{
	double d = fabs(h) / bounds->n / bounds->m;

	return bounds->power == 2 ? d * d : d;
}

/* From `from` to `to` n m |F - G| is between least and most. */
static inline void
add_stretch(Bounds *bounds, double from, double to, double least, double most)
{
	double length = to * bounds->factor - from * bounds->factor;
	double low = least != 0 ? difference(bounds, least) * length : 0;
	double high = most == least ? low : difference(bounds, most) * length;

	if (least != 0)
		monitor_sum_add(&bounds->low, low);
	if (most != 0)
		monitor_sum_add(&bounds->high, high);
}

/* Go on to a value, n m (F - G) having been h since the last one. */
static inline void
advance(Bounds *bounds, double to, double h)
{
	/* h is 0 for the first value; a gap with rows leaves nothing between its end and the anchor */
	if (h != 0 && to != bounds->previous)
		add_stretch(bounds, bounds->previous, to, h, h);
	bounds->previous = to;
}

/* How many of the rows in a slot stand in this gap for -Inf (sign < 0) or +Inf. */
static int64_t
infinite_rows(const Bounds *bounds, const MonitorProfile *profile, int64_t slot, int sign)
{
	int64_t k = bounds->k;

	if (sign < 0)
		return slot > 0 || (k > 0 && bounds->anchors[0] == -INFINITY)
			? 0
			: profile->negative_infinities;
	return slot < 2 * k || (k > 0 && bounds->anchors[k - 1] == INFINITY)
		? 0
		: profile->positive_infinities;
}

/*
 * The ends of the finite rows of a gap: its anchors, or how far the rows reach
 * that it has; infinite where not known.
 */
static double
gap_start(const Bounds *bounds, int64_t gap, const int64_t rows[2])
{
	double start = INFINITY;

	if (gap > 0 && bounds->anchors[gap - 1] > -INFINITY)
		return bounds->anchors[gap - 1];
	for (int i = 0; i < 2; i++)
	{
		if (rows[i] > 0)
			start = fmin(start, bounds->side[i]->has_range ? bounds->side[i]->minimum : -INFINITY);
	}
	return start;
}

static double
gap_end(const Bounds *bounds, int64_t gap, const int64_t rows[2])
{
	double end = -INFINITY;

	if (gap < bounds->k && bounds->anchors[gap] < INFINITY)
		return bounds->anchors[gap];
	for (int i = 0; i < 2; i++)
	{
		if (rows[i] > 0)
			end = fmax(end, bounds->side[i]->has_range ? bounds->side[i]->maximum : INFINITY);
	}
	return end;
}

static inline monitor_int128
larger(monitor_int128 a, monitor_int128 b)
{
	return a > b ? a : b;
}

static void
add_gap(Bounds *bounds, const MonitorSlotWalk *walk)
{
	monitor_int128 n = bounds->side[0]->n;
	monitor_int128 m = bounds->side[1]->n;
	int64_t in[2] = {walk->in_reference, walk->in_current};
	int64_t before[2] = {walk->below_reference, walk->below_current};
	monitor_int128 f;
	monitor_int128 g;
	monitor_int128 f_end;
	monitor_int128 g_end;
	double start;
	double end;

	for (int i = 0; i < 2; i++)
	{
		int64_t lowest = infinite_rows(bounds, bounds->side[i], walk->slot, -1);

		before[i] += lowest;
		in[i] -= lowest + infinite_rows(bounds, bounds->side[i], walk->slot, 1);
	}
	if (in[0] == 0 && in[1] == 0)
		return;
	bounds->exact = false;
	start = gap_start(bounds, walk->slot / 2, in);
	end = gap_end(bounds, walk->slot / 2, in);
	f = m * before[0];
	g = n * before[1];
	f_end = f + m * in[0];
	g_end = g + n * in[1];
	if (isfinite(start))
		advance(bounds, start, number(f - g));
	if (isfinite(start) && isfinite(end))
		add_stretch(bounds, start, end, number(larger(0, larger(f - g_end, g - f_end))),
					number(larger(f_end - g, g_end - f)));
	else
		bounds->unbounded = true;
	bounds->previous = end;
}

/* A slot between two finite anchors, where 64 bits hold n m: nearly all there are. */
static inline void
add_inner_slot(Bounds *bounds, const MonitorSlotWalk *walk)
{
	int64_t n = bounds->side[0]->n;
	int64_t m = bounds->side[1]->n;
	int64_t h = m * walk->below_reference - n * walk->below_current;
	int64_t up = m * walk->in_reference;
	int64_t down = n * walk->in_current;
	int64_t least;
	double end = bounds->anchors[walk->slot / 2];

	if (!monitor_walk_in_gap(walk))
	{
		advance(bounds, end, (double) h);
		return;
	}
	bounds->exact = false;
	advance(bounds, bounds->anchors[walk->slot / 2 - 1], (double) h);
	least = h - down > -h - up ? h - down : -h - up;
	add_stretch(bounds, bounds->previous, end, least > 0 ? (double) least : 0,
				(double) (h + up > down - h ? h + up : down - h));
	bounds->previous = end;
}

static void
integrate(Bounds *bounds)
{
	monitor_int128 n = bounds->side[0]->n;
	monitor_int128 m = bounds->side[1]->n;
	int64_t k = bounds->k;
	bool narrow = n * m <= INT64_MAX / 2 && k > 0 && isfinite(bounds->anchors[0]) &&
		isfinite(bounds->anchors[k - 1]);
	MonitorSlotWalk walk = monitor_walk_begin(bounds->side[0], bounds->side[1]);

	while (monitor_walk_next(&walk))
	{
		if (walk.in_reference == 0 && walk.in_current == 0)
			continue;
		if (narrow && walk.slot > 0 && walk.slot < 2 * k)
			add_inner_slot(bounds, &walk);
		else if (monitor_walk_in_gap(&walk))
			add_gap(bounds, &walk);
		else if (isfinite(bounds->anchors[walk.slot / 2]))
			advance(bounds, bounds->anchors[walk.slot / 2],
					number(m * walk.below_reference - n * walk.below_current));
	}
}

/*
 * As distance.c scales: so that neither differences overflow nor products lose
 * bits.  All finite values that the integral meets are between the outermost
 * of anchors and ranges.
 */
static int
scale_exponent(const Bounds *bounds)
{
	double magnitude = 0;

	for (int64_t i = 0; i<bounds->k; i += bounds->k> 1 ? bounds->k - 1 : 1)
		magnitude = fmax(magnitude, isfinite(bounds->anchors[i]) ? fabs(bounds->anchors[i]) : 0);
	if (bounds->k > 2 && isinf(bounds->anchors[0]))
		magnitude = fmax(magnitude, fabs(bounds->anchors[1]));
	if (bounds->k > 2 && isinf(bounds->anchors[bounds->k - 1]))
		magnitude = fmax(magnitude, fabs(bounds->anchors[bounds->k - 2]));
	for (int i = 0; i < 2; i++)
	{
		double low = fabs(bounds->side[i]->minimum);
		double high = fabs(bounds->side[i]->maximum);

		magnitude = fmax(magnitude, isfinite(low) ? low : 0);
		magnitude = fmax(magnitude, isfinite(high) ? high : 0);
	}
	if (magnitude > 0x1p1000)
		return -4;
	return magnitude < 0x1p-500 ? 500 : 0;
}

/* Different shares of rows at an infinity. */
static bool
infinitely_far(const MonitorProfile *reference, const MonitorProfile *current)
{
	monitor_int128 n = reference->n;
	monitor_int128 m = current->n;

	return m * reference->negative_infinities != n * current->negative_infinities ||
		m * reference->positive_infinities != n * current->positive_infinities;
}

/* How far the mean of rounded values can be from that of the rows, in units. */
static double
mean_error(const MonitorProfile *profile)
{
	double squares = (double) monitor_int128_load(profile->sum_squares);

	return 0.5 + 0x1p-51 * (1 + sqrt(squares / (double) profile->n));
}

/* The Wasserstein distance is at least the difference of the means. */
static double
mean_bound(const MonitorProfile *reference, const MonitorProfile *current)
{
	double a;
	double b;

	if (monitor_profile_moments(reference, &a, NULL) != MONITOR_OK ||
		monitor_profile_moments(current, &b, NULL) != MONITOR_OK)
		return 0;
	return ldexp(fmax(0, fabs(a - b) - mean_error(reference) - mean_error(current)),
				 reference->unit);
}

/* From the integral's bounds to those of the distance. */
static void
set_result(const Bounds *bounds, int exponent, MonitorTestResult *result)
{
	double low = monitor_sum_value(&bounds->low);
	double high = monitor_sum_value(&bounds->high);

	if (bounds->power == 2)
	{
		low = ldexp(sqrt(2 * low), -exponent / 2);
		high = ldexp(sqrt(2 * high), -exponent / 2);
	}
	else
	{
		low = ldexp(low, -exponent);
		high = ldexp(high, -exponent);
	}
	monitor_result_exact(result, low);
	if (bounds->exact)
		return;
	if (bounds->power == 1)
		low = fmax(low, mean_bound(bounds->side[0], bounds->side[1]));
	monitor_result_exact(result, low * (1 - WIDENING));
	result->statistic_high = bounds->unbounded ? INFINITY : fmax(high, low) * (1 + WIDENING);
}

static MonitorStatus
distance(const MonitorProfile *reference, const MonitorProfile *current, int power,
		 const char *method, MonitorTestResult *result)
{
	MonitorStatus status = monitor_profile_check_pair(reference, current);
	Bounds bounds = {.side = {reference, current},
					 .k = reference->k,
					 .n = (double) reference->n,
					 .m = (double) current->n,
					 .power = power,
					 .exact = true};
	int exponent;

	if (status != MONITOR_OK)
		return status;
	bounds.anchors = monitor_profile_anchors(reference->has_anchors ? reference : current);
	if (bounds.anchors == NULL)
		return MONITOR_NO_ANCHORS;
	monitor_result_init(result, reference->n, current->n, method);
	if (infinitely_far(reference, current))
		monitor_result_exact(result, INFINITY);
	else
	{
		exponent = scale_exponent(&bounds);
		bounds.factor = ldexp(1, exponent);
		integrate(&bounds);
		set_result(&bounds, exponent, result);
	}
	result->effect_size = result->statistic;
	return MONITOR_OK;
}

MonitorStatus
monitor_profile_wasserstein(const MonitorProfile *reference, const MonitorProfile *current,
							MonitorTestResult *result)
{
	return distance(reference, current, 1, "Wasserstein", result);
}

MonitorStatus
monitor_profile_energy(const MonitorProfile *reference, const MonitorProfile *current,
					   MonitorTestResult *result)
{
	return distance(reference, current, 2, "energy", result);
}
