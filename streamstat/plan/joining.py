"""What `join` asks for: which events of two sides belong together, and the columns of their rows."""

import re
from typing import ClassVar

from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.common.units import parse_duration, shown
from streamstat.common.zones import Zone
from streamstat.expressions import Expression, check_dots, compile_condition
from streamstat.expressions.nodes import Field
from streamstat.plan.asked import Asked
from streamstat.plan.calls import split_commas
from streamstat.plan.join_options import JoinOptions
from streamstat.plan.joined_columns import JoinColumn, OnKey, columns_of, selected
from streamstat.plan.meant import Meant, StreamPart
from streamstat.plan.measures import attempt
from streamstat.plan.plan import Plan
from streamstat.plan.shapes import named
from streamstat.plan.sides import by_side
from streamstat.values.columns import Need

JOIN_KINDS = ("inner", "left", "right", "outer", "semi", "anti")
KINDS_AS_OF = ("inner", "left", "anti")
PICKS = ("first", "last", "nearest")
_SIDE_NAME = re.compile(r"[^\W\d]\w*")


@record
class Joined:
    """Two sides, the left one first, and what makes an event of one the partner of an event of the other.

    on: the fields of the key, by their left and their right path. within: what the right time minus the left one may
    be, in microseconds; None: the newest that is not later. conditions: where both sides are of the same inputs, which
    events each has. columns: what rows have behind their times; none: both events as they were written.
    """

    names: tuple[str, str]
    on: tuple[OnKey, ...]
    within: tuple[int, int] | None
    kind: str
    pick: str | None
    max_age_us: int | None
    deleted: Expression | None
    conditions: tuple[Expression, ...]
    columns: tuple[JoinColumn, ...]
    shape: ClassVar[str] = "joins"

    @property
    def one_size(self) -> bool:
        """Rows have one time."""
        return True

    def paths(self, side: int) -> dict[str, Need]:
        """The fields of a side that rows have, with what is needed of them."""
        tells_key = side == 0 or self.kind in ("right", "outer")  # of a pair it is that of the left event
        wanted = {key.paths[side]: Need.NUMBER | Need.TEXT for key in self.on if tells_key}
        for column in self.columns:
            for path, need in column.of_side(self.names[side]).items():
                wanted[path] = wanted.get(path, Need.NOTHING) | need
        return wanted


def two_sided(plan: Plan, zone: Zone) -> Meant:
    """The part of a job that is of a join."""
    own = plan.own
    assert isinstance(own, JoinOptions)
    _check_together(own)
    names, conditions = _sides(own)
    on = _on(own, names)
    kept = Joined(
        names=names,
        on=on,
        within=None if own.as_of else _bounds(str(own.within)),
        kind=own.kind,
        pick=own.pick,
        max_age_us=None if own.max_age is None else attempt("--max-age", parse_duration, own.max_age),
        deleted=None if own.deleted is None else compile_condition(own.deleted, "--deleted"),
        conditions=conditions,
        columns=selected(own.select, names, [key.name for key in on]),
    )
    times = by_side(
        "--time", [each for text in plan.time for each in attempt("--time", split_commas, text)], names
    )
    parts = tuple(_part(kept, side, times[side]) for side in (0, 1))
    if not conditions:
        return Meant(kept=kept, columns=columns_of(names, on, kept.columns), streams=parts)
    if times[0] != times[1]:
        problem = "the sides are of the same inputs, and so have one time"
        raise UsageError("--time", problem, "name the field alone, for example --time ts")
    wanted = dict(parts[0].wanted)
    for path, need in parts[1].wanted.items():
        wanted[path] = wanted.get(path, Need.NOTHING) | need
    return Meant(
        kept=kept,
        columns=columns_of(names, on, kept.columns),
        asked=(*(Asked("--side", each) for each in conditions), *parts[0].asked, *parts[1].asked),
        wanted=wanted,
        written=parts[0].written,
        among=conditions,
    )


def _part(kept: Joined, side: int, time: tuple[str, ...]) -> StreamPart:
    """What is asked and wanted of the events of a side."""
    wanted: dict[str, Need] = dict(kept.paths(side))
    asked = [Asked("--on", _plain(key.paths[side]), False) for key in kept.on]
    for column in kept.columns:
        asked += [Asked("--select", _plain(path), False) for path in column.of_side(kept.names[side])]
    if side == 1 and kept.deleted is not None:
        asked.append(Asked("--deleted", kept.deleted))
    for key in kept.on:
        path = key.paths[side]
        wanted[path] = wanted.get(path, Need.NOTHING) | Need.HASH | Need.MORE_HASH
    return StreamPart(kept.names[side], time, (), tuple(asked), wanted, not kept.columns)


