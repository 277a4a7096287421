/*
 * test_compound.c
 *		Score, confusion and error profiles: forms, algebra, and metrics against
 *		loops over the rows.
 */
#include "compound.h"
#include "error.h"
#include "profile_samples.h"
#include "score.h"
#include "unit.h"

#define ROWS 3000

static const char *const names[] = {"ant", "bee", "cat", "dog", "eel"};

/* A random compound of a kind, counted from rows [from, to) of a fixed sample of a seed. */
typedef struct Rows
{
	int n;
	double score[ROWS];
	double truth[ROWS];
	int label[ROWS]; /* 2: none */
	int class[ROWS]; /* 4: not listed */
	int predicted[ROWS];
} Rows;

static Rows rows;

static void
make_rows(int n, Shape shape)
{
	rows.n = n;
	for (int i = 0; i < n; i++)
	{
		double s = random_below(3) == 0 ? rint(random_unit() * 20) / 20 : random_unit();

		rows.score[i] = shape == SMOOTH ? s : random_value(shape, 0);
		rows.label[i] = random_below(5) == 0 ? 2 : random_unit() < s;
		rows.truth[i] = rows.label[i] == 2 ? NAN : rows.score[i] + random_normal() * 0.1;
		if (random_below(50) == 0)
			rows.score[i] = NAN;
		rows.class[i] = (int) random_below(5);
		rows.predicted[i] = random_below(3) == 0 ? (int) random_below(5) : rows.class[i];
	}
}

static MonitorCompound *
compound_of(MonitorCompoundKind kind, const double *anchors, int64_t k, int from, int to)
{
	const uint32_t lengths[] = {3, 3, 3, 3};
	MonitorCompound *compound;

	if (kind == MONITOR_CONFUSION)
	{
		compound = malloc(monitor_compound_size_confusion(4, 12));
		monitor_compound_init_confusion(compound, names, lengths, 4);
	}
	else
	{
		compound = malloc(monitor_compound_size_numeric(kind, k));
		monitor_compound_init_numeric(compound, kind, anchors, k);
	}
	for (int i = from; i < to; i++)
	{
		if (kind == MONITOR_SCORES)
			monitor_score_add(compound, rows.score[i], (MonitorScoreClass) rows.label[i]);
		else if (kind == MONITOR_ERRORS)
			monitor_error_add(compound, rows.score[i], rows.truth[i]);
		else
			monitor_confusion_add(compound, names[rows.predicted[i]], 3,
								  rows.label[i] == 2 ? NULL : names[rows.class[i]], 3);
	}
	monitor_compound_flush(compound);
	return compound;
}

static char *
text_of(const MonitorCompound *compound)
{
	char *text = malloc(monitor_compound_text_bound(compound) + 1);

	text[monitor_compound_print(compound, text)] = '\0';
	return text;
}

/* Compares what is printed, without the ranges if they are not asked for. */
static bool
same(const MonitorCompound *a, const MonitorCompound *b, bool with_range)
{
	char *x = text_of(a);
	char *y = text_of(b);
	bool equal = true;

	for (char *p = x, *q = y; equal && (*p != '\0' || *q != '\0'); p++, q++)
	{
		if (!with_range && strncmp(p, "\"range\":", 8) == 0 && strncmp(q, "\"range\":", 8) == 0)
		{
			p = strstr(p, ",\"center\"");
			q = strstr(q, ",\"center\"");
		}
		equal = *p == *q;
	}
	free(x);
	free(y);
	return equal;
}

/* Encode and decode, print and parse. */
static MonitorCompound *
decoded(const MonitorCompound *compound, bool with_anchors)
{
	size_t length = monitor_compound_encode_size(compound, with_anchors);
	unsigned char *bytes = malloc(length);
	unsigned char *again = malloc(length);
	MonitorCompound *copy = NULL;
	size_t size;

	monitor_compound_encode(compound, with_anchors, bytes);
	if (monitor_compound_decode_size(bytes, length, compound->kind, &size) == MONITOR_OK)
	{
		copy = malloc(size);
		if (monitor_compound_decode(bytes, length, compound->kind, copy, size) != MONITOR_OK ||
			monitor_compound_encode_size(copy, true) != length ||
			monitor_compound_encode(copy, true, again) != length ||
			memcmp(bytes, again, length) != 0)
		{
			free(copy);
			copy = NULL;
		}
	}
	free(bytes);
	free(again);
	return copy;
}

