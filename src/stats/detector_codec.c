/*
 * detector_codec.c
 *		The durable forms of detectors.
 *
 * Bytes, version 1: the version, the kind, then what follows as 8 bytes a
 * number (IEEE double or two's complement), 1 a flag, 4 a random word, all with
 * the lowest byte first: the parameters; values, drifts, last drift; the signal;
 * the state as the kind's walk() has it.
 *
 * Text: the same as one line of JSON with a fixed order of keys,
 *		{"detector":1,"kind":"ddm","parameters":{"warm_start":30,
 *		"warning_threshold":2,"drift_threshold":3},"values":1,"drifts":0,
 *		"last_drift":0,"drift":false,"warning":false,"estimate":0,
 *		"statistic":null,"state":{"n":1,"errors":0,"p_min":"Infinity","s_min":0}}
 * without the line ends.  Numbers have the fewest digits, of 15 to 17, that give
 * the same double back.  Each reader takes what its writer writes and nothing
 * else.  The locale's decimal point must be "." (as PostgreSQL keeps it).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detector_internal.h"

#define VERSION 1

/* Longest text of a number, with its end. */
#define NUMBER_LEN 32

struct MonitorDetectorIo
{
	bool text;
	bool reading;
	bool failed;
	bool first; /* no comma before the next of an object or array */
	char *out;	/* writing; NULL: only measure */
	size_t length;
	const char *at; /* reading */
	const char *end;
};

/* ---- bytes and pieces of text ---- */

static void
put(MonitorDetectorIo *io, const void *bytes, size_t n)
{
	if (io->out != NULL)
		memcpy(io->out + io->length, bytes, n);
	io->length += n;
}

static void
fail(MonitorDetectorIo *io)
{
	io->failed = true;
	io->at = io->end;
}

bool
monitor_io_failed(const MonitorDetectorIo *io)
{
	return io->failed;
}

static bool
take(MonitorDetectorIo *io, const char *text)
{
	size_t n = strlen(text);

	if ((size_t) (io->end - io->at) < n || memcmp(io->at, text, n) != 0)
		return false;
	io->at += n;
	return true;
}

/* Text that must be there, in the text form only. */
static void
fixed(MonitorDetectorIo *io, const char *text)
{
	if (!io->text)
		return;
	if (!io->reading)
		put(io, text, strlen(text));
	else if (!take(io, text))
		fail(io);
}

/* An unsigned number of this many bytes, in the byte form. */
static void
raw(MonitorDetectorIo *io, uint64_t *value, int n)
{
	unsigned char bytes[8];

	if (!io->reading)
	{
		for (int i = 0; i < n; i++)
			bytes[i] = (unsigned char) (*value >> 8 * i);
		put(io, bytes, (size_t) n);
		return;
	}
	*value = 0;
	if (io->end - io->at < n)
	{
		fail(io);
		return;
	}
	for (int i = 0; i < n; i++)
		*value |= (uint64_t) (unsigned char) io->at[i] << 8 * i;
	io->at += n;
}

/* ,"name": */
static void
key(MonitorDetectorIo *io, const char *name)
{
	if (!io->first)
		fixed(io, ",");
	io->first = false;
	if (name == NULL)
		return;
	fixed(io, "\"");
	fixed(io, name);
	fixed(io, "\":");
}

/* ---- numbers ---- */

static void
format_double(char text[NUMBER_LEN], double x)
{
	if (isinf(x))
	{
		strcpy(text, x > 0 ? "\"Infinity\"" : "\"-Infinity\"");
		return;
	}
	for (int digits = 15; digits <= 17; digits++)
	{
		snprintf(text, NUMBER_LEN, "%.*g", digits, x);
		if (strtod(text, NULL) == x)
			return;
	}
}

/* What a number's text can be made of, as far as it goes. */
static void
take_number(MonitorDetectorIo *io, const char *characters, char text[NUMBER_LEN])
{
	int n = 0;

	while (n < NUMBER_LEN - 1 && io->at < io->end && *io->at != '\0' &&
		   strchr(characters, *io->at) != NULL)
		text[n++] = *io->at++;
	text[n] = '\0';
}

/* A number as the writer writes it: checked by writing it again. */
static double
parse_double(MonitorDetectorIo *io)
{
	char text[NUMBER_LEN];
	char again[NUMBER_LEN];
	double x;

	if (take(io, "\"Infinity\""))
		return INFINITY;
	if (take(io, "\"-Infinity\""))
		return -INFINITY;
	take_number(io, "+-.0123456789e", text);
	x = strtod(text, NULL);
	format_double(again, x);
	if (strcmp(text, again) != 0)
		fail(io);
	return x;
}

static void
transfer_double(MonitorDetectorIo *io, double *x)
{
	uint64_t bits;

	if (!io->text)
	{
		memcpy(&bits, x, sizeof(bits));
		raw(io, &bits, 8);
		memcpy(x, &bits, sizeof(bits));
	}
	else if (io->reading)
		*x = parse_double(io);
	else
	{
		char text[NUMBER_LEN];

		format_double(text, *x);
		fixed(io, text);
	}
}

