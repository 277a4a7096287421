/*
 * profile.c
 *		Layout of profiles, their identity and their initialisation.
 */
#include "profile_internal.h"

_Static_assert(sizeof(MonitorProfile) % 8 == 0, "what follows is 8-byte aligned");

static inline size_t
align8(size_t size)
{
	return (size + 7) & ~(size_t) 7;
}

/* ---- MurmurHash3_x64_128 (Austin Appleby, public domain), seed 0 ---- */

static inline uint64_t
rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

/* Eight bytes as a little-endian number, on every machine. */
static inline uint64_t
load_little_endian(const unsigned char *bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value |= (uint64_t) bytes[i] << (8 * i);
	return value;
}

static inline void
store_little_endian(unsigned char *bytes, uint64_t value)
{
	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char) (value >> (8 * i));
}

static inline uint64_t
mix_first(uint64_t k1)
{
	return rotate(k1 * UINT64_C(0x87c37b91114253d5), 31) * UINT64_C(0x4cf5ad432745937f);
}

static inline uint64_t
mix_second(uint64_t k2)
{
	return rotate(k2 * UINT64_C(0x4cf5ad432745937f), 33) * UINT64_C(0x87c37b91114253d5);
}

static inline uint64_t
mix_final(uint64_t h)
{
	h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ h >> 33;
}

static void
hash_block(MonitorHasher *hasher, const unsigned char *block)
{
	hasher->h1 ^= mix_first(load_little_endian(block));
	hasher->h1 = (rotate(hasher->h1, 27) + hasher->h2) * 5 + 0x52dce729;
	hasher->h2 ^= mix_second(load_little_endian(block + 8));
	hasher->h2 = (rotate(hasher->h2, 31) + hasher->h1) * 5 + 0x38495ab5;
}

void
monitor_hash_begin(MonitorHasher *hasher)
{
	memset(hasher, 0, sizeof(*hasher));
}

void
monitor_hash_update(MonitorHasher *hasher, const void *bytes, size_t length)
{
	const unsigned char *from = bytes;
	size_t in_tail = hasher->length % 16;

	hasher->length += length;
	while (length > 0)
	{
		size_t part;

		for (; in_tail == 0 && length >= 16; from += 16, length -= 16)
			hash_block(hasher, from);
		part = 16 - in_tail < length ? 16 - in_tail : length;

		memcpy(hasher->tail + in_tail, from, part);
		in_tail += part;
		from += part;
		length -= part;
		if (in_tail == 16)
		{
			hash_block(hasher, hasher->tail);
			in_tail = 0;
		}
	}
}

void
monitor_hash_end(MonitorHasher *hasher, uint64_t hash[2])
{
	size_t in_tail = hasher->length % 16;

	memset(hasher->tail + in_tail, 0, 16 - in_tail);
	hasher->h1 ^= mix_first(load_little_endian(hasher->tail)) ^ hasher->length;
	hasher->h2 ^= mix_second(load_little_endian(hasher->tail + 8)) ^ hasher->length;
	hasher->h1 += hasher->h2;
	hasher->h2 += hasher->h1;
	hasher->h1 = mix_final(hasher->h1);
	hasher->h2 = mix_final(hasher->h2);
	hash[0] = hasher->h1 + hasher->h2;
	hash[1] = hasher->h2 + hash[0];
}

/* ---- layout ---- */

int64_t
monitor_profile_slots(const MonitorProfile *profile)
{
	return profile->categorical ? profile->k + 2 : 2 * profile->k + 1;
}

/* Bytes of the fixed part and the queue. */
static size_t
counts_start(const MonitorProfile *profile)
{
	return sizeof(MonitorProfile) + sizeof(double) * profile->pending_capacity;
}

static size_t
counts_end(const MonitorProfile *profile)
{
	return counts_start(profile) + sizeof(int64_t) * (size_t) monitor_profile_slots(profile);
}

static size_t
anchors_end(const MonitorProfile *profile)
{
	return counts_end(profile) + sizeof(double) * (size_t) profile->k;
}

static size_t
dictionary_start(const MonitorProfile *profile)
{
	return counts_end(profile) + align8(sizeof(uint32_t) * (size_t) profile->k);
}

static size_t
lookup_start(const MonitorProfile *profile)
{
	return dictionary_start(profile) + align8((size_t) profile->dictionary_bytes);
}

int64_t *
monitor_profile_counts(MonitorProfile *profile)
{
	return (int64_t *) ((char *) profile + counts_start(profile));
}

const int64_t *
monitor_profile_counts_const(const MonitorProfile *profile)
{
	return (const int64_t *) ((const char *) profile + counts_start(profile));
}

double *
monitor_profile_anchor_space(MonitorProfile *profile)
{
	return (double *) ((char *) profile + counts_end(profile));
}

uint32_t *
monitor_profile_end_space(MonitorProfile *profile)
{
	return (uint32_t *) ((char *) profile + counts_end(profile));
}

char *
monitor_profile_dictionary_space(MonitorProfile *profile)
{
	return (char *) profile + dictionary_start(profile);
}

