-- What pipeline.sh simulates with: rows of a model, and what the monitor made of them.
CREATE SCHEMA simulation;
GRANT USAGE ON SCHEMA simulation TO pg_database_owner;
CREATE TABLE simulation.tally (scenario integer, run integer, false_verdicts bigint, by_ks bigint, delay integer, closing integer);

CREATE FUNCTION simulation.gauss() RETURNS double precision LANGUAGE sql VOLATILE AS $$ SELECT sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) $$;

-- 30 days of baseline and 90 days; rows come in clusters that share their values, days wander,
-- hours and weekends have their season; feature 1 is shifted from day 42 to day 60.
CREATE FUNCTION simulation.fill(granularity text, features integer, num_rows integer, baseline_rows integer, cluster integer, wander double precision, diurnal double precision,
	weekend double precision, shift double precision) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	columns text := (SELECT string_agg(format('w.v[%s] + simulation.gauss() + CASE WHEN %1$s = 1 AND b.t >= ''2026-03-15'' AND b.t < ''2026-04-02'' THEN $1 ELSE 0 END
		+ $2 * sin(extract(hour FROM b.t) * pi() / 12) + CASE WHEN extract(isodow FROM b.t) > 5 THEN $3 ELSE 0 END AS f%1$s', f), ', ') FROM generate_series(1, features) AS f);
BEGIN
	IF EXISTS (SELECT FROM monitor.model m WHERE m.name = 'simulated') THEN
		PERFORM monitor.drop_model('simulated');
	END IF;
	DROP TABLE IF EXISTS simulation.rows;
	EXECUTE format('CREATE TABLE simulation.rows AS
		WITH w AS MATERIALIZED (SELECT d, ARRAY(SELECT $4 * simulation.gauss() + 0 * d FROM generate_series(1, %s)) AS v FROM generate_series(0, 120) AS d),
			c AS MATERIALIZED (SELECT b.t, b.e, %s FROM (SELECT t, t + ''1 %s''::interval AS e FROM generate_series(''2026-01-01 00:00+00''::timestamptz, ''2026-05-01 23:00+00'', ''1 %3$s'') AS t) AS b
				JOIN w ON w.d = extract(day FROM b.t - ''2026-01-01 00:00+00'') , LATERAL generate_series(1, CASE WHEN b.t < ''2026-01-31'' THEN $5 ELSE $6 END / $7))
		SELECT c.t + random() * (c.e - c.t) * 0.999 AS at, c.* FROM c, generate_series(1, $7)', features, columns, granularity)
	USING shift, diurnal, weekend, wander, baseline_rows, num_rows, cluster;
	ALTER TABLE simulation.rows DROP COLUMN t, DROP COLUMN e;
	CREATE INDEX ON simulation.rows (at);
	ALTER TABLE simulation.rows OWNER TO pg_database_owner;
	ANALYZE simulation.rows;
	PERFORM set_config('monitor.mock_now', '2026-01-31 00:00+00', false);
	PERFORM monitor.create_model('simulated', source => 'simulation.rows', time_column => 'at', granularity => granularity, owner => 'pg_database_owner',
		baseline_from => '2026-01-01', baseline_to => '2026-01-31');
END;
$$;

-- Episodes while nothing drifts, and every other verdict of features; how often a KS test at 5 %
-- would have raised; how soon the drift was found, and closed after it ended.
CREATE FUNCTION simulation.note(scenario integer, run integer) RETURNS void LANGUAGE sql AS $$
	INSERT INTO simulation.tally SELECT note.scenario, note.run,
		(SELECT count(*) FROM monitor.episode e WHERE NOT (e.feature = 'f1' AND e.opened_at BETWEEN '2026-03-15' AND '2026-04-05'))
			+ (SELECT count(DISTINCT (x.metric, x.feature)) FROM monitor.measurement x WHERE x.verdict IN ('warning', 'critical') AND x.metric <> 'drift.psi' AND x.metric NOT IN ('quality.volume', 'quality.freshness')
				AND NOT (x.feature = 'f1' AND x.window_end BETWEEN '2026-03-15' AND '2026-04-05')),
		(SELECT count(*) FROM monitor.measurement x WHERE x.metric = 'drift.ks' AND 2 * exp(-2.0 * x.value ^ 2 * x.n_reference * x.n_current / (x.n_reference + x.n_current)) < 0.05),
		(SELECT extract(epoch FROM min(e.opened_at) - '2026-03-15') / CASE m.granularity WHEN 'hour' THEN 3600 ELSE 86400 END FROM monitor.episode e
			WHERE e.feature = 'f1' AND e.opened_at BETWEEN '2026-03-15' AND '2026-04-02')::integer,
		(SELECT extract(epoch FROM min(e.closed_at) - '2026-04-02') / CASE m.granularity WHEN 'hour' THEN 3600 ELSE 86400 END FROM monitor.episode e
			WHERE e.feature = 'f1' AND e.closed_at > '2026-04-02')::integer
	FROM monitor.model m WHERE m.name = 'simulated'
$$;
