"""What a schema says of the values of a row."""

import base64
import re
from datetime import date, datetime, timedelta
from typing import Any

from oracle.changes.log import Log
from oracle.changes.values import Number, spelt


def typed(log: Log, row: Any) -> Any:
    """A row with its values as the schema means them."""
    types: dict[str, dict[str, Any]] = {}
    for struct in _fields(log.memory.get("schema")):
        if struct.get("field") in ("after", "before"):
            types.update({spelt(each.get("field")): each for each in _fields(struct)})
    if not isinstance(row, dict):
        return row
    return {name: _meant(value, types.get(spelt(name)) or {}) for name, value in row.items()}


def _fields(struct: Any) -> list[dict[str, Any]]:
    fields = struct.get("fields") if isinstance(struct, dict) else None
    return [each for each in fields if isinstance(each, dict)] if isinstance(fields, list) else []


def _meant(value: Any, column: dict[str, Any]) -> Any:
    kind = str(column.get("name")).rpartition(".")[2]
    if kind == "Decimal" and isinstance(value, str):
        return _decimal(value, int(column["parameters"]["scale"]))
    if kind == "VariableScaleDecimal" and isinstance(value, dict):
        return _decimal(value["value"], int(value["scale"].spelling))
    if not isinstance(value, Number) or not re.fullmatch(r"-?\d+", value.spelling):
        return value
    number = int(value.spelling)
    if kind == "Date":
        return (date(1970, 1, 1) + timedelta(days=number)).isoformat()
    units = {"Timestamp": 10**3, "MicroTimestamp": 10**6, "NanoTimestamp": 10**9}
    if kind in units:
        seconds, fraction = divmod(number, units[kind])
        moment = datetime(1970, 1, 1) + timedelta(seconds=seconds)
        return f"{moment:%Y-%m-%dT%H:%M:%S}" + _fraction(fraction, units[kind])
    units = {"Time": 10**3, "MicroTime": 10**6, "NanoTime": 10**9}
    if kind in units:
        seconds, fraction = divmod(number, units[kind])
        clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        return clock + _fraction(fraction, units[kind])
    return value


def _fraction(part: int, unit: int) -> str:
    return ("." + str(unit + part)[1:].rstrip("0")) if part else ""


def _decimal(text: str, scale: int) -> Number:
    number = int.from_bytes(base64.b64decode(text), "big", signed=True)
    digits = str(abs(number)).rjust(scale + 1, "0")
    point = f"{digits[:-scale]}.{digits[-scale:]}" if scale > 0 else digits + "0" * (-scale if number else 0)
    return Number("-" * (number < 0) + point)
