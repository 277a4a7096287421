/*
 * profile_draw.c
 *		A profile as a line of blocks.
 */
#include "profile_internal.h"

/* Heights 1 to 8 of 8; 0 is a space. */
static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

/* Bars that are filled while the slots are walked through. */
typedef struct Bars
{
	double height[MONITOR_SPARKLINE_MAX];
	int width;
	double low; /* the bars' common range */
	double high;
} Bars;

/* Where a value stands among the bars: 0 to width. */
static double
place_of(const Bars *bars, double x)
{
	double share;

	if (x <= bars->low)
		return 0;
	if (x >= bars->high)
		return bars->width;
	/* halves, since the difference may be too large for a float8 */
	share = (x / 2 - bars->low / 2) / (bars->high / 2 - bars->low / 2);
	return fmin(fmax(share, 0), 1) * bars->width;
}

/* The bar of a place; the upper end belongs to the last one. */
static int
bar_of(const Bars *bars, double place)
{
	return place >= bars->width ? bars->width - 1 : (int) place;
}

/* Spread rows evenly from one value to another; what is beyond the bars goes to the nearest. */
static void
spread(Bars *bars, double rows, double from, double to)
{
	double start = place_of(bars, from);
	double end = place_of(bars, to);
	int last = bar_of(bars, end);
	double inside = 1; /* share of the stretch that is within the bars */
	double below = 0;
	double length = to / 2 - from / 2;

	if (length > 0 && isfinite(length))
	{
		below = fmin(1, fmax(0, (bars->low / 2 - from / 2) / length));
		inside = 1 - below - fmin(1, fmax(0, (to / 2 - bars->high / 2) / length));
	}
	if (!(end > start) || !(inside > 0))
	{
		bars->height[bar_of(bars, start)] += rows;
		return;
	}
	bars->height[0] += rows * below;
	bars->height[bars->width - 1] += rows * fmax(0, 1 - inside - below);
	for (int bar = bar_of(bars, start); bar <= last; bar++)
		bars->height[bar] += rows * inside * fmax(0, fmin(end, bar + 1) - fmax(start, bar)) /
			(end - start);
}

/* Put the rows of a numeric profile into bars between the 1 % and the 99 % anchor. */
static void
fill_numeric(Bars *bars, const MonitorProfile *profile)
{
	const double *anchors = monitor_profile_anchors(profile);
	const int64_t *counts = monitor_profile_counts_const(profile);
	int64_t k = profile->k;
	int64_t first = k / 100;
	int64_t last = k - 1 - k / 100;

	while (first < last && isinf(anchors[first]))
		first++;
	while (first < last && isinf(anchors[last]))
		last--;
	bars->low = k > 0 && isfinite(anchors[first]) ? anchors[first] : 0;
	bars->high = k > 0 && isfinite(anchors[last]) ? anchors[last] : 0;
	for (int64_t slot = 0; slot <= 2 * k; slot++)
	{
		int64_t i = slot / 2;
		double rows = (double) counts[slot];

		MONITOR_POLL(slot);
		if (counts[slot] == 0)
			continue;
		if (slot == 0)
			bars->height[0] += rows;
		else if (slot == 2 * k)
			bars->height[bars->width - 1] += rows;
		else if (slot % 2 == 1)
			bars->height[bar_of(bars, place_of(bars, anchors[i]))] += rows;
		else
			spread(bars, rows, anchors[i - 1], anchors[i]);
	}
}

/* A bar for each category, the last one for all that is left. */
static void
fill_categorical(Bars *bars, const MonitorProfile *profile)
{
	const int64_t *counts = monitor_profile_counts_const(profile);
	int64_t k = profile->k;

	if (k + 1 < bars->width)
		bars->width = (int) k + 1;
	for (int64_t slot = 0; slot < k + 2; slot++)
		bars->height[slot < bars->width ? slot : bars->width - 1] += (double) counts[slot];
}

MonitorStatus
monitor_profile_sparkline(const MonitorProfile *profile, int width, char *out)
{
	Bars bars = {.width = width};
	double highest = 0;

	if (width < 1 || width > MONITOR_SPARKLINE_MAX)
		return MONITOR_UNDEFINED;
	if (profile->categorical)
		fill_categorical(&bars, profile);
	else if (profile->has_anchors)
		fill_numeric(&bars, profile);
	else
		return MONITOR_NO_ANCHORS;
	for (int i = 0; i < bars.width; i++)
		highest = fmax(highest, bars.height[i]);
	for (int i = 0; i < bars.width; i++)
	{
		int eighths = highest > 0 ? (int) ceil(8 * (bars.height[i] / highest)) : 0;
		const char *block = blocks[eighths];
		size_t length = strlen(block);

		memcpy(out, block, length);
		out += length;
	}
	*out = '\0';
	return MONITOR_OK;
}
