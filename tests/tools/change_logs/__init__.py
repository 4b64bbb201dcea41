"""The log of a history in every format: a line a record, with what each format has of traps.

`log_in(name, history, random)` gives the lines by transaction; `whole` puts them behind one another. Formats with
positions (`POSITIONED`) can be delivered twice; those with snapshots (`SNAPSHOTS`) can have one beside them.
"""

from tools.change_logs.debezium import PLACEHOLDER
from tools.change_logs.delivery import delivered_again, log_in, snapshot_in, whole
from tools.change_logs.formats import KEYLESS, NAMES, OPTIONS, PLACEHOLDERS, POSITIONED, SNAPSHOTS, TRUNCATING
from tools.change_logs.records import spelt

__all__ = [
    "KEYLESS",
    "NAMES",
    "OPTIONS",
    "PLACEHOLDER",
    "PLACEHOLDERS",
    "POSITIONED",
    "SNAPSHOTS",
    "TRUNCATING",
    "delivered_again",
    "log_in",
    "snapshot_in",
    "spelt",
    "whole",
]
