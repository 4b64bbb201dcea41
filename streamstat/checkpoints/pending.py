"""Files that a commit is still to show: they have hidden names until it stands."""

import os
from pathlib import Path

from streamstat.checkpoints import files
from streamstat.output.sinks.files import Bytes

LONGEST_NAME = 255


def pending_name(name: str, mark: str) -> str:
    """The hidden name of what is to be called `name`, as long as a name may be.

    >>> pending_name("report.csv", "a1")
    '.report.csv.a1.pending'
    """
    ending = f".{mark}.pending"
    kept = os.fsencode(name)[: LONGEST_NAME - len(ending) - 1]
    return f".{os.fsdecode(kept)}{ending}"


class PendingFile:
    """What a sink writes to: a hidden file, on disk once it is published.

    path: what a message names, as nobody knows the hidden name. mode: the permissions of what it replaces, if any.
    """

    def __init__(self, folder: files.Directory, name: str, path: Path, mode: int | None = None) -> None:
        self.path = path
        self._folder, self._name, self._mode = folder, name, mode
        self._file: files.File | None = None
        self._writer: files.Writer | None = None

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return 0 if self._writer is None else self._writer.size

    def open(self) -> None:
        self._file = self._folder.create(self._name, 0o666)
        if self._mode is not None:
            self._file.permit(self._mode)
        self._writer = files.Writer(self._file)

    def write(self, data: Bytes) -> None:
        assert self._writer is not None
        self._writer.write(data)

    def publish(self) -> None:
        assert self._file is not None and self._writer is not None
        self._writer.flush()
        self._file.sync()
        file, self._file = self._file, None
        file.close()

    def discard(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            file.close()
        self._folder.remove(self._name)

    def directory(self) -> Path | None:
        return self._folder.path
