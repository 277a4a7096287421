/*
 * compound.c
 *		Layout and algebra of compounds, and what holds in every one of them.
 */
#include "compound.h"

#include "profile_internal.h"

_Static_assert(sizeof(MonitorCompound) % 8 == 0, "what follows is 8-byte aligned");

/* ---- kinds ---- */

int
monitor_compound_parts(MonitorCompoundKind kind)
{
	return kind == MONITOR_CONFUSION ? 1 : MONITOR_COMPOUND_PARTS;
}

const char *
monitor_compound_name(MonitorCompoundKind kind)
{
	return kind == MONITOR_SCORES	? "score_profile"
		: kind == MONITOR_CONFUSION ? "confusion_profile"
									: "error_profile";
}

const char *
monitor_compound_part_name(MonitorCompoundKind kind, int i)
{
	static const char *const scores[] = {"negative", "positive", "unlabelled"};
	static const char *const errors[] = {"labelled", "unlabelled", "truth"};

	return kind == MONITOR_SCORES ? scores[i] : kind == MONITOR_ERRORS ? errors[i] : "unlabelled";
}

/* Number of totals with k anchors or classes; -1: too many classes. */
int64_t
monitor_compound_count_totals(MonitorCompoundKind kind, int64_t k)
{
	if (kind == MONITOR_SCORES)
		return MONITOR_SCORE_TOTALS;
	if (kind == MONITOR_ERRORS)
		return MONITOR_ERROR_SUMS + 3 * (2 * k + 1);
	return k > MONITOR_MAX_CLASSES ? -1 : (k + 1) * (k + 1);
}

/* ---- layout ---- */

/* Fill the head of a compound; its size. */
size_t
monitor_compound_layout(MonitorCompound *head, MonitorCompoundKind kind, int64_t num_totals,
						const size_t *part_sizes)
{
	memset(head, 0, sizeof(*head));
	head->form = MONITOR_COMPOUND_WORKING;
	head->kind = (uint8_t) kind;
	head->has_totals = 1;
	head->num_totals = num_totals;
	head->size = sizeof(MonitorCompound) + 16 * (uint64_t) num_totals;
	for (int i = 0; i < monitor_compound_parts(kind); i++)
	{
		head->part[i] = head->size;
		head->size += part_sizes[i];
	}
	return head->size;
}

static uint64_t *
total_words(MonitorCompound *compound, int64_t i)
{
	return (uint64_t *) (compound + 1) + 2 * i;
}

monitor_int128
monitor_compound_total(const MonitorCompound *compound, int64_t i)
{
	return monitor_int128_load((const uint64_t *) (compound + 1) + 2 * i);
}

static void
give_up_totals(MonitorCompound *compound)
{
	compound->has_totals = 0;
	memset(compound + 1, 0, 16 * (size_t) compound->num_totals);
}

/*
 * Totals only grow while rows are counted, so whether one overflows in the end
 * does not depend on the order.
 */
void
monitor_compound_add_total(MonitorCompound *compound, int64_t i, monitor_int128 value)
{
	monitor_int128 total = monitor_compound_total(compound, i);

	if (!compound->has_totals)
		return;
	if (value > MONITOR_INT128_MAX - total)
		give_up_totals(compound);
	else
		monitor_int128_store(total_words(compound, i), total + value);
}

size_t
monitor_compound_size_numeric(MonitorCompoundKind kind, int64_t k)
{
	size_t part = monitor_profile_size_numeric(k, MONITOR_COMPOUND_PENDING);
	size_t sizes[MONITOR_COMPOUND_PARTS] = {part, part, part};
	MonitorCompound head;

	return monitor_compound_layout(&head, kind, monitor_compound_count_totals(kind, k), sizes);
}

