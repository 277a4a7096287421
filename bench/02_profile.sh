#!/bin/sh
# Goal 2 of the design: a profile around 1,000 anchors, and ks_stat and psi from
# it, beside sum(x) over the same table of one column; twenty features in one
# scan beside twenty sums; the bytes that a stored profile takes.
# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"

say "### Profiles"
say ""
begin

sql <<'SQL'
CREATE UNLOGGED TABLE profile_rows AS SELECT bench.normal(i, 1) AS x FROM (SELECT generate_series(1, :rows::bigint) AS i) s;
SQL
cache profile_rows

# The reference is another draw of a tenth of the rows.
sql <<'SQL'
CREATE TABLE reference_rows AS SELECT bench.normal(i, 2) + 0.01 AS x FROM generate_series(1, :rows::bigint / 10) i;
CREATE TABLE anchors (k integer PRIMARY KEY, edges double precision[], reference monitor.profile);
INSERT INTO anchors (k, edges) SELECT k, monitor.profile_edges(x, k) FROM reference_rows, (VALUES (10), (100), (1000), (10000)) v (k) GROUP BY k;
UPDATE anchors SET reference = (SELECT monitor.profile(x, edges) FROM reference_rows);
ALTER TABLE anchors SET (parallel_workers = 0);
ANALYZE anchors;
SQL

floor='SELECT sum(x) FROM profile_rows'
profile() {     # profile K: a profile of all rows
    echo "monitor.profile(x, (SELECT edges FROM anchors WHERE k = $1))"
}
count() {       # count K: the query of a profile of all rows
    echo "SELECT monitor.num_rows($(profile "$1")) FROM profile_rows"
}
reference='(SELECT reference FROM anchors WHERE k = 1000)'
ks="SELECT (monitor.ks_stat($reference, $(profile 1000))).statistic FROM profile_rows"
psi="SELECT (monitor.psi($reference, $(profile 1000))).statistic FROM profile_rows"
# width_bucket would read a stored array again for every row: it gets a made one
edges='ARRAY(SELECT unnest(edges) FROM anchors WHERE k = 1000)'
buckets="SELECT sum(n) FROM (SELECT width_bucket(x, $edges), count(*) AS n FROM profile_rows GROUP BY 1) b"
for workers in 1 2; do
    launched $workers "$(count 1000)"
done

race "$ROUNDS" profile 0 "$(count 1000)" ks 0 "$ks" psi 0 "$psi" sum 0 "$floor"
race "$ROUNDS" 'profile 1' 1 "$(count 1000)" 'ks 1' 1 "$ks" 'psi 1' 1 "$psi" 'sum 1' 1 "$floor"
race "$ROUNDS" 'profile 0' 0 "$(count 1000)" 'sum 0' 0 "$floor" 'profile of 1' 1 "$(count 1000)" 'sum of 1' 1 "$floor" \
    'profile of 2' 2 "$(count 1000)" 'sum of 2' 2 "$floor"
race "$ROUNDS" 'profile 10' 0 "$(count 10)" 'profile 100' 0 "$(count 100)" 'profile 10000' 0 "$(count 10000)" 'sum k' 0 "$floor"
race 2 'profile beside sql' 0 "$(count 1000)" buckets 0 "$buckets"
peers profile 'profile beside peers' 0 "$(count 1000)" 'profile 1 beside peers' 1 "$(count 1000)"
notes "bench.same('profile', 'buckets', 0)" "bench.same('profile', 'profile 1', 0)" \
    "bench.same('ks', 'ks 1', 0)" "bench.same('psi', 'psi 1', 0)"

header
line 'profile(x, edges), k = 1,000' profile 'sum(x)' sum '<=' 1.3
line 'ks_stat(reference, profile)' ks 'sum(x)' sum '<=' 1.3
line 'psi(reference, profile)' psi 'sum(x)' sum '<=' 1.3
line 'profile, 1 worker' 'profile 1' 'sum(x), 1 worker' 'sum 1' '<=' 1.3
line 'ks_stat, 1 worker' 'ks 1' 'sum(x), 1 worker' 'sum 1' '<=' 1.3
line 'psi, 1 worker' 'psi 1' 'sum(x), 1 worker' 'sum 1' '<=' 1.3
line 'profile, 1 worker' 'profile of 1' 'no worker' 'profile 0' '>=' 1.35
line 'profile, 2 workers' 'profile of 2' 'no worker' 'profile 0' '>='
line '(sum(x), 1 worker)' 'sum of 1' 'no worker' 'sum 0' '>='
line 'profile, k = 10' 'profile 10' 'sum(x)' 'sum k' '<='
line 'profile, k = 100' 'profile 100' 'sum(x)' 'sum k' '<='
line 'profile, k = 10,000' 'profile 10000' 'sum(x)' 'sum k' '<='
line 'profile, k = 1,000' 'profile beside sql' 'SQL: width_bucket(x, edges), GROUP BY' buckets '>='
line 'profile, k = 1,000' 'profile beside peers' 'NumPy, searchsorted and bincount' numpy '>='
line 'profile, k = 1,000' 'profile beside peers' 'ClickHouse, roundDown, 1 thread' chdb '>='
line 'profile, k = 1,000, 1 worker' 'profile 1 beside peers' 'ClickHouse, 2 threads' 'chdb 2' '>='
line 'profile, k = 1,000' 'profile beside peers' 'DuckDB, histogram, 1 thread' duckdb '>='
line 'profile, k = 1,000, 1 worker' 'profile 1 beside peers' 'DuckDB, 2 threads' 'duckdb 2' '>='

