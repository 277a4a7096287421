/*
 * compound_type.c
 *		What monitor.score_profile, confusion_profile and error_profile have in
 *		common: their forms, input and output, algebra, and how states combine.
 *
 * As of monitor.profile, the compact form is stored and the working form is an
 * aggregate's state, changed in place.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "compound_glue.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/memutils.h"

static bool
is_working(const struct varlena *value)
{
	return VARATT_IS_4B_U(value) && VARSIZE(value) > sizeof(MonitorCompound) &&
		((const MonitorCompound *) value)->form == MONITOR_COMPOUND_WORKING;
}

/* A working compound read from the compact form or from text; NULL if it is not valid. */
static MonitorCompound *
read_compound(const void *bytes, size_t length, MonitorCompoundKind kind, bool text)
{
	MonitorCompound *compound;
	MonitorStatus status;
	size_t size;

	status = text ? monitor_compound_parse_size(bytes, length, kind, &size)
				  : monitor_compound_decode_size(bytes, length, kind, &size);
	if (status != MONITOR_OK || !AllocSizeIsValid(size))
		return NULL;
	compound = palloc(size);
	status = text ? monitor_compound_parse(bytes, length, kind, compound, size)
				  : monitor_compound_decode(bytes, length, kind, compound, size);
	if (status != MONITOR_OK)
		return NULL;
	SET_VARSIZE(compound, compound->size);
	return compound;
}

MonitorCompound *
monitor_compound_copy(Datum datum, MonitorCompoundKind kind)
{
	struct varlena *value = PG_DETOAST_DATUM(datum);
	MonitorCompound *compound;

	if (!is_working(value))
	{
		compound = read_compound(VARDATA(value), VARSIZE(value) - VARHDRSZ, kind, false);
		if (compound == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_DATA_CORRUPTED),
					 errmsg("invalid bytes in a value of type monitor.%s",
							monitor_compound_name(kind))));
		return compound;
	}
	compound = palloc(VARSIZE(value));
	memcpy(compound, value, VARSIZE(value));
	monitor_compound_flush(compound);
	return compound;
}

static bool
has_pending(const MonitorCompound *compound)
{
	for (int i = 0; i < monitor_compound_parts(compound->kind); i++)
	{
		if (monitor_compound_part_const(compound, i)->pending > 0)
			return true;
	}
	return false;
}

const MonitorCompound *
monitor_compound_get(Datum datum, MonitorCompoundKind kind)
{
	struct varlena *value = PG_DETOAST_DATUM(datum);

	if (is_working(value) && !has_pending((MonitorCompound *) value))
		return (MonitorCompound *) value;
	return monitor_compound_copy(PointerGetDatum(value), kind);
}

Datum
monitor_compound_datum(const MonitorCompound *compound, bool with_anchors)
{
	size_t size = VARHDRSZ + monitor_compound_encode_size(compound, with_anchors);
	struct varlena *value = palloc(size);

	monitor_compound_encode(compound, with_anchors, (unsigned char *) VARDATA(value));
	SET_VARSIZE(value, size);
	PG_RETURN_POINTER(value);
}

MonitorCompound *
monitor_compound_state(Datum datum, MonitorCompoundKind kind)
{
	MonitorCompound *compound = (MonitorCompound *) DatumGetPointer(datum);
	bool ours = is_working((struct varlena *) compound) && compound->kind == kind &&
		monitor_compound_has_anchors(compound);

	for (int i = 0; ours && i < monitor_compound_parts(kind); i++)
	{
		const MonitorProfile *part = monitor_compound_part_const(compound, i);

		ours = part->categorical || part->pending_capacity > 0;
	}
	if (!ours)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("this aggregate's state was not made by monitor.%s",
						monitor_compound_name(kind)),
				 errhint("Use the aggregates of monitor, or monitor.rollup to add profiles.")));
	return compound;
}

MonitorCompound *
monitor_compound_allocate(MemoryContext aggregate, Size size)
{
	MonitorCompound *compound;

	monitor_reserve(aggregate, size);
	compound = palloc(size);
	SET_VARSIZE(compound, size);
	return compound;
}

