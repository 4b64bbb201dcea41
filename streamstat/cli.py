"""The command `streamstat`: options in, exit code out. Nothing else prints or exits."""

import gc
import os
import signal
import sys
import time
from types import FrameType
from typing import Annotated, Any

import typer

from streamstat.common.errors import ExitCode, StreamstatError

USAGE_EXAMPLE = "for example: streamstat run -w tumbling:1m -a 'p99(latency_ms)' access.ndjson"
app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
ClickException: Any = typer.BadParameter.__mro__[2]
Text = str | None
Texts = list[str] | None


def main() -> None:
    """Run the command line; every failure is one line on stderr."""
    gc.disable()  # until `start` takes over nothing is garbage, and looking for it takes a tenth of the time to start
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy would begin a thread a core, for nothing
    open_closed_streams()
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code if isinstance(code, int) else ExitCode.DONE)
    except ClickException as error:
        fail(error.format_message().replace("\n", " "), ExitCode.USAGE)
    except typer.Abort:
        sys.exit(ExitCode.INTERRUPTED)
    except StreamstatError as error:
        fail(str(error), error.exit_code)
    except BrokenPipeError:
        leave(ExitCode.BROKEN_PIPE)
    except OSError as error:
        fail(f"stdout: {error.strerror}", ExitCode.INPUT_OUTPUT)
    except MemoryError:
        fail(
            "out of memory; fewer groups (--max-groups N) or smaller windows need less", ExitCode.INPUT_OUTPUT
        )


