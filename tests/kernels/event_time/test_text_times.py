"""Times as texts: what was read before is not taken for another, and what looks like a time is one."""

import json

import pytest

from streamstat.event_time.fields import INSTANT, UNREADABLE
from streamstat.input.events import decode_bytes, decoder_of
from streamstat.input.formats.ndjson import Ndjson
from streamstat.values.columns import Need


def times(texts: list[str]) -> tuple[list[int], list[int]]:
    """Seconds and kinds, of texts that one decoder reads one after the other."""
    content = "".join(json.dumps({"t": text}) + "\n" for text in texts).encode()
    found, kinds = decode_bytes(decoder_of(Ndjson(), {"t": Need.TIME}), content).times("t")
    return (found // 1_000_000).tolist(), kinds.tolist()


def test_times_that_end_alike_are_told_apart() -> None:
    texts = ["1970-01-01T00:00:00Z", "1970-01-02T00:00:00Z", "1970-01-02T00:00:00Z", "1970-01-01T01:00:00Z"]
    assert times(texts) == ([0, 86_400, 86_400, 3600], [INSTANT] * 4)


@pytest.mark.parametrize("place", [i for i, c in enumerate("1970-01-01T00:00:00Z") if c.isdigit()])
def test_a_letter_in_place_of_a_digit_makes_no_time(place: int) -> None:
    text = "1970-01-01T00:00:00Z"
    assert times([text, text[:place] + "x" + text[place + 1 :]])[1] == [INSTANT, UNREADABLE]
