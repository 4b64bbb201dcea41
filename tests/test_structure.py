"""The shape of the package: who may import whom, and what no file does. The table below is the map's, kept true."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "streamstat"
MAX_LINES = 300  # but for the stub of the native module, which is generated

# A room imports from rows above its own; a plug-in never another plug-in.
RANKS = (
    ("common", "kernels"),
    ("values",),
    ("expressions", "windows", "sketches", "input", "output"),
    ("states", "event_time", "patterns", "changes"),
    ("aggregates",),
    ("plan",),
    ("engine",),
    ("runners",),
    ("checkpoints", "api"),
    ("commands", "__init__"),
    ("cli",),
    ("__main__",),
)
PLUG_INS = {
    "windows": ("all", "hopping", "tumbling", "session", "sliding"),
    "aggregates": (),  # every file is one
    "output.sinks": (
        "chart",
        "csv",
        "html",
        "json",
        "ndjson",
        "parquet",
        "picture",
        "prom",
        "table",
        "tsv",
        "vertical",
    ),
    "input.formats": (),
    "input.sources": ("file", "memory", "stdin"),
    "runners": ("local",),
}
# Those who choose plug-ins, and no one else: they name some by hand.
CHOOSERS = {
    "api",
    "checkpoints.parts",
    "commands.inspection.command",
    "commands.run",
    "input.detection",
    "input.sources.inputs",
    "output.outputs",
    "plan.measures",
    "runners.sample",
    "runners.spark.part_run",
}
# Names that several modules define, and mean alike.
ALIKE = {
    **dict.fromkeys(("Distinct", "Members", "New", "Top"), "an aggregate, and the state that it alone reads"),
    **dict.fromkeys(("encode", "merge", "parse", "read"), "to and from the form that its module is of"),
    **dict.fromkeys(
        ("reported", "creating"), "what the system refuses, as a failure of the room that asked for it"
    ),
    **dict.fromkeys(("FULL", "LONGEST_NAME", "TAIL_BYTES", "_DAY_US", "_SECOND_US"), "one value"),
    **dict.fromkeys(("main", "run"), "the same thing behind two doors"),
    "Changes": "what becomes different, of the rows of a table or of stored queries",
    "_OPS": "what a format of changes calls what is done with a row, a format each",
    "ABSENT": "what is recorded of an output before its first run, a form of output each",
    "T": "any type",
    "in_order": "the order in which files are read",
}
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """`windows/_grid.py` is `windows._grid`, `windows/__init__.py` is `windows`."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


def tree_of(path: Path) -> ast.Module:
    return ast.parse((PACKAGE / path).read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """The package's modules that a module imports, wherever in it."""
    known = {name_of(each) for each in MODULES}
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            base = (node.module or "").removeprefix("streamstat").removeprefix(".")
            if (node.module or "").split(".")[0] == "streamstat":
                inner = (f"{base}.{alias.name}".removeprefix(".") for alias in node.names)
                yield from (name if name in known else base or "__init__" for name in inner)
        elif isinstance(node, ast.Import):
            names = (alias.name for alias in node.names)
            yield from (
                name.partition(".")[2] or "__init__" for name in names if name.split(".")[0] == "streamstat"
            )


def room_of(module: str) -> str:
    return module.partition(".")[0]


def rank(module: str) -> int:
    found = [row for row, rooms in enumerate(RANKS) if room_of(module) in rooms]
    assert found, f"{module} has no rank yet: give its room a row in RANKS, as low as its imports let it be"
    return found[0]


def is_plug_in(module: str) -> bool:
    folder, _, name = module.rpartition(".")
    return folder in PLUG_INS and not name.startswith("_") and name in (PLUG_INS[folder] or (name,))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_down(path: Path) -> None:
    module = name_of(path)
    for other in imports(path):
        assert room_of(other) == room_of(module) or rank(other) < rank(module), (
            f"{module} imports {other}, which does not rank below it"
        )
        assert not (is_plug_in(module) and is_plug_in(other)), f"{module} and {other} are both plug-ins"


def test_no_module_imports_itself_in_a_circle() -> None:
    known = set(map(name_of, MODULES))
    below = {name_of(path): set(imports(path)) & known - {name_of(path)} for path in MODULES}
    done: set[str] = set()
    while ready := {name for name, others in below.items() if name not in done and others <= done}:
        done |= ready
    assert sorted(set(below) - done) == []


def defined(path: Path) -> Iterator[str]:
    """The classes, functions and constants of a module that others can see, and its own constants."""
    for node in tree_of(path).body:
        names: list[str] = []
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names = [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)]
        yield from (name for name in names if not name.startswith("_") or name.isupper())


