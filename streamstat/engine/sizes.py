"""From how many rows on work is shared or done in parts. Results do not depend on these sizes; time and memory do."""

from streamstat.common.record import record


@record
class Sizes:
    """The sizes of one engine; tests take small ones, so that little data takes every path.

    many_groups: so many are worth a word. ranked_at_once: rows that are alike but for their groups; ranks take many
    times the memory of rows. many_updated: rows, for fewer kernels do not let other threads run Python.
    many_absorbed: states that come as bytes. many_swept: rows that are worth a second thread. published_at_once: rows
    take more memory than small states. many_pieces: fewer are sorted as they are, more are read read_at_once at a time.
    most_waiting: rows of a window of which only the first are wanted; the others are dropped. many_stretches: in which
    producers were heard from; fewer are not worth a look for those that nobody needs any more. worked_at_once: events
    that waited for the watermark.
    """

    many_groups: int = 1_000_000
    ranked_at_once: int = 65_536
    many_updated: int = 1 << 16
    many_absorbed: int = 1 << 12
    many_swept: int = 4096
    published_at_once: int = 65_536
    many_pieces: int = 262_144
    read_at_once: int = 65_536
    most_waiting: int = 65_536
    many_stretches: int = 256
    worked_at_once: int = 1 << 19


SIZES = Sizes()
