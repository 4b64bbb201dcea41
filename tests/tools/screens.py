"""Screens in `tests/screens/*.toml`: a command, what goes in, and how its rows look on terminals of several widths.

`input` is stdin; where `times` is given it is there so often, each `@` in it the number from 0. `[screen.shown]` has
what stands on a terminal of each width, bold text as <b>…</b>, the colour 6 as <6>…</b>; width 0 is a table (or what
`-f` says) in a pipe.

`python -m tools.screens [FILE]...` runs them and writes down what they show; read the difference.
"""

import re
import shlex
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tools.commands import environment, run
from tools.terminals import on_a_terminal

FOLDER = Path(__file__).parents[1] / "screens"


@dataclass(frozen=True)
class Screen:
    """One command with its input; `why` says what is to be seen; `environment` has variables of its own."""

    name: str
    command: str
    why: str = ""
    input: str = ""
    times: int = 1
    environment: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)

    def look(self, width: str) -> str:
        """What stands on a terminal of this width."""
        data = "".join(self.input.replace("@", str(i)) for i in range(self.times)).encode()
        arguments = shlex.split(self.command)
        if width == "0":
            table = [] if "-f" in arguments else ["-f", "table"]
            return run([*arguments, *table], data, env=environment(self.environment)).out
        shown = on_a_terminal(arguments, data, int(width), self.environment).stdout
        shown = re.sub("\x1b\\[38;5;([0-9]+)m", r"<\1>", shown)
        return shown.replace("\x1b[1m", "<b>").replace("\x1b[0m", "</b>")


def load(path: Path) -> list[Screen]:
    """The screens of a file."""
    return [Screen(**screen) for screen in tomllib.loads(path.read_text(encoding="utf-8"))["screen"]]


def written(screens: list[Screen]) -> str:
    """The text of a file of screens."""
    return "\n".join(map(_text, screens))


def _text(screen: Screen) -> str:
    lines = ["[[screen]]", f'name = "{screen.name}"']
    lines += [f'why = "{screen.why}"'] if screen.why else []
    lines += [f"command = '''{screen.command}'''", f"input = '''\n{screen.input}'''"]
    lines += [f"times = {screen.times}"] if screen.times != 1 else []
    if screen.environment:
        pairs = (f'{name} = "{value}"' for name, value in screen.environment.items())
        lines += ["", "[screen.environment]", *pairs]
    lines += ["", "[screen.shown]"]
    lines += [f"{width} = '''\n{text}'''" for width, text in screen.shown.items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Rewrite the files named on the command line, or all."""
    for path in [Path(name) for name in sys.argv[1:]] or sorted(FOLDER.glob("*.toml")):
        screens = [
            replace(each, shown={width: each.look(width) for width in each.shown}) for each in load(path)
        ]
        path.write_text(written(screens), encoding="utf-8")


if __name__ == "__main__":
    main()
