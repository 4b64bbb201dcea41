"""In the process of a command under test: its state-touching calls are counted, killed, made to fail, or written down.

Everything that `--state` does to a disk goes through `streamstat.checkpoints.files`, which calls `os` and `fcntl`;
these two names are replaced there. Production code knows nothing of it. `plant` puts a known defect into the code.
"""

import fcntl
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

from streamstat.checkpoints import appended, commit, files, folder, held, replaced
from streamstat.checkpoints.checkpoint import encode
from streamstat.commands import run
from streamstat.common.errors import ReadWriteError
from streamstat.input.feed import Limits

CALLS = set(
    "open pread pwrite ftruncate fchmod fsync rename unlink mkdir close fstat stat listdir flock".split()
)
Act = Callable[[int, str, tuple[Any, ...]], None]


class Watched:
    """A module of which some functions are told of before they are called."""

    def __init__(self, module: Any, act: Act, numbers: "count[int]") -> None:
        self._module, self._act, self._numbers = module, act, numbers

    def __getattr__(self, name: str) -> Any:
        function = getattr(self._module, name)
        if name not in CALLS:
            return function

        def called(*arguments: Any, **named: Any) -> Any:
            self._act(next(self._numbers), name, arguments)
            return function(*arguments, **named)

        return called


def watch(act: Act) -> None:
    """Tell `act` the number (from 1), name and arguments of each call."""
    numbers = count(1)
    vars(files).update(os=Watched(os, act, numbers), fcntl=Watched(fcntl, act, numbers))


def commit_often(every: int = 1, plant: str = "") -> None:
    """A commit is due every so many times that somebody asks, which is between small blocks."""
    asked = count(1)
    small_blocks()
    commit.StateCommitter.due = lambda self, now: next(asked) % every == 0  # type: ignore[method-assign]
    if plant:
        PLANTS[plant]()


def small_blocks() -> None:
    """Many blocks of a small file."""
    vars(run)["Limits"] = partial(Limits, block_bytes=1024)


def kill_at(number: int, every: int = 1, plant: str = "") -> None:
    """SIGKILL at this call, which is not made; of a write the first half is."""
    commit_often(every, plant)

    def act(n: int, name: str, arguments: tuple[Any, ...]) -> None:
        if n == number:
            if name == "pwrite":
                descriptor, data, place = arguments
                os.pwrite(descriptor, bytes(data)[: len(data) // 2], place)
            os.kill(os.getpid(), signal.SIGKILL)

    watch(act)


def fail_at(number: int, code: int, for_ever: bool, every: int = 1) -> None:
    """This call fails with this errno; `for_ever`: so do all after it."""
    commit_often(every)

    def act(n: int, name: str, arguments: tuple[Any, ...]) -> None:
        if n == number or (for_ever and n > number):
            raise OSError(code, os.strerror(code))

    watch(act)


def note_calls(path: str, every: int = 1, plant: str = "") -> None:
    """The name of each call, a line each."""
    commit_often(every, plant)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def act(n: int, name: str, arguments: tuple[Any, ...]) -> None:
        os.write(file, f"{name}\n".encode())

    watch(act)


def wait_inside(reader: int, writer: int, plant: str = "") -> None:
    """Whoever has the lock goes on only when all others have ended: then nobody else holds the pipe."""
    commit_often(1, plant)
    original = files.File.lock

    def lock(self: files.File) -> bool:
        has_it = original(self)
        if has_it:
            os.close(writer)
            os.read(reader, 1)
        return has_it

    files.File.lock = lock  # type: ignore[method-assign]


def signal_at(number: int, which: int) -> None:
    """This signal comes when somebody asks for the so many-th time whether a commit is due; none ever is."""
    asked = count(1)
    small_blocks()

    def due(self: commit.StateCommitter, now: float) -> bool:
        if next(asked) == number:
            os.kill(os.getpid(), which)
        return False

    commit.StateCommitter.due = due  # type: ignore[method-assign]


def mark_commits(path: str, every: int = 1) -> None:
    """The file's byte says whether a commit is going on; its length is one more with each."""
    commit_often(every)
    file = os.open(path, os.O_WRONLY | os.O_CREAT)
    original = commit.StateCommitter.commit

    def marked(self: commit.StateCommitter, run: Any) -> None:
        os.pwrite(file, b"1", 0)
        original(self, run)
        os.pwrite(file, b"0", 0)

    commit.StateCommitter.commit = marked  # type: ignore[method-assign]


def _offset_saved_before_rows() -> None:
    original = commit.StateCommitter.commit

    def planted(self: commit.StateCommitter, run: Any) -> None:
        engine, inputs = run.engine.snapshot(), self.records(run.positions)
        early = replace(self.last, engine=engine, inputs=inputs)
        self.folder.replace(encode(early))
        original(self, run)

    commit.StateCommitter.commit = planted  # type: ignore[method-assign]


def _no_fsync_of_the_folder() -> None:
    files.Directory.sync = lambda self: None  # type: ignore[method-assign]


def _no_fsync_of_files() -> None:
    files.File.sync = lambda self: None  # type: ignore[method-assign]


def _publish_before_commit() -> None:
    def planted(self: commit.StateCommitter, run: Any) -> None:
        following = self._prepared(run)
        for output in self.outputs.committed.values():
            output.publish()
        self.folder.replace(encode(following))
        self.last = following

    commit.StateCommitter.commit = planted  # type: ignore[method-assign]


def _truncation_trusted() -> None:
    original = appended.AppendedFile.recover

    def planted(self: appended.AppendedFile, record: Mapping[str, Any]) -> None:
        entry = self._folder.entry(self._name)
        long = dict(record) if entry is None else {**record, "length": entry.st_size}
        original(self, long)

    appended.AppendedFile.recover = planted  # type: ignore[method-assign]


def _member_left_open() -> None:
    def planted(self: appended.AppendedFile, metadata: Mapping[str, str]) -> dict[str, Any]:
        members, self._members = self._members, None
        try:
            return original(self, metadata)
        finally:
            self._members = members

    original = appended.AppendedFile.prepare
    appended.AppendedFile.prepare = planted  # type: ignore[method-assign]


def _one_name_for_all_versions() -> None:
    original = replaced.ReplacedFile._pending_name
    replaced.ReplacedFile._pending_name = lambda self, version: original(self, 1)  # type: ignore[method-assign]


def _lock_skipped() -> None:
    files.File.lock = lambda self: True  # type: ignore[method-assign]


def _writing_not_noted() -> None:
    folder.StateFolder.set_writing = lambda self, number: None  # type: ignore[method-assign]


def _note_not_synced() -> None:
    def planted(self: folder.StateFolder, number: int) -> None:
        self._put_number(folder.WRITING, number).close()

    folder.StateFolder.set_writing = planted  # type: ignore[method-assign]


PLANTS = {
    "offset saved before rows": _offset_saved_before_rows,
    "no fsync of the folder": _no_fsync_of_the_folder,
    "no fsync of files": _no_fsync_of_files,
    "publish before commit": _publish_before_commit,
    "truncation trusted": _truncation_trusted,
    "member left open": _member_left_open,
    "one name for all versions": _one_name_for_all_versions,
    "lock skipped": _lock_skipped,
    "writing not noted": _writing_not_noted,
    "note not synced": _note_not_synced,
}


def fail_to_print() -> None:
    """Rows on stdout are committed, and then cannot be printed."""

    def publish(self: held.HeldStream) -> None:
        if self.waiting():
            raise ReadWriteError("stdout", "is gone")

    held.HeldStream.publish = publish  # type: ignore[method-assign]
