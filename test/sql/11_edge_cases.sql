-- Cases that data can bring: each is a result, never an error.
CREATE EXTENSION IF NOT EXISTS monitor;
SET search_path = monitor, public;
SET extra_float_digits = 0;
SET max_parallel_workers_per_gather = 0;

CREATE FUNCTION pg_temp.all_numeric(reference float8[], current float8[])
RETURNS TABLE (name text, statistic text, p_value text, effect_size text) LANGUAGE sql AS $$
	SELECT t.name, round((t.r).statistic::numeric, 6)::text, (t.r).p_value::numeric(20, 10)::text, round((t.r).effect_size::numeric, 6)::text
	FROM (VALUES ('ks_stat', ks_stat(reference, current)), ('mann_whitney', mann_whitney(reference, current)),
	             ('cramer_von_mises', cramer_von_mises(reference, current)), ('anderson_darling', anderson_darling(reference, current)),
	             ('welch_t', welch_t(reference, current)), ('psi_test', psi_test(reference, current))) AS t(name, r)
	UNION ALL
	SELECT t.name, round(t.r::numeric, 6)::text, NULL, NULL
	FROM (VALUES ('wasserstein_distance', wasserstein_distance(reference, current)), ('energy_distance', energy_distance(reference, current)),
	             ('js_distance', js_distance(reference, current)), ('hellinger_distance', hellinger_distance(reference, current)),
	             ('tv_distance', tv_distance(reference, current)), ('l_infinity_distance', l_infinity_distance(reference, current)),
	             ('kl_divergence', kl_divergence(reference, current))) AS t(name, r)
$$;
\echo one value on each side, equal
SELECT * FROM pg_temp.all_numeric('{5}', '{5}');
\echo one value on each side, different
SELECT * FROM pg_temp.all_numeric('{5}', '{6}');
\echo equal constants
SELECT * FROM pg_temp.all_numeric(array_fill(3::float8, ARRAY[50]), array_fill(3::float8, ARRAY[70]));
\echo different constants
SELECT * FROM pg_temp.all_numeric(array_fill(3::float8, ARRAY[50]), array_fill(4::float8, ARRAY[70]));
\echo infinities on both sides
SELECT * FROM pg_temp.all_numeric('{-Infinity,1,2,Infinity}', '{-Infinity,1,3,Infinity}');
\echo infinity on one side
SELECT * FROM pg_temp.all_numeric('{1,2,3,4}', '{1,2,3,Infinity}');
\echo an empty side, or only missing values, gives NULL
SELECT * FROM pg_temp.all_numeric('{}', '{1}');
SELECT * FROM pg_temp.all_numeric('{1}', '{NULL,NaN}');
\echo the sign of zero does not matter
SELECT (ks_stat(ARRAY['-0', 0, 1]::float8[], ARRAY[0, '-0', 1]::float8[])).statistic, psi(ARRAY['-0', 0]::float8[], ARRAY[0]::float8[]);
\echo extreme magnitudes
SELECT wasserstein_distance('{1e300,1e300}'::float8[], '{-1e300}') AS w, (welch_t('{1e300,1.1e300,0.9e300}'::float8[], '{-1e300,-1.1e300,-0.9e300}')).p_value < 1e-3 AS welch_large,
       (welch_t('{1e-300,1.1e-300,0.9e-300}'::float8[], '{-1e-300,-1.1e-300,-0.9e-300}')).p_value < 1e-3 AS welch_small;

\echo over rows: no rows, a NULL flag, NULL and NaN values
SELECT ks_stat(x, f), psi(x, f), drift_bins(x, f), wasserstein_distance(x, f) FROM (VALUES (1::float8, true)) AS t(x, f) WHERE false;
SELECT ks_stat(x, f), psi(x, f) FROM (VALUES (1::float8, NULL::boolean), (2, NULL)) AS t(x, f);
SELECT (ks_stat(x, f)).* FROM (VALUES (1::float8, false), (NULL, false), ('NaN', true), (2, true), (3, NULL)) AS t(x, f);
SELECT chi2_drift(x, f), psi(x, f), js_distance(x, f) FROM (VALUES ('a', true), (NULL, false)) AS t(x, f);

\echo categories: one only, all unseen, none shared
SELECT (psi_test(x, f)).*, (chi2_drift(x, f)).p_value AS chi2_p FROM (VALUES ('a', true), ('a', false)) AS t(x, f);
SELECT psi(ARRAY['a', 'a', 'b'], ARRAY['c', 'd', 'e']) AS psi, js_distance(ARRAY['a'], ARRAY['b']) AS js, tv_distance(ARRAY['a'], ARRAY['b']) AS tv, hellinger_distance(ARRAY['a'], ARRAY['b']) AS hellinger;
SELECT * FROM unnest(drift_bins(ARRAY['a', 'a', 'b'], ARRAY['c', 'd', 'e']));
SELECT (fisher_exact(ARRAY['a'], ARRAY['a', 'a'])).*;

\echo PSI: a flag that goes from 95 % to 5 %
SELECT round(psi(x, f)::numeric, 4) AS as_number, round(psi(x::int::boolean, f)::numeric, 4) AS as_flag
FROM (SELECT (i % 20 <> 0)::int::float8 AS x, false AS f FROM generate_series(1, 1000) i
      UNION ALL SELECT (i % 20 = 0)::int, true FROM generate_series(1, 1000) i) AS t;
\echo PSI: a column 93 % at its cap keeps its drift below the cap apart from the cap
SELECT bin, lower, upper, n_reference, n_current FROM unnest((
  SELECT drift_bins(x, f) FROM (SELECT CASE WHEN i % 100 < 7 THEN i / 100.0 ELSE 100 END AS x, false AS f FROM generate_series(1, 10000) i
                                UNION ALL SELECT CASE WHEN i % 100 < 30 THEN i / 100.0 ELSE 100 END, true FROM generate_series(1, 10000) i) AS t));
\echo PSI: 200 categories still have power
SELECT round(psi(x, f)::numeric, 4) AS psi, (psi_test(x, f)).df AS df, (psi_test(x, f)).p_value < 1e-6 AS found
FROM (SELECT 'c' || i % 200 AS x, false AS f FROM generate_series(1, 20000) i
      UNION ALL SELECT 'c' || (i * i) % 200, true FROM generate_series(1, 2000) i) AS t;
\echo PSI can be recomputed from its bins
SELECT abs(sum(b.psi) - (SELECT psi(i % 7 + i % 3, i % 2 = 0) FROM generate_series(1, 500) i)) < 1e-12 AS same,
       sum(n_reference) AS n_reference, round(sum(share_current)::numeric, 12) AS share_current
FROM (SELECT unnest(drift_bins(i % 7 + i % 3, i % 2 = 0)) FROM generate_series(1, 500) i) AS t(b), LATERAL (SELECT (t.b).*) AS b;

\echo adjusted levels
SELECT adjust_p('{0.01,0.04,0.03,NULL,0.005}', m) FROM unnest(ARRAY['bh', 'by', 'holm', 'bonferroni']) AS m;
SELECT adjust_p('{}', 'bh'), adjust_e('{}'), adjust_e('{40,NULL,2,0,Infinity}');
SELECT adjust_p('{0.5}', 'fdr');
SELECT adjust_p('{0.5,1.5}', 'bh');
SELECT adjust_e('{NaN}');
