"""A real browser without a window, and pages in it: chromium, driven by selenium.

Nothing is fetched from anywhere: the driver is the one of the machine. What is waited for is said by the page.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.commands import TIMEOUT_S

NEEDED = (
    "chromium is not there: `make browser` installs it as root, on Debian that is"
    " `apt install chromium chromium-driver`"
)
BROWSERS, DRIVERS = ("chromium", "chromium-browser", "google-chrome"), ("chromedriver",)
FLAGS = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars")
WIDE, NARROW, HEIGHT = 1200, 390, 900


def browser_and_driver() -> tuple[str, str]:
    """The browser and its driver; RuntimeError with what to install."""
    browser, driver = (next(filter(None, map(shutil.which, names)), None) for names in (BROWSERS, DRIVERS))
    if browser is None or driver is None:
        raise RuntimeError(NEEDED)
    return browser, driver


class Browser:
    """One window. What the pages in it have logged and asked for is kept until somebody asks."""

    def __init__(self) -> None:
        from selenium import webdriver  # here, as no other test needs it
        from selenium.webdriver.chrome.options import Options
        from selenium.webdriver.chrome.service import Service

        browser, driver = browser_and_driver()
        options = Options()
        options.binary_location = browser
        for flag in FLAGS:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(driver))
        self.driver.set_script_timeout(TIMEOUT_S)

    def show(self, page: Path, *, width: int = WIDE, is_dark: bool = False) -> None:
        """Open a page, and wait until its charts are drawn."""
        size = {"width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.prefer(is_dark=is_dark)
        self.driver.get(page.as_uri())
        self.wait_for("figures.every((figure) => figure.dataset.drawn)")

    def prefer(self, *, is_dark: bool) -> None:
        """What the person prefers who looks at the page."""
        value = "dark" if is_dark else "light"
        told = {"features": [{"name": "prefers-color-scheme", "value": value}]}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", told)

    def wait_for(self, condition: str) -> None:
        """Wait until an expression of JavaScript is true."""
        from selenium.webdriver.support.ui import WebDriverWait

        WebDriverWait(self.driver, TIMEOUT_S).until(
            lambda driver: driver.execute_script(f"return {condition}")
        )

    def ask(self, script: str, *arguments: Any) -> Any:
        """What a script returns; a promise is waited for."""
        return self.driver.execute_script(script, *arguments)

    def press(self, *keys: str) -> None:
        """Keys, as somebody types them."""
        from selenium.webdriver import ActionChains

        ActionChains(self.driver).send_keys(*keys).perform()

    def point_at_chart(self, number: int) -> None:
        """Move the mouse onto the first mark of a chart, and wait for what is told of it."""
        from selenium.webdriver import ActionChains

        mark = self.ask("return figures[arguments[0]].querySelector('svg .role-mark path')", number)
        ActionChains(self.driver).move_to_element(mark).perform()
        self.wait_for("document.querySelector('.tip')")

    def logged(self) -> list[str]:
        """What pages have logged since somebody asked last: errors of scripts, and what their policy forbids."""
        return [str(entry["message"]) for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]

    def requested(self) -> list[str]:
        """The addresses that pages have asked for since somebody asked last."""
        entries = (
            json.loads(entry["message"])["message"]
            for entry in self.driver.get_log("performance")  # type: ignore[no-untyped-call]
        )
        return [
            each["params"]["request"]["url"]
            for each in entries
            if each["method"] == "Network.requestWillBeSent"
        ]

    def close(self) -> None:
        """End it."""
        self.driver.quit()


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser, for as long as somebody needs it."""
    found = Browser()
    try:
        yield found
    finally:
        found.close()


if __name__ == "__main__":
    try:
        print(*browser_and_driver())
    except RuntimeError as error:
        sys.exit(str(error))
