"""A text output that each commit with rows replaces: under its name there is always the whole of one commit."""

import os
import stat
from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

from streamstat.checkpoints import files
from streamstat.checkpoints.pending import PendingFile, pending_name
from streamstat.common.errors import CannotCreateError
from streamstat.common.terminal import printable
from streamstat.output.sinks import Sink
from streamstat.output.sinks.files import Bytes, NamedTarget
from streamstat.values.columns import ResultField, Rows

ABSENT: dict[str, Any] = {"version": 0, "size": 0, "digest": "", "before": ""}


class ReplacedFile:
    """A sink. Each version is written aside under a hidden name of its own, and renamed once its commit stands. It has
    the permissions of the one before.

    Its record: version, the number of the last one (0: there is none yet); size, its bytes; digest, of its content;
    before, that of the version that it replaces. make: the sink that writes a version.
    """

    def __init__(self, path: str | Path, token: str, make: Callable[[NamedTarget], Sink]) -> None:
        self.path = Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps the dots
        self.notes: list[str] = []
        self._token, self._make = token, make
        self._name = self.path.name
        self._folder = files.open_directory(self.path.parent, follow=True)
        self._fields: tuple[ResultField, ...] = ()
        self._record = ABSENT
        self._next = ABSENT
        self._names_synced = False
        self._file: _DigestedFile | None = None
        self._sink: Sink | None = None

    def check(self, record: Mapping[str, Any]) -> None:
        """CannotCreateError if the file under the name is not the one of the record; nothing is changed."""
        entry, pending = self._folder.entry(self._name), self._pending_name(record["version"])
        if record["version"] and self._folder.entry(pending) is not None:
            self._check_content(pending, record["digest"])
            record = {"version": record["version"] - 1, "digest": record["before"]}
        if entry is None:
            return
        if not record["version"]:
            hint = "move it away, or name another; with --state a report must be new when the state is"
            raise self._foreign("is there already, and this state did not write it", hint)
        if not stat.S_ISREG(entry.st_mode):
            raise self._foreign(
                "is no longer a regular file", "move it away, and the next rows bring it back"
            )
        self._check_content(self._name, record["digest"])

    def check_end(self, record: Mapping[str, Any]) -> None:
        """Nothing is ever behind a version: `check` knows it by the whole of its content."""

    def recover(self, record: Mapping[str, Any]) -> None:
        """Finish the last commit and remove what a killed run left of the next. After `check`."""
        self._record = dict(record)
        self._folder.remove(self._pending_name(record["version"] + 1))
        if record["version"] and self._folder.entry(self._pending_name(record["version"])) is not None:
            self._show()
        elif record["version"] and self._folder.entry(self._name) is None:
            self.notes.append(f"{printable(self.path)} is gone; the next rows bring it back")

    def open(self, fields: tuple[ResultField, ...]) -> None:
        """The columns of every version from here on."""
        self._fields = fields

    def write(self, rows: Rows) -> None:
        """Add rows to the version of the next commit."""
        if self._sink is None:
            name = self._pending_name(self._record["version"] + 1)
            before = self._folder.entry(self._name)
            mode = None if before is None else before.st_mode
            self._file = _DigestedFile(PendingFile(self._folder, name, self.path, mode))
            self._sink = self._make(self._file)
            self._sink.open(self._fields)
        self._sink.write(rows)

    def prepare(self, metadata: Mapping[str, str]) -> dict[str, Any]:
        """The version is on disk when this returns; the record of the next commit, which without rows is the last."""
        self._next = self._record
        if self._sink is not None and self._file is not None:
            self._sink.commit(metadata)
            self._next = {
                "version": self._record["version"] + 1,
                "size": self._file.size,
                "digest": self._file.digest,
                "before": self._record["digest"],
            }
            self._names_synced = False
        if not self._names_synced:
            self._folder.sync()
            self._names_synced = True
        return self._next

    def publish(self) -> None:
        """The version was committed: it takes the place of the one before."""
        self._record = self._next
        if self._sink is not None:
            self._sink = self._file = None
            self._show()

    def discard(self) -> None:
        """Leave no version that is not committed."""
        if self._sink is not None:
            self._sink.discard()

    def close(self) -> None:
        """Give back what is held."""
        self._folder.close()

    def _pending_name(self, version: int) -> str:
        """One a version: what a killed run has left of the next must never be taken for the last."""
        return pending_name(self._name, f"{version}.{self._token}")

    def _show(self) -> None:
        self._folder.rename(self._pending_name(self._record["version"]), self._name)
        self._names_synced = False

    def _check_content(self, name: str, digest: str) -> None:
        file = self._folder.open(name)
        if file is None:
            return
        try:
            content = file.read(0, file.size())
        finally:
            file.close()
        if _digest(content).hexdigest() != digest:
            hint = "move it away, and the next rows bring it back"
            raise self._foreign("is not as this state left it", hint)

    def _foreign(self, problem: str, hint: str) -> CannotCreateError:
        return CannotCreateError(printable(self.path), problem, hint)


class _DigestedFile:
    """A pending file whose content is known by its digest."""

    def __init__(self, file: PendingFile) -> None:
        self._file, self._hash = file, _digest(b"")
        self.path = file.path

    def directory(self) -> Path | None:
        return self._file.directory()

    @property
    def size(self) -> int:
        return self._file.size

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def open(self) -> None:
        self._file.open()

    def write(self, data: Bytes) -> None:
        self._hash.update(data)
        self._file.write(data)

    def publish(self) -> None:
        self._file.publish()

    def discard(self) -> None:
        self._file.discard()


def _digest(content: bytes) -> "blake2b":
    return blake2b(content, digest_size=16)
