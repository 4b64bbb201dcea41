"""A job on a disk that is really too small, and grows until the job is done; in a mount namespace of its own.

`full_disk.py FOLDER PART`: what lies on the small disk is `state` or `reports`. Prints the problems met, and how often
the disk was full, as JSON.
"""

import json
import subprocess
import sys
from pathlib import Path

from tools.commands import Ended, Forks
from tools.state_job import Job, Result, difference, new_job

SIZE = (11, 2, 80)  # seed, files, lines of the last
PAGE_KIB = 4  # a disk in memory grows by no less
SIZES_KIB = (*range(PAGE_KIB, 80, PAGE_KIB), 100, 150, 200)
FULL = 74
OFTEN = ("tools.state_calls:commit_often", 2)


def main(folder: Path, part: str) -> None:
    """All sizes."""
    failures, problems = 0, []
    with Forks() as forks:
        whole = new_job(forks, folder / "whole", *SIZE)
        assert whole.run(OFTEN).code == 0
        for size in SIZES_KIB:
            state, reports = ("disk/state", ".") if part == "state" else ("state", "disk")
            job = new_job(forks, folder / str(size), *SIZE, state=state, reports=reports)
            (job.folder / "disk").mkdir()
            mount(job.folder / "disk", size)
            again, problem = until_done(job, size, whole.result())
            failures += again
            problems += [] if problem is None else [f"{size} KiB: {problem}"]
    print(json.dumps({"failures": failures, "problems": problems}))


def until_done(job: Job, size: int, expected: Result) -> tuple[int, str | None]:
    """How often the disk was full, and what went wrong; after each time it is a page larger."""
    failures = 0
    while (ended := job.run(OFTEN)).code:
        if problem := wrong(ended) or ", ".join(job.litter()):
            return failures, problem
        failures += 1
        mount(job.folder / "disk", size + failures * PAGE_KIB, "remount,")
    return failures, difference(expected, job.result()) or ", ".join(job.litter()) or None


def wrong(ended: Ended) -> str | None:
    """What a run that met a full disk should not have said; None: nothing."""
    fine = ended.code == FULL and ended.err.count("\n") == 1 and "free some room" in ended.err
    return None if fine else f"{ended.code} {ended.err}"


def mount(place: Path, size_kib: int, how: str = "") -> None:
    """A disk of this size at this place; it goes with the namespace."""
    options = f"{how}size={size_kib}k"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
