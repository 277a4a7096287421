--
-- Watching: from profiles of buckets to looks and verdicts, many features at once, in C.
--

CREATE FUNCTION monitor._coarse_reference(profiles monitor.profile[]) RETURNS monitor.profile[]
	AS 'MODULE_PATHNAME', 'monitor_coarse_reference' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._coarse_reference(monitor.profile[]) IS
	'A baseline''s profiles around the at most 20 anchors that verdicts need, with these anchors';

CREATE FUNCTION monitor._coarsen(profiles monitor.profile[], reference monitor.profile[], cells monitor.profile[]) RETURNS monitor.profile[]
	AS 'MODULE_PATHNAME', 'monitor_coarsen_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._coarsen(monitor.profile[], monitor.profile[], monitor.profile[]) IS
	'Profiles in the slots of cells, detached; reference and cells embed the anchors';

CREATE FUNCTION monitor._detach(profiles monitor.profile[]) RETURNS monitor.profile[]
	AS 'MODULE_PATHNAME', 'monitor_detach_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._detach(monitor.profile[]) IS 'Profiles without their anchors';

CREATE FUNCTION monitor._fingerprint(value anyelement) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_fingerprint' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._fingerprint(anyelement) IS 'Tells whether a profile, or an array of them, is another than before';

CREATE FUNCTION monitor._attach(profiles monitor.profile[], reference monitor.profile[]) RETURNS monitor.profile[]
	AS 'MODULE_PATHNAME', 'monitor_attach_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._attach(monitor.profile[], monitor.profile[]) IS 'Profiles with the anchors of the reference''s';

CREATE FUNCTION monitor._rollup_add(monitor.profile[], monitor.profile[]) RETURNS monitor.profile[]
	AS 'MODULE_PATHNAME', 'monitor_rollup_profiles' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rollup_add(monitor.profile[], monitor.profile[]) IS 'transition: add profiles element by element';

