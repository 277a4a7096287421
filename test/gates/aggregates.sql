-- Every aggregate can run in parallel, and no final function changes its state.
-- (An overload whose transition function is named _refuse_... only raises an
-- error that says what to do: it computes nothing.)  Drift detectors go by the
-- order of the rows: they run in the leader and are never combined.
WITH checked AS (
    SELECT f.identity, f.proparallel, a.*,
        f.prorettype IN ('monitor.drift_signal'::regtype, 'monitor.detector'::regtype) AS ordered
    FROM gate.function f
    JOIN pg_aggregate a ON a.aggfnoid = f.oid
    JOIN pg_proc t ON t.oid = a.aggtransfn
    WHERE t.proname NOT LIKE '\_refuse\_%'
)
SELECT '# ' || count(*) || ' aggregates' FROM checked
UNION ALL
SELECT identity || ' is not PARALLEL SAFE' FROM checked WHERE proparallel <> 's' AND NOT ordered
UNION ALL
SELECT identity || ' goes by the order of rows, but can run in parallel' FROM checked
WHERE ordered AND (proparallel = 's' OR aggcombinefn <> 0)
UNION ALL
SELECT identity || ' has no combine function' FROM checked
WHERE aggcombinefn = 0 AND aggmtransfn = 0 AND aggkind = 'n' AND NOT ordered
UNION ALL
SELECT identity || ' has an internal state and cannot be serialised' FROM checked
WHERE aggtranstype = 'internal'::regtype AND aggcombinefn <> 0 AND (aggserialfn = 0 OR aggdeserialfn = 0)
UNION ALL
SELECT identity || ': its final function is not READ_ONLY' FROM checked
WHERE aggfinalfn <> 0 AND (aggfinalmodify <> 'r' OR aggmfinalfn <> 0 AND aggmfinalmodify <> 'r')
UNION ALL
SELECT identity || ': a support function is not PARALLEL SAFE'
FROM checked c
WHERE EXISTS (SELECT FROM pg_proc p
    WHERE p.oid IN (c.aggtransfn, c.aggcombinefn, c.aggserialfn, c.aggdeserialfn, c.aggfinalfn) AND p.proparallel <> 's');
