"""The ``Store`` protocol: what the rest of the house may ask of a store, whatever database is behind it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from feedsvc.model import Article, Change, Entry, Medium, Section, SourceRecord, SourceState, Stored, Version, Window
from feedsvc.numbers.faults import ClientDay
from feedsvc.numbers.readers import DeclaredRow, PollRow
from feedsvc.numbers.tally import Tally
from feedsvc.store.questions import Copied, Questions

if TYPE_CHECKING:  # its module knows the tables
    from feedsvc.store.newcomers import NewFile
    from feedsvc.store.rows import KnownFiles

INGEST = "ingest"
"""The name of the lease under which files are taken in."""
ALL = "all"
"""The name of the feed that shows every section."""
TAGS = "tags/"
AUTHORS = "authors/"
"""What the names of the feeds of single tags and single authors begin with; no section path does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to write under *name*. *token* grows with each new holder: an old holder's writes are refused."""

    name: str
    holder: str
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A file's hold on an article: *path* gives, repeats or contests it, as *state* says.

    *sections* are those that the file itself would place the article in.
    """

    path: str
    article_id: str
    state: SourceState
    version: int = 0
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an article stands in the order of releases; every order ends in the id."""

    released: datetime
    published: datetime
    article_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The root-relative *path* of a public article, and when what stands there last *changed*."""

    path: str
    changed: datetime
    place: Place


class Mark(NamedTuple):
    """What an archive tells an article by: its place, what it says, and its dates, in milliseconds since 1970."""

    released: int
    published: int
    article_id: str
    updated: int
    expires: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What happened in a feed since one of its changes: that was *at* a time, and later ones *changed* articles."""

    at: datetime
    changed: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What readers may see otherwise than before: *feeds* by name, articles by the *paths* of their pages.

    *mark* stands for the last change that is told of.
    """

    mark: str
    feeds: frozenset[str]
    paths: tuple[str, ...]


class Writer(Protocol):
    """What may be written in one transaction. Every method raises StoreUnavailable when the store is lost."""

    def savepoint(self) -> AbstractContextManager[None]:
        """All or nothing for one file: an exception inside undoes what was written since, and is passed on."""

    def get(self, article_id: str) -> Stored | None:
        """The article as this transaction sees it."""

    def free_updated(self, moment: datetime, article_id: str) -> datetime:
        """*moment*, or the next millisecond after it that no other article's ``updated`` has."""

    def says_the_same(self, digest: str) -> Sequence[str]:
        """The ids of the articles that say what an article with *digest* says."""

    def put(
        self,
        article: Article,
        *,
        now: datetime,
        day: date,
        spellings: Mapping[str, str],
        why: str = "",
        cold: bool = False,
    ) -> str:
        """Store *article*, its placements and its changes; answers what became of it.

        The answer is ``published``, ``updated``, ``restored``, ``scheduled``, ``expired``, ``withheld``, ``canceled``,
        ``moved`` (another file says the same), ``unchanged``, or ``taken down`` (changed, and not stored, because a
        takedown is in force). *day* is used for the address of a new article only. *spellings* are titles of
        sections, by path, used where a section has none. *cold* is True in the first pass of all: there nothing
        counts as late, and feeds are dated by their articles.
        """

    def add(self, files: Sequence[NewFile], *, now: datetime, cold: bool = False) -> int:
        """Store the first of *files*, as long as nothing at all is known of them; answers how many those are.

        Their rows are as ``remember``, ``illustrate``, ``free_updated`` and ``put`` would make them one by one. The
        next one is for those; then the rest may be given again.
        """

    def withdraw(self, article_id: str, *, now: datetime, why: str, source: str = "") -> bool:
        """Take the article out of all feeds; False if it was withdrawn already."""

    def takedown(self, article_id: str, *, now: datetime, reason: str) -> bool:
        """Take an article down whatever its file says, and blank it; False if there is no such article."""

    def restore(self, article_id: str, *, now: datetime) -> bool:
        """Lift a takedown; its files are read again at the next pass. False if there was none."""

    def claims(self, article_id: str) -> Sequence[Claim]:
        """The files that claim the article, by path, as this transaction sees them."""

    def claim(self, held: Claim) -> None:
        """Set what one file's claim on one article is, and with it the state of the file."""

    def claims_by(self, path: str) -> Sequence[Claim]:
        """The claims that one file has, by article id, as this transaction sees them."""

    def source(self, path: str) -> SourceRecord | None:
        """One known file, as this transaction sees it."""

    def sources_with(self, sha256: str) -> Sequence[SourceRecord]:
        """The known files with these bytes, by path, as this transaction sees them; those that are gone included."""

    def remember(self, record: SourceRecord, holds: Sequence[Claim] | None = None) -> None:
        """Store what became of a file, and replace its claims by *holds*, if given."""

    def illustrations(self, path: str) -> Sequence[Medium]:
        """The media that the file at *path* names, as this transaction sees them."""

    def illustrate(self, path: str, named: Sequence[Medium]) -> None:
        """Replace the media that the file at *path* names; one without a hash is not there yet."""

    def reread(self, paths: Collection[str]) -> None:
        """Have files read again at the next pass, although they have not changed."""

    def forget(self, paths: Collection[str]) -> None:
        """Drop files that left nothing behind."""

    def mark(self, paths: Collection[str], state: SourceState, *, now: datetime, error: str | None = None) -> None:
        """Set state and ``seen`` of files, and the error where one is given."""


