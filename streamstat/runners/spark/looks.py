"""What the driver finds out by the first bytes of inputs, once for all tasks: formats, and the field that has the time.

It reads as little as a run on one machine would before its first row, and says the same of what it finds.
"""

from streamstat.common.errors import ArchiveError
from streamstat.common.record import record
from streamstat.input.blocks.items import Block, InputEnds
from streamstat.input.feed import Limits
from streamstat.input.formats import Format
from streamstat.input.sources import Input, Stop
from streamstat.input.sources.codecs import codecs_that_begin, is_begun
from streamstat.input.sources.guarded import GuardedSource
from streamstat.input.sources.inputs import Inputs
from streamstat.input.sources.utf16 import utf16_codec
from streamstat.plan.job import Job
from streamstat.runners.time_search import TimeSearch

_TOLD_BYTES = 64  # of a file, by which it is told what it is packed in
_LOOK_BLOCK_BYTES = 1 << 16


@record
class InputLook:
    """An input as its first block tells it. format: None if it has none; is_plain: its bytes are what its lines are
    made of."""

    format: Format | None
    head: bytes
    is_plain: bool


class Looks:
    """Looks at inputs in their order, at the first block of each; and further, until the time field is found."""

    def __init__(self, job: Job, inputs: Inputs, limits: Limits) -> None:
        self._inputs, self._limits = inputs, limits
        self._search = None if job.names_time else TimeSearch(job)
        self.time: str | None = None

    def all(self) -> list[InputLook]:
        """Of each input; UsageError where no field is known to have the time."""
        found = [self._look(one) for one in self._inputs]
        if self._search is not None and self.time is None:
            self._search.end()
        return found

    def _look(self, one: Input) -> InputLook:
        format, head = None, b""
        with replace_blocks(self._limits).open([one]) as reader:
            for item in reader:
                if isinstance(item, InputEnds) and isinstance(item.error, ArchiveError):
                    raise item.error
                if not isinstance(item, Block):
                    continue
                if format is None:
                    format, head = item.format, item.mark.head
                if self._search is not None and self.time is None:
                    self.time = self._search.look(item)
                item.release()
                if self._search is None or self.time is not None:
                    break
        return InputLook(format, head, _is_plain(one))


def replace_blocks(limits: Limits) -> Limits:
    """The same limits, in small blocks."""
    return Limits(
        _LOOK_BLOCK_BYTES, limits.max_line_bytes, limits.max_expansion, choose=limits.choose, streams=1
    )


def _is_plain(one: Input) -> bool:
    """Whether its bytes are neither compressed nor UTF-16; of what cannot be read the task will tell."""
    stop, piece = Stop(), memoryview(bytearray(_TOLD_BYTES))
    try:
        source = one.open(stop)
        if source is None:
            return False
        try:
            n = GuardedSource(source, one.name, stop).read_present(piece)
        finally:
            source.close()
    except OSError:
        return False
    finally:
        stop.close()
    head = bytes(piece[:n])
    is_packed = any(is_begun(codec, head) for codec in codecs_that_begin(head))
    return not is_packed and utf16_codec(head) is None
