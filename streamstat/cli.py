"""The command `streamstat`: words in, exit code out. Nothing else prints or exits."""

import gc
import os
import signal
import sys
import time
from contextlib import suppress
from functools import partial
from types import FrameType
from typing import Any

from streamstat.common.errors import ExitCode, StreamstatError, UsageError


def main() -> None:
    """Run the command line; every failure is one line on stderr."""
    gc.disable()  # until `start` takes over nothing is garbage, and looking for it takes a tenth of the time to start
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy would begin a thread a core, for nothing
    open_closed_streams()
    try:
        code = answer(sys.argv[1:])
        sys.stdout.flush()
        sys.exit(code)
    except StreamstatError as error:
        say(str(error))
        for line in error.below:
            _write(f"{line}\n")
        leave(error.exit_code)
    except BrokenPipeError:
        leave(ExitCode.BROKEN_PIPE)
    except OSError as error:
        fail(f"stdout: {error.strerror}", ExitCode.INPUT_OUTPUT)
    except MemoryError:
        fail("out of memory; fewer groups, or smaller windows or limits, need less", ExitCode.INPUT_OUTPUT)


def answer(words: list[str]) -> int:
    """Do what the words ask for, and give the exit code. Pages of help need no parser, which takes a while to load."""
    from streamstat.commands.verbs import VERBS

    if "_STREAMSTAT_COMPLETE" not in os.environ:  # set by a shell that asks what may follow
        from shutil import get_terminal_size

        from streamstat.commands import usage

        verb = VERBS.get(words[0]) if words else None
        if not words:
            print(usage.FIRST_HELP, file=sys.stderr)
            return ExitCode.USAGE
        if words[0] == "--version":
            show_version()
            return ExitCode.DONE
        if words[-1] in ("-h", "--help") and len(words) <= 2 and (verb is not None or len(words) == 1):
            columns = get_terminal_size().columns
            print(usage.overview(columns) if verb is None else usage.page(verb, columns))
            return ExitCode.DONE
        if verb is None and not words[0].startswith("--") and (command := usage.meant(words)) is not None:
            raise UsageError(words[0], "is no command", f"did you mean: {command}")
    from streamstat.commands.parser import parse

    over_events = {name: partial(run, name) for name, each in VERBS.items() if each.reads_events}
    return parse(
        words,
        {
            **over_events,
            "inspect": inspect,
            "merge": merge,
            "chart": chart,
            "state": state,
            "help": show_help,
        },
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

    _write(f"streamstat: {printable(message, 2000)}\n")


def show(line: str) -> None:
    """The progress line, over the one before; nothing of it on a terminal that keeps whatever was written."""
    from streamstat.common.terminal import is_dumb

    if is_dumb():
        return
    width = len(line) + len(ECHO)
    with suppress(OSError):
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
        room = columns - 1 if columns else width  # 0: nobody knows
        line, width = line[:room], min(width, room)
    _write(f"\r{line}" if line else "")  # an echo may stand where the line begins
    _SHOWN[0] = width if line else 0


ECHO = "^C"  # what a terminal adds to the line that is there
# Columns of the terminal that the progress line takes. It is overwritten with spaces, which all terminals know.
_SHOWN = [0]


def _write(text: str) -> None:
    """Write to stderr, the progress line gone."""
    width, _SHOWN[0] = _SHOWN[0], 0
    over = f"\r{' ' * width}\r" if width else ""
    with suppress(OSError, RuntimeError):  # a signal handler may come in the middle of another write
        sys.stderr.write(over + text)
        sys.stderr.flush()


def leave(code: int) -> None:
    """End now: nothing is waited for, and what stdout still holds is dropped."""
    _write("")
    os._exit(code)


def show_version() -> None:
    """`--version`."""
    from importlib.metadata import version

    print(f"streamstat {version('streamstat')}")


def run(verb: str, **given: Any) -> int:
    """`streamstat run`, or another verb over events, given the options that were typed."""
    from dataclasses import replace

    from streamstat.commands.configured import settings
    from streamstat.commands.run import Command
    from streamstat.commands.verbs import VERBS

    config = given.pop("config")
    typed = {name: value for name, value in given.items() if value is not None}
    chosen = replace(settings(VERBS[verb], typed, config), words=tuple(sys.argv[1:]))
    if chosen.explain:
        return explain(chosen)
    try:
        return start(Command(chosen, say, show if sys.stderr.isatty() else None))
    except OSError as error:
        fail(f"stderr: {error.strerror}", ExitCode.INPUT_OUTPUT)
        raise


def inspect(**given: Any) -> int:
    """`streamstat inspect`, given the options that were typed."""
    from streamstat.commands.configured import settings
    from streamstat.commands.inspection.command import Inspection
    from streamstat.commands.verbs import VERBS

    typed = {name: value for name, value in given.items() if value is not None}
    return start(
        Inspection(settings(VERBS["inspect"], typed, None), print, say, show if sys.stderr.isatty() else None)
    )


def merge(**given: Any) -> int:
    """`streamstat merge`, given the options that were typed."""
    from streamstat.commands.merge import Merge

    typed = {name: value for name, value in given.items() if value is not None}
    return start(Merge(typed, sys.argv[1:], say, sys.stderr.isatty()))


def explain(chosen: Any) -> int:
    """`streamstat run --explain`."""
    from streamstat.commands.explain import explanation

    print("\n".join(explanation(chosen)))
    return ExitCode.DONE


def chart(reports: list[str], output: list[str] | None, chart: str | None) -> int:
    """`streamstat chart REPORT... -o PATH`."""
    from streamstat.commands.chart import draw_reports

    draw_reports(reports, output or [], chart, sys.argv[1:])
    return ExitCode.DONE


def state(directory: str, as_json: bool | None) -> int:
    """`streamstat state DIR`."""
    import json

    from streamstat.commands.state import as_text, describe

    facts = describe(directory)
    print(json.dumps(facts) if as_json else "\n".join(as_text(facts)))
    return ExitCode.DONE


def show_help(topic: str | None) -> int:
    """`streamstat help [TOPIC]`."""
    from streamstat.commands import help as topics

    on_terminal = sys.stdout.isatty()
    text = topics.listing(on_terminal) if topic is None else topics.topic(topic, on_terminal)
    try:
        if not (on_terminal and topics.show_in_pager(text)):
            print(text, end="", flush=True)
    except BrokenPipeError:
        leave(ExitCode.BROKEN_PIPE)
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
