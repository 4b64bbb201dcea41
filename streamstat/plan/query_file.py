"""QUERIES.toml: a line for each query, `name = "EXPR"`. What it holds belongs to the plan; where it lies does not."""

import json
import os
import re
from collections.abc import Mapping
from typing import Any

from streamstat.common.errors import ConfigError, MissingInputError
from streamstat.common.nearby import hint_for_file
from streamstat.common.terminal import printable
from streamstat.plan.toml import toml_in

SUFFIX = ".toml"
FILE_EXAMPLE = 'for example disk = "words(message, \\"disk full\\")"'
MOST_QUERY_BYTES = 1 << 28


def with_file(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options with the queries of the file that the first argument names; one of another ending is an input."""
    given = dict(options)
    path = given.get("file")
    if path is None:
        return given
    if not path.endswith(SUFFIX):
        del given["file"]
        return given | {"inputs": (path, *given.get("inputs", ()))}
    return given | {"queries_toml": queries_in(path)}


def name_and_condition(query: str) -> tuple[str, str]:
    """What a query of a file says.

    >>> name_and_condition('["disk full", "x > 1"]')
    ('disk full', 'x > 1')
    """
    name, condition = json.loads(query)
    return str(name), str(condition)


def queries_in(path: str) -> tuple[str, ...]:
    """Name and condition of each query, as JSON; MissingInputError or ConfigError where it has none to give."""
    if not os.path.lexists(path):
        raise MissingInputError(printable(path), "no such file", hint_for_file(path))
    try:
        found = toml_in(path, MOST_QUERY_BYTES, FILE_EXAMPLE)
    except ConfigError as error:
        raise _told_of_names(error) from None
    for name, text in found.items():
        place = f"{printable(path)}: {printable(name)}"
        if isinstance(text, Mapping):
            problem = "is a table, and a query is a text"
            raise ConfigError(place, problem, f"a name with a dot stands in quotes; {FILE_EXAMPLE}")
        if not isinstance(text, str):
            raise ConfigError(place, "is no text", FILE_EXAMPLE)
        if not name:
            raise ConfigError(place, "has no name", FILE_EXAMPLE)
    return tuple(json.dumps(pair, ensure_ascii=False) for pair in found.items())


def _told_of_names(error: ConfigError) -> ConfigError:
    """Of a name that is there twice, which TOML calls otherwise."""
    if (place := re.fullmatch(r"Cannot overwrite a value \(at line ([0-9]+), .*\)", error.problem)) is None:
        return error
    return ConfigError(
        error.place, f"line {place[1]} ends a query whose name another has", "give one of them another name"
    )
