"""A real browser without a screen: Chromium, or the Chrome of a CI runner, through Selenium."""

import base64
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

REMEDY = "apt-get install chromium chromium-driver"
BROWSERS = ("chromium", "google-chrome")
DRIVER = "chromedriver"
HEIGHT = 900
PHONE = 390

Scheme = Literal["light", "dark"]


def missing() -> str | None:
    """Say what to install where there is no browser, or no driver for it."""
    found = any(map(shutil.which, BROWSERS)) and shutil.which(DRIVER)
    return None if found else f"there is no browser here: {REMEDY}"


@contextmanager
def browsing() -> Iterator[Chrome]:
    """Start the browser, and end it."""
    options = ChromeOptions()
    options.binary_location = next(filter(None, map(shutil.which, BROWSERS)))
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for argument in ("--headless=new", "--hide-scrollbars", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    if os.geteuid() == 0:
        # Chromium's sandbox is for users; in a container there is often none but root.
        options.add_argument("--no-sandbox")
    chrome = Chrome(options=options, service=Service(shutil.which(DRIVER)))
    try:
        yield chrome
    finally:
        chrome.quit()


def show(chrome: Chrome, page: Path, *, width: int = 1280, scheme: Scheme = "light") -> None:
    """Open a file on a screen of this width."""
    media = {"media": "", "features": [{"name": "prefers-color-scheme", "value": scheme}]}
    phone = width <= PHONE
    screen = {"width": width, "height": HEIGHT, "deviceScaleFactor": 2 if phone else 1}
    chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {**screen, "mobile": phone})
    chrome.get(page.resolve().as_uri())


def asked(chrome: Chrome, script: str, *words: object) -> Any:
    """Return what a script in the page answers."""
    return chrome.execute_script(script, *words)


def complaints(chrome: Chrome) -> list[str]:
    """Return what the console has been told since it was asked last."""
    return [each["message"] for each in chrome.get_log("browser")]


def picture(chrome: Chrome, *, top: float = 0, height: float | None = None) -> bytes:
    """Return what is shown as PNG: the whole page, or so much of it from ``top`` on."""
    size = asked(chrome, "return [innerWidth, document.documentElement.scrollHeight]")
    clip = {"x": 0, "y": top, "width": size[0], "height": height or size[1], "scale": 1}
    return _decoded(
        chrome.execute_cdp_cmd(
            "Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip}
        )
    )


def paper(chrome: Chrome) -> bytes:
    """Return what would be printed, as PDF."""
    return _decoded(chrome.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True}))


def _decoded(answer: dict[str, Any]) -> bytes:
    return base64.b64decode(answer["data"])
