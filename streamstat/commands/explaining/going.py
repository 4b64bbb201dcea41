"""Where inputs come from, and where rows and lines go."""

from collections.abc import Iterator

from streamstat.commands.explaining.layout import enumerated
from streamstat.commands.settings import ReportSettings, Settings
from streamstat.common.terminal import printable
from streamstat.common.units import counted
from streamstat.engine.ledger import Ledger
from streamstat.runners.sample import Sample

_LOST = ("bad", "punctuation", "no_time", "future")
_MOST_INPUTS = 3


def input_sentences(chosen: Settings, sample: Sample, names: list[str]) -> Iterator[str]:
    """What is read, and how it is taken."""
    how = "as --input says" if chosen.plan.input != "auto" else "told by its first records"
    for name in names[:_MOST_INPUTS]:
        found = sample.formats.get(name)
        shown = "stdin" if name == "-" else printable(name)
        yield f"{shown} is {found}, {how}." if found else f"{shown} was not looked at."
    if len(names) > _MOST_INPUTS:
        yield f"There are {counted(len(names) - _MOST_INPUTS, 'input')} more."
    if chosen.state is not None:
        yield f"The state {printable(chosen.state)} is not looked at: this begins where the inputs begin."
    yield _looked_at(sample, sample.ledgers[0])


def _looked_at(sample: Sample, ledger: Ledger) -> str:
    records = ledger.lines - ledger.blank
    many = f"all {records:,} records" if records > 1 else "the only record"
    if not sample.is_whole:
        many = f"the first {counted(records, 'record')}"
    elif not records:
        return "There is no record yet."
    lost = [f"{getattr(ledger, name):,} {name}" for name in _LOST if getattr(ledger, name)]
    return f"All that follows is told by {many}" + (f", of them {enumerated(lost)}." if lost else ".")


def output_rows(chosen: Settings, report: ReportSettings) -> Iterator[tuple[str, ...]]:
    """A row for each place that would be written."""
    if report.prints:
        yield "stdout", f"rows, as {report.stdout_format or 'a table on a terminal, else csv'}"
    for path in report.output:
        if path != "-":
            grows = chosen.state is not None
            yield printable(path), "rows, with each commit" if grows else "rows, whole at the end"
    files = [(report.late_file, "late events"), (chosen.bad_file, "unreadable lines")]
    files += [(chosen.lost_file, "all lost lines"), (chosen.stats, "the ledger")]
    yield from ((printable(path), what) for path, what in files if path is not None)
