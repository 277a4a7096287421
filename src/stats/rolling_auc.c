/*
 * rolling_auc.c
 *		The pairs of a positive and a negative row that a window holds, counted
 *		while rows enter and leave, in O(log n) a row.
 *
 * A row changes U2 by twice the rows of the other class that it beats, or is
 * beaten by, and once those it ties with (the idea of Tatti 2021, "Maintaining
 * AUC and H-measure over time", doi 10.1007/s10994-021-06084-6, with arrays in
 * place of his trees).
 */
#include "rolling_auc.h"

#include <string.h>

#include "rolling_tree.h"
#include "tests.h"

#define MAX_ROWS INT64_C(4000000000) /* 2 n1 n0 fits into int64_t, a count into uint32_t */

/* Two lanes, which every 64-bit machine has; a comparison gives all ones or zeros. */
typedef double TwoDoubles __attribute__((vector_size(16)));
typedef int64_t TwoWords __attribute__((vector_size(16)));

void
monitor_rolling_auc_init(MonitorRollingAuc *auc, MonitorAllocator allocator)
{
	memset(auc, 0, sizeof(*auc));
	auc->allocator = allocator;
}

void
monitor_rolling_auc_free(MonitorRollingAuc *auc)
{
	monitor_rolling_release(auc, auc->tree);
	monitor_rolling_auc_init(auc, auc->allocator);
}

/* ---- finding a score ---- */

static inline uint32_t
find_slot(MonitorRollingTree *tree, double score)
{
	const double *bound = tree->bound;
	double cell = (score - tree->grid_low) * tree->grid_scale;
	const TwoDoubles two = {score, score};
	TwoWords ahead = {0, 0};
	uint32_t slot;

	/* in this order, NaN (an infinity times 0) becomes 0 */
	cell = cell > 0 ? cell : 0;
	cell = cell < tree->slots - 1 ? cell : tree->slots - 1;
	slot = tree->grid[(uint32_t) cell];
	__builtin_prefetch(&tree->at[slot]);
	if (!(bound[slot] <= score) || bound[slot + ROLLING_AHEAD] <= score)
		return monitor_rolling_gallop(tree, slot, score);
	for (int i = 0; i < ROLLING_AHEAD; i += 2)
	{
		TwoDoubles bounds;

		memcpy(&bounds, &bound[slot + i], sizeof(bounds));
		ahead -= bounds <= two;
	}
	return slot + (uint32_t) (ahead[0] + ahead[1]) - 1;
}

static inline int
bits_set(uint32_t bits)
{
	bits -= bits >> 1 & 0x55555555;
	bits = (bits & 0x33333333) + (bits >> 2 & 0x33333333);
	bits = (bits + (bits >> 4)) & 0x0F0F0F0F;
	return (int) (bits * UINT32_C(0x01010101) >> 24);
}

/* The rows of a tally whose score is lower. */
static uint64_t
tally_below(const Block *block, const Tally *tally, double score)
{
	const TwoDoubles two = {score, score};
	TwoWords sum = {0, 0};

	for (int i = 0; i < ROLLING_BLOCK; i += 2)
	{
		TwoDoubles scores;
		TwoWords rows;

		memcpy(&scores, &block->score[i], sizeof(scores));
		memcpy(&rows, &tally->rows[i], sizeof(rows));
		sum += (scores < two) & rows;
	}
	return (uint64_t) (sum[0] + sum[1]);
}

/* The entry of a score, or -1; how many rows of a label have a lower one. */
static inline int
block_find(const MonitorRollingTree *tree, const Block *block, double score, bool label,
		   int64_t *below)
{
	const TwoDoubles two = {score, score};
	TwoWords number = {1, 2};
	TwoWords bit = {1, 2};
	TwoWords lower = {0, 0};
	TwoWords found = {0, 0};

	for (int i = 0; i < ROLLING_BLOCK; i += 2)
	{
		TwoDoubles scores;

		memcpy(&scores, &block->score[i], sizeof(scores));
		lower |= (scores < two) & bit;
		found |= (scores == two) & number;
		number += 2;
		bit <<= 2;
	}
	if (block->tally == NO_TALLY)
		*below = bits_set((uint32_t) (lower[0] | lower[1]) &
						  (label ? block->positive : ~block->positive));
	else
		*below = rows_of(tally_below(block, &tree->tallies[block->tally], score), label);
	return (int) (found[0] | found[1]) - 1;
}

/* Where a score is, or would be. */
typedef struct Spot
{
	Block *block;
	int64_t below; /* rows of the other label with a lower score */
	uint32_t slot;
	int entry; /* -1: the score is new */
} Spot;

