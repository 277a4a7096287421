/*
 * profile_codec.c
 *		The compact form of profiles: what is stored and sent.
 *
 *		byte	version
 *		byte	flags
 *		varint	k
 *		varint	bytes of the dictionary			(categorical, with anchors)
 *		8 + 8	id, little endian
 *		varint	n, missing
 *		numeric:
 *		varint	nan, zeros, +infinities, -infinities, outliers
 *		8 + 8	minimum, maximum				(known range)
 *		8		center
 *		zigzag	unit
 *		zigzag	sum, varint sum of squares		(known sums)
 *		counts, sparse or dense:
 *		sparse	varint number of slots that are not empty; for each a varint
 *				2 * (empty slots before it) + (count > 1), then count - 2 if that
 *		dense	varint count for each slot
 *		anchors, if embedded:
 *		8 each, or for each category a varint length and its bytes
 *
 * Varints are LEB128 without needless bytes; 8 is a float8, little endian.  The
 * smaller form of the counts is taken, sparse if both are equal.  So every
 * profile has one compact form with anchors and one without.
 */
#include "bytes.h"
#include "profile_internal.h"

#define FLAG_CATEGORICAL 0x01
#define FLAG_ANCHORS	 0x02
#define FLAG_RANGE		 0x04
#define FLAG_SUMS		 0x08
#define FLAG_OTHER		 0x10
#define FLAG_DENSE		 0x20
#define FLAG_KNOWN		 0x3F

/* ---- writing ---- */

static void
write_dense(Writer *writer, const int64_t *counts, int64_t slots)
{
	for (int64_t i = 0; i < slots; i++)
		write_count(writer, counts[i]);
}

static void
write_sparse(Writer *writer, const int64_t *counts, int64_t slots)
{
	int64_t used = 0;
	int64_t next = 0;

	for (int64_t i = 0; i < slots; i++)
		used += counts[i] != 0;
	write_count(writer, used);
	for (int64_t i = 0; i < slots; i++)
	{
		if (counts[i] == 0)
			continue;
		write_count(writer, 2 * (i - next) + (counts[i] > 1));
		if (counts[i] > 1)
			write_count(writer, counts[i] - 2);
		next = i + 1;
	}
}

/* Bytes of a varint. */
static inline int64_t
varint_length(int64_t value)
{
	/* 7 bits to a byte, and one byte for 0 */
	return (70 - __builtin_clzll((uint64_t) value | 1)) / 7;
}

static bool
dense_is_smaller(const MonitorProfile *profile)
{
	const int64_t *counts = monitor_profile_counts_const(profile);
	int64_t slots = monitor_profile_slots(profile);
	int64_t used = 0;
	int64_t next = 0;
	int64_t sparse = 0;
	int64_t dense = slots; /* a byte each */

	for (int64_t i = 0; i < slots; i++)
	{
		if (counts[i] == 0)
			continue;
		used++;
		dense += varint_length(counts[i]) - 1;
		sparse += varint_length(2 * (i - next)) +
			(counts[i] > 1 ? varint_length(counts[i] - 2) : 0);
		next = i + 1;
	}
	return dense < sparse + varint_length(used);
}

static void
write_numbers(Writer *writer, const MonitorProfile *profile)
{
	write_varint(writer, (monitor_uint128) profile->nan);
	write_varint(writer, (monitor_uint128) profile->zeros);
	write_varint(writer, (monitor_uint128) profile->positive_infinities);
	write_varint(writer, (monitor_uint128) profile->negative_infinities);
	write_varint(writer, (monitor_uint128) profile->outliers);
	if (profile->has_range)
	{
		write_double(writer, profile->minimum);
		write_double(writer, profile->maximum);
	}
	write_double(writer, profile->center);
	write_zigzag(writer, profile->unit);
	if (profile->has_sums)
	{
		write_zigzag(writer, monitor_int128_load(profile->sum));
		write_varint(writer, (monitor_uint128) monitor_int128_load(profile->sum_squares));
	}
}