static bool
survives(const MonitorCompound *compound)
{
	MonitorCompound *copy = decoded(compound, true);
	MonitorCompound *detached = decoded(compound, false);
	char *text = text_of(compound);
	MonitorCompound *parsed = NULL;
	MonitorCompound *attached = NULL;
	size_t size;
	bool good = copy != NULL && detached != NULL && same(copy, compound, true) &&
		monitor_compound_parse_size(text, strlen(text), compound->kind, &size) == MONITOR_OK;

	if (good)
	{
		parsed = malloc(size);
		attached = malloc(monitor_compound_attached_size(detached, compound));
		good = monitor_compound_parse(text, strlen(text), compound->kind, parsed, size) ==
				MONITOR_OK &&
			same(parsed, compound, true) &&
			monitor_compound_attach(attached, detached, compound) == MONITOR_OK &&
			same(attached, compound, true);
	}
	free(copy);
	free(detached);
	free(text);
	free(parsed);
	free(attached);
	return good;
}

static void
test_algebra(MonitorCompoundKind kind, int rounds)
{
	double *anchors = malloc(sizeof(double) * MAX_SAMPLE);
	int bad_form = 0;
	int bad_sum = 0;
	int bad_rest = 0;

	for (int round = 0; round < rounds; round++)
	{
		Shape shape = kind == MONITOR_SCORES && round % 2 == 0 ? SMOOTH : (Shape) (round % SHAPES);
		int64_t k = random_anchors(shape, 1 + random_below(300), 1 + random_below(100), anchors);
		int n = (int) random_below(round % 9 == 0 ? ROWS : 200);
		int part;
		MonitorCompound *whole;
		MonitorCompound *a;
		MonitorCompound *b;

		make_rows(n, shape);
		part = (int) random_below(n + 1);
		whole = compound_of(kind, anchors, k, 0, n);
		a = compound_of(kind, anchors, k, 0, part);
		b = compound_of(kind, anchors, k, part, n);
		bad_form += !survives(whole);
		bad_sum += monitor_compound_add(a, b) != MONITOR_OK || !same(a, whole, true);
		bad_rest += monitor_compound_subtract(a, b) != MONITOR_OK;
		free(b);
		b = compound_of(kind, anchors, k, 0, part);
		bad_rest += a->has_totals && !same(a, b, false);
		free(whole);
		free(a);
		free(b);
	}
	unit_ok(bad_form == 0, "%d %ss: encoded, printed, detached", rounds,
			monitor_compound_name(kind));
	unit_ok(bad_sum == 0, "%d %ss: parts add up to the whole", rounds, monitor_compound_name(kind));
	unit_ok(bad_rest == 0, "%d %ss: subtracting undoes adding", rounds,
			monitor_compound_name(kind));
	free(anchors);
}

static void
test_damage(MonitorCompoundKind kind, int rounds)
{
	double anchors[] = {0.1, 0.4, 0.5, 0.9};
	int accepted = 0;
	int wrong = 0;

	for (int round = 0; round < rounds; round++)
	{
		MonitorCompound *compound;
		MonitorCompound *copy;
		unsigned char bytes[4096];
		unsigned char again[4096];
		size_t length;
		size_t size;

		make_rows((int) random_below(20), SMOOTH);
		compound = compound_of(kind, anchors, 4, 0, rows.n);
		length = monitor_compound_encode(compound, random_below(2) == 0, bytes);
		free(compound);
		bytes[random_below((int64_t) length)] ^= (unsigned char) (1 << random_below(8));
		if (monitor_compound_decode_size(bytes, length, kind, &size) != MONITOR_OK)
			continue;
		copy = malloc(size);
		if (monitor_compound_decode(bytes, length, kind, copy, size) == MONITOR_OK)
		{
			accepted++;
			wrong += monitor_compound_encode(copy, true, again) != length ||
				memcmp(bytes, again, length) != 0;
		}
		free(copy);
	}
	unit_ok(wrong == 0, "%d damaged %ss: refused, or canonical (%d)", rounds,
			monitor_compound_name(kind), accepted);
}

