/*
 * confusion_state.c
 *		Counting predicted against true classes: transition, combine and
 *		serialisation functions of the metrics of classes.
 *
 * Memory follows the number of distinct pairs, not of rows, and counts against
 * monitor.max_aggregate_memory.  Counts are integers and weights are summed without
 * rounding, so that no plan changes a bit of the result.
 */
#include "postgres.h"

#include "confusion_state.h"

#include "category_value.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

static inline bool
keys_equal(ConfusionKey a, ConfusionKey b)
{
	return a.hash == b.hash && a.prediction_length == b.prediction_length &&
		a.truth_length == b.truth_length &&
		memcmp(a.prediction, b.prediction, a.prediction_length) == 0 &&
		memcmp(a.truth, b.truth, a.truth_length) == 0;
}

#define SH_PREFIX				confusion
#define SH_ELEMENT_TYPE			ConfusionEntry
#define SH_KEY_TYPE				ConfusionKey
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

PG_FUNCTION_INFO_V1(monitor_class_pairs_accum);
PG_FUNCTION_INFO_V1(monitor_class_pairs_accum_weighted);
PG_FUNCTION_INFO_V1(monitor_class_pairs_combine);
PG_FUNCTION_INFO_V1(monitor_class_pairs_serialize);
PG_FUNCTION_INFO_V1(monitor_class_pairs_deserialize);

/* ---- labels ---- */

LabelKind
monitor_label_kind(Oid type)
{
	switch (getBaseType(type))
	{
		case BOOLOID:
			return LABEL_BOOLEAN;
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case FLOAT4OID:
		case FLOAT8OID:
		case NUMERICOID:
			return LABEL_NUMBER;
		default:
			return LABEL_OTHER;
	}
}

const char *
monitor_positive_name(LabelKind kind, const char *positive)
{
	bool value;

	if (positive == NULL)
		return kind == LABEL_BOOLEAN ? "true" : kind == LABEL_NUMBER ? "1" : NULL;
	if (kind == LABEL_BOOLEAN && parse_bool(positive, &value))
		return value ? "true" : "false";
	return positive;
}

void
monitor_refuse_labels(const char *label)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("it is not known which class is the positive one"),
			 errdetail("A label is \"%s\"; only of boolean labels and of 0 and 1 the positive class is known unnamed.",
					   label),
			 errhint("Name the positive class in the argument positive, or, where the metric has them, take an average: 'macro', 'micro' or 'weighted'.")));
}

void
monitor_check_weight(double weight)
{
	if (weight < 0 || isinf(weight))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weight must be a finite number of at least 0, got %g", weight),
				 errhint("Rows whose weight is NULL are left out.")));
}

/* ---- the state ---- */

static ConfusionState *
create_state(MemoryContext context)
{
	ConfusionState *state = MemoryContextAllocZero(context, sizeof(ConfusionState));

	state->context = context;
	state->table = confusion_create(context, INITIAL_SIZE, NULL);
	return state;
}

static char *
keep_bytes(ConfusionState *state, const char *bytes, uint32 length)
{
	char *copy = MemoryContextAlloc(state->context, Max(length, 1));

	memcpy(copy, bytes, length);
	return copy;
}

/* Copy the texts of a new pair into the state, and mind the limit. */
static void
keep_pair(ConfusionState *state, ConfusionEntry *entry, ConfusionKey key)
{
	entry->key.prediction = keep_bytes(state, key.prediction, key.prediction_length);
	entry->key.truth = keep_bytes(state, key.truth, key.truth_length);
	entry->n = 0;
	entry->weight = state->weighted ? MemoryContextAllocZero(state->context, sizeof(MonitorTotal))
									: NULL;
	/* looking at the whole context is not free: only now and then */
	if (state->table->members % 64 == 0)
		monitor_reserve(state->context, 64 * (sizeof(ConfusionEntry) + sizeof(MonitorTotal)));
}

/* The entry of a pair, made when it is new. */
static ConfusionEntry *
find_pair(ConfusionState *state, const char *prediction, uint32 prediction_length,
		  const char *truth, uint32 truth_length)
{
	ConfusionKey key = {prediction, truth, prediction_length, truth_length, 0};
	ConfusionEntry *entry;
	bool found;

	key.hash = hash_combine(hash_bytes((const unsigned char *) prediction, (int) prediction_length),
							hash_bytes((const unsigned char *) truth, (int) truth_length));
	entry = confusion_insert(state->table, key, &found);
	if (!found)
		keep_pair(state, entry, key);
	return entry;
}

/* ---- options: the same for all rows of a group ---- */

