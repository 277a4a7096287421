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
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', label_source => 'loans.predictions', label => 'defaulted', label_key => 'id', source_key => 'grade');
SELECT monitor.create_model('x', source => 'loans.predictions', time_column => 'predicted_at', baseline_from => '2026-02-01', baseline_to => '2026-01-01');
SELECT count(*) AS models FROM monitor.model_health;

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
SELECT monitor.set_baseline('credit', '2026-01-05 03:30+00', '2026-01-20 10:15+00', comment => 'a quiet fortnight');
SELECT monitor.set_baseline('credit', '2025-01-05', '2025-01-20');
RESET ROLE;
SELECT from_time, to_time, provisional, comment, superseded_at IS NOT NULL AS superseded FROM monitor.baseline b JOIN monitor.model m USING (model_id) WHERE m.name = 'credit' ORDER BY 1;
SET ROLE regress_owner;
SELECT monitor.accept_drift('credit', 'income');
SELECT monitor.suspend_model('credit');
SELECT monitor.drop_model(model) FROM monitor.model_health;
SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'monitor%' AND tgrelid = 'loans.predictions'::regclass;

-- A log for those who have none.
SELECT monitor.create_prediction_log('loans.log', '{"income": "numeric", "country": "text"}');
SELECT string_agg(attname || ' ' || format_type(atttypid, NULL), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'loans.log'::regclass AND attnum > 0;
SELECT monitor.create_prediction_log('log2');
SELECT monitor.create_prediction_log('loans.log3', '{"income": "number"}');
RESET ROLE;
SELECT relowner::regrole FROM pg_class WHERE oid = 'loans.log'::regclass;
RESET monitor.mock_now;
DROP SCHEMA loans CASCADE;
DROP ROLE regress_owner;
