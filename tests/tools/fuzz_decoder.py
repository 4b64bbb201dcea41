"""Builds the fuzzers of decoders with sanitizers and runs them: `fuzz_decoder SECONDS [SEED]`.

A seed gives the same inputs in the same order; it is printed, and drawn anew for each run that names none.
"""

import os
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from oracle import corpus

TESTS = Path(__file__).parents[1]
KERNELS = TESTS.parent / "streamstat" / "kernels"
FOLDER = TESTS.parent / "build" / "fuzz"
ROOMS = ("events", "json", "lines", "delimited", "cri", "syslog")
SOURCES = [
    path for room in ROOMS for path in sorted((KERNELS / room).glob("*.cpp")) if path.stem[:5] != "bind_"
] + [KERNELS / "text" / "escape.cpp"]
FLAGS = "-std=c++20 -O1 -g -Wall -Wextra -Werror -fsanitize=address,undefined -fno-sanitize-recover=all"
MAX_BYTES = 4096  # of a seed; the long cases of the corpus would leave no time for the others


def seeds() -> list[bytes]:
    """Every case of the corpus, the first lines of the samples, and lines of text logs."""
    cases = [case.data for case in [*corpus.verdicts(), *corpus.load("values"), *corpus.load("framing")]]
    for path in sorted((TESTS.parent / "samples").glob("*/events.ndjson")):
        with path.open("rb") as file:
            cases += [line for line, _ in zip(file, range(30), strict=False)]
    cases += (TESTS / "corpus" / "logs.txt").read_bytes().splitlines()
    return [case for case in cases if len(case) <= MAX_BYTES]


def build() -> list[Path]:
    """The fuzzers of lines and of records, compiled if a source is newer; what both stand on is compiled once."""
    mains = [TESTS / "fuzz" / f"{name}.cpp" for name in ("decode_fuzz", "records_fuzz")]
    programs = [FOLDER / main.stem for main in mains]
    newest = max(path.stat().st_mtime for path in [*mains, *SOURCES, *KERNELS.rglob("*.hpp")])
    if all(each.exists() and each.stat().st_mtime > newest for each in programs):
        return programs
    FOLDER.mkdir(parents=True, exist_ok=True)
    compiler = shlex.split(os.environ.get("CXX", "")) or [shutil.which("c++") or "g++"]
    command = [*compiler, *FLAGS.split(), f"-I{KERNELS}"]
    objects = [FOLDER / f"{source.parent.name}_{source.stem}.o" for source in SOURCES]

    def compiled(pair: tuple[Path, Path]) -> None:
        subprocess.run([*command, "-c", pair[0], "-o", pair[1]], check=True)

    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as workers:
        list(workers.map(compiled, zip(SOURCES, objects, strict=True)))
    for main, program in zip(mains, programs, strict=True):
        subprocess.run([*command, main, *objects, "-o", program], check=True)
    return programs


def main() -> int:
    """Build, write the seeds, run each for half of the time."""
    seconds = max(int(sys.argv[1]) // 2, 1)
    seed = sys.argv[2] if len(sys.argv) > 2 else str(int.from_bytes(os.urandom(4)))
    (lines, records), inputs, finding = build(), FOLDER / "seeds", FOLDER / f"finding-{seed}"
    inputs.write_bytes(b"".join(len(each).to_bytes(4, "little") + each for each in seeds()))
    # The decoder's memory is bounded by its block; leaks have no meaning for a process that ends at a finding.
    environment = os.environ | {"ASAN_OPTIONS": "detect_leaks=0"}
    for program, words in ((lines, [inputs]), (records, [])):
        sys.stdout.write(f"{program.name} for {seconds} s, seed {seed}\n")
        sys.stdout.flush()
        code = subprocess.run([program, *words, str(seconds), seed, finding], env=environment).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
