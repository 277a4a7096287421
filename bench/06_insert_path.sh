#!/bin/sh
# Goal 6 of the design: inserting beside the triggers: commits of single rows at 98 % and
# COPY at 95 % of what it is without them.  Commits of both tables come mixed from one client,
# for what a commit costs changes from second to second; COPY goes by turns, the best counts.
. "$(dirname "$0")/lib.sh"

say "### The insert path"
say ""
begin
sql <<'SQL'
CREATE SCHEMA i;
CREATE TABLE i.plain (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL DEFAULT clock_timestamp(), score float8, income float8, grade text);
CREATE INDEX ON i.plain (at);
CREATE TABLE i.watched (LIKE i.plain INCLUDING ALL);
INSERT INTO i.watched (at, score, income, grade) SELECT now() - x * interval '1 minute', 0.5, x % 100, 'A' FROM generate_series(1, 10000) AS x;
SELECT length(monitor.create_model('i', source => 'i.watched', time_column => 'at', score => 'score')) \g /dev/null
CALL monitor.run();
SQL
work=$BUILD/obj/insert
mkdir -p "$work"
for table in plain watched; do
    echo "INSERT INTO i.$table (score, income, grade) VALUES (0.5, 1, 'A');" > "$work/$table.sql"
done
sql -c "\\copy (SELECT clock_timestamp(), 0.5, i % 100, 'A' FROM generate_series(1, $((ROWS / 10))) AS i) TO '$work/rows.csv' CSV"

best() { sort -g "$1" | head -n 1; }
: > "$work/copy.plain"; : > "$work/copy.watched"
# commits as durable as they are by default: what one costs is most of what a single row takes
sql -c 'ALTER SYSTEM SET fsync = on' -c 'SELECT pg_reload_conf()' >/dev/null
pgbench -n -T $((4 * ROUNDS)) -c 1 -f "$work/plain.sql@1" -f "$work/watched.sql@1" 2>/dev/null |
    sed -n 's/^ - latency average = \([0-9.]*\) ms/\1/p' > "$work/latency"
round=0
while [ $round -lt "$ROUNDS" ]; do
    round=$((round + 1))
    for table in plain watched; do
        started=$(date +%s.%N)
        sql -c "\\copy i.$table (at, score, income, grade) FROM '$work/rows.csv' CSV" >/dev/null
        echo "$started $(date +%s.%N)" | awk '{ printf "%.4f\n", $2 - $1 }' >> "$work/copy.$table"
    done
done
sql -c 'ALTER SYSTEM RESET fsync' -c 'SELECT pg_reload_conf()' >/dev/null
say "| job | with triggers | without | share | goal | met |"
say "|---|--:|--:|--:|--:|---|"
awk '{ ms[NR] = $1 } END { printf "| single-row commits a second | %.0f | %.0f | %.1f %% | ≥ 98 %% | %s |\n", 1000 / ms[2], 1000 / ms[1], 100 * ms[1] / ms[2], (ms[1] / ms[2] >= 0.98) ? "yes" : "NO" }' "$work/latency"
awk -v a="$(best "$work/copy.watched")" -v b="$(best "$work/copy.plain")" -v n="$((ROWS / 10))" \
    'BEGIN { printf "| COPY, rows a second | %.0f | %.0f | %.1f %% | ≥ 95 %% | %s |\n", n / a, n / b, 100 * b / a, (b / a >= 0.95) ? "yes" : "NO" }'
