/*
 * rolling_tree.h
 *		How the distinct scores of a rolling area under the ROC curve are kept.
 *		Private to rolling_auc.c and rolling_tree.c, which says how it works.
 */
#ifndef MONITOR_ROLLING_TREE_H
#define MONITOR_ROLLING_TREE_H

#include "rolling_auc.h"

#define ROLLING_BLOCK 30 /* distinct scores of a block, which takes 256 bytes */
#define ROLLING_AHEAD 8	 /* bounds compared at once */
#define NO_BLOCK	  UINT32_MAX
#define NO_TALLY	  UINT32_MAX

/* Entries [used, ROLLING_BLOCK) have a NaN as score, which compares false. */
typedef struct Block
{
	double score[ROLLING_BLOCK];
	uint32_t positive; /* without a tally: bit i is the label of the one row of entry i */
	uint32_t tally;
	uint32_t used;
	uint32_t unused;
} Block;

/*
 * The rows of each entry of a block, packed into a word: those of label true in
 * the upper half, those of label false in the lower.  In a free one the first
 * word tells the next free one.
 */
typedef struct Tally
{
	uint64_t rows[ROLLING_BLOCK];
} Tally;

/* What is known of a block beside its entries, while blocks are moved. */
typedef struct Place
{
	double bound;
	uint64_t rows;
	uint32_t block;
} Place;

/*
 * A block holds the scores from its slot's bound to the next one's.  A free slot
 * has the bound of the next block, or NaN after the last.  The first bound is
 * -Infinity.
 */
struct MonitorRollingTree
{
	uint32_t slots; /* a power of two */
	uint32_t nblocks;
	uint32_t max_blocks;
	uint32_t nfree;
	int64_t distinct;
	int64_t least_distinct; /* lay out anew below */
	int64_t misses;			/* of the grid, since it was fitted */
	double grid_low;
	double grid_scale;
	double *bound;	 /* [slots + ROLLING_AHEAD + 1] */
	uint64_t *sums;	 /* [slots + 1], from 1 */
	uint32_t *at;	 /* [slots] block of the slot */
	uint32_t *grid;	 /* [slots] */
	Block *blocks;	 /* [max_blocks] */
	uint32_t *free;	 /* [max_blocks] */
	Place *place;	 /* [slots] scratch */
	uint64_t *count; /* [slots + 1] scratch */
	void *memory;
	Tally *tallies; /* [max_tallies], memory of its own */
	uint32_t ntallies;
	uint32_t max_tallies;
	uint32_t free_tally;
};

/* ---- counts below a slot ---- */

static inline uint64_t
rows_below(const MonitorRollingTree *tree, uint32_t slot)
{
	const uint64_t *sums = tree->sums;
	uint64_t rows = 0;

	for (uint32_t i = slot; i > 0; i &= i - 1)
		rows += sums[i];
	return rows;
}

static inline void
add_rows(MonitorRollingTree *tree, uint32_t slot, uint64_t rows)
{
	uint64_t *sums = tree->sums;

	for (uint32_t i = slot + 1; i <= tree->slots; i += i & -i)
		sums[i] += rows;
}

static inline uint64_t
one_row(bool label)
{
	return label ? UINT64_C(1) << 32 : 1;
}

static inline uint32_t
rows_of(uint64_t rows, bool label)
{
	return (uint32_t) (rows >> (label ? 32 : 0));
}

/* ---- entries of a block ---- */

static inline uint64_t
entry_rows(const MonitorRollingTree *tree, const Block *block, int i)
{
	if (block->tally != NO_TALLY)
		return tree->tallies[block->tally].rows[i];
	return one_row(block->positive >> i & 1);
}

/* Without a tally, an entry is of one row. */
static inline void
put_entry(MonitorRollingTree *tree, Block *block, int i, double score, uint64_t rows)
{
	block->score[i] = score;
	if (block->tally != NO_TALLY)
		tree->tallies[block->tally].rows[i] = rows;
	else
		block->positive = (block->positive & ~(UINT32_C(1) << i)) | rows_of(rows, true) << i;
}

/* ---- what rarely happens ---- */

/* Give the memory of a tree back; NULL: there is none. */
extern void monitor_rolling_release(const MonitorRollingAuc *auc, MonitorRollingTree *tree);

/* Lay all entries out anew (or nothing: a first tree).  MONITOR_NO_SPACE changes nothing. */
extern MonitorStatus monitor_rolling_lay_out(MonitorRollingAuc *auc);

extern void monitor_rolling_fit_grid(MonitorRollingTree *tree);

/* The slot of a score, from a slot that the grid was wrong about. */
extern uint32_t monitor_rolling_gallop(MonitorRollingTree *tree, uint32_t slot, double score);

/* Make sure that there is a free tally. */
extern MonitorStatus monitor_rolling_reserve_tally(const MonitorRollingAuc *auc,
												   MonitorRollingTree *tree);

/* Number the rows of a block; there is a free tally. */
extern void monitor_rolling_take_tally(MonitorRollingTree *tree, Block *block);

extern void monitor_rolling_remove_entry(MonitorRollingTree *tree, Block *block, int i);

/* Halve the full block of a slot; there is a free block, and a tally if it has one. */
extern void monitor_rolling_split(MonitorRollingTree *tree, uint32_t slot);

#endif /* MONITOR_ROLLING_TREE_H */
