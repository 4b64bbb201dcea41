"""Saved reports as those read them who make one of several: columns of states, in batches of bounded size."""

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from streamstat.common.errors import InputError
from streamstat.common.record import record
from streamstat.common.terminal import printable
from streamstat.output.saved.cells import column_of
from streamstat.output.saved.files import PART_NAMES, files_of, metadata_of, saved_file
from streamstat.output.saved.records import NoReportError
from streamstat.values.columns import I64, PLUS_INFINITY, Kind, Texts, Values, take
from streamstat.values.exact import METADATA, VERSION

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_BYTES = 4 << 20
ROWS_READ = 65_536
ROWS_TOLD = 4_096  # of so many together it is known when the first window begins
MADE_ANEW = "make it with --states -o report.parquet"


@record
class SavedBatch:
    """Rows: starts and ends int64[n] in microseconds, the other columns by their names."""

    starts: I64
    ends: I64
    columns: Mapping[str, Values]

    def __len__(self) -> int:
        return len(self.starts)


@record
class StatedReport:
    """A report, which may be a folder of parts: what its run tells of itself, and its columns with their types.

    options, ledger: those of the run; None where another program has written it. identities: what makes it known again.
    numbers: below this are those of its events.
    """

    name: str
    files: tuple[str, ...]
    options: Mapping[str, Any] | None
    ledger: Mapping[str, Any] | None
    identities: tuple[str, ...]
    numbers: int
    columns: tuple[str, ...]
    texts: tuple[str, ...]  # the columns of texts

    @property
    def place(self) -> str:
        """Its name in messages."""
        return printable(self.name)

    @property
    def log(self) -> str:
        """What its rows are of. All parts of a folder are of one log, and the last tells the ledger of all of it."""
        file = Path(self.files[-1])
        return str(file.parent if fnmatch(file.name, PART_NAMES) else file)

    @property
    def has_states(self) -> bool:
        """Whether its rows have their exact states."""
        return bool(self.identities)


def open_report(name: str) -> StatedReport:
    """A report by its name. MissingInputError where there is none, InputError where it is none that has states."""
    if name == "-":
        raise InputError("stdin", "a Parquet report cannot be read from a pipe", "name its file")
    files, place = tuple(files_of(name)), printable(name)
    told = [metadata_of(each) for each in files]
    options, ledger = (_json(place, told[-1].get(f"streamstat.{each}")) for each in ("options", "ledger"))
    identities, numbers = [], 0
    for each in told:
        found = _json(place, each.get(METADATA))
        if found is not None and found.get("version") != VERSION:
            problem = "has states of another version of streamstat"
            raise InputError(place, problem, "make it anew, or merge with that version")
        if found is not None:
            identities.append(str(found.get("id")))
            numbers = max(numbers, _count(place, found.get("numbers")))
    if len(identities) not in (0, len(files)):
        raise InputError(place, "has parts with states and parts without", "name those with states")
    return StatedReport(name, files, options, ledger, tuple(identities), numbers, *_columns_of(files[0]))


def _count(place: str, number: Any) -> int:
    if not isinstance(number, int) or number < 0:
        raise InputError(place, "does not say how its events are numbered", "make it anew")
    return number


def _json(place: str, text: str | None) -> dict[str, Any] | None:
    try:
        found = None if text is None else json.loads(text)
    except ValueError:
        found = ()
    if not isinstance(found, dict | None):
        raise InputError(place, "does not say in a readable way what made it", "make it anew")
    return found


