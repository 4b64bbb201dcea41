"""When a file was created, where the system can tell: a deleted file's inode number soon belongs to another one."""

import ctypes
import os
import struct
from functools import lru_cache
from typing import Any

_WORKING_DIRECTORY = -100
_EMPTY_PATH = 0x1000  # the descriptor itself
_BIRTH = 0x800  # the only thing asked for
_STATX_BYTES, _MASK_AT, _BIRTH_AT = 256, 0, 80


def born_ns(descriptor: int) -> int:
    """Nanoseconds since the epoch; 0 where nobody knows. Python's own `stat` does not tell it on Linux."""
    return _born(descriptor, b"", _EMPTY_PATH)


def born_at(path: str) -> int:
    """The same, of a file that cannot be opened."""
    return _born(_WORKING_DIRECTORY, os.fsencode(path), 0)


def _born(descriptor: int, path: bytes, flags: int) -> int:
    call = _statx()
    answer = ctypes.create_string_buffer(_STATX_BYTES)
    if call is None or call(descriptor, path, flags, _BIRTH, answer) != 0:
        return 0
    if not struct.unpack_from("=I", answer, _MASK_AT)[0] & _BIRTH:
        return 0
    seconds, nanoseconds = struct.unpack_from("=qI", answer, _BIRTH_AT)
    return int(seconds * 1_000_000_000 + nanoseconds)


@lru_cache(1)
def _statx() -> Any:
    return getattr(ctypes.CDLL(None), "statx", None)
