"""A disk that is really full ends a run under `--state` with 74, and costs nothing once there is room again."""

import json
import subprocess
import warnings
from pathlib import Path

import pytest
from tools.commands import TIMEOUT_S, Forks, environment, program, start
from tools.full_disk import FULL, OFTEN, SIZE
from tools.state_job import Job, difference, new_job

# Only root may mount, but everybody may be root in a user namespace of their own, where the system allows that.
WAYS = (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"])


def way_to_mount(place: Path) -> list[str] | None:
    """The command in front of one that mounts; None: nobody lets us."""
    for way in WAYS:
        mount = [*way, "mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(place)]
        try:
            if subprocess.run(mount, capture_output=True, check=False).returncode == 0:
                return way
        except FileNotFoundError:
            continue
    return None


@pytest.mark.parametrize("part", ["state", "reports"])
def test_a_disk_too_small_at_first_costs_nothing(forks: Forks, tmp_path: Path, part: str) -> None:
    way = way_to_mount(tmp_path)
    if way is None:
        warnings.warn("no small disk can be mounted here: /dev/full takes its place", stacklevel=1)
        assert printed_to_a_full_device(forks, tmp_path) is None
        return
    ended = subprocess.run(
        [*way, *program("full_disk", str(tmp_path), part)],
        capture_output=True,
        env=environment(),
        timeout=5 * TIMEOUT_S,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    said = json.loads(ended.stdout)
    assert said["problems"] == []
    assert said["failures"] >= 5


def test_rows_that_stdout_had_no_room_for_come_with_the_next_run(forks: Forks, tmp_path: Path) -> None:
    assert printed_to_a_full_device(forks, tmp_path) is None


def printed_to_a_full_device(forks: Forks, folder: Path) -> str | None:
    """What is wrong with a run whose stdout takes nothing, and with the one after it; None: nothing."""
    whole, job = (new_job(forks, folder / name, *SIZE) for name in ("whole", "job"))
    assert whole.run(OFTEN).code == 0
    code, said = run_into_full_device(job)
    if code != FULL or said.count(b"\n") != 1 or b"no space left on device" not in said:
        return f"{code} {said!r}"
    again = job.run(OFTEN)
    return again.err or difference(whole.result(), job.result())


def run_into_full_device(job: Job) -> tuple[int, bytes]:
    """Exit code, and what was said."""
    with Path("/dev/full").open("wb") as full:
        process = start(job.arguments, job.folder, stdout=full)
        _, said = process.communicate(timeout=TIMEOUT_S)
    return process.returncode, said
