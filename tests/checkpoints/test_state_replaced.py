"""Reports under `--state` that do not simply grow: metrics, which each commit replaces, and compressed ones."""

import gzip
import shutil
import subprocess

import pytest
from tools.commands import Forks
from tools.minute_rows import HEADER, minute
from tools.prom_reader import read_prom
from tools.state_place import Place

from streamstat.checkpoints.folder import look

PROM = ["run", "--state", "state", "-o", "report.prom", "in.ndjson"]
PACKED = ["run", "--state", "state", "-o", "report.csv.gz", "in.ndjson"]
UNPACK = {"gz": "zcat", "zst": "zstd -dc", "bz2": "bzip2 -dc", "xz": "xz -dc"}


def newest(place: Place) -> float:
    """The end of the window of which there are metrics."""
    gauges = read_prom(place.text("report.prom"))
    return gauges["streamstat_window_end_seconds"].samples[()]


def test_metrics_are_those_of_the_newest_window_of_each_run(place: Place) -> None:
    place.add(5)
    assert place.run(*PROM).code == 0
    assert not (place.folder / "report.prom").exists()
    ends = []
    for second in (100, 150, 310):
        place.add(second)
        assert place.run(*PROM).code == 0
        ends.append(newest(place))
    assert ends == [60, 120, 180]


def test_metrics_stay_as_they_are_where_there_is_no_new_row(place: Place) -> None:
    place.add(5, 100)
    assert place.run(*PROM).code == 0
    before, text = (place.folder / "report.prom").stat(), place.text("report.prom")
    place.add(101)
    assert place.run(*PROM).code == 0
    after = (place.folder / "report.prom").stat()
    assert (after.st_ino, after.st_mtime_ns, place.text("report.prom")) == (
        before.st_ino,
        before.st_mtime_ns,
        text,
    )
    assert look(place.folder / "state").number > 1


def test_metrics_keep_the_permissions_that_somebody_gave_them(place: Place) -> None:
    place.add(5, 100)
    assert place.run(*PROM).code == 0
    (place.folder / "report.prom").chmod(0o604)
    place.add(150)
    assert (place.run(*PROM).code, newest(place)) == (0, 120)
    assert (place.folder / "report.prom").stat().st_mode & 0o777 == 0o604


def test_metrics_that_were_moved_away_come_back_with_the_next_rows(place: Place) -> None:
    place.add(5, 100)
    assert place.run(*PROM).code == 0
    (place.folder / "report.prom").unlink()
    for second, exists in ((101, False), (150, True)):
        place.add(second)
        ended = place.run(*PROM)
        assert (ended.code, (place.folder / "report.prom").exists()) == (0, exists)
        assert ended.err.endswith("report.prom is gone; the next rows bring it back\n")
    assert (place.run(*PROM).err, newest(place)) == ("", 120)


@pytest.mark.parametrize("damage", ["changed", "longer", "a link"])
def test_metrics_that_somebody_changed_are_refused(place: Place, damage: str) -> None:
    place.add(5, 100)
    assert place.run(*PROM).code == 0
    path, text = place.folder / "report.prom", place.text("report.prom")
    if damage == "a link":
        path.rename(place.folder / "other")
        path.symlink_to("other")
    else:
        path.write_text(text + "# mine\n" if damage == "longer" else text.replace(" 1\n", " 2\n"))
    before = path.read_text()
    place.add(150)
    ended = place.run(*PROM)
    assert (ended.code, ended.err.count("\n"), path.read_text()) == (73, 1, before)
    assert "move it away, and the next rows bring it back" in ended.err
    path.unlink()
    assert (place.run(*PROM).code, newest(place)) == (0, 120)


@pytest.mark.parametrize("whose", ["ours", "somebody else's"])
def test_version_without_its_name_gets_it_where_the_one_before_is_ours(
    place: Place, forks: Forks, whose: str
) -> None:
    """The run is killed between its last commit and the rename, which is the last one that it makes."""
    place.add(5, 100)
    assert place.run(*PROM).code == 0
    place.add(150)
    calls, copy = place.folder / "calls", place.folder / "copy"
    shutil.copytree(place.folder, copy)
    note = ("tools.state_calls:note_calls", str(calls), 100)
    assert forks.run(PROM, b"", copy, place.folder / "streams", note).code == 0
    number = max(i for i, name in enumerate(calls.read_text().split(), 1) if name == "rename")
    kill = ("tools.state_calls:kill_at", number, 100)
    assert forks.run(PROM, b"", place.folder, place.folder / "streams", kill).code == -9
    assert newest(place) == 60
    if whose == "ours":
        assert (place.run(*PROM).code, newest(place)) == (0, 120)
        return
    (place.folder / "report.prom").write_text("mine")
    ended = place.run(*PROM)
    assert (ended.code, place.text("report.prom")) == (73, "mine")
    assert "is not as this state left it" in ended.err


@pytest.mark.parametrize("suffix", UNPACK)
def test_compressed_report_is_whole_after_each_run(place: Place, suffix: str) -> None:
    run = [*PACKED[:4], f"report.csv.{suffix}", "in.ndjson"]
    place.add(5)
    shown, sizes = [], []
    for second in (6, 100, 101, 150):
        place.add(second)
        assert place.run(*run).code == 0
        unpacked = subprocess.run(
            [*UNPACK[suffix].split(), f"report.csv.{suffix}"],
            cwd=place.folder,
            check=True,
            capture_output=True,
        )
        shown.append(unpacked.stdout.decode())
        sizes.append((place.folder / f"report.csv.{suffix}").stat().st_size)
    rows = minute(0, 2)
    assert shown == [HEADER, HEADER + rows, HEADER + rows, HEADER + rows + minute(1, 2)]
    assert sizes[1] == sizes[2]
    ended = place.run("run", "-w", "all", f"report.csv.{suffix}")
    assert ended.out == HEADER + "1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,2\n"


def test_compressed_report_without_rows_and_heading_is_whole_too(place: Place) -> None:
    place.add(5)
    assert place.run(*PACKED, "--no-header").code == 0
    assert gzip.decompress((place.folder / "report.csv.gz").read_bytes()) == b""
    assert (place.folder / "report.csv.gz").stat().st_size > 0


def test_state_tells_of_versions(place: Place) -> None:
    place.add(5, 100, 170)
    assert place.run(*PROM).code == 0
    size = (place.folder / "report.prom").stat().st_size
    assert f"output     ../report.prom: {size} bytes, version 1\n" in place.run("state", "state").out


def test_heading_belongs_to_the_plan(place: Place) -> None:
    run = ["run", "--state", "state", "-f", "tsv", "in.ndjson"]
    place.add(5, 100)
    assert place.run(*run, "--no-header").out == minute(0).replace(",", "\t")
    place.add(150)
    ended = place.run(*run)
    assert (ended.code, ended.out) == (78, "")
    assert "--no-header: is not given, but state was begun with it" in ended.err
    assert place.run(*run, "--no-header").out == minute(1).replace(",", "\t")
