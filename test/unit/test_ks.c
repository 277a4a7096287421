/*
 * test_ks.c
 *		Unit tests of the Kolmogorov-Smirnov test.
 *
 * Expected p: paths counted with Python integers up to 300 values a side;
 * equal sizes by the alternating series in mpmath at 60 digits; the recursion of
 * larger samples in Python fractions of long integers; Hodges' series in mpmath.
 * Expected quotients: float(fractions.Fraction(h, n * m)), correctly rounded.
 */
#include <string.h>

#include "two_samples.h"

/*
 * The merge for samples too large for int64, made to run on small ones: the
 * source once more, under other names.
 */
#define MONITOR_KS_NARROW_LIMIT	  0
#define monitor_ks				  wide_ks
#define monitor_ks_from_numerator wide_ks_from_numerator
#define monitor_ks_numerator	  wide_ks_numerator
#define monitor_ks_quotient		  wide_ks_quotient
#include "ks.c"
#undef monitor_ks
#undef monitor_ks_from_numerator
#undef monitor_ks_numerator
#undef monitor_ks_quotient

typedef struct Case
{
	int64_t h;
	int64_t n;
	int64_t m;
	double p;
	const char *method;
} Case;

/* h = high * 2^62 + low */
typedef struct Quotient
{
	int64_t high;
	int64_t low;
	int64_t n;
	int64_t m;
	double d;
} Quotient;

