"""What a small job under `--state` is asked for: one report, several of one pass, or another verb than `run`.

A verb that is to hold what `run` holds is one more `Asked`.
"""

from dataclasses import dataclass

CONFIG = "reports.toml"


@dataclass(frozen=True)
class Asked:
    """The options that are not those of all jobs, `{}` before the name of a file, and where what they ask for goes.

    exact: a report in CSV, and `metrics` the same one for a node exporter ("": none). packed: a compressed one. parts:
    the folder of one in Parquet. lines: files of lines that are kept. begins: the first column of rows.
    rows: the small job has more. kills: how many of runs of many commits, and the seconds in which they come. moments:
    so many of all calls and steps are tried. change: a line of the last input that changes what is asked.
    longer: the last inputs of all sides are so many times as long. replaced: each commit replaces all reports, so that
    `parts` is a file.
    """

    options: tuple[str, ...]
    exact: str
    metrics: str
    packed: str
    parts: str
    lines: tuple[str, ...]
    configuration: str = ""  # the file `reports.toml`, where there is one
    stats: str = ""  # the file of the ledger, where it is asked for
    verb: str = "run"
    begins: str = "window_start"
    rows: int = 25
    kills: tuple[int, float] = (6, 0.3)
    moments: int = 6
    change: str = ""
    inputs: tuple[str, ...] = ("in*.ndjson",)
    longer: int = 1
    replaced: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """The files that are text."""
        return (self.exact, self.packed, *filter(None, (self.metrics,)), *self.lines)


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
    kills=(20, 0.12),
    moments=20,
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
completeness = true
output = ["minutes.csv", "minutes.prom"]
late_file = "late.txt"

[report.visits]
window = "session:12s"
by = "k"
agg = "sum(v)"
completeness = true
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
    kills=(24, 0.4),
    moments=12,
)
# What waits, what is begun, what is not decided, and what was written: all of it goes on from run to run.
MATCH = Asked(
    (
        *("low{2,4} -> high -> !mid", "-d", "low=v < 0.7", "-d", "high=v > 0.5 and v > prev.v"),
        *("-d", "mid=v > 0.45 and v < 0.55", "--within", "1m", "-b", "k", "--events"),
        *("-a", "count(low)", "-a", "mean(high.v)", "-a", "p90(low.v)"),
        *("--late-file", "{}late.txt", "--bad-file", "{}bad.txt", "--stats", "{}stats.json"),
        *("-o", "{}report.csv", "-o", "{}report.ndjson.gz", "-o", "{}report.parquet", "-o", "-"),
    ),
    exact="report.csv",
    metrics="",
    packed="report.ndjson.gz",
    parts="report.parquet",
    lines=("late.txt", "bad.txt"),
    stats="stats.json",
    verb="match",
    begins="match_start",
    rows=9,
)
# Queries that are there from the beginning, and one that comes down the stream and is kept from run to run.
SEARCH = Asked(
    (
        *("-q", "low=v < 0.3", "-q", "key=k == 'k1'", "--queries", "q"),
        *("--bad-file", "{}bad.txt", "--stats", "{}stats.json"),
        *("-o", "{}report.csv", "-o", "{}report.ndjson.gz", "-o", "{}report.parquet", "-o", "-"),
    ),
    exact="report.csv",
    metrics="",
    packed="report.ndjson.gz",
    parts="report.parquet",
    lines=("bad.txt",),
    stats="stats.json",
    verb="search",
    begins="time",
    change='{"q": {"name": "high", "where": "v > 0.8"}}',
)
# What waits on either side, what can still be met, and what has met nobody by now.
JOIN = Asked(
    (
        *("--on", "k", "--within", "-8s..15s", "--kind", "outer", "-s", "left=even.v", "-s", "right=odd.v"),
        *("--late-file", "{}late.txt", "--bad-file", "{}bad.txt", "--stats", "{}stats.json"),
        *("-o", "{}report.csv", "-o", "{}report.ndjson.gz", "-o", "{}report.parquet", "-o", "-"),
    ),
    exact="report.csv",
    metrics="",
    packed="report.ndjson.gz",
    parts="report.parquet",
    lines=("late.txt", "bad.txt"),
    stats="stats.json",
    verb="join",
    begins="time",
    inputs=("even=in*[02468].ndjson", "odd=in*[13579].ndjson"),
    longer=6,
)
# Rows that are inserted, updated and deleted: of each report a version with each commit, of the changelog each change.
VIEW = Asked(
    (
        *("--key", "k", "--deleted", "v < 0.2", "--changelog"),
        *("--bad-file", "{}bad.txt", "--stats", "{}stats.json"),
        *("-o", "{}report.csv", "-o", "{}report.ndjson.gz", "-o", "{}report.parquet", "-o", "-"),
    ),
    exact="report.csv",
    metrics="",
    packed="report.ndjson.gz",
    parts="report.parquet",
    lines=("bad.txt",),
    stats="stats.json",
    verb="view",
    begins="time",
    rows=1,
    replaced=True,
)
# Commands of which many are refused, each with the state that those before it have left.
COMMANDS = Asked(
    (
        *("--changes", "events", "--key", "k", "-a", "n=count()", "-a", "sum=sum(v)", "-a", "last=last(v)"),
        *(
            "--check",
            "low=state.last is None or v < state.last + 0.3",
            "--check",
            "sum=state.sum is None or state.n < 20",
        ),
        *("--accepted-file", "{}accepted.txt", "--refused-file", "{}refused.txt", "--changelog"),
        *("--bad-file", "{}bad.txt", "--stats", "{}stats.json"),
        *("-o", "{}report.csv", "-o", "{}report.ndjson.gz", "-o", "{}report.parquet", "-o", "-"),
    ),
    exact="report.csv",
    metrics="",
    packed="report.ndjson.gz",
    parts="report.parquet",
    lines=("bad.txt", "accepted.txt", "refused.txt"),
    stats="stats.json",
    verb="view",
    begins="time",
    rows=1,
    kills=(6, 0.8),
    replaced=True,
)
JOBS = {
    "one report": ONE,
    "several reports": SEVERAL,
    "match": MATCH,
    "search": SEARCH,
    "join": JOIN,
    "view": VIEW,
    "commands": COMMANDS,
}
