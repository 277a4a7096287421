/*
 * detector.c
 *		What all detectors have in common: their table, their parameters, their
 *		life.
 */
#include <string.h>

#include "detector_internal.h"

const char *const monitor_mode_names[3] = {"up", "down", "both"};

static const MonitorDetectorClass *const classes[MONITOR_NUM_DETECTORS] = {
	[MONITOR_ADWIN] = &monitor_adwin_class,	  [MONITOR_CUSUM] = &monitor_cusum_class,
	[MONITOR_DDM] = &monitor_ddm_class,		  [MONITOR_EDDM] = &monitor_eddm_class,
	[MONITOR_HDDM_A] = &monitor_hddm_a_class, [MONITOR_HDDM_W] = &monitor_hddm_w_class,
	[MONITOR_KSWIN] = &monitor_kswin_class,	  [MONITOR_PAGE_HINKLEY] = &monitor_page_hinkley_class,
};

const MonitorDetectorClass *
monitor_detector_class(MonitorDetectorKind kind)
{
	return classes[kind];
}

int
monitor_detector_kind(const char *name)
{
	for (int kind = 0; kind < MONITOR_NUM_DETECTORS; kind++)
	{
		if (strcmp(name, classes[kind]->name) == 0)
			return kind;
	}
	return -1;
}

const char *
monitor_detector_name(MonitorDetectorKind kind)
{
	return classes[kind]->name;
}

const MonitorParameter *
monitor_detector_parameters(MonitorDetectorKind kind, int *n)
{
	*n = classes[kind]->nparameters;
	return classes[kind]->parameters;
}

void
monitor_detector_defaults(MonitorDetectorKind kind, double parameters[MONITOR_MAX_PARAMETERS])
{
	const MonitorDetectorClass *class = classes[kind];

	for (int i = 0; i < MONITOR_MAX_PARAMETERS; i++)
		parameters[i] = i < class->nparameters ? class->parameters[i].initial : 0.0;
}

bool
monitor_parameter_valid(const MonitorParameter *parameter, double value)
{
	if (isnan(value))
		return isnan(parameter->initial);
	if (parameter->type != MONITOR_PARAMETER_NUMBER && value != floor(value))
		return false;
	if (parameter->open)
		return value > parameter->least && value < parameter->most;
	return value >= parameter->least && value <= parameter->most;
}

bool
monitor_detector_parameters_valid(MonitorDetectorKind kind,
								  const double parameters[MONITOR_MAX_PARAMETERS], const char **why)
{
	const MonitorDetectorClass *class = classes[kind];

	*why = "A parameter is out of its range.";
	for (int i = 0; i < class->nparameters; i++)
	{
		if (!monitor_parameter_valid(&class->parameters[i], parameters[i]))
			return false;
	}
	*why = class->complaint != NULL ? class->complaint(parameters) : NULL;
	return *why == NULL;
}

size_t
monitor_detector_size(MonitorDetectorKind kind, const double parameters[MONITOR_MAX_PARAMETERS])
{
	size_t room = classes[kind]->room != NULL ? classes[kind]->room(parameters) : 0;

	return sizeof(MonitorDetector) + room * sizeof(double);
}

static const MonitorDriftSignal no_signal = {false, false, NAN, NAN};

void
monitor_detector_init(MonitorDetector *detector, MonitorDetectorKind kind,
					  const double parameters[MONITOR_MAX_PARAMETERS])
{
	memset(detector, 0, monitor_detector_size(kind, parameters));
	detector->kind = kind;
	memcpy(detector->parameters, parameters, sizeof(detector->parameters));
	detector->signal = no_signal;
	classes[kind]->reset(detector);
}

bool
monitor_detector_accepts(const MonitorDetector *detector, double value, const char **why)
{
	const MonitorDetectorClass *class = classes[detector->kind];

	*why = class->takes;
	if (class->takes_value != NULL)
		return class->takes_value(value);
	return value >= class->least && value <= class->most;
}

MonitorStatus
monitor_detector_update(MonitorDetector *detector, double value)
{
	const MonitorDetectorClass *class = classes[detector->kind];

	if (detector->values >= MONITOR_DETECTOR_MAX_VALUES)
		return MONITOR_OVERFLOW;
	if (detector->signal.drift)
	{
		memset(&detector->state, 0, sizeof(detector->state));
		detector->signal = no_signal;
		class->reset(detector);
	}
	detector->values++;
	class->update(detector, value);
	if (detector->signal.drift)
	{
		detector->drifts++;
		detector->last_drift = detector->values;
	}
	return MONITOR_OK;
}
