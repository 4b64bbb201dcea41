"""A few short rows under names, in the columns that fit, as the table lays them out; what does not fit is named."""

from collections.abc import Sequence

from streamstat.output.screen.layout import GAP, Style, laid_out, need_of


def short_table(
    names: Sequence[str], rows: Sequence[Sequence[str]], styles: Sequence[Style], room: int | None
) -> list[str]:
    """Lines: the names, then a line a row; numbers stand under their points, texts are cut where there is no room.

    >>> short_table(["field", "n"], [["a", "10"], ["b", "7.5"]], [Style.KEY, Style.NUMBER], None)
    ['field     n', 'a      10', 'b       7.5']
    """
    columns = [[row[i] for row in rows] for i in range(len(names))]
    told = zip(names, styles, columns, strict=True)
    needs = [
        need_of(name, style, texts, style == Style.KEY, style != Style.KEY) for name, style, texts in told
    ]
    layout = laid_out(needs, room)
    heads = [column.head(names[column.place]) for column in layout.columns]
    bodies = [column.fit(columns[column.place]) for column in layout.columns]
    lines = [GAP.join(heads), *(GAP.join(cells) for cells in zip(*bodies, strict=True))]
    if layout.left_out:
        lines.append(f"no room for {', '.join(layout.left_out)}")
    return [line.rstrip() for line in lines]