MonitorStatus
monitor_compound_init_numeric(MonitorCompound *compound, MonitorCompoundKind kind,
							  const double *anchors, int64_t k)
{
	size_t size = monitor_profile_size_numeric(k, MONITOR_COMPOUND_PENDING);
	size_t sizes[MONITOR_COMPOUND_PARTS] = {size, size, size};
	MonitorCompound head;
	MonitorStatus status;

	if (k < 0 || k > MONITOR_MAX_ANCHORS)
		return MONITOR_OVERFLOW;
	monitor_compound_layout(&head, kind, monitor_compound_count_totals(kind, k), sizes);
	memset(compound, 0, head.part[0]);
	*compound = head;
	status = monitor_profile_init_numeric(monitor_compound_part(compound, 0), anchors, k,
										  MONITOR_COMPOUND_PENDING);
	for (int i = 1; i < MONITOR_COMPOUND_PARTS && status == MONITOR_OK; i++)
		memcpy(monitor_compound_part(compound, i), monitor_compound_part(compound, 0), size);
	return status;
}

size_t
monitor_compound_size_confusion(int64_t k, size_t dictionary_bytes)
{
	size_t size = monitor_profile_size_categorical(k, dictionary_bytes);
	MonitorCompound head;

	return monitor_compound_layout(&head, MONITOR_CONFUSION, (k + 1) * (k + 1), &size);
}

MonitorStatus
monitor_compound_init_confusion(MonitorCompound *compound, const char *const *classes,
								const uint32_t *lengths, int64_t k)
{
	size_t size = 0;
	MonitorCompound head;
	MonitorStatus status;

	if (k < 0 || k > MONITOR_MAX_CLASSES)
		return MONITOR_OVERFLOW;
	monitor_compound_layout(&head, MONITOR_CONFUSION, (k + 1) * (k + 1), &size);
	memset(compound, 0, head.part[0]);
	*compound = head;
	status = monitor_profile_init_categorical(monitor_compound_part(compound, 0), classes, lengths,
											  k, false);
	if (status == MONITOR_OK)
		compound->size += monitor_profile_size(monitor_compound_part(compound, 0));
	return status;
}

static monitor_int128
rows_of_part(const MonitorCompound *compound, int i)
{
	const MonitorProfile *part = monitor_compound_part_const(compound, i);

	return (monitor_int128) part->n + part->missing + part->nan;
}

/* The truths of labelled rows are no rows beside those of the predictions. */
static monitor_int128
all_rows(const MonitorCompound *compound)
{
	monitor_int128 rows = rows_of_part(compound, 0);

	if (compound->kind == MONITOR_CONFUSION)
	{
		for (int64_t i = 0; i < compound->num_totals; i++)
			rows += monitor_compound_total(compound, i);
		return rows;
	}
	rows += rows_of_part(compound, 1);
	return compound->kind == MONITOR_SCORES ? rows + rows_of_part(compound, 2) : rows;
}

int64_t
monitor_compound_rows(const MonitorCompound *compound)
{
	return (int64_t) all_rows(compound);
}

/* ---- algebra ---- */

static bool
same_slots(const MonitorCompound *a, const MonitorCompound *b)
{
	return a->kind == b->kind &&
		monitor_profile_same_slots(monitor_compound_part_const(a, 0),
								   monitor_compound_part_const(b, 0));
}

MonitorStatus
monitor_compound_add(MonitorCompound *a, const MonitorCompound *b)
{
	if (!same_slots(a, b))
		return MONITOR_MISMATCH;
	if (all_rows(a) + all_rows(b) > MONITOR_PROFILE_MAX_ROWS)
		return MONITOR_OVERFLOW;
	for (int i = 0; i < monitor_compound_parts(a->kind); i++)
	{
		MonitorStatus status =
			monitor_profile_add(monitor_compound_part(a, i), monitor_compound_part_const(b, i));

		if (status != MONITOR_OK)
			return MONITOR_OVERFLOW;
	}
	if (!b->has_totals)
		give_up_totals(a);
	for (int64_t i = 0; i < a->num_totals; i++)
		monitor_compound_add_total(a, i, monitor_compound_total(b, i));
	return MONITOR_OK;
}