def open_closed_streams() -> None:
    """A standard stream that was closed (`>&-`) must not be another file by accident.

    stderr leads nowhere then. What is written to stdout fails, as somebody has asked for it.
    """
    for number, name, mode in ((1, "stdout", os.O_RDONLY), (2, "stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, mode)
            os.dup2(descriptor, number)
            setattr(sys, name, open(number, "w", closefd=False))  # noqa: SIM115


def fail(message: str, code: int) -> None:
    """One line, and the end."""
    say(message)
    leave(code)


def say(message: str) -> None:
    """One line on stderr, whatever it holds."""
    from streamstat.common.terminal import printable

    try:
        sys.stderr.write(
            ("\r\x1b[K" if sys.stderr.isatty() else "") + f"streamstat: {printable(message, 2000)}\n"
        )
        sys.stderr.flush()
    except OSError:
        return


def show(line: str) -> None:
    """The progress line, over the one before."""
    try:
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()
    except OSError:
        return


def leave(code: int) -> None:
    """End now: nothing is waited for, and what stdout still holds is dropped."""
    os._exit(code)


def show_version(wanted: bool) -> None:
    """`--version`."""
    if wanted:
        from importlib.metadata import version

        print(f"streamstat {version('streamstat')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Windowed stream analytics over newline-delimited JSON: event time, windows, late events, sketches."""


# fmt: off
@app.command()
def run(
    inputs: Annotated[Texts, typer.Argument(metavar="INPUT", help="Files, globs, - for stdin; plain, gzip, zstd, bzip2 or xz. A file named twice is read once.")] = None,
    window: Annotated[Text, typer.Option("--window", "-w", metavar="SPEC", help="tumbling:1m, hopping:5m/1m (size/hop), sliding:5m, session:30m (gap) or all. Whole d and w are days of --timezone. [default: tumbling:1m]")] = None,
    by: Annotated[Texts, typer.Option("--by", "-b", metavar="FIELD", help="Group by FIELD or NAME=EXPR; repeatable, or separated by commas.")] = None,
    agg: Annotated[Texts, typer.Option("--agg", "-a", metavar="CALL", help="[NAME=]CALL [if EXPR], such as 'p99(latency_ms)' or 'errors=count() if status >= 500'; repeatable: count sum mean min max var stddev first last rate distinct p50..p99.9 quantile histogram top new members. [default: count()]")] = None,
    where: Annotated[Text, typer.Option(metavar="EXPR", help="Count only events for which this holds; others still move the watermark.")] = None,
    time: Annotated[Text, typer.Option("--time", "-t", metavar="FIELD", help="When the event happened. [default: the first of occurred_at, timestamp, @timestamp, time, ts in the first event]")] = None,
    sent: Annotated[Text, typer.Option(metavar="FIELD", help="When the device sent it, by its own clock; with --received corrects that clock.")] = None,
    received: Annotated[Text, typer.Option(metavar="FIELD", help="When the server got it.")] = None,
    time_unit: Annotated[Text, typer.Option(metavar="UNIT", help="Unit of numeric times: auto, s, ms, us or ns; auto goes by size. [default: auto]")] = None,
    time_format: Annotated[Text, typer.Option(metavar="PATTERN", help="strptime pattern of other texts, tried before ISO 8601, such as '%d/%b/%Y:%H:%M:%S %z'.")] = None,
    input_timezone: Annotated[Text, typer.Option(metavar="ZONE", help="Zone of text times that carry none. [default: UTC]")] = None,
    timezone: Annotated[Text, typer.Option(metavar="ZONE", help="Zone of days and weeks, and of printed times. [default: UTC]")] = None,
    origin: Annotated[Text, typer.Option(metavar="TIME", help="Lay window edges from this time. [default: 1970-01-01, weeks from Monday]")] = None,
    delay: Annotated[Text, typer.Option(metavar="DURATION", help="How far the watermark stays behind the newest event; inf: windows fire at the end of input. [default: inf; 10s with --follow or --state]")] = None,
    producer: Annotated[Text, typer.Option(metavar="FIELD", help="A watermark for each producer; the least counts.")] = None,
    idle: Annotated[Text, typer.Option(metavar="DURATION", help="Leave out a producer that lags this far behind the newest.")] = None,
    punctuation: Annotated[Text, typer.Option(metavar="FIELD", help="A line holding this field is a promise: no more events before that time.")] = None,
    max_ahead: Annotated[Text, typer.Option(metavar="DURATION", help="Refuse a time later than received by more than this; with --follow or --state and no received, than now. [default: 1h with --received, --follow or --state]")] = None,
    late: Annotated[Text, typer.Option(metavar="POLICY", help="drop late events, or update or retract the published window. [default: drop]")] = None,
    allowed_lateness: Annotated[Text, typer.Option(metavar="DURATION", help="How long a published window stays correctable; with --late update or retract.")] = None,
    late_file: Annotated[Text, typer.Option(metavar="FILE", help="Write late events there, byte for byte.")] = None,
    bad_file: Annotated[Text, typer.Option(metavar="FILE", help="Write unreadable lines there, byte for byte.")] = None,
    output: Annotated[Texts, typer.Option("--output", "-o", metavar="PATH", help="Report file: .csv, .parquet, .ndjson or .jsonl; - for stdout; repeatable. [default: -]")] = None,
    stdout_format: Annotated[Text, typer.Option("--format", "-f", metavar="FORMAT", help="table, csv or ndjson on stdout. [default: table on a terminal, else csv]")] = None,
    type: Annotated[Texts, typer.Option("--type", metavar="COLUMN=TYPE", help="Type of a Parquet column: int64, double, bool or string; repeatable. [default: the narrowest that holds all rows]")] = None,
    sketches: Annotated[bool | None, typer.Option("--sketches", help="Also write the state of each sketch, in Parquet: hll_x, hdr_x, bloom_x.")] = None,
    fill: Annotated[bool | None, typer.Option("--fill", help="Also write windows without events, per group from its first window on.")] = None,
    max_groups: Annotated[int | None, typer.Option(metavar="N", min=1, help="Keep the first N different groups; events of all others count together, in a group of nulls with true in the column overflow. [default: no limit]")] = None,
    stats: Annotated[Text, typer.Option(metavar="FILE", help="Write the ledger as JSON; - for stderr.")] = None,
    strict: Annotated[bool | None, typer.Option("--strict", help="Stop at the first unreadable line, exit 65.")] = None,
    csv_raw: Annotated[bool | None, typer.Option("--csv-raw", help="No quote before formula-like cells in .csv files.")] = None,
    state: Annotated[Text, typer.Option(metavar="DIR", help="Go on where the last run with DIR stopped: every line counts once, whatever ends a run. Open windows are held for the next run. .csv and .ndjson are appended to, .parquet is a folder of parts; on stdout rows come after their commit, after a crash perhaps twice.")] = None,
    commit_every: Annotated[Text, typer.Option(metavar="DURATION", help="With --state: save and publish so often, and at the end. [default: 30s]")] = None,
    flush: Annotated[bool | None, typer.Option("--flush", help="With --state: publish open windows at the end, too; what still comes for them is late.")] = None,
    follow: Annotated[bool | None, typer.Option("--follow", help="Go on as inputs grow, as tail -F does: through rotation, with new files of a glob, until INT or TERM.")] = None,
    idle_flush: Annotated[Text, typer.Option(metavar="DURATION", help="With --follow: when no line came for so long, by the clock, all open windows fire; what still comes for them is late.")] = None,
    max_expansion: Annotated[int | None, typer.Option(metavar="RATIO", min=1, help="Refuse compressed input that expands more than this, once it has given 64 MiB. [default: 500]")] = None,
    threads: Annotated[int | None, typer.Option(metavar="N", min=1, max=256, help="Threads that decode and count; one more reads, and from 2 on one writes reports. [default: cores]")] = None,
    config: Annotated[Text, typer.Option("--config", "-c", metavar="FILE", help="These options from TOML, named as here; the command line wins.")] = None,
    quiet: Annotated[bool | None, typer.Option("--quiet", help="No progress and no summary.")] = None,
) -> int:
    """Group events by window and key, and aggregate. Rows go to stdout or -o; each appears when its window fires.

    Exit codes: 0 done, 2 usage, 65 unacceptable input, 66 no input, 73 cannot create, 74 read or write error,
    75 state in use, 78 bad config or state, 130/141/143 ended by INT/PIPE/TERM. INT and TERM end at a line: with --follow or --state
    as at the end of a run; else stdout gets the rows there are, and report files stay as they were.
    """
    given = {name: value for name, value in locals().items() if value is not None and name not in ("config",)}
    from streamstat.commands.run import Command
    from streamstat.commands.settings import settings

    try:
        return start(Command(settings(given, config), say, show if sys.stderr.isatty() else None))
    except OSError as error:
        fail(f"stderr: {error.strerror}", ExitCode.INPUT_OUTPUT)
        raise
# fmt: on


@app.command()
def state(
    directory: Annotated[
        str, typer.Argument(metavar="DIR", help="The folder of a --state; it may be in use.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> int:
    """Show what is inside a state: inputs and positions, watermarks, open windows, outputs, sizes, last commit."""
    import json

    from streamstat.commands.state import as_text, describe

    facts = describe(directory)
    print(json.dumps(facts) if as_json else "\n".join(as_text(facts)))
    return int(ExitCode.DONE)


def start(command: Any) -> int:
    """Run a command with signals handled: the first INT or TERM ends at a line, the second at once.

    More of them wait while the second takes back what was written, for a second at most.
    """
    ended: list[int] = []
    hurried: list[float] = []

    def stop(number: int, _: FrameType | None) -> None:
        if hurried and time.monotonic() - hurried[0] < 1:
            return
        if ended:
            hurried.append(time.monotonic())
            if len(hurried) == 1:
                command.discard()
            leave(ExitCode.INTERRUPTED if number == signal.SIGINT else ExitCode.TERMINATED)
        ended.append(number)
        command.stop()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    gc.freeze()
    gc.enable()
    try:
        command.run()
    except BrokenPipeError:  # the parser of the command line would make it exit 1
        leave(ExitCode.BROKEN_PIPE)
    if command.interrupted:
        return int(ExitCode.INTERRUPTED if ended[0] == signal.SIGINT else ExitCode.TERMINATED)
    return int(ExitCode.DONE)
