/*
 * plot.c
 *		A small picture: bars of the baseline (grey) beside those of now (red).
 */
#include "dispatch.h"

#include <stdlib.h>
#include <string.h>

#include <png.h>

#define WIDTH  640
#define HEIGHT 220
#define MARGIN 10

static const unsigned char background[3] = {255, 255, 255};
static const unsigned char before[3] = {158, 158, 158};
static const unsigned char now[3] = {198, 40, 40};
static const unsigned char axis[3] = {66, 66, 66};

static void
fill(unsigned char *pixels, int left, int top, int right, int bottom, const unsigned char *color)
{
	for (int y = top; y < bottom; y++)
		for (int x = left; x < right; x++)
			memcpy(pixels + 3 * (y * WIDTH + x), color, 3);
}

static void
draw_bars(unsigned char *pixels, const double *reference, const double *current, int bins,
		  double highest)
{
	double step = (double) (WIDTH - 2 * MARGIN) / bins;
	int floor = HEIGHT - MARGIN;

	for (int i = 0; i < bins; i++)
	{
		int left = MARGIN + (int) (i * step);
		int middle = MARGIN + (int) ((i + 0.45) * step);
		int right = MARGIN + (int) ((i + 0.9) * step);

		fill(pixels, left, floor - (int) (reference[i] / highest * (HEIGHT - 2 * MARGIN)), middle,
			 floor, before);
		fill(pixels, middle, floor - (int) (current[i] / highest * (HEIGHT - 2 * MARGIN)), right,
			 floor, now);
	}
	fill(pixels, MARGIN, floor, WIDTH - MARGIN, floor + 1, axis);
}

/*
 * Shares of bins, none negative or NaN; the picture is to be freed.  false: there is
 * nothing to draw.
 */
bool
dispatch_plot(const double *reference, const double *current, int bins, unsigned char **png,
			  size_t *size)
{
	png_image image = {.version = PNG_IMAGE_VERSION,
					   .width = WIDTH,
					   .height = HEIGHT,
					   .format = PNG_FORMAT_RGB};
	unsigned char *pixels = malloc(3 * WIDTH * HEIGHT);
	png_alloc_size_t length = PNG_IMAGE_PNG_SIZE_MAX(image);
	double highest = 0;

	for (int i = 0; i < bins; i++)
	{
		highest = reference[i] > highest ? reference[i] : highest;
		highest = current[i] > highest ? current[i] : highest;
		if (!(reference[i] >= 0) || !(current[i] >= 0))
			bins = 0;
	}
	*png = malloc(length);
	if (bins == 0 || !(highest > 0) || highest > 1e6 || pixels == NULL || *png == NULL)
		length = 0;
	else
	{
		fill(pixels, 0, 0, WIDTH, HEIGHT, background);
		draw_bars(pixels, reference, current, bins, highest);
		if (!png_image_write_to_memory(&image, *png, &length, 0, pixels, 0, NULL))
			length = 0;
	}
	free(pixels);
	if (length == 0)
	{
		free(*png);
		*png = NULL;
	}
	*size = length;
	return length > 0;
}
