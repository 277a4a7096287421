-- Registering: what is inferred, what is told back, and every mistake refused at once.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
CREATE ROLE regress_owner;
CREATE SCHEMA loans AUTHORIZATION regress_owner;
SET ROLE regress_owner;
CREATE TYPE loans.plan AS ENUM ('free', 'pro');
CREATE TABLE loans.predictions (id bigint PRIMARY KEY, predicted_at timestamptz, score double precision, income numeric, grade text, plan loans.plan, note text, name text,
	extra jsonb, embedding double precision[], key uuid, opened date, flag boolean, country text, latency_ms real, cost numeric, shap jsonb, defaulted boolean);
INSERT INTO loans.predictions
SELECT i, '2026-01-01 00:00+00'::timestamptz + i * interval '4 minutes', i % 100 / 100.0, i % 977, chr(65 + i % 5), (ARRAY['free', 'pro'])[1 + i % 2]::loans.plan,
	repeat('x', i % 100) || i % 3000, 'person ' || i, jsonb_build_object('k1', i % 10, 'k2', 'v' || i % 3), ARRAY[i % 5, i % 7], md5(i::text)::uuid, '2020-01-01'::date + i % 900,
	i % 3 = 0, 'c' || i % 80, i % 50, 0.01, jsonb_build_object('income', i % 7 - 3, 'grade', i % 3), i % 100 > 70
FROM generate_series(0, 23999) AS i;
CREATE INDEX ON loans.predictions (predicted_at);
ANALYZE loans.predictions;
RESET ROLE;
SET monitor.mock_now = '2026-03-08 00:00+00';
SET ROLE regress_owner;

-- The common case is one call.
\pset format unaligned
\pset tuples_only on
SELECT monitor.create_model('credit', source => 'loans.predictions', time_column => 'predicted_at', score => 'score', label => 'defaulted');
SELECT monitor.create_model('all of it', source => 'loans.predictions', time_column => 'predicted_at', score => 'score', label => 'CASE WHEN defaulted THEN ''bad'' ELSE ''good'' END',
	latency => 'latency_ms', cost => 'cost', cost_rate => 2, attributions => 'shap', segments => '{"plan": "plan", "rich": "income > 500"}', crosses => '[["plan", "rich"]]',
	metrics => '{"revenue": {"numerator": "income"}, "rate": {"numerator": "income * defaulted::int", "denominator": "income"}, "median": {"aggregate": "percentile_cont(0.5) WITHIN GROUP (ORDER BY income)"}}',
	features => '{income,grade,income / 12}', granularity => 'day', label_delay => '3 days', decision_threshold => 0.7, time_zone => 'Europe/Berlin');
SELECT monitor.create_model('numbers', source => 'loans.predictions', time_column => 'predicted_at', prediction => 'income + 1', label => 'income', exclude => '{extra,embedding,note}');
SELECT monitor.create_model('classes', source => 'loans.predictions', time_column => 'predicted_at', prediction => 'grade', label => 'grade', features => '{income}');
\pset tuples_only off
\pset format aligned

-- Mistakes.
SELECT monitor.create_model('credit', source => 'loans.predictions', time_column => 'predicted_at');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'income');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => NULL);
SELECT monitor.create_model('x', source => 'loans.nothing', time_column => 'predicted_at');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', score => 'scor');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', score => 'grade');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', score => 'income', task => 'binary', label => 'defaulted');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', score => 'income', label => 'defaulted');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', score => 'score', label => 'plan');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', label => 'grade');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', label => 'grade', task => 'regression');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', features => '{income, incme}');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', features => '{random()}');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', features => '{income,income}');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', exclude => '{incme}');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', segments => '"plan"');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', segments => '["plan"]', crosses => '[["plan", "rich"]]');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', metrics => '{"m": {"sum": "income"}}');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', metrics => '{"m": {"numerator": "sum(income)"}}');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', latency => 'grade');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', attributions => 'grade');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', time_zone => 'Nowhere');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', granularity => 'minute');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', task => 'clustering');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', features => '{(SELECT 1)}');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', label_key => 'id');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', label_source => 'loans.predictions', label => 'defaulted');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', label => 'what_came_of_it');
CREATE VIEW loans.by_number AS SELECT id AS number_of_loan, defaulted FROM loans.predictions;
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', label_source => 'loans.by_number', label => 'defaulted', label_key => 'number_of_loan');
DROP VIEW loans.by_number;
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', label_source => 'loans.predictions', label => 'defaulted', label_key => 'id', source_key => 'grade');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', baseline_from => '2026-02-01', baseline_to => '2026-01-01');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', baseline_from => '2027-01-01', baseline_to => '2027-02-01');
SELECT monitor.create_model('x', source => 'loans.predictions_predicted_at_idx', time_column => 'predicted_at');
SELECT monitor.create_model('x', source => 4294967290::regclass, time_column => 'predicted_at');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', label_source => 'loans.predictions_pkey', label => 'id', label_key => 'id');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', score => 'ARRAY[score, 1 - score]', score_classes => '{true,false}', label => 'defaulted');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', cost => 'cost', cost_rate => 'NaN');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', segments => '{"": "plan"}');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', metrics => '{"": {"numerator": "income"}}');
-- a range up to the ends of time is that of the rows
BEGIN;
SELECT line FROM regexp_split_to_table(monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', baseline_from => '-infinity', baseline_to => 'infinity'), E'\n') AS line WHERE line ~ 'baseline|granularity';
ROLLBACK;
SELECT monitor.create_model(repeat('x', 201), source => 'loans.predictions', time_column => 'predicted_at');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', min_label_coverage => 80);
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', label_delay => '-1 day');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', label_delay => NULL);
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', cost => 'cost', cost_rate => NULL);
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'opened', granularity => 'hour');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', features => ARRAY[NULL]);
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', features => '{income::money}');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', segments => '["plan", "plan"]');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', segments => '[null]');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', segments => '["plan"]', segment_cap => 0);
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', segments => '["plan"]', crosses => '["plan"]');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', segments => '["plan"]', crosses => '[["plan", "plan"]]');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', metrics => '["income"]');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', metrics => '{"m": {"numerator": "flag"}}');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', task => 'ranking', query_id => 'country');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', task => 'ranking', query_id => 'country', rank => 'cost', relevance => 'flag');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', features => '{income,100 / (income - 7)}');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', metrics => '{"m": {"numerator": "note::integer"}}');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', metrics => '{"m": {"aggregate": "sum(income) / count(income) FILTER (WHERE income < 0)"}}');
SELECT count(*) AS models FROM monitor.model_health;

