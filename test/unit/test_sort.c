/*
 * test_sort.c
 *		Sorting keys: every kind of input that the radix sort treats in its own way.
 */
#include <stdlib.h>

#include "sample.h"
#include "unit.h"

static uint64_t state = 88172645463325252u;

static uint64_t
random_bits(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static int
compare_keys(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *) a;
	uint64_t y = *(const uint64_t *) b;

	return x < y ? -1 : x > y;
}

/* kind: what the keys look like */
static uint64_t
make_key(int kind, int64_t i, int64_t n)
{
	double unit = (double) (random_bits() >> 11) * 0x1p-53;

	switch (kind)
	{
		case 0:
			return monitor_key_from_double(unit);
		case 1:
			return monitor_key_from_double((double) (random_bits() % 100) / 7);
		case 2: /* clusters: digits depend on each other, so that insertion gives up */
			return monitor_key_from_double((double) (int64_t) (i % 17 * 1234567891 % 9973) +
										   unit * 1e-7);
		case 3:
			return monitor_key_from_double(unit < 0.5 ? -INFINITY : INFINITY);
		case 4:
			return (uint64_t) i;
		case 5:
			return (uint64_t) (n - i);
		case 6:
			return 42;
		case 7: /* all differ in the lowest bytes only */
			return UINT64_C(0x4000000000000000) + random_bits() % 70000;
		default:
			return random_bits();
	}
}

int
main(void)
{
	static const int64_t sizes[] = {0, 1, 2, 63, 64, 65, 1000, 70000, 300000};
	int64_t most = 300000;
	uint64_t *keys = malloc(sizeof(uint64_t) * most);
	uint64_t *expected = malloc(sizeof(uint64_t) * most);
	uint64_t *scratch = malloc(sizeof(uint64_t) * most);

	for (int kind = 0; kind <= 8; kind++)
	{
		for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
		{
			int64_t n = sizes[s];

			for (int64_t i = 0; i < n; i++)
				keys[i] = expected[i] = make_key(kind, i, n);
			qsort(expected, n, sizeof(uint64_t), compare_keys);
			monitor_sort_keys(keys, scratch, n);
			unit_ok(memcmp(keys, expected, sizeof(uint64_t) * n) == 0, "kind %d, %ld keys", kind,
					(long) n);
		}
	}
	free(keys);
	free(expected);
	free(scratch);
	return unit_done();
}
