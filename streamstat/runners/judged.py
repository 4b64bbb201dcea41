"""The lines of commands: those that became events as they stand in the input, refused ones with the check."""

import json
from collections.abc import Iterator

from streamstat.engine.strategy import Judged, Publication
from streamstat.input.events import Events
from streamstat.runners import Watcher

_AT_ONCE_JUDGED = 4096  # lines


def tell_published(watcher: Watcher, publication: Publication, events: Events) -> None:
    """Rows, and lines of the commands of a block."""
    watcher.published(publication)
    if publication.judged is not None:
        judged = publication.judged
        watcher.judged(accepted_lines(events, judged), refused_lines(events, judged))


def accepted_lines(events: Events, judged: Judged) -> Iterator[bytes]:
    """Byte for byte; only what is asked for is made."""
    for lo in range(0, len(judged.accepted), _AT_ONCE_JUDGED):
        yield from events.records_of(judged.accepted[lo : lo + _AT_ONCE_JUDGED])


def refused_lines(events: Events, judged: Judged) -> Iterator[bytes]:
    """JSON objects of the name of a check and the command as it was written."""
    names = [json.dumps(name, ensure_ascii=False).encode(errors="replace") for name in judged.checks]
    for lo in range(0, len(judged.refused), _AT_ONCE_JUDGED):
        written = events.written_of(judged.refused[lo : lo + _AT_ONCE_JUDGED])
        for i, number in enumerate(judged.failed[lo : lo + _AT_ONCE_JUDGED].tolist()):
            yield b'{"check":%b,"command":%b}\n' % (names[number], written[i])