-- Columns that have the names of the model's own streams; types that count as numbers and are none.
CREATE DOMAIN loans.short AS text;
CREATE DOMAIN loans.shorter AS loans.short;
CREATE TABLE loans.named (at timestamptz NOT NULL, p double precision, score integer, prediction text, cost numeric, price numeric, fee money, kind regclass, word loans.shorter, y boolean);
CREATE INDEX ON loans.named (at);
INSERT INTO loans.named SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '30 minutes', i % 10 / 10.0, i % 7, 'p' || i % 3, i % 5, 1, 2, 'pg_class', 'w' || i % 4, i % 10 > 5 FROM generate_series(0, 2999) AS i;
\pset format unaligned
\pset tuples_only on
SELECT monitor.create_model('named', source => 'loans.named', time_column => 'at', score => 'p', label => 'y', cost => 'price', exclude => '{score}');
\pset tuples_only off
\pset format aligned
CALL monitor.run_model('named');
SELECT status, message FROM monitor.run_history WHERE model = 'named';
SELECT DISTINCT feature FROM monitor.feature_drift WHERE model = 'named' ORDER BY 1;
-- what was dropped or skipped can be watched again; a threshold is that of predictions too
SELECT count(*) AS lines FROM regexp_split_to_table(monitor.alter_model('named', drop_features => '{word,column.cost}'), '\n') AS l WHERE l ~ 'word|cost';
SELECT l FROM regexp_split_to_table(monitor.alter_model('named', add_features => '{word,score,cost}', decision_threshold => 0.7), '\n') AS l WHERE l ~ 'word|cost|score';
CALL monitor.run_model('named');
SELECT status, message FROM monitor.run_history WHERE model = 'named' AND status <> 'ok';
SELECT category, round(avg(share_current)::numeric, 1) AS share FROM monitor.feature_distribution WHERE model = 'named' AND feature = 'prediction' GROUP BY category ORDER BY category;
SELECT monitor.alter_model('named', add_features => '{word}');
SELECT monitor.drop_model('named');

-- Columns that may be read are enough.
CREATE TABLE loans.private (at timestamptz NOT NULL, x integer, secret text);
INSERT INTO loans.private SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '1 hour', i % 7, 's' FROM generate_series(0, 1499) AS i;
RESET ROLE;
CREATE ROLE regress_reader;
GRANT USAGE ON SCHEMA loans TO regress_reader;
GRANT SELECT (at, x) ON loans.private TO regress_reader;
SET ROLE regress_reader;
SET client_min_messages = error;
SELECT l FROM regexp_split_to_table(monitor.create_model('private', source => 'loans.private', time_column => 'at'), '\n') AS l WHERE l ~ '^  (feature|not watched)';
SET client_min_messages = warning;
CALL monitor.run_model('private');
SELECT status, message FROM monitor.run_history WHERE model = 'private';
SELECT monitor.drop_model('private');
RESET ROLE;
REVOKE ALL ON SCHEMA loans FROM regress_reader;
REVOKE ALL ON loans.private FROM regress_reader;
REVOKE SELECT (at, x) ON loans.private FROM regress_reader;
DROP ROLE regress_reader;
SET ROLE regress_owner;

