"""What `inspect` is asked for beside what all verbs share. Light to import: `--help` waits for it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from streamstat.plan.options import option


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectOptions:
    """The options of `streamstat inspect`."""

    verb: ClassVar[str] = "inspect"

    as_json: bool = option(False, "Output", "", "As one JSON object.", name="json", verbs=("inspect",))

    @property
    def named(self) -> dict[str, Any]:
        """All that decides what is found: nothing but what is read."""
        return {}
