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
from types import FrameType
from typing import Any


class OwnTerminal:
    """The terminal of stderr. `show` takes it over; `leave` gives it back, at any moment and more than once."""

    def __init__(self) -> None:
        self._live: Any = None
        self._keys: int | None = None  # descriptor
        self._modes: list[Any] | None = None
        self._suspended: Any = None

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines, as they are now."""
        found = os.get_terminal_size(sys.stderr.fileno())
        return max(found.columns, 1), max(found.lines, 1)

    @property
    def is_shown(self) -> bool:
        """Whether the view is there: not before the first time, nor when it was suspended."""
        return self._live is not None

    def show(self, lines: Sequence[str], bold: bool) -> None:
        """These lines instead of those before; titles, which stand behind blank lines, in bold."""
        from rich.text import Text

        if self._live is None:
            self._take_over()
        text = Text(no_wrap=True, overflow="crop", end="")
        for place, line in enumerate(lines):
            is_title = bold and (place == 0 or not lines[place - 1])
            text.append(line + "\n" * (place + 1 < len(lines)), "bold" if is_title else None)
        with suppress(OSError):
            self._live.update(text, refresh=True)

    def pressed(self) -> bytes:
        """The keys since the last time."""
        if self._keys is None or not self._is_ours():
            return b""
        try:
            return os.read(self._keys, 1024)
        except OSError:  # nothing was pressed, or the terminal is gone
            return b""

    def leave(self) -> None:
        """The terminal as it was."""
        live, self._live = self._live, None
        if live is not None:
            with suppress(OSError):
                live.stop()
        self._give_back_keys()
        if self._suspended is not None:
            signal.signal(signal.SIGTSTP, self._suspended)
            self._suspended = None

    def _take_over(self) -> None:
        from rich.console import Console
        from rich.live import Live

        console = Console(file=sys.stderr, force_terminal=True, highlight=False, markup=False, emoji=False)
        self._live = Live(
            console=console, screen=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=False
        )
        self._take_keys()
        if self._suspended is None:
            self._suspended = signal.signal(signal.SIGTSTP, self._suspend)
        with suppress(OSError):
            self._live.start()

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
        """Ctrl-Z: the shell gets its terminal as it was; the next view takes it over again."""
        self.leave()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
