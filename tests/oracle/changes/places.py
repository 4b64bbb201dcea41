"""Where changes stand in the logs of databases."""

import re
from typing import Any

from oracle.changes.values import Number


def file_of(text: Any) -> tuple[str, int] | None:
    found = re.fullmatch(r"(.*?)(\d+)", text, re.DOTALL) if isinstance(text, str) else None
    return (found[1], int(found[2])) if found else None


def lsn_of(text: Any) -> int | None:
    found = re.fullmatch(r"([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})", text) if isinstance(text, str) else None
    return int(found[1], 16) << 32 | int(found[2], 16) if found else None


def digits_of(value: Any) -> str | None:
    text = value.spelling if isinstance(value, Number) else value
    return text if isinstance(text, str) and re.fullmatch(r"\d+", text) else None
