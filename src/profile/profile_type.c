/*
 * profile_type.c
 *		The type monitor.profile: its two forms, its input and output.
 *
 * What is stored is the compact form.  An aggregate's state is the working form,
 * the library's flat struct, which is a varlena too.  It reaches other functions from a
 * parallel worker, or from an aggregate without our final function that somebody
 * built; so every function reads both forms.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "profile_glue.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(monitor_profile_in);
PG_FUNCTION_INFO_V1(monitor_profile_out);
PG_FUNCTION_INFO_V1(monitor_profile_recv);
PG_FUNCTION_INFO_V1(monitor_profile_send);

/*
 * A working profile read by one of the library's decoders, whose size is known
 * before; NULL if the bytes are not valid.  The library leaves the varlena
 * header to us.
 */
typedef MonitorStatus (*Decoder)(const unsigned char *bytes, size_t length, MonitorProfile *profile,
								 size_t size);

static MonitorProfile *
read_compact(const unsigned char *bytes, size_t length, Decoder decode)
{
	MonitorProfile *profile;
	size_t size;

	if (monitor_profile_decode_size(bytes, length, &size) != MONITOR_OK || !AllocSizeIsValid(size))
		return NULL;
	profile = palloc(size);
	if (decode(bytes, length, profile, size) != MONITOR_OK)
		return NULL;
	SET_VARSIZE(profile, size);
	return profile;
}

static MonitorProfile *
read_text(const char *text, size_t length)
{
	MonitorProfile *profile;
	size_t size;

	if (monitor_profile_parse_size(text, length, &size) != MONITOR_OK || !AllocSizeIsValid(size))
		return NULL;
	profile = palloc(size);
	if (monitor_profile_parse(text, length, profile, size) != MONITOR_OK)
		return NULL;
	SET_VARSIZE(profile, size);
	return profile;
}

MonitorProfile *
monitor_profile_copy(Datum datum)
{
	struct varlena *value = PG_DETOAST_DATUM(datum);
	MonitorProfile *profile;

	if (!monitor_profile_is_state((const MonitorProfile *) value))
	{
		profile = read_compact((unsigned char *) VARDATA(value), VARSIZE(value) - VARHDRSZ,
							   monitor_profile_load);
		if (profile == NULL)
			monitor_report_status(MONITOR_CORRUPT);
		return profile;
	}
	profile = palloc(VARSIZE(value));
	memcpy(profile, value, VARSIZE(value));
	monitor_profile_flush(profile);
	return profile;
}

const MonitorProfile *
monitor_profile_get(Datum datum)
{
	struct varlena *value = PG_DETOAST_DATUM(datum);

	if (monitor_profile_is_state((const MonitorProfile *) value) &&
		((MonitorProfile *) value)->pending == 0)
		return (MonitorProfile *) value;
	return monitor_profile_copy(PointerGetDatum(value));
}

Datum
monitor_profile_datum(const MonitorProfile *profile, bool with_anchors)
{
	size_t size = VARHDRSZ + monitor_profile_encode_size(profile, with_anchors);
	struct varlena *value = palloc(size);

	monitor_profile_encode(profile, with_anchors, (unsigned char *) VARDATA(value));
	SET_VARSIZE(value, size);
	PG_RETURN_POINTER(value);
}

MonitorProfile *
monitor_profile_attached(const MonitorProfile *profile, const MonitorProfile *anchors)
{
	Size size = monitor_profile_size(anchors);
	MonitorProfile *target = palloc(size);
	MonitorStatus status;

	memcpy(target, anchors, size);
	status = monitor_profile_attach(target, profile);
	if (status != MONITOR_OK)
		monitor_report_status(status);
	return target;
}

/* Text: one line of canonical JSON. */
Datum
monitor_profile_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);
	const MonitorProfile *profile = read_text(text, strlen(text));

	if (profile != NULL)
		PG_RETURN_PROFILE(profile);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input for type monitor.profile"),
			 errhint("A profile is made by the aggregate monitor.profile(value, edges); its text form must be given back unchanged.")));
}

Datum
monitor_profile_out(PG_FUNCTION_ARGS)
{
	const MonitorProfile *profile = PG_GETARG_PROFILE(0);
	char *text = palloc(monitor_profile_text_bound(profile) + 1);
	size_t length = monitor_profile_print(profile, text);

	text[length] = '\0';
	PG_RETURN_CSTRING(text);
}

/* The categories of a profile that came from outside must be text of this database. */
static void
verify_categories(const MonitorProfile *profile)
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
Datum
monitor_profile_recv(PG_FUNCTION_ARGS)
{
	StringInfo message = (StringInfo) PG_GETARG_POINTER(0);
	int length = message->len - message->cursor;
	const char *bytes = pq_getmsgbytes(message, length);
	const MonitorProfile *profile =
		read_compact((const unsigned char *) bytes, length, monitor_profile_decode);

	if (profile == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary input for type monitor.profile")));
	verify_categories(profile);
	PG_RETURN_PROFILE(profile);
}

Datum
monitor_profile_send(PG_FUNCTION_ARGS)
{
	const MonitorProfile *profile = PG_GETARG_PROFILE(0);
	struct varlena *value =
		(struct varlena *) DatumGetPointer(monitor_profile_datum(profile, profile->has_anchors));
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbytes(&message, VARDATA(value), VARSIZE(value) - VARHDRSZ);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}
