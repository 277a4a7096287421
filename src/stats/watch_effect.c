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

static const double kappas[MONITOR_WATCH_KAPPAS] = {20, 200, 2000};
/* ln Gamma of these */
static const double log_gamma_kappas[MONITOR_WATCH_KAPPAS] = {39.339884187199495, 857.9336698258575,
															  13198.923448054265};

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

/* Where the share f of a stream may lie in truth, and the mixtures around it. */
static void
set_prior(MonitorWatchPrior *prior, double f, double low, double high)
{
	prior->low = low;
	prior->high = high;
	for (int i = 0; i < MONITOR_WATCH_KAPPAS; i++)
	{
		double a = kappas[i] * f;
		double b = kappas[i] - a;

		prior->a[i] = a;
		prior->log_norm[i] = log_gamma_kappas[i] - log_gamma(a) - log_gamma(b);
	}
}

void
monitor_watch_priors(const MonitorWatchPlan *plan, const MonitorWatchMatch *match,
					 double phi_largest, double level, MonitorWatchPrior *priors)
{
	double n = match->n / phi_largest;
	double half = 0.5 / match->n;
	double radius =
		sqrt(log((plan->categorical ? 2 * (double) plan->streams : 2) / level) / (2 * n));
	double f = 0;
	int64_t slot = 0;

	for (int64_t i = 0; i < plan->streams; i++)
	{
		double share;
		double high;

		if (plan->categorical)
			f = match->share[plan->stream_slot[i]];
		else
			for (; slot <= plan->stream_slot[i]; slot++)
				f += match->share[slot];
		share = fmin(fmax(f, half), 1 - half);
		high = share + radius;
		if (plan->unseen && i == plan->streams - 1)
			high =
				fmax(high,
					 fmin(1,
						  plan->singles / match->n +
							  (1 + sqrt(2)) * sqrt(log(2 * (double) plan->streams / level) / n)));
		set_prior(&priors[i], share, share - radius, high);
	}
}

/* One stream for every kappa: x of t rows. */
static void
add_stream(LogSum *total, const MonitorWatchPrior *prior, double x, double t,
		   const double *log_total)
{
	double share = fmin(fmax(x / t, prior->low), prior->high);
	double likelihood = x_log_p(x, share) + x_log_p(t - x, 1 - share);

	for (int i = 0; i < MONITOR_WATCH_KAPPAS; i++)
		add_log(total,
				prior->log_norm[i] + log_gamma(prior->a[i] + x) +
					log_gamma(kappas[i] - prior->a[i] + t - x) - log_total[i] - likelihood);
}

double
monitor_watch_evidence(const MonitorWatchPlan *plan, const MonitorWatchPrior *priors,
					   const MonitorWatchWindow *window, double phi)
{
	LogSum total = {-INFINITY, 0};
	double t = window->n / phi;
	double log_total[MONITOR_WATCH_KAPPAS];
	double x = 0;
	int64_t slot = 0;

	if (window->n == 0 || plan->streams == 0)
		return 0;
	for (int i = 0; i < MONITOR_WATCH_KAPPAS; i++)
		log_total[i] = log_gamma(kappas[i] + t);
	for (int64_t i = 0; i < plan->streams; i++)
	{
		if (plan->categorical)
		{
			/* what stands between the streams' slots the baseline does not have: it is unseen */
			x = window->counts[plan->stream_slot[i]];
			if (plan->unseen && i == plan->streams - 1)
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
				x += window->counts[slot];
		add_stream(&total, &priors[i], fmin(x, window->n) / phi, t, log_total);
	}
	return total.largest + log(total.sum) - log((double) plan->streams * MONITOR_WATCH_KAPPAS);
}
