-- Loads cases.csv and makes the samples: numeric_row and category_row (case_name, is_current, value).
CREATE TEMP TABLE part (number serial, case_name text, kind text, side text, generator text, copies int, seed bigint,
    modulus bigint, cap bigint, scale float8, shift float8, literal text[]);
\copy part (case_name, kind, side, generator, copies, seed, modulus, cap, scale, shift, literal) from program 'cat "$PG_ABS_SRCDIR/oracle/cases.csv"' with (format csv, header)
-- The generator: the same integer arithmetic as hash_stream() in samples.py, four streams at once.  OFFSET 0 keeps the
-- planner from substituting one round into the next, which would compute it several times.
CREATE TEMP TABLE generated AS
SELECT number, i,
       CASE generator
           WHEN 'uniform' THEN u1 % modulus
           WHEN 'bell' THEN u1 % modulus + u2 % modulus + u3 % modulus + u4 % modulus
           WHEN 'square' THEN (u1 % modulus) * (u1 % modulus)
           WHEN 'capped' THEN least(u1 % modulus, cap)
           WHEN 'sparse' THEN CASE WHEN u1 % 10 < 7 THEN 0 ELSE u2 % modulus END
           WHEN 'sequence' THEN i
       END AS numerator
  FROM (SELECT number, i,
               (y1 * y1 + y1 * 39373 + 7) % 2147483647 AS u1, (y2 * y2 + y2 * 39373 + 7) % 2147483647 AS u2,
               (y3 * y3 + y3 * 39373 + 7) % 2147483647 AS u3, (y4 * y4 + y4 * 39373 + 7) % 2147483647 AS u4
          FROM (SELECT number, i,
                       (x1 * x1 + x1 * 16807 + 11) % 2147483647 AS y1, (x2 * x2 + x2 * 16807 + 11) % 2147483647 AS y2,
                       (x3 * x3 + x3 * 16807 + 11) % 2147483647 AS y3, (x4 * x4 + x4 * 16807 + 11) % 2147483647 AS y4
                  FROM (SELECT number, i,
                               (w + 1664525) % 2147483647 AS x1, (w + 2 * 1664525) % 2147483647 AS x2,
                               (w + 3 * 1664525) % 2147483647 AS x3, (w + 4 * 1664525) % 2147483647 AS x4
                          FROM part, generate_series(1, copies::bigint) i,
                               LATERAL (SELECT i * 48271 + seed * 69621 + 1013904223 AS w) start
                         WHERE generator <> 'literal' OFFSET 0) x
                OFFSET 0) y
        OFFSET 0) u
  JOIN part USING (number);

CREATE TEMP TABLE numeric_row AS
SELECT case_name, CASE side WHEN 'reference' THEN false WHEN 'current' THEN true END AS is_current, value
  FROM (SELECT case_name, side, numerator::float8 * scale + shift AS value FROM part JOIN generated USING (number)
         WHERE kind = 'numeric'
        UNION ALL
        SELECT case_name, side, unnest(literal::float8[]) FROM part, generate_series(1, copies)
         WHERE generator = 'literal' AND kind = 'numeric') r;
CREATE TEMP TABLE category_row AS
SELECT case_name, CASE side WHEN 'reference' THEN false WHEN 'current' THEN true END AS is_current, value
  FROM (SELECT case_name, side, 'c' || numerator AS value FROM part JOIN generated USING (number)
         WHERE kind = 'category'
        UNION ALL
        SELECT case_name, side, unnest(literal) FROM part, generate_series(1, copies)
         WHERE generator = 'literal' AND kind = 'category') r;
ANALYZE numeric_row;
ANALYZE category_row;
