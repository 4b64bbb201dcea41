"""Which format an input has: the one that was asked for, or the one that its first bytes tell."""

from streamstat.input.formats import Format
from streamstat.input.formats.ndjson import Ndjson


def as_ndjson(_: memoryview, __: bool) -> Format:
    """The format of every input where none is asked for and none looked for."""
    return Ndjson()
