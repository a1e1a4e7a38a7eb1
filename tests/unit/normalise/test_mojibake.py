"""Spoilt text is put right field by field."""

from __future__ import annotations

from feedsvc.formats.base import RawAuthor, RawCategory, RawItem, RawMedium
from feedsvc.normalise.mojibake import repaired


def test_each_field_that_is_spoilt_is_put_right_and_named() -> None:
    item = repaired(
        RawItem(
            title="CafÃ© Ã  la carte",
            body="<p>Le cafÃ© est fermÃ©.</p>",
            byline="Zoé Blanc",
            authors=(RawAuthor(name="ZoÃ© Blanc", uri="https://example.org/zoe"),),
            categories=(RawCategory(term="cafÃ©"),),
            media=(RawMedium(url="a.jpg", caption="Le cafÃ©"),),
            sections=("CafÃ©s",),
        )
    )
    assert item.title == "Café à la carte"
    assert item.body == "<p>Le café est fermé.</p>"
    assert item.byline == "Zoé Blanc"
    assert item.authors == (RawAuthor(name="Zoé Blanc", uri="https://example.org/zoe"),)
    assert item.categories[0].term == "café"
    assert item.media[0].caption == "Le café"
    assert item.sections == ("Cafés",)
    assert item.notes == (
        "the characters were spoilt before the file was saved, and are put right in: "
        "title, body, sections, authors, categories, media",
    )


def test_controls_become_the_signs_that_were_meant_wherever_they_stand() -> None:
    item = repaired(RawItem(title="Harbour\x92s tide", body="<p>Ahoy\x7f</p>", rights="\x80"))
    assert (item.title, item.body, item.rights) == ("Harbour’s tide", "<p>Ahoy</p>", "€")


def test_an_item_that_is_right_is_the_same() -> None:
    item = RawItem(title="SÃO PAULO", body="<p>“NÃO”, disse — e saiu…</p>", sections=("Économie",))
    assert repaired(item) is item


def test_nothing_that_was_escaped_becomes_markup() -> None:
    item = repaired(RawItem(title="&lt;b&gt; cafÃ©", body="<p>cafÃ© &lt;script&gt; â€œhereâ€\x9d</p>"))
    assert item.title == "&lt;b&gt; café"
    assert item.body == "<p>café &lt;script&gt; “here”</p>"