def test_no_name_has_two_meanings() -> None:
    modules: dict[str, list[str]] = {}
    for path in MODULES:
        for name in set(defined(path)):
            modules.setdefault(name, []).append(name_of(path))
    assert {name: found for name, found in modules.items() if len(found) > 1 and name not in ALIKE} == {}


def test_every_rank_is_of_a_room_that_exists() -> None:
    assert {room_of(name_of(path)) for path in MODULES} == {name for row in RANKS for name in row}


def test_the_doors_stand_alone_beside_the_rooms() -> None:
    assert [path.name for path in MODULES if len(path.parts) == 1] == [
        "__init__.py",
        "__main__.py",
        "api.py",
        "cli.py",
    ]


def test_every_room_says_what_it_is_for() -> None:
    rooms = [path for path in MODULES if path.name == "__init__.py" and len(path.parts) > 1]
    assert {path.parent for path in MODULES} == {path.parent for path in [*rooms, Path("__init__.py")]}
    for path in rooms:
        text = ast.get_docstring(tree_of(path))
        assert text and 2 <= len(text.splitlines()) <= 7, f"{path} does not say what the room is for"


def test_plug_ins_are_named_by_those_alone_who_choose_them() -> None:
    naming = {name_of(path) for path in MODULES for other in imports(path) if is_plug_in(other)}
    assert naming == CHOOSERS


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[0] == "engine"], ids=name_of)
def test_engine_names_no_window_and_no_aggregate(path: Path) -> None:
    plug_ins = [each for each in MODULES if is_plug_in(name_of(each)) and each.parts[0] != "runners"]
    classes = {
        node.name for each in plug_ins for node in tree_of(each).body if isinstance(node, ast.ClassDef)
    }
    tree = tree_of(path)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    texts = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    words = {each.stem for each in plug_ins if each.parts[0] in ("windows", "input", "output")}
    assert not names & classes
    assert not texts & words


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_command_line_prints_or_exits(path: Path) -> None:
    if name_of(path) == "cli":
        return
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            assert ast.unparse(node.func) not in ("print", "exit", "quit", "sys.exit", "os._exit", "os.abort")
        if isinstance(node, ast.Raise) and node.exc is not None:
            assert not ast.unparse(node.exc).startswith(("SystemExit", "typer."))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_is_evaluated_as_code(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Name):
            assert node.id not in ("eval", "exec", "compile", "__import__"), f"{path}:{node.lineno}"
        if isinstance(node, ast.Import | ast.ImportFrom):
            named = [*(alias.name for alias in node.names), getattr(node, "module", None)]
            assert not {"pickle", "marshal", "shelve", "code"} & set(named), f"{path}:{node.lineno}"
        if isinstance(node, ast.keyword):
            assert node.arg != "allow_pickle", f"{path}:{node.value.lineno}"


def test_no_file_is_longer_than_a_reader_holds_in_mind() -> None:
    files = [path for suffix in ("py", "cpp", "hpp") for path in PACKAGE.rglob(f"*.{suffix}")]
    lengths = {str(path.relative_to(PACKAGE)): len(path.read_bytes().splitlines()) for path in files}
    assert {name: n for name, n in lengths.items() if n > MAX_LINES} == {}


def test_memory_is_asked_for_in_one_way_that_no_compiler_leaves_out() -> None:
    files = [path for suffix in ("cpp", "hpp") for path in PACKAGE.rglob(f"*.{suffix}")]
    assert [path.name for path in files if "__builtin_prefetch" in path.read_text()] == ["prefetch.hpp"]
