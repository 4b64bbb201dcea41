"""Logs of changes, the plain way: a record at a time, as dictionaries, a file a format.

`Log(format).read(text)` takes one record. `changes` has what came of all; `filtered` and `bad` are the numbers of
records of which nothing came; `held` those that wait for a later one; `open` the transaction that is not whole.
"""

from oracle.changes.canal import canal, with_numbers
from oracle.changes.debezium import debezium, in_schema
from oracle.changes.dms import dms
from oracle.changes.flattened import flat
from oracle.changes.flink import flink
from oracle.changes.kcat import kcat
from oracle.changes.log import FORMATS, Bad, Change, Log, Refused
from oracle.changes.maxwell import maxwell
from oracle.changes.mongodb import mongodb, plain
from oracle.changes.upsert import upsert
from oracle.changes.values import Number, at, parsed, spelt
from oracle.changes.wal2json import wal2json1, wal2json2

__all__ = ["Bad", "Change", "Log", "Number", "Refused", "at", "parsed", "plain", "spelt", "with_numbers"]

FORMATS |= {
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
