-- An ordinary table of predictions, such as any application has.
CREATE EXTENSION IF NOT EXISTS monitor;
ALTER EXTENSION monitor UPDATE;
DROP SCHEMA IF EXISTS demo CASCADE;
CREATE SCHEMA demo;
ALTER DATABASE :"DBNAME" SET search_path = demo, monitor, public;

-- The files as they come: see data/README.md for the columns.
CREATE TABLE demo.delivery (
    id bigint, year smallint,
    agep smallint, schl smallint, mar smallint, relp smallint, dis smallint, esp smallint, cit smallint, mig smallint,
    mil smallint, anc smallint, nativity smallint, dear smallint, deye smallint, drem smallint, sex smallint, rac1p smallint,
    prediction smallint, predicted_probability double precision
);
CREATE TABLE demo.outcomes (id bigint PRIMARY KEY, employed smallint NOT NULL);
