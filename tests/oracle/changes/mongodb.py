"""Change streams of MongoDB, and its extended JSON."""

import re
from datetime import UTC, datetime
from typing import Any

from oracle.changes.canal import JSON_NUMBER
from oracle.changes.log import Bad, Log, text_of
from oracle.changes.schemas import _fraction
from oracle.changes.values import Number, at


def mongodb(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """A document, or what an update did to it."""
    operation = text_of(record.get("operationType"))
    if operation not in ("insert", "replace", "update", "delete"):
        return []
    if not log.is_mine(at(record, "ns.db"), at(record, "ns.coll")):
        return []
    log.meet_key(["_id"])
    own, document = plain(record.get("documentKey")), plain(record.get("fullDocument"))
    token = at(record, "_id._data")
    place: dict[str, Any] = {}
    if isinstance(token, str) and token:
        place = {"space": "token", "position": re.sub("[a-f]", lambda digit: digit[0].upper(), token)}
    steps = _steps(record.get("updateDescription"), own) if operation == "update" else None
    if operation != "delete" and steps is None and not isinstance(document, dict):
        raise Bad
    key = log.key_in(own, document)
    if operation == "delete":
        return [{"op": "delete", "key": key, **place}]
    if steps is None:
        return [{"op": "put", "key": key, "row": document, **place}]
    return [{"op": "edit", "key": key, "row": steps, **place}]


def _steps(update: Any, own: Any) -> list[Any] | None:
    if not isinstance(update, dict):
        return None
    told = update.get("disambiguatedPaths")

    def path(name: str) -> Any:
        exact = told.get(name) if isinstance(told, dict) else None
        return exact if isinstance(exact, list) else name.split(".")

    cut, removed, updated = (
        update.get(name) for name in ("truncatedArrays", "removedFields", "updatedFields")
    )
    shapes = ((cut, list), (removed, list), (updated, dict))
    if any(each is not None and not isinstance(each, shape) for each, shape in shapes):
        return None
    steps: list[Any] = [["=", [name], each] for name, each in own.items()] if isinstance(own, dict) else []
    for each in cut or []:
        if not isinstance(at(each, "field"), str) or not isinstance(plain(at(each, "newSize")), Number):
            return None
        steps.append(["<", path(each["field"]), plain(each["newSize"])])
    for each in removed or []:
        if not isinstance(each, str):
            return None
        steps.append(["-", path(each)])
    return [*steps, *(["=", path(name), plain(each)] for name, each in (updated or {}).items())]


def plain(value: Any) -> Any:
    """Extended JSON without its wrappers."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    name, each = next(iter(value.items()), ("", None))
    inner = _unwrapped(name, each, len(value))
    return {key: plain(other) for key, other in value.items()} if inner is NO_WRAPPER else inner


NO_WRAPPER: Any = object()


def _unwrapped(name: str, value: Any, members: int) -> Any:
    if name == "$binary" and members <= 2:
        found = value.get("base64") if isinstance(value, dict) else value
        return found if isinstance(found, str) else NO_WRAPPER
    if members != 1:
        return NO_WRAPPER
    if name in ("$numberLong", "$numberInt", "$numberDouble", "$numberDecimal"):
        if isinstance(value, str):
            return Number(value) if JSON_NUMBER.fullmatch(value) else value
        return value if isinstance(value, Number) else NO_WRAPPER
    if name == "$date":
        return _date(value)
    return value if name in ("$oid", "$uuid", "$symbol") and isinstance(value, str) else NO_WRAPPER


def _date(value: Any) -> Any:
    if isinstance(value, str):
        return value
    number = _unwrapped("$numberLong", value.get("$numberLong"), 1) if isinstance(value, dict) else value
    if not isinstance(number, Number) or not re.fullmatch(r"-?\d{1,15}", number.spelling):
        return NO_WRAPPER
    seconds, part = divmod(int(number.spelling), 1000)
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}{_fraction(part, 1000)}Z"
    except (ValueError, OverflowError):
        return NO_WRAPPER