static const Case cases[] = {
	{1, 1, 1, 1.0, "exact (equal sizes)"},
	{2, 2, 2, 1.0, "exact (equal sizes)"},
	{4, 2, 2, 0.3333333333333333, "exact (equal sizes)"},
	{21, 7, 7, 0.5751748251748252, "exact (equal sizes)"},
	{49, 7, 7, 0.0005827505827505828, "exact (equal sizes)"},
	{40, 20, 20, 0.9999923931635495, "exact (equal sizes)"},
	{220, 20, 20, 0.003967294386600862, "exact (equal sizes)"},
	{300, 60, 60, 0.9866532849650153, "exact (equal sizes)"},
	{3600, 60, 60, 2.070073888186964e-35, "exact (equal sizes)"},
	{5140, 257, 257, 0.4184921025415404, "exact (equal sizes)"},
	{51400, 257, 257, 3.480890019197249e-77, "exact (equal sizes)"},
	{261120, 512, 512, 2.3376310982140883e-301, "exact (equal sizes)"},
	{20000, 1000, 1000, 0.9883339509983221, "exact (equal sizes)"},
	{1000000, 1000, 1000, 0.0, "exact (equal sizes)"},
	{300000, 10000, 10000, 0.9999999999855251, "exact (equal sizes)"},
	{690000, 10000, 10000, 0.9711713729518707, "exact (equal sizes)"},
	{710000, 10000, 10000, 0.9626361027684838, "exact (equal sizes)"},
	{1360000, 10000, 10000, 0.3133876232433517, "exact (equal sizes)"},
	{4000000, 10000, 10000, 2.2429098114068885e-07, "exact (equal sizes)"},
	{13000000, 10000, 10000, 5.0213660109168926e-74, "exact (equal sizes)"},
	{26000000, 10000, 10000, 2.1509674973737885e-297, "exact (equal sizes)"},
	{300000000, 1000000, 1000000, 0.9999999999853445, "exact (equal sizes)"},
	{690000000, 1000000, 1000000, 0.9711589493597492, "exact (equal sizes)"},
	{710000000, 1000000, 1000000, 0.9626217903999181, "exact (equal sizes)"},
	{1360000000, 1000000, 1000000, 0.3133759205485038, "exact (equal sizes)"},
	{4000000000, 1000000, 1000000, 2.250625470873248e-07, "exact (equal sizes)"},
	{13000000000, 1000000, 1000000, 8.002612739111912e-74, "exact (equal sizes)"},
	{26000000000, 1000000, 1000000, 4.841958881732876e-294, "exact (equal sizes)"},
	{3350000000, 5000000, 5000000, 0.9999999999862786, "exact (equal sizes)"},
	{7710000000, 5000000, 5000000, 0.9713138367592379, "exact (equal sizes)"},
	{7935000000, 5000000, 5000000, 0.9627474113430692, "exact (equal sizes)"},
	{15205000000, 5000000, 5000000, 0.31339558566266856, "exact (equal sizes)"},
	{44720000000, 5000000, 5000000, 2.2528784261433058e-07, "exact (equal sizes)"},
	{145340000000, 5000000, 5000000, 8.115568313111725e-74, "exact (equal sizes)"},
	{290685000000, 5000000, 5000000, 5.237507780295767e-294, "exact (equal sizes)"},
	{9486000000000, 1000000000, 1000000000, 0.9999999999854118, "exact (equal sizes)"},
	{21819000000000, 1000000000, 1000000000, 0.9711676844291736, "exact (equal sizes)"},
	{22452000000000, 1000000000, 1000000000, 0.9626241537316641, "exact (equal sizes)"},
	{43006000000000, 1000000000, 1000000000, 0.3134018074361578, "exact (equal sizes)"},
	{126491000000000, 1000000000, 1000000000, 2.250764003861827e-07, "exact (equal sizes)"},
	{411096000000000, 1000000000, 1000000000, 8.040716293523423e-74, "exact (equal sizes)"},
	{822192000000000, 1000000000, 1000000000, 5.224733711223885e-294, "exact (equal sizes)"},
	{300000000000000, 10000000000, 10000000000, 0.9999999999853427, "exact (equal sizes)"},
	{690000000000000, 10000000000, 10000000000, 0.9711588238720059, "exact (equal sizes)"},
	{710000000000000, 10000000000, 10000000000, 0.9626216458365151, "exact (equal sizes)"},
	{1360000000000000, 10000000000, 10000000000, 0.31337580235718704, "exact (equal sizes)"},
	{4000000000000000, 10000000000, 10000000000, 2.2507034865827436e-07, "exact (equal sizes)"},
	{13000000000000000, 10000000000, 10000000000, 8.040116672195254e-74, "exact (equal sizes)"},
	{26000000000000000, 10000000000, 10000000000, 5.223443915827506e-294, "exact (equal sizes)"},
	{1000000000, 1000000000, 1000000000, 1.0, "exact (equal sizes)"},
	{2, 1, 2, 0.6666666666666666, "exact (recursion)"},
	{1, 2, 1, 1.0, "exact (recursion)"},
	{8, 1, 9, 0.4, "exact (recursion)"},
	{12, 3, 7, 0.4, "exact (recursion)"},
	{12, 6, 4, 0.5523809523809524, "exact (recursion)"},
	{45, 10, 15, 0.5928755858490682, "exact (recursion)"},
	{150, 10, 15, 6.118528126873799e-07, "exact (recursion)"},
	{151, 12, 18, 0.0004493993604701409, "exact (recursion)"},
	{379, 37, 41, 0.14409847632587067, "exact (recursion)"},
	{1200, 60, 100, 0.08804777610902793, "exact (recursion)"},
	{8910, 99, 100, 5.128393385407578e-44, "exact (recursion)"},
	{495, 99, 100, 0.9983493151158797, "exact (recursion)"},
	{840, 7, 300, 0.16951029901365494, "exact (recursion)"},
	{37200, 300, 200, 1.2038177151683556e-43, "exact (recursion)"},
	{180, 1, 300, 0.8039867109634552, "exact (recursion)"},
	{59940, 1000, 999, 0.05134923328828042, "exact (recursion)"},
	{399600, 1000, 999, 4.4363687370746827e-72, "exact (recursion)"},
	{105000, 1500, 1000, 0.005395604860311572, "exact (recursion)"},
	{150000, 20000, 30, 0.03894926840196831, "exact (recursion)"},
	{120000, 3000, 2000, 0.7176579626086136, "exact (recursion)"},
	{1000000000, 1000000, 2000000, 0.9962206180694788, "asymptotic (Hodges)"},
	{2800000000, 1000000, 2000000, 0.14633995933484908, "asymptotic (Hodges)"},
	{4000000000, 2000000, 1000000, 0.009638748113979677, "asymptotic (Hodges)"},
	{44000000000, 1000000, 2000000, 1.066182306128486e-280, "asymptotic (Hodges)"},
	{150000000, 5, 100000000, 0.6412878114103991, "asymptotic (Hodges)"},
	{600000000, 1000000000, 1, 0.6299765489558707, "asymptotic (Hodges)"},
	{60000000000000, 2000000000, 3000000000, 0.9997518276927483, "asymptotic (Hodges)"},
	{540000000, 20000, 30000, 0.0, "asymptotic (Hodges)"},
	{0, 5, 5, 1.0, "exact (equal sizes)"},
	{0, 5, 6, 1.0, "exact (recursion)"},
	{500000, 1000000, 999999, 1.0, "exact (recursion)"},
	{31, 5, 6, 0.004329004329004329, "exact (recursion)"},
};

