--
-- Metrics of ranked lists, over the rows of one list: (score, relevance [, k]).
--
-- The highest score comes first; rows of equal score count as the mean over all their
-- orders.  Rows with a NULL or NaN are left out.  GROUP BY query gives one number a list.
--

-- ---- states ----

CREATE FUNCTION monitor._ranking_accum(internal, double precision, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_accum(internal, double precision, double precision) IS 'transition: add a score and its relevance';

CREATE FUNCTION monitor._ranking_accum(internal, double precision, double precision, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_accum(internal, double precision, double precision, integer) IS 'transition: add a score and its relevance, for the first k rows';

CREATE FUNCTION monitor._ranking_accum(internal, double precision, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_accum_boolean' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_accum(internal, double precision, boolean) IS 'transition: add a score and its mark of relevance';

CREATE FUNCTION monitor._ranking_accum(internal, double precision, boolean, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_accum_boolean' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_accum(internal, double precision, boolean, integer) IS 'transition: add a score and its mark of relevance, for the first k rows';

CREATE FUNCTION monitor._ranking_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_combine(internal, internal) IS 'combine two states of ranked rows';

CREATE FUNCTION monitor._ranking_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME', 'monitor_ranking_serialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_serialize(internal) IS 'send a state of ranked rows to the leader';

CREATE FUNCTION monitor._ranking_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_deserialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_deserialize(bytea, internal) IS 'receive a state of ranked rows';

-- ---- metrics ----

CREATE FUNCTION monitor._ndcg(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_ndcg_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ndcg(internal) IS 'final: ndcg of ranked rows';

CREATE AGGREGATE monitor.ndcg(score double precision, relevance double precision) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._ndcg,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ndcg(score double precision, relevance double precision) IS
	'Normalised discounted cumulative gain of a ranked list';

CREATE AGGREGATE monitor.ndcg(score double precision, relevance double precision, k integer) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._ndcg,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ndcg(score double precision, relevance double precision, k integer) IS
	'Normalised discounted cumulative gain of a ranked list, over its first k rows';

CREATE AGGREGATE monitor.ndcg(score double precision, relevant boolean) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._ndcg,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ndcg(score double precision, relevant boolean) IS
	'Normalised discounted cumulative gain of a ranked list';

CREATE AGGREGATE monitor.ndcg(score double precision, relevant boolean, k integer) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._ndcg,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ndcg(score double precision, relevant boolean, k integer) IS
	'Normalised discounted cumulative gain of a ranked list, over its first k rows';

CREATE FUNCTION monitor._precision_at_k(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_precision_at_k_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._precision_at_k(internal) IS 'final: precision_at_k of ranked rows';

CREATE AGGREGATE monitor.precision_at_k(score double precision, relevant boolean, k integer) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._precision_at_k,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.precision_at_k(score double precision, relevant boolean, k integer) IS
	'Relevant rows among the first k, over the most there can be: min(k, all relevant rows)';

CREATE FUNCTION monitor._average_precision_at_k(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_average_precision_at_k_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._average_precision_at_k(internal) IS 'final: average_precision_at_k of ranked rows';

CREATE AGGREGATE monitor.average_precision_at_k(score double precision, relevant boolean, k integer) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._average_precision_at_k,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.average_precision_at_k(score double precision, relevant boolean, k integer) IS
	'Mean precision at the ranks of the relevant rows among the first k, over min(k, all relevant rows)';

CREATE FUNCTION monitor._reciprocal_rank(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_reciprocal_rank_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._reciprocal_rank(internal) IS 'final: reciprocal_rank of ranked rows';

CREATE AGGREGATE monitor.reciprocal_rank(score double precision, relevant boolean) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._reciprocal_rank,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.reciprocal_rank(score double precision, relevant boolean) IS
	'1 over the rank of the first relevant row';
