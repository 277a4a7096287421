"""The same work by other programs, which have the values in their memory, by turns with ours in the server.

    peers.py ks|profile JOB WORKERS QUERY [JOB WORKERS QUERY]...

Reads the values of the benchmark's table from the server (PGHOST, ...), then times every program that can be imported,
and between them our queries. Prints lines of `job, milliseconds, those on the processor, result` separated by tabs; notes go to stderr.
"""
import importlib
import os
import subprocess
import sys
import tempfile
import time

ROUNDS = max(1, min(3, int(os.environ.get("BENCH_ROUNDS", "3"))))
WANTED = os.environ.get("BENCH_PEERS", "numpy scipy duckdb chdb").split()
THREADS = 2


def note(text):
    print("- " + text, file=sys.stderr)


def load(name):
    """The module, or None and a note why not."""
    if name not in WANTED:
        return None
    try:
        module = importlib.import_module(name)
    except Exception as problem:
        note("%s skipped: %s" % (name, problem))
        return None
    note("%s %s" % (name, getattr(module, "__version__", "")))
    return module


def psql(*command):
    return subprocess.run(("psql", "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1") + command, check=True,
                          stdout=subprocess.PIPE).stdout


def fetch(np, select, fields):
    """Columns of a query without NULLs, as arrays; fields are (name, numpy type of one binary value)."""
    data = psql("-c", "COPY (%s) TO STDOUT (FORMAT binary)" % select)
    row = [("fields", ">i2")]
    for name, kind in fields:
        row += [(name + "_size", ">i4"), (name, kind)]
    row = np.dtype(row)
    head, tail = 19, 2
    rows = np.frombuffer(data, row, (len(data) - head - tail) // row.itemsize, head)
    return [rows[name].astype(np.dtype(kind).newbyteorder("=")) for name, kind in fields]


class ClickHouse:
    """A table `t' in memory, filled from columns."""

    def __init__(self, chdb, np, columns):
        importlib.import_module("chdb.session")
        self.session = chdb.session.Session()
        kinds = {"f": "Float64", "u": "UInt8"}
        structure = ", ".join("%s %s" % (name, kinds[column.dtype.kind]) for name, column in columns.items())
        rows = np.empty(len(columns["x"]), [(name, column.dtype) for name, column in columns.items()])
        for name, column in columns.items():
            rows[name] = column
        with tempfile.NamedTemporaryFile(suffix=".bin") as file:
            rows.tofile(file.name)
            self.session.query("CREATE DATABASE bench ENGINE = Atomic")
            self.session.query("CREATE TABLE bench.t (%s) ENGINE = Memory" % structure)
            self.session.query("INSERT INTO bench.t SELECT * FROM file('%s', 'RowBinary', '%s')" % (file.name, structure))

    def run(self, query, threads):
        return self.session.query("%s SETTINGS max_threads = %d" % (query, threads), "TabSeparated").bytes().decode().strip()


class DuckDB:
    """The same in DuckDB."""

    def __init__(self, duckdb, columns):
        self.connection = duckdb.connect()
        source = dict(columns)      # found by its name in the query
        self.connection.execute("CREATE TABLE t AS SELECT * FROM source")

    def run(self, query, threads):
        self.connection.execute("SET threads = %d" % threads)
        return self.connection.execute(query).fetchone()[0]


def open_engines(np, columns):
    engines = {}
    for name, make in (("chdb", lambda m: ClickHouse(m, np, columns)), ("duckdb", lambda m: DuckDB(m, columns))):
        module = load(name)
        if module:
            try:
                engines[name] = make(module)
            except Exception as problem:
                note("%s skipped: %s" % (name, str(problem).splitlines()[0]))
    return engines


def engine_jobs(np, columns, queries, read):
    """Jobs of the engines with one thread and with several; read makes a number of what they return."""
    for name, engine in open_engines(np, columns).items():
        for threads, suffix in ((1, ""), (THREADS, " %d" % THREADS)):
            yield name + suffix, lambda e=engine, n=name, t=threads: read(e.run(queries[n], t))


def ks_jobs(np):
    x, flag = fetch(np, "SELECT x, lbl = 1 FROM ks_rows", [("x", ">f8"), ("flag", "u1")])
    reference, current = x[flag == 0], x[flag == 1]
    scipy = load("scipy")
    if scipy:
        stats = importlib.import_module("scipy.stats")
        yield "scipy", lambda: stats.ks_2samp(reference, current, method="asymp").statistic
    yield "numpy", lambda: (np.sort(reference), np.sort(current)) and None
    duckdb = """
        WITH size AS (SELECT count(*) FILTER (flag = 0)::DOUBLE AS n, count(*) FILTER (flag = 1)::DOUBLE AS m FROM t),
        path AS (SELECT sum(CASE WHEN flag = 1 THEN n ELSE -m END) OVER (ORDER BY x) AS height FROM t, size)
        SELECT max(abs(height)) / (SELECT n * m FROM size) FROM path"""
    clickhouse = "SELECT tupleElement(kolmogorovSmirnovTest('two-sided', 'asymp')(x, flag), 1) FROM bench.t"
    yield from engine_jobs(np, {"x": x, "flag": flag}, {"duckdb": duckdb, "chdb": clickhouse}, float)


def profile_jobs(np):
    (x,) = fetch(np, "SELECT x FROM profile_rows", [("x", ">f8")])
    (edges,) = fetch(np, "SELECT unnest(edges) FROM anchors WHERE k = 1000", [("x", ">f8")])
    yield "numpy", lambda: int(np.bincount(np.searchsorted(edges, x), minlength=len(edges) + 1)[0])
    literal = "[%s]" % ", ".join(repr(float(e)) for e in edges)
    duckdb = "SELECT map_values(histogram(x, %s))[1] FROM t" % literal
    clickhouse = ("SELECT countMerge(n) FROM (SELECT roundDown(x, %s) AS anchor, countState() AS n FROM bench.t GROUP BY anchor)"
                  % literal)
    yield from engine_jobs(np, {"x": x}, {"duckdb": duckdb, "chdb": clickhouse}, lambda r: None)


def our_jobs(arguments):
    def run(workers, query):
        # a new backend maps the shared buffers first: so the second time counts
        once = "FROM bench.once($q$%s$q$, %s)" % (query, workers)
        answer = psql("-c", "SELECT count(*) " + once, "-c", "SELECT ms, coalesce(cpu_ms::text, '\\N'), result " + once)
        return answer.decode().strip().splitlines()[-1].split("\t")
    for job, workers, query in zip(arguments[0::3], arguments[1::3], arguments[2::3]):
        yield job, lambda w=workers, q=query: run(w, q)


def timed(name, job):
    """Milliseconds, those of the processor (of one thread only), result: as text."""
    start, cpu = time.perf_counter(), time.process_time()
    result = job()
    ms, cpu_ms = 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - cpu)
    if isinstance(result, list):
        return result               # the server measured it
    one = not name.endswith(" %d" % THREADS)
    return "%.3f" % ms, "%.3f" % cpu_ms if one else "\\N", "\\N" if result is None else str(result)


def main():
    np = load("numpy")
    if np is None:
        note("without NumPy no other program is compared")
        return
    jobs = list({"ks": ks_jobs, "profile": profile_jobs}[sys.argv[1]](np)) + list(our_jobs(sys.argv[2:]))
    broken = set()
    for turn in range(ROUNDS + 1):
        for name, job in jobs:
            if name in broken:
                continue
            try:
                times = timed(name, job)
            except Exception as problem:
                broken.add(name)
                note("%s failed: %s" % (name, (str(problem).splitlines() or [repr(problem)])[0]))
                continue
            if turn > 0:
                print("\t".join((name, *times)))


if __name__ == "__main__":
    main()