static const Quotient quotients[] = {
	{0, 1, 3, 7, 0.047619047619047616},
	{0, 20, 4, 5, 1.0},
	{0, 9007199254740993, 2147483648, 2147483648, 0.001953125},
	{0, 100000000000000001, 1000000007, 1000000009, 0.09999999840000003},
	{0, 1152921504606846975, 1073741824, 2147483648, 0.5},
	{0, 1350851717672992089, 3486784401, 2305843009213693951, 1.680168543356786e-10},
	{0, 1, 4611686018427387903, 4611686018427387901, 4.70197740328915e-38},
	{4611686018427387900, 2, 4611686018427387903, 4611686018427387901, 1.0},
	{4611686018427387900, 3, 4611686018427387903, 4611686018427387901, 1.0},
	{2305843009213693948, 2305843009213693955, 4611686018427387903, 4611686018427387901, 0.5},
	{2, 1023, 4294967296, 4294967296, 0.5},
	{2, 1024, 4294967296, 4294967296, 0.5},
	{2, 1025, 4294967296, 4294967296, 0.5000000000000001},
	{2, 3071, 4294967296, 4294967296, 0.5000000000000001},
	{2, 3072, 4294967296, 4294967296, 0.5000000000000002},
	{2, 3073, 4294967296, 4294967296, 0.5000000000000002},
	{11861686855, 2362210132277619740, 753946738218291586, 2276505407369331746,
	 3.1871083848551675e-08},
	{171749404, 3346938831644357306, 2005844790234228339, 901780167168699329,
	 4.378818731227988e-10},
	{220148, 2228298570944430022, 859500452381284664, 246618202737902206, 4.789654541627169e-12},
	{106173890910574, 3626738825952224620, 592936573724883244, 425961968908613049,
	 0.0019386454890431071},
	{1015690543426, 2095855991976472727, 1876558843931809511, 975335133240871304,
	 2.559205051582261e-06},
	{41070466307, 1935380190098389641, 1393357049528293686, 1491553059650850153,
	 9.11356380448524e-08},
	{1830545, 3303001577559119997, 346351713209524109, 856360413831476215, 2.8462063751081256e-11},
	{32491797578653231, 4395935005982215116, 418634877263889391, 910043789144275129,
	 0.39331071008632423},
	{19530484917973, 3627469502789150642, 1422077819197998302, 1042855613797966898,
	 6.073306675714749e-05},
	{48887975054803, 123484448355190382, 308953291185058181, 759289607299802961,
	 0.0009610843352814702},
	{13955324646, 3799011164012704185, 843569409728705986, 1061101239161058119,
	 7.189886438895141e-08},
	{4114560, 1796689194016388932, 119524876984551491, 2204607071746808853, 7.201014252153678e-11},
	{507791954792, 1164994554353371740, 2279956690195570572, 273881367130954740,
	 3.7502175569829956e-06},
	{120551874340, 2853038409724761830, 1722979996216015597, 717188541299751969,
	 4.499042760845989e-07},
	{7293124081, 2117969276861983679, 636780112623904163, 1035704350397152169,
	 5.09974007901371e-08},
	{123782930929, 3615575314552017786, 1623753237548469559, 557598925541663294,
	 6.304904817854313e-07},
	{2915186563277, 1565394005374949724, 207862935874433058, 1408966842022677116,
	 4.590375943814291e-05},
	{714826842347290, 3434024496695854374, 591897813083387471, 149587461697538884,
	 0.03723219626078539},
	{1589542, 2504214956168287301, 931052556638915946, 1127055476632368648, 6.985739658056511e-12},
	{923639246, 2222781763373713916, 735410828402632525, 649794913082781776, 8.913654203826432e-09},
};

