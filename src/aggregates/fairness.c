/*
 * fairness.c
 *		Differences between groups over rows: counting predicted and true classes of
 *		each group, and the four differences.  A difference is one line at the end.
 *
 * Memory follows the number of groups, not of rows, and counts against
 * monitor.max_aggregate_memory.  Counts are integers and weights are summed without
 * rounding, so that no plan changes a bit of the result.
 */
#include "postgres.h"

#include "confusion_state.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "category_value.h"
#include "common/hashfn.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "stats/fairness.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* Is the label the positive class? */
typedef enum Label
{
	LABEL_NEGATIVE,
	LABEL_POSITIVE,
	LABEL_MISSING
} Label;

typedef struct GroupKey
{
	const char *name;
	uint32 length;
	uint32 hash;
} GroupKey;

/* Of a prediction and a truth (which may be missing), as the counts. */
typedef struct GroupWeights
{
	MonitorTotal sum[2][3];
	MonitorTotal squares[2][3];
} GroupWeights;

typedef struct GroupEntry
{
	GroupKey key;
	char status;		   /* simplehash */
	int64 count[2][3];	   /* prediction, truth (which may be missing) */
	GroupWeights *weights; /* NULL where rows have none */
} GroupEntry;

static inline bool
keys_equal(GroupKey a, GroupKey b)
{
	return a.hash == b.hash && a.length == b.length && memcmp(a.name, b.name, a.length) == 0;
}

#define SH_PREFIX				group
#define SH_ELEMENT_TYPE			GroupEntry
#define SH_KEY_TYPE				GroupKey
#define SH_KEY					key
#define SH_HASH_KEY(table, key) (key).hash
#define SH_EQUAL(table, a, b)	keys_equal(a, b)
#define SH_SCOPE				static inline
#define SH_STORE_HASH
#define SH_GET_HASH(table, entry) (entry)->key.hash
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

#define INITIAL_SIZE 16

PG_FUNCTION_INFO_V1(monitor_fairness_accum);
PG_FUNCTION_INFO_V1(monitor_fairness_accum_weighted);
PG_FUNCTION_INFO_V1(monitor_fairness_combine);
PG_FUNCTION_INFO_V1(monitor_fairness_serialize);
PG_FUNCTION_INFO_V1(monitor_fairness_deserialize);

typedef struct FairnessState
{
	MemoryContext context;
	group_hash *table;
	char *positive; /* as given; NULL: not named */
	bool weighted;
} FairnessState;

/* ---- the state ---- */

static FairnessState *
create_state(MemoryContext context, const char *positive, bool weighted)
{
	FairnessState *state = MemoryContextAllocZero(context, sizeof(FairnessState));

	state->context = context;
	state->table = group_create(context, INITIAL_SIZE, NULL);
	if (positive != NULL)
		state->positive = MemoryContextStrdup(context, positive);
	state->weighted = weighted;
	return state;
}

static GroupEntry *
find_group(FairnessState *state, const char *name, uint32 length)
{
	GroupKey key = {name, length, hash_bytes((const unsigned char *) name, (int) length)};
	bool found;
	GroupEntry *entry = group_insert(state->table, key, &found);

	if (!found)
	{
		char *copy = MemoryContextAlloc(state->context, Max(length, 1));

		memcpy(copy, name, length);
		entry->key.name = copy;
		memset(entry->count, 0, sizeof(entry->count));
		entry->weights =
			state->weighted ? MemoryContextAllocZero(state->context, sizeof(GroupWeights)) : NULL;
		/* looking at the whole context is not free: only now and then */
		if (state->table->members % 64 == 0)
			monitor_reserve(state->context,
							64 *
								(sizeof(GroupEntry) +
								 (state->weighted ? sizeof(GroupWeights) : 0)));
	}
	return entry;
}

static void
check_same_positive(const char *known, const char *given)
{
	if (known == NULL || given == NULL ? known != given : strcmp(known, given) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("positive must be the same for all rows of a group")));
}

/* ---- transition ---- */

/* Readers of both labels and of the group, kept in fn_extra. */
typedef struct FairnessReaders
{
	struct CategoryReader *label;
	struct CategoryReader *group;
	LabelKind kind;
	bool is_padded; /* character(n), whose trailing blanks say nothing */
} FairnessReaders;

