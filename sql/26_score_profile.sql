--
-- Score profiles and their siblings: labelled rows as counts, from which every performance
-- metric of a model follows without reading the rows again.
--

CREATE TYPE monitor.score_metric AS (
	value double precision,
	value_low double precision,
	value_high double precision,
	standard_error double precision,
	confidence_low double precision,
	confidence_high double precision,
	n_positive bigint,
	n_negative bigint
);
COMMENT ON TYPE monitor.score_metric IS 'A metric of scores from a profile, with bounds and error';
COMMENT ON COLUMN monitor.score_metric.value IS 'The metric; rows between two edges count as tied, for ks_score it is the lower bound';
COMMENT ON COLUMN monitor.score_metric.value_low IS 'Certified lower bound of the metric over the rows';
COMMENT ON COLUMN monitor.score_metric.value_high IS 'Certified upper bound of the metric over the rows';
COMMENT ON COLUMN monitor.score_metric.standard_error IS 'Standard error (DeLong); NULL where there is none';
COMMENT ON COLUMN monitor.score_metric.confidence_low IS 'Lower end of the 95 % interval, from the logit scale';
COMMENT ON COLUMN monitor.score_metric.confidence_high IS 'Upper end of the 95 % interval';
COMMENT ON COLUMN monitor.score_metric.n_positive IS 'Positive rows with a score';
COMMENT ON COLUMN monitor.score_metric.n_negative IS 'Negative rows with a score';

CREATE TYPE monitor.score_confusion AS (
	threshold double precision,
	true_positive bigint,
	false_positive bigint,
	false_negative bigint,
	true_negative bigint,
	unlabelled_positive bigint,
	unlabelled_negative bigint,
	accuracy_score double precision,
	precision_score double precision,
	recall_score double precision,
	specificity double precision,
	f1_score double precision
);
COMMENT ON TYPE monitor.score_confusion IS 'Confusion counts at a threshold: predicted positive means score >= threshold';
COMMENT ON COLUMN monitor.score_confusion.threshold IS 'The threshold';
COMMENT ON COLUMN monitor.score_confusion.true_positive IS 'Positive rows predicted positive';
COMMENT ON COLUMN monitor.score_confusion.false_positive IS 'Negative rows predicted positive';
COMMENT ON COLUMN monitor.score_confusion.false_negative IS 'Positive rows predicted negative';
COMMENT ON COLUMN monitor.score_confusion.true_negative IS 'Negative rows predicted negative';
COMMENT ON COLUMN monitor.score_confusion.unlabelled_positive IS 'Rows without label predicted positive';
COMMENT ON COLUMN monitor.score_confusion.unlabelled_negative IS 'Rows without label predicted negative';
COMMENT ON COLUMN monitor.score_confusion.accuracy_score IS 'Share of labelled rows predicted right; this and what follows: NULL where not defined';
COMMENT ON COLUMN monitor.score_confusion.precision_score IS 'Share of positives among rows predicted positive';
COMMENT ON COLUMN monitor.score_confusion.recall_score IS 'Share of positives predicted positive';
COMMENT ON COLUMN monitor.score_confusion.specificity IS 'Share of negatives predicted negative';
COMMENT ON COLUMN monitor.score_confusion.f1_score IS 'Harmonic mean of precision and recall';