static MonitorAverage
average_named(const text *name)
{
	static const char *const names[] = {"binary", "macro", "micro", "weighted"};

	for (int i = 0; i < lengthof(names); i++)
	{
		if (VARSIZE_ANY_EXHDR(name) == strlen(names[i]) &&
			memcmp(VARDATA_ANY(name), names[i], strlen(names[i])) == 0)
			return (MonitorAverage) i;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown average \"%s\"", text_to_cstring(name)),
			 errhint("Averages are 'binary', 'macro', 'micro' and 'weighted'.")));
}

static bool
same_text(const char *known, const text *given)
{
	if (known == NULL || given == NULL)
		return known == NULL && given == NULL;
	return strlen(known) == VARSIZE_ANY_EXHDR(given) &&
		memcmp(known, VARDATA_ANY(given), strlen(known)) == 0;
}

/* Keep or compare the arguments average (number 3) and positive (4), as far as there are. */
static void
read_options(ConfusionState *state, FunctionCallInfo fcinfo)
{
	const text *positive = PG_NARGS() > 4 && !PG_ARGISNULL(4) ? PG_GETARG_TEXT_PP(4)
															  : (const text *) NULL;
	MonitorAverage average =
		PG_NARGS() > 3 && !PG_ARGISNULL(3) ? average_named(PG_GETARG_TEXT_PP(3)) : MONITOR_BINARY;

	if (!state->has_options)
	{
		state->average = average;
		if (positive != NULL)
		{
			MemoryContext old = MemoryContextSwitchTo(state->context);

			state->positive = text_to_cstring(positive);
			MemoryContextSwitchTo(old);
		}
		state->has_options = true;
	}
	else if (state->average != average || !same_text(state->positive, positive))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("average and positive must be the same for all rows of a group")));
}

/* ---- transition ---- */

/* Readers of both labels, kept in fn_extra: each holds its text until its next call. */
typedef struct LabelReaders
{
	struct CategoryReader *prediction;
	struct CategoryReader *truth;
	LabelKind kind;
	bool is_padded; /* character(n), whose trailing blanks say nothing */
} LabelReaders;

static LabelReaders *
label_readers(FunctionCallInfo fcinfo)
{
	FmgrInfo *flinfo = fcinfo->flinfo;

	if (flinfo->fn_extra == NULL)
	{
		LabelReaders *readers = MemoryContextAlloc(flinfo->fn_mcxt, sizeof(LabelReaders));
		Oid type = get_fn_expr_argtype(flinfo, 1);

		if (!OidIsValid(type))
			elog(ERROR, "could not determine the type of the labels");
		readers->prediction = monitor_category_reader(type, flinfo->fn_mcxt);
		readers->truth = monitor_category_reader(type, flinfo->fn_mcxt);
		readers->kind = monitor_label_kind(type);
		readers->is_padded = getBaseType(type) == BPCHAROID;
		flinfo->fn_extra = readers;
	}
	return (LabelReaders *) flinfo->fn_extra;
}

static uint32
unpadded_length(const LabelReaders *readers, const char *text, uint32 length)
{
	while (readers->is_padded && length > 0 && text[length - 1] == ' ')
		length--;
	return length;
}

/* Count one row; weight_argument is 0 where rows have none. */
static void
count_row(ConfusionState *state, FunctionCallInfo fcinfo, LabelReaders *readers,
		  int weight_argument)
{
	const char *prediction;
	const char *truth;
	uint32 prediction_length;
	uint32 truth_length;
	ConfusionEntry *entry;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) ||
		(weight_argument > 0 &&
		 (PG_ARGISNULL(weight_argument) || isnan(PG_GETARG_FLOAT8(weight_argument)))))
		return;
	if (!monitor_category_text(readers->prediction, PG_GETARG_DATUM(1), &prediction,
							   &prediction_length) ||
		!monitor_category_text(readers->truth, PG_GETARG_DATUM(2), &truth, &truth_length))
		return;
	entry = find_pair(state, prediction, unpadded_length(readers, prediction, prediction_length),
					  truth, unpadded_length(readers, truth, truth_length));
	entry->n++;
	if (weight_argument > 0)
	{
		monitor_check_weight(PG_GETARG_FLOAT8(weight_argument));
		monitor_total_add(entry->weight, PG_GETARG_FLOAT8(weight_argument));
	}
}

static ConfusionState *
accumulate(FunctionCallInfo fcinfo, bool has_options, int weight_argument)
{
	LabelReaders *readers = label_readers(fcinfo);
	ConfusionState *state = PG_ARGISNULL(0) ? create_state(monitor_aggregate_context(fcinfo))
											: (ConfusionState *) PG_GETARG_POINTER(0);

	state->kind = readers->kind;
	state->weighted = weight_argument > 0;
	if (has_options)
		read_options(state, fcinfo);
	count_row(state, fcinfo, readers, weight_argument);
	return state;
}

