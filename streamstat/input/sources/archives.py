"""Archives of many files, told by their first bytes. None is read: part of one must never be counted."""

from streamstat.common.errors import ArchiveError
from streamstat.common.record import record
from streamstat.common.terminal import quoted
from streamstat.input.sources.inputs import STDIN_NAME

TELLING_BYTES = 262  # of a tar; of all others less
_TAR_NAME, _TAR_MODE = slice(0, 100), slice(100, 108)


@record
class Archive:
    """A kind of archive: its name in messages, and what writes out the files in it, or makes files of them again."""

    name: str
    prints: str
    unpacks: str


ZIP = Archive("ZIP archive", "unzip -p", "unzip")
TAR = Archive("tar archive", "tar -xOf", "tar -xf")
_ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def archive_of(head: bytes) -> Archive | None:
    """Which archive begins like this.

    >>> archive_of(b"PK\\x03\\x04...") == ZIP, archive_of(b"{}")
    (True, None)
    """
    if head.startswith(_ZIP_MAGICS):
        return ZIP
    return TAR if head[257:TELLING_BYTES] == b"ustar" else None


def may_begin_archive(head: bytes) -> bool:
    """Whether a longer head could tell an archive: a text tells by its first newline that it is none."""
    if len(head) >= TELLING_BYTES:
        return False
    if any(magic.startswith(head[:4]) for magic in _ZIP_MAGICS):
        return len(head) < 4
    name, _, padding = head[_TAR_NAME].partition(b"\0")
    is_name = name != b"" and not name.startswith((b"{", b"[")) and min(name) >= 0x20
    return is_name and not padding.strip(b"\0") and not head[_TAR_MODE].strip(b"01234567 \0")


def file_of(name: str) -> str:
    """An input of this name in a command; one that is no file is `FILE`.

    >>> file_of("my.zip"), file_of("-"), file_of("<bytes>")
    ('my.zip', 'FILE', 'FILE')
    """
    return "FILE" if name == STDIN_NAME or name.startswith("<") else quoted(name)


def archive_error(name: str, archive: Archive) -> ArchiveError:
    """What ends a run that was given an archive."""
    problem = f"is a {archive.name}, of which no part is read"
    return ArchiveError(name, problem, f"unpack it: {archive.prints} {file_of(name)} | streamstat run")
