/*
 * detector.h
 *		Detectors of concept drift in a stream of numbers, one value at a time.
 *
 * Parameters, defaults, order of arithmetic and what happens after a drift
 * (the next value starts anew) are those of river 0.26.1; cusum, which that
 * version does not have, is Page's two-sided tabular chart with the parameters
 * that later versions of river give it.
 *
 * A detector is one flat block of memory that the caller gives; its state does
 * not grow with the stream.  Its durable forms (detector_codec.c) are bytes and
 * one line of JSON; both give back exactly the same state on every machine.
 */
#ifndef MONITOR_DETECTOR_H
#define MONITOR_DETECTOR_H

#include "stats.h"

/* Stored in the bytes: numbers are never given another meaning. */
typedef enum MonitorDetectorKind
{
	MONITOR_ADWIN,
	MONITOR_CUSUM,
	MONITOR_DDM,
	MONITOR_EDDM,
	MONITOR_HDDM_A,
	MONITOR_HDDM_W,
	MONITOR_KSWIN,
	MONITOR_PAGE_HINKLEY,
	MONITOR_NUM_DETECTORS
} MonitorDetectorKind;

typedef enum MonitorParameterType
{
	MONITOR_PARAMETER_NUMBER,
	MONITOR_PARAMETER_INTEGER,
	MONITOR_PARAMETER_FLAG, /* 0 or 1 */
	MONITOR_PARAMETER_MODE	/* a MonitorDetectorMode */
} MonitorParameterType;

typedef enum MonitorDetectorMode
{
	MONITOR_MODE_UP,
	MONITOR_MODE_DOWN,
	MONITOR_MODE_BOTH
} MonitorDetectorMode;

/* The names of the modes, in their order. */
extern const char *const monitor_mode_names[3];

/* What a parameter may be; an `initial` of NaN stands for "not given" (SQL NULL). */
typedef struct MonitorParameter
{
	const char *name;
	MonitorParameterType type;
	double initial;
	double least;
	double most;
	bool open; /* least and most are excluded */
} MonitorParameter;

#define MONITOR_MAX_PARAMETERS 6

/* Values of larger magnitude are refused, so that no sum can overflow. */
#define MONITOR_DETECTOR_LARGEST 1e100

/* Most values that a detector takes: up to here, double counts exactly. */
#define MONITOR_DETECTOR_MAX_VALUES (INT64_C(1) << 53)

/* What the last value brought.  NaN estimate or statistic: not defined (SQL NULL). */
typedef struct MonitorDriftSignal
{
	bool drift;
	bool warning;
	double estimate;
	double statistic;
} MonitorDriftSignal;

/* Rows of buckets of adwin: bucket sizes are powers of 2 up to the most values. */
#define MONITOR_ADWIN_ROWS 55

typedef struct MonitorAdwin
{
	int64_t tick;  /* values since the start */
	int64_t width; /* values in the window */
	double total;
	double variance; /* sum of squared deviations in the window */
	int32_t rows;
	int32_t used[MONITOR_ADWIN_ROWS]; /* buckets in a row, oldest first */
} MonitorAdwin;

typedef struct MonitorCusum
{
	int64_t n;
	double mean; /* up to the end of the warm-up */
	double squares;
	double increase; /* Page's two sums */
	double decrease;
	int64_t run_increase; /* values since each was last 0 */
	int64_t run_decrease;
} MonitorCusum;

typedef struct MonitorRunningMean
{
	int64_t n;
	double mean;
} MonitorRunningMean;

typedef struct MonitorDdm
{
	MonitorRunningMean errors;
	double p_min; /* Infinity: none yet */
	double s_min;
} MonitorDdm;

typedef struct MonitorEddm
{
	int64_t n;
	int64_t last_error;
	MonitorRunningMean distance; /* n: errors */
	double squares;
	double highest; /* of mean + 2 deviations; -1: none yet */
} MonitorEddm;

typedef struct MonitorHddmA
{
	MonitorRunningMean all;
	MonitorRunningMean lowest;
	MonitorRunningMean highest;
} MonitorHddmA;

/* An exponentially weighted mean and the sum of its squared weights. */
typedef struct MonitorWeightedMean
{
	bool any;
	double mean;
	double weights;
} MonitorWeightedMean;

