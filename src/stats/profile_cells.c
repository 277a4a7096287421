/*
 * profile_cells.c
 *		PSI's cells and the evidence of two profiles.
 *
 * The rules are those over rows (cells.h, verdicts of drift): slots take the
 * place of values, and every cut is one between two slots.
 */
#include "evidence.h"
#include "profile_internal.h"

/* Streams of evidence: the reference's ventiles. */
#define VENTILES 20

/*
 * Whether the reference's rows are all at no more than MONITOR_VALUE_CELLS
 * anchors, so that each of its values is known.
 */
static bool
values_known(const MonitorProfile *reference)
{
	const int64_t *counts = monitor_profile_counts_const(reference);
	int64_t slots = monitor_profile_slots(reference);
	int64_t distinct = 0;

	for (int64_t slot = 0; slot < slots; slot++)
	{
		MONITOR_POLL(slot);
		if (counts[slot] == 0)
			continue;
		if (slot % 2 == 0 || ++distinct > MONITOR_VALUE_CELLS)
			return false;
	}
	return true;
}

/*
 * How many of the ranks ceil(i n / parts), i = 1 .. parts - 1, are at most
 * rank: i n <= rank parts.
 */
static int64_t
cuts_through(int64_t rank, int64_t n, int64_t parts)
{
	int64_t product;
	monitor_int128 cuts;

	/* 128 bits take ten times as long */
	if (!__builtin_mul_overflow(rank, parts, &product))
		cuts = product / n;
	else
		cuts = (monitor_int128) rank * parts / n;
	return cuts < parts - 1 ? (int64_t) cuts : parts - 1;
}

/* The cells while they are made. */
typedef struct CellMaker
{
	MonitorCells *cells;
	int64_t *first_slot;
	int64_t *last_slot;
	int64_t start;	   /* the slot after the last cut */
	int64_t reference; /* rows since the last cut */
	int64_t current;
} CellMaker;

/* Cut after `slot`; a cell that is empty on both sides is dropped. */
static void
cut(CellMaker *maker, int64_t slot)
{
	MonitorCells *cells = maker->cells;

	int64_t start = maker->start;

	maker->start = slot + 1;
	if (maker->reference == 0 && maker->current == 0)
		return;
	cells->reference[cells->n] = maker->reference;
	cells->current[cells->n] = maker->current;
	if (maker->first_slot != NULL)
		maker->first_slot[cells->n] = start;
	if (maker->last_slot != NULL)
		maker->last_slot[cells->n] = slot;
	cells->n++;
	cells->total_reference += maker->reference;
	cells->total_current += maker->current;
	maker->reference = 0;
	maker->current = 0;
}

/*
 * Numeric cells.  A heavy value inside a gap is not missed: it covers the rank
 * of at least one cut, which makes the gap too coarse.
 */
static MonitorStatus
make_numeric_cells(CellMaker *maker, const MonitorProfile *reference, const MonitorProfile *current,
				   int bins)
{
	const int64_t *a = monitor_profile_counts_const(reference);
	const int64_t *b = monitor_profile_counts_const(current);
	int64_t slots = monitor_profile_slots(reference);
	int64_t n = reference->n;
	bool by_value = values_known(reference);
	int64_t through = 0;
	int64_t cuts = 0;
	monitor_int128 next = n; /* times bins, the rank of the next cut */

	for (int64_t slot = 0; slot < slots; slot++)
	{
		int64_t cuts_before = cuts;
		bool apart = by_value ? a[slot] > 0 : slot % 2 == 1 && (monitor_int128) a[slot] * bins > n;
		bool cut_after;

		through += a[slot];
		if (!by_value && (monitor_int128) through * bins >= next)
		{
			cuts = cuts_through(through, n, bins);
			next = (monitor_int128) (cuts + 1) * n;
		}
		cut_after = apart || cuts > cuts_before;

		MONITOR_POLL(slot);
		if (cut_after && slot % 2 == 0)
			return MONITOR_TOO_COARSE;
		if (apart)
			cut(maker, slot - 1);
		maker->reference += a[slot];
		maker->current += b[slot];
		if (cut_after || slot == slots - 1)
			cut(maker, slot);
	}
	return MONITOR_OK;
}

