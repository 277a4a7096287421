-- Rolling metrics against scikit-learn, frame by frame: values of test/oracle/performance/rolling.
\set ECHO none
\pset format unaligned
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
SET search_path = monitor, public;
CREATE TEMP TABLE given (i integer, g integer, t integer, score float8, wide float8, label boolean, class integer, true_class integer, prediction float8, truth float8);
\copy given from program 'cat "$PG_ABS_SRCDIR/oracle/performance/rolling/rows.csv"' with (format csv, header)
CREATE TEMP TABLE expected (frame text, i integer, auc float8, wide_auc float8, log_loss float8, brier_score float8, accuracy float8, mean_absolute_error float8);
\copy expected from program 'cat "$PG_ABS_SRCDIR/oracle/performance/rolling/values.csv"' with (format csv, header)

-- Every form of labels and classes, and time as a number and as a timestamp.
CREATE TEMP TABLE form (name text, label text, class text, true_class text);
INSERT INTO form VALUES
	('boolean', 'label', 'class = 2', 'true_class = 2'), ('integer', 'label::integer', 'class', 'true_class'),
	('text', 'CASE WHEN label THEN ''bad'' WHEN NOT label THEN ''good'' END, ''bad''', 'class::text', 'true_class::text'),
	('time', 'label', 'class', 'true_class');
CREATE TEMP TABLE got (form text, frame text, i integer, metric text, value float8);
DO $$
DECLARE
	test record;
BEGIN
	FOR test IN SELECT DISTINCT f.*, frame, CASE WHEN f.name = 'time' THEN regexp_replace(regexp_replace(frame, 'BY t ', 'BY at '), '(\d+) (PREC|FOLL)', '''\1 minutes'' \2', 'g') ELSE frame END AS spelt
	              FROM form f, expected WHERE f.name <> 'time' OR frame LIKE '%RANGE%' LOOP
		EXECUTE format($q$INSERT INTO got SELECT %L, %L, i, v.* FROM (
			SELECT i, rolling_auc(score, %3$s) OVER w AS auc, rolling_auc(wide, %3$s) OVER w AS wide_auc, rolling_log_loss(score, %3$s) OVER w AS log_loss, rolling_brier_score(score, %3$s) OVER w AS brier_score,
			       rolling_accuracy(%4$s, %5$s) OVER w AS accuracy, rolling_mean_absolute_error(prediction, truth) OVER w AS mean_absolute_error
			  FROM (SELECT *, '2026-01-01'::timestamptz + t * interval '1 minute' AS at FROM given) g WINDOW w AS (%6$s)) r,
			LATERAL (VALUES ('auc', auc), ('wide_auc', wide_auc), ('log_loss', log_loss), ('brier_score', brier_score), ('accuracy', accuracy), ('mean_absolute_error', mean_absolute_error)) v$q$,
			test.name, test.frame, test.label, test.class, test.true_class, test.spelt);
	END LOOP;
END
$$;
\echo frames that differ
SELECT g.form, frame, i, metric, g.value AS got, e.value AS wanted
  FROM got g JOIN (SELECT frame, i, v.* FROM expected, LATERAL (VALUES ('auc', auc), ('wide_auc', wide_auc), ('log_loss', log_loss), ('brier_score', brier_score), ('accuracy', accuracy),
                                                                 ('mean_absolute_error', mean_absolute_error)) v(metric, value)) e USING (frame, i, metric)
 WHERE NOT (g.form = 'boolean' AND metric = 'accuracy')
   AND ((g.value IS NULL) <> (e.value IS NULL) OR abs(g.value - e.value) > 1e-13 * greatest(1, abs(e.value))) ORDER BY 1, 2, 3, 4;
\echo accuracy of booleans: of class 2 against all others
SELECT count(*) FILTER (WHERE g.value IS DISTINCT FROM r.value) AS differ
  FROM got g JOIN (SELECT i, avg(((class = 2) = (true_class = 2))::integer) OVER (ORDER BY i ROWS 29 PRECEDING)::float8 AS value FROM given) r USING (i)
 WHERE form = 'boolean' AND frame = 'ORDER BY i ROWS 29 PRECEDING' AND metric = 'accuracy';
SELECT metric, count(DISTINCT frame) AS frames, count(DISTINCT form) AS forms, count(*) AS compared, count(*) FILTER (WHERE value IS NULL) AS undefined FROM got GROUP BY metric ORDER BY metric COLLATE "C";
