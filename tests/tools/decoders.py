"""Decoders for tests that have no job."""

from collections.abc import Mapping

from streamstat.input.events import TIME_UNITS, BlockDecoder, decoder_of
from streamstat.input.formats.ndjson import Ndjson
from streamstat.kernels import TimeReader
from streamstat.values.columns import Need


def json_decoder(needs: Mapping[str, Need], time_unit: str = "auto", time_format: str = "") -> BlockDecoder:
    """Objects, one a line."""
    return decoder_of(
        Ndjson(), needs, TimeReader(TIME_UNITS.index(time_unit), [time_format] if time_format else [])
    )