CREATE AGGREGATE monitor._rollup(monitor.profile[]) (
	SFUNC = monitor._rollup_add, STYPE = monitor.profile[], COMBINEFUNC = monitor._rollup_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor._rollup(monitor.profile[]) IS 'Sum of arrays of profiles, element by element; NULL elements are absent';

CREATE FUNCTION monitor._sum_add(double precision[], double precision[]) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'monitor_sum_arrays' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._sum_add(double precision[], double precision[]) IS 'transition: add numbers element by element';

CREATE AGGREGATE monitor._sum(double precision[]) (
	SFUNC = monitor._sum_add, STYPE = double precision[], COMBINEFUNC = monitor._sum_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor._sum(double precision[]) IS 'Sum of arrays of numbers, element by element; NULL elements are absent';

CREATE TYPE monitor._reference_cells AS (stratum integer, cells monitor.profile[]);
COMMENT ON TYPE monitor._reference_cells IS 'A baseline (stratum 0), one stratum of it, or (stratum -1) the one whose cells a segment is cut into';

CREATE FUNCTION monitor._dependence(model_id bigint, baseline_id bigint, segment text, slots timestamptz[], starts timestamptz[], strata integer[], reference monitor._reference_cells[],
	OUT "position" integer, OUT phi double precision[], OUT windows integer[]) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'monitor_dependence' LANGUAGE C STABLE STRICT;
COMMENT ON FUNCTION monitor._dependence(bigint, bigint, text, timestamptz[], timestamptz[], integer[], monitor._reference_cells[]) IS
	'How much more than independent rows a baseline''s windows of 1, 2, 4, ... 512 buckets vary; NULL phi: too few windows';
REVOKE ALL ON FUNCTION monitor._dependence(bigint, bigint, text, timestamptz[], timestamptz[], integer[], monitor._reference_cells[]) FROM PUBLIC;

CREATE FUNCTION monitor._effect(cut_by monitor.profile, reference monitor.profile, current monitor.profile, OUT psi double precision, OUT effect_size double precision)
	AS 'MODULE_PATHNAME', 'monitor_effect' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._effect(monitor.profile, monitor.profile, monitor.profile) IS 'PSI of two profiles over the cells of a third, and its effect';

CREATE TYPE monitor._stream AS ("position" integer, evidence_since timestamptz, is_open boolean, calm_looks integer, phi double precision[]);
COMMENT ON TYPE monitor._stream IS 'Where a stream stands before its next looks';
CREATE TYPE monitor._watch_options AS (first_look timestamptz, log_threshold double precision, reference_level double precision,
	warning double precision, critical double precision, closing double precision);
COMMENT ON TYPE monitor._watch_options IS 'Looks after first_look are taken; the other numbers are those of docs/verdicts.md';
CREATE TYPE monitor._look AS (look timestamptz, "position" integer, window_start timestamptz, buckets integer, psi double precision,
	effect_size double precision, p_value double precision, log_e_value double precision, phi double precision, n_reference bigint,
	n_current bigint, verdict text, reason text, opened boolean, closed boolean, is_open boolean, calm_looks integer, evidence_since timestamptz);
COMMENT ON TYPE monitor._look IS 'One look at one stream';

CREATE FUNCTION monitor._watch(model_id bigint, baseline_id bigint, segment text, slots timestamptz[], starts timestamptz[], strata integer[], reference monitor._reference_cells[],
	streams monitor._stream[], options monitor._watch_options) RETURNS SETOF monitor._look
	AS 'MODULE_PATHNAME', 'monitor_watch_streams' LANGUAGE C STABLE STRICT COST 100000;
COMMENT ON FUNCTION monitor._watch(bigint, bigint, text, timestamptz[], timestamptz[], integer[], monitor._reference_cells[], monitor._stream[], monitor._watch_options) IS
	'Every look of every stream, in order: windows, evidence, effect, and the episode; slots and starts are the ends and starts of all buckets, strata what they are matched by';
REVOKE ALL ON FUNCTION monitor._watch(bigint, bigint, text, timestamptz[], timestamptz[], integer[], monitor._reference_cells[], monitor._stream[], monitor._watch_options) FROM PUBLIC;

CREATE FUNCTION monitor._watch_shares(counts double precision[], num_rows double precision[], reference_count bigint, reference_rows bigint, phi double precision[],
	level double precision, log_threshold double precision, warning double precision, critical double precision,
	OUT place integer, OUT buckets integer, OUT effect_size double precision, OUT log_e_value double precision, OUT verdict text, OUT reason text) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'monitor_watch_shares' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._watch_shares(double precision[], double precision[], bigint, bigint, double precision[], double precision, double precision, double precision, double precision) IS
	'A look after each bucket at a share of rows, such as the missing ones: windows, evidence, change, and what is open';

CREATE FUNCTION monitor._compare_profiles(reference monitor.profile[], current monitor.profile[], phi double precision[], level double precision, distances boolean,
	OUT "position" integer, OUT metric text, OUT value double precision, OUT low double precision, OUT high double precision, OUT effect_size double precision,
	OUT p_value double precision, OUT log_e_value double precision, OUT n_reference bigint, OUT n_current bigint, OUT method text) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'monitor_compare_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION monitor._compare_profiles(monitor.profile[], monitor.profile[], double precision[], double precision, boolean) IS
	'Quality, and if wanted distances, of the features of a bucket against the baseline; the reference embeds the anchors';

CREATE FUNCTION monitor._associations(profiles monitor.score_profile[],
	OUT "position" integer, OUT mutual_information double precision, OUT information_value double precision, OUT num_rows bigint, OUT chance double precision) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'monitor_associations' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._associations(monitor.score_profile[]) IS 'How strongly each feature''s bins tell the classes of the target apart; chance: mutual information that there is without any relation';

CREATE FUNCTION monitor._normal_sf(z double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_normal_sf' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._normal_sf(double precision) IS 'Probability that a standard normal number exceeds z';
