-- A user's data: rows in every dumped table of the extension, and tables of the
-- user's own that hold values of its types.
CREATE SCHEMA gate_data;
CREATE TABLE gate_data.plain AS SELECT i, sqrt(i) AS x FROM generate_series(1, 100) i;
