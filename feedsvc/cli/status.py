"""``feedsvc status``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feedsvc.cli import naming, table
from feedsvc.cli.options import config_option, echo_json, examples, json_option, opened, settings_of, shown_time

if TYPE_CHECKING:
    from datetime import datetime

    from feedsvc.config import Settings
    from feedsvc.receipts.kinds import ArticleReceipt, Receipt
    from feedsvc.store.base import Store

_TROUBLES = 50
"""How many files with troubles people see; a program gets all."""
_STYLES = {
    "HELD": "bold red",
    "refused": "red",
    "conflict": "red",
    "missing": "yellow",
    "unlisted": "yellow",
    "superseded": "yellow",
    "waiting": "cyan",
    "scheduled": "cyan",
}


@click.command(epilog=examples("feedsvc status", "feedsvc status content/town/ferry.md", "feedsvc status --json"))
@click.argument("file", required=False)
@config_option
@json_option
def status(file: str | None, config_file: Path | None, as_json: bool) -> None:
    """Tell what was published, what waits, what was refused and why.

    With FILE, what became of that one file: as you type its path here, or as it is below the content folder.
    """
    from feedsvc import status as figures
    from feedsvc.clock import utc_now

    settings, _ = settings_of(config_file)
    now = utc_now()
    with opened(settings, existing=True) as store:
        if file is not None:
            receipt = _receipt(store, file, settings, now=now)
            if as_json:
                echo_json(receipt.as_json())
            else:
                _show_receipt(receipt, settings)
            return
        overview = figures.overview(store, now=now, troubles=sys.maxsize if as_json else _TROUBLES)
    if as_json:
        echo_json(overview)
    else:
        _show(overview, settings)


# ---------------------------------------------------------------------- one file
def _receipt(store: Store, file: str, settings: Settings, *, now: datetime) -> Receipt:
    from feedsvc.receipts import files

    known = naming.record(store, file, settings)
    candidates = naming.sources(file, settings.content.path) if known is None else [known.path]
    found = (files.receipt(store, path, now=now) for path in candidates)
    receipt = next((one for one in found if one is not None), None)
    if receipt is None:
        raise click.ClickException(_unknown(file, settings))
    return receipt


def _unknown(file: str, settings: Settings) -> str:
    """Why nothing is known of *file*, and what to do."""
    from feedsvc.ingest import names

    content = settings.content.path
    there = next((path for path in naming.sources(file, content) if (content / path).exists()), None)
    if there is None:
        return f"nothing is known of {file}: no such file was ever below {content}"
    if any(names.never_read(part) for part in there.split("/")):
        return f"{file} is never read: its name or that of its folder is hidden or temporary; rename it"
    if (content / there).is_dir():
        return f"{file} is a folder; name a file"
    return f"{file} has not been taken in yet: the service does that within seconds, `feedsvc ingest` at once"


def _show_receipt(receipt: Receipt, settings: Settings) -> None:
    fate = receipt.fate.value
    says = receipt.says.removeprefix(f"It was {fate}: ").removeprefix(f"It is {fate}: ")
    rows = [("file", receipt.source), ("state", receipt.state), ("became", f"{fate}: {says}")]
    rows.append(("since", shown_time(receipt.since, settings)))
    if receipt.until is not None:
        rows.append(("until", shown_time(receipt.until, settings)))
    if receipt.line:
        rows.append(("line", str(receipt.line)))
    why = receipt.error.removeprefix(f"line {receipt.line}: ")
    if why.rstrip(".") not in receipt.says:
        rows.append(("why", why))
    if receipt.advice:
        rows.append(("to do", receipt.advice))
    if receipt.who:
        rows.append(("by", receipt.who))
    rows += [("kept", title) for title in receipt.kept]
    rows.append(("first seen", shown_time(receipt.first_seen, settings)))
    for article in receipt.articles:
        rows += _article_rows(article, receipt, settings)
    table.show(rows, styles={"why": "red", "article": "bold", "became": "bold"})


def _article_rows(article: ArticleReceipt, receipt: Receipt, settings: Settings) -> list[tuple[str, str]]:
    state = article.state
    if state == "scheduled":
        state += f" until {shown_time(article.visible_from, settings)}"
    elif article.takedown:
        state += f": {article.takedown}"
    elif state == "withdrawn" and article.withdrawn is not None:
        state += f" since {shown_time(article.withdrawn, settings)}: {article.why}"
    rows = [("article", article.title or "(no text is kept)"), ("  is", state), ("  id", article.id)]
    if article.path:
        rows.append(("  address", f"{settings.site.base_url}{article.path}"))
    rows.append(("  sections", ", ".join(article.sections)))
    if article.feeds:
        rows.append(("  feeds", ", ".join(article.feeds)))
    if article.source != receipt.source:
        rows.append(("  given by", article.source))
    if article.was:
        rows.append(("  was at", article.was))
    rows.append(("  published", shown_time(article.published, settings)))
    if article.updated != article.published:
        rows.append(("  updated", shown_time(article.updated, settings)))
    return rows + [("  note", note) for note in article.notes]


# ---------------------------------------------------------------------- everything
def _show(overview: Mapping[str, Any], settings: Settings) -> None:
    from feedsvc.model import SourceState

    last, counts = overview["last_pass"], overview["files"]
    told = ", ".join(f"{counts[state.value]} {state.value}" for state in SourceState if counts.get(state.value))
    public = ", ".join(f"{section['path']} {section['public']}" for section in overview["sections"])
    rows = [
        ("last change", "none yet: start the service, or run `feedsvc ingest`")
        if last is None
        else ("last change", shown_time(last["finished"], settings)),
        ("files", told or "none"),
        ("sections", public or "none"),
        ("taken in by", _holder(overview["holder"])),
    ]
    rows += _held(overview, settings)
    rows += [("unlisted", f"{folder or settings.content.path}: {why}") for folder, why in overview["unlisted"].items()]
    rows += [("waiting", f"{source}: it is still being written") for source in overview["waiting"]]
    rows += [
        ("scheduled", f"{item['source']}: {item['title']}, until {shown_time(item['until'], settings)}")
        for item in overview["scheduled"]
    ]
    rows += [(item["state"], _trouble(item)) for item in overview["troubles"]]
    more = overview["troubled"] - len(overview["troubles"])
    if more > 0:
        rows.append(("…", f"{more} more files want a look; `feedsvc status --json` lists them all"))
    rows += [
        ("published", f"{shown_time(item['released'], settings)}  {item['title']}  ({item['source']})")
        for item in overview["newest"]
    ]
    table.show(rows, styles=_STYLES)


def _holder(holder: str) -> str:
    from feedsvc.ingest import holder as holders

    if not holder:
        return "nobody now"
    host, _, process = holder.split("/", 3)[:3] if holder.count("/") >= 3 else (holder, "", "")
    told = f"process {process} on {host}" if process else holder
    return f"nobody now ({told} has ended)" if holders.is_dead(holder) else told


def _held(overview: Mapping[str, Any], settings: Settings) -> list[tuple[str, str]]:
    rows = []
    for name, held in overview["holds"].items():
        since = shown_time(held["since"], settings)
        kept = "what is public stays" if name == "flood" else "nothing is withdrawn until they are back, or"
        waits = "accepted; done at the next pass" if held["accepted"] else f"{kept} until `feedsvc accept {name}`"
        rows.append(("HELD", f"{held.get('reason', name)}, since {since}: {waits}"))
        word = "  file" if name == "flood" else "  absent"
        rows += [(word, path) for path in held["paths"][:10]]
        if held["files"] > 10:
            rows.append((word, f"… and {held['files'] - 10} more"))
    if not rows and overview["held"]:
        rows.append(("HELD", overview["held"]))
    return rows


def _trouble(item: Mapping[str, Any]) -> str:
    where = f"{item['source']}, line {item['line']}" if item["line"] else item["source"]
    repeated = f"line {item['line']}: "
    return f"{where}: {item['error'].removeprefix(repeated)}"
