"""How long after the event that fires its window a row is on stdout: a writer stamps its lines, a reader the rows."""

import statistics
import subprocess
import threading
import time
from collections.abc import Callable

WINDOW_MS = 100
ROWS = 50


class Stream:
    """A run over a pipe. Stamps when each window's first later event was written, and when its row came."""

    def __init__(self, command: str) -> None:
        options = [
            "--window",
            f"tumbling:{WINDOW_MS}ms",
            "--time",
            "ts",
            "--time-unit",
            "ms",
            "--format",
            "ndjson",
        ]
        self._process = subprocess.Popen(
            [command, "run", "-", *options, "--delay", "0s", "--quiet"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._written: dict[int, float] = {}
        self.waits: list[float] = []
        self._rows = threading.Semaphore(0)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def write(self, ts: int) -> None:
        """One event of 300 bytes."""
        assert self._process.stdin is not None
        self._written.setdefault(ts // WINDOW_MS, time.perf_counter())
        self._process.stdin.write(b'{"ts":%d,"text":"%s"}\n' % (ts, b"x" * 270))
        self._process.stdin.flush()

    def wait_for_row(self) -> None:
        """Until one more row has come."""
        self._rows.acquire()

    def _read(self) -> None:
        assert self._process.stdout is not None
        # Rows come in the order of their windows, none of which is empty; each is fired by the next one's first event.
        for number, _ in enumerate(self._process.stdout):
            if number + 1 in self._written:  # else it is the end of input that fires the last one
                self.waits.append(time.perf_counter() - self._written[number + 1])
            self._rows.release()

    def end(self) -> list[float]:
        """End the input; the waits for rows, in seconds, without the first ones, which are those of the start."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        self._reader.join()
        return self.waits[2:]


def one_by_one(stream: Stream) -> None:
    """The writer waits for each row."""
    for number in range(ROWS + 3):
        stream.write(number * WINDOW_MS)
        if number:
            stream.wait_for_row()


def steadily(stream: Stream) -> None:
    """About a line a millisecond, whatever comes back."""
    began = time.perf_counter()
    while (ts := int((time.perf_counter() - began) * 1000)) < (ROWS + 3) * WINDOW_MS:
        stream.write(ts)
        time.sleep(0.001)


def latency(command: str) -> str:
    """Median and worst wait for a row, in milliseconds, of both kinds of writers."""

    def measured(write: Callable[[Stream], None]) -> str:
        stream = Stream(command)
        write(stream)
        waits = stream.end()
        return f"{statistics.median(waits) * 1000:.0f} ms (at most {max(waits) * 1000:.0f})"

    return f"a row after its event: {measured(one_by_one)}; with a line a millisecond {measured(steadily)}"
