"""The files that are measured, each made when it is first needed."""

import gzip
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE.parent.parent / "build" / "bench"


def in_format(path: Path, name: str) -> Path:
    """The events of a file in another format, made now if it is not there."""
    copy = path.with_suffix(f".{name}")
    if not copy.exists():
        part = copy.with_suffix(".part")
        subprocess.run([sys.executable, str(HERE / "written.py"), name, str(path), str(part)], check=True)
        part.rename(copy)
    return copy


def uncompressed(path: Path) -> Path:
    """The file that a compressed one was made of."""
    return path.with_suffix("") if path.suffix == ".gz" else path


def generated(data: str, events: int) -> Path:
    """The file of that kind, made now if it is not there."""
    path = FOLDER / f"{data.split('.')[0]}-{events}.ndjson"
    if not path.exists():
        part = path.with_suffix(".part")
        command = [sys.executable, str(HERE / "generate.py"), str(events), str(part)]
        # Not in this process: what a child peaks at counts from what its parent holds.
        subprocess.run(command + (["--active", "1000"] if data == "visits" else []), check=True)
        part.rename(path)
    suffix = data.partition(".")[2]
    if suffix != "gz":
        return in_format(path, suffix) if suffix else path
    packed = path.with_name(f"{path.name}.gz")
    if not packed.exists():
        part = packed.with_suffix(".part")
        with path.open("rb") as source, gzip.open(part, "wb", compresslevel=6) as target:
            shutil.copyfileobj(source, target, 1 << 20)
        part.rename(packed)
    return packed