MonitorStatus
monitor_compound_subtract(MonitorCompound *a, const MonitorCompound *b)
{
	if (!same_slots(a, b))
		return MONITOR_MISMATCH;
	for (int i = 0; i < monitor_compound_parts(a->kind); i++)
	{
		MonitorStatus status = monitor_profile_subtract(monitor_compound_part(a, i),
														monitor_compound_part_const(b, i));

		if (status != MONITOR_OK)
			return MONITOR_OVERFLOW;
	}
	if (!b->has_totals)
		give_up_totals(a);
	if (a->has_totals)
	{
		for (int64_t i = 0; i < a->num_totals; i++)
			monitor_int128_store(total_words(a, i),
								 monitor_compound_total(a, i) - monitor_compound_total(b, i));
	}
	return monitor_compound_consistent(a) ? MONITOR_OK : MONITOR_OVERFLOW;
}

void
monitor_compound_flush(MonitorCompound *compound)
{
	if (compound->kind == MONITOR_CONFUSION)
		return;
	for (int i = 0; i < MONITOR_COMPOUND_PARTS; i++)
		monitor_profile_flush(monitor_compound_part(compound, i));
}

/*
 * Only the first part embeds anchors; the others stay as they are.
 */
size_t
monitor_compound_attached_size(const MonitorCompound *compound, const MonitorCompound *anchors)
{
	return compound->size + monitor_profile_size(monitor_compound_part_const(anchors, 0));
}

MonitorStatus
monitor_compound_attach(MonitorCompound *target, const MonitorCompound *compound,
						const MonitorCompound *anchors)
{
	const MonitorProfile *from = monitor_compound_part_const(anchors, 0);
	size_t sizes[MONITOR_COMPOUND_PARTS] = {monitor_profile_size(from), 0, 0};
	int32_t varlena_header = target->varlena_header;
	MonitorStatus status;

	if (!same_slots(compound, anchors) || !from->has_anchors)
		return MONITOR_MISMATCH;
	for (int i = 1; i < monitor_compound_parts(compound->kind); i++)
		sizes[i] = monitor_profile_size(monitor_compound_part_const(compound, i));
	monitor_compound_layout(target, compound->kind, compound->num_totals, sizes);
	target->varlena_header = varlena_header;
	target->has_totals = compound->has_totals;
	memcpy(target + 1, compound + 1, 16 * (size_t) compound->num_totals);
	memcpy(monitor_compound_part(target, 0), from, sizes[0]);
	status = monitor_profile_attach(monitor_compound_part(target, 0),
									monitor_compound_part_const(compound, 0));
	if (status != MONITOR_OK)
		return status;
	for (int i = 1; i < monitor_compound_parts(compound->kind); i++)
		memcpy(monitor_compound_part(target, i), monitor_compound_part_const(compound, i),
			   sizes[i]);
	return monitor_compound_consistent(target) ? MONITOR_OK : MONITOR_CORRUPT;
}

/* ---- what always holds ---- */

/* a <= b * c, for b and c that are not negative */
static bool
at_most_product(monitor_int128 a, monitor_int128 b, monitor_int128 c)
{
	return !monitor_wide_less(monitor_wide_multiply((monitor_uint128) b, (monitor_uint128) c),
							  monitor_wide_multiply((monitor_uint128) a, 1));
}

/* The rows of a class that are, and that can be, outside [0, 1]. */
static void
bound_outside(const MonitorProfile *part, const double *anchors, int64_t *least, int64_t *most)
{
	const int64_t *counts = monitor_profile_counts_const(part);

	*least = 0;
	*most = 0;
	for (int64_t slot = 0; slot < 2 * part->k + 1; slot++)
	{
		double low = slot == 0 ? -INFINITY : anchors[(slot - 1) / 2];
		double high = slot == 2 * part->k ? INFINITY : anchors[slot / 2];
		bool gap = slot % 2 == 0;

		if (gap ? high <= 0 || low >= 1 : high < 0 || high > 1)
			*least += counts[slot];
		if (gap ? low < 0 || high > 1 : high < 0 || high > 1)
			*most += counts[slot];
	}
}

