/*
 * detector_type.c
 *		The type monitor.detector: its input and output, and functions that
 *		update it and read it.
 *
 * What is stored is the library's byte form, the same on every machine.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "detector_glue.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "utils/array.h"

PG_FUNCTION_INFO_V1(monitor_detector_in);
PG_FUNCTION_INFO_V1(monitor_detector_out);
PG_FUNCTION_INFO_V1(monitor_detector_recv);
PG_FUNCTION_INFO_V1(monitor_detector_send);
PG_FUNCTION_INFO_V1(monitor_detector_add);
PG_FUNCTION_INFO_V1(monitor_detector_add_array);
PG_FUNCTION_INFO_V1(monitor_detector_get_signal);
PG_FUNCTION_INFO_V1(monitor_detector_num_values);
PG_FUNCTION_INFO_V1(monitor_detector_num_drifts);
PG_FUNCTION_INFO_V1(monitor_detector_last_drift);

/* NULL if the bytes are not valid. */
static MonitorDetector *
read_bytes(const unsigned char *bytes, size_t length)
{
	MonitorDetector *detector;
	size_t size;

	if (monitor_detector_decode_size(bytes, length, &size) != MONITOR_OK)
		return NULL;
	detector = palloc(size);
	return monitor_detector_decode(bytes, length, detector, size) == MONITOR_OK ? detector : NULL;
}

MonitorDetector *
monitor_detector_get(Datum datum)
{
	struct varlena *value = PG_DETOAST_DATUM_PACKED(datum);
	MonitorDetector *detector =
		read_bytes((unsigned char *) VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));

	if (detector == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("invalid bytes in a value of type monitor.detector")));
	return detector;
}

Datum
monitor_detector_datum(const MonitorDetector *detector)
{
	size_t size = VARHDRSZ + monitor_detector_encode_size(detector);
	struct varlena *value = palloc(size);

	monitor_detector_encode(detector, (unsigned char *) VARDATA(value));
	SET_VARSIZE(value, size);
	PG_RETURN_POINTER(value);
}

/*
 * Text: one line of canonical JSON; or the name of a kind, a new detector with
 * its defaults, since SQL takes detector('ddm') for a cast of the literal.
 */
Datum
monitor_detector_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);
	int kind = monitor_detector_kind(text);
	size_t size;

	if (kind >= 0)
		PG_RETURN_DETECTOR(monitor_detector_create(kind, NULL));
	if (monitor_detector_parse_size(text, strlen(text), &size) == MONITOR_OK)
	{
		MonitorDetector *detector = palloc(size);

		if (monitor_detector_parse(text, strlen(text), detector, size) == MONITOR_OK)
			PG_RETURN_DETECTOR(detector);
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input for type monitor.detector"),
			 errhint("It takes the name of a detector (%s), or the text form of one, unchanged.",
					 monitor_detector_names())));
}

Datum
monitor_detector_out(PG_FUNCTION_ARGS)
{
	const MonitorDetector *detector = PG_GETARG_DETECTOR(0);
	size_t length = monitor_detector_print_size(detector);
	char *text = palloc(length + 1);

	monitor_detector_print(detector, text);
	text[length] = '\0';
	PG_RETURN_CSTRING(text);
}

/* Binary: the stored bytes. */
Datum
monitor_detector_recv(PG_FUNCTION_ARGS)
{
	StringInfo message = (StringInfo) PG_GETARG_POINTER(0);
	int length = message->len - message->cursor;
	const char *bytes = pq_getmsgbytes(message, length);
	const MonitorDetector *detector = read_bytes((const unsigned char *) bytes, length);

	if (detector == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary input for type monitor.detector")));
	PG_RETURN_DETECTOR(detector);
}

Datum
monitor_detector_send(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(0));
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbytes(&message, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

void
monitor_detector_feed(MonitorDetector *detector, double value)
{
	const char *why;

	if (isnan(value))
		return;
	if (!monitor_detector_accepts(detector, value, &why))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("detector %s does not take the value %g",
						monitor_detector_name(detector->kind), value),
				 errhint("%s", why)));
	if (monitor_detector_update(detector, value) != MONITOR_OK)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("detector has taken all the values it can count (2^53)")));
}

Datum
monitor_return_signal(FunctionCallInfo fcinfo, const MonitorDetector *detector)
{
	const MonitorDriftSignal *signal = &detector->signal;
	Datum values[4] = {BoolGetDatum(signal->drift), BoolGetDatum(signal->warning),
					   Float8GetDatum(signal->estimate), Float8GetDatum(signal->statistic)};
	bool nulls[4] = {false, false, isnan(signal->estimate), isnan(signal->statistic)};

	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(monitor_result_tupdesc(fcinfo), values,
													  nulls)));
}

/* detector_update(detector, value float8): a NULL value changes nothing. */
Datum
monitor_detector_add(PG_FUNCTION_ARGS)
{
	MonitorDetector *detector;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(1))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	detector = PG_GETARG_DETECTOR(0);
	monitor_detector_feed(detector, PG_GETARG_FLOAT8(1));
	PG_RETURN_DETECTOR(detector);
}

/* detector_update_all(detector, stream float8[]): its elements in their order; NULLs change nothing. */
Datum
monitor_detector_add_array(PG_FUNCTION_ARGS)
{
	MonitorDetector *detector;
	Datum *values;
	bool *nulls;
	int n;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(1))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	detector = PG_GETARG_DETECTOR(0);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL,
					  TYPALIGN_DOUBLE, &values, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		MONITOR_POLL(i);
		if (!nulls[i])
			monitor_detector_feed(detector, DatumGetFloat8(values[i]));
	}
	PG_RETURN_DETECTOR(detector);
}

Datum
monitor_detector_get_signal(PG_FUNCTION_ARGS)
{
	return monitor_return_signal(fcinfo, PG_GETARG_DETECTOR(0));
}

Datum
monitor_detector_num_values(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(PG_GETARG_DETECTOR(0)->values);
}

Datum
monitor_detector_num_drifts(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(PG_GETARG_DETECTOR(0)->drifts);
}

/* NULL where there was none. */
Datum
monitor_detector_last_drift(PG_FUNCTION_ARGS)
{
	const MonitorDetector *detector = PG_GETARG_DETECTOR(0);

	if (detector->last_drift == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(detector->last_drift);
}