static FairnessReaders *
fairness_readers(FunctionCallInfo fcinfo)
{
	FmgrInfo *flinfo = fcinfo->flinfo;

	if (flinfo->fn_extra == NULL)
	{
		FairnessReaders *readers = MemoryContextAlloc(flinfo->fn_mcxt, sizeof(FairnessReaders));
		Oid label = get_fn_expr_argtype(flinfo, 1);
		Oid group = get_fn_expr_argtype(flinfo, 3);

		if (!OidIsValid(label) || !OidIsValid(group))
			elog(ERROR, "could not determine the types of the arguments");
		readers->label = monitor_category_reader(label, flinfo->fn_mcxt);
		readers->group = monitor_category_reader(group, flinfo->fn_mcxt);
		readers->kind = monitor_label_kind(label);
		readers->is_padded = getBaseType(label) == BPCHAROID;
		flinfo->fn_extra = readers;
	}
	return (FairnessReaders *) flinfo->fn_extra;
}

/* Read a label argument; positive NULL: not named. */
static Label
read_label(FunctionCallInfo fcinfo, int argno, FairnessReaders *readers, const char *positive)
{
	const char *name = monitor_positive_name(readers->kind, positive);
	const char *bytes;
	uint32 length;

	if (PG_ARGISNULL(argno) ||
		!monitor_category_text(readers->label, PG_GETARG_DATUM(argno), &bytes, &length))
		return LABEL_MISSING;
	while (readers->is_padded && length > 0 && bytes[length - 1] == ' ')
		length--;
	if (positive == NULL &&
		(name == NULL ||
		 (readers->kind == LABEL_NUMBER && (length != 1 || (*bytes != '0' && *bytes != '1')))))
		monitor_refuse_labels(pnstrdup(bytes, length));
	return strlen(name) == length && memcmp(name, bytes, length) == 0 ? LABEL_POSITIVE
																	  : LABEL_NEGATIVE;
}

/* Count a row of known prediction and group. */
static void
count_row(FairnessState *state, GroupEntry *entry, Label prediction, Label truth, double weight)
{
	entry->count[prediction][truth]++;
	if (!state->weighted)
		return;
	monitor_check_weight(weight);
	monitor_total_add(&entry->weights->sum[prediction][truth], weight);
	monitor_total_add_product(&entry->weights->squares[prediction][truth], weight, weight);
}

/*
 * Arguments are numbered, 0 where a call has none.  A row of unknown truth still has a
 * prediction.
 */
static FairnessState *
accumulate(FunctionCallInfo fcinfo, int positive_argument, int weight_argument)
{
	FairnessReaders *readers = fairness_readers(fcinfo);
	char *positive = positive_argument > 0 && !PG_ARGISNULL(positive_argument)
		? text_to_cstring(PG_GETARG_TEXT_PP(positive_argument))
		: NULL;
	FairnessState *state = PG_ARGISNULL(0)
		? create_state(monitor_aggregate_context(fcinfo), positive, weight_argument > 0)
		: (FairnessState *) PG_GETARG_POINTER(0);
	Label prediction = read_label(fcinfo, 1, readers, positive);
	Label truth = read_label(fcinfo, 2, readers, positive);
	double weight = 1;
	const char *name;
	uint32 length;

	check_same_positive(state->positive, positive);
	if (weight_argument > 0)
		weight = PG_ARGISNULL(weight_argument) ? NAN : PG_GETARG_FLOAT8(weight_argument);
	if (prediction != LABEL_MISSING && !isnan(weight) && !PG_ARGISNULL(3) &&
		monitor_category_text(readers->group, PG_GETARG_DATUM(3), &name, &length))
		count_row(state, find_group(state, name, length), prediction, truth, weight);
	return state;
}

/* fairness_accum(internal, prediction, truth, group [, positive text [, weight float8]]) */
Datum
monitor_fairness_accum(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(accumulate(fcinfo, PG_NARGS() > 4 ? 4 : 0, PG_NARGS() > 5 ? 5 : 0));
}

/* fairness_accum(internal, prediction, truth, group, weight float8) */
Datum
monitor_fairness_accum_weighted(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(accumulate(fcinfo, 0, 4));
}

/* ---- parallel plans ---- */

static void
add_group(GroupEntry *entry, const GroupEntry *from)
{
	for (int i = 0; i < 6; i++)
	{
		entry->count[i / 3][i % 3] += from->count[i / 3][i % 3];
		if (entry->weights == NULL)
			continue;
		monitor_total_merge(&entry->weights->sum[i / 3][i % 3], &from->weights->sum[i / 3][i % 3]);
		monitor_total_merge(&entry->weights->squares[i / 3][i % 3],
							&from->weights->squares[i / 3][i % 3]);
	}
}

