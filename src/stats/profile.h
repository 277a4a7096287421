/*
 * profile.h
 *		Anchored counts: the algebra behind the SQL type monitor.profile.
 *
 * A profile counts the rows of a sample in slots fixed beforehand.  Numeric:
 * 2k + 1 slots around k ascending anchors (gap 0, equal 1, gap 1, ..., equal k,
 * gap k), slot 2i + 1 being the anchor i (from 0).  Categorical: one slot for
 * each of k categories, then `other`, then `unseen`.  Everything in it is an
 * exact integer, so profiles of disjoint rows add, subtract and compare bit
 * for bit in any order.
 *
 * One flat struct serves as aggregate state, as result of the decoder and as
 * input of every function.  It starts with PostgreSQL's varlena header, which
 * this library only steps over.  The compact form that is stored and sent
 * (profile_codec.c) is a different, packed layout; its first byte after the
 * varlena header differs from MONITOR_PROFILE_WORKING.
 *
 * Functions that take a const profile want nothing pending in it.
 */
#ifndef MONITOR_PROFILE_H
#define MONITOR_PROFILE_H

#include "cells.h"
#include "tests.h"

#define MONITOR_PROFILE_WORKING 0xF0 /* `form` of the struct below */
#define MONITOR_PROFILE_VERSION 1
#define MONITOR_MAX_ANCHORS		1000000
#define MONITOR_MAX_CATEGORIES	100000

/* Most rows, missing ones included: products of two counts fit in 128 bits. */
#define MONITOR_PROFILE_MAX_ROWS (INT64_C(1) << 62)

/*
 * Pending values are searched in batches.  They arrive in a stage next to the
 * head, so that twenty profiles that fill by turns need few lines and pages; a
 * full stage moves to the rest of the queue.  Capacities are multiples of it.
 */
#define MONITOR_PENDING_STAGE 32
#define MONITOR_PENDING_MIN	  64
#define MONITOR_PENDING_MAX	  1024

typedef struct MonitorProfile
{
	int32_t varlena_header;
	uint8_t form; /* MONITOR_PROFILE_WORKING */
	uint8_t categorical;
	uint8_t has_anchors; /* 0: detached, only the id is known */
	uint8_t has_range;	 /* minimum and maximum are known; 0 when n = 0 */
	uint8_t has_sums;	 /* 0: the sums would have overflowed; stays 0 */
	uint8_t has_other;	 /* categorical: unlisted values are `other` */
	uint8_t unused[2];
	uint32_t pending_capacity;
	uint32_t pending;	/* values waiting for a flush */
	uint32_t hash_bits; /* categorical: log2 of the lookup table's length */
	int64_t k;			/* anchors or categories */
	uint64_t id[2];		/* 128-bit hash of kind, anchors or categories, and has_other */
	int64_t n;			/* rows that are in slots */
	int64_t missing;	/* NULL */
	int64_t nan;
	int64_t zeros;
	int64_t positive_infinities;
	int64_t negative_infinities;
	int64_t outliers; /* finite rows too far from the anchors for the sums */
	double minimum;	  /* 0 unless has_range */
	double maximum;
	/*
	 * Sums of q = round((x - center) * 2^-unit), |q| < 2^62, over the finite
	 * rows that are not outliers; 0 unless has_sums.  center (the middle finite
	 * anchor) and unit (anchors lie within 2^44 units of it) follow from the
	 * anchors alone.
	 */
	double center;
	int32_t unit;
	int32_t dictionary_bytes; /* categorical: length of all categories */
	uint64_t sum[2];		  /* a monitor_int128, low word first */
	uint64_t sum_squares[2];
	/*
	 * Followed, 8-byte aligned, by
	 *		double	 pending[pending_capacity]	(numeric, has_anchors)
	 *		int64	 counts[slots]
	 *		double	 anchors[k]					(numeric, has_anchors)
	 *		a grid that begins searches			(numeric, where there is a queue)
	 *		uint32	 ends[k], padded to 8		(categorical, has_anchors)
	 *		char	 dictionary[dictionary_bytes], padded to 8
	 *		uint32	 lookup[2^hash_bits], padded	(categorical, has_anchors)
	 */
} MonitorProfile;

