"""Columns whose values look as if only a schema could tell what they are: decimals in base64. They are told."""

import json
import re
from typing import Any

from streamstat.common.terminal import printable
from streamstat.values.columns import Texts

_MOST_ROWS = 1_000  # that are looked at: later ones are alike
_MOST_COLUMNS, _MOST_NAME = 20, 60
_PADDED = re.compile(r"(?:[A-Za-z0-9+/]{4}){0,5}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)")


class Untyped:
    """Looks at the first rows of a log."""

    def __init__(self) -> None:
        self._seen = 0
        self._found: dict[str, str] = {}  # by column a value of it

    @property
    def warnings(self) -> tuple[str, ...]:
        """One line about all of them."""
        if not self._found:
            return ()
        shown = [f"{printable(name, _MOST_NAME)} ({value})" for name, value in self._found.items()]
        listed = ", ".join(shown[:_MOST_COLUMNS]) + (", ..." if len(shown) > _MOST_COLUMNS else "")
        return (
            f"values that may be decimals, which only a schema could tell, are left as they are: {listed}",
        )

    def look(self, rows: Texts) -> None:
        """More rows have come."""
        for i in range(min(len(rows), _MOST_ROWS - self._seen)):
            row = _object(rows[i])
            for name, value in row.items():
                spelt = value.get("value") if _is_scaled(value) else value
                if name not in self._found and isinstance(spelt, str) and _PADDED.fullmatch(spelt):
                    self._found[name] = spelt
        self._seen = min(self._seen + len(rows), _MOST_ROWS)


def _object(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_scaled(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"scale", "value"}
