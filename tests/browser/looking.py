"""A tab of the browser that notices what a person would not: foreign requests, errors, weight, things that move."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)
PHONE, DESK = 390, 1280
HEIGHT = 900
MOST_MOVED = 0.01
MOST_BYTES = 100_000
AT_ANY_WIDTH = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
"""The rules of axe whose findings differ with the width of the screen, and by day and by night."""
_WATCH = """
window.__moved = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__moved += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
_EXPECTED = (
    "document's frame is sandboxed",  # a preview may run nothing, and so it is
    "postMessage",  # axe asks the frame of a preview, which does not answer
)
_WIDER = """() => {
  const width = document.documentElement.clientWidth;
  return [document.documentElement.scrollWidth - width, document.body ? document.body.scrollWidth - width : 0];
}"""


class Tab:
    """A page that is watched while it is loaded and used."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self._base = urlsplit(base).netloc
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self._requests: list[Request] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)
        page.on("requestfinished", lambda request: self._requests.append(request))

    def _said(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning") and not any(part in said.text for part in _EXPECTED):
            self.complaints.append(said.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith("data:") and urlsplit(request.url).netloc != self._base:
            self.foreign.append(request.url)

    def open(self, address: str) -> Page:
        """Load *address*, and give the page when all of it has come."""
        self._requests.clear()
        self.page.goto(address, wait_until="load")
        return self.page

    def weight(self) -> int:
        """The bytes that came since :meth:`open`, headers and all, without pictures."""
        sizes = [one.sizes() for one in self._requests if one.resource_type not in ("image", "media")]
        return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)

    def moved(self) -> float:
        """How far things moved by themselves: the cumulative layout shift."""
        # Two frames, so that the last shift has been told.
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return float(self.page.evaluate("window.__moved"))

    def quiet(self) -> None:
        """Fails unless nothing was complained of, and nothing asked for elsewhere."""
        assert not self.complaints, self.complaints
        assert not self.foreign, self.foreign

    def calm(self) -> None:
        """Fails unless the page that was opened just now is quiet, light and still."""
        self.quiet()
        assert self.moved() < MOST_MOVED
        assert self.weight() < MOST_BYTES


@contextlib.contextmanager
def tab(
    browser: Browser, base: str, *, width: int = DESK, scheme: Any = "light", script: bool = True, **more: Any
) -> Iterator[Tab]:
    """A tab with cookies of its own, *width* CSS pixels wide."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        color_scheme=scheme,
        java_script_enabled=script,
        reduced_motion="reduce",  # nothing to wait for
        **more,
    )
    context.set_default_timeout(30_000)
    if script:
        context.add_init_script(_WATCH)
    try:
        yield Tab(context.new_page(), base)
    finally:
        context.close()


def violations(page: Page, *, rules: Sequence[str] = (), without: Sequence[str] = ()) -> list[str]:
    """What axe has against *page*, by all its rules or by *rules* alone, except *without*."""
    options: dict[str, Any] = {"resultTypes": ["violations"], "rules": {name: {"enabled": False} for name in without}}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:200]} {node['failureSummary'][:300]}"
        for one in found
        for node in one["nodes"]
    ]


def too_wide(page: Page, width: int = 320) -> list[int]:
    """By how many pixels *page* can be scrolled sideways on a screen of *width*; empty if it cannot."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    return [more for more in page.evaluate(_WIDER) if more > 0]
