"""What a decoder tells of records beside events: those that cannot be read, and runs of NULs."""

from streamstat.common.record import record


@record
class BadRecord:
    """A record that cannot be read: the lines of the block before it, the column from 1, its bytes, the reason.

    record: the first byte of the record, of which it may be an element.
    """

    line: int
    column: int
    begin: int
    end: int
    record: int
    reason: str


@record
class NulRuns:
    """Runs of NULs between lines: how many there are, their bytes, and where the first one begins."""

    number: int
    nuls: int
    first: int
