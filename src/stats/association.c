/*
 * association.c
 *		Mutual information and information value of a feature in bins and a binary target.
 */
#include "association.h"

/* c / n ln(c n / (row column)), 0 for c = 0 */
static double
term(double c, double n, double row, double column)
{
	return c == 0 ? 0 : c / n * log(c * n / (row * column));
}

MonitorStatus
monitor_association(const int64_t *positive, const int64_t *negative, int64_t bins,
					MonitorAssociation *association)
{
	double p = 0;
	double q = 0;
	double used = 0;
	double joint = 0; /* bins that a class has, of both */

	for (int64_t i = 0; i < bins; i++)
	{
		p += positive[i];
		q += negative[i];
		used += positive[i] + negative[i] > 0;
		joint += (positive[i] > 0) + (negative[i] > 0);
	}
	if (p == 0 || q == 0)
		return MONITOR_UNDEFINED;
	association->mutual_information = 0;
	association->information_value = 0;
	association->n = (int64_t) (p + q);
	association->chance = (joint - used - 1) / (2 * (p + q));
	for (int64_t i = 0; i < bins; i++)
	{
		double a = positive[i];
		double b = negative[i];
		double share_p = (a + 0.5) / (p + used / 2);
		double share_q = (b + 0.5) / (q + used / 2);

		if (a + b == 0)
			continue;
		association->mutual_information += term(a, p + q, a + b, p) + term(b, p + q, a + b, q);
		association->information_value += (share_p - share_q) * log(share_p / share_q);
	}
	/* rounding may leave less than nothing where the two are independent */
	association->mutual_information = fmax(0, association->mutual_information);
	return MONITOR_OK;
}
