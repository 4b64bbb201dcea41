"""The main question on Spark: by our runner, by Spark's own SQL, and beside them by one process.

`on_spark.py FILE RUNS` prints the seconds of each, in turns, in a session that has done each once before: medians. A
session takes some ten seconds to start, which is told, too, and counts for none of them.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

MASTER = "local[2]"
WORDS = ["-w", "tumbling:1m", "-b", "country", "-t", "received_at", "--time-unit", "ms", "--quiet"]
CALLS = [
    *("count()", "distinct(device_id)", "p50(latency_ms)", "p95(latency_ms)", "p99(latency_ms)"),
    *("sum(bytes)", "max(latency_ms)"),
]
TYPES = "received_at BIGINT, country STRING, device_id STRING, latency_ms DOUBLE, bytes BIGINT"
SQL = """
SELECT minute, country, n, devices, q[0], q[1], q[2], bytes, most FROM (
  SELECT received_at DIV 60000 AS minute, country, count(*) AS n, approx_count_distinct(device_id) AS devices,
         percentile_approx(latency_ms, array(0.5, 0.95, 0.99)) AS q, sum(bytes) AS bytes, max(latency_ms) AS most
  FROM events GROUP BY 1, 2)
ORDER BY 1, 2
"""


def words(path: Path, folder: str) -> list[str]:
    """What is asked of streamstat."""
    calls = [part for call in CALLS for part in ("-a", call)]
    return [*WORDS, *calls, "-o", f"{folder}/rows.csv", str(path)]


def ours(path: Path) -> None:
    """The runner on the session that is there."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tools.spark_runs import command_of

    with tempfile.TemporaryDirectory() as folder:
        command_of([*words(path, folder), "--runner", "spark"]).run()


def alone(path: Path) -> None:
    """One process with two threads, start and end included."""
    program = Path(sys.executable).with_name("streamstat")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "run", "--threads", "2", *words(path, folder)], check=True)


def main() -> None:
    """Measure and print JSON."""
    path, runs = Path(sys.argv[1]), int(sys.argv[2])
    began = time.perf_counter()
    from streamstat.runners.spark.session import RunningSpark

    session = RunningSpark(MASTER, {})
    found = {"start of a session": [time.perf_counter() - began]}

    def sql() -> None:
        events = session.spark.read.schema(TYPES).json(str(path))
        events.createOrReplaceTempView("events")
        with tempfile.TemporaryDirectory() as folder:
            session.spark.sql(SQL).write.csv(f"{folder}/rows")

    jobs: dict[str, Callable[[], None]] = {
        "one process": lambda: alone(path),
        "Spark, streamstat": lambda: ours(path),
        "Spark SQL": sql,
    }
    for number in range(runs + 1):
        for name, job in jobs.items():
            began = time.perf_counter()
            job()
            if number:
                found.setdefault(name, []).append(time.perf_counter() - began)
    session.stop()
    print(json.dumps({name: statistics.median(each) for name, each in found.items()}))


if __name__ == "__main__":
    main()
