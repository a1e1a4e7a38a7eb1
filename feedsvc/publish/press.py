"""Where documents are made: each edition of a feed in the formats that were asked for, or the last good one instead."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext

from feedsvc.config import Settings
from feedsvc.errors import RenderError
from feedsvc.feeds.base import Renderer
from feedsvc.links import Links
from feedsvc.logs import get_logger
from feedsvc.publish.document import VARY, Document, make_document
from feedsvc.publish.validity import MOST_BYTES
from feedsvc.publish.window import Shown


class Edition:
    """A feed as it stands between two moments, with the documents that were asked for, by suffix.

    *last* holds the last good documents of the edition before, until there are new ones; *failed* is what kept a
    document from being made, for the same edition fails alike each time.
    """

    __slots__ = ("documents", "failed", "last", "lock", "shown")

    def __init__(self, shown: Shown, before: Edition | None = None) -> None:
        self.shown = shown
        self.documents: dict[str, Document] = {}
        self.failed: dict[str, Exception] = {}
        self.last: dict[str, Document] = {} if before is None else {**before.last, **before.documents}
        self.lock = threading.Lock()

    @property
    def held(self) -> list[Document]:
        """All documents that it keeps in memory."""
        return [*list(self.documents.values()), *list(self.last.values())]


Timed = Callable[[str], AbstractContextManager[None]]
"""For a format's suffix what stands around the making of a document, and may time it."""


def untimed(suffix: str) -> AbstractContextManager[None]:
    """Nothing is timed."""
    del suffix
    return nullcontext()


class Press:
    """Makes the documents of editions. *renderers* are the formats on offer, by suffix; *timed* is around the work."""

    def __init__(self, settings: Settings, renderers: Mapping[str, Renderer], *, timed: Timed = untimed) -> None:
        self._timed = timed
        self._renderers = renderers
        self._links = Links(settings.site.base_url)
        self._most_bytes = most_bytes(settings)
        self._vary = f"A-IM, {VARY}" if settings.feeds.delta else VARY
        self._troubles: dict[tuple[str, str], str] = {}
        self._log = get_logger(__name__)

    @property
    def troubles(self) -> Mapping[tuple[str, str], str]:
        """What keeps a new document from going out, by the feed's name and the format's suffix."""
        return dict(self._troubles)

    def document(self, edition: Edition, suffix: str) -> Document:
        """The document of *edition* in the format with *suffix*, made if there is none yet.

        Where it would not be valid, the last good one stays and the trouble is told. Raises what kept it from being
        made where there is no good one.
        """
        document = edition.documents.get(suffix)
        if document is None:
            if suffix in edition.failed:
                raise edition.failed[suffix].with_traceback(None)
            try:
                with self._timed(suffix):
                    document = make_document(
                        edition.shown,
                        self._renderers[suffix],
                        self._links,
                        others=list(self._renderers.values()),
                        most_bytes=self._most_bytes,
                        vary=self._vary,
                    )
                self._troubles.pop((edition.shown.feed.name, suffix), None)
            except Exception as error:
                document = self._last_good(edition, suffix, error)
            edition.documents[suffix] = document
            edition.last.pop(suffix, None)
        return document

    def fill(self, edition: Edition, old: Edition) -> None:
        """Make the documents of *edition* in the formats that *old* was asked for."""
        for suffix in list(old.documents):
            with contextlib.suppress(Exception):  # told already; a request for it meets it again
                self.document(edition, suffix)

    def warm(self, edition: Edition, old: Edition) -> None:
        """Make the coded forms that the documents of *old* were asked for."""
        for suffix, document in list(old.documents.items()):
            for coding in document.codings:
                if suffix in edition.documents:
                    edition.documents[suffix].body(coding)

    def _last_good(self, edition: Edition, suffix: str, error: Exception) -> Document:
        """The document that stays because there is no better one; raises *error* if there is none.

        One that shows an article which readers may no longer see does not stay.
        """
        name, last = edition.shown.feed.name, edition.last.get(suffix)
        if last is not None and not last.shows <= edition.shown.public:
            last = None
        self._troubles[name, suffix] = str(error)
        self._log.error(
            "a feed would not be valid",
            feed=name, format=suffix, error=str(error), stays="the last good document" if last else "nothing",
            exc_info=None if isinstance(error, RenderError) else error,
        )  # fmt: skip
        if last is None:
            edition.failed[suffix] = error
            raise error
        return last.lasting(edition.shown)


def most_bytes(settings: Settings) -> int:
    """The most bytes that a document may have: what readers bear, or what the operator asks for with its markup."""
    return max(MOST_BYTES, 3 * settings.feeds.max_bytes)
