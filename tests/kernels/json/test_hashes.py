"""The two hashes of a value against another implementation of XXH64, for spellings of every length."""

import pytest
import xxhash

from streamstat.input.events import decode_bytes, decoder_of
from streamstat.input.formats.ndjson import Ndjson
from streamstat.values.columns import Need

MORE_SEED = 0x165667B19E3779F9
NUMBERS = [("1234567890" * 8)[:n] for n in range(1, 80)] + ["-1", "2.50", "1e5", "-12.5e-300"]


def canonical(value: str) -> bytes:
    """A text as it is; of any other value the spelling behind a byte that no text has."""
    return value[1:-1].encode() if value.startswith('"') else b"\xff" + value.encode()


@pytest.mark.parametrize("values", [NUMBERS, [f'"{n}"' for n in NUMBERS], ["true", "false", '"true"', '""']])
def test_hashes_of_values(values: list[str]) -> None:
    lines = "".join(f'{{"v":{value}}}\n' for value in values).encode()
    events = decode_bytes(decoder_of(Ndjson(), {"v": Need.HASH | Need.MORE_HASH}), lines)
    assert events.hashes("v").tolist() == [xxhash.xxh64_intdigest(canonical(value)) for value in values]
    more = [xxhash.xxh64_intdigest(canonical(value), MORE_SEED) for value in values]
    assert events.more_hashes("v").tolist() == more
