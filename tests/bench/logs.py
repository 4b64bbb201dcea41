"""How long a run under `--state` takes over many logs: the first one, one with nothing new, one after a rotation."""

import subprocess
import tempfile
import time
from pathlib import Path

LOGS, LINES = 5_000, 3
OPTIONS = ("--state", "state", "-w", "tumbling:1m", "-t", "ts", "-o", "report.csv", "--quiet", "logs/*.log")


def logs(command: str) -> str:
    """Seconds of each, the median of three for the second."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "logs").mkdir()
        paths = [folder / "logs" / f"{number:05}.log" for number in range(LOGS)]
        for path in paths:
            write(path)

        def run() -> float:
            began = time.perf_counter()
            subprocess.run([command, "run", *OPTIONS], cwd=folder, check=True)
            return time.perf_counter() - began

        first = run()
        idle = sorted(run() for _ in range(3))[1]
        for path in paths[::2]:
            path.rename(path.with_name(f"{path.name}.1"))
            write(path)
        rotated = run()
    return (
        f"{LOGS:,} logs under --state: the first run {first:.2f} s, nothing new {idle:.2f} s, "
        f"half of them rotated {rotated:.2f} s"
    )


def write(path: Path) -> None:
    """A few events of one minute."""
    path.write_text("".join(f'{{"ts": {1_700_000_000 + second}}}\n' for second in range(LINES)))
