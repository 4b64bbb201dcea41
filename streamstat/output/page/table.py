"""The rows as a table of HTML, the first ones where they are very many."""

from collections.abc import Iterator
from html import escape

from streamstat.output.charts.charted import Charted

SHOWN_ROWS = 5_000


def page_rows(charted: Charted) -> str:
    """The table, its search and what it leaves out; it can be read without any script."""
    n = min(len(charted.rows), SHOWN_ROWS)
    if not n:
        return "<p>There are no rows.</p>"
    rows = charted.total - charted.outdated
    said = f"<p>These are the first {n:,} of {rows:,} rows.</p>" if n < rows else ""
    search = (
        '<div class="search"><label for="search">Search</label><input type="search" id="search" autocomplete="off">'
        '<output id="found" for="search" aria-live="polite"></output></div>'
    )
    kinds = [charted.kind_of(column) for column in charted.columns]
    names = [charted.name(column) for column in charted.columns]
    heads = "".join(map(_head, names, kinds))
    body = "\n".join(_rows(charted, kinds, n))
    return (
        f'{said}{search}<div class="scroll" tabindex="0" role="region" aria-labelledby="rows-title">'
        f'<table id="table"><thead><tr>{heads}</tr></thead>\n<tbody>{body}</tbody></table></div>'
    )


def _head(name: str, kind: str) -> str:
    return (
        f'<th scope="col" class="{kind}" data-kind="{kind}" aria-sort="none">'
        f'<button type="button">{escape(name)}</button></th>'
    )


def _rows(charted: Charted, kinds: list[str], n: int) -> Iterator[str]:
    columns = [charted.texts(column, n) for column in charted.columns]
    for row in zip(*columns, strict=True):
        cells = (f'<td class="{kind}">{_cell(text)}</td>' for kind, text in zip(kinds, row, strict=True))
        yield f"<tr>{''.join(cells)}</tr>"


def _cell(text: str) -> str:
    """A long list may be broken between its entries."""
    return escape(text).replace("],[", "],<wbr>[")
