"""Reports with states and merges of them, in this process: what the commands do, without their words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from oracle import Options

from streamstat.commands.merge import Merge
from streamstat.commands.run import Command
from streamstat.commands.settings import Settings
from streamstat.plan.plan import Plan
from tools.engine_run import plan_of


def said(line: str) -> None:
    """Nobody listens."""


def ran(lines: Sequence[bytes], plan: Plan, report: Path) -> dict[str, Any]:
    """A run over these lines that makes a report; gives its ledger. InputError where no line could be used."""
    log, stats = report.with_suffix(".ndjson"), report.with_suffix(".stats")
    log.write_bytes(b"".join(line + b"\n" for line in lines))
    settings = Settings(
        inputs=(str(log),), output=(str(report),), stats=str(stats), plan=plan, silent=True, threads=1
    )
    Command(settings, said, None).run()
    ledger: dict[str, Any] = json.loads(stats.read_text())
    return ledger


def merged(reports: Sequence[Path], report: Path, given: Mapping[str, Any]) -> dict[str, object]:
    """Makes one report of several, with options by their fields; gives its ledger."""
    named = {"reports": [str(each) for each in reports], "output": [str(report)], "threads": 2, **given}
    merge = Merge(named, ["merge"], said, False)
    merge.run()
    return merge.ledger.as_dict()


def with_states(options: Options) -> Plan:
    """A plan that keeps states."""
    return replace(plan_of(options), states=True, input="ndjson")
