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
	const int64_t apart[] = {7, 8, 0, 0};
	const int64_t together[] = {0, 0, 15, 0};
	MonitorAssociation a;

	unit_ok(monitor_association(positive, negative, 4, &a) == MONITOR_OK && a.n == 72, "72 rows");
	unit_close(a.mutual_information, 0.22238524063984158, 1e-12,
			   "mutual information is scikit-learn's");
	unit_close(a.chance, 1 / 144.0, 1e-15,
			   "what chance adds: (5 cells - 3 bins - 2 classes + 1) / 2n");
	unit_ok(monitor_association(apart, together, 4, &a) == MONITOR_OK, "classes apart");
	unit_close(a.chance, -1 / 60.0, 1e-15,
			   "where bins tell the class for sure, chance adds nothing");
	unit_ok(monitor_association(positive, none, 4, &a) == MONITOR_UNDEFINED, "one class only");
	unit_ok(monitor_association(none, none, 4, &a) == MONITOR_UNDEFINED, "no rows");
	unit_ok(monitor_association(positive, same, 4, &a) == MONITOR_OK && a.mutual_information >= 0 &&
				a.mutual_information < 1e-15,
			"independent: nothing");
	return unit_done();
}