static MonitorCompound *
attach(const MonitorCompound *compound, const MonitorCompound *anchors)
{
	MonitorCompound *target = palloc(monitor_compound_attached_size(compound, anchors));
	MonitorStatus status = monitor_compound_attach(target, compound, anchors);

	if (status != MONITOR_OK)
		monitor_report_status(status);
	SET_VARSIZE(target, target->size);
	return target;
}

const MonitorCompound *
monitor_compound_attached(const MonitorCompound *compound, const MonitorCompound *anchors)
{
	if (monitor_compound_has_anchors(compound) || !monitor_compound_has_anchors(anchors))
		return compound;
	return attach(compound, anchors);
}

/* ---- rows ---- */

Datum
monitor_row_datum(FunctionCallInfo fcinfo, MonitorRow *row)
{
	return HeapTupleGetDatum(heap_form_tuple(monitor_result_tupdesc(fcinfo), row->values,
											 row->nulls));
}

Datum
monitor_row_array(FunctionCallInfo fcinfo, Datum *rows, int n)
{
	TupleDesc tupdesc = monitor_result_tupdesc(fcinfo);

	PG_RETURN_ARRAYTYPE_P(construct_array(rows, n, tupdesc->tdtypeid, -1, false, TYPALIGN_DOUBLE));
}

/* ---- input and output ---- */

/* Text: one line of canonical JSON. */
static Datum
compound_in(FunctionCallInfo fcinfo, MonitorCompoundKind kind)
{
	const char *text = PG_GETARG_CSTRING(0);
	const MonitorCompound *compound = read_compound(text, strlen(text), kind, true);

	if (compound == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input for type monitor.%s", monitor_compound_name(kind)),
				 errhint("It is made by the aggregate of that name; its text form must be given back unchanged.")));
	return monitor_compound_datum(compound, true);
}

static Datum
compound_out(FunctionCallInfo fcinfo, MonitorCompoundKind kind)
{
	const MonitorCompound *compound = monitor_compound_get(PG_GETARG_DATUM(0), kind);
	char *text = palloc(monitor_compound_text_bound(compound) + 1);
	size_t length = monitor_compound_print(compound, text);

	text[length] = '\0';
	PG_RETURN_CSTRING(text);
}

/* The classes of what came from outside must be text of this database. */
static void
verify_classes(const MonitorProfile *profile)
{
	if (!profile->categorical || !profile->has_anchors)
		return;
	for (int64_t i = 0; i < profile->k; i++)
	{
		uint32_t length;
		const char *category = monitor_profile_category(profile, i, &length);

		pg_verifymbstr(category, (int) length, false);
	}
}

