/*
 * confusion_state.h
 *		The state that all metrics of classes share: how often each predicted class
 *		met each true one.
 */
#ifndef MONITOR_CONFUSION_STATE_H
#define MONITOR_CONFUSION_STATE_H

#include "monitor.h"
#include "stats/class_metrics.h"
#include "stats/exact_total.h"

/* What the labels are decides what the positive class is when nobody names it. */
typedef enum LabelKind
{
	LABEL_OTHER,
	LABEL_BOOLEAN, /* positive: true */
	LABEL_NUMBER   /* positive: 1, if there is nothing but 0 and 1 */
} LabelKind;

extern LabelKind monitor_label_kind(Oid type);

/*
 * The positive class as its values print, NULL where nobody named it: of booleans
 * any spelling of true and false.
 */
extern const char *monitor_positive_name(LabelKind kind, const char *positive);

/* ERROR: which class is positive is not known. */
MONITOR_NORETURN extern void monitor_refuse_labels(const char *label);

/* ERROR unless 0 <= weight < Infinity. */
extern void monitor_check_weight(double weight);

/* The texts of a predicted and a true class, not NUL-terminated. */
typedef struct ConfusionKey
{
	const char *prediction;
	const char *truth;
	uint32 prediction_length;
	uint32 truth_length;
	uint32 hash;
} ConfusionKey;

typedef struct ConfusionEntry
{
	ConfusionKey key;
	char status; /* simplehash */
	int64_t n;
	MonitorTotal *weight; /* NULL where rows have none */
} ConfusionEntry;

struct confusion_hash;

typedef struct ConfusionState
{
	MemoryContext context;
	struct confusion_hash *table;
	LabelKind kind;
	bool weighted;
	bool has_options;		/* average and positive are known */
	MonitorAverage average; /* MONITOR_BINARY where the call names none */
	char *positive;			/* NULL: not named */
} ConfusionState;

/* A matrix with the names of its classes: numbers by value, other labels by their bytes. */
typedef struct NamedConfusion
{
	MonitorConfusion confusion;
	char **names;
} NamedConfusion;

/* In the current memory context; the classes are all that were predicted or true. */
extern NamedConfusion monitor_confusion_matrix(const ConfusionState *state);

/*
 * Number of the positive class, -1 where no row has it; ERROR where it is not named
 * and the labels are neither boolean nor 0 and 1.
 */
extern int32_t monitor_positive_class(const ConfusionState *state, const NamedConfusion *matrix);

#endif /* MONITOR_CONFUSION_STATE_H */
