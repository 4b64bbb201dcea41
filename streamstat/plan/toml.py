"""Options from a TOML file: keys are the long options, with `-` or `_`.

The file may be anything: what is too large for options is refused before it is read whole.
"""

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from streamstat.common.errors import ConfigError
from streamstat.common.nearby import hint_for_file
from streamstat.common.terminal import quoted
from streamstat.plan.meant_options import meant_options

MOST_CONFIG_BYTES = 1 << 20
HIGHEST_INTEGER = 2**63 - 1  # what TOML promises of whole numbers
CONFIG_EXAMPLE = 'for example window = "tumbling:1h"'
TABLE_HINT = "the table of a report is, for example, [report.errors]"
EXAMPLES = {  # of texts that are no durations
    "by": '["route", "status"]',
    "agg": '"count()"',
    "where": '"status >= 500"',
    "window": '"tumbling:1m"',
    "time": '"ts"',
    "since": '"yesterday"',
    "until": '"today"',
    "unique": '"id"',
    "share": '"part=count"',
    "column": '"double=count * 2"',
    "having": '"count > 10"',
    "order": '"-count"',
    "output": '"report.csv"',
    "late_file": '"late.txt"',
    "format": '"csv"',
    "timezone": '"Europe/Berlin"',
    "state": '"hourly.state"',
    "stats": '"stats.json"',
    "pattern": '"fail{5,} -> ok"',
    "define": """["fail=status >= 500", "ok=status < 500"]""",
}


def read_toml(path: str | Path) -> dict[str, Any]:
    """The options of a configuration file, keys with `_`."""
    options = toml_in(path, MOST_CONFIG_BYTES, CONFIG_EXAMPLE)
    return {key.replace("-", "_"): value for key, value in options.items()}


def toml_in(path: str | Path, most_bytes: int, example: str) -> dict[str, Any]:
    """What a TOML file of at most so many bytes holds; ConfigError, with the example for a hint, where it is none."""
    import tomllib

    place = str(path)
    try:
        content = _content(place, most_bytes, example)
        return tomllib.loads(content.decode())
    except OSError as error:
        raise ConfigError(
            place, error.strerror or "cannot be read", _hint_for(error, place, example)
        ) from None
    except RecursionError:
        raise ConfigError(place, "is nested too deep", example) from None
    except tomllib.TOMLDecodeError as error:
        hint = _hint_for_syntax(content.decode(), str(error), example)
        raise ConfigError(place, str(error), hint) from None
    except UnicodeDecodeError as error:
        raise ConfigError(place, str(error), example) from None
    except ValueError:  # of Python, which reads no number of that many digits
        raise ConfigError(place, "holds a number of too many digits", "for example threads = 2") from None


def options_in(path: str | Path, known: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a plan that a file has, of which these are known, each with its type."""
    options = read_toml(path)
    if "report" in options:
        raise ConfigError(
            str(path), "has several reports, and a plan is one", "streamstat run --config takes it"
        )
    return checked(options, known, str(path))


def _hint_for(error: OSError, place: str, example: str) -> str:
    """What helps where a configuration cannot be read."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return hint_for_file(place)
    return f"ls -l {quoted(place)} shows who may read it" if isinstance(error, PermissionError) else example


def _hint_for_syntax(text: str, problem: str, example: str) -> str:
    """What helps where a line is no TOML: mostly a text without its quotes."""
    place = re.search(r"at line ([0-9]+)", problem)
    lines = text.splitlines()
    line = lines[int(place[1]) - 1] if place and int(place[1]) <= len(lines) else ""
    bare = re.fullmatch(r"\s*([\w-]+)\s*[=:]\s*([^\s\"'=#][^\"'#]{0,60}?)\s*(?:#.*)?", line)
    return f'a text stands in quotes: {bare[1]} = "{bare[2]}"' if bare else example


def _content(place: str, most_bytes: int, example: str) -> bytes:
    """All of a file that is not larger than options can be; a pipe that nobody writes to is empty."""
    descriptor = os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        os.set_blocking(descriptor, True)
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise ConfigError(place, f"has more than {most_bytes:,} bytes", example)
    return content


def checked(options: Mapping[str, Any], known: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Options whose names are among `known` and whose types are as there; ConfigError for the first that is not.

    A date or time of TOML is the text that a command line would have.
    """
    options = {key: value.isoformat() if isinstance(value, date) else value for key, value in options.items()}
    for key, value in options.items():
        if key not in known:
            hint = TABLE_HINT if isinstance(value, Mapping) else _hint_for_key(key, tuple(known))
            raise ConfigError(place, f"there is no option {key!r}", hint)
        fits, example = expected(known[key], value)
        example = EXAMPLES.get(key, example)
        if not fits:
            problem = f"{key} = {_shown(value)} has the wrong type"
            raise ConfigError(place, problem, f"for example {key} = {example}")
        if isinstance(value, int) and value > HIGHEST_INTEGER:
            raise ConfigError(
                place, f"{key} is more than {HIGHEST_INTEGER:,}", f"for example {key} = {example}"
            )
        if any("\0" in text for text in _texts(value)):
            raise ConfigError(place, f"{key} holds a NUL", f"for example {key} = {example}")
    return options


def _hint_for_key(key: str, known: tuple[str, ...]) -> str:
    meant = [name.replace("_", "-") for name in meant_options(key, known)]
    return f"did you mean {' or '.join(map(repr, meant))}?" if meant else "streamstat help options has them"


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value if isinstance(value, list) else []


def _shown(value: Any) -> str:
    """As a file has it; of a number that Python would not spell, what it is."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return f"a {type(value).__name__} that is too large"


def expected(kind: Any, value: Any) -> tuple[bool, str]:
    """Whether a value fits a field of that type, and how one that does is written."""
    if kind is bool:
        return isinstance(value, bool), "true"
    if kind in (int, int | None):
        return isinstance(value, int) and not isinstance(value, bool), "2"
    if kind in (Sequence[str], tuple[str, ...]):
        texts = isinstance(value, list) and all(isinstance(each, str) for each in value)
        return texts or isinstance(value, str), '["a", "b"]'
    return isinstance(value, str), '"1m"'
