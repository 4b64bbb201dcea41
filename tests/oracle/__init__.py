"""The slow, obvious truth: what a run must give, written from the contract alone, one event at a time.

It imports nothing of the engine and takes no short cut: rows are computed afresh from the events of a window.
"""

from .options import Options
from .run import Oracle, Result, run
from .text import csv_text

__all__ = ["Options", "Oracle", "Result", "csv_text", "run"]
