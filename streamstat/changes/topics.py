"""The topics that a table's changes come in: a record without payload says nothing of a table but its topic."""

import numpy as np

from streamstat.changes.tables import RowTables, Table
from streamstat.input.events import Events
from streamstat.values.columns import I64, Kind, Mask
from streamstat.values.packing import Packer, Unpacker


class Topics:
    """Those in which changes of the table were found. asked: the table's name, which a topic may have or end in."""

    def __init__(self, asked: str | None) -> None:
        self.table = Table(asked)
        self._asked = asked
        self._known: set[str] = set()

    def row_tables(self, events: Events) -> RowTables:
        """The topic of each row of a block."""
        kinds, texts = events.dictionary("topic")
        pairs = enumerate(kinds.tolist())
        labels = (texts[i].decode("utf-8", "replace") if kind == Kind.TEXT else None for i, kind in pairs)
        return RowTables(events.codes("topic").astype(np.int64), tuple(labels))

    def of_table(self, topics: RowTables, rows: I64, changed: I64) -> Mask:
        """Which of these rows, which have no payload, are in a topic that had a change of the table before.

        changed: the rows of the block that are such changes, ascending.
        """
        codes, first = np.unique(topics.codes[changed], return_index=True)
        since = np.full(len(topics.labels), np.iinfo(np.int64).max)
        since[codes] = changed[first]
        for code, label in enumerate(topics.labels):
            if label in self._known or (
                self._asked is not None and label is not None and self.table.is_mine(label)
            ):
                since[code] = -1
        self._known |= {label for code in codes.tolist() if (label := topics.labels[code]) is not None}
        found: Mask = since[topics.codes[rows]] < rows
        return found

    def snapshot(self, packer: Packer) -> None:
        """All of them."""
        packer.integer("topics", len(self._known))
        for topic in sorted(self._known):
            packer.blob("topic", topic.encode())
        self.table.snapshot(packer)

    def restore(self, unpacker: Unpacker) -> None:
        """As they were."""
        self._known = {unpacker.blob("topic").decode() for _ in range(unpacker.integer("topics"))}
        self.table.restore(unpacker)
