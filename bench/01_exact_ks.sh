#!/bin/sh
# Goal 1 of the design: the exact two-sample ks_stat beside sum(x) over the same
# table of seven columns, beside pure SQL, and beside other programs that have
# the values in their memory.
# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"

say "### Exact two-sample Kolmogorov-Smirnov"
say ""
begin

# Two samples in no order; y has 1,000 distinct values.
sql <<'SQL'
CREATE UNLOGGED TABLE ks_rows AS
SELECT i AS id, timestamptz '2026-01-01 00:00+00' + i * interval '0.25 s' AS ts, (i % 7)::integer AS model,
       (50 * bench.uniform(i, 5))::integer AS category, bench.normal(i, 1) + 0.01 * lbl AS x,
       floor(1000 * bench.uniform(i, 6)) / 10 AS y, lbl
FROM (SELECT i, (bench.uniform(i, 4) < 0.5)::integer AS lbl FROM (SELECT generate_series(1, :rows::bigint) AS i) s OFFSET 0) r;
SQL
cache ks_rows

ks='SELECT (monitor.ks_stat(x, lbl = 1)).statistic FROM ks_rows'
floor='SELECT sum(x) FROM ks_rows'
ks_y='SELECT (monitor.ks_stat(y, lbl = 1)).statistic FROM ks_rows'
floor_y='SELECT sum(y) FROM ks_rows'
ks_ordered="SELECT (monitor.ks_stat(x, id > $((ROWS / 2)))).statistic FROM ks_rows"
pure_sql=$(cat "$BENCH/sql_ks.sql")
plain_sql='SELECT max(abs(c / m - r / n))
FROM (SELECT count(*) FILTER (WHERE lbl = 1) OVER w::float8 AS c, count(*) FILTER (WHERE lbl = 0) OVER w::float8 AS r
      FROM ks_rows WINDOW w AS (ORDER BY x)) path,
     (SELECT count(*) FILTER (WHERE lbl = 1)::float8 AS m, count(*) FILTER (WHERE lbl = 0)::float8 AS n FROM ks_rows) size'
for workers in 1 2; do
    launched $workers "$ks"
done

race "$ROUNDS" ks 0 "$ks" sum 0 "$floor"
race "$ROUNDS" 'ks 1' 1 "$ks" 'sum 1' 1 "$floor" 'ks 2' 2 "$ks" 'sum 2' 2 "$floor"
race "$ROUNDS" 'ks y' 0 "$ks_y" 'sum y' 0 "$floor_y" 'ks ordered' 0 "$ks_ordered" 'sum ordered' 0 "$floor"
race 2 'ks beside sql' 0 "$ks" sql 0 "$pure_sql" 'plain sql' 0 "$plain_sql"
peers ks 'ks beside peers' 0 "$ks" 'ks 1 beside peers' 1 "$ks"
notes "bench.same('ks beside sql', 'sql')" "bench.same('ks beside sql', 'plain sql')" "bench.same('ks beside peers', 'scipy')" \
    "bench.same('ks beside peers', 'duckdb')" "bench.same('ks beside peers', 'chdb', 1e-9)" \
    "bench.same('ks', 'ks 1')" "bench.same('ks', 'ks 2')"

header
line 'ks_stat(x, lbl = 1)' ks 'sum(x)' sum '<=' 1.7
line 'the same, 1 worker' 'ks 1' 'sum(x), 1 worker' 'sum 1' '<='
line 'the same, 2 workers' 'ks 2' 'sum(x), 2 workers' 'sum 2' '<='
line '1 worker, speed-up' 'ks 1' 'no worker' ks '>='
line 'all reference rows first' 'ks ordered' 'sum(x)' 'sum ordered' '<='
line '1,000 distinct values' 'ks y' 'sum(y)' 'sum y' '<='
line 'ks_stat(x, lbl = 1)' 'ks beside sql' 'SQL, the fastest found' sql '>=' 15
line 'ks_stat(x, lbl = 1)' 'ks beside sql' 'SQL, two window counts' 'plain sql' '>='
line 'ks_stat(x, lbl = 1)' 'ks beside peers' 'SciPy ks_2samp' scipy '>=' 3
line 'ks_stat(x, lbl = 1)' 'ks beside peers' 'NumPy, two sorts alone' numpy '>='
line 'ks_stat(x, lbl = 1)' 'ks beside peers' 'ClickHouse, 1 thread' chdb '>='
line 'ks_stat(x, lbl = 1), 1 worker' 'ks 1 beside peers' 'ClickHouse, 2 threads' 'chdb 2' '>='
line 'ks_stat(x, lbl = 1)' 'ks beside peers' 'DuckDB SQL, 1 thread' duckdb '>='
line 'ks_stat(x, lbl = 1), 1 worker' 'ks 1 beside peers' 'DuckDB SQL, 2 threads' 'duckdb 2' '>='

# A backend that has touched the same shared buffers before shows what a query
# adds: its own memory.
peak() {
    sql -v query="$2" -v label="$1" -v most="${3:-}" <<'SQL'
SELECT sum(x) FROM ks_rows \g /dev/null
SELECT bench.peak() AS before \gset
:query \g /dev/null
SELECT bench.peak() AS after \gset
SELECT format('| %s | %s | %s | %s |', :'label',
              CASE WHEN :'after' = '' THEN 'unknown' ELSE round((nullif(:'after', '')::numeric - :'before'::numeric) / :rows, 1)::text END,
              CASE WHEN :'most' = '' THEN '-' ELSE '≤ ' || :'most' || ' (and 1 MB in all)' END,
              CASE WHEN :'most' = '' OR :'after' = '' THEN '-'
                   WHEN nullif(:'after', '')::numeric - :'before'::numeric <= nullif(:'most', '')::numeric * :rows + 1048576 THEN 'yes'
                   ELSE 'NO' END);
SQL
}
say ""
say "| memory at the peak | bytes a row | goal | met |"
say "|---|--:|---|---|"
peak 'ks_stat(x, lbl = 1)' "$ks" 16
peak 'array_agg(x)' 'SELECT cardinality(array_agg(x)) FROM ks_rows'

# A quarter of what the rows take must be refused.
say ""
refused=$(sql -c "SET monitor.max_aggregate_memory = '$((ROWS * 8 / 4 / 1024))kB'" -c "$ks" 2>&1 || true)
case $refused in
    *monitor.profile*) say "- past the limit: $(say "$refused" | tr '\n' ' ')" ;;
    *) say "- PAST THE LIMIT THERE IS NO ERROR THAT NAMES PROFILES: $refused" ;;
esac
keep 01_exact_ks