CREATE TYPE monitor.score_calibration_bin AS (
	bin integer,
	lower double precision,
	upper double precision,
	n_positive bigint,
	n_negative bigint,
	mean_score double precision,
	mean_score_low double precision,
	mean_score_high double precision,
	positive_rate double precision
);
COMMENT ON TYPE monitor.score_calibration_bin IS 'Labelled rows with lower < score <= upper (the first bin: and score = 0)';
COMMENT ON COLUMN monitor.score_calibration_bin.bin IS 'Number of the bin, from 1';
COMMENT ON COLUMN monitor.score_calibration_bin.lower IS 'Lower bound, excluded';
COMMENT ON COLUMN monitor.score_calibration_bin.upper IS 'Upper bound, included';
COMMENT ON COLUMN monitor.score_calibration_bin.n_positive IS 'Positive rows in the bin';
COMMENT ON COLUMN monitor.score_calibration_bin.n_negative IS 'Negative rows in the bin';
COMMENT ON COLUMN monitor.score_calibration_bin.mean_score IS 'Mean score, scores between two edges spread evenly';
COMMENT ON COLUMN monitor.score_calibration_bin.mean_score_low IS 'Certified lower bound of the mean score';
COMMENT ON COLUMN monitor.score_calibration_bin.mean_score_high IS 'Certified upper bound of the mean score';
COMMENT ON COLUMN monitor.score_calibration_bin.positive_rate IS 'Share of positives in the bin';

CREATE TYPE monitor.score_gain AS (
	threshold double precision,
	n bigint,
	n_positive bigint,
	share double precision,
	gain double precision,
	lift double precision
);
COMMENT ON TYPE monitor.score_gain IS 'Labelled rows at or above a threshold';
COMMENT ON COLUMN monitor.score_gain.threshold IS 'The threshold, an edge of the profile; -Infinity for all rows';
COMMENT ON COLUMN monitor.score_gain.n IS 'Labelled rows with score >= threshold';
COMMENT ON COLUMN monitor.score_gain.n_positive IS 'Positives among them';
COMMENT ON COLUMN monitor.score_gain.share IS 'n over all labelled rows';
COMMENT ON COLUMN monitor.score_gain.gain IS 'n_positive over all positives';
COMMENT ON COLUMN monitor.score_gain.lift IS 'Share of positives among them over the share among all';

CREATE TYPE monitor.score_profile;
COMMENT ON TYPE monitor.score_profile IS
	'Counts of positive, negative and unlabelled rows around edges of a score, with exact losses';

CREATE FUNCTION monitor.score_profile_in(cstring) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.score_profile_in(cstring) IS 'input: canonical JSON';

CREATE FUNCTION monitor.score_profile_out(monitor.score_profile) RETURNS cstring
	AS 'MODULE_PATHNAME', 'monitor_score_profile_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.score_profile_out(monitor.score_profile) IS 'output: canonical JSON';

CREATE FUNCTION monitor.score_profile_recv(internal) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.score_profile_recv(internal) IS 'binary input: the compact form';

CREATE FUNCTION monitor.score_profile_send(monitor.score_profile) RETURNS bytea
	AS 'MODULE_PATHNAME', 'monitor_score_profile_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.score_profile_send(monitor.score_profile) IS 'binary output: the compact form';

CREATE TYPE monitor.score_profile (
	INPUT = monitor.score_profile_in, OUTPUT = monitor.score_profile_out,
	RECEIVE = monitor.score_profile_recv, SEND = monitor.score_profile_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);

CREATE FUNCTION monitor._score_profile_combine(monitor.score_profile, monitor.score_profile) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._score_profile_combine(monitor.score_profile, monitor.score_profile) IS 'add to an aggregate state in place';

CREATE FUNCTION monitor._score_profile_final(monitor.score_profile) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._score_profile_final(monitor.score_profile) IS 'final: the compact form';

CREATE FUNCTION monitor._score_profile_accum(monitor.score_profile, double precision, boolean, double precision[]) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_accum_boolean' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._score_profile_accum(monitor.score_profile, double precision, boolean, double precision[]) IS 'transition: count a score in place';

CREATE FUNCTION monitor._score_profile_accum(monitor.score_profile, double precision, integer, double precision[]) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_accum_integer' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._score_profile_accum(monitor.score_profile, double precision, integer, double precision[]) IS 'transition: count a score with label 0 or 1 in place';

CREATE FUNCTION monitor._score_profile_accum(monitor.score_profile, double precision, text, text, double precision[]) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_accum_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._score_profile_accum(monitor.score_profile, double precision, text, text, double precision[]) IS 'transition: count a score with a named positive class in place';

