"""Builds the decoder's fuzzer with sanitizers and runs it: `fuzz_decoder SECONDS [SEED]`.

A seed gives the same inputs in the same order; it is printed, and drawn anew for each run that names none.
"""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from oracle import corpus

TESTS = Path(__file__).parents[1]
KERNELS = TESTS.parent / "streamstat" / "kernels"
FOLDER = TESTS.parent / "build" / "fuzz"
ROOMS = ("events", "json", "lines", "delimited", "cri", "syslog")
SOURCES = [
    TESTS / "fuzz" / "decode_fuzz.cpp",
    *(path for room in ROOMS for path in sorted((KERNELS / room).glob("*.cpp")) if path.stem[:5] != "bind_"),
]
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


def build() -> Path:
    """The fuzzer, compiled if a source is newer."""
    program = FOLDER / "decode_fuzz"
    newest = max(path.stat().st_mtime for path in [*SOURCES, *KERNELS.rglob("*.hpp")])
    if program.exists() and program.stat().st_mtime > newest:
        return program
    FOLDER.mkdir(parents=True, exist_ok=True)
    compiler = shlex.split(os.environ.get("CXX", "")) or [shutil.which("c++") or "g++"]
    subprocess.run([*compiler, *FLAGS.split(), f"-I{KERNELS}", *SOURCES, "-o", program], check=True)
    return program


def main() -> int:
    """Build, write the seeds, run."""
    seconds = int(sys.argv[1])
    seed = sys.argv[2] if len(sys.argv) > 2 else str(int.from_bytes(os.urandom(4)))
    program, inputs, finding = build(), FOLDER / "seeds", FOLDER / f"finding-{seed}"
    inputs.write_bytes(b"".join(len(each).to_bytes(4, "little") + each for each in seeds()))
    sys.stdout.write(f"fuzzing the decoder for {seconds} s, seed {seed}\n")
    sys.stdout.flush()
    # The decoder's memory is bounded by its block; leaks have no meaning for a process that ends at a finding.
    environment = os.environ | {"ASAN_OPTIONS": "detect_leaks=0"}
    return subprocess.run([program, inputs, str(seconds), seed, finding], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
