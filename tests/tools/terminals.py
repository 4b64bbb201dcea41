"""A command on terminals of a given width: what it writes to them, byte for byte."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.commands import TIMEOUT_S, environment, start

HEIGHT = 24


@dataclass(frozen=True)
class Shown:
    """Exit code, and what stood on the terminals of stdout and stderr in the end."""

    code: int
    stdout: str
    stderr: str


def on_a_terminal(
    arguments: Sequence[str],
    data: bytes,
    width: int = 80,
    more: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Shown:
    """Run it with stdout and stderr on a terminal each, and `data` on a pipe as stdin."""
    terminals = [_terminal(width) for _ in range(2)]
    sides = {"stdout": terminals[0][1], "stderr": terminals[1][1]}
    process = start(arguments, cwd, env=environment(more), **sides)
    for _, side in terminals:
        os.close(side)
    said: list[list[bytes]] = [[], []]
    readers = [
        threading.Thread(target=_drain, args=(main, into))
        for (main, _), into in zip(terminals, said, strict=True)
    ]
    for reader in readers:
        reader.start()
    assert process.stdin is not None
    process.stdin.write(data)
    process.stdin.close()
    code = process.wait(TIMEOUT_S)
    for reader in readers:
        reader.join()
    return Shown(code, *(b"".join(parts).decode().replace("\r\n", "\n") for parts in said))


# Shows progress behind each block, however short the run is.
HURRIED = """
import sys
import streamstat.commands.watch
streamstat.commands.watch.PROGRESS_EVERY_S = 0
from streamstat.cli import main
main()
"""


def on_one_terminal(
    arguments: Sequence[str], data: Path, width: int = 80, more: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Run it with progress behind each block, stdout and stderr on the same terminal, and stdin from a file."""
    main, side = _terminal(width)
    with data.open("rb") as file:
        process = subprocess.Popen(
            [sys.executable, "-c", HURRIED, *arguments],
            stdin=file,
            stdout=side,
            stderr=side,
            cwd=data.parent,
            env=environment(more),
        )
    os.close(side)
    said: list[bytes] = []
    _drain(main, said)
    return process.wait(TIMEOUT_S), b"".join(said).decode().replace("\r\n", "\n")


def standing(written: str) -> list[str]:
    """The lines that stand on a terminal which knows nothing but the return of the carriage.

    >>> standing("12 %\\r    \\rrow\\n")
    ['row', '']
    """
    lines = []
    for line in written.split("\n"):
        shown: list[str] = []
        for part in line.split("\r"):
            shown[: len(part)] = part
        lines.append("".join(shown).rstrip())
    return lines


def _terminal(width: int) -> tuple[int, int]:
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, width, 0, 0))
    return main, side


def _drain(terminal: int, into: list[bytes]) -> None:
    while True:
        try:
            part = os.read(terminal, 1 << 16)
        except OSError:  # how Linux says that the other side is closed
            break
        if not part:
            break
        into.append(part)
    os.close(terminal)