const double *
monitor_profile_anchors(const MonitorProfile *profile)
{
	if (profile->categorical || !profile->has_anchors)
		return NULL;
	return (const double *) ((const char *) profile + counts_end(profile));
}

const char *
monitor_profile_category(const MonitorProfile *profile, int64_t i, uint32_t *length)
{
	const uint32_t *ends = (const uint32_t *) ((const char *) profile + counts_end(profile));
	uint32_t start;

	*length = 0;
	if (!profile->categorical || !profile->has_anchors)
		return NULL;
	start = i == 0 ? 0 : ends[i - 1];
	*length = ends[i] - start;
	return (const char *) profile + dictionary_start(profile) + start;
}

uint32_t
monitor_profile_hash_bits(int64_t k)
{
	uint32_t bits = 1;

	while ((INT64_C(1) << bits) < 2 * k)
		bits++;
	return bits;
}

size_t
monitor_profile_size(const MonitorProfile *profile)
{
	if (!profile->has_anchors)
		return counts_end(profile);
	if (profile->categorical)
		return lookup_start(profile) + align8(sizeof(uint32_t) << profile->hash_bits);
	return anchors_end(profile) + (monitor_profile_has_grid(profile) ? sizeof(MonitorGrid) : 0);
}

size_t
monitor_profile_size_numeric(int64_t k, uint32_t pending_capacity)
{
	MonitorProfile shape = {.has_anchors = 1, .k = k, .pending_capacity = pending_capacity};

	return monitor_profile_size(&shape);
}

size_t
monitor_profile_size_categorical(int64_t k, size_t dictionary_bytes)
{
	MonitorProfile shape = {.has_anchors = 1, .categorical = 1, .k = k};

	shape.hash_bits = monitor_profile_hash_bits(k);
	/* not via dictionary_bytes, which is too small for what init refuses */
	return monitor_profile_size(&shape) + align8(dictionary_bytes);
}

/* ---- identity ---- */

static void
hash_number(MonitorHasher *hasher, uint64_t number)
{
	unsigned char bytes[8];

	store_little_endian(bytes, number);
	monitor_hash_update(hasher, bytes, sizeof(bytes));
}

/*
 * MurmurHash3 of: a byte for the kind, a byte for has_other, k, and the anchors
 * or each category's length and bytes; numbers as 8 bytes, little endian.
 */
void
monitor_profile_hash(const MonitorProfile *profile, uint64_t id[2])
{
	unsigned char kind[2] = {profile->categorical ? 'c' : 'n', profile->has_other};
	const double *anchors = monitor_profile_anchors(profile);
	MonitorHasher hasher;

	monitor_hash_begin(&hasher);
	monitor_hash_update(&hasher, kind, sizeof(kind));
	hash_number(&hasher, (uint64_t) profile->k);
	if (!profile->categorical && MONITOR_LITTLE_ENDIAN)
	{
		/* they are in memory as they are hashed */
		monitor_hash_update(&hasher, anchors, sizeof(double) * (size_t) profile->k);
		monitor_hash_end(&hasher, id);
		return;
	}
	for (int64_t i = 0; i < profile->k; i++)
	{
		uint64_t bits;

		MONITOR_POLL(i);
		if (profile->categorical)
		{
			uint32_t length;
			const char *category = monitor_profile_category(profile, i, &length);

			hash_number(&hasher, length);
			monitor_hash_update(&hasher, category, length);
			continue;
		}
		memcpy(&bits, &anchors[i], sizeof(bits));
		hash_number(&hasher, bits);
	}
	monitor_hash_end(&hasher, id);
}

/*
 * The unit is a power of two, so that scaling is exact, and such that no
 * finite anchor is 2^44 units from the center; sums of squares then take
 * 2^39 rows and outliers are more than 2^18 times as far out as the anchors.
 * Anchors that say nothing about a scale (none, or one) give their own size, or 1.
 */
void
monitor_profile_scale(const double *anchors, int64_t k, double *center, int32_t *unit)
{
	int64_t first = k > 0 && anchors[0] == -INFINITY ? 1 : 0;
	int64_t last = k > 0 && anchors[k - 1] == INFINITY ? k - 2 : k - 1;
	double half_range = 0;
	int exponent;

	*center = 0;
	if (first <= last)
	{
		/* halves, since the range itself may be too large for a float8 */
		*center = anchors[first + (last - first) / 2];
		half_range = fmax(*center / 2 - anchors[first] / 2, anchors[last] / 2 - *center / 2);
		if (half_range == 0)
			half_range = anchors[last] - anchors[first]; /* subnormal */
		if (half_range == 0)
			half_range = fabs(*center) / 2;
	}
	if (half_range == 0)
		half_range = 0.5;
	(void) frexp(half_range, &exponent);
	*unit = exponent + 1 - 44;
}

/* ---- initialisation ---- */