void
monitor_io_element(MonitorDetectorIo *io, double *x, double least, double most)
{
	key(io, NULL);
	transfer_double(io, x);
	if (io->reading && (io->failed || !(*x >= least && *x <= most)))
	{
		fail(io);
		*x = least;
	}
}

void
monitor_io_number(MonitorDetectorIo *io, const char *name, double *x, double least, double most)
{
	key(io, name);
	io->first = true;
	monitor_io_element(io, x, least, most);
}

/* NaN is null, and has one pattern of bits. */
static void
optional_number(MonitorDetectorIo *io, const char *name, double *x)
{
	double value = isnan(*x) ? NAN : *x;
	const double nan = NAN;

	key(io, name);
	if (io->text && !io->reading && isnan(value))
		fixed(io, "null");
	else if (io->text && io->reading && take(io, "null"))
		value = NAN;
	else
	{
		transfer_double(io, &value);
		if (io->reading && isnan(value) && (io->text || memcmp(&value, &nan, sizeof(nan)) != 0))
			fail(io);
	}
	if (io->reading)
		*x = value;
}

/* least >= 0 */
static void
transfer_count(MonitorDetectorIo *io, int64_t *n, int64_t least, int64_t most)
{
	char text[NUMBER_LEN];
	char again[NUMBER_LEN];
	uint64_t bits = (uint64_t) *n;

	if (!io->text)
	{
		raw(io, &bits, 8);
		*n = (int64_t) bits;
	}
	else if (io->reading)
	{
		take_number(io, "0123456789", text);
		*n = strtoll(text, NULL, 10);
		snprintf(again, NUMBER_LEN, "%lld", (long long) *n);
		if (strcmp(text, again) != 0)
			fail(io);
	}
	else
	{
		snprintf(text, NUMBER_LEN, "%lld", (long long) *n);
		fixed(io, text);
	}
	if (io->reading && (io->failed || *n < least || *n > most))
	{
		fail(io);
		*n = least;
	}
}

void
monitor_io_count(MonitorDetectorIo *io, const char *name, int64_t *n, int64_t least, int64_t most)
{
	key(io, name);
	transfer_count(io, n, least, most);
}

void
monitor_io_word(MonitorDetectorIo *io, uint32_t *word)
{
	uint64_t bits = *word;
	int64_t n = *word;

	key(io, NULL);
	if (io->text)
		transfer_count(io, &n, 0, UINT32_MAX);
	else
		raw(io, &bits, 4);
	*word = io->text ? (uint32_t) n : (uint32_t) bits;
}

void
monitor_io_flag(MonitorDetectorIo *io, const char *name, bool *flag)
{
	uint64_t bits = *flag;

	key(io, name);
	if (!io->text)
		raw(io, &bits, 1);
	else if (io->reading)
	{
		bits = take(io, "true");
		if (bits == 0)
			fixed(io, "false");
	}
	else
		fixed(io, *flag ? "true" : "false");
	if (bits > 1)
		fail(io);
	*flag = bits == 1 && !io->failed;
}

void
monitor_io_open(MonitorDetectorIo *io, const char *name)
{
	key(io, name);
	fixed(io, "[");
	io->first = true;
}

void
monitor_io_close(MonitorDetectorIo *io)
{
	fixed(io, "]");
	io->first = false;
}

void
monitor_io_mean(MonitorDetectorIo *io, const char *name_n, const char *name_mean,
				MonitorRunningMean *mean, double least, double most)
{
	monitor_io_count(io, name_n, &mean->n, 0, MONITOR_DETECTOR_MAX_VALUES);
	monitor_io_number(io, name_mean, &mean->mean, least, most);
}

/* ---- the whole ---- */

static void
walk_mode(MonitorDetectorIo *io, const char *name, double *value)
{
	int mode = (int) *value;

	key(io, name);
	if (!io->reading)
	{
		fixed(io, "\"");
		fixed(io, monitor_mode_names[mode]);
		fixed(io, "\"");
		return;
	}
	fixed(io, "\"");
	for (mode = 0; mode < 3 && !take(io, monitor_mode_names[mode]);)
		mode++;
	fixed(io, "\"");
	*value = mode;
}

static void
walk_parameter(MonitorDetectorIo *io, const MonitorParameter *parameter, double *value)
{
	bool flag = *value == 1;

	if (io->text && parameter->type == MONITOR_PARAMETER_MODE)
		walk_mode(io, parameter->name, value);
	else if (io->text && parameter->type == MONITOR_PARAMETER_FLAG)
	{
		monitor_io_flag(io, parameter->name, &flag);
		*value = flag;
	}
	else
		optional_number(io, parameter->name, value);
	if (io->reading && !monitor_parameter_valid(parameter, *value))
		fail(io);
	/* flags and modes have words in text, which a negative zero would not come back from */
	if (io->reading && parameter->type != MONITOR_PARAMETER_NUMBER && *value == 0 &&
		signbit(*value))
		fail(io);
}

