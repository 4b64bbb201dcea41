"""Every format by its name, and what can be in its log."""

from tools.change_history import KEY
from tools.change_logs.debezium import debezium, debezium_flat, debezium_mysql, debezium_schema
from tools.change_logs.dms import dms
from tools.change_logs.flink import flink
from tools.change_logs.kcat import Kcat
from tools.change_logs.mongodb import mongodb
from tools.change_logs.mysql import canal, maxwell
from tools.change_logs.records import Writer
from tools.change_logs.upsert import upsert
from tools.change_logs.wal2json import wal2json1, wal2json2


def writers() -> dict[str, Writer]:
    """A writer for each format, by its name; each has what it counts for itself."""
    return {
        "upsert": upsert,
        "debezium": debezium,
        "debezium mysql": debezium_mysql,
        "debezium schema": debezium_schema,
        "debezium flat": debezium_flat,
        "maxwell": maxwell,
        "canal": canal,
        "wal2json 1": wal2json1,
        "wal2json 2": wal2json2,
        "dms": dms,
        "mongodb": mongodb,
        "flink": flink,
        "kcat debezium": Kcat(debezium, True),
        "kcat upsert": Kcat(upsert, False),
    }


NAMES = tuple(writers())

POSITIONED = (
    *("debezium", "debezium mysql", "debezium schema", "maxwell", "wal2json 1", "wal2json 2"),
    *("mongodb", "kcat debezium", "kcat upsert"),
)

SNAPSHOTS = ("debezium", "debezium mysql", "maxwell", "dms")

PLACEHOLDERS = (
    "debezium",
    "debezium schema",
    "kcat debezium",
)  # a row may lack DOC, if it was not known before

KEYLESS = (
    "upsert",
    "debezium",
    "debezium mysql",
    "debezium schema",
    "debezium flat",
    "dms",
    "flink",
)  # need --key

OPTIONS = {
    name: [*(["--key", KEY] if name in KEYLESS else []), *(["--deleted", "gone"] if "upsert" in name else [])]
    for name in NAMES
}

TRUNCATING = (
    "debezium",
    "debezium mysql",
    "debezium schema",
    "canal",
    "wal2json 1",
    "wal2json 2",
    "kcat debezium",
)