CREATE AGGREGATE monitor.score_profile(score double precision, label boolean, edges double precision[]) (
	SFUNC = monitor._score_profile_accum, STYPE = monitor.score_profile, SSPACE = 78000,
	FINALFUNC = monitor._score_profile_final, COMBINEFUNC = monitor._score_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.score_profile(score double precision, label boolean, edges double precision[]) IS
	'Profile of scores with their labels (NULL: not yet known) around edges (monitor.score_edges)';

CREATE AGGREGATE monitor.score_profile(score double precision, label integer, edges double precision[]) (
	SFUNC = monitor._score_profile_accum, STYPE = monitor.score_profile, SSPACE = 78000,
	FINALFUNC = monitor._score_profile_final, COMBINEFUNC = monitor._score_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.score_profile(score double precision, label integer, edges double precision[]) IS
	'Profile of scores with their labels (NULL: not yet known) around edges (monitor.score_edges)';

CREATE AGGREGATE monitor.score_profile(score double precision, label text, positive text, edges double precision[]) (
	SFUNC = monitor._score_profile_accum, STYPE = monitor.score_profile, SSPACE = 78000,
	FINALFUNC = monitor._score_profile_final, COMBINEFUNC = monitor._score_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.score_profile(score double precision, label text, positive text, edges double precision[]) IS
	'Profile of scores with their labels (NULL: not yet known) around edges (monitor.score_edges)';

CREATE AGGREGATE monitor.rollup(profile monitor.score_profile) (
	SFUNC = monitor._score_profile_combine, STYPE = monitor.score_profile, SSPACE = 78000,
	FINALFUNC = monitor._score_profile_final, COMBINEFUNC = monitor._score_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rollup(profile monitor.score_profile) IS
	'Sum of profiles of disjoint rows';

CREATE FUNCTION monitor.merge(a monitor.score_profile, b monitor.score_profile) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_merge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.merge(a monitor.score_profile, b monitor.score_profile) IS 'Profile of the rows of both';

CREATE FUNCTION monitor.subtract(a monitor.score_profile, b monitor.score_profile) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_subtract' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.subtract(a monitor.score_profile, b monitor.score_profile) IS 'Profile of the rows of a without those of b';

CREATE OPERATOR monitor.+ (
	FUNCTION = monitor.merge, LEFTARG = monitor.score_profile, RIGHTARG = monitor.score_profile, COMMUTATOR = OPERATOR(monitor.+)
);
COMMENT ON OPERATOR monitor.+ (monitor.score_profile, monitor.score_profile) IS 'merge profiles of disjoint rows';

CREATE OPERATOR monitor.- (
	FUNCTION = monitor.subtract, LEFTARG = monitor.score_profile, RIGHTARG = monitor.score_profile
);
COMMENT ON OPERATOR monitor.- (monitor.score_profile, monitor.score_profile) IS 'subtract the rows of a profile';

CREATE FUNCTION monitor.detach(profile monitor.score_profile) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_detach' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.detach(profile monitor.score_profile) IS 'The counts alone, with the id of the anchors: the small form to store many of';

CREATE FUNCTION monitor.attach(profile monitor.score_profile, anchors monitor.score_profile) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_attach' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.attach(profile monitor.score_profile, anchors monitor.score_profile) IS 'A detached profile with the anchors of another of the same id';

CREATE FUNCTION monitor.num_rows(profile monitor.score_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_score_profile_num_rows' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_rows(profile monitor.score_profile) IS 'All rows, unlabelled and missing ones included';

CREATE FUNCTION monitor.num_positive(profile monitor.score_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_score_profile_num_positive' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_positive(profile monitor.score_profile) IS 'Positive rows with a score';

CREATE FUNCTION monitor.num_negative(profile monitor.score_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_score_profile_num_negative' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_negative(profile monitor.score_profile) IS 'Negative rows with a score';

CREATE FUNCTION monitor.num_unlabelled(profile monitor.score_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_score_profile_num_unlabelled' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_unlabelled(profile monitor.score_profile) IS 'Rows with a score whose label is not known';

CREATE FUNCTION monitor.num_missing(profile monitor.score_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_score_profile_num_missing' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_missing(profile monitor.score_profile) IS 'Rows whose score was NULL or NaN';

CREATE FUNCTION monitor.score_distribution(profile monitor.score_profile) RETURNS monitor.profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_scores' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.score_distribution(profile monitor.score_profile) IS 'The scores of all rows as a monitor.profile, for drift of the score';

CREATE FUNCTION monitor.roc_auc(profile monitor.score_profile) RETURNS monitor.score_metric
	AS 'MODULE_PATHNAME', 'monitor_score_profile_auc' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.roc_auc(profile monitor.score_profile) IS 'Area under the ROC curve with certified bounds and DeLong error; NULL with one class only';

CREATE FUNCTION monitor.gini(profile monitor.score_profile) RETURNS monitor.score_metric
	AS 'MODULE_PATHNAME', 'monitor_score_profile_gini' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.gini(profile monitor.score_profile) IS '2 AUC - 1';

CREATE FUNCTION monitor.ks_score(profile monitor.score_profile) RETURNS monitor.score_metric
	AS 'MODULE_PATHNAME', 'monitor_score_profile_ks' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.ks_score(profile monitor.score_profile) IS 'Largest difference between the score distributions of the two classes';

CREATE FUNCTION monitor.brier_score(profile monitor.score_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_score_profile_brier' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.brier_score(profile monitor.score_profile) IS 'Mean of (score - label)^2, exact; NULL where scores are no probabilities';

CREATE FUNCTION monitor.log_loss(profile monitor.score_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_score_profile_log_loss' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.log_loss(profile monitor.score_profile) IS 'Mean log loss, clipped at 2^-52, exact; NULL where scores are no probabilities';

CREATE FUNCTION monitor.confusion_at(profile monitor.score_profile, threshold double precision) RETURNS monitor.score_confusion
	AS 'MODULE_PATHNAME', 'monitor_score_profile_confusion' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.confusion_at(profile monitor.score_profile, threshold double precision) IS 'Confusion counts and their metrics at a threshold that is one of the edges';

CREATE FUNCTION monitor.calibration_curve(profile monitor.score_profile) RETURNS monitor.score_calibration_bin[]
	AS 'MODULE_PATHNAME', 'monitor_score_profile_calibration' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.calibration_curve(profile monitor.score_profile) IS 'Positive rate against mean score in 10 bins of equal width, as an array to unnest';

CREATE FUNCTION monitor.calibration_curve(profile monitor.score_profile, bins integer) RETURNS monitor.score_calibration_bin[]
	AS 'MODULE_PATHNAME', 'monitor_score_profile_calibration' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.calibration_curve(profile monitor.score_profile, bins integer) IS 'Positive rate against mean score in this many bins of equal width, as an array to unnest';

CREATE FUNCTION monitor.calibration_error(profile monitor.score_profile) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_score_profile_calibration_error' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.calibration_error(profile monitor.score_profile) IS 'Expected calibration error over 10 bins; effect_size: less what a calibrated model of as many rows would show; n_reference negatives, n_current positives';

CREATE FUNCTION monitor.calibration_error(profile monitor.score_profile, bins integer) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_score_profile_calibration_error' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.calibration_error(profile monitor.score_profile, bins integer) IS 'Expected calibration error over this many bins; effect_size: less what a calibrated model of as many rows would show';

CREATE FUNCTION monitor.gains_curve(profile monitor.score_profile) RETURNS monitor.score_gain[]
	AS 'MODULE_PATHNAME', 'monitor_score_profile_gains' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.gains_curve(profile monitor.score_profile) IS 'Positives found among the rows with the highest scores, as an array to unnest';

CREATE FUNCTION monitor.score_edges(edges double precision[], thresholds double precision[]) RETURNS double precision[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT array_agg(DISTINCT e ORDER BY e)
	FROM unnest(edges || thresholds || '{0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9}') AS e
	WHERE e IS NOT NULL AND e <> 'NaN';
END;
COMMENT ON FUNCTION monitor.score_edges(edges double precision[], thresholds double precision[]) IS 'Edges for score profiles: those of the baseline (monitor.profile_edges(score, 1000)), the thresholds that matter, and 0.1 to 0.9';

CREATE FUNCTION monitor.score_edges(thresholds double precision[]) RETURNS double precision[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT array_agg(DISTINCT e ORDER BY e)
	FROM unnest((SELECT array_agg(i / 1000.0::double precision) FROM generate_series(0, 1000) AS i) || thresholds) AS e
	WHERE e IS NOT NULL AND e <> 'NaN';
END;
COMMENT ON FUNCTION monitor.score_edges(thresholds double precision[]) IS 'Edges for score profiles where there is no baseline: 0 to 1 by 0.001, and the thresholds that matter';

CREATE TYPE monitor.confusion_count AS (
	prediction text,
	truth text,
	n bigint
);
COMMENT ON TYPE monitor.confusion_count IS 'Labelled rows of one prediction and one truth';
COMMENT ON COLUMN monitor.confusion_count.prediction IS 'Predicted class; (other) for those that are not listed';
COMMENT ON COLUMN monitor.confusion_count.truth IS 'True class; (other) for those that are not listed';
COMMENT ON COLUMN monitor.confusion_count.n IS 'Labelled rows';

CREATE TYPE monitor.confusion_profile;
COMMENT ON TYPE monitor.confusion_profile IS
	'Counts of predicted and true classes';

CREATE FUNCTION monitor.confusion_profile_in(cstring) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.confusion_profile_in(cstring) IS 'input: canonical JSON';

CREATE FUNCTION monitor.confusion_profile_out(monitor.confusion_profile) RETURNS cstring
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.confusion_profile_out(monitor.confusion_profile) IS 'output: canonical JSON';

CREATE FUNCTION monitor.confusion_profile_recv(internal) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.confusion_profile_recv(internal) IS 'binary input: the compact form';

CREATE FUNCTION monitor.confusion_profile_send(monitor.confusion_profile) RETURNS bytea
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.confusion_profile_send(monitor.confusion_profile) IS 'binary output: the compact form';

CREATE TYPE monitor.confusion_profile (
	INPUT = monitor.confusion_profile_in, OUTPUT = monitor.confusion_profile_out,
	RECEIVE = monitor.confusion_profile_recv, SEND = monitor.confusion_profile_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);

CREATE FUNCTION monitor._confusion_profile_combine(monitor.confusion_profile, monitor.confusion_profile) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._confusion_profile_combine(monitor.confusion_profile, monitor.confusion_profile) IS 'add to an aggregate state in place';

CREATE FUNCTION monitor._confusion_profile_final(monitor.confusion_profile) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._confusion_profile_final(monitor.confusion_profile) IS 'final: the compact form';

CREATE FUNCTION monitor._confusion_profile_accum(monitor.confusion_profile, text, text, text[]) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._confusion_profile_accum(monitor.confusion_profile, text, text, text[]) IS 'transition: count a row in place';

CREATE FUNCTION monitor._confusion_profile_accum(monitor.confusion_profile, anynonarray, anynonarray, text[]) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._confusion_profile_accum(monitor.confusion_profile, anynonarray, anynonarray, text[]) IS 'transition: count a row of any type in place';

CREATE AGGREGATE monitor.confusion_profile(prediction text, truth text, classes text[]) (
	SFUNC = monitor._confusion_profile_accum, STYPE = monitor.confusion_profile, SSPACE = 8000,
	FINALFUNC = monitor._confusion_profile_final, COMBINEFUNC = monitor._confusion_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.confusion_profile(prediction text, truth text, classes text[]) IS
	'Profile of predicted and true classes (truth NULL: not yet known); classes that are not listed are counted as one, none of them right';

CREATE AGGREGATE monitor.confusion_profile(prediction anynonarray, truth anynonarray, classes text[]) (
	SFUNC = monitor._confusion_profile_accum, STYPE = monitor.confusion_profile, SSPACE = 8000,
	FINALFUNC = monitor._confusion_profile_final, COMBINEFUNC = monitor._confusion_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.confusion_profile(prediction anynonarray, truth anynonarray, classes text[]) IS
	'Profile of predicted and true classes (truth NULL: not yet known); classes that are not listed are counted as one, none of them right';

CREATE AGGREGATE monitor.rollup(profile monitor.confusion_profile) (
	SFUNC = monitor._confusion_profile_combine, STYPE = monitor.confusion_profile, SSPACE = 8000,
	FINALFUNC = monitor._confusion_profile_final, COMBINEFUNC = monitor._confusion_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rollup(profile monitor.confusion_profile) IS
	'Sum of profiles of disjoint rows';

CREATE FUNCTION monitor.merge(a monitor.confusion_profile, b monitor.confusion_profile) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_merge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.merge(a monitor.confusion_profile, b monitor.confusion_profile) IS 'Profile of the rows of both';

CREATE FUNCTION monitor.subtract(a monitor.confusion_profile, b monitor.confusion_profile) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_subtract' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.subtract(a monitor.confusion_profile, b monitor.confusion_profile) IS 'Profile of the rows of a without those of b';

CREATE OPERATOR monitor.+ (
	FUNCTION = monitor.merge, LEFTARG = monitor.confusion_profile, RIGHTARG = monitor.confusion_profile, COMMUTATOR = OPERATOR(monitor.+)
);
COMMENT ON OPERATOR monitor.+ (monitor.confusion_profile, monitor.confusion_profile) IS 'merge profiles of disjoint rows';

CREATE OPERATOR monitor.- (
	FUNCTION = monitor.subtract, LEFTARG = monitor.confusion_profile, RIGHTARG = monitor.confusion_profile
);
COMMENT ON OPERATOR monitor.- (monitor.confusion_profile, monitor.confusion_profile) IS 'subtract the rows of a profile';

CREATE FUNCTION monitor.detach(profile monitor.confusion_profile) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_detach' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.detach(profile monitor.confusion_profile) IS 'The counts alone, with the id of the anchors: the small form to store many of';

CREATE FUNCTION monitor.attach(profile monitor.confusion_profile, anchors monitor.confusion_profile) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_attach' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.attach(profile monitor.confusion_profile, anchors monitor.confusion_profile) IS 'A detached profile with the anchors of another of the same id';

CREATE FUNCTION monitor.num_rows(profile monitor.confusion_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_num_rows' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_rows(profile monitor.confusion_profile) IS 'All rows, unlabelled and missing ones included';

CREATE FUNCTION monitor.num_unlabelled(profile monitor.confusion_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_num_unlabelled' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_unlabelled(profile monitor.confusion_profile) IS 'Rows with a prediction whose truth is not known';

CREATE FUNCTION monitor.num_missing(profile monitor.confusion_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_num_missing' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_missing(profile monitor.confusion_profile) IS 'Rows without a prediction';

CREATE FUNCTION monitor.accuracy_score(profile monitor.confusion_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_accuracy' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.accuracy_score(profile monitor.confusion_profile) IS 'Share of labelled rows predicted right';

CREATE FUNCTION monitor.balanced_accuracy_score(profile monitor.confusion_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_balanced_accuracy' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.balanced_accuracy_score(profile monitor.confusion_profile) IS 'Mean recall of the classes';

CREATE FUNCTION monitor.precision_score(profile monitor.confusion_profile, average text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_precision' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.precision_score(profile monitor.confusion_profile, average text) IS 'Precision averaged over the classes (''macro'', ''micro'' or ''weighted'')';

CREATE FUNCTION monitor.recall_score(profile monitor.confusion_profile, average text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_recall' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.recall_score(profile monitor.confusion_profile, average text) IS 'Recall averaged over the classes (''macro'', ''micro'' or ''weighted'')';

CREATE FUNCTION monitor.f1_score(profile monitor.confusion_profile, average text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_f1' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.f1_score(profile monitor.confusion_profile, average text) IS 'F1 averaged over the classes (''macro'', ''micro'' or ''weighted'')';

CREATE FUNCTION monitor.matthews_corrcoef(profile monitor.confusion_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_matthews' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.matthews_corrcoef(profile monitor.confusion_profile) IS 'Matthews correlation of predictions and truths';

CREATE FUNCTION monitor.cohen_kappa_score(profile monitor.confusion_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_kappa' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.cohen_kappa_score(profile monitor.confusion_profile) IS 'Agreement beyond chance of predictions and truths';

CREATE FUNCTION monitor.confusion_matrix(profile monitor.confusion_profile) RETURNS monitor.confusion_count[]
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_matrix' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.confusion_matrix(profile monitor.confusion_profile) IS 'The counts that are not 0, as an array to unnest';

CREATE TYPE monitor.error_profile;
COMMENT ON TYPE monitor.error_profile IS
	'Exact sums of the errors of predicted numbers, in strata of the prediction';

CREATE FUNCTION monitor.error_profile_in(cstring) RETURNS monitor.error_profile
	AS 'MODULE_PATHNAME', 'monitor_error_profile_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.error_profile_in(cstring) IS 'input: canonical JSON';

CREATE FUNCTION monitor.error_profile_out(monitor.error_profile) RETURNS cstring
	AS 'MODULE_PATHNAME', 'monitor_error_profile_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.error_profile_out(monitor.error_profile) IS 'output: canonical JSON';

CREATE FUNCTION monitor.error_profile_recv(internal) RETURNS monitor.error_profile
	AS 'MODULE_PATHNAME', 'monitor_error_profile_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.error_profile_recv(internal) IS 'binary input: the compact form';

CREATE FUNCTION monitor.error_profile_send(monitor.error_profile) RETURNS bytea
	AS 'MODULE_PATHNAME', 'monitor_error_profile_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.error_profile_send(monitor.error_profile) IS 'binary output: the compact form';

CREATE TYPE monitor.error_profile (
	INPUT = monitor.error_profile_in, OUTPUT = monitor.error_profile_out,
	RECEIVE = monitor.error_profile_recv, SEND = monitor.error_profile_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);

CREATE FUNCTION monitor._error_profile_combine(monitor.error_profile, monitor.error_profile) RETURNS monitor.error_profile
	AS 'MODULE_PATHNAME', 'monitor_error_profile_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._error_profile_combine(monitor.error_profile, monitor.error_profile) IS 'add to an aggregate state in place';

CREATE FUNCTION monitor._error_profile_final(monitor.error_profile) RETURNS monitor.error_profile
	AS 'MODULE_PATHNAME', 'monitor_error_profile_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._error_profile_final(monitor.error_profile) IS 'final: the compact form';

CREATE FUNCTION monitor._error_profile_accum(monitor.error_profile, double precision, double precision, double precision[]) RETURNS monitor.error_profile
	AS 'MODULE_PATHNAME', 'monitor_error_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._error_profile_accum(monitor.error_profile, double precision, double precision, double precision[]) IS 'transition: count a row in place';

CREATE AGGREGATE monitor.error_profile(prediction double precision, truth double precision, edges double precision[]) (
	SFUNC = monitor._error_profile_accum, STYPE = monitor.error_profile, SSPACE = 80000,
	FINALFUNC = monitor._error_profile_final, COMBINEFUNC = monitor._error_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.error_profile(prediction double precision, truth double precision, edges double precision[]) IS
	'Profile of predicted numbers and truths (NULL: not yet known) around edges of the prediction (monitor.profile_edges)';

CREATE AGGREGATE monitor.rollup(profile monitor.error_profile) (
	SFUNC = monitor._error_profile_combine, STYPE = monitor.error_profile, SSPACE = 80000,
	FINALFUNC = monitor._error_profile_final, COMBINEFUNC = monitor._error_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rollup(profile monitor.error_profile) IS
	'Sum of profiles of disjoint rows';

CREATE FUNCTION monitor.merge(a monitor.error_profile, b monitor.error_profile) RETURNS monitor.error_profile
	AS 'MODULE_PATHNAME', 'monitor_error_profile_merge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.merge(a monitor.error_profile, b monitor.error_profile) IS 'Profile of the rows of both';

CREATE FUNCTION monitor.subtract(a monitor.error_profile, b monitor.error_profile) RETURNS monitor.error_profile
	AS 'MODULE_PATHNAME', 'monitor_error_profile_subtract' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.subtract(a monitor.error_profile, b monitor.error_profile) IS 'Profile of the rows of a without those of b';

CREATE OPERATOR monitor.+ (
	FUNCTION = monitor.merge, LEFTARG = monitor.error_profile, RIGHTARG = monitor.error_profile, COMMUTATOR = OPERATOR(monitor.+)
);
COMMENT ON OPERATOR monitor.+ (monitor.error_profile, monitor.error_profile) IS 'merge profiles of disjoint rows';

CREATE OPERATOR monitor.- (
	FUNCTION = monitor.subtract, LEFTARG = monitor.error_profile, RIGHTARG = monitor.error_profile
);
COMMENT ON OPERATOR monitor.- (monitor.error_profile, monitor.error_profile) IS 'subtract the rows of a profile';

CREATE FUNCTION monitor.detach(profile monitor.error_profile) RETURNS monitor.error_profile
	AS 'MODULE_PATHNAME', 'monitor_error_profile_detach' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.detach(profile monitor.error_profile) IS 'The counts alone, with the id of the anchors: the small form to store many of';

CREATE FUNCTION monitor.attach(profile monitor.error_profile, anchors monitor.error_profile) RETURNS monitor.error_profile
	AS 'MODULE_PATHNAME', 'monitor_error_profile_attach' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.attach(profile monitor.error_profile, anchors monitor.error_profile) IS 'A detached profile with the anchors of another of the same id';

CREATE FUNCTION monitor.num_rows(profile monitor.error_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_error_profile_num_rows' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_rows(profile monitor.error_profile) IS 'All rows, unlabelled and missing ones included';

CREATE FUNCTION monitor.num_labelled(profile monitor.error_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_error_profile_num_labelled' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_labelled(profile monitor.error_profile) IS 'Rows with a prediction and a truth';

CREATE FUNCTION monitor.num_unlabelled(profile monitor.error_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_error_profile_num_unlabelled' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_unlabelled(profile monitor.error_profile) IS 'Rows with a prediction whose truth is not known';

CREATE FUNCTION monitor.num_missing(profile monitor.error_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_error_profile_num_missing' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_missing(profile monitor.error_profile) IS 'Rows whose prediction was NULL or NaN';

CREATE FUNCTION monitor.mean_absolute_error(profile monitor.error_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_error_profile_mae' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.mean_absolute_error(profile monitor.error_profile) IS 'Mean of |prediction - truth|, exact; NULL with an infinite error';

CREATE FUNCTION monitor.mean_squared_error(profile monitor.error_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_error_profile_mse' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.mean_squared_error(profile monitor.error_profile) IS 'Mean of (prediction - truth)^2, exact; NULL with an infinite error';

CREATE FUNCTION monitor.root_mean_squared_error(profile monitor.error_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_error_profile_rmse' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.root_mean_squared_error(profile monitor.error_profile) IS 'Root of the mean squared error';

CREATE FUNCTION monitor.r2_score(profile monitor.error_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_error_profile_r2' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.r2_score(profile monitor.error_profile) IS 'Share of the variance of the truths that the predictions explain; NULL for equal truths';

CREATE FUNCTION monitor.prediction_distribution(profile monitor.error_profile) RETURNS monitor.profile
	AS 'MODULE_PATHNAME', 'monitor_error_profile_predictions' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.prediction_distribution(profile monitor.error_profile) IS 'The predictions of all rows as a monitor.profile, for drift of the prediction';
