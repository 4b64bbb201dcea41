"""Options from a TOML file: keys are the long options, with `-` or `_`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from streamstat.errors import ConfigError
from streamstat.registry import nearest


def read_toml(path: str | Path) -> dict[str, Any]:
    """The options of a configuration file, keys with `_`."""
    import tomllib

    try:
        options = tomllib.loads(Path(path).read_text("utf-8"))
    except OSError as error:
        raise ConfigError(str(path), error.strerror or "cannot be read") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), str(error)) from None
    return {key.replace("-", "_"): value for key, value in options.items()}


def checked(options: Mapping[str, Any], known: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Options whose names are among `known` and whose types are as there; ConfigError for the first that is not."""
    for key, value in options.items():
        if key not in known:
            shown = tuple(name.replace("_", "-") for name in known)
            raise ConfigError(place, f"there is no option {key!r}", nearest(key.replace("_", "-"), shown))
        fits, example = expected(known[key], value)
        if not fits:
            raise ConfigError(
                place, f"{key} = {value!r} has the wrong type", f"for example {key} = {example}"
            )
    return dict(options)


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
