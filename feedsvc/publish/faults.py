"""What can be wrong with a document, and the parts of it that a check has read back."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime


class Severity(enum.StrEnum):
    """How much a fault matters: a document with an error does not go out."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong. *rule* is its short name, *article_id* is empty where no article is at fault."""

    rule: str
    message: str
    severity: Severity = Severity.ERROR
    article_id: str = ""

    def __str__(self) -> str:
        """The message, with the article that it is about."""
        return f"{self.message} ({self.article_id})" if self.article_id else self.message


@dataclass(slots=True, kw_only=True)
class FoundItem:
    """An item as it was read back. Dates that cannot be understood are None; *markup* is its HTML."""

    id: str
    title: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    markup: str = ""
    size: int = 0


@dataclass(slots=True, kw_only=True)
class Found:
    """A document as it was read back, and the faults that were found on the way."""

    updated: datetime | None = None
    items: list[FoundItem] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def error(self, rule: str, message: str, article_id: str = "") -> None:
        """Note what must not go out."""
        self.faults.append(Fault(rule=rule, message=message, article_id=article_id))

    def warning(self, rule: str, message: str, article_id: str = "") -> None:
        """Note what readers or validators stumble over."""
        self.faults.append(Fault(rule=rule, message=message, severity=Severity.WARNING, article_id=article_id))

    def address(self, what: str, url: object, article_id: str = "") -> None:
        """Note *url* unless it is an absolute web address."""
        if not is_web(url):
            self.error("address", f"{what} is {url!r}, which is no absolute web address", article_id)


def is_web(url: object) -> bool:
    """Whether *url* is an absolute http or https address with a host, in the characters that addresses have."""
    if not isinstance(url, str):
        return False
    scheme, mark, rest = url.partition("://")
    return (
        bool(mark)
        and scheme.lower() in ("http", "https")
        and rest[:1] not in ("", "/", "?", "#", ":")
        and url.isascii()
        and url.isprintable()
        and not _NOT_IN_ADDRESSES.intersection(url)
    )


_NOT_IN_ADDRESSES = frozenset(' "<>\\^`{|}')
