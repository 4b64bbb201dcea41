"""Records of Kafka around others."""

import json
from random import Random

from tools.change_history import KEY, TABLE, Transaction
from tools.change_logs.records import Lines, Writer, spelt


class Kcat:
    """Records around those of another writer, with the key beside them; a delete has a tombstone behind it."""

    def __init__(self, inner: Writer, tombstones: bool) -> None:
        self._inner, self._tombstones = inner, tombstones
        self._offset = 0

    def __call__(self, transaction: Transaction, random: Random) -> Lines:
        """The lines of a transaction; offsets go on, with gaps."""
        lines = []
        for line in self._inner(transaction, random):
            key = _key_in(line)
            lines.append(self._record(random, transaction, key, line))
            if self._tombstones and key is not None and json.loads(line).get("op") == "d":
                lines.append(self._record(random, transaction, key, None))
        return lines

    def _record(self, random: Random, transaction: Transaction, key: object, payload: str | None) -> str:
        self._offset += random.choice([1, 1, 1, 3])
        spelling = None if key is None else f'{{"{KEY}":{key}}}'
        place = {"topic": f"shop.{TABLE}", "partition": 0, "offset": self._offset, "tstype": "create"}
        return spelt(
            {
                **place,
                "ts": 1000 * transaction.time,
                "headers": ["h", None],
                "key": spelling,
                "payload": payload,
            }
        )


def _key_in(line: str) -> object:
    record = json.loads(line, parse_float=str)
    row = record.get("after") or record.get("before") or (record if KEY in record else {})
    return row.get(KEY)