/* Kind and parameters, which say how large the detector is. */
static bool
walk_head(MonitorDetectorIo *io, MonitorDetector *detector)
{
	const MonitorDetectorClass *class;
	uint64_t version = VERSION;
	uint64_t kind = detector->kind;
	const char *why;

	fixed(io, "{\"detector\":1,\"kind\":\"");
	if (!io->text)
	{
		raw(io, &version, 1);
		raw(io, &kind, 1);
	}
	else if (!io->reading)
		fixed(io, monitor_detector_name(detector->kind));
	else
	{
		char name[NUMBER_LEN];

		take_number(io, "abcdefghijklmnopqrstuvwxyz_", name);
		kind = (uint64_t) monitor_detector_kind(name);
	}
	if (io->failed || version != VERSION || kind >= MONITOR_NUM_DETECTORS)
		return false;
	detector->kind = (MonitorDetectorKind) kind;
	class = monitor_detector_class(detector->kind);
	fixed(io, "\",\"parameters\":{");
	io->first = true;
	for (int i = 0; i < class->nparameters; i++)
		walk_parameter(io, &class->parameters[i], &detector->parameters[i]);
	fixed(io, "}");
	io->first = false;
	return !io->failed &&
		(!io->reading ||
		 monitor_detector_parameters_valid(detector->kind, detector->parameters, &why));
}

/* What comes after the head; false if it was read and is not valid. */
static bool
walk_body(MonitorDetectorIo *io, MonitorDetector *detector)
{
	bool consistent;

	monitor_io_count(io, "values", &detector->values, 0, MONITOR_DETECTOR_MAX_VALUES);
	monitor_io_count(io, "drifts", &detector->drifts, 0, detector->values);
	monitor_io_count(io, "last_drift", &detector->last_drift, detector->drifts, detector->values);
	monitor_io_flag(io, "drift", &detector->signal.drift);
	monitor_io_flag(io, "warning", &detector->signal.warning);
	optional_number(io, "estimate", &detector->signal.estimate);
	optional_number(io, "statistic", &detector->signal.statistic);
	fixed(io, ",\"state\":{");
	io->first = true;
	consistent = monitor_detector_class(detector->kind)->walk(io, detector);
	fixed(io, "}}");
	if (!io->reading)
		return true;
	return consistent && !io->failed && io->at == io->end &&
		(detector->drifts > 0) == (detector->last_drift > 0) &&
		(!detector->signal.drift ||
		 (detector->last_drift == detector->values && detector->drifts > 0));
}

/* Reading and writing share their code: what is written is not changed, const or not. */
static size_t
write_out(const MonitorDetector *detector, bool text, char *out)
{
	MonitorDetectorIo io = {.text = text, .out = out};

	walk_head(&io, (MonitorDetector *) detector);
	walk_body(&io, (MonitorDetector *) detector);
	return io.length;
}

static MonitorStatus
read_size(const char *from, size_t length, bool text, size_t *size)
{
	MonitorDetectorIo io = {.text = text, .reading = true, .at = from, .end = from + length};
	MonitorDetector head = {0};

	if (!walk_head(&io, &head))
		return MONITOR_CORRUPT;
	*size = monitor_detector_size(head.kind, head.parameters);
	return MONITOR_OK;
}

static MonitorStatus
read_in(const char *from, size_t length, bool text, MonitorDetector *detector, size_t size)
{
	MonitorDetectorIo io = {.text = text, .reading = true, .at = from, .end = from + length};
	MonitorDetector head = {0};

	if (!walk_head(&io, &head))
		return MONITOR_CORRUPT;
	if (size < monitor_detector_size(head.kind, head.parameters))
		return MONITOR_NO_SPACE;
	monitor_detector_init(detector, head.kind, head.parameters);
	return walk_body(&io, detector) ? MONITOR_OK : MONITOR_CORRUPT;
}

size_t
monitor_detector_encode_size(const MonitorDetector *detector)
{
	return write_out(detector, false, NULL);
}

void
monitor_detector_encode(const MonitorDetector *detector, unsigned char *out)
{
	write_out(detector, false, (char *) out);
}

MonitorStatus
monitor_detector_decode_size(const unsigned char *bytes, size_t length, size_t *size)
{
	return read_size((const char *) bytes, length, false, size);
}

MonitorStatus
monitor_detector_decode(const unsigned char *bytes, size_t length, MonitorDetector *detector,
						size_t size)
{
	return read_in((const char *) bytes, length, false, detector, size);
}

size_t
monitor_detector_print_size(const MonitorDetector *detector)
{
	return write_out(detector, true, NULL);
}

void
monitor_detector_print(const MonitorDetector *detector, char *out)
{
	write_out(detector, true, out);
}

MonitorStatus
monitor_detector_parse_size(const char *text, size_t length, size_t *size)
{
	return read_size(text, length, true, size);
}

MonitorStatus
monitor_detector_parse(const char *text, size_t length, MonitorDetector *detector, size_t size)
{
	return read_in(text, length, true, detector, size);
}