/* max |m i - n j| by counting, value by value. */
static monitor_int128
plain_numerator(const double *x, int64_t n, const double *y, int64_t m)
{
	monitor_int128 most = 0;

	for (int64_t k = 0; k < n + m; k++)
	{
		double value = k < n ? x[k] : y[k - n];
		monitor_int128 h = 0;

		for (int64_t i = 0; i < n; i++)
			h += x[i] <= value ? m : 0;
		for (int64_t j = 0; j < m; j++)
			h -= y[j] <= value ? n : 0;
		h = h < 0 ? -h : h;
		most = h > most ? h : most;
	}
	return most;
}

/* Both merges against counting, over sizes and degrees of tying. */
static void
test_numerator(void)
{
	static const int64_t sizes[] = {1, 2, 3, 17, 18, 33, 64, 200, 601};
	static const int64_t moduli[] = {1, 2, 3, 10, 97, 1000003};
	static double x[601];
	static double y[601];
	int wrong = 0;

	for (int a = 0; a < 9; a++)
		for (int b = 0; b < 9; b++)
			for (int c = 0; c < 36; c++)
			{
				MonitorSample reference;
				MonitorSample current;
				monitor_int128 want;

				fill(x, sizes[a], 48271, c, moduli[c / 6]);
				fill(y, sizes[b], 40503, 11 * c, moduli[c % 6]);
				want = plain_numerator(x, sizes[a], y, sizes[b]);
				reference = make_sample(x, sizes[a]);
				current = make_sample(y, sizes[b]);
				wrong += monitor_ks_numerator(&reference, &current) != want;
				wrong += wide_ks_numerator(&reference, &current) != want;
				wrong += monitor_ks_numerator(&current, &reference) != want;
				free((void *) reference.keys);
				free((void *) current.keys);
			}
	unit_ok(wrong == 0, "numerators as counted (%d wrong)", wrong);
}

static void
test_quotients(void)
{
	for (int64_t i = 0; i < LENGTH(quotients); i++)
	{
		const Quotient *q = &quotients[i];
		monitor_int128 h = ((monitor_int128) q->high << 62) + q->low;

		unit_close(monitor_ks_quotient(h, q->n, q->m), q->d, 0.0, "correctly rounded quotient");
	}
}

static void
test_p_values(void)
{
	char method[MONITOR_METHOD_LEN];
	char name[100];

	for (int64_t i = 0; i < LENGTH(cases); i++)
	{
		const Case *c = &cases[i];
		size_t size = monitor_ks_scratch(c->n, c->m);
		double *scratch = malloc(size * sizeof(double));

		snprintf(name, sizeof(name), "p of h %lld, %lld and %lld", (long long) c->h,
				 (long long) c->n, (long long) c->m);
		unit_ok(size <= 1048576, "scratch of at most 8 MB");
		unit_close(monitor_ks_pvalue(c->h, c->n, c->m, scratch, method), c->p, 1e-11, name);
		unit_ok(strcmp(method, c->method) == 0, "  %s", method);
		unit_close(monitor_ks_pvalue(c->h, c->m, c->n, scratch, method), c->p, 1e-11, "  swapped");
		free(scratch);
	}
}

static MonitorStatus
ks(const MonitorSample *reference, const MonitorSample *current, MonitorTestResult *result)
{
	double *scratch = malloc(monitor_ks_scratch(reference->n, current->n) * sizeof(double));
	MonitorStatus status = monitor_ks(reference, current, scratch, result);

	free(scratch);
	return status;
}

