"""Which windows can be made of which: what is asked before reports are merged."""

from typing import cast

from streamstat.windows import PaneWindow, Window


def misfit(text: str, window: Window, wanted: str, target: Window) -> tuple[str, str] | None:
    """Why windows `target` cannot be made of `window`, and what helps; None if they can. Texts as plans have them."""
    if target.shape == "trailing":
        return "sliding windows are made of events, and reports have none", "use hopping:5m/1m"
    if window == target:
        return None
    if target.shape == "sessions":
        same = f"use {text}" if window.shape == "sessions" else "run over the logs"
        return f"{wanted} windows can be made of events, or of sessions with that gap", same
    if window.shape == "sessions" or window.edges is None:
        return (
            f"{wanted} windows cannot be made of {text}, whose rows say too little about times",
            f"use {text}",
        )
    overlaps = cast(PaneWindow, window).overlaps
    if target.edges is None:
        problem = f"{text} windows overlap: in `all` an event would count more than once"
        return (problem, f"use {text}") if overlaps else None
    if not text.startswith("tumbling"):
        problem = f"{wanted} windows cannot be made of {text}, but only of tumbling"
        return problem, f"use {text}" if overlaps else f"use {text} or all"
    if not window.edges.may_make(target.edges):
        return f"{wanted} windows begin or end within those of {text}", f"use a multiple of {text}"
    return None
