/*
 * watch_effect.c
 *		One window against its reference: the size of the change and the evidence for it.
 */
#include "watch.h"

MonitorWatchMatch
monitor_watch_match(const MonitorWatchReference *reference, const MonitorWatchWindow *window,
					double *share)
{
	const int64_t *pooled = monitor_profile_counts_const(reference->pooled);
	int64_t slots = monitor_profile_slots(reference->pooled);
	MonitorWatchMatch match = {share, (double) reference->pooled->n};
	double inverse = 0;

	if (reference->strata == 0 || window->n == 0)
	{
		for (int64_t slot = 0; slot < slots; slot++)
			share[slot] = pooled[slot] / match.n;
		return match;
	}
	memset(share, 0, sizeof(double) * (size_t) slots);
	for (int s = 1; s <= reference->strata; s++)
	{
		const int64_t *counts = reference->counts + (s - 1) * slots;
		double weight = window->rows[s] / window->n;
		double n = 0;

		if (weight == 0)
			continue;
		for (int64_t slot = 0; slot < slots; slot++)
			n += counts[slot];
		if (n == 0)
		{
			counts = pooled;
			n = (double) reference->pooled->n;
		}
		for (int64_t slot = 0; slot < slots; slot++)
			share[slot] += weight * counts[slot] / n;
		inverse += weight * weight / n;
	}
	match.n = 1 / inverse;
	return match;
}

/* ---- effect ---- */

/* One cell's term of PSI, from rows that need not be whole. */
static double
psi_term(double a, double n, double b, double m, double cells)
{
	double p = (a + 0.5) / (n + cells / 2);
	double q = (b + 0.5) / (m + cells / 2);
	double ratio = (q - p) / p;

	return (q - p) * (fabs(ratio) < 0.5 ? log1p(ratio) : log(q / p));
}

/* The cells of a window as they are visited: rows of the reference and of the window. */
typedef struct CellWalk
{
	const MonitorWatchPlan *plan;
	const MonitorWatchMatch *match;
	const MonitorWatchWindow *window;
	int64_t cell;
	int64_t slot;
	double rare_reference;
	double rare_window;
	int stage;
} CellWalk;

static void
sum_slots(CellWalk *walk, int64_t last, double *a, double *b)
{
	*a = 0;
	*b = 0;
	for (; walk->slot <= last; walk->slot++)
	{
		*a += walk->match->share[walk->slot];
		*b += walk->window->counts[walk->slot];
	}
	*a *= walk->match->n;
}

/*
 * The next cell that is not empty on both sides.  Of categories those with
 * (a + b) m < 5 (n + m) come as one, after the others; then all unseen ones as one.
 */
static bool
next_cell(CellWalk *walk, double *a, double *b)
{
	const MonitorWatchPlan *plan = walk->plan;
	double n = walk->match->n;
	double m = walk->window->n;
	int64_t listed = plan->categorical ? plan->cells - 1 : plan->cells;

	while (walk->cell < listed)
	{
		sum_slots(walk, plan->cell_last[walk->cell++], a, b);
		if (*a == 0 && *b == 0)
			continue;
		if (plan->categorical && (*a + *b) * m < 5 * (n + m))
		{
			walk->rare_reference += *a;
			walk->rare_window += *b;
			continue;
		}
		return true;
	}
	if (walk->stage == 0)
	{
		walk->stage = 1;
		*a = walk->rare_reference;
		*b = walk->rare_window;
		if (*a > 0 || *b > 0)
			return true;
	}
	if (plan->categorical && walk->stage == 1)
	{
		walk->stage = 2;
		sum_slots(walk, plan->slots - 1, a, b);
		return *a > 0 || *b > 0;
	}
	return false;
}

MonitorWatchEffect
monitor_watch_effect(const MonitorWatchPlan *plan, const MonitorWatchMatch *match,
					 const MonitorWatchWindow *window, double phi)
{
	CellWalk walk = {.plan = plan, .match = match, .window = window};
	CellWalk again = walk;
	MonitorWatchEffect effect = {0, 0, 0, 0};
	double cells = 0;
	double a;
	double b;

	while (next_cell(&walk, &a, &b))
		cells++;
	while (next_cell(&again, &a, &b))
		effect.psi += psi_term(a, match->n, b, window->n, cells);
	effect.df = fmax(0, cells - 1);
	effect.bias = phi * effect.df * (1 / match->n + 1 / window->n);
	effect.effect = fmax(0, effect.psi - effect.bias);
	return effect;
}