def _columns_of(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All columns, and those of texts."""
    with saved_file(name, MADE_ANEW) as file:
        schema = _parquet(file).schema_arrow
        texts = (field.name for field in schema if str(field.type) in ("string", "large_string"))
        return tuple(schema.names), tuple(texts)


def first_states(report: StatedReport) -> dict[str, bytes]:
    """Of each column of bytes the first that are there."""
    found: dict[str, bytes] = {}
    for name in report.files:
        with saved_file(name, MADE_ANEW) as file:
            parquet = _parquet(file)
            names = [field.name for field in parquet.schema_arrow if "binary" in str(field.type)]
            for batch in parquet.iter_batches(ROWS_TOLD, columns=names):
                for column in (each for each in names if each not in found):
                    values = batch.column(column).drop_null()
                    if len(values):
                        found[column] = values[0].as_py()
                if len(found) == len(names):
                    return found
    return found


def _parquet(file: Any) -> Any:
    import pyarrow.parquet as pq

    if file.peek(4)[:4] != b"PAR1":
        raise NoReportError("is no Parquet report, and only these have states", MADE_ANEW)
    return pq.ParquetFile(file)


class ReportReader:
    """Reads some columns of a report, those that it has, batch by batch.

    bound: before which time no row begins that is still to come.
    """

    def __init__(self, report: StatedReport, columns: Sequence[str]) -> None:
        self.report, self._columns, self._rows_read = report, list(columns), 0
        starts = [np.empty(0, np.int64), *self._starts()]
        self._rows = sum(map(len, starts))
        self._least = _least_behind(starts)
        self._batches = self._read()

    @property
    def bound(self) -> int:
        """Plus infinity when all has been read."""
        return PLUS_INFINITY if self._rows_read == self._rows else self._least[self._rows_read // ROWS_TOLD]

    def read(self) -> SavedBatch:
        """The next rows."""
        batch = next(self._batches)
        self._rows_read += len(batch)
        if self._rows_read == self._rows:
            self._batches.close()  # the file, and what is unpacked of it, are not kept while others are read
        return batch

    def _starts(self) -> Iterator[I64]:
        for file in self.report.files:
            with saved_file(file, MADE_ANEW) as opened:
                for each in _parquet(opened).iter_batches(ROWS_READ, columns=["window_start"]):
                    yield times_in(each.column(0))

    def _read(self) -> Generator[SavedBatch, None, None]:
        there = [name for name in self._columns if name in self.report.columns]
        wanted = ["window_start", "window_end", *there]
        for name in self.report.files:
            with saved_file(name, MADE_ANEW) as file:
                parquet = _parquet(file)
                for each in parquet.iter_batches(_rows_at_once(parquet), columns=wanted):
                    times = times_in(each.column("window_start")), times_in(each.column("window_end"))
                    yield SavedBatch(*times, {column: values_in(each.column(column)) for column in there})


def _least_behind(starts: Sequence[I64]) -> list[int]:
    """The least of all from each row on whose number is a multiple of ROWS_TOLD."""
    whole = np.concatenate(starts)
    least = np.minimum.reduceat(whole, np.arange(0, len(whole), ROWS_TOLD)) if len(whole) else whole
    found: list[int] = np.minimum.accumulate(least[::-1])[::-1].tolist()
    return found


def _rows_at_once(parquet: Any) -> int:
    """As many rows as are about `BATCH_BYTES` large."""
    groups = [parquet.metadata.row_group(i) for i in range(parquet.metadata.num_row_groups)]
    a_row = max((each.total_byte_size / max(each.num_rows, 1) for each in groups), default=1.0)
    return max(min(int(BATCH_BYTES / max(a_row, 1.0)), ROWS_READ), 1)


def times_in(array: "pa.Array") -> I64:
    """Times as int64[n] in microseconds; NoReportError for others, and where one is missing."""
    import pyarrow as pa

    if not pa.types.is_timestamp(array.type) or array.null_count:
        raise NoReportError("has no times in window_start or window_end", "name a report of windows")
    plain = array.cast(pa.timestamp("us", array.type.tz), safe=False)
    # Not by to_numpy, which loads pandas where that is installed.
    return np.frombuffer(plain.buffers()[1] or b"", np.int64, len(plain), 8 * plain.offset)


def values_in(array: "pa.Array") -> Values:
    """A column of byte strings as it is, any other as the values of JSON that it stands for."""
    import pyarrow as pa

    if not (pa.types.is_binary(array.type) or pa.types.is_large_binary(array.type)):
        coded = array.dictionary_encode()
        different = column_of([*coded.dictionary.to_pylist(), None]).values
        places = coded.indices.fill_null(len(coded.dictionary)).to_numpy(zero_copy_only=False)
        return take(different, places.astype(np.int64))
    large = array.cast(pa.large_binary())
    _, offsets, data = large.buffers()
    places = np.frombuffer(offsets, np.int64, len(large) + 1, 8 * large.offset)
    texts = Texts(places, np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8))
    kinds = np.full(len(large), Kind.TEXT, np.uint8)
    if large.null_count:
        kinds[large.is_null().to_numpy(zero_copy_only=False)] = Kind.NULL
    return Values(kinds, np.zeros(len(large), np.int64), texts)
