"""Patterns of the twin as they are typed."""

from .patterns import Pattern, Step


def text_of(pattern: Pattern) -> str:
    """The pattern as it is typed."""
    words = [] if pattern.before is None else [f"!{pattern.before}"]
    for element in pattern.elements:
        steps = " ".join(_step(step) for step in element.steps)
        words.append(f"[{steps}]" if element.bracket else steps)
        words += [] if element.absent is None else [f"!{element.absent}"]
    return " -> ".join(words)


def _step(step: Step) -> str:
    count = f"{{{step.least},{'' if step.most is None else step.most}}}"
    if step.least == step.most:
        count = "" if step.least == 1 else f"{{{step.least}}}"
    return f"{step.name}{count or ('{1}' if step.span is not None else '')}" + (
        "" if step.span is None else f" in {step.span}s"
    )


def conditions_of(pattern: Pattern) -> dict[str, str]:
    """What each name means, as it is typed."""
    names = dict.fromkeys(
        [*pattern.taken, *filter(None, (pattern.before, *(element.absent for element in pattern.elements)))]
    )
    found = {}
    for name in names:
        condition = f'contains(k, "{name}")'
        if name in pattern.compared:
            op, of = pattern.compared[name]
            condition += f" and v {op} {of}.v"
        found[name] = condition
    return found
