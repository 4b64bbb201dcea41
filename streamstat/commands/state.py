"""What is inside a state, for people and for programs that watch over it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from streamstat.checkpoints.checkpoint import REPLACE, Checkpoint
from streamstat.checkpoints.folder import look
from streamstat.checkpoints.same_plan import verb_of
from streamstat.commands.verbs import VERBS
from streamstat.common.errors import StateError, UsageError
from streamstat.common.terminal import printable
from streamstat.common.units import counted
from streamstat.engine.engine import Engine
from streamstat.engine.ledger import watermark_text
from streamstat.plan.job import Job, together
from streamstat.plan.meaning import job_of
from streamstat.plan.options import options_of
from streamstat.plan.plan import Plan
from streamstat.plan.report_tables import key_of_report, option_name, split_reports

OPEN = "open_"  # and what waits for the watermark


def describe(path: str) -> dict[str, Any]:
    """The facts of the state in a folder, which may be in use; StateError if it is damaged."""
    checkpoint = look(path)
    facts: dict[str, Any] = {
        "state": path,
        "commit": checkpoint.number,
        "written": checkpoint.written,
        "bytes": sum(map(len, checkpoint.engine.values())) + len(checkpoint.stdout),
        "verb": verb_of(checkpoint.plan),
        "plan": _plan(checkpoint.plan),
        "inputs": checkpoint.inputs,
        "outputs": checkpoint.outputs,
    }
    if checkpoint.engine:
        facts |= _progress(checkpoint, path)
    return facts | {"parts": {name: len(part) for name, part in checkpoint.engine.items()}}


def as_text(facts: dict[str, Any]) -> list[str]:
    """The facts as lines."""
    lines = [f"{'state':10} {facts['state']}: commit {facts['commit']}, {facts['written']}"]
    lines += [f"{'verb':10} {facts['verb']}"]
    lines += [f"{'plan':10} {option_name(name)} {_value(value)}" for name, value in facts["plan"].items()]
    lines += [f"{'input':10} {_input(each)}" for each in facts["inputs"]]
    if "watermark" in facts:
        lines.append(f"{'watermark':10} {facts['watermark'] or '-'}")
        lines += [f"{'producer':10} {name}: {mark or '-'}" for name, mark in facts["producers"]]
        lines += [
            f"{name.removeprefix(OPEN):10} {facts[name]:,} open" for name in facts if name.startswith(OPEN)
        ]
        for name, ledger in facts.get("ledgers", {"": facts.get("ledger")}).items():
            counts = ", ".join(f"{count:,} {bucket}" for bucket, count in ledger.items() if count)
            of = f"{name}: " if name else ""
            lines.append(f"{'ledger':10} {of}{counted(facts['lines'], 'line')}: {counts or 'nothing'}")
    lines += [f"{'output':10} {name}: {_output(record)}" for name, record in facts["outputs"].items()]
    lines.append(f"{'size':10} {facts['bytes']:,} bytes: {_value(facts['parts'])}")
    return [printable(line, 2000) for line in lines]


def _plan(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that say anything: what is given, or by default, and of the verb."""
    verb = verb_of(options)
    foreign = {each.holder for each in options_of(Plan) if verb not in each.verbs} | {"verb"}
    return {
        name: value
        for name, value in options.items()
        if name not in foreign and value not in (None, [], False, "")
    }


def _progress(checkpoint: Checkpoint, path: str) -> dict[str, Any]:
    """What the engine knows."""
    place = printable(Path(path) / "checkpoint")
    try:
        engine = Engine(_job(checkpoint.plan))
        engine.restore(checkpoint.engine)
        return _figures(engine)
    except UsageError as error:
        raise StateError(place, f"holds no plan: {error}", REPLACE) from None
    except (ValueError, IndexError, OverflowError) as error:
        raise StateError(place, f"does not fit its plan: {printable(str(error))}", REPLACE) from error


def _job(options: Mapping[str, Any]) -> Job:
    """What the state goes on with."""
    tables = split_reports(options)
    top = tables.pop("")
    verb = VERBS.get(verb_of(options), VERBS["run"])

    def job(name: str, own: Mapping[str, Any]) -> Job:
        try:
            plan = verb.plan({**top, **own})
            return replace(job_of(plan, live=True), name=name)
        except UsageError as error:
            option = error.place.removeprefix("--").replace("-", "_")
            place = key_of_report(name, option) if option in own and name else error.place
            raise UsageError(place, error.problem, error.hint) from None

    return together([job(name, own) for name, own in tables.items()] or [job("", {})])


def _figures(engine: Engine) -> dict[str, Any]:
    ledgers = {
        report.job.name: ledger.buckets for report, ledger in zip(engine.reports, engine.ledgers, strict=True)
    }
    return {
        "watermark": watermark_text(engine.ledger.watermark),
        "producers": [[name, watermark_text(mark)] for name, mark in engine.producers],
        **{f"{OPEN}{name}": count for name, count in engine.still_open.items()},
        "lines": engine.ledger.lines,
        **({"ledger": ledgers[""]} if "" in ledgers else {"ledgers": ledgers}),
    }


def _input(record: dict[str, Any]) -> str:
    end = "" if record["stage"] == "reading" else ", read through"
    return f"{record['path']}: byte {record['position']:,}{end}"


def _output(record: dict[str, Any]) -> str:
    if "part" in record:
        return f"{record['part']:,} parts"
    if "version" in record:
        return f"{record['size']:,} bytes, version {record['version']:,}"
    return "rows are printed after their commit" if not record else f"{record['length'] or 0:,} bytes"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(each)}" for name, each in value.items())
    if isinstance(value, list):
        return " ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
