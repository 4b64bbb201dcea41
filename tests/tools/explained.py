"""What `run --explain` says of every sample: of its own command where that is a run, else of each of its inputs."""

import shlex
import shutil
import tempfile
from pathlib import Path

from tools.commands import Forks

FOLDER = Path(__file__).parents[1] / "explained"
SAMPLES = Path(__file__).parents[2] / "samples"


def commands() -> dict[str, tuple[Path, list[str]]]:
    """Of each explanation, by its name, the sample and the words behind `streamstat`."""
    found = {}
    for command in sorted(SAMPLES.glob("*/command")):
        folder, words = command.parent, shlex.split(command.read_text(encoding="utf-8"), comments=True)
        if words[1] == "run":
            found[folder.name] = folder, [*words[1:], "--explain"]
            continue
        inputs = [path for path in sorted(folder.iterdir()) if path.suffix in (".ndjson", ".csv")]
        for path in inputs:
            found[f"{folder.name}-{path.stem}"] = folder, ["run", "--explain", "-w", "tumbling:1h", path.name]
    return found


def explained(folder: Path, words: list[str], forks: Forks) -> str:
    """What is said, in a copy of the sample, which stays as it was."""
    with tempfile.TemporaryDirectory() as streams, tempfile.TemporaryDirectory() as copy:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        before = contents(Path(copy))
        ended = forks.run(words, b"", Path(copy), Path(streams))
        assert (ended.code, ended.err, contents(Path(copy))) == (0, "", before)
        return ended.out


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
