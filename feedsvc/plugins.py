"""Plug-ins: packages of others that bring an input or an output format, found by their entry points.

One that cannot be used is left out and told of; it never stops the others, or the service.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import metadata
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugIn:
    """One entry point. *made* is what it gives, None where *trouble* says why it cannot be used.

    *group* is that of the entry point, *value* where it leads ("module:Class"), *package* the name and version of the
    installed package, empty where that is not known.
    """

    group: str
    name: str
    value: str
    package: str = ""
    made: Any = None
    trouble: str = ""

    def __str__(self) -> str:
        """What an operator is told of it."""
        known = f"{self.group.rpartition('.')[2]} plug-in {self.name!r} ({self.value}"
        told = f"the {known}, of {self.package})" if self.package else f"the {known})"
        return f"{told} is left out: {self.trouble}; mend or uninstall it" if self.trouble else told

    def refused(self, why: str) -> PlugIn:
        """The same, left out."""
        return replace(self, made=None, trouble=why)


def load(group: str, check: Callable[[Any], str]) -> list[PlugIn]:
    """The plug-ins of *group*, by name, each made once: a class is called without arguments.

    *check* says why what was made cannot be used; empty if it can.
    """
    points = metadata.entry_points(group=group)
    return [_loaded(point, check) for point in sorted(points, key=lambda point: (point.name, point.value))]


def _loaded(point: metadata.EntryPoint, check: Callable[[Any], str]) -> PlugIn:
    found = PlugIn(group=point.group, name=point.name, value=point.value, package=_package(point))
    try:
        loaded = point.load()
        made = loaded() if isinstance(loaded, type) else loaded
        why = check(made)
    except (Exception, SystemExit) as error:
        return found.refused(f"it cannot be loaded ({type(error).__name__}: {error})")
    return found.refused(why) if why else replace(found, made=made)


def _package(point: metadata.EntryPoint) -> str:
    if point.dist is None:
        return ""
    return f"{point.dist.name} {point.dist.version}"
