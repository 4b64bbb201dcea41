"""A folder with events, over which commands run again and again under `--state`."""

from pathlib import Path

from tools.commands import Ended, Forks

RUN = ["run", "--state", "state", "-o", "report.csv", "in.ndjson"]


class Place:
    """A folder in which commands run; `add` appends events at these seconds."""

    def __init__(self, forks: Forks, folder: Path) -> None:
        self.folder, self.forks = folder, forks
        (folder / "streams").mkdir()

    def add(self, *seconds: int, name: str = "in.ndjson") -> None:
        with (self.folder / name).open("a") as file:
            file.writelines(f'{{"ts": {each}}}\n' for each in seconds)

    def run(self, *arguments: str) -> Ended:
        return self.forks.run(arguments, b"", self.folder, self.folder / "streams")

    def text(self, name: str = "report.csv") -> str:
        return (self.folder / name).read_text()