/*
 * confusion_accum(internal, prediction, truth [, average text [, positive text
 * [, weight float8]]])
 */
Datum
monitor_class_pairs_accum(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(accumulate(fcinfo, PG_NARGS() > 3, PG_NARGS() > 5 ? 5 : 0));
}

/* confusion_accum(internal, prediction, truth, weight float8) */
Datum
monitor_class_pairs_accum_weighted(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(accumulate(fcinfo, false, 3));
}

/* ---- parallel plans ---- */

static void
copy_options(ConfusionState *state, const ConfusionState *other)
{
	state->kind = other->kind;
	state->weighted = other->weighted;
	state->has_options = other->has_options;
	state->average = other->average;
	if (other->positive != NULL)
		state->positive = MemoryContextStrdup(state->context, other->positive);
}

static void
check_options(const ConfusionState *state, const ConfusionState *other)
{
	if (state->average != other->average ||
		(state->positive == NULL) != (other->positive == NULL) ||
		(state->positive != NULL && strcmp(state->positive, other->positive) != 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("average and positive must be the same for all rows of a group")));
}

static void
add_all(ConfusionState *state, const ConfusionState *other)
{
	confusion_iterator iterator;
	ConfusionEntry *from;

	confusion_start_iterate(other->table, &iterator);
	while ((from = confusion_iterate(other->table, &iterator)) != NULL)
	{
		ConfusionEntry *entry = find_pair(state, from->key.prediction, from->key.prediction_length,
										  from->key.truth, from->key.truth_length);

		entry->n += from->n;
		if (from->weight != NULL)
			monitor_total_merge(entry->weight, from->weight);
	}
}

Datum
monitor_class_pairs_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = monitor_aggregate_context(fcinfo);
	ConfusionState *state = PG_ARGISNULL(0) ? NULL : (ConfusionState *) PG_GETARG_POINTER(0);
	ConfusionState *other = PG_ARGISNULL(1) ? NULL : (ConfusionState *) PG_GETARG_POINTER(1);

	if (other == NULL)
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	if (state == NULL)
	{
		state = create_state(context);
		copy_options(state, other);
	}
	check_options(state, other);
	add_all(state, other);
	PG_RETURN_POINTER(state);
}

