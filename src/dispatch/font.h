/*
 * font.h
 *		Letters for the picture.
 */
#ifndef MONITOR_FONT_H
#define MONITOR_FONT_H

#define FONT_WIDTH	5
#define FONT_HEIGHT 8
#define FONT_STEP	6

/* Columns of a letter, the lowest bit of each on top. */
extern const unsigned char *dispatch_glyph(char c);

#endif /* MONITOR_FONT_H */