static void
write_anchors(Writer *writer, const MonitorProfile *profile)
{
	for (int64_t i = 0; i < profile->k; i++)
	{
		uint32_t length;
		const char *category;

		if (!profile->categorical)
		{
			write_double(writer, monitor_profile_anchors(profile)[i]);
			continue;
		}
		category = monitor_profile_category(profile, i, &length);
		write_varint(writer, length);
		write_bytes(writer, category, length);
	}
}

static void
write_profile(Writer *writer, const MonitorProfile *profile, bool with_anchors)
{
	const int64_t *counts = monitor_profile_counts_const(profile);
	int64_t slots = monitor_profile_slots(profile);
	bool dense = dense_is_smaller(profile);
	unsigned flags = 0;

	with_anchors = with_anchors && profile->has_anchors;
	flags |= profile->categorical ? FLAG_CATEGORICAL : 0;
	flags |= with_anchors ? FLAG_ANCHORS : 0;
	flags |= profile->has_range ? FLAG_RANGE : 0;
	flags |= profile->has_sums ? FLAG_SUMS : 0;
	flags |= profile->has_other ? FLAG_OTHER : 0;
	flags |= dense ? FLAG_DENSE : 0;
	write_byte(writer, MONITOR_PROFILE_VERSION);
	write_byte(writer, (unsigned char) flags);
	write_varint(writer, (monitor_uint128) profile->k);
	if (profile->categorical && with_anchors)
		write_varint(writer, (monitor_uint128) profile->dictionary_bytes);
	write_word(writer, profile->id[0]);
	write_word(writer, profile->id[1]);
	write_varint(writer, (monitor_uint128) profile->n);
	write_varint(writer, (monitor_uint128) profile->missing);
	if (!profile->categorical)
		write_numbers(writer, profile);
	if (dense)
		write_dense(writer, counts, slots);
	else
		write_sparse(writer, counts, slots);
	if (with_anchors)
		write_anchors(writer, profile);
}

size_t
monitor_profile_encode_size(const MonitorProfile *profile, bool with_anchors)
{
	Writer writer = {NULL, 0};

	write_profile(&writer, profile, with_anchors);
	return writer.length;
}

size_t
monitor_profile_encode(const MonitorProfile *profile, bool with_anchors, unsigned char *out)
{
	Writer writer = {out, 0};

	write_profile(&writer, profile, with_anchors);
	return writer.length;
}

/* ---- reading ---- */

static void
read_numbers(Reader *reader, MonitorProfile *profile)
{
	monitor_int128 unit;
	monitor_uint128 squares;

	profile->nan = read_count(reader, MONITOR_PROFILE_MAX_ROWS);
	profile->zeros = read_count(reader, MONITOR_PROFILE_MAX_ROWS);
	profile->positive_infinities = read_count(reader, MONITOR_PROFILE_MAX_ROWS);
	profile->negative_infinities = read_count(reader, MONITOR_PROFILE_MAX_ROWS);
	profile->outliers = read_count(reader, MONITOR_PROFILE_MAX_ROWS);
	if (profile->has_range)
	{
		profile->minimum = read_double(reader);
		profile->maximum = read_double(reader);
	}
	profile->center = read_double(reader);
	unit = read_zigzag(reader);
	if (unit < INT16_MIN || unit > INT16_MAX)
		read_fail(reader);
	else
		profile->unit = (int32_t) unit;
	if (profile->has_sums)
	{
		monitor_int128_store(profile->sum, read_zigzag(reader));
		squares = read_varint(reader, 127);
		monitor_int128_store(profile->sum_squares, (monitor_int128) squares);
	}
}

/* Pass over what read_numbers reads. */
static void
skip_numbers(Reader *reader, const MonitorProfile *profile)
{
	for (int i = 0; i < 5; i++)
		skip_varint(reader);
	skip_bytes(reader, sizeof(double) * (profile->has_range ? 3 : 1));
	skip_varint(reader);
	if (profile->has_sums)
	{
		skip_varint(reader);
		skip_varint(reader);
	}
}

