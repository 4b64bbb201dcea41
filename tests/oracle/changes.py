"""Logs of changes, the plain way: a record at a time, as dictionaries, format by format.

`Log(format).read(text)` takes one record. `changes` has what came of all; `filtered` and `bad` are the numbers of
records of which nothing came; `held` those that wait for a later one; `open` the transaction that is not whole.
"""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any


@dataclass(frozen=True)
class Number:
    """A number as it is spelt."""

    spelling: str


@dataclass(frozen=True)
class Change:
    """What a record says of one row.

    op: put patch delete truncate read edit. key: a spelling for each column. row: what it has of it; of edit steps.
    kept: columns that it names without their values. position: what orders changes in its space.
    """

    record: int
    op: str
    key: tuple[str, ...] | None
    row: Any = None
    old_key: tuple[str, ...] | None = None
    kept: tuple[str, ...] = ()
    space: Any = None
    position: Any = None
    transaction: int = 0


class Bad(Exception):
    """A record that should be a change."""


class Refused(Exception):
    """A log that cannot be read: two tables, two keys, or no key."""


@dataclass
class Log:
    """What has been read. key: asked for, else as the log says; deleted: of a record that says that its row is gone."""

    format: str
    key: tuple[str, ...] | None = None
    table: str | None = None
    deleted: Callable[[dict[str, Any]], bool] = lambda record: False
    changes: list[Change] = field(default_factory=list)
    filtered: list[int] = field(default_factory=list)
    bad: list[int] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    inner: str = "upsert"  # what is in payloads
    open: int | None = None
    cut: set[int] = field(default_factory=set)  # transactions whose end will not come
    current: int | None = None  # the transaction of a record, where it is not one of its own
    records: int = 0
    transactions: int = 0
    only_table: str | None = None
    memory: dict[str, Any] = field(default_factory=dict)  # what a format keeps
    beside: dict[str, Any] | None = None  # the key beside the record

    def __post_init__(self) -> None:
        self.is_asked = self.began = self.key is not None

    def read(self, text: str) -> None:
        """One record."""
        self.take(parsed(text))

    def take(self, record: Any) -> None:
        """One record that has been parsed."""
        number = self.records
        self.records += 1
        self.current = None
        is_bad = False
        try:
            found = FORMATS[self.format](self, record)
        except Bad as error:
            found, is_bad = error.args[0] if error.args else [], True
        if found is HELD:
            self.held.append(number)
        elif is_bad:
            self.bad.append(number)
        elif not found:
            self.filtered.append(number)
        if found and found is not HELD:
            self._put(number, found)

    def _put(self, number: int, found: list[dict[str, Any]]) -> None:
        if self.current is None:
            self.transactions += 1
            self.current = self.transactions
        for each in found:
            self.changes.append(Change(**{**each, "record": number, "transaction": self.current}))

    def is_mine(self, *names: Any) -> bool:
        """Whether a record of this table is read; names: those around it first, then its own."""
        if not isinstance(names[-1], str):
            return True
        label = ".".join(each for each in names if isinstance(each, str))
        if self.table is not None and label != self.table and not label.endswith("." + self.table):
            return False
        if self.only_table not in (None, label):
            raise Refused(self.only_table, label)
        self.only_table = label
        return True

    def meet_key(self, names: Any) -> None:
        """What a record says of the key."""
        if self.is_asked or not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            return
        if not names:
            return
        if self.key is not None and sorted(self.key) != sorted(names):
            raise Refused(self.key, names)
        self.key = self.key or tuple(names)

    def key_in(self, *objects: Any) -> tuple[str, ...]:
        """The key in the first of these objects that has each column."""
        if self.key is None:
            raise Refused("no key")
        self.began = True
        found = [
            next((v for each in objects if (v := at(each, name)) is not None), None) for name in self.key
        ]
        if any(each is None for each in found):
            raise Bad
        return tuple(spelt(each) for each in found)


HELD: Any = ["held"]


def parsed(text: str) -> Any:
    """JSON with numbers as they are spelt."""
    return json.loads(text, parse_float=Number, parse_int=Number)


