"""How far each of several streams has been read: the one that is behind is read next.

Told by the reading thread from the last events of each block, before anybody decodes it: so it is the same each time,
and no block is read too early because an answer is still on its way.
"""

from streamstat.event_time.fields import INSTANT, LOCAL
from streamstat.input.blocks.items import Block
from streamstat.input.events import BlockDecoder, decode_bytes, decoder_of
from streamstat.input.formats import Format
from streamstat.plan.job import Job
from streamstat.values.columns import MINUS_INFINITY, Need

TAIL_BYTES = 1 << 13


class Progress:
    """The newest time that was read of each stream of a job, as events tell it: a device's clock is not corrected."""

    def __init__(self, job: Job) -> None:
        self._newest = [MINUS_INFINITY for _ in job.each_stream]
        self._decoders: dict[tuple[int, Format], BlockDecoder] = {}

    @property
    def behind(self) -> int:
        """The stream that has been read least far."""
        return self._newest.index(min(self._newest))

    def look(self, job: Job, stream: int, block: Block) -> None:
        """A block of a stream has been read; the job knows the field of its time if that is known by now."""
        of_stream = job.each_stream[stream]
        fields = [source for source in of_stream.clock.time if isinstance(source, str)]
        if not fields or not of_stream.names_time:
            return
        events = decode_bytes(self._decoder(of_stream, stream, block.alone), _tail(block))
        for path in fields:
            times, kinds = events.times(path)
            known = times[(kinds == INSTANT) | (kinds == LOCAL)]
            if len(known):
                self._newest[stream] = max(self._newest[stream], int(known.max()))

    def _decoder(self, job: Job, stream: int, format: Format) -> BlockDecoder:
        key = stream, format
        if key not in self._decoders:
            fields = [source for source in job.clock.time if isinstance(source, str)]
            self._decoders = {
                key: decoder_of(format, dict.fromkeys(fields, Need.TIME), job.times, job.within)
            }
        return self._decoders[key]


def _tail(block: Block) -> bytes:
    """The last records of a block; the first of them may be a part of one."""
    view = block.buffer[max(block.size - TAIL_BYTES, block.begin) : block.size].tobytes()
    return view if len(view) < TAIL_BYTES else view[view.find(b"\n") + 1 :]
