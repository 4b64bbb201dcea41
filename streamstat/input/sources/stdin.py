"""Standard input, by descriptor: Python's buffered stream would hold back what a slow pipe delivers."""

import os
import stat
import sys

from streamstat.common.errors import MissingInputError
from streamstat.input.sources import Input, Source, Stop
from streamstat.input.sources.descriptors import source_of_descriptor

NAME = "-"
_STDIN = 0


def stdin_input() -> Input:
    """Standard input as an input; raises MissingInputError if it is closed."""
    try:
        status = os.fstat(_STDIN)
    except OSError:
        status = None
    # A closed descriptor 0 may have been given to another file since; Python noted it when it started.
    if status is None or sys.stdin is None:
        raise MissingInputError(NAME, "standard input is closed", "name a file, for example events.ndjson")
    if stat.S_ISDIR(status.st_mode):
        raise MissingInputError(
            NAME, "standard input is a directory", "name a file, for example events.ndjson"
        )

    def open_it(stop: Stop) -> Source:
        return source_of_descriptor(_STDIN, stop, owned=False)

    size = None
    if stat.S_ISREG(status.st_mode):
        size = max(0, status.st_size - os.lseek(_STDIN, 0, os.SEEK_CUR))
    return Input(NAME, open_it, (status.st_dev, status.st_ino), size=size)
