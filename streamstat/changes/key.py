"""The key of a table: its columns, as asked or as the log says, and their values behind each change."""

import json
from collections.abc import Iterable, Sequence

import numpy as np

from streamstat import kernels
from streamstat.changes.columns import decoded, either_values, list_of, spread
from streamstat.common.errors import InputError, UsageError
from streamstat.common.record import record
from streamstat.common.terminal import printable
from streamstat.input.events import Events
from streamstat.values.columns import I64, Kind, Mask, Need, Texts, Values, arrays, no_texts, take, take_texts
from streamstat.values.packing import Packer, Unpacker

WANTED = Need.TEXT  # what is needed of a column of the key: numbers are told apart by their spelling
_MOST_SHOWN = 80


class TableKey:
    """The columns of a key. asked: their paths; None: the first change that says what they are says it for all."""

    def __init__(self, asked: tuple[str, ...] | None) -> None:
        self.is_asked = asked is not None
        self.names = asked

    def meet(self, told: Iterable[bytes]) -> None:
        """What changes say of it, in their order, alike ones once: each a JSON list of names, or empty.

        UsageError if the first of all says nothing.
        """
        if self.is_asked:
            return
        for each in told:
            if names := key_names_in(each):
                self._meet(names)
            self.known()

    def _meet(self, names: tuple[str, ...]) -> None:
        if self.names is None:
            self.names = names
        elif sorted(names) != sorted(self.names):
            both = [printable(", ".join(each), _MOST_SHOWN) for each in (self.names, names)]
            problem = f"the log says that the key is {both[0]}, and later that it is {both[1]}"
            raise InputError("--key", problem, f"name the columns, for example --key {both[0]}")

    def meet_objects(self, objects: Texts) -> None:
        """What objects that hold the key say of it: their names."""
        if not self.is_asked and len(objects):
            names = Texts(*kernels.member_names(*arrays(objects)))
            table = kernels.KeyTable()
            table.intern(np.full(len(names), Kind.TEXT, np.uint8), *arrays(names))
            self.meet(list_of(Texts(*table.texts(np.arange(len(table), dtype=np.int32)))))

    def known(self) -> tuple[str, ...]:
        """Its columns; UsageError if nobody has said them."""
        if self.names is None:
            hint = "name the columns of the key, for example --key id"
            raise UsageError("--key", "the log does not say which columns are the key", hint)
        return self.names

    def snapshot(self, packer: Packer) -> None:
        """What the log has said."""
        packer.blob("key", json.dumps(None if self.is_asked else self.names).encode())

    def restore(self, unpacker: Unpacker) -> None:
        """As it was."""
        found = unpacker.blob("key")
        if not self.is_asked:
            self.names = key_names_in(found)


def key_names_in(text: bytes) -> tuple[str, ...] | None:
    """The names in a JSON list; None if it has none, or is none.

    >>> key_names_in(b'["id"]'), key_names_in(b"[]"), key_names_in(b"7")
    (('id',), None, None)
    """
    try:
        names = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        return None
    return tuple(each.encode("utf-8", "replace").decode() for each in names) or None


@record
class ChangeKeys:
    """The key of each change, and where `moved` the one that its row had before."""

    now: tuple[Values, ...]
    before: tuple[Values, ...] | None = None
    moved: Mask | None = None


def key_columns(names: Sequence[str], objects: Texts) -> tuple[Values, ...]:
    """The columns of the key in objects; null where one is not there."""
    found = decoded(objects, dict.fromkeys(names, WANTED))
    return tuple(found.values(name, len(objects)) for name in names)


def compared(now: tuple[Values, ...], before: tuple[Values, ...], known: Mask) -> ChangeKeys:
    """ChangeKeys with those that rows had before, where these are known: a row has moved where they differ."""
    moved = np.zeros(len(known), np.bool_)
    for one, other in zip(now, before, strict=True):
        pair = ((each.kinds, *arrays(each.texts or no_texts(len(one)))) for each in (one, other))
        moved |= kernels.differing(*next(pair), *next(pair)).view(np.bool_)
    moved &= known & is_whole(before)
    if not moved.any():
        return ChangeKeys(now)
    return ChangeKeys(
        now, tuple(either_values(moved, one, other) for one, other in zip(before, now, strict=True)), moved
    )


def is_whole(key: tuple[Values, ...]) -> Mask:
    """Where every column of a key has a value.

    >>> is_whole((Values(np.array([3, 0], np.uint8), np.zeros(2, np.int64)),)).tolist()
    [True, False]
    """
    whole: Mask = key[0].kinds != Kind.NULL
    for column in key[1:]:
        whole = whole & (column.kinds != Kind.NULL)
    return whole


def key_texts(key: tuple[Values, ...]) -> Texts:
    """ChangeKeys as texts, equal where they are."""
    n = len(key[0])
    columns = [(each.kinds, *arrays(each.texts or no_texts(n))) for each in key]
    return Texts(*kernels.key_texts(columns, n))


def keys_of_texts(texts: Texts, width: int) -> tuple[Values, ...]:
    """The other way round; null where a text is empty."""
    out = []
    for kinds, offsets, data in kernels.keys_of_texts(*arrays(texts), width):
        out.append(Values(kinds, np.zeros(len(kinds), np.int64), Texts(offsets, data)))
    return tuple(out)


def keys_behind(names: Sequence[str], images: Texts, olds: Texts | None) -> ChangeKeys:
    """The keys in objects. olds: objects with what columns of the key were before, empty where nothing is known."""
    now = key_columns(names, images)
    if olds is None:
        return ChangeKeys(now)
    known = np.diff(olds.offsets) > 0
    rows: I64 = np.flatnonzero(known)
    if not len(rows):
        return ChangeKeys(now)
    n = len(images)
    then = key_columns(names, take_texts(olds, rows))
    before = []
    for old, new in zip(then, now, strict=True):
        told = old.kinds != Kind.NULL
        before.append(spread(either_values(told, old, take(new, rows)), rows, n))
    return compared(now, tuple(before), known)


def filled(keys: ChangeKeys, others: tuple[Values, ...]) -> ChangeKeys:
    """The keys, those that are not known from others."""
    known = is_whole(keys.now)
    now = tuple(either_values(known, one, other) for one, other in zip(keys.now, others, strict=True))
    return ChangeKeys(now, keys.before, keys.moved)


def names_told(events: Events, path: str, rows: I64) -> list[bytes]:
    """The different lists in a field of which codes were asked for, in the order in which these rows have them."""
    codes = events.codes(path)[rows]
    kinds, texts = events.dictionary(path)
    different, first = np.unique(codes, return_index=True)
    in_order = different[np.argsort(first)].tolist()
    return [texts[code] if kinds[code] == Kind.JSON else b"" for code in in_order]


def beside_or_in(names: Sequence[str], beside: Texts, images: Texts) -> ChangeKeys:
    """The keys that stand beside changes; where there is none, those in their rows."""
    keys = ChangeKeys(key_columns(names, beside))
    return keys if is_whole(keys.now).all() else filled(keys, key_columns(names, images))
