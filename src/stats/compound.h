/*
 * compound.h
 *		Profiles of several classes of rows over the same slots, with exact
 *		totals beside them: what monitor.score_profile, confusion_profile and
 *		error_profile are made of.
 *
 * A compound is some MonitorProfiles with one id (its parts) and a number of
 * 128-bit totals that are never negative.  Both add and subtract exactly, so
 * the compound does.  What the parts and the totals mean is the kind's:
 *
 * MONITOR_SCORES: parts: scores of negative, positive and unlabelled rows;
 * totals: see MONITOR_SCORE_... below.
 * MONITOR_CONFUSION: part: predictions of unlabelled rows; totals: the labelled
 * rows by prediction (row of the matrix) and truth (column), classes in order
 * and then one for all others.
 * MONITOR_ERRORS: parts: predictions of labelled rows, predictions of unlabelled
 * rows, truths of labelled rows; totals: see MONITOR_ERROR_... below.
 *
 * One flat struct is aggregate state, result of the decoder and input of every
 * function, as MonitorProfile is; it starts with PostgreSQL's varlena header.
 * Functions that take a const compound want nothing pending in it.
 */
#ifndef MONITOR_COMPOUND_H
#define MONITOR_COMPOUND_H

#include "profile.h"

#define MONITOR_COMPOUND_WORKING 0xF1 /* `form` of the struct below */
#define MONITOR_COMPOUND_VERSION 1
#define MONITOR_COMPOUND_PENDING 256 /* pending_capacity of the parts that count */
#define MONITOR_MAX_CLASSES		 500

typedef enum MonitorCompoundKind
{
	MONITOR_SCORES = 1,
	MONITOR_CONFUSION = 2,
	MONITOR_ERRORS = 3
} MonitorCompoundKind;

#define MONITOR_COMPOUND_PARTS 3

typedef struct MonitorCompound
{
	int32_t varlena_header;
	uint8_t form; /* MONITOR_COMPOUND_WORKING */
	uint8_t kind;
	uint8_t has_totals; /* 0: a total would have overflowed; they stay 0 */
	uint8_t unused;
	int64_t num_totals;
	uint64_t size;						   /* bytes of all */
	uint64_t part[MONITOR_COMPOUND_PARTS]; /* where each part starts, 0: there is none */
	/* Followed by num_totals monitor_int128, low word first, and the parts. */
} MonitorCompound;

/* ---- layout (compound.c) ---- */

extern int monitor_compound_parts(MonitorCompoundKind kind);
extern const char *monitor_compound_name(MonitorCompoundKind kind);
extern const char *monitor_compound_part_name(MonitorCompoundKind kind, int i);

static inline MonitorProfile *
monitor_compound_part(MonitorCompound *compound, int i)
{
	return (MonitorProfile *) ((char *) compound + compound->part[i]);
}

static inline const MonitorProfile *
monitor_compound_part_const(const MonitorCompound *compound, int i)
{
	return (const MonitorProfile *) ((const char *) compound + compound->part[i]);
}

extern monitor_int128 monitor_compound_total(const MonitorCompound *compound, int64_t i);

/* Add to a total; all of them are given up when it leaves its range. */
extern void monitor_compound_add_total(MonitorCompound *compound, int64_t i, monitor_int128 value);

/*
 * Bytes of a working compound, and its initialisation: scores or errors around
 * anchors, or a confusion of classes; statuses as of monitor_profile_init_...
 */
extern size_t monitor_compound_size_numeric(MonitorCompoundKind kind, int64_t k);
extern MonitorStatus monitor_compound_init_numeric(MonitorCompound *compound,
												   MonitorCompoundKind kind, const double *anchors,
												   int64_t k);
extern size_t monitor_compound_size_confusion(int64_t k, size_t dictionary_bytes);
extern MonitorStatus monitor_compound_init_confusion(MonitorCompound *compound,
													 const char *const *classes,
													 const uint32_t *lengths, int64_t k);

/* All rows: counted, unlabelled and missing ones. */
extern int64_t monitor_compound_rows(const MonitorCompound *compound);

/* Count what is pending. */
extern void monitor_compound_flush(MonitorCompound *compound);

/* ---- algebra (compound.c) ---- */

/*
 * a += b, a -= b: MONITOR_MISMATCH: another kind or other slots, a is
 * unchanged; MONITOR_OVERFLOW: too many rows, or rows of b that cannot have been
 * part of a; a is unspecified then.
 */
