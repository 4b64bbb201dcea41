"""The jobs of the benchmark as users of other tools would write them, over the fields of `generate.py`."""

SIXTY_MINUTES = 60
TYPES = {
    "occurred_at": "BIGINT",
    "sent_at": "BIGINT",
    "received_at": "BIGINT",
    "device_id": "VARCHAR",
    "country": "VARCHAR",
    "latency_ms": "DOUBLE",
    "bytes": "BIGINT",
    "path": "VARCHAR",
}
SIX = tuple(TYPES)[:6]
CORRECTED = "CASE WHEN sent_at < occurred_at THEN received_at ELSE occurred_at + received_at - sent_at END"
MAIN = """count(*), approx_count_distinct(device_id), approx_quantile(latency_ms, 0.5),
    approx_quantile(latency_ms, 0.95), approx_quantile(latency_ms, 0.99), sum(bytes), max(latency_ms)"""
TRAILING = "PARTITION BY country ORDER BY t RANGE BETWEEN 300000 PRECEDING AND CURRENT ROW"
DUCKDB = {
    "scan": "SELECT "
    + ", ".join(f"max({'hash(' + name + ')' if TYPES[name] == 'VARCHAR' else name})" for name in SIX)
    + " FROM events",
    "tumbling": f"SELECT ({CORRECTED}) // 60000 AS minute, country, {MAIN} FROM events GROUP BY ALL ORDER BY ALL",
    # Its quantiles and numbers of different values cannot be merged in SQL: each event goes into sixty windows.
    "hopping": f"""SELECT minute + k AS minute, country, {MAIN}
        FROM (SELECT ({CORRECTED}) // 60000 AS minute, * FROM events), range({SIXTY_MINUTES}) AS later(k)
        GROUP BY ALL ORDER BY ALL""",
    "sessions": f"""WITH timed AS (SELECT ({CORRECTED}) AS t, device_id, latency_ms FROM events),
        marked AS (SELECT *, CASE WHEN t - lag(t) OVER (PARTITION BY device_id ORDER BY t) > 30000 THEN 1 ELSE 0 END
            AS begins FROM timed),
        numbered AS (SELECT *, sum(begins) OVER (PARTITION BY device_id ORDER BY t ROWS UNBOUNDED PRECEDING)
            AS session FROM marked)
        SELECT min(t) AS start, max(t) + 30000 AS stop, device_id, count(*), approx_quantile(latency_ms, 0.99)
        FROM numbered GROUP BY device_id, session ORDER BY stop, start, device_id""",
    # Of events of one time and country one row is written: all of them have the same window.
    "sliding": f"""SELECT DISTINCT t - 300000, t, country, count(*) OVER w, avg(latency_ms) OVER w,
        max(latency_ms) OVER w
        FROM (SELECT ({CORRECTED}) AS t, country, latency_ms FROM events) WINDOW w AS ({TRAILING})""",
    # Fields of an access line by one pattern, as its manual has it.
    "access": r"""WITH lines AS (SELECT regexp_extract(line,
            '^(\S+) \S+ (\S+) \[([^\]]+)\] "(\S+) (\S+) [^"]*" (\d+) (\d+|-)',
            ['host', 'user', 'time', 'method', 'path', 'status', 'bytes']) AS f FROM events)
        SELECT date_trunc('minute', strptime(f.time, '%d/%b/%Y:%H:%M:%S %z')) AS minute, f.path, count(*),
            approx_count_distinct(f.host), approx_quantile(try_cast(f.bytes AS BIGINT), 0.5),
            approx_quantile(try_cast(f.bytes AS BIGINT), 0.95), approx_quantile(try_cast(f.bytes AS BIGINT), 0.99),
            sum(try_cast(f.bytes AS BIGINT)), max(try_cast(f.bytes AS BIGINT))
        FROM lines GROUP BY ALL ORDER BY ALL""",
    "keys": f"""SELECT ({CORRECTED}) // 60000 AS minute, device_id, count(*), approx_count_distinct(path),
        approx_quantile(latency_ms, 0.99) FROM events GROUP BY ALL ORDER BY ALL""",
}
FIELDS = {
    "scan": SIX,
    "tumbling": tuple(TYPES)[:7],
    "hopping": tuple(TYPES)[:7],
    "sessions": ("occurred_at", "sent_at", "received_at", "device_id", "latency_ms"),
    "sliding": ("occurred_at", "sent_at", "received_at", "country", "latency_ms"),
    "keys": ("occurred_at", "sent_at", "received_at", "device_id", "latency_ms", "path"),
}
CLICKHOUSE = """
    SELECT intDiv(if(sent_at < occurred_at, received_at, occurred_at + received_at - sent_at), 60000) AS minute,
        country, count(), uniq(device_id), quantileTDigest(0.5)(latency_ms), quantileTDigest(0.95)(latency_ms),
        quantileTDigest(0.99)(latency_ms), sum(bytes), max(latency_ms)
    FROM file('{path}', 'JSONEachRow', 'occurred_at Int64, sent_at Int64, received_at Int64, device_id String,
        country String, latency_ms Float64, bytes Int64')
    GROUP BY minute, country ORDER BY minute, country
    INTO OUTFILE '{out}' TRUNCATE FORMAT CSVWithNames SETTINGS max_threads = {threads}"""
# Its percentiles need all values of a group; it has no number of different values without a second pass.
MILLER_TIME = (
    "$minute = ($sent_at < $occurred_at ? $received_at : $occurred_at + $received_at - $sent_at) // 60000"
)
MILLER = ["put", MILLER_TIME, "then", "stats1", "-a", "count,p50,p95,p99,sum,max", "-f", "latency_ms,bytes"]
