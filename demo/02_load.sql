-- The survey tells the year of a row only: its time of day is made from its place in
-- the year's file, spread evenly, so that a delivery has an order.
CREATE TABLE demo.predictions AS
SELECT id,
       make_timestamptz(year, 1, 1, 0, 0, 0, 'UTC') +
           (make_timestamptz(year + 1, 1, 1, 0, 0, 0, 'UTC') - make_timestamptz(year, 1, 1, 0, 0, 0, 'UTC')) *
           ((row_number() OVER w - 1) / count(*) OVER (PARTITION BY year)::double precision) AS predicted_at,
       agep AS age, schl AS education, mar AS marital_status, relp AS relationship, dis AS disability,
       esp AS parents_employment, cit AS citizenship, mig AS moved, mil AS military_service, anc AS ancestry,
       nativity, dear AS hearing_difficulty, deye AS seeing_difficulty, drem AS cognitive_difficulty, sex, rac1p AS race,
       predicted_probability AS score, prediction
FROM demo.delivery
WINDOW w AS (PARTITION BY year ORDER BY id);
ALTER TABLE demo.predictions ADD PRIMARY KEY (id);
CREATE INDEX ON demo.predictions (predicted_at);
DROP TABLE demo.delivery;
VACUUM ANALYZE demo.predictions;
