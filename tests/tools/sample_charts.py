"""The charts that the READMEs of the samples show, each made by the command that stands above it.

An SVG is the same wherever it is made: its texts are measured with a font that is inside of vl-convert.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

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
        copy = shutil.copytree(SAMPLES / name, Path(folder) / name)
        (copy / CHART).unlink(missing_ok=True)
        program = Path(folder) / "streamstat"
        program.write_text(f'#!/bin/bash\nexec {sys.executable} -m streamstat "$@"\n')
        program.chmod(0o755)
        paths = {"PATH": f"{folder}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "TZ": "Asia/Seoul"}
        told = {**os.environ, **paths}
        subprocess.run(["bash", "-c", command], cwd=copy, env=told, check=True, capture_output=True)
        return (copy / CHART).read_bytes()