Datum
monitor_fairness_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = monitor_aggregate_context(fcinfo);
	FairnessState *state = PG_ARGISNULL(0) ? NULL : (FairnessState *) PG_GETARG_POINTER(0);
	FairnessState *other = PG_ARGISNULL(1) ? NULL : (FairnessState *) PG_GETARG_POINTER(1);
	group_iterator iterator;
	GroupEntry *from;

	if (other == NULL)
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	if (state == NULL)
		state = create_state(context, other->positive, other->weighted);
	check_same_positive(state->positive, other->positive);
	group_start_iterate(other->table, &iterator);
	while ((from = group_iterate(other->table, &iterator)) != NULL)
		add_group(find_group(state, from->key.name, from->key.length), from);
	PG_RETURN_POINTER(state);
}

Datum
monitor_fairness_serialize(PG_FUNCTION_ARGS)
{
	FairnessState *state = (FairnessState *) PG_GETARG_POINTER(0);
	StringInfoData buffer;
	group_iterator iterator;
	GroupEntry *entry;

	monitor_aggregate_context(fcinfo);
	pq_begintypsend(&buffer);
	pq_sendbyte(&buffer, state->weighted);
	pq_sendbyte(&buffer, state->positive != NULL);
	if (state->positive != NULL)
		pq_sendbytes(&buffer, state->positive, (int) strlen(state->positive) + 1);
	pq_sendint64(&buffer, state->table->members);
	group_start_iterate(state->table, &iterator);
	while ((entry = group_iterate(state->table, &iterator)) != NULL)
	{
		pq_sendint32(&buffer, entry->key.length);
		pq_sendbytes(&buffer, entry->key.name, (int) entry->key.length);
		pq_sendbytes(&buffer, (const char *) entry->count, sizeof(entry->count));
		if (state->weighted)
			pq_sendbytes(&buffer, (const char *) entry->weights, sizeof(GroupWeights));
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

Datum
monitor_fairness_deserialize(PG_FUNCTION_ARGS)
{
	bytea *bytes = PG_GETARG_BYTEA_PP(0);
	FairnessState *state = create_state(CurrentMemoryContext, NULL, false);
	StringInfoData buffer;
	int64 n;

	monitor_aggregate_context(fcinfo);
	initStringInfo(&buffer);
	appendBinaryStringInfo(&buffer, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	state->weighted = pq_getmsgbyte(&buffer) != 0;
	if (pq_getmsgbyte(&buffer) != 0)
	{
		const char *positive = buffer.data + buffer.cursor;

		state->positive = pstrdup(pq_getmsgbytes(&buffer, (int) strlen(positive) + 1));
	}
	n = pq_getmsgint64(&buffer);
	for (int64 i = 0; i < n; i++)
	{
		int length = pq_getmsgint(&buffer, 4);
		const char *name = pq_getmsgbytes(&buffer, length);
		GroupEntry *entry = find_group(state, name, length);

		memcpy(entry->count, pq_getmsgbytes(&buffer, sizeof(entry->count)), sizeof(entry->count));
		if (state->weighted)
			memcpy(entry->weights, pq_getmsgbytes(&buffer, sizeof(GroupWeights)),
				   sizeof(GroupWeights));
	}
	pq_getmsgend(&buffer);
	PG_RETURN_POINTER(state);
}

/* ---- final functions ---- */

/* Which cells are hits, and which are the others that they are a share of. */
typedef struct GroupRate
{
	bool is_hit[2][3]; /* as counts */
	bool is_other[2][3];
} GroupRate;

#define CELL(prediction, truth) [LABEL_##prediction][LABEL_##truth] = true

static const GroupRate selection_rate =
	{.is_hit = {CELL(POSITIVE, NEGATIVE), CELL(POSITIVE, POSITIVE), CELL(POSITIVE, MISSING)},
	 .is_other = {CELL(NEGATIVE, NEGATIVE), CELL(NEGATIVE, POSITIVE), CELL(NEGATIVE, MISSING)}};
static const GroupRate true_positive_rate = {.is_hit = {CELL(POSITIVE, POSITIVE)},
											 .is_other = {CELL(NEGATIVE, POSITIVE)}};
static const GroupRate positive_predictive_value = {.is_hit = {CELL(POSITIVE, POSITIVE)},
													.is_other = {CELL(POSITIVE, NEGATIVE)}};
static const GroupRate false_positive_rate = {.is_hit = {CELL(POSITIVE, NEGATIVE)},
											  .is_other = {CELL(NEGATIVE, NEGATIVE)}};

static MonitorGroupShare
counted_share(const GroupEntry *entry, const GroupRate *rate)
{
	int64 hits = 0;
	int64 n = 0;

	for (int i = 0; i < 6; i++)
	{
		int64 count = entry->count[i / 3][i % 3];

		hits += rate->is_hit[i / 3][i % 3] ? count : 0;
		n += rate->is_hit[i / 3][i % 3] || rate->is_other[i / 3][i % 3] ? count : 0;
	}
	return (MonitorGroupShare){(double) hits, (double) n, (double) n};
}

static MonitorGroupShare
weighted_share(const GroupEntry *entry, const GroupRate *rate)
{
	MonitorTotal sum[2]; /* of the others, of the hits */
	MonitorTotal squares[2];

	memset(sum, 0, sizeof(sum));
	memset(squares, 0, sizeof(squares));
	for (int i = 0; i < 6; i++)
	{
		bool hit = rate->is_hit[i / 3][i % 3];

		if (!hit && !rate->is_other[i / 3][i % 3])
			continue;
		monitor_total_merge(&sum[hit], &entry->weights->sum[i / 3][i % 3]);
		monitor_total_merge(&squares[hit], &entry->weights->squares[i / 3][i % 3]);
	}
	return monitor_weighted_share(monitor_total_value(&sum[true]), monitor_total_value(&sum[false]),
								  monitor_total_value(&squares[true]),
								  monitor_total_value(&squares[false]));
}

static int
compare_groups(const void *a, const void *b)
{
	const GroupEntry *x = *(const GroupEntry *const *) a;
	const GroupEntry *y = *(const GroupEntry *const *) b;
	int order = memcmp(x->key.name, y->key.name, Min(x->key.length, y->key.length));

	if (order != 0)
		return order;
	return x->key.length < y->key.length ? -1 : x->key.length > y->key.length;
}

/* All groups, in the order of their bytes. */
static GroupEntry **
sorted_groups(const FairnessState *state)
{
	GroupEntry **groups =
		palloc_extended(Max(state->table->members, 1) * sizeof(GroupEntry *), MCXT_ALLOC_HUGE);
	group_iterator iterator;
	GroupEntry *entry;
	int64 i = 0;

	group_start_iterate(state->table, &iterator);
	while ((entry = group_iterate(state->table, &iterator)) != NULL)
		groups[i++] = entry;
	qsort(groups, i, sizeof(GroupEntry *), compare_groups);
	CHECK_FOR_INTERRUPTS();
	return groups;
}

static Datum
group_name(const GroupEntry *entry)
{
	return PointerGetDatum(cstring_to_text_with_len(entry->key.name, (int) entry->key.length));
}

/* monitor.group_difference */
static Datum
return_difference(FunctionCallInfo fcinfo, const GroupRate *rate)
{
	FairnessState *state;
	MonitorShareDifference result;
	MonitorGroupShare *shares;
	GroupEntry **groups;
	Datum values[8];
	bool nulls[8] = {false};

	monitor_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (FairnessState *) PG_GETARG_POINTER(0);
	groups = sorted_groups(state);
	shares =
		palloc_extended(Max(state->table->members, 1) * sizeof(MonitorGroupShare), MCXT_ALLOC_HUGE);
	for (int64 i = 0; i < state->table->members; i++)
		shares[i] = state->weighted ? weighted_share(groups[i], rate)
									: counted_share(groups[i], rate);
	if (monitor_share_difference(shares, state->table->members, &result) != MONITOR_OK)
		PG_RETURN_NULL();
	values[0] = Float8GetDatum(result.difference);
	values[1] = Float8GetDatum(result.low);
	values[2] = Float8GetDatum(result.high);
	values[3] = group_name(groups[result.highest]);
	values[4] = group_name(groups[result.lowest]);
	values[5] = Float8GetDatum(result.highest_share);
	values[6] = Float8GetDatum(result.lowest_share);
	values[7] = Int64GetDatum(result.known);
	nulls[1] = nulls[2] = isnan(result.low);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(monitor_result_tupdesc(fcinfo), values,
													  nulls)));
}

/* ---- entry points ---- */

#define FAIRNESS_DIFFERENCE(name, rate) \
	MONITOR_ENTRY(monitor_##name##_difference_rows, return_difference(fcinfo, &(rate)))

FAIRNESS_DIFFERENCE(demographic_parity, selection_rate);
FAIRNESS_DIFFERENCE(equal_opportunity, true_positive_rate);
FAIRNESS_DIFFERENCE(predictive_parity, positive_predictive_value);
FAIRNESS_DIFFERENCE(predictive_equality, false_positive_rate);
