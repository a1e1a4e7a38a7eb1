"""Makes the pictures in docs/images from the running service: `make screenshots`.

The shipped newsroom is copied into a temporary folder, something is wrong in it and something scheduled, and a
browser looks at it on a phone and at a desk. Names a browser with CHROMIUM, else takes the system's.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
IMAGES = Path(__file__).parent / "images"
MOST_BYTES = 150_000
PATIENCE = 60.0
_PICTURES = """() => Promise.all(
  [...document.images].filter((one) => one.getBoundingClientRect().top < innerHeight).map((one) => one.decode()))"""
DESK, PHONE = (1280, 860), (390, 780)
ARTICLE = "town/harbour/2026-11-20-north-breakwater-vote.md"
SECTION = "/sections/town"


def main() -> None:
    """Make all pictures."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
            args=["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"],
        )
        link = feedsvc(Path(folder), "token").strip()
        with tab(browser, DESK) as page:
            page.goto(base)
            shot(page, "index")
            page.goto(base + SECTION)
            page.locator("details.subscribe summary").click()
            shot(page, "section")
            page.goto(f"{base}/feeds/town.rss")
            shot(page, "feed")
            page.goto(link)
            page.get_by_role("heading", name="Scheduled").wait_for()
            shot(page, "desk")
            page.goto(f"{base}/desk/file?path=town/tide-tables.md")
            shot(page, "receipt")
            page.goto(f"{base}/desk/preview?path={ARTICLE}")
            page.frame_locator("iframe").locator("h1").wait_for()
            shot(page, "preview")
            page.goto(f"{base}/desk/file?path={ARTICLE}")
            page.locator(".brief h3 a").click()
            article = base + (page.get_by_role("link", name="/articles/").get_attribute("href") or "/")
            page.goto(article)
            shot(page, "article")
        with tab(browser, PHONE) as page:
            page.goto(base)
            shot(page, "index-phone")
            page.goto(article)
            shot(page, "article-phone")
            page.goto(feedsvc(Path(folder), "token").strip())
            page.get_by_role("heading", name="Scheduled").wait_for()
            shot(page, "desk-phone")
        with tab(browser, DESK, dark=True) as page:
            page.goto(article)
            shot(page, "article-dark")
        browser.close()


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The shipped newsroom on a free port, once it has taken its files in; gives its address."""
    for part in ("config", "content"):
        shutil.copytree(ROOT / part, folder / part)
    later = datetime.now(UTC) + timedelta(hours=15)
    told = f"---\ntitle: Port fees of next year\nembargo: {later:%Y-%m-%dT06:00:00Z}\n---\n\nThey stay as they are.\n"
    (folder / "content/business/port-fees.md").write_text(told)
    wrong = "---\ntitle: Tide tables\nembargo: after lunch\n---\n\nHigh water stands at the quay twice a day.\n"
    (folder / "content/town/tide-tables.md").write_text(wrong)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    os.environ |= {"FEEDSVC_SITE__BASE_URL": base, "FEEDSVC_SERVER__PORT": str(port)}
    with (folder / "log").open("w") as log:
        service = subprocess.Popen([sys.executable, "-m", "feedsvc", "serve"], cwd=folder, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + PATIENCE
        while not (_answers(base) and "tide-tables" in feedsvc(folder, "status")):
            if time.monotonic() > deadline or service.poll() is not None:
                raise SystemExit(f"the service did not come up:\n{(folder / 'log').read_text()}")
            time.sleep(0.5)
        yield base
    finally:
        service.terminate()
        service.wait(15)


def feedsvc(folder: Path, *arguments: str) -> str:
    """What a command prints."""
    done = subprocess.run(
        [sys.executable, "-m", "feedsvc", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout


def _answers(base: str) -> bool:
    with contextlib.suppress(OSError, urllib.error.URLError), urllib.request.urlopen(base, timeout=5) as answer:
        return bool(b"<article" in answer.read())
    return False


@contextlib.contextmanager
def tab(browser: Browser, size: tuple[int, int], *, dark: bool = False) -> Iterator[Page]:
    """A tab of that size in CSS pixels."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        locale="en-GB",
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def shot(page: Page, name: str) -> None:
    """A picture of what is on the screen. Raises SystemExit if it is too large for the documentation."""
    path = IMAGES / f"{name}.png"
    page.evaluate(_PICTURES)
    page.screenshot(path=path)
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{path} has {size:,} bytes; {MOST_BYTES:,} are the most that the documentation takes")
    print(f"{path.relative_to(ROOT)}  {size:,} bytes")


if __name__ == "__main__":
    main()
