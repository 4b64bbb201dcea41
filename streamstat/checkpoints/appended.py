"""A text output that grows from run to run: what is behind its committed length is never taken for a part of it.

What a killed run has left there is cut off. Where the last run came to its end it is somebody else's, and refused.
A compressed one grows by a member with each commit that has rows, so that what is committed can be read alone.
"""

import os
import stat
from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

from streamstat.checkpoints import files
from streamstat.checkpoints.pending import pending_name
from streamstat.common.errors import CannotCreateError
from streamstat.common.terminal import printable, quoted
from streamstat.output.packing import Members
from streamstat.output.sinks.files import Bytes

TAIL_BYTES = 256
ABSENT: dict[str, Any] = {"length": None, "tail": "", "pending": False}


class AppendedFile:
    """A target of rows or lines. Its first commit makes it: until then it has a hidden name, `pending`.

    Its record: length, bytes committed (None: it is not there yet); tail, the digest of the last 256 of them,
    by which it is known again; pending, whether the commit still has to give it its name.

    members: what compresses it; None: nothing does.
    """

    def __init__(
        self, path: str | Path, token: str, writing: Callable[[], None], members: Members | None = None
    ) -> None:
        self.path = Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps the dots
        self.notes: list[str] = []
        self._members = members
        self._writing = writing  # called before something is written behind what is committed
        self._name = self.path.name
        self._pending_name = pending_name(self._name, token)
        self._folder = files.open_directory(self.path.parent, follow=True)
        self._file: files.File | None = None
        self._pending = False  # has its hidden name
        self._names_synced = False  # whether all names given so far are on disk
        self._writer: files.Writer | None = None
        self._committed = 0  # bytes that a commit has
        self._tail = b""
        self._in_heading = False  # of a file that has one

    def check(self, record: Mapping[str, Any]) -> None:
        """CannotCreateError if the file under the name is not the one of the record; nothing is changed."""
        entry = self._folder.entry(self._name)
        if record["length"] is None:
            if entry is not None:
                hint = "move it away, or name another; with --state a report must be new when the state is"
                raise self._foreign("is there already, and this state did not write it", hint)
            return
        if record["pending"] and self._folder.entry(self._pending_name) is not None:
            if entry is not None:
                raise self._foreign("was made by somebody else in the meantime", "move it away and run again")
            self._check_content(self._pending_name, record)
        elif entry is not None:
            if not stat.S_ISREG(entry.st_mode):
                raise self._foreign("is no longer a regular file", "move it away, and the report begins anew")
            self._check_content(self._name, record)

    def check_end(self, record: Mapping[str, Any]) -> None:
        """CannotCreateError if the file under the name is longer than the record says. After `check`."""
        entry, length = self._folder.entry(self._name), record["length"]
        if entry is not None and length is not None and entry.st_size > length:
            problem = f"has {entry.st_size - length:,} bytes that this state did not write"
            cut = f"truncate -s {length} {quoted(self.path)}"
            raise self._foreign(problem, f"{cut} drops them; or move it away: then it begins anew")

    def recover(self, record: Mapping[str, Any]) -> None:
        """Finish the last commit: give the file its name, cut off what was not committed. After `check`."""
        here = self._folder.entry(self._pending_name) is not None
        if record["pending"] and here:
            self._folder.rename(self._pending_name, self._name)
        elif here:
            self._folder.remove(self._pending_name)
        self._file = None if record["length"] is None else self._folder.open(self._name)
        if self._file is None:
            if record["length"] is not None:
                self.notes.append(
                    f"{printable(self.path)} is gone and begins anew; its rows so far are not repeated"
                )
            return
        self._committed = length = record["length"]
        self._writer = files.Writer(self._file, length)
        if self._file.size() > length:
            self._file.cut(length)
            self._file.sync()  # nothing else may be written in this run, which will say that nothing is behind
        self._tail = self._file.read(max(0, length - TAIL_BYTES), length)

    def open(self) -> None:
        """A heading may follow, which only a new file gets."""
        self._in_heading = self._file is not None

    def heading_done(self) -> None:
        """What is written from now on is rows."""
        self._in_heading = False

    def is_empty(self) -> bool:
        """Whether nothing was written so far, in any run."""
        return self._writer is None or self._writer.size == 0

    def write(self, data: Bytes) -> None:
        """Append."""
        if not self._in_heading:
            writer = self._made()
            if not self._pending:
                self._writing()
            self._put(writer, data if self._members is None else self._members.add(data))

    def prepare(self, metadata: Mapping[str, str]) -> dict[str, Any]:
        """All that was written is on disk when this returns; the record of the next commit."""
        writer = self._made()
        assert self._file is not None
        if self._members is not None and (self._members.is_open or writer.size == 0):
            self._put(writer, self._members.end())
        writer.flush()
        if writer.size != self._committed or self._pending:
            self._file.sync()
        if not self._names_synced:
            self._folder.sync()
            self._names_synced = True
        tail = blake2b(self._tail, digest_size=16).hexdigest()
        return {"length": writer.size, "tail": tail, "pending": self._pending}

    def publish(self) -> None:
        """What was prepared is committed: it may be seen under its name."""
        self._committed = self._made().size
        if self._pending:
            if self._folder.entry(self._name) is not None:
                raise self._foreign("was made by somebody else in the meantime", "move it away and run again")
            self._folder.rename(self._pending_name, self._name)
            self._pending = self._names_synced = False

    def discard(self) -> None:
        """Take back what is not committed; all of it can be done as well by the next run."""
        if self._pending:
            self._folder.remove(self._pending_name)
        elif self._file is not None and self._writer is not None and self._writer.size > self._committed:
            self._file.cut(self._committed)

    def close(self) -> None:
        """Give back what is held."""
        if self._file is not None:
            self._file.close()
        self._folder.close()

    def _made(self) -> files.Writer:
        """The writer, of a new file under its hidden name if there was none."""
        if self._writer is None or self._file is None:
            self._file = self._folder.create(self._pending_name, 0o666)
            self._writer = files.Writer(self._file)
            self._pending, self._names_synced = True, False
        return self._writer

    def _put(self, writer: files.Writer, data: Bytes) -> None:
        writer.write(data)
        self._tail = (self._tail + bytes(data[-TAIL_BYTES:]))[-TAIL_BYTES:]

    def _check_content(self, name: str, record: Mapping[str, Any]) -> None:
        """Whether the committed bytes end as they did; a file may be longer, never shorter or another."""
        file = self._folder.open(name)
        if file is None:
            return
        try:
            length = record["length"]
            whole = file.size() >= length
            tail = file.read(max(0, length - TAIL_BYTES), length)
        finally:
            file.close()
        if not whole or blake2b(tail, digest_size=16).hexdigest() != record["tail"]:
            hint = "put it back, or move it away: then it begins anew"
            raise self._foreign("is not as this state left it", hint)

    def _foreign(self, problem: str, hint: str) -> CannotCreateError:
        return CannotCreateError(printable(self.path), problem, hint)
