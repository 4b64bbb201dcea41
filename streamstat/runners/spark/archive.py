"""This package as an archive, by which it comes to machines where it is not installed."""

import zipfile
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from streamstat.kernels import _native

_PACKAGE = Path(__file__).parents[2]
_NEVER_CHANGED = (1980, 1, 1, 0, 0, 0)  # the same files give the same archive


def write_archive(folder: Path) -> Path:
    """A zip of all modules, the native one among them. Its name tells its content, so that no machine takes an older
    one for it. It serves machines of the same kind with the same version of Python."""
    contents = {name: path.read_bytes() for name, path in _members()}
    digest = blake2b(digest_size=8)
    for name, content in contents.items():
        digest.update(f"{name} {len(content)} ".encode() + content)
    archive = folder / f"streamstat-{digest.hexdigest()}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as written:
        for name, content in contents.items():
            written.writestr(zipfile.ZipInfo(name, _NEVER_CHANGED), content, zipfile.ZIP_DEFLATED)
    return archive


def _members() -> Iterator[tuple[str, Path]]:
    modules = sorted(_PACKAGE.rglob("*.py"))
    yield from ((f"{_PACKAGE.name}/{path.relative_to(_PACKAGE).as_posix()}", path) for path in modules)
    native = Path(str(_native.__file__))
    yield f"{_PACKAGE.name}/kernels/{native.name}", native