/* Read what every profile begins with: the slots it has, and how many rows it is of. */
static bool
read_shape(Reader *reader, MonitorProfile *profile, bool *dense)
{
	unsigned version = read_byte(reader);
	unsigned flags = read_byte(reader);

	memset(profile, 0, sizeof(*profile));
	if (version != MONITOR_PROFILE_VERSION || (flags & ~FLAG_KNOWN) != 0)
		return false;
	profile->form = MONITOR_PROFILE_WORKING;
	profile->categorical = (flags & FLAG_CATEGORICAL) != 0;
	profile->has_anchors = (flags & FLAG_ANCHORS) != 0;
	profile->has_range = (flags & FLAG_RANGE) != 0;
	profile->has_sums = (flags & FLAG_SUMS) != 0;
	profile->has_other = (flags & FLAG_OTHER) != 0;
	*dense = (flags & FLAG_DENSE) != 0;
	if (profile->has_other && !profile->categorical)
		return false;
	profile->k =
		read_count(reader, profile->categorical ? MONITOR_MAX_CATEGORIES : MONITOR_MAX_ANCHORS);
	if (profile->categorical && profile->has_anchors)
	{
		profile->dictionary_bytes = (int32_t) read_count(reader, INT32_MAX);
		profile->hash_bits = monitor_profile_hash_bits(profile->k);
	}
	profile->id[0] = read_word(reader);
	profile->id[1] = read_word(reader);
	profile->n = read_count(reader, MONITOR_PROFILE_MAX_ROWS);
	profile->missing = read_count(reader, MONITOR_PROFILE_MAX_ROWS);
	return !reader->failed;
}

/*
 * Read what stands before the counts.  What cannot hold the anchors it
 * promises fails here, before anyone allocates for them.
 */
static bool
read_head(Reader *reader, MonitorProfile *profile, bool *dense)
{
	if (!read_shape(reader, profile, dense))
		return false;
	if (!profile->categorical)
		read_numbers(reader, profile);
	if (profile->has_anchors &&
		reader->end - reader->at <
			(profile->categorical ? profile->k + profile->dictionary_bytes : 8 * profile->k))
		return false;
	return !reader->failed;
}

/* profile: its shape; counts: zeros */
static void
read_counts(Reader *reader, const MonitorProfile *profile, bool dense, int64_t *counts)
{
	int64_t slots = monitor_profile_slots(profile);
	int64_t used = dense ? slots : read_count(reader, slots);
	int64_t next = 0;

	for (int64_t i = 0; i < used && !reader->failed; i++)
	{
		int64_t token;

		MONITOR_POLL(i);
		if (dense)
		{
			counts[i] = read_count(reader, profile->n);
			continue;
		}
		token = read_count(reader, 2 * slots);
		next += token / 2;
		if (next >= slots)
		{
			read_fail(reader);
			return;
		}
		counts[next++] = token % 2 == 0 ? 1 : 2 + read_count(reader, profile->n);
	}
}

static void
read_anchors(Reader *reader, MonitorProfile *profile)
{
	double *anchors = monitor_profile_anchor_space(profile);

	for (int64_t i = 0; i < profile->k; i++)
	{
		anchors[i] = read_double(reader);
		if (isnan(anchors[i]) || (anchors[i] == 0 && signbit(anchors[i])) ||
			(i > 0 && !(anchors[i - 1] < anchors[i])))
		{
			read_fail(reader);
			return;
		}
	}
}

static void
read_categories(Reader *reader, MonitorProfile *profile)
{
	uint32_t *ends = monitor_profile_end_space(profile);
	char *dictionary = monitor_profile_dictionary_space(profile);
	int64_t end = 0;

	for (int64_t i = 0; i < profile->k; i++)
	{
		int64_t length = read_count(reader, profile->dictionary_bytes - end);

		if (reader->failed || length > reader->end - reader->at ||
			memchr(reader->at, '\0', (size_t) length) != NULL)
		{
			read_fail(reader);
			return;
		}
		memcpy(dictionary + end, reader->at, (size_t) length);
		reader->at += length;
		end += length;
		ends[i] = (uint32_t) end;
	}
	if (end != profile->dictionary_bytes || !monitor_profile_index(profile))
		read_fail(reader);
}