Datum
monitor_class_pairs_serialize(PG_FUNCTION_ARGS)
{
	ConfusionState *state = (ConfusionState *) PG_GETARG_POINTER(0);
	StringInfoData buffer;
	confusion_iterator iterator;
	ConfusionEntry *entry;

	monitor_aggregate_context(fcinfo);
	pq_begintypsend(&buffer);
	pq_sendbyte(&buffer, state->kind);
	pq_sendbyte(&buffer, state->weighted);
	pq_sendbyte(&buffer, state->has_options);
	pq_sendbyte(&buffer, state->average);
	pq_sendbyte(&buffer, state->positive != NULL);
	if (state->positive != NULL)
		pq_sendbytes(&buffer, state->positive, (int) strlen(state->positive) + 1);
	pq_sendint64(&buffer, state->table->members);
	confusion_start_iterate(state->table, &iterator);
	while ((entry = confusion_iterate(state->table, &iterator)) != NULL)
	{
		pq_sendint32(&buffer, entry->key.prediction_length);
		pq_sendint32(&buffer, entry->key.truth_length);
		pq_sendbytes(&buffer, entry->key.prediction, (int) entry->key.prediction_length);
		pq_sendbytes(&buffer, entry->key.truth, (int) entry->key.truth_length);
		pq_sendint64(&buffer, entry->n);
		if (state->weighted)
			pq_sendbytes(&buffer, (const char *) entry->weight, sizeof(MonitorTotal));
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

static void
receive_pair(ConfusionState *state, StringInfo buffer)
{
	int prediction_length = pq_getmsgint(buffer, 4);
	int truth_length = pq_getmsgint(buffer, 4);
	const char *prediction = pq_getmsgbytes(buffer, prediction_length);
	const char *truth = pq_getmsgbytes(buffer, truth_length);
	ConfusionEntry *entry = find_pair(state, prediction, prediction_length, truth, truth_length);

	entry->n = pq_getmsgint64(buffer);
	if (state->weighted)
		memcpy(entry->weight, pq_getmsgbytes(buffer, sizeof(MonitorTotal)), sizeof(MonitorTotal));
}

Datum
monitor_class_pairs_deserialize(PG_FUNCTION_ARGS)
{
	bytea *bytes = PG_GETARG_BYTEA_PP(0);
	ConfusionState *state = create_state(CurrentMemoryContext);
	StringInfoData buffer;
	int64 n;

	monitor_aggregate_context(fcinfo);
	initStringInfo(&buffer);
	appendBinaryStringInfo(&buffer, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	state->kind = (LabelKind) pq_getmsgbyte(&buffer);
	state->weighted = pq_getmsgbyte(&buffer) != 0;
	state->has_options = pq_getmsgbyte(&buffer) != 0;
	state->average = (MonitorAverage) pq_getmsgbyte(&buffer);
	if (pq_getmsgbyte(&buffer) != 0)
	{
		const char *positive = buffer.data + buffer.cursor;

		state->positive = pstrdup(pq_getmsgbytes(&buffer, (int) strlen(positive) + 1));
	}
	n = pq_getmsgint64(&buffer);
	for (int64 i = 0; i < n; i++)
		receive_pair(state, &buffer);
	pq_getmsgend(&buffer);
	PG_RETURN_POINTER(state);
}

/* ---- the matrix ---- */

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

static int
compare_numbers(const void *a, const void *b)
{
	double x = strtod(*(char *const *) a, NULL);
	double y = strtod(*(char *const *) b, NULL);

	return x != y ? (x < y ? -1 : 1) : compare_names(a, b);
}

static int
compare_cells(const void *a, const void *b)
{
	const MonitorConfusionCell *x = a;
	const MonitorConfusionCell *y = b;

	if (x->truth != y->truth)
		return x->truth < y->truth ? -1 : 1;
	return x->prediction < y->prediction ? -1 : x->prediction > y->prediction;
}

typedef int (*CompareNames)(const void *a, const void *b);

/* The distinct names among n, sorted, in place; their number. */
static int32_t
distinct_names(char **names, int64_t n, CompareNames compare)
{
	int32_t kept = 0;

	qsort(names, n, sizeof(char *), compare);
	for (int64_t i = 0; i < n; i++)
	{
		if (kept == 0 || strcmp(names[kept - 1], names[i]) != 0)
			names[kept++] = names[i];
	}
	return kept;
}

static int32_t
number_of(const NamedConfusion *matrix, CompareNames compare, char *name)
{
	char **found =
		bsearch(&name, matrix->names, matrix->confusion.n_classes, sizeof(char *), compare);

	return found == NULL ? -1 : (int32_t) (found - matrix->names);
}

static CompareNames
name_order(const ConfusionState *state)
{
	return state->kind == LABEL_NUMBER ? compare_numbers : compare_names;
}

NamedConfusion
monitor_confusion_matrix(const ConfusionState *state)
{
	NamedConfusion matrix = {0};
	CompareNames compare = name_order(state);
	int64_t n = state->table->members;
	char **texts = MemoryContextAllocHuge(CurrentMemoryContext, Max(2 * n, 1) * sizeof(char *));
	MonitorConfusionCell *cells =
		MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(MonitorConfusionCell));
	confusion_iterator iterator;
	ConfusionEntry *entry;
	int64_t i = 0;

	matrix.names = MemoryContextAllocHuge(CurrentMemoryContext, Max(2 * n, 1) * sizeof(char *));
	confusion_start_iterate(state->table, &iterator);
	while ((entry = confusion_iterate(state->table, &iterator)) != NULL)
	{
		texts[2 * i] = pnstrdup(entry->key.prediction, entry->key.prediction_length);
		texts[2 * i + 1] = pnstrdup(entry->key.truth, entry->key.truth_length);
		cells[i].n = entry->n;
		cells[i].weight = entry->weight != NULL ? monitor_total_value(entry->weight)
												: (double) entry->n;
		i++;
	}
	memcpy(matrix.names, texts, 2 * n * sizeof(char *));
	matrix.confusion.n_classes = distinct_names(matrix.names, 2 * n, compare);
	for (i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		cells[i].prediction = number_of(&matrix, compare, texts[2 * i]);
		cells[i].truth = number_of(&matrix, compare, texts[2 * i + 1]);
	}
	qsort(cells, n, sizeof(MonitorConfusionCell), compare_cells);
	matrix.confusion.cells = cells;
	matrix.confusion.n_cells = n;
	matrix.confusion.classes =
		palloc_extended(Max(matrix.confusion.n_classes, 1) * sizeof(MonitorClass), MCXT_ALLOC_HUGE);
	monitor_confusion_finish(&matrix.confusion);
	return matrix;
}

int32_t
monitor_positive_class(const ConfusionState *state, const NamedConfusion *matrix)
{
	const char *positive = monitor_positive_name(state->kind, state->positive);

	for (int32_t i = 0; i < matrix->confusion.n_classes && state->positive == NULL; i++)
	{
		const char *name = matrix->names[i];

		if (state->kind == LABEL_OTHER ||
			(state->kind == LABEL_NUMBER && strcmp(name, "0") != 0 && strcmp(name, "1") != 0))
			monitor_refuse_labels(name);
	}
	if (positive == NULL)
		return -1;
	return number_of(matrix, name_order(state), pstrdup(positive));
}
