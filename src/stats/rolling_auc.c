/*
 * rolling_auc.c
 *		The pairs of a positive and a negative row that a window holds, counted
 *		while rows enter and leave, in O(log n) a row.
 *
 * A row changes U2 by twice the rows of the other class that it beats, or is
 * beaten by, and once those it ties with (the idea of Tatti 2021, "Maintaining
 * AUC and H-measure over time", doi 10.1007/s10994-021-06084-6, with arrays in
 * place of his trees).
 *
 * Distinct scores live in small unordered blocks, the blocks in ascending order
 * in slots, of which at least an eighth is free:
 *
 *   - a grid over the values, fitted to the slots, tells nearly where a score
 *     belongs; comparing with a few bounds, or bisection, tells it exactly;
 *   - a binary indexed tree over the slots (Fenwick 1994) counts the rows of
 *     both classes below a slot, packed into one word;
 *   - a full block is halved; room for the half is made by spreading the
 *     blocks of the smallest surrounding range of slots that is sparse enough
 *     (the packed-memory array of Bender, Demaine & Farach-Colton 2000:
 *     O(log^2) slots moved for a halved block, whatever the order of scores);
 *   - what outgrows its slots, or shrinks to a quarter, is laid out anew.
 */
#include "rolling_auc.h"

#include <string.h>

#include "tests.h"

#define BLOCK	  32 /* distinct scores of a block */
#define FILL	  22 /* of them in a new layout */
#define MIN_SLOTS 16
#define AHEAD	  8 /* bounds compared at once */
#define NO_BLOCK  UINT32_MAX
#define MAX_ROWS  INT64_C(4000000000) /* 2 n1 n0 fits into int64_t, a count into uint32_t */

/*
 * Rows are packed into a word: those of label true in the upper half, those of
 * label false in the lower.  Entries [used, BLOCK) have a NaN as score, which
 * compares false, and no rows.
 */
typedef struct Block
{
	double score[BLOCK];
	uint64_t rows[BLOCK];
} Block;

/* Two lanes, which every 64-bit machine has; a comparison gives all ones or zeros. */
typedef double TwoDoubles __attribute__((vector_size(16)));
typedef int64_t TwoWords __attribute__((vector_size(16)));

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
	double *bound;	 /* [slots + AHEAD + 1] */
	uint64_t *sums;	 /* [slots + 1], from 1 */
	uint32_t *at;	 /* [slots] block of the slot */
	uint32_t *grid;	 /* [slots] */
	Block *blocks;	 /* [max_blocks] */
	uint8_t *used;	 /* [max_blocks] */
	uint32_t *free;	 /* [max_blocks] */
	Place *place;	 /* [slots] scratch */
	uint64_t *count; /* [slots + 1] scratch */
	void *memory;
};

void
monitor_rolling_auc_init(MonitorRollingAuc *auc, MonitorAllocator allocator)
{
	memset(auc, 0, sizeof(*auc));
	auc->allocator = allocator;
}

static void
release_tree(const MonitorRollingAuc *auc, MonitorRollingTree *tree)
{
	if (tree != NULL)
		auc->allocator.release(auc->allocator.owner, tree->memory);
}

void
monitor_rolling_auc_free(MonitorRollingAuc *auc)
{
	release_tree(auc, auc->tree);
	monitor_rolling_auc_init(auc, auc->allocator);
}

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

/*
 * The rows of each slot of an aligned range, from the sums inside it.  Sums
 * beyond it hold the range's total or nothing of it.
 */
static void
unpack_counts(MonitorRollingTree *tree, uint32_t start, uint32_t size)
{
	const uint64_t *sums = tree->sums + start;
	uint64_t *count = tree->count;
	uint64_t rest = rows_below(tree, start + size) - rows_below(tree, start);

	memcpy(count, sums, size * sizeof(uint64_t));
	for (uint32_t i = size - 1; i > 0; i--)
	{
		uint32_t parent = i + (i & -i);

		if (parent < size)
			count[parent] -= count[i];
	}
	for (uint32_t i = 1; i < size; i++)
		rest -= count[i];
	count[size] = rest;
}

/* The sums inside an aligned range from the rows of each slot. */
static void
pack_counts(MonitorRollingTree *tree, uint32_t start, uint32_t size)
{
	uint64_t *sums = tree->sums + start;
	const uint64_t *count = tree->count;

	for (uint32_t i = 1; i < size; i++)
		sums[i] = count[i];
	for (uint32_t i = 1; i < size; i++)
	{
		uint32_t parent = i + (i & -i);

		if (parent < size)
			sums[parent] += sums[i];
	}
}