static inline Spot
find_spot(MonitorRollingTree *tree, double score, bool label)
{
	Spot spot;
	uint64_t below;

	spot.slot = find_slot(tree, score);
	spot.block = &tree->blocks[tree->at[spot.slot]];
	/* a window that the cache does not hold: fetch while the sums are read */
	for (size_t i = 0; i < sizeof(Block); i += 64)
		__builtin_prefetch((char *) spot.block + i, 1);
	below = rows_below(tree, spot.slot);
	spot.entry = block_find(tree, spot.block, score, !label, &spot.below);
	spot.below += rows_of(below, !label);
	return spot;
}

/* What a row at a spot has to do with U2: its pairs with the other class. */
static inline int64_t
pairs(const MonitorRollingAuc *auc, const Spot *spot, bool label)
{
	uint64_t rows = spot->entry < 0 ? 0 : entry_rows(auc->tree, spot->block, spot->entry);
	int64_t ties = rows_of(rows, !label);

	return label ? 2 * spot->below + ties : 2 * (auc->n[1] - spot->below) - ties;
}

/* Change the layout so that a row can be put at a spot. */
static MonitorStatus
make_room(MonitorRollingAuc *auc, const Spot *spot)
{
	if (spot->entry >= 0 || spot->block->tally != NO_TALLY)
	{
		if (monitor_rolling_reserve_tally(auc, auc->tree) != MONITOR_OK)
			return MONITOR_NO_SPACE;
	}
	if (spot->entry >= 0)
		monitor_rolling_take_tally(auc->tree, spot->block);
	else if (auc->tree->nblocks == auc->tree->max_blocks)
		return monitor_rolling_lay_out(auc);
	else
		monitor_rolling_split(auc->tree, spot->slot);
	return MONITOR_OK;
}

/* Is there room for a row at a spot? */
static inline bool
has_room(const Spot *spot)
{
	return spot->entry < 0 ? spot->block->used < ROLLING_BLOCK : spot->block->tally != NO_TALLY;
}

MonitorStatus
monitor_rolling_auc_add(MonitorRollingAuc *auc, double score, bool label)
{
	Spot spot;

	if (auc->n[0] + auc->n[1] >= MAX_ROWS)
		return MONITOR_OVERFLOW;
	if (auc->tree == NULL && monitor_rolling_lay_out(auc) != MONITOR_OK)
		return MONITOR_NO_SPACE;
	if (auc->tree->misses > auc->tree->slots)
		monitor_rolling_fit_grid(auc->tree);
	while (spot = find_spot(auc->tree, score, label), !has_room(&spot))
	{
		if (make_room(auc, &spot) != MONITOR_OK)
			return MONITOR_NO_SPACE;
	}
	auc->u2 += pairs(auc, &spot, label);
	auc->n[label]++;
	if (spot.entry >= 0)
		auc->tree->tallies[spot.block->tally].rows[spot.entry] += one_row(label);
	else
	{
		put_entry(auc->tree, spot.block, (int) spot.block->used++, score, one_row(label));
		auc->tree->distinct++;
	}
	add_rows(auc->tree, spot.slot, one_row(label));
	return MONITOR_OK;
}

MonitorStatus
monitor_rolling_auc_remove(MonitorRollingAuc *auc, double score, bool label)
{
	MonitorRollingTree *tree = auc->tree;
	Spot spot;
	uint64_t rows;

	if (tree == NULL)
		return MONITOR_UNDEFINED;
	spot = find_spot(tree, score, label);
	rows = spot.entry < 0 ? 0 : entry_rows(tree, spot.block, spot.entry);
	if (rows_of(rows, label) == 0)
		return MONITOR_UNDEFINED;
	auc->u2 -= pairs(auc, &spot, label);
	auc->n[label]--;
	add_rows(tree, spot.slot, -one_row(label));
	if (rows != one_row(label))
	{
		tree->tallies[spot.block->tally].rows[spot.entry] -= one_row(label);
		return MONITOR_OK;
	}
	monitor_rolling_remove_entry(tree, spot.block, spot.entry);
	/* without memory for a smaller layout the old one serves */
	if (--tree->distinct < tree->least_distinct)
		monitor_rolling_lay_out(auc);
	return MONITOR_OK;
}

MonitorStatus
monitor_rolling_auc_value(const MonitorRollingAuc *auc, double *value)
{
	if (auc->n[0] == 0 || auc->n[1] == 0)
		return MONITOR_UNDEFINED;
	*value = monitor_ks_quotient(auc->u2, 2 * auc->n[1], auc->n[0]);
	return MONITOR_OK;
}
