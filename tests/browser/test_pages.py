"""Pages in a real browser: they are drawn, sorted, searched and zoomed, and ask for nothing."""

from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys
from tools.browser import NARROW, WIDE, Browser
from tools.pages import KINDS, LOG, WEB, page_of, page_of_kind

COLUMN = "[...table.tBodies[0].rows].filter((row) => !row.hidden).map((row) => row.cells[{}].textContent)"


def cells(chromium: Browser, column: int) -> list[str]:
    """The texts of a column that are to be seen, from top to bottom."""
    found: list[str] = chromium.ask(f"return {COLUMN.format(column)}")
    return found


def domain(chromium: Browser, figure: int) -> list[float]:
    """From when to when a chart shows."""
    found: list[float] = chromium.ask(f"return figures[{figure}].drawn.view.scale('x').domain().map(Number)")
    return found


def header(chromium: Browser, name: str) -> str:
    """An expression for the button that sorts by a column."""
    return f"[...document.querySelectorAll('#table th button')].find((button) => button.textContent === {name!r})"


@pytest.mark.parametrize("is_dark", [False, True])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_page_is_drawn_and_asks_for_nothing(
    chromium: Browser, web: Path, width: int, is_dark: bool
) -> None:
    chromium.logged(), chromium.requested()
    chromium.show(web, width=width, is_dark=is_dark)
    kinds = chromium.ask("return figures.map((figure) => figure.dataset.kind)")
    assert kinds == ["bars", "bands", "bands", "bands", "heatmap", "ranked"]
    marks = chromium.ask(
        "return figures.map((figure) => figure.querySelectorAll('svg .role-mark path').length)"
    )
    assert all(n > 0 for n in marks), marks
    assert chromium.ask("return document.documentElement.scrollWidth") == width
    assert set(chromium.ask("return figures.map((figure) => figure.dataset.drawn)")) == {
        "dark" if is_dark else "light"
    }
    assert chromium.logged() == []
    assert set(chromium.requested()) == {web.as_uri()}
    assert chromium.ask("return performance.getEntriesByType('resource').length") == 0


def test_tables_that_are_wider_than_the_window_move_alone(chromium: Browser, tmp_path: Path) -> None:
    page = page_of(tmp_path, "complete", *WEB, str(LOG), "--completeness", "-b", "agent", "-b", "path")
    chromium.show(page, width=NARROW)
    assert chromium.ask("return document.documentElement.scrollWidth") == NARROW
    assert chromium.ask(
        "return [...document.querySelectorAll('.sideways')].some((each) => each.scrollWidth > each.clientWidth)"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_chart_is_drawn(chromium: Browser, web: Path, kind: str) -> None:
    chromium.logged()
    chromium.show(page_of_kind(web.parent, kind))
    assert set(chromium.ask("return figures.map((figure) => figure.dataset.kind)")) == {kind}
    assert all(
        chromium.ask("return figures.map((figure) => figure.querySelectorAll('svg .role-mark path').length)")
    )
    assert chromium.logged() == []


def test_charts_follow_when_the_light_goes_out(chromium: Browser, web: Path) -> None:
    label = "getComputedStyle(figures[0].querySelector('.role-axis-label text')).fill"
    chromium.show(web)
    assert chromium.ask(f"return {label}") == "rgb(36, 41, 47)"
    chromium.prefer(is_dark=True)
    chromium.wait_for("figures.every((figure) => figure.dataset.drawn === 'dark')")
    assert chromium.ask(f"return {label}") == "rgb(214, 218, 224)"
    assert chromium.ask("return getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 27)"


def test_a_click_sorts_and_another_one_turns_the_order(chromium: Browser, web: Path) -> None:
    chromium.show(web)
    before = cells(chromium, 3)
    numbers = sorted(map(int, before))
    chromium.ask(f"{header(chromium, 'requests')}.click()")
    assert list(map(int, cells(chromium, 3))) == numbers
    chromium.ask(f"{header(chromium, 'requests')}.click()")
    assert list(map(int, cells(chromium, 3))) == numbers[::-1]
    sorts = chromium.ask("return [...document.querySelectorAll('#table th')].map((th) => th.ariaSort)")
    assert sorts[2:5] == ["none", "descending", "none"]


def test_texts_are_sorted_as_texts_and_rows_alike_keep_their_order(chromium: Browser, web: Path) -> None:
    chromium.show(web)
    routes, starts = cells(chromium, 2), cells(chromium, 0)
    chromium.ask(f"{header(chromium, 'route')}.click()")
    expected = sorted(zip(routes, starts, strict=True), key=lambda row: row[0])
    assert list(zip(cells(chromium, 2), cells(chromium, 0), strict=True)) == expected


def test_all_can_be_done_with_the_keyboard(chromium: Browser, web: Path) -> None:
    chromium.show(web)
    before = domain(chromium, 0)
    focused = "return document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
    chromium.press(Keys.TAB)
    assert chromium.ask(focused) == "Zoom in"
    chromium.press(Keys.ENTER)
    lo, hi = domain(chromium, 0)
    assert hi - lo == (before[1] - before[0]) / 2
    chromium.press(Keys.TAB, Keys.TAB, Keys.TAB, Keys.ENTER)
    assert chromium.ask(focused) == "Move to later"
    assert domain(chromium, 0)[0] > lo
    chromium.press(Keys.TAB, Keys.SPACE)
    assert domain(chromium, 0) == before
    chromium.ask("document.getElementById('search').focus()")
    chromium.press("checkout")
    assert set(cells(chromium, 2)) == {"/checkout"}
    assert chromium.ask("return document.getElementById('found').textContent") == "12 found"
    chromium.press(Keys.TAB, Keys.TAB, Keys.TAB, Keys.TAB, Keys.TAB, Keys.ENTER)
    assert chromium.ask(focused) == "requests"
    assert cells(chromium, 3) == sorted(cells(chromium, 3), key=int)


def test_a_search_finds_rows_with_all_words(chromium: Browser, web: Path) -> None:
    chromium.show(web)
    typed = "field.value = arguments[0]; field.dispatchEvent(new Event('input'))"
    chromium.ask(typed, "22:45 LOGIN")
    assert cells(chromium, 2) == ["/login", "/login"]
    chromium.ask(typed, "nowhere")
    assert cells(chromium, 2) == []
    chromium.ask(typed, "")
    assert len(cells(chromium, 2)) == 96


def test_who_points_at_a_mark_is_told_what_it_is(chromium: Browser, web: Path) -> None:
    chromium.show(web)
    chromium.point_at_chart(0)
    rows = chromium.ask(
        "return [...document.querySelectorAll('.tip tr')].map((row) => row.cells[0].textContent)"
    )
    assert rows == ["window_start", "route", "requests"]


def test_the_page_says_what_it_stands_on(chromium: Browser, web: Path) -> None:
    chromium.show(web)
    text = chromium.ask("return document.body.innerText")
    assert "3,000 lines = 1 blank + 5 bad + 2,994 counted" in text
    assert "5 of 3,000 lines are lost" in text
    assert "events.ndjson:350:83: the line ends too early" in text
    assert "The input was read to its end" in text
    assert chromium.ask("return document.querySelector('pre').textContent").startswith("streamstat run -w")
