/*
 * test_watch.c
 *		Watching: equal to the statistics of two profiles it stands for, to brute force, and
 *		with episodes that open and close when they should.
 */
#include "evidence.h"
#include "profile_samples.h"
#include "unit.h"
#include "watch.h"

#define BUCKETS 40

static MonitorProfile *
numeric_profile(const double *anchors, int64_t k, const double *values, int64_t n)
{
	MonitorProfile *profile = calloc(1, monitor_profile_size_numeric(k, MONITOR_PENDING_MAX));

	if (monitor_profile_init_numeric(profile, anchors, k, 0) != MONITOR_OK)
		abort();
	monitor_profile_count(profile, values, n);
	return profile;
}

/* The coarse form of a profile. */
static MonitorProfile *
coarse_of(const MonitorProfile *fine, const int64_t *chosen, int64_t k)
{
	MonitorProfile *coarse = calloc(1, monitor_profile_size_numeric(k, 0));
	double anchors[32];

	for (int64_t i = 0; i < k; i++)
		anchors[i] = monitor_profile_anchors(fine)[chosen[i]];
	if (monitor_profile_init_numeric(coarse, anchors, k, 0) != MONITOR_OK)
		abort();
	monitor_coarsen(fine, chosen, coarse);
	return coarse;
}

static int
compare_doubles(const void *a, const void *b)
{
	double x = *(const double *) a;
	double y = *(const double *) b;

	return x < y ? -1 : x > y;
}

/* Anchors as profile_edges gives them. */
static int64_t
edges_of(double *values, int64_t n, double *edges)
{
	int64_t k = 0;

	qsort(values, n, sizeof(double), compare_doubles);
	for (int64_t i = 1; i <= 1000; i++)
	{
		double x = values[(i * n + 999) / 1000 - 1];

		if (k == 0 || edges[k - 1] < x)
			edges[k++] = x;
	}
	return k;
}

/* PSI and evidence of coarse counts against those of the fine profiles. */
static void
check_against_profiles(void)
{
	int other_psi = 0;
	int other_evidence = 0;
	int cases = 0;

	for (int trial = 0; trial < 200; trial++)
	{
		static double a[MAX_SAMPLE];
		static double b[MAX_SAMPLE];
		static double edges[1000];
		static int64_t memory[MONITOR_WATCH_PLAN_SIZE(64)];
		static int64_t scratch[2 * 2001];
		static int64_t cell_memory[2 * 2001];
		int64_t n = 50 + random_below(3000);
		int64_t m = 20 + random_below(500);
		Shape shape = (Shape) (trial % 4);
		double shift = trial % 3 * 0.2;
		double counts[64];
		double share[64];
		int64_t chosen[32];
		int64_t k;
		MonitorProfile *fine_a;
		MonitorProfile *fine_b;
		MonitorProfile *coarse_a;
		MonitorProfile *coarse_b;
		MonitorWatchPlan plan;
		MonitorCells cells = {.reference = cell_memory, .current = cell_memory + 2001};
		MonitorTestResult result;
		MonitorWatchReference reference;
		MonitorWatchWindow window;
		MonitorWatchMatch match;
		MonitorWatchPrior priors[64];
		MonitorWatchEffect effect;
		double log_e;

		for (int64_t i = 0; i < n; i++)
			a[i] = random_value(shape, 0);
		for (int64_t i = 0; i < m; i++)
			b[i] = random_value(shape, shift);
		k = edges_of(a, n, edges);
		fine_a = numeric_profile(edges, k, a, n);
		fine_b = numeric_profile(edges, k, b, m);
		k = monitor_coarse_anchors(fine_a, chosen);
		coarse_a = coarse_of(fine_a, chosen, k);
		coarse_b = coarse_of(fine_b, chosen, k);
		reference = (MonitorWatchReference){coarse_a, 0, NULL};
		window = (MonitorWatchWindow){counts, NULL, (double) coarse_b->n};
		for (int64_t i = 0; i < 2 * k + 1; i++)
			counts[i] = (double) monitor_profile_counts(coarse_b)[i];
		if (monitor_watch_plan(coarse_a, memory, &plan) != MONITOR_OK)
			abort();
		match = monitor_watch_match(&reference, &window, share);
		effect = monitor_watch_effect(&plan, &match, &window, 1);
		if (monitor_profile_cells(fine_a, fine_b, MONITOR_DEFAULT_BINS, &cells, NULL, NULL) ==
				MONITOR_OK &&
			monitor_psi_test(&cells, &result) == MONITOR_OK)
		{
			cases++;
			other_psi += fabs(effect.psi - result.statistic) > 1e-11 * (1 + result.statistic) ||
				fabs(effect.effect - result.effect_size) > 1e-11 * (1 + result.statistic) ||
				effect.df != result.df;
			if (monitor_profile_evidence(fine_a, fine_b, 0.001, 1.5, scratch, &log_e) != MONITOR_OK)
				abort();
			monitor_watch_priors(&plan, &match, 1.5, 0.001, priors);
			other_evidence += fabs(monitor_watch_evidence(&plan, priors, &window, 1.5) - log_e) >
				1e-8 * (1 + fabs(log_e));
		}
		free(fine_a);
		free(fine_b);
		free(coarse_a);
		free(coarse_b);
	}
	unit_ok(cases >= 150, "%d pairs of profiles were compared", cases);
	unit_ok(other_psi == 0, "PSI and its effect are those of the fine profiles (%d differ)",
			other_psi);
	unit_ok(other_evidence == 0, "evidence is that of the fine profiles (%d differ)",
			other_evidence);
}

