"""A run with a live view on a terminal of its own: what stands on the screen, keys, sizes, and how it was left."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyte

from tools.commands import PROGRAM, TIMEOUT_S, environment

OTHER_SCREEN, MAIN_SCREEN = b"\x1b[?1049h", b"\x1b[?1049l"


class Viewed:
    """The process, and its terminal as a person sees it. `written`: all bytes that came."""

    def __init__(
        self, arguments: Sequence[str], folder: Path, width: int, height: int, **streams: Any
    ) -> None:
        self._main, self.side = pty.openpty()
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self.screen)
        self.written = b""
        self.resize(width, height)
        self.modes = termios.tcgetattr(self.side)
        given = {"stdin": subprocess.DEVNULL, "stdout": self.side, "stderr": self.side, **streams}
        self.process = subprocess.Popen(
            [*PROGRAM, *arguments],
            cwd=folder,
            env=environment({}),
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(self.side, termios.TIOCSCTTY, 0),
            pass_fds=[self.side],
            **given,
        )

    def resize(self, width: int, height: int) -> None:
        """The terminal has another size."""
        fcntl.ioctl(self.side, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.screen.resize(height, width)

    def press(self, keys: bytes) -> None:
        """Somebody types."""
        os.write(self._main, keys)

    @property
    def lines(self) -> list[str]:
        """What stands on the screen."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        """The same as one text."""
        return "\n".join(self.lines)

    def until(self, holds: Callable[[], bool]) -> None:
        """Read what comes until this holds."""
        end = time.monotonic() + TIMEOUT_S
        while not holds():
            assert time.monotonic() < end, f"it never came:\n{self.text}"
            self._read(0.05)

    def shows(self, *texts: str) -> None:
        """Wait until all of these stand on the screen."""
        self.until(lambda: all(text in self.text for text in texts))

    def ended(self) -> int:
        """Its exit code, when all that it wrote has come."""
        code = self.process.wait(TIMEOUT_S)
        while self._read(0.05):
            pass
        return code

    def _read(self, seconds: float) -> bool:
        if not select.select([self._main], [], [], seconds)[0]:
            return False
        data = os.read(self._main, 1 << 16)
        self.written += data
        self._stream.feed(data)
        return bool(data)

    def close(self) -> None:
        """End it, whatever it does."""
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()
        os.close(self._main)
        os.close(self.side)


@contextmanager
def viewed(
    folder: Path, *arguments: str, width: int = 80, height: int = 24, verb: str = "run", **streams: Any
) -> Iterator[Viewed]:
    """A command with `--follow --live` over events that have their time in `ts`."""
    told = [verb, "--follow", "--live", "-t", "ts", "--time-unit", "s", *arguments]
    view = Viewed(told, folder, width, height, **streams)
    try:
        yield view
    finally:
        view.close()
