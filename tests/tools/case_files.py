"""Cases in `tests/cases/*.toml`: a command, what goes in, what must come out; read, run and written back.

`command` follows `streamstat`, quoted as in a shell; `input` is stdin; `files` are there before the run, and
one named .gz, .zip, .utf16 and such is that. `expect` holds stdout, stderr, `code` (0 where not given),
`files`: every file that is new or changed after the run, unpacked, a Parquet file as its schema and rows; and `stats`:
some of the ledger, for which the run gets a `--stats` of its own; `reports.NAME.counted` is that of a report.

`says`, where the words of stderr are not to be fixed: what it must hold. Nothing else of it is written down then.
`before`: commands that are run first, in silence: what they write is there before the run.
`keeps`: files that must be as they were, or not there if they were not.
"""

import bz2
import gzip
import json
import lzma
import shlex
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet

from tools.commands import Ended, Forks
from tools.packers import tar_of, utf16_be, utf16_le, zip_of, zstd

FOLDER = Path(__file__).parents[1] / "cases"
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": lambda data: gzip.compress(data, mtime=0),
    ".zst": lambda data: bytes(zstd.compress(data)),
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zip": zip_of,
    ".tar": tar_of,
    ".tgz": lambda data: gzip.compress(tar_of(data), mtime=0),
    ".utf16": utf16_le,
    ".utf16be": utf16_be,
    ".utf16gz": lambda data: gzip.compress(utf16_le(data), mtime=0),
}
UNPACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.decompress,
    ".zst": lambda data: bytes(zstd.decompress(data)),
    ".bz2": bz2.decompress,
    ".xz": lzma.decompress,
}


@dataclass(frozen=True)
class Expectation:
    """What a run gave or has to give."""

    stdout: str = ""
    stderr: str = ""
    code: int = 0
    files: Mapping[str, str] = field(default_factory=dict)
    stats: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One command with its input; `why` says what cannot be seen from them."""

    name: str
    command: str
    why: str = ""
    input: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    before: Sequence[str] = ()
    says: Sequence[str] = ()
    keeps: Sequence[str] = ()
    expect: Expectation = Expectation()


def load(path: Path) -> list[Case]:
    """The cases of a file."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return [Case(**{**case, "expect": Expectation(**case.get("expect", {}))}) for case in table["case"]]


def run(case: Case, forks: Forks) -> Expectation:
    """Run a case in a folder of its own and write down all that came of it."""
    with tempfile.TemporaryDirectory() as folder:
        place, aside = Path(folder, "place"), Path(folder, "aside")
        place.mkdir()
        aside.mkdir()
        before = {name: packed(name, text) for name, text in case.files.items()}
        for name, data in before.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(data)
        for command in case.before:
            ended = forks.run(shlex.split(command), case.input.encode(), place, aside)
            assert (ended.code, ended.err) == (0, ""), f"{case.name}: {command} says {ended.err!r}"
        made = (each for each in place.rglob("*") if case.before and each.is_file())
        before |= {each.relative_to(place).as_posix(): each.read_bytes() for each in made}
        arguments = shlex.split(case.command)
        if case.expect.stats:
            arguments += ["--stats", str(aside / "stats")]
        ended = forks.run(arguments, case.input.encode(), place, aside)
        return _written_down(case, ended, place, aside / "stats", before)


def _written_down(
    case: Case, ended: Ended, place: Path, stats: Path, before: Mapping[str, bytes]
) -> Expectation:
    of_state = {each.parent for each in place.rglob("checkpoint")}  # differs from run to run
    found = sorted(each for each in place.rglob("*") if each.is_file() and each.parent not in of_state)
    names = [each.relative_to(place).as_posix() for each in found]
    files = {
        name: _text_of(path)
        for name, path in zip(names, found, strict=True)
        if before.get(name) != path.read_bytes()
    }
    changed = [name for name in case.keeps if before.get(name) != _content(place / name)]
    assert not changed, f"{case.name}: {', '.join(changed)} should be as before"
    missing = [words for words in case.says if words not in ended.err]
    assert not missing, f"{case.name}: stderr should say {missing}, but is {ended.err!r}"
    ledger = json.loads(stats.read_text()) if stats.exists() else {}
    wanted = {name: _inside(ledger, name) for name in case.expect.stats}
    return Expectation(ended.out, "" if case.says else ended.err, ended.code, files, wanted)


def _inside(ledger: Mapping[str, object], name: str) -> object:
    """What a ledger has by a name, or by names with dots between them; "" for nothing."""
    found: object = ledger
    for step in (name,) if name in ledger else name.split("."):
        found = found.get(step, "") if isinstance(found, Mapping) else ""
    return found


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def packed(name: str, text: str) -> bytes:
    """A file of this name with this content."""
    packer = PACKERS.get(Path(name).suffix)
    return text.encode() if packer is None else packer(text.encode())


def _text_of(path: Path) -> str:
    if path.suffix != ".parquet":
        unpack = UNPACKERS.get(path.suffix.lower(), bytes)
        return unpack(path.read_bytes()).decode("utf-8", "backslashreplace")
    table = pyarrow.parquet.read_table(path)
    columns = "".join(f"{each.name}: {each.type}\n" for each in table.schema)
    return columns + "".join(
        f"{json.dumps(row, default=str, ensure_ascii=False)}\n" for row in table.to_pylist()
    )


def written(cases: list[Case]) -> str:
    """The text of a case file."""
    return "\n".join(_case_text(case) for case in cases)


def _case_text(case: Case) -> str:
    lines = ["[[case]]", f"name = {_toml(case.name)}"]
    lines += [f"why = {_toml(case.why)}"] if case.why else []
    lines += [f"before = {_toml(list(case.before))}"] if case.before else []
    lines += [f"command = {_toml(case.command)}"]
    lines += [f"input = {_toml(case.input)}"] if case.input else []
    lines += [f"says = {_toml(list(case.says))}"] if case.says else []
    lines += [f"keeps = {_toml(list(case.keeps))}"] if case.keeps else []
    lines += _table("case.files", case.files)
    expect = case.expect
    plain = {"code": expect.code} if expect.code else {}
    plain |= {name: text for name in ("stdout", "stderr") if (text := getattr(expect, name))}
    lines += _table("case.expect", plain)
    lines += _table("case.expect.files", expect.files)
    lines += _table("case.expect.stats", expect.stats)
    return "\n".join(lines) + "\n"


def _table(name: str, entries: Mapping[str, object]) -> list[str]:
    rows = [f"{key if key.isidentifier() else _toml(key)} = {_toml(value)}" for key, value in entries.items()]
    return ["", f"[{name}]", *rows] if rows else []


def _toml(value: object) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    plain = value.replace("\n", "").isprintable() and "'''" not in value
    if plain and value.endswith("\n"):
        return f"'''\n{value}'''"
    if plain and "'" not in value and "\n" not in value and ("\\" in value or '"' in value):
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=not value.isprintable()).replace("\x7f", "\\u007f")
