-- One profile for each feature and month.  2015 is the reference: it gives the
-- anchors of the numbers and the lists of categories.
CREATE VIEW demo.features AS
SELECT p.predicted_at, date_trunc('month', p.predicted_at, 'UTC') AS month, f.feature, f.number, f.category
FROM demo.predictions AS p,
     LATERAL (VALUES ('age', p.age::double precision, NULL::text), ('score', p.score, NULL),
                     ('education', NULL, p.education::text), ('marital_status', NULL, p.marital_status::text),
                     ('relationship', NULL, p.relationship::text), ('disability', NULL, p.disability::text),
                     ('parents_employment', NULL, p.parents_employment::text), ('citizenship', NULL, p.citizenship::text),
                     ('moved', NULL, p.moved::text), ('military_service', NULL, p.military_service::text),
                     ('ancestry', NULL, p.ancestry::text), ('nativity', NULL, p.nativity::text),
                     ('hearing_difficulty', NULL, p.hearing_difficulty::text), ('seeing_difficulty', NULL, p.seeing_difficulty::text),
                     ('cognitive_difficulty', NULL, p.cognitive_difficulty::text), ('sex', NULL, p.sex::text),
                     ('race', NULL, p.race::text), ('prediction', NULL, p.prediction::text)) AS f(feature, number, category);

CREATE TABLE demo.anchors AS
SELECT feature, monitor.profile_edges(number, 1000) AS edges, monitor.profile_categories(category, 100) AS categories
FROM demo.features
WHERE predicted_at < '2016-01-01 00:00+00'
GROUP BY feature;

CREATE TABLE demo.profiles AS
SELECT feature, month,
       coalesce(monitor.profile(number, edges) FILTER (WHERE edges IS NOT NULL),
                monitor.profile(category, categories) FILTER (WHERE categories IS NOT NULL)) AS profile
FROM demo.features JOIN demo.anchors USING (feature)
GROUP BY feature, month;

CREATE VIEW demo.reference AS
SELECT feature, monitor.rollup(profile) AS profile
FROM demo.profiles
WHERE month < '2016-01-01 00:00+00'
GROUP BY feature;

-- Drift of every feature in every later month, quarter and year.  Months add up:
-- no row is read again.  p_value is adjusted for the number of features looked at.
CREATE VIEW demo.drift AS
WITH period AS (
    SELECT feature, span, date_trunc(span, month, 'UTC') AS period, monitor.rollup(profile) AS profile
    FROM demo.profiles, (VALUES ('month'), ('quarter'), ('year')) AS s(span)
    WHERE month >= '2016-01-01 00:00+00'
    GROUP BY 1, 2, 3
), test AS (
    SELECT span, period, feature, (monitor.psi_test(r.profile, p.profile)).*
    FROM period AS p JOIN demo.reference AS r USING (feature)
), adjusted AS (
    SELECT span, period,
           array_agg(feature ORDER BY feature) AS features,
           monitor.adjust_p(array_agg(p_value ORDER BY feature), 'bh') AS p_values
    FROM test GROUP BY span, period
)
SELECT t.span, t.period, t.feature, t.n_current, t.statistic AS psi, t.effect_size, a.p_value,
       CASE WHEN t.df * (1.0 / t.n_reference + 1.0 / t.n_current) > 0.1 / 4 THEN 'insufficient_data'
            WHEN a.p_value < 0.01 AND t.effect_size >= 0.25 THEN 'critical'
            WHEN a.p_value < 0.01 AND t.effect_size >= 0.1 THEN 'warning'
            ELSE 'ok' END AS verdict
FROM test AS t
JOIN adjusted AS g USING (span, period)
CROSS JOIN LATERAL unnest(g.features, g.p_values) AS a(feature, p_value)
WHERE a.feature = t.feature;
