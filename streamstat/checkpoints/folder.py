"""The folder of a state: made for its owner alone, locked while a run works with it, and its one checkpoint.

lock             an empty file; whoever holds its flock works with the folder
checkpoint       the only truth
checkpoint.next  the one after it, before it is whole
printed          the number of the commit whose rows all went to stdout
writing          the number of the commit that ended a run, and behind which another has begun to write
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from streamstat.checkpoints import files
from streamstat.checkpoints.checkpoint import Checkpoint, decode
from streamstat.common.errors import CannotCreateError, LockedError, MissingInputError, StateError
from streamstat.common.terminal import printable, quoted

LOCK, CHECKPOINT, NEXT = "lock", "checkpoint", "checkpoint.next"
PRINTED, WRITING = "printed", "writing"
OURS = {LOCK, CHECKPOINT, NEXT, PRINTED, WRITING}


class StateFolder:
    """An open folder that no other run can open until it is closed or the process ends."""

    def __init__(self, directory: files.Directory, lock: files.File) -> None:
        self.directory, self._lock = directory, lock
        self.in_doubt = False  # whether nobody can tell which checkpoint a crash would leave
        self._synced = True
        self.notes: list[str] = []  # what its owner should know, once

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Make the folder if it is not there, and lock it.

        LockedError if another run has it, CannotCreateError if it cannot be made or holds somebody else's
        files, StateError if others may write to it.
        """
        made = files.make_directory(Path(path), 0o700)
        directory = files.open_directory(Path(path), follow=False)
        if not made:
            _check_owner(directory)
            _check_names(directory)
        folder = cls(directory, _locked(directory))
        folder._synced = not made
        if not made:
            folder.notes += _open_to_others(directory)
        return folder

    def read(self) -> Checkpoint | None:
        """The checkpoint; None in a new folder."""
        return read_checkpoint(self.directory)

    def replace(self, content: Iterable[bytes]) -> None:
        """Put another checkpoint in the place of the last one: when this returns, it is the truth.

        Two fsyncs: of the file, then of the folder, without which the name itself could be lost.
        """
        file = self.directory.create(NEXT)
        try:
            writer = files.Writer(file)
            for piece in content:
                writer.write(piece)
            writer.flush()
            file.sync()
        finally:
            file.close()
        self.in_doubt = True
        self.directory.rename(NEXT, CHECKPOINT)
        self.directory.sync()
        self.in_doubt = False
        self._sync_parent()

    def abandon(self) -> None:
        """Remove a checkpoint that was written aside only."""
        self.directory.remove(NEXT)

    def printed(self) -> int:
        """The last commit whose rows are known to have gone to stdout whole; -1: none."""
        return self._number(PRINTED)

    def set_printed(self, number: int) -> None:
        """All rows up to this commit went to stdout. Not synced: if it is lost, rows come twice, never not."""
        self._put_number(PRINTED, number).close()

    def writing(self) -> int:
        """The commit behind which a run has begun to write; -1: none."""
        return self._number(WRITING)

    def set_writing(self, number: int) -> None:
        """From now on there may be something behind this commit. It is on disk when this returns."""
        new = self.directory.entry(WRITING) is None
        file = self._put_number(WRITING, number)
        try:
            file.sync()
        finally:
            file.close()
        if new:
            self.directory.sync()

    def close(self) -> None:
        """Give the lock back."""
        self._lock.close()
        self.directory.close()

    def _number(self, name: str) -> int:
        """The number in a file; -1 where there is none, or not the whole of it."""
        file = self.directory.open(name, os.O_RDONLY)
        if file is None:
            return -1
        text = file.read(0, 32)
        file.close()
        number = text.removesuffix(b"\n")
        return int(number) if number.isdigit() and text.endswith(b"\n") else -1

    def _put_number(self, name: str, number: int) -> files.File:
        """The file with this number in it, still open."""
        file = self.directory.open(name, os.O_RDWR | os.O_CREAT)
        assert file is not None
        file.cut(0)
        file.write(b"%d\n" % number, 0)
        return file

    def _sync_parent(self) -> None:
        """Once, for a folder that was made by this run."""
        if not self._synced:
            parent = files.open_directory(self.directory.path.absolute().parent, follow=True)
            parent.sync()
            parent.close()
            self._synced = True


def look(path: str | Path) -> Checkpoint:
    """The checkpoint in a folder that may be in use; nothing is changed."""
    if not os.path.isdir(path):  # noqa: PTH112 - of a name that is too long, Path.is_dir raises
        raise MissingInputError(printable(path), "no such folder", "name the folder of a --state")
    directory = files.open_directory(Path(path), follow=False)
    try:
        checkpoint = read_checkpoint(directory)
    finally:
        directory.close()
    if checkpoint is None:
        raise MissingInputError(printable(path), "holds no checkpoint", "name the folder of a --state")
    return checkpoint


def read_checkpoint(directory: files.Directory) -> Checkpoint | None:
    """The checkpoint as it is now; None if there is none."""
    file = directory.open(CHECKPOINT, os.O_RDONLY)
    if file is None:
        return None
    try:
        return decode(file.read, file.size(), directory.place(CHECKPOINT))
    finally:
        file.close()


def _check_owner(directory: files.Directory) -> None:
    status, place = directory.status(), printable(directory.path)
    if status.st_uid != os.geteuid():
        raise StateError(place, "belongs to another user", "name a folder of your own")
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise StateError(place, "others may write to it", f"chmod 700 {quoted(place)} keeps them out")


def _open_to_others(directory: files.Directory) -> list[str]:
    """A word about a folder that was there before its first state, if others may look into it."""
    begins = directory.entry(CHECKPOINT) is None
    if not begins or not directory.status().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return []
    place = printable(directory.path)
    return [
        f"{place} was there already, and others may look into it; chmod 700 {quoted(place)} keeps them out"
    ]


def _check_names(directory: files.Directory) -> None:
    names = directory.names()
    if CHECKPOINT not in names and (others := [name for name in names if name not in OURS]):
        problem = f"is no state folder: it holds {printable(others[0], 60)}"
        raise CannotCreateError(printable(directory.path), problem, "name a new or empty folder")


def _locked(directory: files.Directory) -> files.File:
    """The lock file, locked; if it was replaced while we waited for nobody, the present one is what counts."""
    while True:
        lock = directory.open(LOCK, os.O_RDWR | os.O_CREAT)
        assert lock is not None
        if not lock.lock():
            hint = "wait for it to end, or give each report a --state of its own"
            raise LockedError(printable(directory.path), "another run works with this state", hint)
        present = directory.entry(LOCK)
        if present is not None and (present.st_dev, present.st_ino) == lock.identity():
            return lock
        lock.close()