/* ---- finding the slot of a score ---- */

/* The last slot of [low, high) whose bound is not above the score; low's is not. */
static uint32_t
bisect(const double *bound, uint32_t low, uint32_t high, double score)
{
	while (high - low > 1)
	{
		uint32_t middle = low + (high - low) / 2;

		if (bound[middle] <= score)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* From a slot that the grid was wrong about, in steps that double. */
static __attribute__((noinline)) uint32_t
gallop(MonitorRollingTree *tree, uint32_t slot, double score)
{
	const double *bound = tree->bound;
	uint32_t step = AHEAD;
	uint32_t other = slot;

	tree->misses++;
	if (bound[slot] <= score)
	{
		while ((other = step < tree->slots - slot ? slot + step : tree->slots) < tree->slots &&
			   bound[other] <= score)
		{
			slot = other;
			step *= 2;
		}
		return bisect(bound, slot, other, score);
	}
	do
	{
		slot = other;
		other = step < slot ? slot - step : 0;
		step *= 2;
	} while (!(bound[other] <= score));
	return bisect(bound, other, slot, score);
}

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
	if (!(bound[slot] <= score) || bound[slot + AHEAD] <= score)
		return gallop(tree, slot, score);
	for (int i = 0; i < AHEAD; i += 2)
	{
		TwoDoubles bounds;

		memcpy(&bounds, &bound[slot + i], sizeof(bounds));
		ahead -= bounds <= two;
	}
	return slot + (uint32_t) (ahead[0] + ahead[1]) - 1;
}

/*
 * Fit the grid: cells of equal width between the outer 64ths of the blocks, each
 * with the last slot that is not above its lower edge.
 */
static void
fit_grid(MonitorRollingTree *tree)
{
	uint32_t rank = 0;
	uint32_t slot = 0;
	double low = NAN;
	double high = NAN;

	for (uint32_t i = 0; i < tree->slots; i++)
	{
		if (tree->at[i] == NO_BLOCK)
			continue;
		if (rank == 1 + tree->nblocks / 64)
			low = tree->bound[i];
		if (rank == tree->nblocks - 1 - tree->nblocks / 64)
			high = tree->bound[i];
		rank++;
	}
	tree->grid_low = low;
	tree->grid_scale = tree->slots / (high - low);
	if (!(isfinite(tree->grid_scale) && isfinite(low) && tree->grid_scale > 0))
		tree->grid_low = tree->grid_scale = 0;
	for (uint32_t cell = 0; cell < tree->slots; cell++)
	{
		double edge = tree->grid_scale > 0 ? low + cell / tree->grid_scale : 0;

		while (slot + 1 < tree->slots && tree->bound[slot + 1] <= edge)
			slot++;
		tree->grid[cell] = slot;
	}
	tree->misses = 0;
}

/* ---- blocks ---- */

static inline void
clear_entry(Block *block, int i)
{
	block->score[i] = NAN;
	block->rows[i] = 0;
}

static void
clear_block(Block *block)
{
	for (int i = 0; i < BLOCK; i++)
		clear_entry(block, i);
}

static inline void
move_entry(Block *to, int i, const Block *from, int j)
{
	to->score[i] = from->score[j];
	to->rows[i] = from->rows[j];
}

static void
sort_block(Block *block, int used)
{
	for (int i = 1; i < used; i++)
	{
		Block one;
		int j = i;

		move_entry(&one, 0, block, i);
		for (; j > 0 && block->score[j - 1] > one.score[0]; j--)
			move_entry(block, j, block, j - 1);
		move_entry(block, j, &one, 0);
	}
}

/* The rows with a lower score, and the entry of the score itself, or -1. */
static inline int
block_find(const Block *block, double score, uint64_t *below)
{
	const TwoDoubles two = {score, score};
	TwoWords number = {1, 2};
	TwoWords lower = {0, 0};
	TwoWords found = {0, 0};

	for (int i = 0; i < BLOCK; i += 2)
	{
		TwoDoubles scores;
		TwoWords rows;

		memcpy(&scores, &block->score[i], sizeof(scores));
		memcpy(&rows, &block->rows[i], sizeof(rows));
		lower += (scores < two) & rows;
		found |= (scores == two) & number;
		number += 2;
	}
	*below = (uint64_t) (lower[0] + lower[1]);
	return (int) (found[0] | found[1]) - 1;
}

static uint64_t
block_rows(const Block *block)
{
	uint64_t rows = 0;

	for (int i = 0; i < BLOCK; i++)
		rows += block->rows[i];
	return rows;
}

/* ---- laying out ---- */

/* Put the first n places evenly into an aligned range of slots. */
static void
spread(MonitorRollingTree *tree, uint32_t start, uint32_t size, uint32_t n)
{
	double next = start + size < tree->slots ? tree->bound[start + size] : NAN;
	uint32_t slot = start + size;

	memset(tree->count, 0, (size + 1) * sizeof(uint64_t));
	for (uint32_t i = n; i-- > 0;)
	{
		const Place *place = &tree->place[i];
		uint32_t here = start + (uint32_t) ((uint64_t) i * size / n);

		while (--slot > here)
		{
			tree->at[slot] = NO_BLOCK;
			tree->bound[slot] = next;
		}
		tree->at[here] = place->block;
		tree->bound[here] = next = place->bound;
		tree->count[here - start + 1] = place->rows;
	}
	pack_counts(tree, start, size);
}

/*
 * Append a block to the places; one that is empty, or small as the one before
 * it, joins it.  The lower bound of the first stays: free slots before it have it.
 */
static uint32_t
gather(MonitorRollingTree *tree, uint32_t n, Place next)
{
	Place *last = n > 0 ? &tree->place[n - 1] : NULL;
	int more = tree->used[next.block];
	int have = last == NULL ? BLOCK : tree->used[last->block];

	if (last == NULL || have + more > (have == 0 || more == 0 ? BLOCK : BLOCK / 2))
	{
		tree->place[n] = next;
		return n + 1;
	}
	for (int i = 0; i < more; i++)
		move_entry(&tree->blocks[last->block], have + i, &tree->blocks[next.block], i);
	tree->used[last->block] += more;
	last->rows += next.rows;
	tree->free[tree->nfree++] = next.block;
	tree->nblocks--;
	return n;
}

/* Make room for a block after that of a slot, and put it there. */
static void
insert_block(MonitorRollingTree *tree, uint32_t slot, Place after)
{
	uint32_t size = MIN_SLOTS;
	uint32_t start;
	uint32_t n = 0;

	for (;; size *= 2)
	{
		/* 15/16 of the smallest range may be in use, 7/8 of all slots */
		uint32_t levels = __builtin_ctz(tree->slots / MIN_SLOTS);
		uint32_t level = __builtin_ctz(size / MIN_SLOTS);
		uint32_t spare = size / 16 + (levels == 0 ? 0 : size / 16 * level / levels);
		uint32_t taken = 0;

		start = slot & ~(size - 1);
		if (size == tree->slots)
			break;
		for (uint32_t i = start; i < start + size; i++)
			taken += tree->at[i] != NO_BLOCK;
		if (taken < size - spare)
			break;
	}
	unpack_counts(tree, start, size);
	for (uint32_t i = start; i < start + size; i++)
	{
		Place place = {tree->bound[i], tree->count[i - start + 1], tree->at[i]};

		MONITOR_POLL(i);
		if (place.block == NO_BLOCK)
			continue;
		if (i == slot)
			place.rows -= after.rows;
		n = gather(tree, n, place);
		if (i == slot)
			n = gather(tree, n, after);
	}
	spread(tree, start, size, n);
}

/* Halve the full block of a slot; there is a free block. */
static void
split(MonitorRollingTree *tree, uint32_t slot)
{
	Block *block = &tree->blocks[tree->at[slot]];
	Place after = {0, 0, tree->free[--tree->nfree]};
	Block *upper = &tree->blocks[after.block];

	sort_block(block, BLOCK);
	clear_block(upper);
	for (int i = BLOCK / 2; i < BLOCK; i++)
	{
		move_entry(upper, i - BLOCK / 2, block, i);
		clear_entry(block, i);
	}
	after.bound = upper->score[0];
	after.rows = block_rows(upper);
	tree->used[tree->at[slot]] = tree->used[after.block] = BLOCK / 2;
	tree->nblocks++;
	if (slot + 1 < tree->slots && tree->at[slot + 1] == NO_BLOCK)
	{
		tree->at[slot + 1] = after.block;
		tree->bound[slot + 1] = after.bound;
		add_rows(tree, slot, -after.rows);
		add_rows(tree, slot + 1, after.rows);
	}
	else
		insert_block(tree, slot, after);
}

/* Take the next array from the memory. */
static void *
carve(char **memory, size_t size)
{
	void *array = *memory;

	*memory += (size + 63) & ~(size_t) 63;
	return array;
}

/* A tree without blocks; NULL when memory is refused. */
static MonitorRollingTree *
make_tree(const MonitorRollingAuc *auc, uint32_t slots)
{
	/* a window of few scores takes a block only */
	size_t max_blocks = auc->tree == NULL ? 1 : slots / 8 * 7;
	size_t per_slot = sizeof(double) + 2 * sizeof(uint64_t) + 2 * sizeof(uint32_t) + sizeof(Place);
	size_t per_block = sizeof(Block) + sizeof(uint8_t) + sizeof(uint32_t);
	size_t extra = sizeof(MonitorRollingTree) + 12 * 64 + (AHEAD + 1) * sizeof(double);
	char *memory = auc->allocator.allocate(auc->allocator.owner,
										   slots * per_slot + max_blocks * per_block + extra);
	char *next = memory + (-(uintptr_t) memory & 63);
	MonitorRollingTree *tree;

	if (memory == NULL)
		return NULL;
	tree = carve(&next, sizeof(MonitorRollingTree));
	memset(tree, 0, sizeof(*tree));
	tree->memory = memory;
	tree->slots = slots;
	tree->max_blocks = (uint32_t) max_blocks;
	tree->blocks = carve(&next, max_blocks * sizeof(Block));
	tree->used = carve(&next, max_blocks);
	tree->free = carve(&next, max_blocks * sizeof(uint32_t));
	tree->bound = carve(&next, (slots + AHEAD + 1) * sizeof(double));
	tree->sums = carve(&next, (slots + 1) * sizeof(uint64_t));
	tree->count = carve(&next, (slots + 1) * sizeof(uint64_t));
	tree->at = carve(&next, slots * sizeof(uint32_t));
	tree->grid = carve(&next, slots * sizeof(uint32_t));
	tree->place = carve(&next, slots * sizeof(Place));
	return tree;
}

/* Append the entries of a block, in order, to the last blocks of a new tree. */
static void
copy_entries(MonitorRollingTree *tree, Block *from, int used)
{
	sort_block(from, used);
	for (int i = 0; i < used; i++)
	{
		Place *place = tree->place + tree->nblocks - 1;
		Block *block;
		int n;

		if (tree->nblocks == 0 || tree->used[place->block] == FILL)
		{
			uint32_t number = tree->nblocks++;

			place = tree->place + number;
			*place = (Place){number == 0 ? -INFINITY : from->score[i], 0, number};
			clear_block(&tree->blocks[number]);
			tree->used[number] = 0;
		}
		block = &tree->blocks[place->block];
		n = tree->used[place->block]++;
		move_entry(block, n, from, i);
		place->rows += block->rows[n];
	}
}

/*
 * Lay all entries out anew, at most two thirds of the slots in use.  Amortised over the
 * changes that made it necessary this is O(1) a row.
 */
static MonitorStatus
lay_out(MonitorRollingAuc *auc)
{
	MonitorRollingTree *old = auc->tree;
	int64_t distinct = old == NULL ? 0 : old->distinct;
	int64_t blocks = distinct / FILL + 1;
	uint32_t slots = MIN_SLOTS;
	MonitorRollingTree *tree;

	while (slots < blocks + blocks / 2)
		slots *= 2;
	tree = make_tree(auc, slots);
	if (tree == NULL)
		return MONITOR_NO_SPACE;
	for (uint32_t i = 0; old != NULL && i < old->slots; i++)
	{
		MONITOR_POLL(i);
		if (old->at[i] != NO_BLOCK)
			copy_entries(tree, &old->blocks[old->at[i]], old->used[old->at[i]]);
	}
	if (tree->nblocks == 0)
	{
		clear_block(&tree->blocks[0]);
		tree->used[0] = 0;
		tree->place[0] = (Place){-INFINITY, 0, 0};
		tree->nblocks = 1;
	}
	for (uint32_t i = tree->max_blocks; i > tree->nblocks; i--)
		tree->free[tree->nfree++] = i - 1;
	for (uint32_t i = 0; i <= AHEAD; i++)
		tree->bound[slots + i] = NAN;
	memset(tree->sums, 0, (slots + 1) * sizeof(uint64_t));
	tree->distinct = distinct;
	tree->least_distinct = slots == MIN_SLOTS ? 0 : distinct / 4;
	spread(tree, 0, slots, tree->nblocks);
	/* no range holds this one: it is the total */
	tree->sums[slots] = one_row(true) * auc->n[1] + one_row(false) * auc->n[0];
	fit_grid(tree);
	release_tree(auc, old);
	auc->tree = tree;
	return MONITOR_OK;
}

/* ---- rows ---- */

/* Where a score is, or would be. */
typedef struct Spot
{
	Block *block;
	uint64_t below; /* rows with a lower score */
	uint32_t slot;
	uint32_t number; /* of the block */
	int entry;		 /* -1: the score is new */
} Spot;

static inline Spot
find_spot(MonitorRollingTree *tree, double score)
{
	Spot spot;
	uint64_t below;

	spot.slot = find_slot(tree, score);
	spot.number = tree->at[spot.slot];
	spot.block = &tree->blocks[spot.number];
	/* a window that the cache does not hold: fetch while the sums are read */
	for (size_t i = 0; i < sizeof(Block); i += 64)
		__builtin_prefetch((char *) spot.block + i, 1);
	spot.below = rows_below(tree, spot.slot);
	spot.entry = block_find(spot.block, score, &below);
	spot.below += below;
	return spot;
}

/* What a row at a spot has to do with U2: its pairs with the other class. */
static inline int64_t
pairs(const MonitorRollingAuc *auc, const Spot *spot, bool label)
{
	int64_t below = rows_of(spot->below, !label);
	int64_t ties = rows_of(spot->block->rows[spot->entry], !label);

	return label ? 2 * below + ties : 2 * (auc->n[1] - below) - ties;
}

/* Change the layout so that a spot is there for a new score. */
static MonitorStatus
make_room(MonitorRollingAuc *auc, uint32_t slot)
{
	if (auc->tree->nblocks == auc->tree->max_blocks)
		return lay_out(auc);
	split(auc->tree, slot);
	return MONITOR_OK;
}

MonitorStatus
monitor_rolling_auc_add(MonitorRollingAuc *auc, double score, bool label)
{
	MonitorRollingTree *tree = auc->tree;
	Spot spot;

	if (auc->n[0] + auc->n[1] >= MAX_ROWS)
		return MONITOR_OVERFLOW;
	if (tree == NULL && lay_out(auc) != MONITOR_OK)
		return MONITOR_NO_SPACE;
	if (tree != NULL && tree->misses > 4 * (int64_t) tree->slots)
		fit_grid(tree);
	for (;;)
	{
		tree = auc->tree;
		spot = find_spot(tree, score);
		if (spot.entry >= 0 || tree->used[spot.number] < BLOCK)
			break;
		if (make_room(auc, spot.slot) != MONITOR_OK)
			return MONITOR_NO_SPACE;
	}
	if (spot.entry < 0)
	{
		spot.entry = tree->used[spot.number]++;
		spot.block->score[spot.entry] = score;
		tree->distinct++;
	}
	auc->u2 += pairs(auc, &spot, label);
	auc->n[label]++;
	spot.block->rows[spot.entry] += one_row(label);
	add_rows(tree, spot.slot, one_row(label));
	return MONITOR_OK;
}

MonitorStatus
monitor_rolling_auc_remove(MonitorRollingAuc *auc, double score, bool label)
{
	MonitorRollingTree *tree = auc->tree;
	Spot spot;

	if (tree == NULL)
		return MONITOR_UNDEFINED;
	spot = find_spot(tree, score);
	if (spot.entry < 0 || rows_of(spot.block->rows[spot.entry], label) == 0)
		return MONITOR_UNDEFINED;
	auc->u2 -= pairs(auc, &spot, label);
	auc->n[label]--;
	spot.block->rows[spot.entry] -= one_row(label);
	add_rows(tree, spot.slot, -one_row(label));
	if (spot.block->rows[spot.entry] == 0)
	{
		int last = --tree->used[spot.number];

		move_entry(spot.block, spot.entry, spot.block, last);
		clear_entry(spot.block, last);
		/* without memory for a smaller layout the old one serves */
		if (--tree->distinct < tree->least_distinct)
			lay_out(auc);
	}
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