typedef struct MonitorHddmW
{
	MonitorWeightedMean all;
	MonitorWeightedMean before[2]; /* an increase, a decrease */
	MonitorWeightedMean after[2];
	double cut[2];
} MonitorHddmW;

typedef struct MonitorKswin
{
	int32_t length; /* values in the window */
	int32_t start;	/* of the ring */
	int32_t next;	/* random word */
} MonitorKswin;

typedef struct MonitorPageHinkley
{
	MonitorRunningMean all;
	double sum_increase;
	double sum_decrease;
	double min_increase;
	double max_decrease;
} MonitorPageHinkley;

typedef struct MonitorDetector
{
	MonitorDetectorKind kind;
	double parameters[MONITOR_MAX_PARAMETERS];
	int64_t values;		/* in all */
	int64_t drifts;		/* in all */
	int64_t last_drift; /* number of the value, from 1; 0: none */
	MonitorDriftSignal signal;
	union
	{
		MonitorAdwin adwin;
		MonitorCusum cusum;
		MonitorDdm ddm;
		MonitorEddm eddm;
		MonitorHddmA hddm_a;
		MonitorHddmW hddm_w;
		MonitorKswin kswin;
		MonitorPageHinkley page_hinkley;
	} state;
	double room[]; /* windows, where a kind has any */
} MonitorDetector;

/* ---- kinds and their parameters ---- */

/* The kind of this name, or -1. */
extern int monitor_detector_kind(const char *name);
extern const char *monitor_detector_name(MonitorDetectorKind kind);

/* The parameters of a kind, in the order of MonitorDetector.parameters. */
extern const MonitorParameter *monitor_detector_parameters(MonitorDetectorKind kind, int *n);

/* The defaults of a kind. */
extern void monitor_detector_defaults(MonitorDetectorKind kind,
									  double parameters[MONITOR_MAX_PARAMETERS]);

/* Whether one parameter is of its type and within its range. */
extern bool monitor_parameter_valid(const MonitorParameter *parameter, double value);

/* Whether all are, and go together; if not, `why` is set to a sentence that says what must hold. */
extern bool monitor_detector_parameters_valid(MonitorDetectorKind kind,
											  const double parameters[MONITOR_MAX_PARAMETERS],
											  const char **why);

/* ---- life of a detector ---- */

/* Bytes that a detector of valid parameters needs. */
extern size_t monitor_detector_size(MonitorDetectorKind kind,
									const double parameters[MONITOR_MAX_PARAMETERS]);

/* A detector that has seen nothing, in this many bytes. */
extern void monitor_detector_init(MonitorDetector *detector, MonitorDetectorKind kind,
								  const double parameters[MONITOR_MAX_PARAMETERS]);

/* Whether a value (not NaN) is one that the kind takes; if not, `why` says what it takes. */
extern bool monitor_detector_accepts(const MonitorDetector *detector, double value,
									 const char **why);

/*
 * Take one value that it accepts.  The signal is then that of this value.
 * MONITOR_OVERFLOW, and nothing has changed, past the most values.
 */
extern MonitorStatus monitor_detector_update(MonitorDetector *detector, double value);

/* ---- durable forms (detector_codec.c) ---- */

extern size_t monitor_detector_encode_size(const MonitorDetector *detector);
extern void monitor_detector_encode(const MonitorDetector *detector, unsigned char *out);

/* MONITOR_CORRUPT for anything that no encoder wrote. */
extern MonitorStatus monitor_detector_decode_size(const unsigned char *bytes, size_t length,
												  size_t *size);
extern MonitorStatus monitor_detector_decode(const unsigned char *bytes, size_t length,
											 MonitorDetector *detector, size_t size);

/* The text without an end, and its exact length. */
extern size_t monitor_detector_print_size(const MonitorDetector *detector);
extern void monitor_detector_print(const MonitorDetector *detector, char *out);

/* MONITOR_CORRUPT for anything that no printer printed. */
extern MonitorStatus monitor_detector_parse_size(const char *text, size_t length, size_t *size);
extern MonitorStatus monitor_detector_parse(const char *text, size_t length,
											MonitorDetector *detector, size_t size);

#endif /* MONITOR_DETECTOR_H */
