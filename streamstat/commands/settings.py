"""What a command line and a configuration file say, beside the plan: where from, where to, and how to run."""

from dataclasses import MISSING, dataclass, field, fields
from functools import partial

from streamstat.commands.runner_settings import RunnerSettings
from streamstat.common.errors import UsageError
from streamstat.input.limits import MAX_EXPANSION
from streamstat.plan.options import READS, WRITES, common, option
from streamstat.plan.plan import Plan
from streamstat.plan.report_tables import key_of_report, option_name

report_option = partial(option, of_report=True, verbs=WRITES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(RunnerSettings):
    """Everything of a command line that does not decide the result."""

    inputs: tuple[str, ...] = common(
        (),
        "Input",
        "INPUT",
        "Files, globs, - for stdin; plain, gzip, zstd, bzip2 or xz. A file that is named twice is read once.",
        argument=True,
        shown="-",
    )
    follow: bool = option(
        False,
        "Input",
        "",
        "Go on as inputs grow, as tail -F does: through rotation, with new files of a glob, until INT or TERM.",
    )
    strict: bool = option(
        False,
        "Input",
        "",
        "Stop at the first unreadable line, bad value or event without time, with exit code 65. A field that is in no"
        " event, and a condition that is null in all, end the run with 65, too, but after its rows.",
    )
    bad_file: str | None = option(None, "Input", "FILE", "Write unreadable lines there, byte for byte.")
    lost_file: str | None = option(
        None,
        "Input",
        "FILE",
        "Write all lost lines there, byte for byte: bad, no_time, future and late ones.",
    )
    max_expansion: int = common(
        MAX_EXPANSION,
        "Input",
        "RATIO",
        "Refuse compressed input that expands more than this, once it has given 64 MiB.",
        least=1,
    )
    idle_flush: str | None = option(
        None,
        "Time",
        "DURATION",
        "With --follow: when no line has come for so long, by the clock, all that is open is published: windows,"
        " matches, absences. What still comes for them is late.",
    )
    now: str | None = common(
        None,
        "Time",
        "TIME",
        "Take this for the present, by which --max-ahead, --since and --until go.",
        shown="that of the system; --max-ahead asks for it with --follow or --state only",
    )
    late_file: str | None = option(
        None,
        "Input",
        "FILE",
        "Write late events there, byte for byte.",
        of_report=True,
        verbs=("run", "match", "join"),
    )
    refused_file: str | None = option(
        None,
        "View",
        "FILE",
        'With --check: write refused commands there, each as {"check": NAME, "command": ...}.',
        verbs=("view",),
    )
    accepted_file: str | None = option(
        None, "View", "FILE", "With --check: write accepted commands there, byte for byte.", verbs=("view",)
    )
    compact: str | None = option(
        None,
        "View",
        "FILE",
        "Write the log without what is outdated there: of each row the last change, byte for byte.",
        verbs=("view",),
    )
    output: tuple[str, ...] = report_option(
        (),
        "Output",
        "PATH",
        "Report file: .csv .tsv .ndjson .jsonl .json .parquet .prom .html .svg .png; - for stdout. Text is compressed"
        " with .gz .zst .bz2 .xz behind that. Repeat it for more.",
        short="o",
        shown="-",
    )
    stdout_format: str | None = report_option(
        None,
        "Output",
        "FORMAT",
        "table, vertical (a line a column), chart (lines or bars), csv, tsv, ndjson, json or prom on stdout.",
        name="format",
        short="f",
        shown="table on a terminal, else csv",
    )
    live: bool = option(
        False,
        "Output",
        "",
        "With --follow, on a terminal: a view that stays in place, of open windows, what has fired and the busiest"
        " groups. q ends the run, as Ctrl-C does.",
    )
    promises: bool = option(
        False,
        "Output",
        "",
        'With -f ndjson: also write {"watermark":"T"} when no later row begins before T, for the next command of a'
        " pipe. An event whose session would begin before that is late.",
        verbs=("run", "match", "search", "join", "view"),
    )
    chart: str | None = report_option(
        None,
        "Output",
        "KIND",
        "Charts of .html, .svg and .png: lines, bars, heatmap, bands or ranked.",
        shown="what fits the columns",
    )
    type: tuple[str, ...] = report_option(
        (),
        "Output",
        "COLUMN=TYPE",
        "Type of a Parquet column: int64, double, bool or string. Repeat it for more.",
        shown="the narrowest that holds all rows",
    )
    csv_raw: bool = report_option(
        False,
        "Output",
        "",
        "No quote before cells of .csv files that look like formulas.",
    )
    header: bool = report_option(
        True,
        "Output",
        "",
        "No line of names in CSV and TSV, on stdout and in files. Other formats have none.",
    )
    stats: str | None = option(None, "Output", "FILE", "Write the ledger as JSON; - for stderr.")
    state: str | None = option(
        None,
        "State",
        "DIR",
        "Go on where the last run with DIR stopped: every line counts once, whatever ends a run. Open windows wait for"
        " the next run. Files of rows grow, .parquet is a folder of parts, .prom is replaced. Rows reach stdout after"
        " their commit; a crash may repeat them.",
    )
    commit_every: str | None = option(
        None, "State", "DURATION", "Save and publish so often, and at the end.", shown="30s"
    )
    flush: bool = option(
        False,
        "State",
        "",
        "Publish at the end what is open, too: windows, matches, absences. What still comes for them is late.",
    )
    threads: int = common(
        0,
        "Run",
        "N",
        "Threads that decode and count. One more reads; from 2 on, one more writes reports.",
        shown="cores",
        least=1,
        most=256,
        verbs=(*READS, "merge"),
    )
    explain: bool = option(
        False,
        "Run",
        "",
        "Say in words what this command would do, by the first 1,000 records of its inputs: fields, times, windows,"
        " and when rows come. Nothing is written.",
        in_files=False,
        verbs=("run",),
    )
    config: str | None = option(
        None,
        "Run",
        "FILE",
        "Read these options from a TOML file, named as here. The command line wins.",
        short="c",
        in_files=False,
    )
    quiet: bool = common(False, "Run", "", "No progress and no summary.", verbs=(*READS, "merge"))
    silent: bool = common(
        False,
        "Run",
        "",
        "Errors only: no progress, no summary, no notes, no word of losses.",
        verbs=(*READS, "merge"),
    )
    plan: Plan = field(default_factory=Plan)
    tables: tuple["ReportSettings", ...] = ()  # the reports of a configuration file that has several
    streams: tuple[int, ...] = ()  # of each input the stream it is of, where there are several
    words: tuple[str, ...] = ()  # of the command line
    configured: frozenset[str] = frozenset()  # keys of the options that come from a configuration file

    @property
    def reports(self) -> tuple["ReportSettings", ...]:
        """All reports; the one of a plain run has no name."""
        alone = {
            each.name: getattr(self, each.name) for each in fields(ReportSettings) if each.name != "name"
        }
        return self.tables or (ReportSettings(**alone),)

    @property
    def command_files(self) -> tuple[str | None, str | None]:
        """Where commands go that became events, and those that were refused."""
        return self.accepted_file, self.refused_file

    @property
    def written(self) -> list[tuple[str, str]]:
        """All files that are written, each with the option that names it."""
        named = [(report.option("output"), path) for report in self.reports for path in report.output]
        more = [(report.option("late_file"), report.late_file) for report in self.reports]
        more += [("--refused-file", self.refused_file), ("--accepted-file", self.accepted_file)]
        more += [("--compact", self.compact)]
        more += [("--bad-file", self.bad_file), ("--lost-file", self.lost_file), ("--stats", self.stats)]
        return named + [(option, path) for option, path in more if path is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSettings:
    """What one report is, and where it goes."""

    name: str = ""
    plan: Plan
    output: tuple[str, ...] = ()
    stdout_format: str | None = None
    chart: str | None = None
    type: tuple[str, ...] = ()
    csv_raw: bool = False
    header: bool = True
    late_file: str | None = None

    def option(self, key: str) -> str:
        """What an option of it is called in messages."""
        return option_name(key_of_report(self.name, key))

    @property
    def prints(self) -> bool:
        """Whether its rows go to stdout."""
        return not self.output or "-" in self.output


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpSettings:
    """What `streamstat help` is asked for."""

    topic: str | None = option(
        None,
        "Run",
        "TOPIC",
        "What to explain. Without it the topics are listed.",
        argument=True,
        verbs=("help",),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSettings:
    """What `streamstat state` is asked for."""

    directory: str = option(
        MISSING, "State", "DIR", "The folder of a --state; it may be in use.", argument=True, verbs=("state",)
    )
    as_json: bool = option(False, "State", "", "As one JSON object.", name="json", verbs=("state",))


def idle_flush_s(chosen: Settings) -> float | None:
    """Seconds of silence after which windows fire, None for never; UsageError where that means nothing."""
    from streamstat.common.units import parse_duration
    from streamstat.plan.measures import attempt

    if chosen.idle_flush is None:
        return None
    if not chosen.follow:
        raise UsageError("--idle-flush", "means nothing without --follow", "for example --follow app.log")
    if all(report.plan.window == "all" for report in chosen.reports):
        raise UsageError("--idle-flush", "the window `all` ends with the input", "for example tumbling:1m")
    return attempt("--idle-flush", parse_duration, chosen.idle_flush) / 1_000_000