static bool
check_scores(const MonitorCompound *compound)
{
	const double *anchors = monitor_profile_anchors(monitor_compound_part_const(compound, 0));

	if (!compound->has_totals)
		return false;
	for (int c = MONITOR_NEGATIVE; c <= MONITOR_POSITIVE; c++)
	{
		const MonitorProfile *part = monitor_compound_part_const(compound, c);
		monitor_int128 outside = monitor_compound_total(compound, MONITOR_SCORE_OUTSIDE + c);
		int64_t least = part->positive_infinities + part->negative_infinities;
		int64_t most = part->n;

		if (outside < least || outside > most)
			return false;
		if (anchors != NULL)
			bound_outside(part, anchors, &least, &most);
		if (outside < least || outside > most)
			return false;
		if (!at_most_product(monitor_compound_total(compound, MONITOR_SCORE_SQUARES + c),
							 part->n - outside, (monitor_int128) 1 << 62) ||
			!at_most_product(monitor_compound_total(compound, MONITOR_SCORE_LOSSES + c),
							 part->n - outside, (monitor_int128) 37 << 56))
			return false;
	}
	return true;
}

static bool
check_confusion(const MonitorCompound *compound)
{
	for (int64_t i = 0; i < compound->num_totals; i++)
	{
		MONITOR_POLL(i);
		if (monitor_compound_total(compound, i) > MONITOR_PROFILE_MAX_ROWS)
			return false;
	}
	return compound->has_totals != 0;
}

/* With n rows of |q| < 2^52: Cauchy-Schwarz, parity, and nothing without rows. */
static bool
check_error_sums(monitor_int128 n, monitor_int128 absolute, monitor_int128 squares,
				 monitor_int128 fourth)
{
	monitor_int128 largest = ((monitor_int128) 1 << MONITOR_ERROR_SHIFT) - 1;

	if (!at_most_product(absolute, n, largest) || !at_most_product(squares, absolute, largest) ||
		fourth > squares || ((absolute ^ squares) & 1) != 0)
		return false;
	return !monitor_wide_less(monitor_wide_multiply((monitor_uint128) n, (monitor_uint128) squares),
							  monitor_wide_multiply((monitor_uint128) absolute,
													(monitor_uint128) absolute));
}

static bool
check_errors(const MonitorCompound *compound)
{
	const MonitorProfile *labelled = monitor_compound_part_const(compound, MONITOR_PREDICTIONS);
	const MonitorProfile *truths = monitor_compound_part_const(compound, MONITOR_TRUTHS);
	const int64_t *counts = monitor_profile_counts_const(labelled);

	if (labelled->n != truths->n || labelled->missing + labelled->nan != 0 ||
		truths->missing + truths->nan != 0 ||
		monitor_compound_total(compound, MONITOR_ERROR_OUTLIERS) > labelled->n)
		return false;
	for (int64_t slot = 0; slot < monitor_profile_slots(labelled); slot++)
	{
		int64_t at = MONITOR_ERROR_SUMS + 3 * slot;

		MONITOR_POLL(slot);
		if (!check_error_sums(counts[slot],
							  monitor_compound_total(compound, at + MONITOR_ERROR_ABSOLUTE),
							  monitor_compound_total(compound, at + MONITOR_ERROR_SQUARES),
							  monitor_compound_total(compound, at + MONITOR_ERROR_FOURTH)))
			return false;
	}
	return true;
}

bool
monitor_compound_consistent(const MonitorCompound *compound)
{
	const MonitorProfile *first = monitor_compound_part_const(compound, 0);

	if (first->categorical != (compound->kind == MONITOR_CONFUSION) || first->has_other)
		return false;
	for (int i = 0; i < monitor_compound_parts(compound->kind); i++)
	{
		const MonitorProfile *part = monitor_compound_part_const(compound, i);

		if (!monitor_profile_same_slots(first, part) || !monitor_profile_consistent(part))
			return false;
	}
	for (int64_t i = 0; i < compound->num_totals; i++)
	{
		monitor_int128 total = monitor_compound_total(compound, i);

		if (total < 0 || (total > 0 && !compound->has_totals))
			return false;
	}
	if (all_rows(compound) > MONITOR_PROFILE_MAX_ROWS)
		return false;
	if (compound->kind == MONITOR_SCORES)
		return check_scores(compound);
	return compound->kind == MONITOR_CONFUSION ? check_confusion(compound) : check_errors(compound);
}