/* ---- layout (profile.c) ---- */

/* Number of slots. */
extern int64_t monitor_profile_slots(const MonitorProfile *profile);
extern int64_t *monitor_profile_counts(MonitorProfile *profile);
extern const int64_t *monitor_profile_counts_const(const MonitorProfile *profile);
extern const double *
monitor_profile_anchors(const MonitorProfile *profile); /* NULL when detached */
/* Category i (not NUL-terminated) and its length; NULL when detached. */
extern const char *monitor_profile_category(const MonitorProfile *profile, int64_t i,
											uint32_t *length);

/* Bytes of a working profile, with its pending_capacity. */
extern size_t monitor_profile_size(const MonitorProfile *profile);

/* Bytes that a working numeric profile needs, and its initialisation. */
extern size_t monitor_profile_size_numeric(int64_t k, uint32_t pending_capacity);
/*
 * anchors: strictly ascending, no NaN (MONITOR_MISMATCH if not); -0 counts as
 * 0.  MONITOR_OVERFLOW: k is over its limit; 0 is allowed.
 */
extern MonitorStatus monitor_profile_init_numeric(MonitorProfile *profile, const double *anchors,
												  int64_t k, uint32_t pending_capacity);
/*
 * categories: k distinct strings without NUL bytes (MONITOR_MISMATCH if not),
 * dictionary_bytes in total; their order is kept.  MONITOR_OVERFLOW: k or the
 * total is over its limit; 0 is allowed.
 */
extern size_t monitor_profile_size_categorical(int64_t k, size_t dictionary_bytes);
extern MonitorStatus monitor_profile_init_categorical(MonitorProfile *profile,
													  const char *const *categories,
													  const uint32_t *lengths, int64_t k,
													  bool has_other);

/*
 * Give the counts of `profile` (attached or not) to `target`, a profile with
 * anchors and of the same id, whose own counts are lost.  MONITOR_MISMATCH:
 * other id; MONITOR_CORRUPT: the counts contradict the anchors.  In both
 * cases target's counts are unspecified afterwards.
 */
extern MonitorStatus monitor_profile_attach(MonitorProfile *target, const MonitorProfile *profile);

/* ---- counting, has_anchors required (profile_count.c) ---- */

/*
 * Count a batch of values, NaN among them.  The order of values never matters
 * to the result.  NULLs are the caller's to count, in `missing`.
 */
extern void monitor_profile_count(MonitorProfile *profile, const double *values, int64_t n);

/* Whether the stage has room: that can be told only within it, not at its ends. */
static inline bool
monitor_profile_has_room(const MonitorProfile *profile)
{
	return profile->pending % MONITOR_PENDING_STAGE != 0;
}

/* Make room in the stage of a queue, its capacity not 0: move or count what is pending. */
extern void monitor_profile_make_room(MonitorProfile *profile);

/* Queue one value, NaN too, where there is room.  In line: it is all that most rows need. */
static inline void
monitor_profile_stage(MonitorProfile *profile, double value)
{
	((double *) (profile + 1))[profile->pending++ % MONITOR_PENDING_STAGE] = value;
}

static inline void
monitor_profile_queue(MonitorProfile *profile, double value)
{
	if (!monitor_profile_has_room(profile))
		monitor_profile_make_room(profile);
	monitor_profile_stage(profile, value);
}

extern void monitor_profile_flush(MonitorProfile *profile); /* count what is pending */
/* A copy with a larger queue, in `larger`, of monitor_profile_size_numeric(k, capacity) bytes. */
extern void monitor_profile_enlarge(const MonitorProfile *profile, MonitorProfile *larger,
									uint32_t capacity);