static void
begin(MonitorProfile *profile, const MonitorProfile *shape)
{
	memset(profile, 0, monitor_profile_size(shape));
	*profile = *shape;
	profile->form = MONITOR_PROFILE_WORKING;
	profile->has_anchors = 1;
	profile->has_sums = 1;
}

MonitorStatus
monitor_profile_init_numeric(MonitorProfile *profile, const double *anchors, int64_t k,
							 uint32_t pending_capacity)
{
	MonitorProfile shape = {.has_anchors = 1, .k = k, .pending_capacity = pending_capacity};
	double *space;

	if (k < 0 || k > MONITOR_MAX_ANCHORS)
		return MONITOR_OVERFLOW;
	for (int64_t i = 0; i < k; i++)
	{
		MONITOR_POLL(i);
		if (isnan(anchors[i]) || (i > 0 && !(anchors[i - 1] < anchors[i])))
			return MONITOR_MISMATCH;
	}
	begin(profile, &shape);
	space = monitor_profile_anchor_space(profile);
	for (int64_t i = 0; i < k; i++)
		space[i] = anchors[i] + 0.0; /* -0 + 0 = +0 */
	monitor_profile_scale(space, k, &profile->center, &profile->unit);
	monitor_profile_hash(profile, profile->id);
	return MONITOR_OK;
}

MonitorStatus
monitor_profile_init_categorical(MonitorProfile *profile, const char *const *categories,
								 const uint32_t *lengths, int64_t k, bool has_other)
{
	MonitorProfile shape = {.has_anchors = 1, .categorical = 1, .has_other = has_other, .k = k};
	uint64_t total = 0;
	uint32_t *ends;
	char *dictionary;

	if (k < 0 || k > MONITOR_MAX_CATEGORIES)
		return MONITOR_OVERFLOW;
	for (int64_t i = 0; i < k; i++)
	{
		if (memchr(categories[i], '\0', lengths[i]) != NULL)
			return MONITOR_MISMATCH;
		total += lengths[i];
	}
	if (total > INT32_MAX)
		return MONITOR_OVERFLOW;
	shape.dictionary_bytes = (int32_t) total;
	shape.hash_bits = monitor_profile_hash_bits(k);
	begin(profile, &shape);
	ends = monitor_profile_end_space(profile);
	dictionary = monitor_profile_dictionary_space(profile);
	for (int64_t i = 0; i < k; i++)
	{
		uint32_t start = i == 0 ? 0 : ends[i - 1];

		memcpy(dictionary + start, categories[i], lengths[i]);
		ends[i] = start + lengths[i];
	}
	if (!monitor_profile_index(profile))
		return MONITOR_MISMATCH;
	monitor_profile_hash(profile, profile->id);
	return MONITOR_OK;
}

/* ---- looking up ---- */

/*
 * A fast hash for the lookup table, which is never stored: words of the
 * value, the last one overlapping, each mixed in by a multiplication.
 */
static inline uint64_t
hash_category(const char *value, uint32_t length)
{
	uint64_t hash = length;
	uint64_t word = 0;

	for (uint32_t i = 0; i + 8 < length; i += 8)
	{
		memcpy(&word, value + i, 8);
		hash = mix_first(hash ^ word);
	}
	if (length >= 8)
		memcpy(&word, value + length - 8, 8);
	else
	{
		word = 0;
		for (uint32_t i = 0; i < length; i++)
			word = word << 8 | (unsigned char) value[i];
	}
	return mix_final(hash ^ word);
}

/* The place in the lookup table where a category is, or belongs. */
static uint32_t *
find_place(const MonitorProfile *profile, const char *value, uint32_t length)
{
	uint32_t *table = (uint32_t *) ((char *) profile + lookup_start(profile));
	uint32_t mask = (UINT32_C(1) << profile->hash_bits) - 1;
	uint32_t place = (uint32_t) hash_category(value, length) & mask;

	for (; table[place] != 0; place = (place + 1) & mask)
	{
		uint32_t listed_length;
		const char *listed = monitor_profile_category(profile, table[place] - 1, &listed_length);

		if (listed_length == length && memcmp(listed, value, length) == 0)
			break;
	}
	return &table[place];
}

bool
monitor_profile_index(MonitorProfile *profile)
{
	for (int64_t i = 0; i < profile->k; i++)
	{
		uint32_t length;
		const char *category = monitor_profile_category(profile, i, &length);
		uint32_t *place = find_place(profile, category, length);

		MONITOR_POLL(i);
		if (*place != 0)
			return false;
		*place = (uint32_t) i + 1;
	}
	return true;
}

int64_t
monitor_profile_lookup(const MonitorProfile *profile, const char *value, uint32_t length)
{
	return (int64_t) *find_place(profile, value, length) - 1;
}

int64_t
monitor_profile_slot(const double *anchors, int64_t k, double x)
{
	int64_t low = 0;
	int64_t high = k;

	while (low < high)
	{
		int64_t middle = low + (high - low) / 2;

		if (anchors[middle] < x)
			low = middle + 1;
		else
			high = middle;
	}
	return 2 * low + (low < k && anchors[low] == x);
}
