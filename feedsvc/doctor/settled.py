"""The settings: what is allowed, and yet hardly what was meant."""

from __future__ import annotations

import ipaddress
import os
import stat
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from feedsvc import text
from feedsvc.config import Settings
from feedsvc.doctor.finding import Finding, Patient, error, ok, warning
from feedsvc.errors import FeedsvcError
from feedsvc.feeds.registry import plug_ins, renderers
from feedsvc.formats.registry import formats
from feedsvc.publish.settings import offered

_EXAMPLES = ("example", "example.com", "example.net", "example.org", "invalid", "test")
"""Domains that are nobody's (RFC 2606)."""


def check_settings(patient: Patient) -> Iterator[Finding]:
    """Everything that can be said of the settings."""
    settings = patient.settings
    yield from _address(settings)
    yield from _authority(patient)
    yield from _zone(settings)
    yield from _names(settings)
    yield from _unused(patient)
    yield from _codes(settings)
    yield from _token(settings.server.token_file)
    yield from _places(settings)


def check_plugins(patient: Patient) -> Iterator[Finding]:
    """Whether all input and output formats can be loaded."""
    try:
        installed, others = formats(), plug_ins()
        suffixes = list(offered(patient.settings, renderers()))
    except FeedsvcError as trouble:
        yield error("plug-ins", str(trouble), "without it the service does not start")
        return
    yield ok("plug-ins", f"{len(installed.installed)} input formats, feeds as {', '.join(suffixes)}")
    for one in (*installed.plug_ins, *others):
        if one.trouble:
            yield error("plug-ins", str(one), "until then its files are not read, and its feeds are not there")
        else:
            yield ok("plug-ins", f"{one} gives {one.made.name}")


def _address(settings: Settings) -> Iterator[Finding]:
    where = "site.base_url"
    parts = urlsplit(settings.site.base_url)
    host = parts.hostname or ""
    if _is_example(host):
        yield warning(where, f"{host} is an example's domain: no link in a feed leads anywhere", "set your own address")
    elif _is_local(host):
        if not _is_local(settings.server.host):
            yield warning(
                where,
                f"links in feeds lead to {host}, which is another machine for every reader",
                "set the public address",
            )
    elif parts.scheme == "http":
        yield warning(where, "it begins with http: what readers get can be changed on the way", "serve it by https")
    elif "." not in host:
        yield warning(where, f"{host!r} has no dot in it: is it known outside of your house?", "set the public address")


def _authority(patient: Patient) -> Iterator[Finding]:
    where = "site.authority"
    name, _, written = patient.settings.site.authority.partition(",")
    domain = name.rpartition("@")[2]
    if _is_example(domain) or "." not in domain:
        yield warning(where, f"{domain} is nobody's domain", "set one that was yours, before anybody subscribes")
    if written[:10] > patient.now.date().isoformat()[: len(written)]:
        yield warning(where, f"{written} is still to come", "set a day at which the domain was yours (RFC 4151)")


def _zone(settings: Settings) -> Iterator[Finding]:
    zone, local = settings.site.timezone.key, _local_zone()
    if zone == "UTC" and local not in ("", "UTC", "Etc/UTC", "GMT", "UCT", "Universal", "Zulu"):
        yield warning(
            "site.timezone",
            f"dates that name no zone are taken for UTC, and this machine is in {local}",
            f'set timezone = "{local}" if that is where your desk is',
        )


def _names(settings: Settings) -> Iterator[Finding]:
    """Names that two sections have; metadata that use one cannot mean both."""
    aliases: dict[str, list[str]] = defaultdict(list)
    for path, section in settings.sections.items():
        names = (*section.aliases, section.title, path.rpartition("/")[2].replace("-", " "))
        for slug in dict.fromkeys(text.slug(name) for name in names if text.slug(name)):
            aliases[slug].append(path)
    for slug, paths in aliases.items():
        given = [path for path in paths if any(text.slug(alias) == slug for alias in settings.sections[path].aliases)]
        if len(paths) > 1 and given:
            yield warning(
                f'sections."{given[-1]}".aliases',
                f"{slug!r} is a name of {' and '.join(paths)}",
                f"it means {paths[0]}; take it away from one of them",
            )
    former: dict[str, list[str]] = defaultdict(list)
    for path, section in settings.sections.items():
        for moved in section.moved_from:
            former[moved].append(path)
    for moved, paths in former.items():
        if moved in settings.sections:
            yield warning(
                f'sections."{paths[0]}".moved_from',
                f"{moved} is a section of its own",
                "it is not redirected; take one of the two away",
            )
        if len(paths) > 1:
            yield warning(
                f'sections."{paths[-1]}".moved_from', f"{moved} moved to {' and to '.join(paths)}", "name it once"
            )


def _unused(patient: Patient) -> Iterator[Finding]:
    if patient.store is None:
        return
    used: Mapping[str, int] = {section.path: section.count for section in patient.store.sections(patient.now)}
    if not used:
        return
    for path in patient.settings.sections:
        if not used.get(path):
            yield warning(
                f'sections."{path}"',
                "no article that is public now stands in it",
                "if some should, see how their files name it, and add that to its aliases",
            )


def _codes(settings: Settings) -> Iterator[Finding]:
    for code, path in settings.content.codes.items():
        if path not in settings.sections and not settings.content.auto_sections:
            yield warning(
                "content.codes", f"{code} leads to {path}, which is no section", "add the section, or correct the code"
            )


def _token(path: Path) -> Iterator[Finding]:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return
    if mode & 0o077:
        yield error(str(path), f"others can read the token (mode {mode:o})", f"chmod 600 {path}")


def _places(settings: Settings) -> Iterator[Finding]:
    """What the service writes besides the store."""
    role, attached, token = settings.server.role, settings.content.attached, settings.server.token_file
    if role != "web" and not _writable(attached):
        told = "until then mails and documents with pictures in them are refused; let the service's user write there"
        yield error("content.attached", f"{attached} cannot be written by this user", told)
    if role != "ingest" and not token.exists() and not _writable(token.parent):
        told = "until then the operators' desk is closed; let the service's user write there"
        yield error("server.token_file", f"{token.parent} cannot be written by this user", told)


def _writable(folder: Path) -> bool:
    """Whether *folder* can be written to, or made."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return os.access(folder, os.W_OK | os.X_OK)


def _is_example(host: str) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in _EXAMPLES)


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _local_zone() -> str:
    """The zone of this machine ("Europe/Berlin"); empty where it is unknown."""
    try:
        target = Path("/etc/localtime").resolve(strict=True)
    except OSError:
        return ""
    return target.as_posix().partition("/zoneinfo/")[2]
