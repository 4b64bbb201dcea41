"""A terminal that shows a view in place: its other screen, keys without Enter, and as it was when that is over.

What was written before stays on the screen below, so nobody's scrollback is lost.
"""

import os
import signal
import sys
import termios
import tty
from collections.abc import Sequence
from contextlib import suppress
from itertools import zip_longest
from types import FrameType
from typing import Any

from streamstat.output.screen.colours import bold

# The other screen, which has no scrollback and leaves the main one as it is, without a cursor; and back.
OTHER_SCREEN, MAIN_SCREEN = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
CLEAR, LINE_GONE = "\x1b[2J", "\x1b[K"
UNKNOWN_SIZE = 80, 24


class OwnTerminal:
    """The terminal of stderr. `show` takes it over; `leave` gives it back, at any moment and more than once."""

    def __init__(self) -> None:
        self._shown: list[str] | None = None  # None: the view is not there
        self._shown_size = (0, 0)
        self._keys: int | None = None  # descriptor
        self._modes: list[Any] | None = None
        self._suspended: Any = None
        self._is_asked = False

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines, as they are now."""
        with suppress(OSError):  # of a terminal that is gone
            found = os.get_terminal_size(sys.stderr.fileno())
            if found.columns and found.lines:
                return found.columns, found.lines
        return UNKNOWN_SIZE

    @property
    def is_shown(self) -> bool:
        """Whether the view is there: not before the first time, nor when it was suspended."""
        return self._shown is not None

    def show(self, lines: Sequence[str], styled: bool) -> None:
        """These lines instead of those before; titles, which stand behind blank lines, in bold."""
        before, size = self._shown, self.size
        if before is None:
            self._shown = []  # from here on there is something to be given back
            self._take_over()
        if before is None or size != self._shown_size:
            _write(CLEAR)
            before = []
        titled = (styled and (not place or not lines[place - 1]) for place in range(len(lines)))
        drawn = [bold(line) if is_title else line for line, is_title in zip(lines, titled, strict=True)]
        pairs = enumerate(zip_longest(drawn, before, fillvalue=""), 1)
        _write("".join(f"\x1b[{row};1H{LINE_GONE}{line}" for row, (line, old) in pairs if line != old))
        self._shown, self._shown_size = drawn, size

    def pressed(self) -> bytes:
        """The keys since the last time."""
        if self._keys is None or not self._is_ours():
            return b""
        try:
            return os.read(self._keys, 1024)
        except OSError:  # nothing was pressed, or the terminal is gone
            return b""

    def rest_if_asked(self) -> None:
        """Ctrl-Z: the shell gets its terminal as it was; the next view takes it over again."""
        if self._is_asked:
            self._is_asked = False
            self.leave()
            os.kill(os.getpid(), signal.SIGTSTP)

    def leave(self) -> None:
        """The terminal as it was."""
        shown, self._shown = self._shown, None
        if shown is not None:
            _write(MAIN_SCREEN)
        self._give_back_keys()
        if self._suspended is not None:
            signal.signal(signal.SIGTSTP, self._suspended)
            self._suspended = None

    def _take_over(self) -> None:
        self._take_keys()
        self._suspended = signal.signal(signal.SIGTSTP, self._suspend)
        _write(OTHER_SCREEN)

    def _take_keys(self) -> None:
        """Keys come from the terminal that shows the view: stdin may be the data."""
        with suppress(OSError, termios.error):
            name = os.ttyname(sys.stderr.fileno())
            self._keys = os.open(name, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
            if self._is_ours():
                self._modes = termios.tcgetattr(self._keys)
                tty.setcbreak(self._keys, termios.TCSANOW)

    def _give_back_keys(self) -> None:
        keys, modes, self._keys, self._modes = self._keys, self._modes, None, None
        if keys is None:
            return
        with suppress(OSError, termios.error):
            if modes is not None:
                termios.tcsetattr(keys, termios.TCSANOW, modes)
        os.close(keys)

    def _is_ours(self) -> bool:
        """Whether keys are meant for this process: reading would stop a job in the background."""
        assert self._keys is not None
        try:
            return os.tcgetpgrp(self._keys) == os.getpgrp()
        except OSError:  # it controls no jobs
            return True

    def _suspend(self, number: int, frame: FrameType | None) -> None:
        """Ctrl-Z may come in the middle of a view; it is heard behind it."""
        self._is_asked = True


def _write(text: str) -> None:
    """To stderr; a terminal that is gone ends the run by its signal."""
    with suppress(OSError, RuntimeError):  # a signal handler may come in the middle of another write
        sys.stderr.write(text)
        sys.stderr.flush()