def _plain(path: str) -> Expression:
    return Expression(path, {path: Need.NOTHING}, Field(path))


def _check_together(own: JoinOptions) -> None:
    if not own.on:
        raise UsageError("--on", "is missing: the field that is equal in partners", "for example --on id")
    if own.as_of and own.within is not None:
        problem = "stands beside --within, and each is a way of its own to find partners"
        raise UsageError("--as-of", problem, "leave one of them out")
    if not own.as_of and own.within is None:
        hint = "for example --within 30s, or --as-of"
        raise UsageError("--within", "is missing: how far apart partners may be", hint)
    kinds = KINDS_AS_OF if own.as_of else JOIN_KINDS
    if own.kind not in kinds:
        place = f"{shown(own.kind)} is no kind" + (
            " of join with --as-of" if own.kind in JOIN_KINDS else " of join"
        )
        raise UsageError("--kind", place, f"one of {', '.join(kinds)}")
    for option, value in (("--max-age", own.max_age), ("--deleted", own.deleted)):
        if value is not None and not own.as_of:
            raise UsageError(option, "means nothing without --as-of", "leave it out")
    if own.pick is None:
        return
    if own.as_of:
        raise UsageError("--pick", "means nothing with --as-of, which takes the newest", "leave it out")
    if own.pick not in PICKS:
        raise UsageError(
            "--pick", f"{shown(own.pick)} is none of {', '.join(PICKS)}", "for example --pick first"
        )
    if own.kind in ("semi", "anti"):
        raise UsageError(
            "--pick", f"means nothing with --kind {own.kind}, which tells no pairs", "leave it out"
        )


def _sides(own: JoinOptions) -> tuple[tuple[str, str], tuple[Expression, ...]]:
    """The names of the sides, and with --side which events each has."""
    if not own.side:
        left, right = own.names
        return (left, right), ()
    example = "for example --side 'asked=type == \"request\"' --side 'answered=type == \"response\"'"
    found = [named("--side", text, 'asked=type == "request"') for text in own.side]
    names = [name for name, _ in found]
    if len(names) != 2 or names[0] == names[1]:
        problem = f"a join has two sides with names of their own, and there is {' and '.join(names)}"
        raise UsageError("--side", problem, example)
    for name in names:
        if _SIDE_NAME.fullmatch(name) is None:
            raise UsageError("--side", f"{shown(name)} cannot be the name of a side", example)
    conditions = tuple(compile_condition(text, "--side") for _, text in found)
    return (names[0], names[1]), conditions


def _on(own: JoinOptions, names: tuple[str, str]) -> tuple[OnKey, ...]:
    found: list[OnKey] = []
    for piece in (piece for text in own.on for piece in attempt("--on", split_commas, text)):
        left, equals, right = (each.strip() for each in piece.partition("="))
        paths = (left, right if equals else left)
        if not all(paths):
            raise UsageError(
                "--on", f"{shown(piece)} lacks a field", "for example --on id, or --on id=request_id"
            )
        for path in paths:
            check_dots(path, "--on")
        if any(key.name == left for key in found):
            raise UsageError("--on", f"two columns would be named {shown(left)}", "name each field once")
        found.append(OnKey(left, paths))
    taken = {"time", *(f"{name}_time" for name in names)}
    for key in found:
        if key.name in taken:
            problem = f"two columns would be named {shown(key.name)}"
            raise UsageError("--on", problem, "rename the field, or the side")
    return tuple(found)


def _bounds(text: str) -> tuple[int, int]:
    """What the right time minus the left one may be."""
    example = "for example --within 30s, or --within 0s..30m"
    low, dots, high = text.partition("..")
    if not dots:
        if text.strip() == "inf":
            problem = "must have an end, as events are kept for so long"
            raise UsageError("--within", problem, example)
        most = attempt("--within", parse_duration, text.strip())
        return -most, most
    least, most = (_signed(each.strip(), example) for each in (low, high))
    if least > most:
        raise UsageError(
            "--within", f"{shown(text)} begins behind its end", f"for example --within {high}..{low}"
        )
    return least, most


def _signed(text: str, example: str) -> int:
    if not text or text.lstrip("-+") == "inf":
        raise UsageError("--within", "lacks an end, and events are kept for so long", example)
    sign = -1 if text.startswith("-") else 1
    return sign * attempt("--within", parse_duration, text.lstrip("-") if sign < 0 else text)
