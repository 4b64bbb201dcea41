"""The lines of commands: those that became events as they stand in the input, refused ones with the check."""

import json
from collections.abc import Iterator

from streamstat.engine.strategy import Judged
from streamstat.input.events import Events

_LINES_AT_ONCE = 4096


def accepted_lines(events: Events, judged: Judged) -> Iterator[bytes]:
    """Byte for byte; only what is asked for is made."""
    for lo in range(0, len(judged.accepted), _LINES_AT_ONCE):
        yield from events.records_of(judged.accepted[lo : lo + _LINES_AT_ONCE])


def refused_lines(events: Events, judged: Judged) -> Iterator[bytes]:
    """JSON objects of the name of a check and the command as it was written."""
    names = [json.dumps(name, ensure_ascii=False).encode(errors="replace") for name in judged.checks]
    for lo in range(0, len(judged.refused), _LINES_AT_ONCE):
        written = events.written_of(judged.refused[lo : lo + _LINES_AT_ONCE])
        for i, number in enumerate(judged.failed[lo : lo + _LINES_AT_ONCE].tolist()):
            yield b'{"check":%b,"command":%b}\n' % (names[number], written[i])