-- Classes that nobody knew yet are learnt with the baseline.
CREATE TABLE loans.empty (at timestamptz NOT NULL, said text, truth text);
CREATE INDEX ON loans.empty (at);
SELECT monitor.create_model('x', source => 'loans.empty', time_column => 'at', label => 'truth', prediction => 'said', task => 'binary');
SELECT length(monitor.create_model('empty', source => 'loans.empty', time_column => 'at', label => 'truth', prediction => 'said')) > 0 AS registered;
CALL monitor.run_model('empty');
INSERT INTO loans.empty SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '30 minutes', 'c' || i % 3, 'c' || CASE WHEN i % 4 = 0 THEN 0 ELSE i % 3 END FROM generate_series(0, 2999) AS i;
CALL monitor.run_model('empty');
SELECT status, message FROM monitor.run_history WHERE model = 'empty' AND status <> 'ok';
SELECT round(avg(value)::numeric, 2) AS accuracy FROM monitor.model_performance WHERE model = 'empty' AND metric = 'accuracy_score';
SELECT monitor.drop_model('empty');

-- Warnings and what a view gets in place of triggers.
CREATE VIEW loans.seen AS SELECT * FROM loans.predictions;
CREATE TABLE loans.bare (at timestamp, x integer);
SET client_min_messages = notice;
SELECT left(monitor.create_model('view', source => 'loans.seen', time_column => 'predicted_at', features => '{income}'), 12);
SELECT left(monitor.create_model('bare', source => 'loans.bare', time_column => 'at', features => '{x}'), 12);
SET client_min_messages = warning;
SELECT model, status, reason FROM monitor.model_health ORDER BY model;

-- Changing them.
SELECT split_part(monitor.alter_model('bare', new_name => 'empty', min_label_coverage => 0.5), E'\n', 1);
SELECT split_part(monitor.alter_model('empty', drop_features => '{y}'), E'\n', 1);
SELECT monitor.alter_model('empty', drop_features => '{NULL}');
SELECT monitor.grant_access(4294967290::regrole, 'viewer', 'empty');
SELECT monitor.alter_model('empty', new_name => 'credit');
SELECT monitor.alter_model('empty', new_name => '');
SELECT monitor.alter_model('empty', min_label_coverage => 1.5);
SELECT monitor.alter_model('empty', label_null_means => 'nothing');
SELECT monitor.alter_model('empty', seasonality => 'weekly');
SELECT monitor.alter_model('empty', decision_threshold => 'NaN');
SELECT monitor.alter_model('empty', look_back => '0');
SELECT monitor.alter_model('empty', label_delay => '1000000 years');
SELECT monitor.alter_model('empty', source_retention => '-1 day');
SELECT monitor.set_baseline('empty');
SELECT monitor.set_baseline('credit', '2026-01-05');
SELECT monitor.erase('credit', NULL, '2026-01-05');
SELECT monitor.set_baseline('credit', '2026-01-05 03:30+00', '2026-01-20 10:15+00', comment => 'a quiet fortnight');
SELECT monitor.set_baseline('credit', '2025-01-05', '2025-01-20');
RESET ROLE;
SELECT from_time, to_time, provisional, comment, superseded_at IS NOT NULL AS superseded FROM monitor.baseline b JOIN monitor.model m USING (model_id) WHERE m.name = 'credit' ORDER BY 1;
SET ROLE regress_owner;
SELECT monitor.accept_drift('credit', 'income');
SELECT monitor.suspend_model('credit');
CALL monitor.run_model('credit');
SELECT monitor.drop_model(model) FROM monitor.model_health;
SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'monitor%' AND tgrelid = 'loans.predictions'::regclass;

-- A log for those who have none.
SELECT monitor.create_prediction_log('loans.log', '{"income": "numeric", "country": "text"}');
SELECT string_agg(attname || ' ' || format_type(atttypid, NULL), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'loans.log'::regclass AND attnum > 0;
SELECT monitor.create_prediction_log('log2');
SELECT monitor.create_prediction_log(NULL);
SELECT monitor.create_prediction_log('loans.log2', '["income"]');
SELECT monitor.create_prediction_log('loans.log3', '{"income": "number"}');
RESET ROLE;
SELECT relowner::regrole FROM pg_class WHERE oid = 'loans.log'::regclass;
RESET monitor.mock_now;
DROP SCHEMA loans CASCADE;
DROP ROLE regress_owner;

-- The name of a column, letter by letter, is that column: SQL would fold it, or take it for a keyword.
CREATE TABLE named AS SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '1 hour' AS at, i % 7 / 7.0::double precision AS "user", i % 5 AS "order", i % 3 AS "Income", i % 2 = 0 AS "is"
FROM generate_series(0, 1000) AS i;
CREATE INDEX ON named (at);
SELECT length(monitor.create_model('named', source => 'named', time_column => 'at', score => 'user', label => 'is', features => '{order,Income}')) > 0 AS registered;
SELECT f.name, f.expression FROM monitor.feature f JOIN monitor.model m USING (model_id) WHERE m.name = 'named' ORDER BY f.position;
SELECT label FROM monitor.model WHERE name = 'named';
SELECT monitor.drop_model('named');
DROP TABLE named;
