"""What a disk may hold after the power went out: a record of all calls, and the images that it allows.

A file's content is durable when it was synced, an entry of a directory when the directory was. Of what came after, an
image keeps nothing, or any part: entries one by one, writes in order, the last one torn, or only the space for them.
"""

import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from streamstat.checkpoints import files, held
from tools.state_calls import commit_often

Step = dict[str, Any]


class Recorder:
    """Stands in for `os` in `streamstat.checkpoints.files` and writes down every change, once it was made."""

    def __init__(self, path: str) -> None:
        self._log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._paths: dict[int, str] = {}  # of open directories
        self._numbers: dict[int, int] = {}  # of open files
        self._known: dict[str, int] = {}  # number of the file at a path
        self._next = 0
        for line in Path(path).read_text().splitlines():  # of a run before
            step = json.loads(line)
            if step["do"] in ("create", "rename", "unlink"):
                apply(self._known, step)
                self._next = max(self._next, step.get("file", 0))

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def note(self, **step: Any) -> None:
        os.write(self._log, (json.dumps(step) + "\n").encode())

    def mkdir(self, path: Path, mode: int) -> None:
        os.mkdir(path, mode)  # noqa: PTH102
        self.note(do="mkdir", path=str(path.absolute()))

    def open(self, name: Any, flags: int, mode: int = 0o600, dir_fd: int | None = None) -> int:
        path = str(Path(name).absolute()) if dir_fd is None else f"{self._paths[dir_fd]}/{name}"
        new = not os.path.lexists(path)
        descriptor = os.open(name, flags, mode, dir_fd=dir_fd)
        if flags & os.O_DIRECTORY:
            self._paths[descriptor] = path
            self._numbers.pop(descriptor, None)
            return descriptor
        if new or path not in self._known:
            self._next += 1
            self._known[path] = self._next
            self.note(do="create", path=path, file=self._next)
        self._numbers[descriptor] = self._known[path]
        self._paths.pop(descriptor, None)
        return descriptor

    def pwrite(self, descriptor: int, data: Any, at: int) -> int:
        written = os.pwrite(descriptor, data, at)
        piece = bytes(data)[:written].hex()
        self.note(do="write", file=self._numbers[descriptor], at=at, data=piece)
        return written

    def ftruncate(self, descriptor: int, size: int) -> None:
        os.ftruncate(descriptor, size)
        self.note(do="cut", file=self._numbers[descriptor], size=size)

    def fsync(self, descriptor: int) -> None:
        os.fsync(descriptor)
        if descriptor in self._paths:
            self.note(do="sync folder", path=self._paths[descriptor])
        else:
            self.note(do="sync", file=self._numbers[descriptor])

    def rename(self, old: str, new: str, *, src_dir_fd: int, dst_dir_fd: int) -> None:
        os.rename(old, new, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)
        folder = self._paths[src_dir_fd]
        self._known[f"{folder}/{new}"] = number = self._known.pop(f"{folder}/{old}")
        self.note(do="rename", path=f"{folder}/{old}", to=f"{folder}/{new}", file=number)

    def unlink(self, name: str, *, dir_fd: int) -> None:
        os.unlink(name, dir_fd=dir_fd)
        self._known.pop(f"{self._paths[dir_fd]}/{name}", None)
        self.note(do="unlink", path=f"{self._paths[dir_fd]}/{name}")


def record(path: str, every: int = 1, plant: str = "") -> None:
    """Write down every change of the disk, and every print, in the process of a command."""
    commit_often(every, plant)
    recorder = Recorder(path)
    vars(files)["os"] = recorder
    original = held.HeldStream.publish

    def publish(self: held.HeldStream) -> None:
        recorder.note(do="print", data=self.waiting().hex())  # before it is noted in the state that they are
        original(self)

    held.HeldStream.publish = publish  # type: ignore[method-assign]


@dataclass
class Disk:
    """The disk after some steps: what it holds for sure, and what it may hold besides."""

    durable: dict[str, int | None] = field(default_factory=dict)  # path -> file; None: a folder
    entries: list[tuple[str, Step]] = field(default_factory=list)  # folder, step: not synced
    synced: dict[int, bytes] = field(default_factory=dict)
    writes: dict[int, list[Step]] = field(default_factory=dict)  # file -> steps that are not synced
    printed: bytes = b""

    def take(self, step: Step) -> None:
        """Take one step."""
        match step["do"]:
            case "print":
                self.printed += bytes.fromhex(step["data"])
            case "write" | "cut":
                self.writes.setdefault(step["file"], []).append(step)
            case "sync":
                number = step["file"]
                self.synced[number] = content(self.synced.get(number, b""), self.writes.pop(number, []))
            case "sync folder":
                for folder, entry in self.entries:
                    if folder == step["path"]:
                        apply(self.durable, entry)
                self.entries = [each for each in self.entries if each[0] != step["path"]]
            case _:
                self.entries.append((os.path.dirname(step["path"]), step))  # noqa: PTH120

    def restore(self, choose: random.Random | None) -> None:
        """Write what is left to where it was; None: nothing is left but what is durable."""
        paths = dict(self.durable)
        for _, entry in self.entries:
            if choose is not None and choose.random() < 0.5:
                apply(paths, entry)
        for path, number in sorted(paths.items()):
            place = Path(path)
            if number is None:
                place.mkdir(exist_ok=True)
                place.chmod(0o700)
            elif place.parent.is_dir():
                place.write_bytes(self._left(number, choose))

    def _left(self, number: int, choose: random.Random | None) -> bytes:
        synced, steps = self.synced.get(number, b""), self.writes.get(number, [])
        if choose is None or not steps:
            return synced
        kept = steps[: choose.randrange(len(steps) + 1)]
        found = content(synced, kept)
        if len(kept) < len(steps) and steps[len(kept)]["do"] == "write":
            torn = dict(steps[len(kept)])
            data = bytes.fromhex(torn["data"])
            cut = choose.randrange(len(data) + 1)
            torn["data"] = (data[:cut] + bytes(choose.choice((0, len(data) - cut)))).hex()
            found = content(found, [torn])
        return found


def apply(paths: dict[str, Any], step: Step) -> None:
    """What a step does to the entries of folders."""
    if step["do"] == "unlink":
        paths.pop(step["path"], None)
    elif step["do"] == "rename":
        paths.pop(step["path"], None)
        paths[step["to"]] = step["file"]
    else:
        paths[step["path"]] = step.get("file")


def content(before: bytes, steps: list[Step]) -> bytes:
    """What steps make of a file's content."""
    data = bytearray(before)
    for step in steps:
        if step["do"] == "cut":
            del data[step["size"] :]
            data += bytes(step["size"] - len(data))
        else:
            piece = bytes.fromhex(step["data"])
            data += bytes(max(0, step["at"] - len(data)))
            data[step["at"] : step["at"] + len(piece)] = piece
    return bytes(data)


def crashes(log: Path) -> Iterator[Disk]:
    """The disk before the first step, and after each one; the same object, to be looked at at once."""
    disk = Disk()
    yield disk
    for line in log.read_text().splitlines():
        disk.take(json.loads(line))
        yield disk
