"""How far the windows of a report have fired."""

from streamstat.values.columns import MINUS_INFINITY
from streamstat.values.packing import Packer, Unpacker


class Fired:
    """The watermark up to which the windows of a report have fired."""

    def __init__(self) -> None:
        self.watermark = MINUS_INFINITY

    def snapshot(self) -> bytes:
        """Where it stands."""
        return Packer().integer("watermark", self.watermark).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As it stood."""
        unpacker = Unpacker(snapshot)
        self.watermark = unpacker.integer("watermark")
        unpacker.end()
