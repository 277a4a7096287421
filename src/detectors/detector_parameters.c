/*
 * detector_parameters.c
 *		Making detectors: their parameters come as jsonb, by name.
 */
#include "postgres.h"

#include "detector_glue.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

PG_FUNCTION_INFO_V1(monitor_detector_new);

char *
monitor_detector_names(void)
{
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < MONITOR_NUM_DETECTORS; i++)
		appendStringInfo(&names, "%s%s", i == 0 ? "" : ", ", monitor_detector_name(i));
	return names.data;
}

/* The names that a kind's parameters have, for a hint. */
static char *
parameter_names(MonitorDetectorKind kind)
{
	StringInfoData names;
	int n;
	const MonitorParameter *parameters = monitor_detector_parameters(kind, &n);

	initStringInfo(&names);
	for (int i = 0; i < n; i++)
		appendStringInfo(&names, "%s%s", i == 0 ? "" : ", ", parameters[i].name);
	return names.data;
}

static int
find_parameter(MonitorDetectorKind kind, const JsonbValue *key)
{
	int n;
	const MonitorParameter *parameters = monitor_detector_parameters(kind, &n);

	for (int i = 0; i < n; i++)
	{
		if (strlen(parameters[i].name) == (size_t) key->val.string.len &&
			memcmp(parameters[i].name, key->val.string.val, key->val.string.len) == 0)
			return i;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("detector %s has no parameter \"%s\"", monitor_detector_name(kind),
					pnstrdup(key->val.string.val, key->val.string.len)),
			 errhint("Its parameters are: %s.", parameter_names(kind))));
}

/* What a parameter takes, for a hint. */
static char *
parameter_range(const MonitorParameter *parameter)
{
	switch (parameter->type)
	{
		case MONITOR_PARAMETER_FLAG:
			return "It is true or false.";
		case MONITOR_PARAMETER_MODE:
			return "It is \"up\", \"down\" or \"both\".";
		default:
			return psprintf("It is %s from %.15g to %.15g%s.",
							parameter->type == MONITOR_PARAMETER_INTEGER ? "an integer"
																		 : "a number",
							parameter->least, parameter->most,
							parameter->open ? ", both excluded" : "");
	}
}

/* NaN where the JSON value is of another type than the parameter. */
static double
number_from_json(const MonitorParameter *parameter, const JsonbValue *value)
{
	if (value->type == jbvBool && parameter->type == MONITOR_PARAMETER_FLAG)
		return value->val.boolean ? 1 : 0;
	if (value->type == jbvString && parameter->type == MONITOR_PARAMETER_MODE)
	{
		for (int mode = MONITOR_MODE_UP; mode <= MONITOR_MODE_BOTH; mode++)
		{
			if (strlen(monitor_mode_names[mode]) == (size_t) value->val.string.len &&
				memcmp(monitor_mode_names[mode], value->val.string.val, value->val.string.len) == 0)
				return mode;
		}
	}
	if (value->type == jbvNumeric &&
		(parameter->type == MONITOR_PARAMETER_NUMBER ||
		 parameter->type == MONITOR_PARAMETER_INTEGER))
		return DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
												  NumericGetDatum(value->val.numeric)));
	return NAN;
}

/* One member of the object; JSON null stands for the default. */
static void
set_parameter(MonitorDetectorKind kind, double *values, int i, const JsonbValue *value)
{
	int n;
	const MonitorParameter *parameter = &monitor_detector_parameters(kind, &n)[i];

	if (value->type == jbvNull)
		return;
	values[i] = number_from_json(parameter, value);
	if (isnan(values[i]) || !monitor_parameter_valid(parameter, values[i]))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for parameter %s of detector %s", parameter->name,
						monitor_detector_name(kind)),
				 errhint("%s", parameter_range(parameter))));
	if (values[i] == 0)
		values[i] = 0; /* not -0 */
}

static void
read_parameters(MonitorDetectorKind kind, Jsonb *object, double *values)
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue item;
	int i = -1;

	if (!JB_ROOT_IS_OBJECT(object))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("parameters of a detector must be a JSON object"),
				 errhint("Parameters of %s are: %s.", monitor_detector_name(kind),
						 parameter_names(kind))));
	it = JsonbIteratorInit(&object->root);
	while ((token = JsonbIteratorNext(&it, &item, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			i = find_parameter(kind, &item);
		else if (token == WJB_VALUE)
			set_parameter(kind, values, i, &item);
	}
}

MonitorDetector *
monitor_detector_create(MonitorDetectorKind kind, Jsonb *parameters)
{
	double values[MONITOR_MAX_PARAMETERS];
	MonitorDetector *detector;
	const char *why;

	monitor_detector_defaults(kind, values);
	if (parameters != NULL)
		read_parameters(kind, parameters, values);
	if (!monitor_detector_parameters_valid(kind, values, &why))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("parameters of detector %s do not go together",
						monitor_detector_name(kind)),
				 errdetail("%s", why)));
	detector = palloc(monitor_detector_size(kind, values));
	monitor_detector_init(detector, kind, values);
	return detector;
}

/* detector(kind text [, parameters jsonb]); NULL parameters are the defaults. */
Datum
monitor_detector_new(PG_FUNCTION_ARGS)
{
	char *name;
	int kind;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	kind = monitor_detector_kind(name);
	if (kind < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("no detector \"%s\"", name),
				 errhint("There are: %s.", monitor_detector_names())));
	PG_RETURN_DETECTOR(monitor_detector_create(kind,
											   PG_NARGS() < 2 || PG_ARGISNULL(1)
												   ? NULL
												   : PG_GETARG_JSONB_P(1)));
}
