-- Every common type finds its form of a statistic, or is refused with a hint.
CREATE EXTENSION IF NOT EXISTS monitor;
SET search_path = monitor, public;
SET extra_float_digits = 0;

CREATE TYPE public.mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN public.euro AS numeric CHECK (VALUE >= 0);
CREATE DOMAIN public.colour AS varchar(10);
CREATE TABLE public.typed AS
SELECT i % 5 < 2 AS is_current,
       i::smallint AS c_smallint, i AS c_integer, i::bigint AS c_bigint, i::numeric AS c_numeric,
       i::real AS c_real, i::float8 AS c_double, i::euro AS c_domain,
       (i % 3)::text AS c_text, (i % 3)::varchar(5) AS c_varchar, (i % 3)::char(5) AS c_char,
       ('n' || i % 3)::name AS c_name, (i % 3)::text::colour AS c_colour,
       i % 3 = 0 AS c_boolean, (ARRAY['sad', 'ok', 'happy'])[1 + i % 3]::mood AS c_enum,
       ('00000000-0000-0000-0000-00000000000' || i % 3)::uuid AS c_uuid,
       DATE '2026-01-01' + i AS c_date, TIMESTAMPTZ '2026-01-01 00:00+00' + i * interval '1 hour' AS c_timestamptz,
       i * interval '1 hour' AS c_interval, ('\x0' || i % 3)::bytea AS c_bytea
FROM generate_series(1, 59) AS i;

-- numbers
SELECT (ks_stat(c_smallint, is_current)).statistic AS c_smallint, (ks_stat(c_integer, is_current)).statistic AS c_integer,
       (ks_stat(c_bigint, is_current)).statistic AS c_bigint, (ks_stat(c_numeric, is_current)).statistic AS c_numeric,
       (ks_stat(c_real, is_current)).statistic AS c_real, (ks_stat(c_double, is_current)).statistic AS c_double,
       (ks_stat(c_domain, is_current)).statistic AS c_domain FROM typed;
SELECT psi(c_smallint, is_current) = psi(c_double, is_current) AS c_smallint, psi(c_integer, is_current) = psi(c_double, is_current) AS c_integer,
       psi(c_bigint, is_current) = psi(c_double, is_current) AS c_bigint, psi(c_numeric, is_current) = psi(c_double, is_current) AS c_numeric,
       psi(c_real, is_current) = psi(c_double, is_current) AS c_real, psi(c_integer, is_current, 5) = psi(c_double, is_current, 5) AS five_bins FROM typed;

-- categories: all these have the same three
SELECT psi(c_text, is_current) AS c_text, psi(c_varchar, is_current) AS c_varchar, psi(c_char, is_current) AS c_char, psi(c_name, is_current) AS c_name,
       psi(c_colour, is_current) AS c_colour, psi(c_enum, is_current) AS c_enum, psi(c_uuid, is_current) AS c_uuid, psi(c_bytea, is_current) AS c_bytea FROM typed;
SELECT (chi2_drift(c_text, is_current)).statistic AS c_text, (chi2_drift(c_varchar, is_current)).statistic AS c_varchar, (chi2_drift(c_char, is_current)).statistic AS c_char,
       (chi2_drift(c_name, is_current)).statistic AS c_name, (chi2_drift(c_enum, is_current)).statistic AS c_enum, (chi2_drift(c_uuid, is_current)).statistic AS c_uuid,
       (chi2_drift(c_integer % 3, is_current)).statistic AS c_integer, (chi2_drift(c_numeric % 3, is_current)).statistic AS c_numeric FROM typed;
SELECT (fisher_exact(c_boolean, is_current)).p_value AS fisher, (g_test(c_boolean, is_current)).df AS g, js_distance(c_boolean, is_current) AS js,
       hellinger_distance(c_enum, is_current) AS hellinger, tv_distance(c_name, is_current) AS tv, l_infinity_distance(c_uuid, is_current) AS l_infinity,
       kl_divergence(c_boolean, is_current) AS kl FROM typed;

-- a category is its value, however it is written
SELECT (chi2_drift(v, f)).df AS one_category, (chi2_drift(v::float8, f)).df AS float8
FROM (VALUES (1.0, false), (1.00, true), (1, false)) AS t(v, f);
SELECT (chi2_drift(v, f)).df AS negative_zero_is_zero FROM (VALUES ('-0'::float8, false), (0, true), (0, false)) AS t(v, f);

-- what is refused says what to do
SELECT ks_stat(c_text, is_current) FROM typed;
SELECT (ks_stat(c_boolean, is_current)).p_value FROM typed;
SELECT wasserstein_distance(c_text, is_current) FROM typed WHERE false;
SELECT mann_whitney(c_date, is_current) FROM typed;
SELECT wasserstein_distance(c_enum, is_current) FROM typed;
SELECT psi(c_date, is_current) FROM typed;
SELECT chi2_drift(c_timestamptz, is_current) FROM typed;
SELECT js_distance(c_interval, is_current) FROM typed;
SELECT fisher_exact(c_enum, is_current) FROM typed;
SELECT psi(c_double, is_current, 1) FROM typed;
SELECT psi(c_double, is_current, c_integer) FROM typed;
SELECT psi(c_text, is_current, 10) FROM typed;

-- arrays
SELECT psi(ARRAY[1, 2, 3], ARRAY[1, 2, 4]) AS integers, psi(ARRAY['a', 'b'], ARRAY['a', 'c']) AS texts,
       (chi2_drift(ARRAY[true, false, true], ARRAY[false, false, false])).statistic AS booleans,
       (ks_stat(ARRAY[1, NULL, 'NaN', 2]::float8[], ARRAY[3, 4])).n_reference AS known;

-- no state can be touched from outside an aggregate
SELECT _profile_accum(NULL, 1, ARRAY[1.0]);
DROP TABLE public.typed;
DROP TYPE public.mood;
DROP DOMAIN public.euro, public.colour;
