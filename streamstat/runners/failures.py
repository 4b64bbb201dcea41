"""What inputs have failed with, and what becomes of it."""

from streamstat.common.errors import ArchiveError, StreamstatError


class Failures:
    """The first failure, with which a run ends at last; archives that a state leaves aside, as they are no files.

    goes_on: inputs are followed, and failures were told as they came. is_kept: the next run goes on from this one.
    """

    def __init__(self, goes_on: bool, is_kept: bool) -> None:
        self._goes_on, self._is_kept = goes_on, is_kept
        self.first: StreamstatError | None = None
        self.aside: list[str] = []

    def take(self, error: StreamstatError | None) -> None:
        """What an input failed with, if it did; an archive ends the run at once, where it is not left aside."""
        if not isinstance(error, ArchiveError):
            self.first = self.first or error
        elif not self._is_kept and not self._goes_on:
            raise error
        elif not self._goes_on:
            self.aside.append(str(error))
