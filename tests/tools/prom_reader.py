"""A strict reader of what Prometheus calls its text format, in the parts that its two versions read alike.

The older one (0.0.4) takes `# EOF` for a comment, OpenMetrics needs it at the end. What one of them only tolerates
(blank lines, comments, spaces, a time behind a value) is refused.
"""

import re
from dataclasses import dataclass, field

NAME = "[a-zA-Z_][a-zA-Z0-9_]*"
TEXT = r'"(?:[^"\\\n]|\\[\\"n])*"'
TYPE = re.compile(rf"# TYPE ({NAME}) gauge")
LABELS = rf"(?:{NAME}={TEXT},)*{NAME}={TEXT}"
NUMBER = r"[+-]Inf|NaN|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABELS})\}})? ({NUMBER})")
UNESCAPED = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}
Labels = tuple[tuple[str, str], ...]


@dataclass
class Gauge:
    """A metric: its samples by their labels, in order."""

    name: str
    samples: dict[Labels, float] = field(default_factory=dict)


def read_prom(text: str) -> dict[str, Gauge]:
    """The metrics of a text by their names; ValueError for the first line that is not as it must be."""
    *lines, eof, end = ["", *text.split("\n")]
    if (eof, end) != ("# EOF", ""):
        raise ValueError("does not end as it must")
    gauges: dict[str, Gauge] = {}
    last: Gauge | None = None
    for line in lines[1:]:
        begun, sample = TYPE.fullmatch(line), SAMPLE.fullmatch(line)
        if begun is not None and begun[1] not in gauges and (last is None or last.samples):
            last = gauges[begun[1]] = Gauge(begun[1])
        elif sample is not None and last is not None and sample[1] == last.name:
            pairs = re.findall(f"({NAME})=({TEXT})", sample[2] or "")
            labels = tuple((name, _unescaped(value[1:-1])) for name, value in pairs)
            names = [name for name, _ in labels]
            if labels in last.samples or len(set(names)) < len(names) or any(n[:2] == "__" for n in names):
                raise ValueError(f"labels that cannot be: {line!r}")
            last.samples[labels] = float(sample[3])
        else:
            raise ValueError(f"out of place: {line!r}")
    if last is not None and not last.samples:
        raise ValueError(f"no sample: {last.name}")
    return gauges


def _unescaped(text: str) -> str:
    return re.sub(r"\\.", lambda found: UNESCAPED[found[0]], text)