/* AUC and KS of the rows, by pairs. */
static void
exact_metrics(double *auc, double *ks)
{
	double pairs = 0;
	double twice = 0;

	*ks = 0;
	for (int i = 0; i < rows.n; i++)
	{
		double below[2] = {0};
		double n[2] = {0};

		if (rows.label[i] == 2 || isnan(rows.score[i]))
			continue;
		for (int j = 0; j < rows.n; j++)
		{
			if (rows.label[j] == 2 || isnan(rows.score[j]))
				continue;
			n[rows.label[j]]++;
			below[rows.label[j]] += rows.score[j] <= rows.score[i];
			if (rows.label[i] == 1 && rows.label[j] == 0)
			{
				pairs += 2;
				twice += 2 * (rows.score[i] > rows.score[j]) + (rows.score[i] == rows.score[j]);
			}
		}
		*ks = fmax(*ks, fabs(below[0] / n[0] - below[1] / n[1]));
	}
	*auc = twice / pairs;
}

static void
test_scores(void)
{
	double *anchors = malloc(sizeof(double) * MAX_SAMPLE);
	int outside = 0;
	int loose = 0;
	int losses = 0;

	for (int round = 0; round < 60; round++)
	{
		int64_t k = 0;
		MonitorCompound *compound;
		MonitorScoreMetric metric;
		MonitorScoreMetric ks;
		MonitorStatus status;
		double auc;
		double distance;
		double brier = 0;
		double loss = 0;
		double value = 0;
		int n = 0;

		make_rows(400, SMOOTH);
		for (k = 0; k < 1 + round * 20; k++)
			anchors[k] = (double) k / (1 + round * 20);
		compound = compound_of(MONITOR_SCORES, anchors, k, 0, rows.n);
		for (int i = 0; i < rows.n; i++)
		{
			double s = rows.score[i];

			if (rows.label[i] == 2 || isnan(s))
				continue;
			n++;
			brier += (s - rows.label[i]) * (s - rows.label[i]);
			s = fmin(fmax(s, 0x1p-52), 1 - 0x1p-52);
			loss -= rows.label[i] == 1 ? log(s) : log1p(-s);
		}
		losses += monitor_score_brier(compound, &value) != MONITOR_OK ||
			fabs(value - brier / n) > 1e-14;
		losses += monitor_score_log_loss(compound, &value) != MONITOR_OK ||
			fabs(value - loss / n) > 1e-13;
		exact_metrics(&auc, &distance);
		status = monitor_score_auc(compound, &metric);
		outside += status != MONITOR_OK || auc < metric.low || auc > metric.high ||
			monitor_score_ks(compound, &ks) != MONITOR_OK || distance < ks.low - 1e-15 ||
			distance > ks.high + 1e-15;
		loose += round == 59 &&
			(metric.high - metric.low > 0.02 || fabs(metric.value - auc) > 5e-4);
		free(compound);
	}
	unit_ok(losses == 0, "Brier score and log loss are those of the rows");
	unit_ok(outside == 0, "AUC and KS of the rows lie within the bounds");
	unit_ok(loose == 0, "1,181 anchors give AUC to 0.0005");
	free(anchors);
}

