"""The topics of `streamstat help`: one Markdown file each in `streamstat/help/`, which reads well as it is.

A terminal gets bold headings and indented examples, a screenful at a time; a pipe or a file gets the Markdown.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
from pathlib import Path

from streamstat.common.errors import ReadWriteError, UsageError
from streamstat.common.terminal import has_styles, is_dumb

FOLDER = Path(__file__).parents[1] / "help"
COMMENT = re.compile(r"^<!--.*?-->\n", re.MULTILINE)  # what a test is told about a block is not for readers
PAGER = "less -FRX"  # goes on by itself if all of it fits, and leaves it on the screen


def listing(is_terminal: bool) -> str:
    """All topics, each with its title, and how to read one."""
    titles = {path.stem: _read(path).partition("\n")[0].removeprefix("# ") for path in _paths()}
    width = max(map(len, titles), default=0)
    lines = [f"  {name.ljust(width)}  {title}\n" for name, title in titles.items()]
    usage = "`streamstat help TOPIC` shows one. `streamstat run --help` lists the options."
    return f"{_heading('Topics', is_terminal)}\n\n{''.join(lines)}\n{usage}\n"


def topic(name: str, is_terminal: bool) -> str:
    """The text of a topic; UsageError with the nearest name if there is none."""
    known = {path.stem: path for path in _paths()}
    if name not in known:
        from streamstat.common.registry import nearest

        raise UsageError("help", f"there is no topic {name!r}", nearest(name.lower(), tuple(known)))
    text = COMMENT.sub("", _read(known[name]))
    return _for_terminal(text) if is_terminal else text


def show_in_pager(text: str) -> bool:
    """Show a text in `$PAGER` or `less`, and wait for its reader; False if there is none, or it could not move."""
    words = [] if is_dumb() else _pager()
    program = shutil.which(words[0]) if words else None
    if program is None:
        return False
    told = {**os.environ, "LESS": os.environ.get("LESS", "FRX"), "LESSCHARSET": "utf-8"}
    before = signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C is for the pager, which gives the terminal back
    try:
        subprocess.run([program, *words[1:]], input=text.encode(), env=told, check=False)
    finally:
        signal.signal(signal.SIGINT, before)
    return True


def _pager() -> list[str]:
    try:
        return shlex.split(os.environ.get("PAGER", PAGER))
    except ValueError:  # a quote without its partner
        return []


def _paths() -> list[Path]:
    return sorted(FOLDER.glob("*.md"))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ReadWriteError(str(path), error.strerror or "cannot be read") from None


def _for_terminal(text: str) -> str:
    """Markdown without its marks: headings bold, examples indented."""
    shown: list[str] = []
    in_example = False
    for line in text.splitlines():
        if line.startswith("```"):
            in_example = not in_example
        elif in_example:
            shown.append(f"    {line}".rstrip())
        elif line.startswith("#"):
            shown.append(_heading(line.lstrip("# "), True))
        else:
            shown.append(line)
    return "\n".join(shown) + "\n"


def _heading(text: str, is_terminal: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if is_terminal and has_styles() else text