extern MonitorStatus monitor_compound_add(MonitorCompound *a, const MonitorCompound *b);
extern MonitorStatus monitor_compound_subtract(MonitorCompound *a, const MonitorCompound *b);

/* Whether the anchors or classes are embedded. */
static inline bool
monitor_compound_has_anchors(const MonitorCompound *compound)
{
	return monitor_compound_part_const(compound, 0)->has_anchors != 0;
}

/*
 * The counts of `compound` with the anchors of `anchors`, which embeds them and
 * has the same id (MONITOR_MISMATCH if not); MONITOR_CORRUPT: they contradict each
 * other.  target: monitor_compound_attached_size() bytes.
 */
extern size_t monitor_compound_attached_size(const MonitorCompound *compound,
											 const MonitorCompound *anchors);
extern MonitorStatus monitor_compound_attach(MonitorCompound *target,
											 const MonitorCompound *compound,
											 const MonitorCompound *anchors);

/* No reachable state violates what this checks; for the decoder and the parser. */
extern bool monitor_compound_consistent(const MonitorCompound *compound);

/* ---- forms (compound_codec.c): as those of monitor_profile_... ---- */

extern size_t monitor_compound_encode_size(const MonitorCompound *compound, bool with_anchors);
extern size_t monitor_compound_encode(const MonitorCompound *compound, bool with_anchors,
									  unsigned char *out);
extern MonitorStatus monitor_compound_decode_size(const unsigned char *bytes, size_t length,
												  MonitorCompoundKind kind, size_t *size);
extern MonitorStatus monitor_compound_decode(const unsigned char *bytes, size_t length,
											 MonitorCompoundKind kind, MonitorCompound *compound,
											 size_t size);
extern size_t monitor_compound_text_bound(const MonitorCompound *compound);
extern size_t monitor_compound_print(const MonitorCompound *compound, char *out);
extern MonitorStatus monitor_compound_parse_size(const char *text, size_t length,
												 MonitorCompoundKind kind, size_t *size);
extern MonitorStatus monitor_compound_parse(const char *text, size_t length,
											MonitorCompoundKind kind, MonitorCompound *compound,
											size_t size);

/* Lay out a compound of given parts' sizes (compound.c; for the decoder and the parser). */
extern int64_t monitor_compound_count_totals(MonitorCompoundKind kind, int64_t k);
extern size_t monitor_compound_layout(MonitorCompound *head, MonitorCompoundKind kind,
									  int64_t num_totals, const size_t *part_sizes);

/* ---- scores: parts and totals ---- */

typedef enum MonitorScoreClass
{
	MONITOR_NEGATIVE = 0,
	MONITOR_POSITIVE = 1,
	MONITOR_UNLABELLED = 2
} MonitorScoreClass;

#define MONITOR_SCORE_OUTSIDE 0 /* + class: rows whose score is no probability */
#define MONITOR_SCORE_SQUARES 2 /* + class: sum of (score - label)^2 2^62 of the others */
#define MONITOR_SCORE_LOSSES  4 /* + class: sum of their log losses, in 2^-56 */
#define MONITOR_SCORE_TOTALS  6
#define MONITOR_SQUARES_SCALE 0x1p62
#define MONITOR_LOSSES_SCALE  0x1p56

/* ---- errors: parts and totals ---- */

typedef enum MonitorErrorPart
{
	MONITOR_PREDICTIONS = 0,
	MONITOR_UNLABELLED_PREDICTIONS = 1,
	MONITOR_TRUTHS = 2
} MonitorErrorPart;

/*
 * With q = round((prediction - truth) 2^-unit), |q| < 2^52, unit as of the
 * profiles: the sums of |q|, q^2 and (floor(q^2 2^-52))^2 of each slot.  Rows with
 * larger errors are counted in the first total.
 */
#define MONITOR_ERROR_OUTLIERS 0
#define MONITOR_ERROR_SUMS	   1 /* + 3 * slot + one of the following */
#define MONITOR_ERROR_ABSOLUTE 0
#define MONITOR_ERROR_SQUARES  1
#define MONITOR_ERROR_FOURTH   2
#define MONITOR_ERROR_MAX_Q	   0x1p52
#define MONITOR_ERROR_SHIFT	   52

#endif /* MONITOR_COMPOUND_H */
