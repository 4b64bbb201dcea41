"""Sketch states between the kernels and the standard formats; owns the hash of one value.

Knows no window, no group and no event: bytes in, what they hold out. Begin with `hll`; `hdr` and `bloom` are alike.
"""

import numpy as np

from streamstat import kernels


def hash_of(data: bytes) -> int:
    """XXH64, seed 0, of some bytes: the one hash under all sketches.

    >>> hex(hash_of(b""))
    '0xef46db3751d8e999'
    """
    offsets = np.array([0, len(data)], np.int64)
    return int(kernels.hash_texts(offsets, np.frombuffer(data, np.uint8))[0])


def canonical(value: str | bool | int | float) -> bytes:
    """The bytes of a JSON value that are hashed: UTF-8 of a string, 0xFF and the spelling of anything else.

    A number is spelt as Python does; of one spelt otherwise (`1.50`, `1e3`) hash `b"\\xff" + spelling`.

    >>> canonical("a"), canonical(1), canonical(True)
    (b'a', b'\\xff1', b'\\xfftrue')
    """
    if isinstance(value, str):
        return value.encode()
    spelling = str(value).lower() if isinstance(value, bool) else repr(value)
    return b"\xff" + spelling.encode()
