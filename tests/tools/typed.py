"""Commands of samples as they are typed: in bash, in a copy of the sample, with `streamstat` as a program."""

import os
import subprocess
import sys
from pathlib import Path


def typed(command: str, copy: Path) -> subprocess.CompletedProcess[bytes]:
    """What a command prints in a folder that may be written to; the program is beside that folder."""
    program = copy.parent / "streamstat"
    program.write_text(f'#!/bin/bash\nexec {sys.executable} -m streamstat "$@"\n')
    program.chmod(0o755)
    paths = {"PATH": f"{copy.parent}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "TZ": "Asia/Seoul"}
    told = {**os.environ, **paths}
    return subprocess.run(["bash", "-c", command], cwd=copy, env=told, capture_output=True, check=False)