/* ---- a series of two values ---- */

static double sums[(BUCKETS + 1) * 64];
static double strata_rows[(BUCKETS + 1) * 3];

/* A baseline of n rows of which a share is 1, the others 0. */
static MonitorProfile *
flags(int64_t n, int64_t ones)
{
	const double anchors[] = {0, 1};
	MonitorProfile *profile = calloc(1, monitor_profile_size_numeric(2, 0));

	if (monitor_profile_init_numeric(profile, anchors, 2, 0) != MONITOR_OK)
		abort();
	monitor_profile_counts(profile)[1] = n - ones;
	monitor_profile_counts(profile)[3] = ones;
	profile->n = n;
	return profile;
}

static MonitorWatchSeries
flag_series(const int *ones, int rows)
{
	memset(sums, 0, sizeof(sums));
	for (int b = 0; b < BUCKETS; b++)
	{
		memcpy(sums + (b + 1) * 5, sums + b * 5, 5 * sizeof(double));
		sums[(b + 1) * 5 + 1] += rows - ones[b];
		sums[(b + 1) * 5 + 3] += ones[b];
	}
	return (MonitorWatchSeries){BUCKETS, 5, 0, sums, NULL};
}

static void
check_episodes(void)
{
	MonitorProfile *baseline = flags(100000, 50000);
	MonitorWatchReference reference = {baseline, 0, NULL};
	MonitorWatchOptions options = {log(2 * 50 * 2160 / 0.05), 0.05 / 100, 0.1, 0.25, 0.08};
	int64_t memory[MONITOR_WATCH_PLAN_SIZE(5)];
	double scratch[MONITOR_LOOK_SCRATCH(5, 0)];
	double phi[MONITOR_WATCH_SCALES];
	int ones[BUCKETS];
	MonitorWatchPlan plan;
	MonitorWatchState state = {0, false, 0, false};
	MonitorLook look;
	int opened = -1;
	int closed = -1;
	int critical = 0;

	for (int i = 0; i < MONITOR_WATCH_SCALES; i++)
		phi[i] = 1;
	for (int b = 0; b < BUCKETS; b++)
		ones[b] = b >= 10 && b < 20 ? 900 : 500;
	if (monitor_watch_plan(baseline, memory, &plan) != MONITOR_OK)
		abort();
	unit_ok(plan.cells == 5 && plan.streams == 2, "two values: %d cells, %d streams",
			(int) plan.cells, (int) plan.streams);
	for (int b = 0; b < BUCKETS; b++)
	{
		MonitorWatchSeries series = flag_series(ones, 1000);

		monitor_watch_look(&reference, &plan, &series, b + 1, phi, &options, scratch, &state,
						   &look);
		if (look.opened)
			opened = b;
		if (look.closed)
			closed = b;
		critical += look.verdict == MONITOR_WATCH_CRITICAL;
	}
	unit_ok(opened == 10, "a flag that goes from 50 to 90 %% is found at once (%d)", opened);
	unit_ok(closed == 22, "three calm looks close it (%d)", closed);
	unit_ok(critical == 10, "it is critical while it lasts (%d looks)", critical);
	unit_ok(state.since == 23 && !state.open, "evidence starts afresh after it");

	/* unknown dependence: never worse than warning; few rows: insufficient */
	state = (MonitorWatchState){0, false, 0, false};
	{
		MonitorWatchSeries series = flag_series(ones, 1000);

		monitor_watch_look(&reference, &plan, &series, 12, NULL, &options, scratch, &state, &look);
	}
	unit_ok(look.verdict == MONITOR_WATCH_WARNING, "unknown dependence gives a warning at most");
	for (int b = 0; b < BUCKETS; b++)
		ones[b] = 1;
	state = (MonitorWatchState){0, false, 0, false};
	{
		MonitorWatchSeries series = flag_series(ones, 2);

		monitor_watch_look(&reference, &plan, &series, 3, phi, &options, scratch, &state, &look);
	}
	unit_ok(look.verdict == MONITOR_WATCH_INSUFFICIENT, "six rows are too few to tell");
	free(baseline);
}

