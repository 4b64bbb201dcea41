"""The kinds of failure a user can meet, each with its exit code, its place and a hint that works."""

from enum import IntEnum
from typing import Self


class ExitCode(IntEnum):
    """Process exit codes; the BSD sysexits where one fits, 128 + signal for signals."""

    DONE = 0
    USAGE = 2
    UNACCEPTABLE_INPUT = 65
    NO_INPUT = 66
    CANNOT_CREATE = 73
    INPUT_OUTPUT = 74
    LOCKED = 75
    BAD_CONFIG = 78
    INTERRUPTED = 130
    BROKEN_PIPE = 141
    TERMINATED = 143


LONGEST_PLACE, LONGEST_PROBLEM = 300, 800  # characters; all of it is to be on one line
SHOWN_BEFORE = 38  # characters before the place in a text that is pointed to


class StreamstatError(Exception):
    """A failure that ends the run with one line: where, what, a hint.

    >>> str(UsageError("--window", "10x is not a duration", "for example tumbling:10m"))
    '--window: 10x is not a duration; for example tumbling:10m'
    """

    exit_code: ExitCode = ExitCode.USAGE
    below: tuple[str, ...] = ()  # lines under the message: what it is about, and where in it

    def __init__(self, place: str, problem: str, hint: str = "") -> None:
        self.place, self.problem, self.hint = place, problem, hint
        shown = f"{_shortened(place, LONGEST_PLACE)}: {_shortened(problem, LONGEST_PROBLEM)}"
        super().__init__(shown + (f"; {_shortened(hint, LONGEST_PROBLEM)}" if hint else ""))

    def pointing(self, text: str, place: int) -> Self:
        """The same, with a caret under the place of a text that it is about, from 0.

        >>> UsageError("PATTERN", "no step is called 'okk'").pointing("fail -> okk", 8).below
        ('  fail -> okk', '          ^')
        """
        self.below = _pointed(text, place)
        return self


def _pointed(text: str, place: int) -> tuple[str, str]:
    begin = max(0, min(place - SHOWN_BEFORE, len(text) - 2 * SHOWN_BEFORE))
    shown = "".join(
        each if each.isprintable() else "\ufffd" for each in text[begin : begin + 2 * SHOWN_BEFORE]
    )
    return f"  {shown}", f"  {' ' * (place - begin)}^"


def _shortened(text: str, longest: int) -> str:
    """The text without its middle if it is longer: what a user gave must not push out the hint behind it."""
    half = longest // 2
    return text if len(text) <= longest else f"{text[:half]} … {text[-half:]}"


class UsageError(StreamstatError):
    """Options or arguments that cannot work."""

    exit_code = ExitCode.USAGE


class ParseError(StreamstatError):
    """Words of a command line that make no sense, in the parser's own sentence."""

    exit_code = ExitCode.USAGE

    def __init__(self, message: str) -> None:
        super().__init__("", message)
        self.args = (message,)


class InputError(StreamstatError):
    """Input that is readable but not acceptable."""

    exit_code = ExitCode.UNACCEPTABLE_INPUT


class ArchiveError(StreamstatError):
    """An input that holds files, and is none itself."""

    exit_code = ExitCode.UNACCEPTABLE_INPUT


class MissingInputError(StreamstatError):
    """An input that is not there; found before any row is made."""

    exit_code = ExitCode.NO_INPUT


class CannotCreateError(StreamstatError):
    """An output that cannot be created."""

    exit_code = ExitCode.CANNOT_CREATE


class ReadWriteError(StreamstatError):
    """A read or write that failed half-way, a full disk, a truncated compressed input."""

    exit_code = ExitCode.INPUT_OUTPUT


class ConfigError(StreamstatError):
    """A configuration file that cannot be used."""

    exit_code = ExitCode.BAD_CONFIG


class LockedError(StreamstatError):
    """Another run works with this state at the moment."""

    exit_code = ExitCode.LOCKED


class StateError(StreamstatError):
    """A state that cannot be used: damaged, written by a newer version, or of another plan."""

    exit_code = ExitCode.BAD_CONFIG
