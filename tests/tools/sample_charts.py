"""The charts that the READMEs of the samples show, each made by the command that stands above it.

An SVG is the same wherever it is made: its texts are measured with a font that is inside of vl-convert.
"""

import re
import shutil
import tempfile
from pathlib import Path

from tools.typed import typed

CHART = "chart.svg"
MOST_BYTES = 100_000
SAMPLES = Path(__file__).parents[2] / "samples"
_COMMAND = re.compile(rf"^\$ ((?:.*\\\n)*.*{re.escape(CHART)}.*)$", re.MULTILINE)


def names() -> list[str]:
    """The samples."""
    return sorted(page.parent.name for page in SAMPLES.glob("*/README.md"))


def drawn(name: str) -> bytes:
    """What the command of a README draws, in a copy of the sample."""
    (command,) = _COMMAND.findall((SAMPLES / name / "README.md").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(SAMPLES / name, Path(folder) / name))
        (copy / CHART).unlink(missing_ok=True)
        typed(command, copy).check_returncode()
        return (copy / CHART).read_bytes()
