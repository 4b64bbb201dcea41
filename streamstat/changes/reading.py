"""Which file reads which format of a log. The names are those of `telling`, which may say more than a user does."""

import importlib

from streamstat.changes import ChangeReader, LogOptions
from streamstat.changes.kcat import Kcat

# By name the file, its class, and what it is told besides; `kcat` is around any of these.
READERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "upsert": ("upsert", "Upsert", ()),
    "debezium": ("debezium", "Debezium", ()),
    "debezium:schema": ("debezium", "Debezium", ("payload.",)),
    "debezium:flat": ("flattened", "Flattened", ()),
    "maxwell": ("maxwell", "Maxwell", ()),
    "canal": ("canal", "Canal", ()),
    "wal2json:1": ("wal2json1", "Wal2Json1", ()),
    "wal2json:2": ("wal2json2", "Wal2Json2", ()),
    "dms": ("dms", "Dms", ()),
    "mongodb": ("mongodb", "MongoDb", ()),
    "flink": ("flink", "Flink", ()),
}


def reader_of(told: str, asked: LogOptions) -> ChangeReader:
    """What reads a log of this format; KeyError for a name that `telling` does not give."""
    if told == "kcat":
        return Kcat(asked, reader_of)
    file, kind, settings = READERS[told]
    module = importlib.import_module(f"streamstat.changes.{file}")
    made: ChangeReader = getattr(module, kind)(asked, *settings)
    return made
