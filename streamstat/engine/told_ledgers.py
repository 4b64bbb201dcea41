"""The ledgers that reports tell, summed."""

from collections.abc import Mapping, Sequence
from typing import Any

from streamstat.engine.ledger import BUCKETS, Ledger
from streamstat.values.columns import PLUS_INFINITY

SUMMED = ("lines", *BUCKETS, "late_assignments", "uncorrected", "clock_jumps", "bad_values", "bytes")


def summed(told: Sequence[Mapping[str, Any]]) -> Ledger:
    """What became of all their lines; ValueError for one that is no ledger. It has no rows yet.

    >>> summed([Ledger(lines=3, counted=3).as_dict(), Ledger(lines=2, late=2).as_dict()]).lines
    5
    """
    ledger = Ledger(watermark=PLUS_INFINITY)
    for each in told:
        for name in SUMMED:
            value = each.get(name, 0)
            if not isinstance(value, int) or value < 0:
                raise ValueError(f"{name}: {value!r} is no count")
            setattr(ledger, name, getattr(ledger, name) + value)
        lateness = each.get("max_lateness", 0)
        if not isinstance(lateness, int | float):
            raise ValueError(f"max_lateness: {lateness!r} is no number")
        ledger.max_lateness_us = max(ledger.max_lateness_us, round(lateness * 1_000_000))
    if ledger.lines != sum(getattr(ledger, name) for name in BUCKETS):
        raise ValueError("counts that do not add up")
    return ledger