/* Values by hand. */
static void
test_confusion(void)
{
	const uint32_t lengths[] = {3, 3, 3};
	const int truth[] = {0, 0, 0, 1, 1, 1, 1, 2, 2, 0};
	const int predicted[] = {0, 1, 0, 1, 1, 2, 0, 2, 2, 0};
	MonitorCompound *compound = malloc(monitor_compound_size_confusion(3, 9));
	MonitorClassCounts classes[4];
	double p;
	double r;
	double f;

	monitor_compound_init_confusion(compound, names, lengths, 3);
	unit_ok(monitor_confusion_accuracy(compound, classes, &p) == MONITOR_UNDEFINED, "no rows");
	monitor_confusion_add(compound, names[0], 3, names[0], 3);
	unit_ok(monitor_confusion_balanced_accuracy(compound, classes, &p) == MONITOR_UNDEFINED,
			"balanced accuracy of one true class");
	for (int i = 1; i < 10; i++)
		monitor_confusion_add(compound, names[predicted[i]], 3, names[truth[i]], 3);
	monitor_confusion_accuracy(compound, classes, &p);
	unit_close(p, 0.7, 1e-15, "accuracy");
	monitor_confusion_balanced_accuracy(compound, classes, &p);
	unit_close(p, 0.75, 1e-15, "balanced accuracy");
	monitor_confusion_scores(compound, MONITOR_MACRO, classes, &p, &r, &f);
	unit_close(p, (0.75 + 2.0 / 3 + 2.0 / 3) / 3, 1e-15, "macro precision");
	unit_close(r, 0.75, 1e-15, "macro recall");
	unit_close(f, (0.75 + 4.0 / 7 + 0.8) / 3, 1e-15, "macro F1");
	monitor_confusion_scores(compound, MONITOR_WEIGHTED, classes, &p, &r, &f);
	unit_close(f, (0.75 * 4 + 4.0 / 7 * 4 + 0.8 * 2) / 10, 1e-15, "weighted F1");
	monitor_confusion_kappa(compound, classes, &p);
	unit_close(p, (0.7 - 0.34) / (1 - 0.34), 1e-14, "kappa");
	monitor_confusion_matthews(compound, classes, &p);
	unit_close(p, (70.0 - 34) / sqrt((100.0 - 34) * (100 - 36)), 1e-14, "Matthews");
	free(compound);
}

static void
test_errors(void)
{
	double anchors[21];
	MonitorCompound *compound;
	double absolute = 0;
	double squares = 0;
	double mean = 0;
	double total = 0;
	double value = 0;
	int n = 0;

	for (int i = 0; i <= 20; i++)
		anchors[i] = i / 20.0;
	make_rows(ROWS, SMOOTH);
	compound = compound_of(MONITOR_ERRORS, anchors, 21, 0, ROWS);
	for (int i = 0; i < ROWS; i++)
	{
		if (isnan(rows.score[i]) || isnan(rows.truth[i]))
			continue;
		n++;
		absolute += fabs(rows.score[i] - rows.truth[i]);
		squares += pow(rows.score[i] - rows.truth[i], 2);
		mean += rows.truth[i];
	}
	mean /= n;
	for (int i = 0; i < ROWS; i++)
	{
		if (!isnan(rows.score[i]) && !isnan(rows.truth[i]))
			total += pow(rows.truth[i] - mean, 2);
	}
	monitor_error_mean_absolute(compound, &value);
	unit_close(value, absolute / n, 1e-12, "mean absolute error");
	monitor_error_mean_squared(compound, &value);
	unit_close(value, squares / n, 1e-12, "mean squared error");
	monitor_error_r2(compound, &value);
	unit_close(value, 1 - squares / total, 1e-11, "R squared");
	monitor_error_add(compound, 0, INFINITY);
	monitor_compound_flush(compound);
	unit_ok(monitor_error_mean_absolute(compound, &value) == MONITOR_UNDEFINED &&
				monitor_compound_consistent(compound),
			"an infinite truth leaves no mean error");
	free(compound);
}

int
main(void)
{
	test_algebra(MONITOR_SCORES, 1500);
	test_algebra(MONITOR_CONFUSION, 600);
	test_algebra(MONITOR_ERRORS, 800);
	test_damage(MONITOR_SCORES, 10000);
	test_damage(MONITOR_CONFUSION, 10000);
	test_damage(MONITOR_ERRORS, 10000);
	test_scores();
	test_confusion();
	test_errors();
	return unit_done();
}
