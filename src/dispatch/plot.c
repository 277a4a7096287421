/*
 * plot.c
 *		A small picture: for each bin a bar of the baseline (grey) and one of now (red).
 */
#include "dispatch.h"
#include "font.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#define WIDTH		720
#define HEIGHT		360
#define LEFT		56
#define RIGHT		(WIDTH - 12)
#define TOP			44
#define BOTTOM		(HEIGHT - 112)
#define LABEL_CHARS 17
#define MAX_TITLE	56

typedef struct Color
{
	unsigned char rgb[3];
} Color;

static const Color white = {{255, 255, 255}};
static const Color before = {{158, 158, 158}};
static const Color now = {{198, 40, 40}};
static const Color ink = {{40, 40, 40}};
static const Color grid = {{224, 224, 224}};

static void
fill(unsigned char *pixels, int left, int top, int right, int bottom, Color color)
{
	for (int y = top < 0 ? 0 : top; y < bottom && y < HEIGHT; y++)
	{
		for (int x = left < 0 ? 0 : left; x < right && x < WIDTH; x++)
			memcpy(pixels + 3 * (y * WIDTH + x), color.rgb, 3);
	}
}

/* One letter for each character: the bytes that only go on with one are left out. */
static size_t
to_letters(const char *text, size_t length, char *letters, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < length && n + 1 < size; i++)
	{
		if (((unsigned char) text[i] & 0xC0) != 0x80)
			letters[n++] = (unsigned char) text[i] < 0x80 ? text[i] : '?';
	}
	letters[n] = '\0';
	return n;
}

/* Turned: from the bottom upwards, x and y being where it begins. */
static void
write_text(unsigned char *pixels, int x, int y, const char *text, int scale, bool turned)
{
	for (; *text; text++)
	{
		const unsigned char *glyph = dispatch_glyph(*text);

		for (int column = 0; column < FONT_WIDTH; column++)
		{
			for (int row = 0; row < FONT_HEIGHT; row++)
			{
				int px = turned ? x + row * scale : x + column * scale;
				int py = turned ? y - column * scale : y + row * scale;

				if (glyph[column] >> row & 1)
					fill(pixels, px, py, px + scale, py + scale, ink);
			}
		}
		if (turned)
			y -= FONT_STEP * scale;
		else
			x += FONT_STEP * scale;
	}
}

static void
draw_scale(unsigned char *pixels, double highest)
{
	char text[32];

	for (int i = 0; i <= 4; i++)
	{
		int y = BOTTOM - i * (BOTTOM - TOP) / 4;
		int length = snprintf(text, sizeof(text), "%.3g%%", 100 * highest * i / 4);

		fill(pixels, LEFT, y, RIGHT, y + 1, i ? grid : ink);
		write_text(pixels, LEFT - 4 - length * FONT_STEP, y - 4, text, 1, false);
	}
}

static void
draw_legend(unsigned char *pixels)
{
	fill(pixels, RIGHT - 180, 26, RIGHT - 168, 34, before);
	write_text(pixels, RIGHT - 164, 26, "baseline", 1, false);
	fill(pixels, RIGHT - 90, 26, RIGHT - 78, 34, now);
	write_text(pixels, RIGHT - 74, 26, "now", 1, false);
}

static void
draw_bars(unsigned char *pixels, const double *reference, const double *current, int bins,
		  double highest)
{
	double step = (double) (RIGHT - LEFT) / bins;
	double tall = (BOTTOM - TOP) / highest;

	for (int i = 0; i < bins; i++)
	{
		int left = LEFT + (int) ((i + 0.08) * step);
		int middle = LEFT + (int) ((i + 0.5) * step);
		int right = LEFT + (int) ((i + 0.92) * step);

		fill(pixels, left, BOTTOM - (int) (reference[i] * tall), middle, BOTTOM, before);
		fill(pixels, middle, BOTTOM - (int) (current[i] * tall), right, BOTTOM, now);
	}
}

/* A line for each bin: below it where they all fit, else turned, and thinned out if need be. */
static void
draw_labels(unsigned char *pixels, const char *labels, int bins)
{
	double step = (double) (RIGHT - LEFT) / bins;
	int every = (int) ceil(10 / step);
	int fit = (int) (step / FONT_STEP) - 1;
	size_t longest = 0;
	const char *at = labels;

	for (const char *line = labels; *line;
		 line += strcspn(line, "\n") + (strchr(line, '\n') != NULL))
	{
		char letters[LABEL_CHARS + 1];
		size_t n = to_letters(line, strcspn(line, "\n"), letters, sizeof(letters));

		longest = n > longest ? n : longest;
	}
	for (int i = 0; i < bins && *at; i++)
	{
		size_t length = strcspn(at, "\n");
		char letters[LABEL_CHARS + 1];
		int n = (int) to_letters(at, length, letters, sizeof(letters));
		int center = LEFT + (int) ((i + 0.5) * step);

		if (fit > 0 && longest <= (size_t) fit)
			write_text(pixels, center - n * FONT_STEP / 2, BOTTOM + 6, letters, 1, false);
		else if (i % every == 0)
			write_text(pixels, center - 4, BOTTOM + 4 + n * FONT_STEP, letters, 1, true);
		at += length + (at[length] == '\n');
	}
}

/* The tallest bar; 0: there is nothing that can be drawn. */
static double
highest_share(const double *reference, const double *current, int bins)
{
	double highest = 0;

	for (int i = 0; i < bins; i++)
	{
		if (!(reference[i] >= 0 && reference[i] < 1e6 && current[i] >= 0 && current[i] < 1e6))
			return 0;
		highest = fmax(highest, fmax(reference[i], current[i]));
	}
	return highest;
}

static unsigned char *
compress(const unsigned char *pixels, size_t *size)
{
	png_image image = {.version = PNG_IMAGE_VERSION,
					   .width = WIDTH,
					   .height = HEIGHT,
					   .format = PNG_FORMAT_RGB};
	png_alloc_size_t length = PNG_IMAGE_PNG_SIZE_MAX(image);
	unsigned char *png = malloc(length);

	if (png && !png_image_write_to_memory(&image, png, &length, 0, pixels, 0, NULL))
	{
		free(png);
		png = NULL;
	}
	*size = png ? length : 0;
	return png;
}

/*
 * Shares of bins, none negative or NaN, and their labels one a line; the picture is to be
 * freed.  NULL: there is nothing to draw.
 */
unsigned char *
dispatch_plot(const char *title, const char *labels, const double *reference, const double *current,
			  int bins, size_t *size)
{
	double highest = highest_share(reference, current, bins);
	unsigned char *pixels = highest > 0 ? malloc(3 * WIDTH * HEIGHT) : NULL;
	unsigned char *png;
	char letters[MAX_TITLE + 1];

	*size = 0;
	if (pixels == NULL)
		return NULL;
	to_letters(title, strcspn(title, "\n"), letters, sizeof(letters));
	fill(pixels, 0, 0, WIDTH, HEIGHT, white);
	write_text(pixels, LEFT, 6, letters, 2, false);
	draw_scale(pixels, highest);
	draw_bars(pixels, reference, current, bins, highest);
	draw_labels(pixels, labels, bins);
	draw_legend(pixels);
	png = compress(pixels, size);
	free(pixels);
	return png;
}
