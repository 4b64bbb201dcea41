"""What a small job under `--state` is asked for, one report or several of one pass, and which files hold what of it."""

from dataclasses import dataclass

CONFIG = "reports.toml"


@dataclass(frozen=True)
class Asked:
    """The options that are not those of all jobs, `{}` before the name of a file, and where what they ask for goes.

    exact: a report in CSV, and `metrics` the same one for a node exporter. packed: a compressed one. parts: the folder
    of one in Parquet. lines: files of lines that are kept.
    """

    options: tuple[str, ...]
    exact: str
    metrics: str
    packed: str
    parts: str
    lines: tuple[str, ...]
    configuration: str = ""  # the file `reports.toml`, where there is one
    stats: str = ""  # the file of the ledger, where it is asked for

    @property
    def texts(self) -> tuple[str, ...]:
        """The files that are text."""
        return (self.exact, self.packed, self.metrics, *self.lines)


ONE = Asked(
    (
        *("-w", "tumbling:30s", "-b", "k", "-a", "count()", "-a", "mean(v)", "-a", "p90(v)"),
        *("--late-file", "{}late.txt", "--bad-file", "{}bad.txt"),
        *("-o", "{}report.csv", "-o", "{}report.tsv.gz", "-o", "{}report.prom", "-o", "{}report.parquet"),
        *("-o", "-"),
    ),
    exact="report.csv",
    metrics="report.prom",
    packed="report.tsv.gz",
    parts="report.parquet",
    lines=("late.txt", "bad.txt"),
)
# Of each kind of window and of output, and of what a report remembers, one; each loses other events as late.
SEVERAL = Asked(
    ("-c", CONFIG, "--lost-file", "{}lost.txt", "--stats", "{}stats.json"),
    exact="minutes.csv",
    metrics="minutes.prom",
    packed="visits.ndjson.gz",
    parts="first.parquet",
    lines=("late.txt", "late_visits.txt", "bad.txt", "lost.txt"),
    configuration="""\
bad_file = "bad.txt"

[report.minutes]
window = "tumbling:30s"
by = "k"
agg = ["count()", "mean(v)", "p90(v)"]
output = ["minutes.csv", "minutes.prom"]
late_file = "late.txt"

[report.visits]
window = "session:12s"
by = "k"
agg = "sum(v)"
late = "update"
allowed_lateness = "176s"
output = ["visits.ndjson.gz", "-"]
late_file = "late_visits.txt"

[report.first]
window = "hopping:1m/30s"
by = "k"
agg = ["count()", "distinct(v)"]
unique = "v"
unique_for = "10m"
order = "-count"
limit = 2
output = "first.parquet"
""",
    stats="stats.json",
)
