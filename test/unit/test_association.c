/*
 * test_association.c
 *		Mutual information against scikit-learn's mutual_info_score, and edge cases.
 */
#include "association.h"
#include "unit.h"

int
main(void)
{
	/* sklearn.metrics.mutual_info_score(None, None, contingency=[[10, 20], [30, 5], [0, 7]]) */
	const int64_t positive[] = {10, 30, 0, 0};
	const int64_t negative[] = {20, 5, 7, 0};
	const int64_t none[] = {0, 0, 0, 0};
	const int64_t same[] = {20, 60, 0, 0};
	MonitorAssociation a;

	unit_ok(monitor_association(positive, negative, 4, &a) == MONITOR_OK && a.n == 72, "72 rows");
	unit_close(a.mutual_information, 0.22238524063984158, 1e-12,
			   "mutual information is scikit-learn's");
	unit_close(a.chance, 2 / 144.0, 1e-15, "chance alone: (3 bins - 1) / 2n");
	unit_ok(monitor_association(positive, none, 4, &a) == MONITOR_UNDEFINED, "one class only");
	unit_ok(monitor_association(none, none, 4, &a) == MONITOR_UNDEFINED, "no rows");
	unit_ok(monitor_association(positive, same, 4, &a) == MONITOR_OK && a.mutual_information >= 0 &&
				a.mutual_information < 1e-15,
			"independent: nothing");
	return unit_done();
}