def spelt(value: Any) -> str:
    """A value as JSON."""
    if isinstance(value, Number):
        return value.spelling
    if isinstance(value, dict):
        return "{" + ",".join(f"{spelt(name)}:{spelt(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(spelt, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def at(value: Any, path: str) -> Any:
    """A field by its path; None where it is not there."""
    if not isinstance(value, dict):
        return None
    if path in value:
        return value[path]
    name, dot, rest = path.partition(".")
    return at(value.get(name), rest) if dot else None


def count(value: Any) -> int | None:
    """A whole number from 0 on."""
    found = isinstance(value, Number) and re.fullmatch(r"\d{1,19}", value.spelling)
    return int(value.spelling) if found and int(value.spelling) < 2**63 else None


def _row(value: Any, found: Any = ()) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Bad(list(found))
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Bad
    return value


def _file(text: Any) -> tuple[str, int] | None:
    found = re.fullmatch(r"(.*?)(\d+)", text, re.DOTALL) if isinstance(text, str) else None
    return (found[1], int(found[2])) if found else None


def _lsn(text: Any) -> int | None:
    found = re.fullmatch(r"([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})", text) if isinstance(text, str) else None
    return int(found[1], 16) << 32 | int(found[2], 16) if found else None


def _moved(op: str, key: tuple[str, ...], old: tuple[str, ...] | None) -> dict[str, Any]:
    return {"op": op, "key": key, "old_key": old if old != key else None}


def upsert(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """A record is the row."""
    if log.beside is not None:
        log.meet_key(list(log.beside))
    is_gone = log.deleted(record)
    key = log.key_in(*((record, log.beside) if log.is_asked else (log.beside, record)))
    return [{"op": "delete", "key": key} if is_gone else {"op": "put", "key": key, "row": record}]


def debezium(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """An envelope."""
    op, after, before = record.get("op"), record.get("after"), record.get("before")
    if op is None:
        has = [isinstance(each, dict | list) for each in (after, before)]
        op = "c" if has[0] else "d" if has[1] else "m"
    if op == "m":
        return []
    if not isinstance(op, str) or op not in "crudt" or len(op) != 1:
        raise Bad
    source = at(record, "source")
    source = source if isinstance(source, dict) else {}
    table = source.get("table")
    names = (source.get("db"), source.get("schema"), table)
    if not log.is_mine(*(names if isinstance(table, str) else (source.get("db"), source.get("collection")))):
        return []
    place = _source(source)
    if op == "t":
        return [{"op": "truncate", "key": None, **place}] if log.began else []
    row = _row(after) if op != "d" else {}
    if log.beside is not None:
        log.meet_key(list(log.beside))
    if op == "d":
        key = log.key_in(*((before, log.beside) if log.is_asked else (log.beside, before)))
        return [{"op": "delete", "key": key, **place}]
    row = typed(log, row)
    beside = log.beside if not log.is_asked else None
    key = log.key_in(*((beside, row) if beside is not None else (row, log.beside)))
    old = None
    if op in "cu" and beside is None and isinstance(before, dict):
        names_known = log.key or ()
        old_row = typed(log, before)
        olds = [at(old_row, name) for name in names_known]
        old = tuple(map(spelt, olds)) if all(each is not None for each in olds) else None
    return [{**_moved("read" if op == "r" else "put", key, old), **_without_marks(row, op), **place}]


def _source(source: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    def of(name: str) -> Any:
        return source.get(prefix + name)

    try:
        pair = parsed(of("sequence")) if isinstance(of("sequence"), str) else None
    except ValueError:
        pair = None
    if (
        isinstance(pair, list)
        and len(pair) == 2
        and (pair[0] is None or _digits(pair[0]))
        and _digits(pair[1])
    ):
        return {"space": "sequence", "position": (int(_digits(pair[0]) or 0), int(_digits(pair[1]) or 0))}
    file, pos, row = _file(of("file")), count(of("pos")), count(of("row"))
    if file and pos is not None and row is not None:
        return {"space": (file[0], spelt(of("server_id"))), "position": (file[1], pos, row)}
    part = "([0-9a-fA-F]{1,8})"
    hexes = [re.fullmatch(f"{part}:{part}:{part}", str(of(f"{name}_lsn"))) for name in ("commit", "change")]
    if all(hexes):
        numbers = [int(each, 16) for found in hexes if found for each in found.groups()]
        a, b, c, d, e, f = numbers
        return {
            "space": "lsn",
            "position": (a << 32 | b, c, d << 32 | e, f, count(of("event_serial_no")) or 0),
        }
    moment, order = count(of("ts_ms")), count(of("ord"))
    return {"space": "ord", "position": (moment, order)} if moment is not None and order is not None else {}


def _digits(value: Any) -> str | None:
    text = value.spelling if isinstance(value, Number) else value
    return text if isinstance(text, str) and re.fullmatch(r"\d+", text) else None


MARK = "__debezium_unavailable_value"
MARKS = (MARK, base64.b64encode(MARK.encode()).decode())


def _without_marks(row: dict[str, Any], op: str) -> dict[str, Any]:
    def is_mark(value: Any) -> bool:
        return (value[0] if isinstance(value, list) and len(value) == 1 else value) in MARKS

    kept = tuple(name for name, each in row.items() if isinstance(each, str | list) and is_mark(each))
    rest = {name: each for name, each in row.items() if name not in kept}
    return {"row": rest, "kept": kept, **({"op": "patch"} if kept and op != "r" else {})}


def in_schema(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """An envelope in its schema."""
    log.memory["schema"] = record.get("schema")
    payload = record.get("payload")
    return debezium(log, payload if isinstance(payload, dict) else {})


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


def flat(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """A row with what is said of it in names that begin with two underscores."""
    op, gone = record.get("__op"), record.get("__deleted")
    is_gone = op == "d" or gone is True or gone == "true"
    if op == "m" and not is_gone:
        return []
    if op is not None and not is_gone and op not in ("c", "r", "u", "d", "t"):
        raise Bad
    ways = [(f"{at}db", f"{at}schema", f"{at}table") for at in ("__", "__source_")] + [
        ("__db", "__collection")
    ]
    way = next((way for way in ways if isinstance(record.get(way[-1]), str)), ways[0])
    if not log.is_mine(*map(record.get, way)):
        return []
    row = {name: each for name, each in record.items() if not name.startswith("__")}
    place = _source(record, "__source_") or _source(record, "__")
    if op == "t" and not is_gone:
        return [{"op": "truncate", "key": None, **place}] if log.began else []
    if log.beside is not None:
        log.meet_key(list(log.beside))
    key = log.key_in(*((record, log.beside) if log.is_asked else (log.beside, row)))
    if is_gone:
        return [{"op": "delete", "key": key, **place}]
    return [{"op": "read" if op == "r" else "put", "key": key, **_without_marks(row, str(op)), **place}]


def maxwell(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of a transaction have one xid; the last says so."""
    kind = _text(record.get("type"))
    ops = {"insert": "put", "update": "patch", "delete": "delete", "bootstrap-insert": "read"}
    if kind not in ops:
        if re.fullmatch("(bootstrap|database|table)-(start|complete|create|alter|drop)", kind):
            return []
        raise Bad
    _maxwell_transaction(log, record)
    if not log.is_mine(record.get("database"), record.get("table")):
        return []
    data = _row(record.get("data"))
    log.meet_key(record.get("primary_key_columns"))
    if log.beside is not None:
        log.meet_key([name[3:] for name in log.beside if name.startswith("pk.")])
    old = record.get("old") if kind == "update" else None
    key = log.key_in(data)
    before = log.key_in(old, data) if isinstance(old, dict) else None
    return [{**_moved(ops[kind], key, before), "row": None if kind == "delete" else data, **_binlog(record)}]


def _maxwell_transaction(log: Log, record: dict[str, Any]) -> None:
    xid = record.get("xid")
    if xid is None or log.memory.get("xid") != spelt(xid):
        log.transactions += 1
    log.current = log.transactions
    is_last = xid is None or record.get("commit") is True
    log.memory["xid"] = None if is_last else spelt(xid)
    log.open = None if is_last else log.current


def _binlog(record: dict[str, Any]) -> dict[str, Any]:
    file, colon, place = str(record.get("position")).rpartition(":")
    found, offset = _file(file), count(record.get("xoffset"))
    is_place = isinstance(record.get("position"), str) and colon and re.fullmatch(r"\d+", place)
    if found and is_place and offset is not None:
        return {"space": found[0], "position": (found[1], int(place), offset)}
    return {}


def canal(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """Many rows, all values as texts."""
    kind = _text(record.get("type"))
    ops = {"INSERT": "put", "UPDATE": "patch", "DELETE": "delete", "TRUNCATE": "truncate"}
    if kind not in ops or not log.is_mine(record.get("database"), record.get("table")):
        return []
    if kind == "TRUNCATE":
        return [{"op": "truncate", "key": None}] if log.began else []
    rows = record.get("data")
    if not isinstance(rows, list) or not all(isinstance(each, dict) for each in rows):
        raise Bad
    if rows:
        log.meet_key(record.get("pkNames"))
    olds, found = record.get("old"), []
    olds = olds if isinstance(olds, list) and kind == "UPDATE" else []
    is_bad = False
    for i, each in enumerate(rows):
        row = with_numbers(each, record.get("mysqlType"))
        old = olds[i] if i < len(olds) and isinstance(olds[i], dict) else None
        try:
            key = log.key_in(row)
        except Bad:
            is_bad = True
            continue
        before = log.key_in(with_numbers(old, record.get("mysqlType")), row) if old else None
        found.append({**_moved(ops[kind], key, before), "row": None if kind == "DELETE" else row})
    if is_bad:
        raise Bad(found)
    return found


MYSQL_NUMBERS = (
    "tinyint smallint mediumint int integer bigint decimal dec numeric fixed float double real bit".split()
)
JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def with_numbers(row: Any, types: Any) -> dict[str, Any]:
    """A row whose texts are numbers where MySQL's types of their columns are."""

    def value(name: str, each: Any) -> Any:
        kind = at(types, name)
        word = re.match("[a-z]*", kind.lower()) if isinstance(kind, str) else None
        is_number = word is not None and word[0] in MYSQL_NUMBERS
        return Number(each) if is_number and isinstance(each, str) and JSON_NUMBER.fullmatch(each) else each

    return {name: value(name, each) for name, each in row.items()} if isinstance(row, dict) else {}


def wal2json1(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """A transaction."""
    changes, found, is_bad = record.get("change"), [], False
    if changes is None:
        return []
    if not isinstance(changes, list):
        raise Bad
    for ordinal, each in enumerate(changes):
        lsn = _lsn(record.get("nextlsn"))
        place = {} if lsn is None else {"space": "lsn", "position": (lsn, ordinal)}
        try:
            found += [{**change, **place} for change in _of_wal2json1(log, _row(each))]
        except Bad:
            is_bad = True
    if is_bad:
        raise Bad(found)
    return found


def _of_wal2json1(log: Log, change: dict[str, Any]) -> list[dict[str, Any]]:
    kind = change.get("kind")
    if kind == "message":
        return []
    if kind not in ("insert", "update", "delete", "truncate"):
        raise Bad
    if not log.is_mine(change.get("schema"), change.get("table")):
        return []
    columns = _pairs(change.get("columnnames"), change.get("columnvalues"))
    old = _pairs(at(change, "oldkeys.keynames"), at(change, "oldkeys.keyvalues"))
    if kind != "truncate" and (old if kind == "delete" else columns) is None:
        raise Bad
    if kind != "truncate":
        log.meet_key(at(change, "pk.pknames"))
    return _of_postgresql(log, kind, columns, old)


def _of_postgresql(log: Log, kind: str, columns: Any, old: Any) -> list[dict[str, Any]]:
    if kind == "truncate":
        return [{"op": "truncate", "key": None}] if log.began else []
    if kind == "delete":
        return [{"op": "delete", "key": log.key_in(old)}]
    key = log.key_in(columns)
    before = log.key_in(*(each for each in (old, columns) if each)) if old and kind == "update" else None
    return [{**_moved("put" if kind == "insert" else "patch", key, before), "row": columns}]


def _pairs(names: Any, values: Any) -> dict[str, Any] | None:
    lists = isinstance(names, list) and isinstance(values, list) and len(names) == len(values)
    return (
        dict(zip(names, values, strict=True))
        if lists and all(isinstance(each, str) for each in names)
        else None
    )


def wal2json2(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """A change, or a mark around those of a transaction."""
    action = record.get("action")
    if action == "M":
        return []
    if not isinstance(action, str) or action not in ("B", "C", "I", "U", "D", "T"):
        raise Bad
    if action == "B":
        if log.open is not None:  # what wrote the log was broken off
            log.cut.add(log.open)
        log.transactions += 1
        log.open, log.memory["lsn"], log.memory["ordinal"] = log.transactions, _lsn(record.get("lsn")), 0
        return []
    if action == "C":
        log.open = None
        return []
    place: dict[str, Any] = {}
    if log.open is not None:
        log.current = log.open
        if log.memory["lsn"] is not None:
            place = {"space": "lsn", "position": (log.memory["lsn"], log.memory["ordinal"])}
        log.memory["ordinal"] += 1
    if not log.is_mine(record.get("schema"), record.get("table")):
        return []
    kind = {"I": "insert", "U": "update", "D": "delete", "T": "truncate"}[action]
    columns, old = _named(record.get("columns")), _named(record.get("identity"))
    if kind != "truncate" and (old if kind == "delete" else columns) is None:
        raise Bad
    pk = record.get("pk")
    if kind != "truncate":
        log.meet_key([at(each, "name") for each in pk] if isinstance(pk, list) else None)
    return [{**each, **place} for each in _of_postgresql(log, kind, columns, old)]


def _named(columns: Any) -> dict[str, Any] | None:
    if not isinstance(columns, list) or not all(isinstance(at(each, "name"), str) for each in columns):
        return None
    return {each["name"]: each.get("value") for each in columns}


def dms(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """A row, and what it is."""
    if at(record, "metadata.record-type") == "control":
        return []
    operation = at(record, "metadata.operation")
    ops = {"load": "read", "insert": "put", "update": "put", "delete": "delete"}
    if not isinstance(operation, str) or operation not in ops:
        raise Bad
    if not log.is_mine(at(record, "metadata.schema-name"), at(record, "metadata.table-name")):
        return []
    data, old = _row(record.get("data")), record.get("before-image")
    key = log.key_in(data)
    before = log.key_in(old, data) if isinstance(old, dict) and ops[operation] == "put" else None
    return [{**_moved(ops[operation], key, before), "row": None if operation == "delete" else data}]


def mongodb(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """A document, or what an update did to it."""
    operation = _text(record.get("operationType"))
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


def flink(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """A row; of an update the one before waits for the one behind."""
    op, data = record.get("op"), record.get("data")
    if not isinstance(op, str) or op not in ("+I", "-U", "+U", "-D"):
        raise Bad
    row = _row(data)
    key = log.key_in(row)
    waiting: list[tuple[str, ...]] = log.memory.setdefault("waiting", [])
    if op == "-U":
        log.memory["waiting"] = [*(each for each in waiting if each != key), key]
        return HELD  # type: ignore[no-any-return]
    if op == "-D":
        return [{"op": "delete", "key": key}]
    before = None
    if op == "+U" and waiting:
        before = key if key in waiting else waiting[0]
        waiting.remove(before)
    return [{**_moved("put", key, before), "row": row}]


def kcat(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """A record of Kafka around another, or the delete of its key."""
    payload, topic = record.get("payload"), record.get("topic")
    offset = count(record.get("offset"))
    place = (
        {}
        if offset is None
        else {"space": (spelt(topic), spelt(record.get("partition"))), "position": (offset,)}
    )
    if record.get("payload_error") is not None:
        raise Bad
    inner = log.memory.setdefault("log", Log(log.inner, log.key, log.table, log.deleted))
    beside = _key_object(record.get("key"), log.key)
    topics: list[Any] = log.memory.setdefault("topics", [])
    if payload is None:
        if topic not in topics:
            return []
        return [{"op": "delete", "key": inner.key_in(beside), **place}]
    is_tableless = log.inner in ("upsert", "flink", "debezium:flat")
    if is_tableless and log.table is not None and not log.is_mine(topic):
        return []
    inner.beside = beside
    before = len(inner.changes)
    inner.take(_payload(payload))
    made = inner.changes[before:]
    if made:
        topics.append(topic)
        if is_tableless:
            log.is_mine(topic)
    log.current = inner.current and -inner.current
    log.open = inner.open and -inner.open
    kept = {"op", "key", "row", "old_key", "kept"}
    found = [
        {**{name: each for name, each in vars(change).items() if name in kept}, **place} for change in made
    ]
    if inner.records - 1 in inner.bad:
        raise Bad(found)
    return HELD if inner.records - 1 in inner.held else found


def _payload(value: Any) -> dict[str, Any]:
    try:
        return _row(parsed(value) if isinstance(value, str) else value)
    except ValueError:
        raise Bad from None


def _key_object(value: Any, names: tuple[str, ...] | None) -> dict[str, Any]:
    if value is None:
        return {}
    try:
        found = parsed(value) if isinstance(value, str) else value
    except ValueError:
        found = value
    if isinstance(found, dict) and found.keys() == {"schema", "payload"}:
        found = found["payload"]
    if isinstance(found, dict):
        return found
    return (
        {names[0]: value if isinstance(found, list) else found}
        if names is not None and len(names) == 1
        else {}
    )


FORMATS: dict[str, Callable[[Log, dict[str, Any]], list[dict[str, Any]]]] = {
    "upsert": upsert,
    "debezium": debezium,
    "debezium:schema": in_schema,
    "debezium:flat": flat,
    "maxwell": maxwell,
    "canal": canal,
    "wal2json:1": wal2json1,
    "wal2json:2": wal2json2,
    "dms": dms,
    "mongodb": mongodb,
    "flink": flink,
    "kcat": kcat,
}
