"""Options from a TOML file: keys are the long options, with `-` or `_`.

The file may be anything: what is too large for options is refused before it is read whole.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from streamstat.common.errors import ConfigError
from streamstat.common.registry import nearest

MOST_CONFIG_BYTES = 1 << 20
HIGHEST_INTEGER = 2**63 - 1  # what TOML promises of whole numbers
CONFIG_EXAMPLE = 'a configuration holds options, for example window = "tumbling:1h"'


def read_toml(path: str | Path) -> dict[str, Any]:
    """The options of a configuration file, keys with `_`."""
    import tomllib

    place = str(path)
    try:
        options = tomllib.loads(_content(place).decode())
    except OSError as error:
        raise ConfigError(place, error.strerror or "cannot be read") from None
    except RecursionError:
        raise ConfigError(place, "is nested too deep", CONFIG_EXAMPLE) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(place, str(error)) from None
    except ValueError:  # of Python, which reads no number of that many digits
        raise ConfigError(place, "holds a number of too many digits", "for example threads = 2") from None
    return {key.replace("-", "_"): value for key, value in options.items()}


def _content(place: str) -> bytes:
    """All of a file that is not larger than options can be; a pipe that nobody writes to is empty."""
    descriptor = os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        os.set_blocking(descriptor, True)
        content = file.read(MOST_CONFIG_BYTES + 1)
    if len(content) > MOST_CONFIG_BYTES:
        raise ConfigError(place, f"has more than {MOST_CONFIG_BYTES:,} bytes", CONFIG_EXAMPLE)
    return content


def checked(options: Mapping[str, Any], known: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Options whose names are among `known` and whose types are as there; ConfigError for the first that is not."""
    for key, value in options.items():
        if key not in known:
            shown = tuple(name.replace("_", "-") for name in known)
            raise ConfigError(place, f"there is no option {key!r}", nearest(key.replace("_", "-"), shown))
        fits, example = expected(known[key], value)
        if not fits:
            problem = f"{key} = {_shown(value)} has the wrong type"
            raise ConfigError(place, problem, f"for example {key} = {example}")
        if isinstance(value, int) and value > HIGHEST_INTEGER:
            raise ConfigError(
                place, f"{key} is more than {HIGHEST_INTEGER:,}", f"for example {key} = {example}"
            )
        if any("\0" in text for text in _texts(value)):
            raise ConfigError(place, f"{key} holds a NUL", f"for example {key} = {example}")
    return dict(options)


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value if isinstance(value, list) else []


def _shown(value: Any) -> str:
    """As it was read; of a number that Python would not spell, what it is."""
    try:
        return repr(value)
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
