"""The publishing status of an article, from the many words that files use for it."""

from __future__ import annotations

from feedsvc.model import PubStatus

_USABLE = frozenset(
    {"usable", "published", "publish", "public", "open", "live", "final", "approved", "active", "yes", "true"}
)
_WITHHELD = frozenset(
    {
        "withheld", "draft", "hidden", "private", "pending", "unpublished", "review", "in review", "in progress",
        "archived", "future", "trash", "inactive", "no", "false",
    }
)  # fmt: skip
_CANCELED = frozenset({"canceled", "cancelled", "killed", "kill", "withdrawn", "deleted", "retracted", "recalled"})
_EMBARGOED = frozenset({"embargoed", "embargo"})


def status_of(written: str, *, withdrawal: bool, embargo: bool) -> tuple[PubStatus, tuple[str, ...]]:
    """The status that *written* means, and notes. Case and a prefix ("stat:") do not matter.

    A status that nobody knows withholds the article: what is public by mistake cannot be taken back. "embargoed"
    leaves the decision to the date of the *embargo* if the file gives one.
    """
    word = written.strip().casefold().rpartition(":")[2].strip()
    if withdrawal or word in _CANCELED:
        return PubStatus.CANCELED, ()
    if not word or word in _USABLE:
        return PubStatus.USABLE, ()
    if word in _EMBARGOED:
        if embargo:
            return PubStatus.USABLE, ()
        return PubStatus.WITHHELD, ("the status is 'embargoed' and no moment of release is given: it is withheld",)
    if word in _WITHHELD:
        return PubStatus.WITHHELD, ()
    return PubStatus.WITHHELD, (f"the status {word[:40]!r} is not known: the article is withheld; write 'usable'",)