static const double plain_r[] = {0.5, 1.5, 2.25, 3.75, 4.0};
static const double plain_c[] = {1.0, 2.0, 2.5, 5.5, 6.25, 7.0, -1.0};
static const double tied_r[] = {1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 5.0};
static const double tied_c[] = {1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 5.0, 5.0};
static const double even_r[] = {1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 5.0};
static const double even_c[] = {2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 5.0};
static const double one_each_r[] = {1.0};
static const double one_each_c[] = {2.0};
static const double one_few_r[] = {2.5};
static const double one_few_c[] = {1.0, 2.0, 3.0, 4.0};
static const double infinite_r[] = {-INFINITY, -1.0, 0.0, 2.0, INFINITY};
static const double infinite_c[] = {-INFINITY, 0.0, 1.0, 3.0, 3.0, INFINITY, INFINITY};
static const double tiny_r[] = {1e-300, 2e-300, 2e-300, 4.5e-300};
static const double tiny_c[] = {3e-300, 5e-300, 1e-300, 7e-300, 8e-300};
static const double huge_r[] = {1e+300, -1.5e+308, 1.5e+308, 2e+307, 1e+308};
static const double huge_c[] = {-1.2e+308, 1.6e+308, 1.7e+308, 9e+307};
static const double constant_r[] = {3.0, 3.0, 3.0};
static const double constant_c[] = {3.0, 3.0, 3.0, 3.0};
static const double two_constants_r[] = {3.0, 3.0, 3.0};
static const double two_constants_c[] = {4.0, 4.0, 4.0, 4.0};
static const double five[] = {100.0, 70000.0, 65536.0, 40000.0, 70001.0};
static double long_r[3000];
static double long_c[100000];

/* D in fractions of integers, p as above. */
static void
test_samples(void)
{
	check_test("ks plain", ks, plain_r, LENGTH(plain_r), plain_c, LENGTH(plain_c),
			   (Expected){0.42857142857142855, 0.5454545454545454, 0.42857142857142855, NAN},
			   1e-12);
	check_test("ks tied", ks, tied_r, LENGTH(tied_r), tied_c, LENGTH(tied_c),
			   (Expected){0.38095238095238093, 0.49877622377622377, 0.38095238095238093, NAN},
			   1e-12);
	check_test("ks even", ks, even_r, LENGTH(even_r), even_c, LENGTH(even_c),
			   (Expected){0.42857142857142855, 0.5751748251748252, 0.42857142857142855, NAN},
			   1e-12);
	check_test("ks one each", ks, one_each_r, LENGTH(one_each_r), one_each_c, LENGTH(one_each_c),
			   (Expected){1.0, 1.0, 1.0, NAN}, 1e-12);
	check_test("ks one few", ks, one_few_r, LENGTH(one_few_r), one_few_c, LENGTH(one_few_c),
			   (Expected){0.5, 1.0, 0.5, NAN}, 1e-12);
	check_test("ks infinite", ks, infinite_r, LENGTH(infinite_r), infinite_c, LENGTH(infinite_c),
			   (Expected){0.37142857142857144, 0.7373737373737373, 0.37142857142857144, NAN},
			   1e-12);
	check_test("ks tiny", ks, tiny_r, LENGTH(tiny_r), tiny_c, LENGTH(tiny_c),
			   (Expected){0.6, 0.2857142857142857, 0.6, NAN}, 1e-12);
	check_test("ks huge", ks, huge_r, LENGTH(huge_r), huge_c, LENGTH(huge_c),
			   (Expected){0.5, 0.5634920634920635, 0.5, NAN}, 1e-12);
	check_test("ks constant", ks, constant_r, LENGTH(constant_r), constant_c, LENGTH(constant_c),
			   (Expected){0.0, 1.0, 0.0, NAN}, 1e-12);
	check_test("ks two constants", ks, two_constants_r, LENGTH(two_constants_r), two_constants_c,
			   LENGTH(two_constants_c), (Expected){1.0, 0.05714285714285714, 1.0, NAN}, 1e-12);
	fill(long_r, 3000, 48271, 0, 65537);
	fill(long_c, 2000, 40503, 7, 60000);
	check_test("ks many", ks, long_r, 3000, long_c, 2000,
			   (Expected){0.085, 5.5638174229693856e-08, 0.085, NAN}, 1e-12);
	fill(long_c, 100000, 48271, 3, 65537);
	check_test("ks five many", ks, five, LENGTH(five), long_c, 100000,
			   (Expected){0.59999, 0.030092289477417163, 0.59999, NAN}, 1e-12);
	fill(long_r, 2000, 48271, 0, 65537);
	fill(long_c, 2500, 40503, 20000, 90000);
	check_test("ks far", ks, long_r, 2000, long_c, 2500,
			   (Expected){0.2766, 2.663198826342007e-75, 0.2766, NAN}, 1e-12);
	check_status("ks: empty side", ks, plain_r, 0, plain_c, 3, MONITOR_UNDEFINED);
}

int
main(void)
{
	test_numerator();
	test_quotients();
	test_p_values();
	test_samples();
	return unit_done();
}