/* phi of windows whose shares jump between 0.4 and 0.6, by its definition. */
static void
check_dependence(void)
{
	MonitorProfile *baseline = flags(BUCKETS * 1000, BUCKETS * 500);
	MonitorWatchReference reference = {baseline, 0, NULL};
	int64_t memory[MONITOR_WATCH_PLAN_SIZE(5)];
	double scratch[MONITOR_DEPENDENCE_SCRATCH(5, 2)];
	double phi[MONITOR_WATCH_SCALES];
	int windows[MONITOR_WATCH_SCALES];
	int ones[BUCKETS];
	MonitorWatchPlan plan;
	MonitorWatchSeries series;
	double want = BUCKETS * 0.01 / (BUCKETS - 1) / (0.25 / 1000);

	for (int b = 0; b < BUCKETS; b++)
		ones[b] = b % 2 ? 600 : 400;
	series = flag_series(ones, 1000);
	if (monitor_watch_plan(baseline, memory, &plan) != MONITOR_OK)
		abort();
	unit_ok(monitor_watch_dependence(&reference, &plan, &series, scratch, phi, windows),
			"40 buckets are enough");
	unit_close(phi[0], want, 1e-12, "phi of single buckets is a ratio of variances");
	unit_ok(phi[1] == phi[0] && windows[1] == 20 && windows[3] == 5,
			"phi does not fall with longer windows, and 5 windows add nothing");

	/* the same buckets with the jumps known as two strata */
	{
		int64_t counts[2 * 5] = {0, 600 * 20, 0, 400 * 20, 0, 0, 400 * 20, 0, 600 * 20, 0};
		MonitorWatchReference seasonal = {baseline, 2, counts};

		memset(strata_rows, 0, sizeof(strata_rows));
		for (int b = 0; b < BUCKETS; b++)
		{
			memcpy(strata_rows + (b + 1) * 3, strata_rows + b * 3, 3 * sizeof(double));
			strata_rows[(b + 1) * 3 + 1 + b % 2] += 1000;
		}
		series.strata = 2;
		series.rows = strata_rows;
		unit_ok(monitor_watch_dependence(&seasonal, &plan, &series, scratch, phi, windows) &&
					phi[0] == 1,
				"a season that is matched leaves no dependence");
	}
	free(baseline);
}

