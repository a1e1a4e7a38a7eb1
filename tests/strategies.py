"""Articles of every shape, for Hypothesis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from feedsvc.dates import Precision
from feedsvc.model import Article, Author, Category, Enclosure, PubStatus

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
NUMBERS = st.integers(0, 2**40)
# Every moment that the calendar has, in whole milliseconds.
MOMENTS = st.integers(-62_135_596_800_000, 253_402_300_799_999).map(lambda ms: EPOCH + timedelta(milliseconds=ms))


def articles() -> st.SearchStrategy[Article]:
    """Articles in which any field may be empty, and any may be odd."""
    return st.builds(
        Article,
        id=TEXTS.map(lambda name: f"tag:news.example.org,2026:{name}"),
        source=TEXTS,
        sections=st.lists(st.sampled_from(["harbour", "world/asia", "world", "海/魚"]), unique=True).map(tuple),
        slug=TEXTS,
        title=TEXTS,
        content=TEXTS,
        summary=TEXTS,
        standfirst=TEXTS,
        byline=TEXTS,
        agency=TEXTS,
        dateline=TEXTS,
        language=TEXTS,
        authors=st.lists(st.builds(Author, name=TEXTS, uri=TEXTS), max_size=2).map(tuple),
        categories=st.lists(st.builds(Category, term=TEXTS, label=TEXTS, scheme=TEXTS), max_size=2).map(tuple),
        enclosures=st.lists(
            st.builds(
                Enclosure,
                url=TEXTS,
                type=TEXTS,
                length=NUMBERS,
                width=NUMBERS,
                height=NUMBERS,
                duration=NUMBERS,
                alt=TEXTS,
                caption=TEXTS,
                credit=TEXTS,
            ),
            max_size=2,
        ).map(tuple),
        link=TEXTS,
        rights=TEXTS,
        urgency=st.integers(0, 9),
        version=st.integers(0, 2**80),
        published=MOMENTS,
        precision=st.sampled_from(Precision),
        updated=MOMENTS,
        embargo=st.none() | MOMENTS,
        expires=st.none() | MOMENTS,
        pubstatus=st.sampled_from(PubStatus),
    )
