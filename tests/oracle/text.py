"""Rows as the text of a CSV output without header."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from .expressions import Opaque
from .lines import Value
from .times import EPOCH, SECOND


def iso(time: int, zone: str = "UTC") -> str:
    """ISO 8601, a fraction only if not zero, `Z` for UTC.

    >>> iso(1_500_000)
    '1970-01-01T00:00:01.5Z'
    """
    whole, rest = divmod(time, SECOND)
    local = (EPOCH + timedelta(seconds=whole)).astimezone(ZoneInfo(zone))
    text = local.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    fraction = f".{rest:06}".rstrip("0") if rest else ""
    return text + fraction + ("Z" if zone == "UTC" else local.isoformat()[19:])


def json_text(value: Value) -> str:
    """A JSON value as an item of a list."""
    if value.kind == "string":
        return json.dumps(value.text, ensure_ascii=False)
    return value.text if value.kind in ("number", "json") else value.kind


def cell(name: str, value: object, zone: str) -> str:
    """One cell; None is the empty cell, the caller quotes."""
    if name in ("window_start", "window_end"):
        assert isinstance(value, int)
        return iso(value, zone)
    if isinstance(value, Value):
        return value.text if value.kind in ("string", "number", "json") else value.kind
    if isinstance(value, Opaque):
        return value.text
    if isinstance(value, list):
        return "[" + ",".join(_item(item) for item in value) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _item(item: object) -> str:
    if isinstance(item, tuple):
        return "[" + ",".join(_item(part) for part in item) + "]"
    if isinstance(item, Value):
        return json_text(item)
    return "null" if item is None else str(item)


def csv_text(rows: Iterable[Mapping[str, object]], zone: str = "UTC") -> str:
    """Rows in CSV, no header; an empty text is quoted, null is an empty cell."""
    return "".join(",".join(_quoted(name, value, zone) for name, value in row.items()) + "\n" for row in rows)


def _quoted(name: str, value: object, zone: str) -> str:
    if value is None or (isinstance(value, Value) and value.kind == "null"):
        return ""
    text = cell(name, value, zone)
    if not text:
        return '""'
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow([text])
    return buffer.getvalue()
