"""The inputs of a command line as a feed: read once, or as logs."""

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from streamstat.commands.lifecycle import Setup
from streamstat.commands.settings import Settings
from streamstat.common.errors import UsageError
from streamstat.common.streams import is_broken_pipe
from streamstat.input.archives import refuse_archives
from streamstat.input.feed import ReadOnce
from streamstat.input.sources import Stop
from streamstat.input.sources.inputs import Inputs, expand

if TYPE_CHECKING:
    from streamstat.input.logs.feed import Logs


def read_once(setup: Setup) -> ReadOnce:
    """Each to its end."""
    check_terminal(setup.chosen)
    chosen = setup.chosen
    inputs = _for_spark(chosen) if chosen.on_spark else expand(chosen.inputs, chosen.streams)
    refuse_archives(inputs)
    return ReadOnce(inputs, setup.limits)


def _for_spark(chosen: Settings) -> Inputs:
    from streamstat.runners.spark.remote import remote_inputs

    return remote_inputs(chosen.inputs)


def logs(setup: Setup, records: Sequence[Mapping[str, Any]] = ()) -> "Logs":
    """From where they were left; what this run writes is none of them, even if a glob matches it."""
    from streamstat.input.logs.feed import Logs
    from streamstat.input.logs.tracking import Tracking

    chosen = setup.chosen
    check_terminal(chosen)
    tracking = Tracking(
        chosen.inputs,
        records,
        follow=chosen.follow,
        left_out=[path for _, path in chosen.written],
        streams=dict(zip(chosen.inputs, chosen.streams, strict=False)),
        max_expansion=setup.limits.max_expansion,
        say=setup.say,
    )
    shows_rows = any(report.prints for report in chosen.reports)
    return Logs(tracking, setup.limits, wait_while_read if shows_rows else Stop.wait_for_any)


def wait_while_read(stop: Stop, descriptors: Sequence[int], seconds: float) -> None:
    """As `Stop.wait_for_any`; a run whose rows nobody reads any more has no reason to go on."""
    stop.wait_for_any(descriptors, seconds)
    if is_broken_pipe(sys.stdout.fileno()):
        raise BrokenPipeError


def check_terminal(chosen: Settings) -> None:
    """UsageError where somebody would wait for a prompt."""
    if not chosen.inputs and sys.stdin is not None and sys.stdin.isatty():
        hint = "for example: streamstat run access.ndjson, or: cat access.ndjson | streamstat run"
        raise UsageError("INPUT", "nothing to read: stdin is a terminal", hint)
