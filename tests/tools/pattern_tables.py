"""Tables of patterns, and how to have them work on events that are given as bits."""

from collections.abc import Mapping, Sequence

import numpy as np

from streamstat.kernels import PatternTable
from streamstat.patterns.program import program_of
from streamstat.patterns.reading import read_pattern

END = 2**63 - 1
Told = tuple[int, int, int, list[int]]  # group, start, end, numbers of the events


def table_of(
    text: str, within: int, *, overlap: bool = False, references: Mapping[str, str] | None = None
) -> PatternTable:
    """A table for a pattern. references: by name, the name that its condition looks at."""
    program = program_of(read_pattern(text))
    looked = {name: program.bit(of) for name, of in (references or {}).items()}
    return PatternTable(
        steps=list(program.steps),
        edges=[(each.source, each.to, each.adjacent, each.absent) for each in program.edges],
        first=list(program.first),
        last=list(program.last),
        before=program.before,
        behind=program.behind,
        references=[1 << looked[name] if name in looked else 0 for name in program.bits],
        within=within,
        overlap=overlap,
        looks_before=False,
    )


def push(
    table: PatternTable, masks: Sequence[int], times: Sequence[int] | None = None, sequence: int = 0
) -> None:
    """Events of one group, a second after the other unless times are given."""
    n = len(masks)
    at = np.arange(n, dtype=np.int64) if times is None else np.array(times, np.int64)
    bits = np.array(masks, np.uint64)
    table.push(np.arange(n, dtype=np.int64), np.zeros(n, np.int32), at, bits, sequence)


def worked(table: PatternTable, until: int = END) -> list[Told]:
    """What is told of the events before a time."""
    table.due(until, END)
    groups, starts, ends, offsets, numbers, _ = table.work(until, until)
    return [
        (int(group), int(start), int(end), numbers[lo:hi].tolist())
        for group, start, end, lo, hi in zip(groups, starts, ends, offsets[:-1], offsets[1:], strict=True)
    ]