size_t
monitor_profile_strip(const unsigned char *bytes, size_t length, unsigned char *out)
{
	Reader reader = {bytes, bytes + length, false};
	MonitorProfile head;
	size_t kept;
	bool dense;

	if (!read_head(&reader, &head, &dense) || head.categorical || !head.has_anchors)
		return 0;
	kept = length - sizeof(double) * (size_t) head.k;
	memcpy(out, bytes, kept);
	out[1] &= (unsigned char) ~FLAG_ANCHORS;
	return kept;
}

MonitorStatus
monitor_profile_decode_size(const unsigned char *bytes, size_t length, size_t *size)
{
	Reader reader = {bytes, bytes + length, false};
	MonitorProfile head;
	bool dense;

	if (!read_head(&reader, &head, &dense))
		return MONITOR_CORRUPT;
	*size = monitor_profile_size(&head);
	return MONITOR_OK;
}

/* Read all; that it is a profile that was ever counted is not looked at. */
static MonitorStatus
read_profile(const unsigned char *bytes, size_t length, MonitorProfile *profile, size_t size,
			 bool *is_dense)
{
	Reader reader = {bytes, bytes + length, false};
	MonitorProfile head;
	bool dense;

	if (!read_head(&reader, &head, &dense))
		return MONITOR_CORRUPT;
	if (size < monitor_profile_size(&head))
		return MONITOR_NO_SPACE;
	memset(profile, 0, monitor_profile_size(&head));
	*profile = head;
	read_counts(&reader, profile, dense, monitor_profile_counts(profile));
	if (!reader.failed && profile->has_anchors)
	{
		if (profile->categorical)
			read_categories(&reader, profile);
		else
			read_anchors(&reader, profile);
	}
	if (reader.failed || reader.at != reader.end)
		return MONITOR_CORRUPT;
	*is_dense = dense;
	return MONITOR_OK;
}

MonitorStatus
monitor_profile_load(const unsigned char *bytes, size_t length, MonitorProfile *profile,
					 size_t size)
{
	bool dense;
	MonitorStatus status = read_profile(bytes, length, profile, size, &dense);

	/* that the counts are of the rows is what loops rely on to end */
	if (status == MONITOR_OK && !monitor_profile_rows_agree(profile))
		return MONITOR_CORRUPT;
	return status;
}

MonitorStatus
monitor_profile_load_counts(const unsigned char *bytes, size_t length, const MonitorProfile *like,
							int64_t *counts, int64_t *n)
{
	Reader reader = {bytes, bytes + length, false};
	MonitorProfile head;
	int64_t slots = monitor_profile_slots(like);
	bool dense;

	if (!read_shape(&reader, &head, &dense))
		return MONITOR_CORRUPT;
	if (head.categorical != like->categorical || head.k != like->k || head.id[0] != like->id[0] ||
		head.id[1] != like->id[1])
		return MONITOR_MISMATCH;
	if (!head.categorical)
		skip_numbers(&reader, &head);
	memset(counts, 0, sizeof(int64_t) * (size_t) slots);
	read_counts(&reader, &head, dense, counts);
	*n = head.n;
	return reader.failed || !monitor_counts_are_of(counts, slots, head.n) ? MONITOR_CORRUPT
																		  : MONITOR_OK;
}

MonitorStatus
monitor_profile_decode(const unsigned char *bytes, size_t length, MonitorProfile *profile,
					   size_t size)
{
	uint64_t id[2];
	bool dense;
	MonitorStatus status = read_profile(bytes, length, profile, size, &dense);

	if (status != MONITOR_OK)
		return status;
	if (!monitor_profile_consistent(profile) || dense != dense_is_smaller(profile))
		return MONITOR_CORRUPT;
	if (profile->has_anchors)
	{
		monitor_profile_hash(profile, id);
		if (id[0] != profile->id[0] || id[1] != profile->id[1])
			return MONITOR_CORRUPT;
	}
	return MONITOR_OK;
}
