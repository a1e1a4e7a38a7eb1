"""Articles as JSON text and back: ``load(dump(article)) == article``."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from feedsvc.dates import Precision
from feedsvc.model import Article, Author, Category, Enclosure, PubStatus, neutral

_TIMES = ("published", "updated", "embargo", "expires")


def dump(article: Article) -> str:
    """*article* as JSON text, without empty values."""
    return json.dumps(neutral(article), ensure_ascii=False, separators=(",", ":"))


def load(document: str) -> Article:
    """The article in *document*. Fields that this version does not know are passed over."""
    fields: dict[str, Any] = json.loads(document)
    known = {name: value for name, value in fields.items() if name in Article.__slots__}
    for name in _TIMES:
        if name in known:
            known[name] = datetime.fromisoformat(known[name])
    known["precision"] = Precision(known["precision"])
    known["pubstatus"] = PubStatus(known["pubstatus"])
    known["sections"] = tuple(known.get("sections", ()))
    known["authors"] = tuple(Author(**part) for part in known.get("authors", ()))
    known["categories"] = tuple(Category(**part) for part in known.get("categories", ()))
    known["enclosures"] = tuple(Enclosure(**part) for part in known.get("enclosures", ()))
    for name in ("source", "slug", "title", "content"):
        known.setdefault(name, "")
    return Article(**known)