static void
make_categorical_cells(CellMaker *maker, const MonitorProfile *reference,
					   const MonitorProfile *current)
{
	int64_t slots = monitor_profile_slots(reference);

	for (int64_t slot = 0; slot < slots; slot++)
	{
		MONITOR_POLL(slot);
		maker->reference = monitor_profile_counts_const(reference)[slot];
		maker->current = monitor_profile_counts_const(current)[slot];
		cut(maker, slot);
	}
}

MonitorStatus
monitor_profile_cells(const MonitorProfile *reference, const MonitorProfile *current, int bins,
					  MonitorCells *cells, int64_t *first_slot, int64_t *last_slot)
{
	CellMaker maker = {.cells = cells, .first_slot = first_slot, .last_slot = last_slot};

	if (!monitor_profile_same_slots(reference, current))
		return MONITOR_MISMATCH;
	cells->n = 0;
	cells->total_reference = 0;
	cells->total_current = 0;
	if (reference->categorical)
	{
		make_categorical_cells(&maker, reference, current);
		return MONITOR_OK;
	}
	return reference->n == 0 ? MONITOR_UNDEFINED
							 : make_numeric_cells(&maker, reference, current, bins);
}

/* ---- evidence ---- */

/*
 * Numeric streams: rows at or below each known value, or else at or below the
 * smallest anchors with at least ceil(i n / 20) reference rows, i = 1 .. 19.
 */
static int64_t
numeric_streams(const MonitorProfile *reference, const MonitorProfile *current, int64_t *a,
				int64_t *b)
{
	const int64_t *counts = monitor_profile_counts_const(reference);
	int64_t slots = monitor_profile_slots(reference);
	int64_t n = reference->n;
	bool by_value = values_known(reference);
	int64_t streams = 0;
	int64_t done = 0; /* ventiles that have their stream */
	int64_t through_reference = 0;
	int64_t through_current = 0;

	for (int64_t slot = 0; slot < slots; slot++)
	{
		int64_t ventiles;

		MONITOR_POLL(slot);
		through_reference += counts[slot];
		through_current += monitor_profile_counts_const(current)[slot];
		if (slot % 2 == 0)
			continue;
		ventiles = cuts_through(through_reference, n, VENTILES);
		if (by_value ? counts[slot] == 0 : ventiles == done)
			continue;
		a[streams] = through_reference;
		b[streams] = through_current;
		streams++;
		done = ventiles;
	}
	return streams;
}

/*
 * Categorical streams: each listed category that the reference has, `other`
 * likewise, and one `unseen` for all that it has not.
 */
static void
categorical_streams(const MonitorProfile *reference, const MonitorProfile *current, int64_t *a,
					int64_t *b, MonitorEvidenceStreams *streams)
{
	const int64_t *counts = monitor_profile_counts_const(reference);
	int64_t unseen = reference->k + 1;
	int64_t unseen_current = 0;

	for (int64_t slot = 0; slot <= unseen; slot++)
	{
		int64_t rows = monitor_profile_counts_const(current)[slot];

		MONITOR_POLL(slot);
		if (counts[slot] == 0 || slot == unseen)
		{
			unseen_current += rows;
			continue;
		}
		a[streams->k] = counts[slot];
		b[streams->k] = rows;
		streams->k++;
		streams->singles += counts[slot] == 1;
	}
	/* a reference other than the one behind the list may have unlisted rows: each may be single */
	streams->singles += counts[unseen];
	streams->unseen = streams->k;
	a[streams->k] = counts[unseen];
	b[streams->k] = unseen_current;
	streams->k++;
}

MonitorStatus
monitor_profile_evidence(const MonitorProfile *reference, const MonitorProfile *current,
						 double reference_level, double phi, int64_t *scratch, double *log_e)
{
	int64_t *a = scratch;
	int64_t *b = scratch + monitor_profile_slots(reference);
	MonitorEvidenceStreams streams = {a,  b, 0, reference->n, current->n, !reference->categorical,
									  -1, 0};

	if (!monitor_profile_same_slots(reference, current))
		return MONITOR_MISMATCH;
	if (reference->n == 0 || current->n == 0)
	{
		*log_e = 0; /* no rows are no evidence */
		return MONITOR_OK;
	}
	if (reference->categorical)
		categorical_streams(reference, current, a, b, &streams);
	else
		streams.k = numeric_streams(reference, current, a, b);
	*log_e = monitor_log_evidence(&streams, reference_level, phi);
	return MONITOR_OK;
}
