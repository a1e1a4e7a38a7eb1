"""What most articles need not be looked at for makes no difference to those that need it."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from fakes import make_settings
from hypothesis import given
from hypothesis import strategies as st
from strategies import articles

from feedsvc.formats.base import RawAuthor, RawCategory, RawItem, RawMedium
from feedsvc.model import Article
from feedsvc.normalise import inert, mojibake, sections
from feedsvc.normalise.sections import SectionNames

_WORDS = st.sampled_from(["", "pier", "cafÃ©", "Ã¼ber", "é", "\ufffd", "Ferry <b onclick=x>"])
_RAW = st.builds(
    RawItem,
    title=_WORDS,
    body=_WORDS,
    summary=_WORDS,
    title_fallbacks=st.lists(_WORDS, max_size=1).map(tuple),
    sections=st.lists(_WORDS, max_size=1).map(tuple),
    authors=st.lists(st.builds(RawAuthor, name=_WORDS, role=_WORDS), max_size=1).map(tuple),
    categories=st.lists(st.builds(RawCategory, term=_WORDS, label=_WORDS), max_size=1).map(tuple),
    media=st.lists(st.builds(RawMedium, url=_WORDS, alt=_WORDS, caption=_WORDS, credit=_WORDS), max_size=1).map(tuple),
)


@given(_RAW)
def test_spoilt_text_is_found_in_every_field(raw: RawItem) -> None:
    quick = mojibake.repaired(raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mojibake, "_is_ascii", lambda _: False)
        assert mojibake.repaired(raw) == quick


@given(articles())
def test_markup_is_found_in_every_field(article: Article) -> None:
    quick = inert.inert_article(article)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inert, "_has_none", lambda _: False)
        assert inert.inert_article(article) == quick


@pytest.mark.parametrize("name", ["harbour/a.md", "harbour/2026/03/a.md", "de/a.md", "a.md", "The Harbour/b/a.md"])
@pytest.mark.parametrize("named", [(), ("Sport",), ("harbour/fish", "Sport"), ("x" * 300,)])
def test_remembered_sections_are_those_chosen_anew(
    name: str, named: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sections, "_MOST_REMEMBERED", 2)
    names, path = SectionNames(make_settings()), PurePosixPath(name)
    first = names.choose(path, names=named, title="A")
    for other in ("x/a.md", "y/a.md", "z/a.md"):
        names.choose(PurePosixPath(other))
    assert names.choose(path.with_name("b.md"), names=named, title="B") == first
    assert SectionNames(make_settings()).choose(path, names=named, title="B") == first
    assert len(names._known) <= 2