extern void monitor_profile_count_category(MonitorProfile *profile, const char *value,
										   uint32_t length);

/* ---- algebra (profile_algebra.c) ---- */

/*
 * a += b: same id or MONITOR_MISMATCH; too many rows: MONITOR_OVERFLOW.  Then a
 * is unchanged.  Either may be detached; a keeps its own anchors, or none.
 */
extern MonitorStatus monitor_profile_add(MonitorProfile *a, const MonitorProfile *b);
/*
 * a -= b, the range becoming unknown unless b holds no rows; b's rows cannot
 * have been part of a's: MONITOR_OVERFLOW and a is unchanged.
 */
extern MonitorStatus monitor_profile_subtract(MonitorProfile *a, const MonitorProfile *b);

/*
 * MONITOR_UNDEFINED: no rows (variance: fewer than two), sums not known,
 * outliers or, except for a mean of one infinite sign, infinities.
 */
extern MonitorStatus monitor_profile_mean(const MonitorProfile *profile, double *mean);
/* Sample variance (divisor n - 1), and its root without overflow in between. */
extern MonitorStatus monitor_profile_variance(const MonitorProfile *profile, double *variance);
extern MonitorStatus monitor_profile_stddev(const MonitorProfile *profile, double *stddev);
/*
 * x_(ceil(f n)), exact at anchors, linearly interpolated within a gap; f = 0
 * and 1 give the minimum and the maximum where they are known.
 * MONITOR_UNDEFINED: no rows, f outside [0, 1], or a place in an outer gap
 * whose end is not known; MONITOR_NO_ANCHORS.
 */
extern MonitorStatus monitor_profile_quantile(const MonitorProfile *profile, double f,
											  double *value);
/* Share of rows <= x, interpolated likewise. */
extern MonitorStatus monitor_profile_cdf(const MonitorProfile *profile, double x, double *value);

/* ---- compact form (profile_codec.c, profile_text.c) ---- */

/* Bytes of the compact form after the varlena header, and the encoder (bytes written). */
extern size_t monitor_profile_encode_size(const MonitorProfile *profile, bool with_anchors);
extern size_t monitor_profile_encode(const MonitorProfile *profile, bool with_anchors,
									 unsigned char *out);

/*
 * The compact form of numbers without their anchors, from that with them; `out` has
 * `length` bytes.  Gives how many are used; 0: it is another form, and has to be decoded.
 */
extern size_t monitor_profile_strip(const unsigned char *bytes, size_t length, unsigned char *out);
/*
 * Decoding validates every byte (MONITOR_CORRUPT); it is the parser for what
 * comes from outside.  Loading is for what the database itself has stored: it
 * stays within the bytes and gives counts that add up, but takes the anchors'
 * id and the other numbers as they are, at a third of the time.  decode_size gives the size of the working
 * form, at most proportional to length and to the largest number of slots.
 * Decoded profiles have no room for pending values.  The encoding of text
 * categories is the caller's to check.
 */
extern MonitorStatus monitor_profile_decode_size(const unsigned char *bytes, size_t length,
												 size_t *size);
extern MonitorStatus monitor_profile_decode(const unsigned char *bytes, size_t length,
											MonitorProfile *profile, size_t size);
extern MonitorStatus monitor_profile_load(const unsigned char *bytes, size_t length,
										  MonitorProfile *profile, size_t size);

/*
 * The counts alone of a profile that the database has stored, which must be of the slots of
 * `like` (MONITOR_MISMATCH): the other numbers are passed over.  counts: [slots], written;
 * n: its rows.
 */
extern MonitorStatus monitor_profile_load_counts(const unsigned char *bytes, size_t length,
												 const MonitorProfile *like, int64_t *counts,
												 int64_t *n);