# ---- bytes of what is stored ----
sql <<'SQL'
CREATE TABLE stored AS
SELECT k, n, w, monitor.detach(monitor.profile(x, edges)) AS profile
FROM anchors, (VALUES (50, 20), (1000, 20), (100000, 1)) v (n, windows), generate_series(0, windows - 1) w,
    LATERAL (SELECT bench.normal(i, 3) AS x FROM generate_series(1 + w * n, (w + 1) * n) i) r
WHERE k IN (10, 1000)
GROUP BY k, n, w;
SQL
say ""
say "| stored profile, detached | bytes, k = 10 | bytes, k = 1,000 | goal | met |"
say "|---|--:|--:|---|---|"
sql <<'SQL'
SELECT format('| of %s rows | %s | %s | %s | %s |', to_char(n, 'FM999,999'), round(avg(size) FILTER (WHERE k = 10)),
              round(avg(size) FILTER (WHERE k = 1000)), CASE n WHEN 50 THEN '< 200' ELSE '-' END,
              CASE n WHEN 50 THEN CASE WHEN max(size) < 200 THEN 'yes' ELSE 'NO' END ELSE '-' END)
FROM (SELECT k, n, pg_column_size(profile) AS size FROM stored) s GROUP BY n ORDER BY n;
SELECT format('| the reference, with its anchors | %s | %s | - | - |', (SELECT pg_column_size(reference) FROM anchors WHERE k = 10),
              (SELECT pg_column_size(reference) FROM anchors WHERE k = 1000));
SQL

# ---- statistics of two profiles ----
call() {        # call NAME: a thousand calls for two profiles of k = 1,000
    echo "SELECT count(monitor.$1(reference, monitor.attach(profile, reference))) FROM anchors JOIN stored USING (k), generate_series(1, 1000) WHERE k = 1000 AND n = 100000"
}
jobs="ks_stat psi mann_whitney wasserstein_distance"
for job in $jobs; do
    race 3 "call $job" 0 "$(call "$job")"
done
say ""
say "| statistic of two profiles, k = 1,000 | microseconds a call |"
say "|---|--:|"
for job in $jobs; do
    sql -v job="$job" <<'SQL'
SELECT format('| %s(reference, attach(profile, reference)) | %s |', :'job', round(bench.best('call ' || :'job')));
SQL
done

# ---- twenty features ----
say ""
sql -c 'DROP TABLE profile_rows'
columns=$(awk 'BEGIN { for (f = 1; f <= 20; f++) printf "%sbench.normal(i, %d) AS f%d", (f > 1 ? ", " : ""), 10 + f, f }')
sql <<SQL
CREATE UNLOGGED TABLE feature_rows AS SELECT $columns FROM (SELECT generate_series(1, :rows::bigint / 2) AS i) s;
SQL
cache feature_rows
twenty() {      # twenty FORMAT: the sum of twenty results, # is the number of the feature
    awk -v what="$1" 'BEGIN { for (f = 1; f <= 20; f++) { e = what; gsub("#", f, e); printf "%s%s", (f > 1 ? " + " : "SELECT "), e }; print " FROM feature_rows" }'
}
sql <<'SQL'
CREATE TABLE feature AS
SELECT f, monitor.profile_edges(x, 1000) AS edges
FROM generate_series(1, 20) f, LATERAL (SELECT bench.normal(i, 100 + f) AS x FROM generate_series(1, 100000) i) r GROUP BY f;
ALTER TABLE feature SET (parallel_workers = 0);
ANALYZE feature;
SQL
profiles=$(twenty 'monitor.num_rows(monitor.profile(f#, (SELECT edges FROM feature WHERE f = #)))')
sums=$(twenty 'sum(f#)')
launched 1 "$profiles"
race "$ROUNDS" 'profiles' 0 "$profiles" 'sums' 0 "$sums"
race "$ROUNDS" 'profiles 1' 1 "$profiles" 'sums 1' 1 "$sums"
header
line '20 profiles in one scan' profiles '20 sums' sums '<=' 1.6
line '20 profiles, 1 worker' 'profiles 1' '20 sums, 1 worker' 'sums 1' '<=' 1.6
line '20 profiles, 1 worker' 'profiles 1' 'no worker' profiles '>='
keep 02_profile
