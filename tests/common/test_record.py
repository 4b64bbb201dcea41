"""Records: what a frozen dataclass does, of classes with plain defaults."""

from dataclasses import FrozenInstanceError, dataclass
from typing import Any, ClassVar

import pytest

from streamstat.common.record import record


@record
class Pane:
    """With a field that must be given, one that need not, one of the class, and a method."""

    lo: int
    hi: int = 9
    shape: ClassVar[str] = "panes"

    @property
    def width(self) -> int:
        """Of the pane."""
        return self.hi - self.lo


@dataclass(frozen=True, slots=True)
class Model:
    """The same fields, as the standard library has them."""

    lo: int
    hi: int = 9


GIVEN: list[tuple[tuple[int, ...], dict[str, int]]] = [
    ((1,), {}),
    ((1, 2), {}),
    ((), {"hi": 3, "lo": 1}),
    ((1,), {"hi": 4}),
    ((), {}),
    ((), {"hi": 1}),
    ((1, 2, 3), {}),
    ((1,), {"lo": 1}),
    ((1,), {"width": 1}),
]


def made(kind: type[Any], values: tuple[int, ...], named: dict[str, int]) -> tuple[int, int] | type:
    """The fields of an instance, or what it fails with."""
    try:
        instance = kind(*values, **named)
    except TypeError as error:
        return type(error)
    return instance.lo, instance.hi


@pytest.mark.parametrize(("values", "named"), GIVEN, ids=str)
def test_a_record_takes_what_a_dataclass_takes(values: tuple[int, ...], named: dict[str, int]) -> None:
    assert made(Pane, values, named) == made(Model, values, named)


def test_a_record_is_a_value() -> None:
    assert Pane(1) == Pane(1, 9) != Pane(1, 8)
    assert {Pane(1): "a"}[Pane(1)] == "a"
    other: object = Model(1)
    assert Pane(1) != other
    assert repr(Pane(1)) == "Pane(lo=1, hi=9)"
    assert (Pane(1).width, Pane.shape) == (8, "panes")


def test_a_record_cannot_be_changed() -> None:
    pane: Any = Pane(1)
    with pytest.raises(FrozenInstanceError):
        pane.lo = 2
    with pytest.raises(FrozenInstanceError):
        del pane.lo
    with pytest.raises(FrozenInstanceError):
        pane.new = 2
    assert not hasattr(pane, "__dict__")