/*
 * The same for the text form: canonical one-line JSON with a fixed order of
 * keys.  print writes no NUL and gives the bytes written, at most text_bound;
 * parse_size gives an upper bound of the working form's size.
 */
extern size_t monitor_profile_text_bound(const MonitorProfile *profile);
extern size_t monitor_profile_print(const MonitorProfile *profile, char *out);
extern MonitorStatus monitor_profile_parse_size(const char *text, size_t length, size_t *size);
extern MonitorStatus monitor_profile_parse(const char *text, size_t length, MonitorProfile *profile,
										   size_t size);

/*
 * ---- statistics of two profiles of the same id (profile_stats.c,
 * profile_distance.c); another id or categories: MONITOR_MISMATCH ----
 *
 * `statistic` is the lower bound.  p_value and effect_size never claim more
 * than the rows would.
 */

/* scratch: monitor_ks_scratch(...) doubles */
extern MonitorStatus monitor_profile_ks(const MonitorProfile *reference,
										const MonitorProfile *current, double *scratch,
										MonitorTestResult *result);
/* The statistic and its bounds alone: the p-value is what takes time.  Neither side is empty. */
extern MonitorStatus monitor_profile_ks_bounds(const MonitorProfile *reference,
											   const MonitorProfile *current,
											   MonitorTestResult *result);
extern MonitorStatus monitor_profile_mann_whitney(const MonitorProfile *reference,
												  const MonitorProfile *current,
												  MonitorTestResult *result);
extern MonitorStatus monitor_profile_welch(const MonitorProfile *reference,
										   const MonitorProfile *current,
										   MonitorTestResult *result);
/* These two need anchors on one side: MONITOR_NO_ANCHORS. */
extern MonitorStatus monitor_profile_wasserstein(const MonitorProfile *reference,
												 const MonitorProfile *current,
												 MonitorTestResult *result);
extern MonitorStatus monitor_profile_energy(const MonitorProfile *reference,
											const MonitorProfile *current,
											MonitorTestResult *result);

/*
 * The cells of two profiles: numeric: PSI's cells from the reference's counts
 * (MONITOR_UNDEFINED when it has no rows), MONITOR_TOO_COARSE when a cut would
 * fall inside a gap; categorical: a cell a slot.  Cells empty on both sides
 * are dropped, none is merged, totals are set.  The arrays of cells hold
 * monitor_profile_slots() entries.  first_slot
 * and last_slot (either may be NULL) tell for each cell the slots that it is made of.
 */
extern MonitorStatus monitor_profile_cells(const MonitorProfile *reference,
										   const MonitorProfile *current, int bins,
										   MonitorCells *cells, int64_t *first_slot,
										   int64_t *last_slot);

/* ln E of verdicts.md section 5. scratch: 2 * slots int64 */
extern MonitorStatus monitor_profile_evidence(const MonitorProfile *reference,
											  const MonitorProfile *current, double reference_level,
											  double phi, int64_t *scratch, double *log_e);

/* ---- choosing anchors (profile_edges.c) ---- */

/* From a sorted sample; edges holds max(bins, MONITOR_VALUE_CELLS) doubles; gives their number. */
extern int64_t monitor_profile_edges(const MonitorSample *sample, int64_t bins, double *edges);

/* ---- drawing (profile_draw.c) ---- */

#define MONITOR_SPARKLINE_MAX 256

/*
 * UTF-8 blocks, NUL-terminated, at most 3 * width + 1 bytes; 1 <= width <=
 * MONITOR_SPARKLINE_MAX or MONITOR_UNDEFINED.  Numeric: `width` equal-width
 * bins between the 1 % and the 99 % anchor, so that profiles of the same
 * anchors compare; rows beyond fall into the first and the last.  Categorical:
 * a block a category, the last one for `other`, `unseen` and what does not fit.
 */
extern MonitorStatus monitor_profile_sparkline(const MonitorProfile *profile, int width, char *out);

#endif /* MONITOR_PROFILE_H */
