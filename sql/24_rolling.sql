--
-- Metrics over window frames that move: rolling_auc(score, label) OVER (ORDER BY t
-- ROWS 999 PRECEDING).  A row that leaves the frame takes back exactly what it
-- brought, so each row costs the same whatever the width of the frame, and no
-- error accumulates.
--
-- The score or prediction comes first, the truth second.  Rows with a NULL or a
-- NaN are left out.
--

-- ---- area under the ROC curve ----

CREATE FUNCTION monitor._rolling_auc(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_rolling_auc' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_auc(internal) IS 'final: rolling_auc';

CREATE FUNCTION monitor._rolling_auc_add(internal, double precision, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_auc_boolean_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_auc_add(internal, double precision, boolean) IS 'transition: a row enters the frame of rolling_auc';

CREATE FUNCTION monitor._rolling_auc_remove(internal, double precision, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_auc_boolean_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_auc_remove(internal, double precision, boolean) IS 'inverse: a row leaves the frame of rolling_auc';

CREATE AGGREGATE monitor.rolling_auc(score double precision, label boolean) (
	SFUNC = monitor._rolling_auc_add, STYPE = internal, SSPACE = 3000, FINALFUNC = monitor._rolling_auc,
	MSFUNC = monitor._rolling_auc_add, MINVFUNC = monitor._rolling_auc_remove, MSTYPE = internal, MSSPACE = 3000,
	MFINALFUNC = monitor._rolling_auc, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_auc(score double precision, label boolean) IS
	'Exact area under the ROC curve of the frame, ties counted half; NULL with one class only';

CREATE FUNCTION monitor._rolling_auc_add(internal, double precision, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_auc_integer_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_auc_add(internal, double precision, integer) IS 'transition: a row enters the frame of rolling_auc (label 0 or 1)';

CREATE FUNCTION monitor._rolling_auc_remove(internal, double precision, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_auc_integer_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_auc_remove(internal, double precision, integer) IS 'inverse: a row leaves the frame of rolling_auc (label 0 or 1)';

CREATE AGGREGATE monitor.rolling_auc(score double precision, label integer) (
	SFUNC = monitor._rolling_auc_add, STYPE = internal, SSPACE = 3000, FINALFUNC = monitor._rolling_auc,
	MSFUNC = monitor._rolling_auc_add, MINVFUNC = monitor._rolling_auc_remove, MSTYPE = internal, MSSPACE = 3000,
	MFINALFUNC = monitor._rolling_auc, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_auc(score double precision, label integer) IS
	'Exact area under the ROC curve of the frame, ties counted half; NULL with one class only (label 0 or 1)';

CREATE FUNCTION monitor._rolling_auc_add(internal, double precision, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_auc_text_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_auc_add(internal, double precision, text, text) IS 'transition: a row enters the frame of rolling_auc (the positive class named)';

CREATE FUNCTION monitor._rolling_auc_remove(internal, double precision, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_auc_text_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_auc_remove(internal, double precision, text, text) IS 'inverse: a row leaves the frame of rolling_auc (the positive class named)';

CREATE AGGREGATE monitor.rolling_auc(score double precision, label text, positive text) (
	SFUNC = monitor._rolling_auc_add, STYPE = internal, SSPACE = 3000, FINALFUNC = monitor._rolling_auc,
	MSFUNC = monitor._rolling_auc_add, MINVFUNC = monitor._rolling_auc_remove, MSTYPE = internal, MSSPACE = 3000,
	MFINALFUNC = monitor._rolling_auc, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_auc(score double precision, label text, positive text) IS
	'Exact area under the ROC curve of the frame, ties counted half; NULL with one class only (the positive class named)';

-- ---- losses of probabilities ----

CREATE FUNCTION monitor._rolling_loss(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_rolling_loss' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_loss(internal) IS 'final: rolling_log_loss and rolling_brier_score';

CREATE FUNCTION monitor._rolling_log_loss_add(internal, double precision, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_log_loss_boolean_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_log_loss_add(internal, double precision, boolean) IS 'transition: a row enters the frame of rolling_log_loss';

CREATE FUNCTION monitor._rolling_log_loss_remove(internal, double precision, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_log_loss_boolean_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_log_loss_remove(internal, double precision, boolean) IS 'inverse: a row leaves the frame of rolling_log_loss';

CREATE AGGREGATE monitor.rolling_log_loss(score double precision, label boolean) (
	SFUNC = monitor._rolling_log_loss_add, STYPE = internal, SSPACE = 600, FINALFUNC = monitor._rolling_loss,
	MSFUNC = monitor._rolling_log_loss_add, MINVFUNC = monitor._rolling_log_loss_remove, MSTYPE = internal, MSSPACE = 600,
	MFINALFUNC = monitor._rolling_loss, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_log_loss(score double precision, label boolean) IS
	'Mean log loss of the frame, probabilities clipped at 2^-52; NULL with one class only';

CREATE FUNCTION monitor._rolling_log_loss_add(internal, double precision, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_log_loss_integer_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_log_loss_add(internal, double precision, integer) IS 'transition: a row enters the frame of rolling_log_loss (label 0 or 1)';

CREATE FUNCTION monitor._rolling_log_loss_remove(internal, double precision, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_log_loss_integer_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_log_loss_remove(internal, double precision, integer) IS 'inverse: a row leaves the frame of rolling_log_loss (label 0 or 1)';

CREATE AGGREGATE monitor.rolling_log_loss(score double precision, label integer) (
	SFUNC = monitor._rolling_log_loss_add, STYPE = internal, SSPACE = 600, FINALFUNC = monitor._rolling_loss,
	MSFUNC = monitor._rolling_log_loss_add, MINVFUNC = monitor._rolling_log_loss_remove, MSTYPE = internal, MSSPACE = 600,
	MFINALFUNC = monitor._rolling_loss, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_log_loss(score double precision, label integer) IS
	'Mean log loss of the frame, probabilities clipped at 2^-52; NULL with one class only (label 0 or 1)';

CREATE FUNCTION monitor._rolling_log_loss_add(internal, double precision, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_log_loss_text_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_log_loss_add(internal, double precision, text, text) IS 'transition: a row enters the frame of rolling_log_loss (the positive class named)';

CREATE FUNCTION monitor._rolling_log_loss_remove(internal, double precision, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_log_loss_text_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_log_loss_remove(internal, double precision, text, text) IS 'inverse: a row leaves the frame of rolling_log_loss (the positive class named)';

CREATE AGGREGATE monitor.rolling_log_loss(score double precision, label text, positive text) (
	SFUNC = monitor._rolling_log_loss_add, STYPE = internal, SSPACE = 600, FINALFUNC = monitor._rolling_loss,
	MSFUNC = monitor._rolling_log_loss_add, MINVFUNC = monitor._rolling_log_loss_remove, MSTYPE = internal, MSSPACE = 600,
	MFINALFUNC = monitor._rolling_loss, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_log_loss(score double precision, label text, positive text) IS
	'Mean log loss of the frame, probabilities clipped at 2^-52; NULL with one class only (the positive class named)';

CREATE FUNCTION monitor._rolling_brier_score_add(internal, double precision, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_brier_score_boolean_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_brier_score_add(internal, double precision, boolean) IS 'transition: a row enters the frame of rolling_brier_score';

CREATE FUNCTION monitor._rolling_brier_score_remove(internal, double precision, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_brier_score_boolean_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_brier_score_remove(internal, double precision, boolean) IS 'inverse: a row leaves the frame of rolling_brier_score';

CREATE AGGREGATE monitor.rolling_brier_score(score double precision, label boolean) (
	SFUNC = monitor._rolling_brier_score_add, STYPE = internal, SSPACE = 600, FINALFUNC = monitor._rolling_loss,
	MSFUNC = monitor._rolling_brier_score_add, MINVFUNC = monitor._rolling_brier_score_remove, MSTYPE = internal, MSSPACE = 600,
	MFINALFUNC = monitor._rolling_loss, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_brier_score(score double precision, label boolean) IS
	'Mean squared error of the probabilities of the frame; NULL with one class only';

CREATE FUNCTION monitor._rolling_brier_score_add(internal, double precision, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_brier_score_integer_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_brier_score_add(internal, double precision, integer) IS 'transition: a row enters the frame of rolling_brier_score (label 0 or 1)';

CREATE FUNCTION monitor._rolling_brier_score_remove(internal, double precision, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_brier_score_integer_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_brier_score_remove(internal, double precision, integer) IS 'inverse: a row leaves the frame of rolling_brier_score (label 0 or 1)';

CREATE AGGREGATE monitor.rolling_brier_score(score double precision, label integer) (
	SFUNC = monitor._rolling_brier_score_add, STYPE = internal, SSPACE = 600, FINALFUNC = monitor._rolling_loss,
	MSFUNC = monitor._rolling_brier_score_add, MINVFUNC = monitor._rolling_brier_score_remove, MSTYPE = internal, MSSPACE = 600,
	MFINALFUNC = monitor._rolling_loss, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_brier_score(score double precision, label integer) IS
	'Mean squared error of the probabilities of the frame; NULL with one class only (label 0 or 1)';

CREATE FUNCTION monitor._rolling_brier_score_add(internal, double precision, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_brier_score_text_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_brier_score_add(internal, double precision, text, text) IS 'transition: a row enters the frame of rolling_brier_score (the positive class named)';

CREATE FUNCTION monitor._rolling_brier_score_remove(internal, double precision, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_brier_score_text_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_brier_score_remove(internal, double precision, text, text) IS 'inverse: a row leaves the frame of rolling_brier_score (the positive class named)';

CREATE AGGREGATE monitor.rolling_brier_score(score double precision, label text, positive text) (
	SFUNC = monitor._rolling_brier_score_add, STYPE = internal, SSPACE = 600, FINALFUNC = monitor._rolling_loss,
	MSFUNC = monitor._rolling_brier_score_add, MINVFUNC = monitor._rolling_brier_score_remove, MSTYPE = internal, MSSPACE = 600,
	MFINALFUNC = monitor._rolling_loss, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_brier_score(score double precision, label text, positive text) IS
	'Mean squared error of the probabilities of the frame; NULL with one class only (the positive class named)';

-- ---- accuracy ----

CREATE FUNCTION monitor._rolling_accuracy(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_rolling_accuracy' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_accuracy(internal) IS 'final: rolling_accuracy';

CREATE FUNCTION monitor._rolling_accuracy_add(internal, boolean, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_accuracy_boolean_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_accuracy_add(internal, boolean, boolean) IS 'transition: a row enters the frame of rolling_accuracy, classes of type boolean';

CREATE FUNCTION monitor._rolling_accuracy_remove(internal, boolean, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_accuracy_boolean_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_accuracy_remove(internal, boolean, boolean) IS 'inverse: a row leaves the frame of rolling_accuracy, classes of type boolean';

CREATE AGGREGATE monitor.rolling_accuracy(prediction boolean, truth boolean) (
	SFUNC = monitor._rolling_accuracy_add, STYPE = internal, SSPACE = 32, FINALFUNC = monitor._rolling_accuracy,
	MSFUNC = monitor._rolling_accuracy_add, MINVFUNC = monitor._rolling_accuracy_remove, MSTYPE = internal, MSSPACE = 32,
	MFINALFUNC = monitor._rolling_accuracy, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_accuracy(prediction boolean, truth boolean) IS
	'Share of the rows of the frame whose predicted class is the true one';

CREATE FUNCTION monitor._rolling_accuracy_add(internal, integer, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_accuracy_integer_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_accuracy_add(internal, integer, integer) IS 'transition: a row enters the frame of rolling_accuracy, classes of type integer';

CREATE FUNCTION monitor._rolling_accuracy_remove(internal, integer, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_accuracy_integer_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_accuracy_remove(internal, integer, integer) IS 'inverse: a row leaves the frame of rolling_accuracy, classes of type integer';

CREATE AGGREGATE monitor.rolling_accuracy(prediction integer, truth integer) (
	SFUNC = monitor._rolling_accuracy_add, STYPE = internal, SSPACE = 32, FINALFUNC = monitor._rolling_accuracy,
	MSFUNC = monitor._rolling_accuracy_add, MINVFUNC = monitor._rolling_accuracy_remove, MSTYPE = internal, MSSPACE = 32,
	MFINALFUNC = monitor._rolling_accuracy, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_accuracy(prediction integer, truth integer) IS
	'Share of the rows of the frame whose predicted class is the true one';

CREATE FUNCTION monitor._rolling_accuracy_add(internal, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_accuracy_text_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_accuracy_add(internal, text, text) IS 'transition: a row enters the frame of rolling_accuracy, classes of type text';

CREATE FUNCTION monitor._rolling_accuracy_remove(internal, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_accuracy_text_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_accuracy_remove(internal, text, text) IS 'inverse: a row leaves the frame of rolling_accuracy, classes of type text';

CREATE AGGREGATE monitor.rolling_accuracy(prediction text, truth text) (
	SFUNC = monitor._rolling_accuracy_add, STYPE = internal, SSPACE = 32, FINALFUNC = monitor._rolling_accuracy,
	MSFUNC = monitor._rolling_accuracy_add, MINVFUNC = monitor._rolling_accuracy_remove, MSTYPE = internal, MSSPACE = 32,
	MFINALFUNC = monitor._rolling_accuracy, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_accuracy(prediction text, truth text) IS
	'Share of the rows of the frame whose predicted class is the true one';

-- ---- mean absolute error ----

CREATE FUNCTION monitor._rolling_mean_absolute_error(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_rolling_mean_absolute_error' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_mean_absolute_error(internal) IS 'final: rolling_mean_absolute_error';

CREATE FUNCTION monitor._rolling_mean_absolute_error_add(internal, double precision, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_mean_absolute_error_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_mean_absolute_error_add(internal, double precision, double precision) IS 'transition: a row enters the frame of rolling_mean_absolute_error';

CREATE FUNCTION monitor._rolling_mean_absolute_error_remove(internal, double precision, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_mean_absolute_error_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_mean_absolute_error_remove(internal, double precision, double precision) IS 'inverse: a row leaves the frame of rolling_mean_absolute_error';

CREATE AGGREGATE monitor.rolling_mean_absolute_error(prediction double precision, truth double precision) (
	SFUNC = monitor._rolling_mean_absolute_error_add, STYPE = internal, SSPACE = 600, FINALFUNC = monitor._rolling_mean_absolute_error,
	MSFUNC = monitor._rolling_mean_absolute_error_add, MINVFUNC = monitor._rolling_mean_absolute_error_remove, MSTYPE = internal, MSSPACE = 600,
	MFINALFUNC = monitor._rolling_mean_absolute_error, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_mean_absolute_error(prediction double precision, truth double precision) IS
	'Mean absolute error of the frame, correctly rounded';
