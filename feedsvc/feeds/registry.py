"""Which output formats there are: the built-in ones, then those of plug-ins.

A plug-in is an entry point in the group ``feedsvc.renderers`` that names a ``Renderer``: an object, or a
class that is called without arguments.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from feedsvc import plugins
from feedsvc.feeds.atom import Atom
from feedsvc.feeds.base import Renderer
from feedsvc.feeds.jsonfeed import JsonFeed
from feedsvc.feeds.rss import Rss
from feedsvc.plugins import PlugIn

GROUP = "feedsvc.renderers"

_SUFFIX = re.compile(r"[a-z0-9]{1,20}")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+(?:; ?[a-z]+=[\w.+-]+)*", re.ASCII)


def renderers() -> Mapping[str, Renderer]:
    """All renderers by suffix: RSS, Atom, JSON Feed, then plug-ins by the names of their entry points.

    A plug-in that cannot be used is not among them; see :func:`plug_ins`.
    """
    found = {renderer.suffix: renderer for renderer in _built_in()}
    return found | {one.made.suffix: one.made for one in plug_ins() if not one.trouble}


def plug_ins() -> Sequence[PlugIn]:
    """The output formats that plug-ins bring, and why some of them cannot be used."""
    owners = {renderer.suffix: renderer.name for renderer in _built_in()}
    found = []
    for one in plugins.load(GROUP, _wrong):
        if not one.trouble and one.made.suffix in owners:
            found.append(one.refused(f"its suffix {one.made.suffix!r} belongs to {owners[one.made.suffix]}"))
            continue
        if not one.trouble:
            owners[one.made.suffix] = one.made.name
        found.append(one)
    return found


def _built_in() -> tuple[Renderer, ...]:
    return (Rss(), Atom(), JsonFeed())


def _wrong(made: Any) -> str:
    if not isinstance(made, Renderer):
        return "it is no Renderer: it needs name, suffix, media_type and render"
    if not isinstance(made.name, str) or not made.name:
        return f"its name is {made.name!r}, no text"
    if not isinstance(made.suffix, str) or not _SUFFIX.fullmatch(made.suffix):
        return f"its suffix is {made.suffix!r}, not lower-case ASCII letters and digits"
    if not isinstance(made.media_type, str) or not _MEDIA_TYPE.fullmatch(made.media_type):
        return f"its media_type is {made.media_type!r}, not such as 'text/csv; charset=utf-8'"
    return ""