/* ---- evidence ---- */

static const double kappas[] = {20, 200, 2000};

#define NKAPPAS ((int) (sizeof(kappas) / sizeof(kappas[0])))

/*
 * ln Gamma(x), x > 0: Stirling's series where it is good to 1e-12 (the terms of
 * Abramowitz and Stegun 6.1.41), the library's elsewhere.  It is what most time goes to.
 */
static double
log_gamma(double x)
{
	double y;
	int sign;

	if (x < 16)
		return lgamma_r(x, &sign);
	y = 1 / (x * x);
	return (x - 0.5) * log(x) - x + 0.918938533204672742 +
		(1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680)))) / x;
}

/* x ln p with 0 ln 0 = 0 */
static double
x_log_p(double x, double p)
{
	return x == 0 ? 0 : x * log(p);
}

/* Sum of e^x, kept as the largest x and the sum relative to it. */
typedef struct LogSum
{
	double largest;
	double sum;
} LogSum;

static void
add_log(LogSum *total, double x)
{
	if (x <= total->largest)
	{
		if (x > total->largest - 50)
			total->sum += exp(x - total->largest);
		return;
	}
	total->sum = total->sum * exp(total->largest - x) + 1;
	total->largest = x;
}

/* One stream for every kappa: x of t rows, share f known to lie in [low, high]. */
static void
add_stream(LogSum *total, double x, double t, double f, double low, double high)
{
	double share = fmin(fmax(x / t, low), high);
	double likelihood = x_log_p(x, share) + x_log_p(t - x, 1 - share);

	for (int i = 0; i < NKAPPAS; i++)
	{
		double a = kappas[i] * f;
		double b = kappas[i] - a;

		add_log(total,
				log_gamma(a + x) - log_gamma(a) + log_gamma(b + t - x) - log_gamma(b) -
					log_gamma(kappas[i] + t) + log_gamma(kappas[i]) - likelihood);
	}
}

double
monitor_watch_evidence(const MonitorWatchPlan *plan, const MonitorWatchMatch *match,
					   const MonitorWatchWindow *window, double phi, double phi_largest,
					   double level)
{
	LogSum total = {-INFINITY, 0};
	double n = match->n / phi_largest;
	double t = window->n / phi;
	double half = 0.5 / match->n;
	double radius;
	double f = 0;
	double x = 0;
	int64_t slot = 0;

	if (!(match->n > 0) || window->n == 0 || plan->streams == 0)
		return 0;
	radius = sqrt(log((plan->categorical ? 2 * (double) plan->streams : 2) / level) / (2 * n));
	for (int64_t i = 0; i < plan->streams; i++)
	{
		bool unseen = plan->unseen && i == plan->streams - 1;
		double share;
		double high;

		if (plan->categorical)
		{
			/* what stands between the streams' slots the baseline does not have: it is unseen */
			f = match->share[plan->stream_slot[i]];
			x = window->counts[plan->stream_slot[i]];
			if (unseen)
				for (int64_t s = 0, j = 0; s < plan->stream_slot[i]; s++)
				{
					if (s == plan->stream_slot[j])
						j++;
					else
						x += window->counts[s];
				}
		}
		else
			for (; slot <= plan->stream_slot[i]; slot++)
			{
				f += match->share[slot];
				x += window->counts[slot];
			}
		share = fmin(fmax(f, half), 1 - half);
		high = share + radius;
		if (unseen)
			high =
				fmax(high,
					 fmin(1,
						  plan->singles / match->n +
							  (1 + sqrt(2)) * sqrt(log(2 * (double) plan->streams / level) / n)));
		add_stream(&total, fmin(x, window->n) / phi, t, share, share - radius, high);
	}
	return total.largest + log(total.sum) - log((double) plan->streams * NKAPPAS);
}
