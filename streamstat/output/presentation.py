"""What those who write for eyes must be told of a result, as rows alone do not say it."""

from streamstat.common.record import record


@record
class Presentation:
    """keys: names of the group columns. one_size: all windows take the same time, so that their ends say nothing.

    live: rows come as they fire and are wanted at once, so nothing can be known of those to come. sums: names of the
    columns that may be added up over groups. in_view: rows for stdout are seen in a live view alone.
    """

    keys: tuple[str, ...] = ()
    one_size: bool = False
    live: bool = False
    sums: tuple[str, ...] = ()
    in_view: bool = False
