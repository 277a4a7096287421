/*
 * detector_window.c
 *		Detectors as aggregates: over a window with an order each row gets the
 *		signal of its value; and stored detectors that are fed many values in one call.
 *
 * The state is the detector itself; final functions only read it.  Without an
 * inverse transition, a frame whose start moves is computed anew for each row.
 */
#include "postgres.h"

#include "detectors/detector_glue.h"

PG_FUNCTION_INFO_V1(monitor_detector_accum);
PG_FUNCTION_INFO_V1(monitor_detector_state_signal);
PG_FUNCTION_INFO_V1(monitor_detector_state);

/* origin: the bytes that the first row gave for its parameters or its detector; NULL: none. */
typedef struct DetectorState
{
	MonitorDetector *detector;
	struct varlena *origin;
} DetectorState;

static struct varlena *
copy_raw(const struct varlena *value)
{
	struct varlena *copy = palloc(VARSIZE_ANY(value));

	memcpy(copy, value, VARSIZE_ANY(value));
	return copy;
}

static DetectorState *
create_state(MemoryContext context, int kind, struct varlena *origin)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	DetectorState *state = palloc(sizeof(DetectorState));

	state->origin = origin == NULL ? NULL : copy_raw(origin);
	if (kind < 0)
		state->detector = monitor_detector_get(PointerGetDatum(origin));
	else
		state->detector = monitor_detector_create(kind,
												  origin == NULL
													  ? NULL
													  : DatumGetJsonbP(PointerGetDatum(origin)));
	MemoryContextSwitchTo(old);
	return state;
}

/* Whether two values, as they are given or as they are stored, are the same. */
static bool
same_value(struct varlena *a, struct varlena *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	if (VARSIZE_ANY(a) == VARSIZE_ANY(b) && memcmp(a, b, VARSIZE_ANY(a)) == 0)
		return true;
	a = PG_DETOAST_DATUM_PACKED(PointerGetDatum(a));
	b = PG_DETOAST_DATUM_PACKED(PointerGetDatum(b));
	return VARSIZE_ANY_EXHDR(a) == VARSIZE_ANY_EXHDR(b) &&
		memcmp(VARDATA_ANY(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(a)) == 0;
}

/* The argument as it was given, not detoasted; NULL if it is NULL or not there. */
static struct varlena *
raw_argument(FunctionCallInfo fcinfo, int i)
{
	if (i >= PG_NARGS() || PG_ARGISNULL(i))
		return NULL;
	return (struct varlena *) PG_GETARG_POINTER(i);
}

/* The state, made by the first row; every row must bring the same origin. */
static DetectorState *
get_state(FunctionCallInfo fcinfo, int kind, int origin_argument)
{
	struct varlena *origin = raw_argument(fcinfo, origin_argument);
	DetectorState *state;

	if (PG_ARGISNULL(0))
		return create_state(monitor_aggregate_context(fcinfo), kind, origin);
	state = (DetectorState *) PG_GETARG_POINTER(0);
	if (!same_value(state->origin, origin))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be the same for all rows of a group",
						kind < 0 ? "the detector" : "parameters")));
	return state;
}

/* (internal, value float8 [, parameters jsonb]) */
static Datum
accum_number(FunctionCallInfo fcinfo, MonitorDetectorKind kind)
{
	DetectorState *state = get_state(fcinfo, kind, 2);

	if (!PG_ARGISNULL(1))
		monitor_detector_feed(state->detector, PG_GETARG_FLOAT8(1));
	PG_RETURN_POINTER(state);
}

/* (internal, error boolean [, parameters jsonb]) */
static Datum
accum_error(FunctionCallInfo fcinfo, MonitorDetectorKind kind)
{
	DetectorState *state = get_state(fcinfo, kind, 2);

	if (!PG_ARGISNULL(1))
		monitor_detector_feed(state->detector, PG_GETARG_BOOL(1) ? 1 : 0);
	PG_RETURN_POINTER(state);
}

/* (internal, detector, value float8); no detector, no state: NULL. */
Datum
monitor_detector_accum(PG_FUNCTION_ARGS)
{
	DetectorState *state;

	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		PG_RETURN_NULL();
	state = get_state(fcinfo, -1, 1);
	if (!PG_ARGISNULL(2))
		monitor_detector_feed(state->detector, PG_GETARG_FLOAT8(2));
	PG_RETURN_POINTER(state);
}

Datum
monitor_detector_state_signal(PG_FUNCTION_ARGS)
{
	monitor_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return monitor_return_signal(fcinfo, ((DetectorState *) PG_GETARG_POINTER(0))->detector);
}

Datum
monitor_detector_state(PG_FUNCTION_ARGS)
{
	monitor_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DETECTOR(((DetectorState *) PG_GETARG_POINTER(0))->detector);
}

#define DETECTOR(name, accum, kind) MONITOR_ENTRY(monitor_##name, accum(fcinfo, kind))

DETECTOR(adwin_accum, accum_number, MONITOR_ADWIN);
DETECTOR(cusum_accum, accum_number, MONITOR_CUSUM);
DETECTOR(ddm_accum, accum_number, MONITOR_DDM);
DETECTOR(eddm_accum, accum_number, MONITOR_EDDM);
DETECTOR(hddm_a_accum, accum_number, MONITOR_HDDM_A);
DETECTOR(hddm_w_accum, accum_number, MONITOR_HDDM_W);
DETECTOR(kswin_accum, accum_number, MONITOR_KSWIN);
DETECTOR(page_hinkley_accum, accum_number, MONITOR_PAGE_HINKLEY);
DETECTOR(ddm_accum_error, accum_error, MONITOR_DDM);
DETECTOR(eddm_accum_error, accum_error, MONITOR_EDDM);
DETECTOR(hddm_a_accum_error, accum_error, MONITOR_HDDM_A);
DETECTOR(hddm_w_accum_error, accum_error, MONITOR_HDDM_W);
