/*
 * rolling_tree.c
 *		The distinct scores of a window in order, with the rows of both classes
 *		below each, in O(log n) a change.
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
 *     O(log^2) slots moved, amortised, for a halved block, which at least 10 new
 *     scores have filled, whatever their order);
 *   - what outgrows its slots, or shrinks to a quarter, is laid out anew.
 *
 * Most scores are those of one row, for which a bit tells the label: only blocks
 * with a score of more rows have numbers.  This keeps wide windows in the cache.
 */
#include "rolling_tree.h"

#include <string.h>

#define FILL	  20 /* scores of a block in a new layout */
#define MIN_SLOTS 16

void
monitor_rolling_release(const MonitorRollingAuc *auc, MonitorRollingTree *tree)
{
	if (tree == NULL)
		return;
	if (tree->tallies != NULL)
		auc->allocator.release(auc->allocator.owner, tree->tallies);
	auc->allocator.release(auc->allocator.owner, tree->memory);
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
uint32_t
monitor_rolling_gallop(MonitorRollingTree *tree, uint32_t slot, double score)
{
	const double *bound = tree->bound;
	uint32_t step = ROLLING_AHEAD;
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

/*
 * Fit the grid: cells of equal width, each with the last slot that is not above
 * its lower edge, over all blocks, or over all but the outer 64ths where these
 * reach far.
 */
void
monitor_rolling_fit_grid(MonitorRollingTree *tree)
{
	uint32_t outer = 1 + tree->nblocks / 64;
	uint32_t rank = 0;
	uint32_t slot = 0;
	double bound[4] = {NAN, NAN, NAN, NAN}; /* of the first, second outer, last but outer, last */
	double low;
	double high;

	for (uint32_t i = 0; i < tree->slots; i++)
	{
		if (tree->at[i] == NO_BLOCK)
			continue;
		if (rank == 1) /* the very first is -Infinity */
			bound[0] = tree->bound[i];
		if (rank == outer)
			bound[1] = tree->bound[i];
		if (rank + outer == tree->nblocks)
			bound[2] = tree->bound[i];
		bound[3] = tree->bound[i];
		rank++;
	}
	low = bound[3] - bound[0] <= 4 * (bound[2] - bound[1]) ? bound[0] : bound[1];
	high = bound[3] - bound[0] <= 4 * (bound[2] - bound[1]) ? bound[3] : bound[2];
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

/* ---- tallies ---- */

/* Memory for at least this many; those in use are kept. */
static MonitorStatus
grow_tallies(const MonitorRollingAuc *auc, MonitorRollingTree *tree, uint32_t least)
{
	uint32_t most = 2 * tree->max_tallies > least ? 2 * tree->max_tallies : least;
	Tally *tallies;

	if (least <= tree->max_tallies)
		return MONITOR_OK;
	if (most > tree->max_blocks)
		most = tree->max_blocks;
	tallies = auc->allocator.allocate(auc->allocator.owner, most * sizeof(Tally));
	if (tallies == NULL)
		return MONITOR_NO_SPACE;
	if (tree->tallies != NULL)
	{
		memcpy(tallies, tree->tallies, tree->max_tallies * sizeof(Tally));
		auc->allocator.release(auc->allocator.owner, tree->tallies);
	}
	for (uint32_t i = tree->max_tallies; i < most; i++)
	{
		tallies[i].rows[0] = tree->free_tally;
		tree->free_tally = i;
	}
	tree->tallies = tallies;
	tree->max_tallies = most;
	return MONITOR_OK;
}

/* Make sure that there is a free tally. */
MonitorStatus
monitor_rolling_reserve_tally(const MonitorRollingAuc *auc, MonitorRollingTree *tree)
{
	return grow_tallies(auc, tree, tree->ntallies + 1);
}

static void
give_back_tally(MonitorRollingTree *tree, Block *block)
{
	if (block->tally == NO_TALLY)
		return;
	tree->tallies[block->tally].rows[0] = tree->free_tally;
	tree->free_tally = block->tally;
	tree->ntallies--;
	block->tally = NO_TALLY;
}

/* ---- blocks ---- */

static void
clear_block(Block *block)
{
	for (int i = 0; i < ROLLING_BLOCK; i++)
		block->score[i] = NAN;
	block->positive = 0;
	block->tally = NO_TALLY;
	block->used = block->unused = 0;
}

/* Number the rows of a block; there is a free tally. */
void
monitor_rolling_take_tally(MonitorRollingTree *tree, Block *block)
{
	uint32_t number = tree->free_tally;
	Tally *tally = &tree->tallies[number];

	tree->free_tally = (uint32_t) tally->rows[0];
	tree->ntallies++;
	for (int i = 0; i < ROLLING_BLOCK; i++)
		tally->rows[i] = i < (int) block->used ? one_row(block->positive >> i & 1) : 0;
	block->tally = number;
}

void
monitor_rolling_remove_entry(MonitorRollingTree *tree, Block *block, int i)
{
	int last = (int) --block->used;

	put_entry(tree, block, i, block->score[last], entry_rows(tree, block, last));
	put_entry(tree, block, last, NAN, 0);
}

static void
sort_block(MonitorRollingTree *tree, Block *block)
{
	for (int i = 1; i < (int) block->used; i++)
	{
		double score = block->score[i];
		uint64_t rows = entry_rows(tree, block, i);
		int j = i;

		for (; j > 0 && block->score[j - 1] > score; j--)
			put_entry(tree, block, j, block->score[j - 1], entry_rows(tree, block, j - 1));
		put_entry(tree, block, j, score, rows);
	}
}

static uint64_t
block_rows(const MonitorRollingTree *tree, const Block *block)
{
	uint64_t rows = 0;

	for (int i = 0; i < (int) block->used; i++)
		rows += entry_rows(tree, block, i);
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
	Block *from = &tree->blocks[next.block];
	Block *to = last == NULL ? NULL : &tree->blocks[last->block];
	Tally rows;

	if (to == NULL ||
		to->used + from->used >
			(to->used == 0 || from->used == 0 ? ROLLING_BLOCK : ROLLING_BLOCK / 2))
	{
		tree->place[n] = next;
		return n + 1;
	}
	for (int i = 0; i < (int) from->used; i++)
		rows.rows[i] = entry_rows(tree, from, i);
	if (from->tally != NO_TALLY && to->tally == NO_TALLY)
	{
		give_back_tally(tree, from);
		monitor_rolling_take_tally(tree, to);
	}
	for (int i = 0; i < (int) from->used; i++)
		put_entry(tree, to, (int) to->used++, from->score[i], rows.rows[i]);
	give_back_tally(tree, from);
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

/* Halve the full block of a slot; there is a free block, and a tally if it has one. */
void
monitor_rolling_split(MonitorRollingTree *tree, uint32_t slot)
{
	Block *block = &tree->blocks[tree->at[slot]];
	Place after = {0, 0, tree->free[--tree->nfree]};
	Block *upper = &tree->blocks[after.block];

	sort_block(tree, block);
	clear_block(upper);
	if (block->tally != NO_TALLY)
		monitor_rolling_take_tally(tree, upper);
	for (int i = ROLLING_BLOCK / 2; i < ROLLING_BLOCK; i++)
		put_entry(tree, upper, i - ROLLING_BLOCK / 2, block->score[i], entry_rows(tree, block, i));
	for (int i = ROLLING_BLOCK / 2; i < ROLLING_BLOCK; i++)
		put_entry(tree, block, i, NAN, 0);
	block->used = upper->used = ROLLING_BLOCK / 2;
	after.bound = upper->score[0];
	after.rows = block_rows(tree, upper);
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
	size_t per_block = sizeof(Block) + sizeof(uint32_t);
	size_t extra = sizeof(MonitorRollingTree) + 12 * 64 + (ROLLING_AHEAD + 1) * sizeof(double);
	char *memory = auc->allocator.allocate(auc->allocator.owner,
										   slots * per_slot + max_blocks * per_block + extra);
	char *next = memory + (-(uintptr_t) memory & 63);
	MonitorRollingTree *tree;

	if (memory == NULL)
		return NULL;
	tree = carve(&next, sizeof(MonitorRollingTree));
	memset(tree, 0, sizeof(*tree));
	tree->memory = memory;
	tree->free_tally = NO_TALLY;
	tree->slots = slots;
	tree->max_blocks = (uint32_t) max_blocks;
	tree->blocks = carve(&next, max_blocks * sizeof(Block));
	tree->free = carve(&next, max_blocks * sizeof(uint32_t));
	tree->bound = carve(&next, (slots + ROLLING_AHEAD + 1) * sizeof(double));
	tree->sums = carve(&next, (slots + 1) * sizeof(uint64_t));
	tree->count = carve(&next, (slots + 1) * sizeof(uint64_t));
	tree->at = carve(&next, slots * sizeof(uint32_t));
	tree->grid = carve(&next, slots * sizeof(uint32_t));
	tree->place = carve(&next, slots * sizeof(Place));
	return tree;
}

/* Begin one more block of a new tree. */
static Block *
append_block(MonitorRollingTree *tree, double bound)
{
	uint32_t number = tree->nblocks++;

	tree->place[number] = (Place){bound, 0, number};
	clear_block(&tree->blocks[number]);
	return &tree->blocks[number];
}

/* Append the entries of a block, in order, to the last blocks of a new tree. */
static void
copy_entries(MonitorRollingTree *tree, MonitorRollingTree *old, Block *from)
{
	Block *to = &tree->blocks[tree->nblocks - 1];

	sort_block(old, from);
	for (int i = 0; i < (int) from->used; i++)
	{
		uint64_t rows = entry_rows(old, from, i);

		if (to->used == FILL)
			to = append_block(tree, from->score[i]);
		if (to->tally == NO_TALLY && rows != one_row(true) && rows != one_row(false))
			monitor_rolling_take_tally(tree, to);
		put_entry(tree, to, (int) to->used++, from->score[i], rows);
		tree->place[tree->nblocks - 1].rows += rows;
	}
}

/* Scores of more than one row: at least as many as a new layout needs tallies. */
static int64_t
count_multiple(const MonitorRollingTree *tree)
{
	int64_t n = 0;

	for (uint32_t i = 0; i < tree->slots && tree->ntallies > 0; i++)
	{
		const Block *block = tree->at[i] == NO_BLOCK ? NULL : &tree->blocks[tree->at[i]];

		MONITOR_POLL(i);
		for (int j = 0; block != NULL && block->tally != NO_TALLY && j < (int) block->used; j++)
		{
			uint64_t rows = entry_rows(tree, block, j);

			n += rows != one_row(true) && rows != one_row(false);
		}
	}
	return n;
}

/*
 * Lay all entries out anew, at most two thirds of the slots in use.  Amortised over the
 * changes that made it necessary this is O(1) a row.
 */
MonitorStatus
monitor_rolling_lay_out(MonitorRollingAuc *auc)
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
	if (old != NULL)
	{
		int64_t multiple = count_multiple(old);

		if (grow_tallies(auc, tree, (uint32_t) (multiple < blocks ? multiple : blocks)) !=
			MONITOR_OK)
		{
			monitor_rolling_release(auc, tree);
			return MONITOR_NO_SPACE;
		}
	}
	append_block(tree, -INFINITY);
	for (uint32_t i = 0; old != NULL && i < old->slots; i++)
	{
		MONITOR_POLL(i);
		if (old->at[i] != NO_BLOCK)
			copy_entries(tree, old, &old->blocks[old->at[i]]);
	}
	for (uint32_t i = tree->max_blocks; i > tree->nblocks; i--)
		tree->free[tree->nfree++] = i - 1;
	for (uint32_t i = 0; i <= ROLLING_AHEAD; i++)
		tree->bound[slots + i] = NAN;
	memset(tree->sums, 0, (slots + 1) * sizeof(uint64_t));
	tree->distinct = distinct;
	tree->least_distinct = slots == MIN_SLOTS ? 0 : distinct / 4;
	spread(tree, 0, slots, tree->nblocks);
	/* no range holds this one: it is the total */
	tree->sums[slots] = one_row(true) * auc->n[1] + one_row(false) * auc->n[0];
	monitor_rolling_fit_grid(tree);
	monitor_rolling_release(auc, old);
	auc->tree = tree;
	return MONITOR_OK;
}
