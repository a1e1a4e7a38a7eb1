"""A walk through a page with the Tab key."""

from __future__ import annotations

from playwright.sync_api import Page

_MOST = 200
_STEP = """() => {
  const here = document.activeElement;
  if (!here || here === document.body || here === document.documentElement) return null;
  const style = getComputedStyle(here), box = here.getBoundingClientRect();
  const follows = !window.__before || Boolean(
    window.__before.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING);
  const again = here === window.__first;
  window.__first ||= here;
  window.__before = here;
  return {
    name: here.outerHTML.slice(0, 120),
    again,
    follows,
    ringed: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.left < innerWidth
      && box.right > 0,
    order: here.tabIndex,
  };
}"""
_REACHED = """() => {
  const kinds = "a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']";
  const met = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled;
  return [...document.querySelectorAll(kinds)].filter(met).length;
}"""


def walk(page: Page) -> list[str]:
    """What is wrong on the way through *page* from its beginning to its end, by Tab alone."""
    wrong = []
    met = 0
    page.evaluate("window.__before = window.__first = null")
    for _ in range(_MOST):
        page.keyboard.press("Tab")
        step = page.evaluate(_STEP)
        if step is None or step["again"]:
            break
        met += 1
        wrong += [f"{fault}: {step['name']}" for fault in ("follows", "ringed", "seen") if not step[fault]]
        if step["order"] > 0:
            wrong.append(f"an order of its own: {step['name']}")
    there = page.evaluate(_REACHED)
    if met != there:
        wrong.append(f"{met} of {there} links and controls were reached")
    return wrong