class Store(Questions, Protocol):
    """The state of one newsroom. Thread-safe. Every method raises StoreUnavailable when the store is lost."""

    def close(self) -> None:
        """Let go of all connections."""

    # ---------------------------------------------------------------- leases and transactions
    def lease(self, name: str, holder: str, *, ttl: timedelta, displacing: str = "") -> Lease | None:
        """Take or renew the lease *name* for *ttl*, the same for all its holders; None while another one has it.

        *displacing* names a holder that is known to be dead: its lease is taken at once.
        """

    def release(self, lease: Lease) -> None:
        """Give the lease back."""

    def lease_holder(self, name: str) -> str:
        """Who holds the lease *name* now; empty if nobody does."""

    def writing(
        self, lease: Lease | None, *, at: datetime, late: timedelta = timedelta()
    ) -> AbstractContextManager[Writer]:
        """One transaction under *lease* (None: an operator's order).

        Raises LeaseLost before anything is done if the lease was taken over or given back.

        *at* is the time that feeds changed by it count as changed; *late* as in ``[feeds] late``.
        """

    # ---------------------------------------------------------------- what readers see
    def changes_token(self) -> Any:
        """A value that differs from the last one if anything was written since by anybody. Cheap: no query."""

    def versions(self, *, also: Collection[str] = ()) -> Mapping[str, Version]:
        """The state of the feeds of everything and of sections, by name, and of those named in *also* that there are.

        The feeds of tags and authors can be many thousands: they are asked for by name.
        """

    def window(self, feed: str, now: datetime, *, limit: int) -> Window | None:
        """The window of *feed*; None for a feed that never was."""

    def listing(self, feed: str, now: datetime, *, limit: int, offset: int = 0) -> Sequence[Entry]:
        """The public articles of *feed*, newest first, for pages."""

    def marks(self, feed: str, now: datetime, *, after: Mark | None = None, limit: int) -> Sequence[Mark]:
        """At most *limit* public articles of *feed*, the oldest release first, from behind *after*.

        Nothing is read of them but what an archive tells them by.
        """

    def archived(self, feed: str, now: datetime, *, after: Mark | None = None, limit: int) -> Sequence[Entry]:
        """The same articles whole."""

    def disturbed(self, feed: str, *, seq: int, since: datetime, now: datetime) -> datetime | None:
        """A moment before which the order of releases of *feed* is as it was; None where all of it is.

        That is since the change *seq* of the feed and the time *since*: by changes and by expiries. What was released
        since comes behind all that was there.
        """

    def kept_marks(self, feed: str) -> str:
        """What was kept last of the marks of the archive of *feed*; empty if nothing."""

    def keep_marks(self, feed: str, marks: str, *, seq: int) -> None:
        """Keep *marks* of the archive of *feed*, made at its change *seq*; not where it has not come so far."""

    def since(self, feed: str, seq: int) -> Since | None:
        """What readers could see happen in *feed* since the change *seq*; None where that is not known any more.

        A number at which the feed never stood is not known either.
        """

    def sections(self, now: datetime, *, counted: Collection[str] | None = None) -> Sequence[Section]:
        """Every section that ever held a public article, by path.

        Counting takes the longest by far: where *counted* is given, ``count`` is 0 for all sections not in it.
        """

    def moments(self, feed: str, now: datetime) -> tuple[datetime | None, datetime | None]:
        """When *feed* last came to show something else by itself, up to *now*, and when it will do so next.

        That is by a release or an expiry, with nobody writing.
        """

    def addresses(self, now: datetime, *, after: Place | None = None, skip: int = 0, limit: int) -> Sequence[Address]:
        """The addresses of at most *limit* public articles, the oldest release first.

        They begin behind *after*, with *skip* left out. Nothing of the articles is read but what makes the address.
        """

    def find(self, key: str) -> Stored | None:
        """The article with that key in its address."""

    def get(self, article_id: str) -> Stored | None:
        """The article with that id."""

    def medium(self, content_hash: str, now: datetime, name: str = "") -> Medium | None:
        """A picture, sound or film by the hash in its address, if an article that is public at *now* shows it.

        With *name* only if one shows it by that name: copies of a file may have others.
        """

    # ---------------------------------------------------------------- what copies of the site need
    def names(self) -> Sequence[str]:
        """The names of all feeds that ever were, those of tags and authors included, in order."""

    def departed(self, now: datetime) -> Sequence[str]:
        """The paths of the articles that were public once and are not any more."""

    def touched(self, mark: str, *, since: datetime | None, now: datetime) -> Touched | None:
        """What was written behind *mark*, or was released or expired after *since* and up to *now*.

        With *since* None it only tells the mark of now. None where *mark* is none of this store, or too old.
        """

    # ---------------------------------------------------------------- what ingest needs
    def sources(
        self, states: Collection[SourceState] = (), *, between: Callable[[], None] = lambda: None
    ) -> KnownFiles:
        """The known files, by path, in no order; of *states* only, if given.

        *between* is called between two of them.
        """

    def source(self, path: str) -> SourceRecord | None:
        """One known file."""

    def media(self) -> Mapping[str, Sequence[Medium]]:
        """The media that files name, by the path of the file."""

    def homes(self) -> Mapping[str, str]:
        """The home section of every file that gives an article, by path."""

    def articles_of(self, path: str) -> Sequence[Stored]:
        """The articles that were last read from *path*, withdrawn ones included."""

    def configure(self, digests: Mapping[str, str], *, now: datetime, lease: Lease) -> Sequence[str]:
        """Count feeds as changed whose documents now depend on something else; answers their names.

        *digests* are of what the documents of a feed depend on besides its articles; ``*`` is for all others, those of
        tags and authors among them. The first
        digest of a feed is no change. A feed that showed nothing yet stays at ``seq`` 0.
        """

    def prune(self, before: datetime, *, now: datetime, lease: Lease) -> None:
        """Drop changes, tombstones and expired placements older than *before*: until then feeds tell of them."""

    # ---------------------------------------------------------------- what operators ask and order
    def history(self, *, article_id: str = "", after: int = 0, limit: int = 100) -> Sequence[Change]:
        """The life of one article, or the newest events of all, with a ``seq`` behind *after*; newest first."""

    def counts(self) -> Mapping[str, int]:
        """How many files are in each state."""

    def record_pass(self, report: Mapping[str, Any], *, started: datetime, finished: datetime) -> None:
        """Keep the report of a pass; the newest hundred stay."""

    def passes(self, limit: int = 1) -> Sequence[Mapping[str, Any]]:
        """The newest reports, with ``started`` and ``finished``."""

    def hold(self, name: str, detail: Mapping[str, Any] | None, *, now: datetime) -> None:
        """Note that something waits for the operator's word; None ends it."""

    def holds(self) -> Mapping[str, Mapping[str, Any]]:
        """What waits for the operator's word: name to detail, with ``since`` and ``accepted``."""

    def accept(self, name: str, *, now: datetime) -> bool:
        """Let go what waits under *name*; False if nothing does."""

    # ---------------------------------------------------------------- what is counted of polls
    def salt(self, day: int, offered: str, *, today: int) -> str:
        """The salt with which clients are hashed on *day* (milliseconds since 1970), the same for all who ask.

        It is *offered* for the first one; the salts of days before *today* are destroyed.
        """

    def add_tally(self, tally: Tally) -> None:
        """Add *tally* to what is kept, in one transaction: ``Tally.parts`` keeps it short."""

    def polls(self, *, hours: bool, since: datetime, feed: str = "") -> Sequence[PollRow]:
        """The polls of every hour or every day that began at *since* or later, the oldest first; of *feed*, if given.

        Hours do not tell of pollers.
        """

    def declared(self, *, since: datetime, feed: str = "") -> Sequence[DeclaredRow]:
        """What services declared on every day that began at *since* or later, the oldest first."""

    def clients(self, *, since: datetime) -> Sequence[ClientDay]:
        """The clients of every day that began at *since* or later, by day and name."""

    def articles_by_status(self, now: datetime) -> Mapping[str, int]:
        """How many articles are ``public``, ``scheduled``, ``withdrawn`` and so on, as ``feedsvc status`` calls it."""

    def prune_counts(self, now: datetime, *, lease: Lease) -> None:
        """Drop numbers that are too old, and what would tell the clients of days that are over from each other."""

    def backup(self, target: Path, *, replace: bool = False, progress: Copied | None = None) -> int:
        """Copy the store into the file *target* while it is in use; answers its size in bytes.

        The copy is of one moment, and stands in its place as a whole or not at all. To restore it, the service is
        stopped and the file put where the store was. Raises StoreError where the file exists and *replace* is False,
        or cannot be written, or the copy is damaged. *progress* is told how much is copied, and of how much.
        """
