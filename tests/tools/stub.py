"""The types of the native module: writes `streamstat/kernels/_native.pyi`, or tells with `--check` that it is old.

Arrays keep their element type only; shape, order and device, which no type checker asks for, would make every line
unreadable. Two stubs are equal if they say the same, however it is laid out.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

from nanobind.stubgen import StubGen

from streamstat.kernels import _native

STUB = Path(__file__).parents[2] / "streamstat" / "kernels" / "_native.pyi"
ARRAY = re.compile(r"Annotated\[(NDArray\[[\w.]+\]), dict\(shape=\([^()]*\)[^()]*\)\]")


def generated() -> str:
    """The stub of the module as it is built now."""
    stubs = StubGen(_native)
    stubs.put(_native)
    text = ARRAY.sub(r"\1", stubs.get())
    text = text.replace(": tuple = ...", ": tuple[str, ...] = ...")  # the module's only tuples are of words
    return re.sub(r"^from typing import Annotated\n", "", text, flags=re.MULTILINE)


def laid_out(text: str) -> str:
    """The same code as the formatter lays it out."""
    for command in (["check", "--quiet", "--select", "I", "--fix"], ["format", "--quiet"]):
        whole = [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(STUB), "-"]
        text = subprocess.run(whole, input=text, capture_output=True, text=True, check=True).stdout
    return text


def is_current() -> bool:
    """Whether the committed stub says what the module says."""
    return _meaning(STUB.read_text(encoding="utf-8")) == _meaning(generated())


def _meaning(text: str) -> str:
    statements = ast.parse(text).body
    imports = (ast.Import, ast.ImportFrom)
    return "\n".join(ast.dump(each) for each in statements if not isinstance(each, imports))


def main() -> int:
    """Write, or compare."""
    if sys.argv[1:] != ["--check"]:
        STUB.write_text(laid_out(generated()), encoding="utf-8")
        return 0
    if is_current():
        return 0
    sys.stderr.write(f"{STUB.name} is not what the native module has: run `make stub`\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