/* F = sum w F_s and n = 1 / sum(w^2 / n_s). */
static void
check_match(void)
{
	MonitorProfile *baseline = flags(3000, 1500);
	int64_t counts[2 * 5] = {0, 900, 0, 100, 0, 0, 600, 0, 1400, 0};
	MonitorWatchReference reference = {baseline, 2, counts};
	double window_counts[5] = {0, 5, 0, 5, 0};
	double window_rows[3] = {0, 7.5, 2.5};
	MonitorWatchWindow window = {window_counts, window_rows, 10};
	double share[5];
	MonitorWatchMatch match = monitor_watch_match(&reference, &window, share);

	unit_close(share[3], 0.75 * 0.1 + 0.25 * 0.7, 1e-15,
			   "the reference has the window's mix of strata");
	unit_close(match.n, 1 / (0.75 * 0.75 / 1000 + 0.25 * 0.25 / 2000), 1e-15,
			   "and the rows it is worth");
	window_rows[1] = 10;
	window_rows[2] = 0;
	counts[1] = counts[3] = 0;
	match = monitor_watch_match(&reference, &window, share);
	unit_ok(match.n == 3000 && share[3] == 0.5,
			"a stratum without rows borrows the whole baseline");
	free(baseline);
}

/* A share that is 1 % in the baseline and in 60 buckets, but for 20 to 29. */
static void
check_shares(void)
{
	const MonitorWatchOptions options = {log(2 * 10 * 2160 / 0.05), 0.05 / 20, 0.02, 0.1, 0.016};
	double counts[61] = {0};
	double rows[61] = {0};
	MonitorShareSeries series = {counts, rows, 1000, 100000, NULL};
	int rates[] = {1, 4, 30};
	MonitorWatchVerdict worst[] = {MONITOR_WATCH_OK, MONITOR_WATCH_WARNING, MONITOR_WATCH_CRITICAL};

	for (int r = 0; r < 3; r++)
	{
		MonitorWatchState state = {0};
		MonitorShareLook look;
		int opened = -1;
		int closed = -1;
		MonitorWatchVerdict found = MONITOR_WATCH_OK;

		for (int i = 0; i < 60; i++)
		{
			counts[i + 1] = counts[i] + 10 * (i >= 20 && i < 30 ? rates[r] : 1);
			rows[i + 1] = rows[i] + 1000;
			monitor_watch_share(&series, i + 1, &options, &state, &look);
			if (look.opened && opened < 0)
				opened = i;
			if (look.closed && closed < 0)
				closed = i;
			if (look.verdict == MONITOR_WATCH_WARNING || look.verdict == MONITOR_WATCH_CRITICAL)
				found = look.verdict > found ? look.verdict : found;
		}
		unit_ok(found == worst[r], "%d %%: the verdict", rates[r]);
		unit_ok(rates[r] == 1 ? opened < 0 : opened >= 20 && opened <= 22, "%d %%: opened at %d",
				rates[r], opened);
		unit_ok(rates[r] == 1 ? closed < 0 : closed == 32 && !state.open,
				"%d %%: closed at %d, after three calm looks, and not opened again", rates[r],
				closed);
	}
	/* of one window, S is what drift_evidence sums */
	{
		MonitorWatchState state = {0};
		MonitorShareLook look;
		double sum = 0;
		double radius = sqrt(log(2 / options.level) / (2 * 100000));

		counts[1] = 30;
		monitor_watch_share(&series, 1, &options, &state, &look);
		for (int i = 0; i < 3; i++)
			sum += exp(monitor_log_e_binomial(30, 1000, 0.01, 0.01 - radius, 0.01 + radius,
											  (double[]){20, 200, 2000}[i]));
		unit_close(look.log_e, log(sum / 3), 1e-12, "the evidence of one window");
	}
	/* thirty rows a bucket: no bucket alone is evidence, many are */
	{
		MonitorWatchState state = {0};
		MonitorShareLook look;
		int opened = -1;

		for (int i = 0; i < 60; i++)
		{
			counts[i + 1] = counts[i] + 3;
			rows[i + 1] = rows[i] + 30;
			monitor_watch_share(&series, i + 1, &options, &state, &look);
			if (look.opened)
				opened = i;
		}
		unit_ok(opened > 1 && opened < 20, "small buckets add up: opened at %d", opened);
	}
}

int
main(void)
{
	check_shares();
	check_against_profiles();
	check_episodes();
	check_dependence();
	check_match();
	return unit_done();
}
