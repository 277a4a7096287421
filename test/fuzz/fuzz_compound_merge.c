/*
 * fuzz_compound_merge.c
 *		Rows from the input: parts of them add up to the whole, and subtracting
 *		undoes it, for score, confusion and error profiles.
 *
 * Input: bytes for the kind, the number of anchors and where the rows are cut; then
 * three bytes a row.
 */
#include <stdlib.h>
#include <string.h>

#include "compound.h"
#include "error.h"
#include "score.h"

#define REQUIRE(condition) \
	do \
	{ \
		if (!(condition)) \
			abort(); \
	} while (0)

static double
number(uint8_t byte, uint8_t fine)
{
	return byte == 255 ? NAN
		: byte == 254  ? INFINITY
		: byte == 253  ? -1e300
					   : (byte + fine / 256.0) / 200 - 0.1;
}

static MonitorCompound *
compound_of(MonitorCompoundKind kind, int64_t k, const uint8_t *rows, size_t n)
{
	static const char *const names[] = {"a", "b", "c", "d"};
	const uint32_t lengths[] = {1, 1, 1};
	double anchors[256];
	MonitorCompound *compound;

	for (int64_t i = 0; i < k; i++)
		anchors[i] = (double) i / 100;
	if (kind == MONITOR_CONFUSION)
	{
		compound = malloc(monitor_compound_size_confusion(3, 3));
		REQUIRE(monitor_compound_init_confusion(compound, names, lengths, 3) == MONITOR_OK);
	}
	else
	{
		compound = malloc(monitor_compound_size_numeric(kind, k));
		REQUIRE(monitor_compound_init_numeric(compound, kind, anchors, k) == MONITOR_OK);
	}
	for (; n > 0; n--, rows += 3)
	{
		if (kind == MONITOR_SCORES)
			monitor_score_add(compound, number(rows[0], rows[1]),
							  (MonitorScoreClass) (rows[2] % 3));
		else if (kind == MONITOR_CONFUSION)
			monitor_confusion_add(compound, names[rows[0] % 4], 1,
								  rows[2] % 3 == 2 ? NULL : names[rows[1] % 4], 1);
		else
			monitor_error_add(compound, number(rows[0], rows[1]), number(rows[2], rows[1]));
	}
	monitor_compound_flush(compound);
	REQUIRE(monitor_compound_consistent(compound));
	return compound;
}

/* Totals and the counts of the parts. */
static bool
same(const MonitorCompound *a, const MonitorCompound *b)
{
	if (a->has_totals != b->has_totals || a->num_totals != b->num_totals ||
		memcmp(a + 1, b + 1, 16 * (size_t) a->num_totals) != 0)
		return false;
	for (int i = 0; i < monitor_compound_parts(a->kind); i++)
	{
		const MonitorProfile *x = monitor_compound_part_const(a, i);
		const MonitorProfile *y = monitor_compound_part_const(b, i);

		if (x->n != y->n || x->nan != y->nan ||
			memcmp(monitor_profile_counts_const(x), monitor_profile_counts_const(y),
				   sizeof(int64_t) * (size_t) monitor_profile_slots(x)) != 0)
			return false;
	}
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	MonitorCompoundKind kind;
	MonitorCompound *whole;
	MonitorCompound *sum;
	MonitorCompound *part;
	MonitorCompound *rest;
	size_t n;
	size_t cut;
	int64_t k;

	if (length < 3)
		return 0;
	kind = (MonitorCompoundKind) (1 + data[0] % 3);
	k = data[1];
	n = (length - 3) / 3;
	cut = data[2] % (n + 1);
	data += 3;
	whole = compound_of(kind, k, data, n);
	sum = compound_of(kind, k, data, cut);
	part = compound_of(kind, k, data, cut);
	rest = compound_of(kind, k, data + 3 * cut, n - cut);
	REQUIRE(monitor_compound_add(sum, rest) == MONITOR_OK && same(sum, whole));
	REQUIRE(monitor_compound_subtract(sum, rest) == MONITOR_OK);
	REQUIRE(!sum->has_totals || same(sum, part));
	free(whole);
	free(sum);
	free(part);
	free(rest);
	return 0;
}
