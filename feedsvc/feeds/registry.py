"""Which output formats there are: the built-in ones, then those of plug-ins.

A plug-in is an entry point in the group ``feedsvc.renderers`` that names a ``Renderer``: an object, or a
class that is called without arguments.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points

from feedsvc.errors import FeedsvcError
from feedsvc.feeds.atom import Atom
from feedsvc.feeds.base import Renderer
from feedsvc.feeds.jsonfeed import JsonFeed
from feedsvc.feeds.rss import Rss

GROUP = "feedsvc.renderers"

_SUFFIX = re.compile(r"[a-z0-9]+")


def renderers() -> Mapping[str, Renderer]:
    """All renderers by suffix: RSS, Atom, JSON Feed, then plug-ins by the names of their entry points.

    Raises FeedsvcError naming a plug-in that cannot be loaded, is no Renderer, or has a suffix that is taken
    or cannot stand in an address.
    """
    built_in: tuple[Renderer, ...] = (Rss(), Atom(), JsonFeed())
    found = {renderer.suffix: renderer for renderer in built_in}
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        renderer = _load(point)
        if renderer.suffix in found:
            raise _refused(point, f"its suffix {renderer.suffix!r} belongs to {found[renderer.suffix].name}")
        found[renderer.suffix] = renderer
    return found


def _load(point: EntryPoint) -> Renderer:
    try:
        loaded = point.load()
        renderer = loaded() if isinstance(loaded, type) else loaded
    except Exception as error:
        raise _refused(point, f"it cannot be loaded: {error or type(error).__name__}") from error
    if not isinstance(renderer, Renderer):
        raise _refused(point, "it is no Renderer: it needs name, suffix, media_type and render")
    if not isinstance(renderer.suffix, str) or not _SUFFIX.fullmatch(renderer.suffix):
        raise _refused(point, f"its suffix is {renderer.suffix!r}, not lower-case ASCII letters and digits")
    return renderer


def _refused(point: EntryPoint, reason: str) -> FeedsvcError:
    return FeedsvcError(
        f"The output format {point.name!r} ({point.value}) of a plug-in cannot be used: {reason}. "
        f"Correct the plug-in or uninstall it."
    )
