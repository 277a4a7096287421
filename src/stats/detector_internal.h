/*
 * detector_internal.h
 *		What the detectors share.  Private to the statistics library.
 */
#ifndef MONITOR_DETECTOR_INTERNAL_H
#define MONITOR_DETECTOR_INTERNAL_H

#include "detector.h"

/*
 * One description of a detector's state serves four purposes: to write and to
 * read its bytes and its text.  Each function below writes what it is given, or
 * reads it and fails unless it lies in the range; once failed, reading gives
 * values at the lower end of the range.
 */
typedef struct MonitorDetectorIo MonitorDetectorIo;

extern void monitor_io_number(MonitorDetectorIo *io, const char *name, double *x, double least,
							  double most);
extern void monitor_io_count(MonitorDetectorIo *io, const char *name, int64_t *n, int64_t least,
							 int64_t most);
extern void monitor_io_flag(MonitorDetectorIo *io, const char *name, bool *flag);

/* Arrays, whose lengths must be known before; their counts have no name (NULL). */
extern void monitor_io_open(MonitorDetectorIo *io, const char *name);
extern void monitor_io_element(MonitorDetectorIo *io, double *x, double least, double most);
extern void monitor_io_word(MonitorDetectorIo *io, uint32_t *word);
extern void monitor_io_close(MonitorDetectorIo *io);
extern bool monitor_io_failed(const MonitorDetectorIo *io);

/* Bounds of what values, their sums and sums of their squares can reach. */
#define MONITOR_DETECTOR_SUM	 1e150
#define MONITOR_DETECTOR_SQUARES 1e300

/*
 * A kind of detector.  reset() leaves the signal to the caller; update() sets
 * it.  walk() describes the state, and fails where counts contradict each
 * other.
 */
typedef struct MonitorDetectorClass
{
	const char *name;
	const MonitorParameter *parameters;
	int nparameters;
	double least; /* of the values it takes */
	double most;
	const char *takes; /* the same in words */
	bool (*takes_value)(double value);
	const char *(*complaint)(const double *parameters);
	size_t (*room)(const double *parameters);
	void (*reset)(MonitorDetector *detector);
	void (*update)(MonitorDetector *detector, double value);
	bool (*walk)(MonitorDetectorIo *io, MonitorDetector *detector);
} MonitorDetectorClass;

extern const MonitorDetectorClass monitor_adwin_class;
extern const MonitorDetectorClass monitor_cusum_class;
extern const MonitorDetectorClass monitor_ddm_class;
extern const MonitorDetectorClass monitor_eddm_class;
extern const MonitorDetectorClass monitor_hddm_a_class;
extern const MonitorDetectorClass monitor_hddm_w_class;
extern const MonitorDetectorClass monitor_kswin_class;
extern const MonitorDetectorClass monitor_page_hinkley_class;

extern const MonitorDetectorClass *monitor_detector_class(MonitorDetectorKind kind);

/* River's running mean (West, 1979). */
static inline void
monitor_running_mean_add(MonitorRunningMean *mean, double x)
{
	mean->n++;
	mean->mean += 1.0 / (double) mean->n * (x - mean->mean);
}

extern void monitor_io_mean(MonitorDetectorIo *io, const char *name_n, const char *name_mean,
							MonitorRunningMean *mean, double least, double most);

/* least < x <= most of counts as a parameter has them */
#define MONITOR_MOST_COUNT 2147483647.0

#define MONITOR_NUMBER(name, initial, least, most) \
	{ \
		name, MONITOR_PARAMETER_NUMBER, initial, least, most, false \
	}
#define MONITOR_OPEN(name, initial, least, most) \
	{ \
		name, MONITOR_PARAMETER_NUMBER, initial, least, most, true \
	}
#define MONITOR_INTEGER(name, initial, least, most) \
	{ \
		name, MONITOR_PARAMETER_INTEGER, initial, least, most, false \
	}
#define MONITOR_FLAG(name) \
	{ \
		name, MONITOR_PARAMETER_FLAG, 0, 0, 1, false \
	}
#define MONITOR_MODE(name) \
	{ \
		name, MONITOR_PARAMETER_MODE, MONITOR_MODE_BOTH, MONITOR_MODE_UP, MONITOR_MODE_BOTH, false \
	}

/* ---- Python's random.Random (detector_random.c) ---- */

#define MONITOR_RANDOM_WORDS 624

/* The generator that random.Random(seed) starts with; its first word is `next` 624. */
extern void monitor_random_seed(uint32_t words[MONITOR_RANDOM_WORDS], int32_t *next, uint64_t seed);

/* random.sample(range(n), k), 0 < k <= n; scratch holds n numbers. */
extern void monitor_random_sample(uint32_t words[MONITOR_RANDOM_WORDS], int32_t *next, uint32_t n,
								  uint32_t k, uint32_t *result, uint32_t *scratch);

#endif /* MONITOR_DETECTOR_INTERNAL_H */