/* Binary: the compact form. */
static Datum
compound_recv(FunctionCallInfo fcinfo, MonitorCompoundKind kind)
{
	StringInfo message = (StringInfo) PG_GETARG_POINTER(0);
	int length = message->len - message->cursor;
	const char *bytes = pq_getmsgbytes(message, length);
	const MonitorCompound *compound = read_compound(bytes, length, kind, false);

	if (compound == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary input for type monitor.%s", monitor_compound_name(kind))));
	verify_classes(monitor_compound_part_const(compound, 0));
	return monitor_compound_datum(compound, true);
}

static Datum
compound_send(FunctionCallInfo fcinfo, MonitorCompoundKind kind)
{
	const MonitorCompound *compound = monitor_compound_get(PG_GETARG_DATUM(0), kind);
	struct varlena *value =
		(struct varlena *) DatumGetPointer(monitor_compound_datum(compound, true));
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbytes(&message, VARDATA(value), VARSIZE(value) - VARHDRSZ);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/* ---- algebra ---- */

/* The rows of both; with anchors if either has them. */
static Datum
compound_merge(FunctionCallInfo fcinfo, MonitorCompoundKind kind)
{
	const MonitorCompound *other = monitor_compound_get(PG_GETARG_DATUM(1), kind);
	MonitorCompound *sum = monitor_compound_copy(PG_GETARG_DATUM(0), kind);
	MonitorStatus status;

	if (monitor_compound_has_anchors(other) && !monitor_compound_has_anchors(sum))
		sum = attach(sum, other);
	status = monitor_compound_add(sum, other);
	if (status != MONITOR_OK)
		monitor_report_status(status);
	return monitor_compound_datum(sum, true);
}

/* The rows of the first that are not of the second. */
static Datum
compound_subtract(FunctionCallInfo fcinfo, MonitorCompoundKind kind)
{
	MonitorCompound *rest = monitor_compound_copy(PG_GETARG_DATUM(0), kind);
	MonitorStatus status =
		monitor_compound_subtract(rest, monitor_compound_get(PG_GETARG_DATUM(1), kind));

	if (status != MONITOR_OK)
		monitor_report_status(status);
	return monitor_compound_datum(rest, true);
}

static Datum
compound_detach(FunctionCallInfo fcinfo, MonitorCompoundKind kind)
{
	return monitor_compound_datum(monitor_compound_get(PG_GETARG_DATUM(0), kind), false);
}

static Datum
compound_attach(FunctionCallInfo fcinfo, MonitorCompoundKind kind)
{
	const MonitorCompound *anchors = monitor_compound_get(PG_GETARG_DATUM(1), kind);

	if (!monitor_compound_has_anchors(anchors))
		monitor_report_status(MONITOR_NO_ANCHORS);
	return monitor_compound_datum(attach(monitor_compound_get(PG_GETARG_DATUM(0), kind), anchors),
								  true);
}

/* Combine function, and transition function of rollup(). */
static Datum
compound_combine(FunctionCallInfo fcinfo, MonitorCompoundKind kind)
{
	MemoryContext aggregate = monitor_aggregate_context(fcinfo);
	MonitorCompound *compound;
	const MonitorCompound *other;
	MonitorStatus status;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	if (PG_ARGISNULL(0))
	{
		compound = monitor_compound_copy(PG_GETARG_DATUM(1), kind);
		monitor_reserve(aggregate, VARSIZE(compound));
		PG_RETURN_POINTER(compound);
	}
	compound = (MonitorCompound *) DatumGetPointer(PG_GETARG_DATUM(0));
	if (!is_working((struct varlena *) compound) || compound->kind != kind)
		compound = monitor_compound_copy(PG_GETARG_DATUM(0), kind);
	other = monitor_compound_get(PG_GETARG_DATUM(1), kind);
	if (monitor_compound_has_anchors(other) && !monitor_compound_has_anchors(compound))
		compound = attach(compound, other);
	status = monitor_compound_add(compound, other);
	if (status != MONITOR_OK)
		monitor_report_status(status);
	PG_RETURN_POINTER(compound);
}

/* The final function may be called again after more rows. */
static Datum
compound_final(FunctionCallInfo fcinfo, MonitorCompoundKind kind)
{
	monitor_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return monitor_compound_datum(monitor_compound_get(PG_GETARG_DATUM(0), kind), true);
}

/* All rows, unlabelled and missing ones included. */
static Datum
compound_rows(FunctionCallInfo fcinfo, MonitorCompoundKind kind)
{
	PG_RETURN_INT64(monitor_compound_rows(monitor_compound_get(PG_GETARG_DATUM(0), kind)));
}

#define COMPOUND_TYPE(name, kind) \
	MONITOR_ENTRY(monitor_##name##_in, compound_in(fcinfo, kind)); \
	MONITOR_ENTRY(monitor_##name##_out, compound_out(fcinfo, kind)); \
	MONITOR_ENTRY(monitor_##name##_recv, compound_recv(fcinfo, kind)); \
	MONITOR_ENTRY(monitor_##name##_send, compound_send(fcinfo, kind)); \
	MONITOR_ENTRY(monitor_##name##_merge, compound_merge(fcinfo, kind)); \
	MONITOR_ENTRY(monitor_##name##_subtract, compound_subtract(fcinfo, kind)); \
	MONITOR_ENTRY(monitor_##name##_detach, compound_detach(fcinfo, kind)); \
	MONITOR_ENTRY(monitor_##name##_attach, compound_attach(fcinfo, kind)); \
	MONITOR_ENTRY(monitor_##name##_combine, compound_combine(fcinfo, kind)); \
	MONITOR_ENTRY(monitor_##name##_final, compound_final(fcinfo, kind)); \
	MONITOR_ENTRY(monitor_##name##_num_rows, compound_rows(fcinfo, kind))

COMPOUND_TYPE(score_profile, MONITOR_SCORES);
COMPOUND_TYPE(confusion_profile, MONITOR_CONFUSION);
COMPOUND_TYPE(error_profile, MONITOR_ERRORS);
