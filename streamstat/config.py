"""Options from a TOML file: keys are the long options, with `-` or `_`."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from streamstat.errors import ConfigError
from streamstat.registry import nearest


def read_toml(path: str | Path) -> dict[str, Any]:
    """The options of a configuration file, keys with `_`."""
    try:
        options = tomllib.loads(Path(path).read_text("utf-8"))
    except OSError as error:
        raise ConfigError(str(path), error.strerror or "cannot be read") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), str(error)) from None
    return {key.replace("-", "_"): value for key, value in options.items()}


def checked(options: Mapping[str, Any], known: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Options whose names and types fit; ConfigError for the first that does not."""
    for key, value in options.items():
        if key not in known:
            shown = tuple(name.replace("_", "-") for name in known)
            raise ConfigError(place, f"there is no option {key!r}", nearest(key.replace("_", "-"), shown))
        wanted = str(known[key])
        if "bool" in wanted:
            fits = isinstance(value, bool)
        elif "tuple" in wanted:
            fits = isinstance(value, str) or (
                isinstance(value, list) and all(isinstance(v, str) for v in value)
            )
        elif "int" in wanted and "str" not in wanted:
            fits = isinstance(value, int) and not isinstance(value, bool)
        else:
            fits = isinstance(value, str)
        if not fits:
            example = (
                "true"
                if "bool" in wanted
                else '["a", "b"]'
                if "tuple" in wanted
                else "2"
                if "int" in wanted
                else '"1m"'
            )
            raise ConfigError(
                place, f"{key} = {value!r} has the wrong type", f"for example {key} = {example}"
            )
    return dict(options)
