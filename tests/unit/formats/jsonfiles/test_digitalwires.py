from __future__ import annotations

import html
import json
import re
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from feedsvc.errors import NotAnArticle
from feedsvc.formats.base import Format, RawItem
from feedsvc.formats.jsonfiles.digitalwires import DigitalWires

SAMPLES = Path(__file__).parents[5] / "shared" / "samples" / "digitalwires"
FMT = DigitalWires()
BASE: dict[str, Any] = {
    "format": "digitalwires@0.9.1",
    "urn": "urn:newsml:wire.example:1",
    "version": 1,
    "version_created": "2024-05-02T13:10:00+02:00",
    "pubstatus": "usable",
    "headline": "Eine Überschrift",
    "article_html": "<section><p>Text.</p></section>",
}


def read(**fields: Any) -> RawItem:
    (item,) = FMT.parse(json.dumps({**BASE, **fields}).encode(), PurePosixPath("x.json"))
    return item


def test_it_is_a_format() -> None:
    assert isinstance(FMT, Format)
    assert FMT.recognises(json.dumps(BASE).encode(), PurePosixPath("x.json"))
    assert not FMT.recognises(b'{"title": "digitalwires@ is a format", "body": "x"}', PurePosixPath("x.json"))


@pytest.mark.parametrize(
    ("dateline", "place", "agency"),
    [
        ("Berlin (dpa) - ", "Berlin", "dpa"),
        ("MADRID, 21 Nov. 2024 (Wire Press) -", "MADRID", "Wire Press"),
        ("Frankfurt, Hesse (wex) –", "Frankfurt, Hesse", "wex"),
        ("Berlin", "Berlin", "credit"),
        (None, "", "credit"),
    ],
)
def test_place_and_agency(dateline: str | None, place: str, agency: str) -> None:
    item = read(dateline=dateline, creditline="credit")
    assert (item.dateline, item.agency) == (place, agency)


def test_what_is_for_editors_is_never_published() -> None:
    item = read(
        notepad={"public_html": "<p>Hinweis-1</p>", "nonpublic_html": "<p>Hinweis-2</p>"},
        ednotes=[
            {"role": "dpaednoterole:editorialnote", "ednote": "Hinweis-3", "is_publishable": True},
            {"role": "dpaednoterole:dpacontacts", "ednote": "Hinweis-4", "is_publishable": False},
        ],
    )
    assert "Hinweis" not in repr(item)


def test_a_correction_note_is_noted() -> None:
    item = read(
        ednotes=[{"role": "dpaednoterole:correctionshort", "ednote": "Name im 2. Absatz.", "is_publishable": True}]
    )
    assert item.notes == ("The agency's correction note: Name im 2. Absatz.",)


def test_an_embargo_is_kept_as_written() -> None:
    assert read(embargoed="2024-05-02T18:00:00").embargo == "2024-05-02T18:00:00"


def test_an_embargo_that_only_a_note_states_withholds() -> None:
    note = [{"role": "dpaednoterole:embargo", "ednote": "Sperrfrist 18.00 Uhr", "is_publishable": True}]
    assert read(embargoed=None, ednotes=note).status == "withheld"
    assert read(embargoed="2024-05-02T18:00:00+02:00", ednotes=note).status == "usable"


def test_a_teaser_that_is_the_headline_again_is_dropped() -> None:
    assert read(teaser="Eine Überschrift").standfirst == ""
    assert read(teaser="Mehr dazu").standfirst == "Mehr dazu"


def test_an_entry_without_text() -> None:
    with pytest.raises(NotAnArticle, match="picture"):
        read(article_html=None, associations=[{"type": "image", "renditions": []}])
    with pytest.raises(NotAnArticle, match="without text"):
        read(article_html="")
    assert read(article_html=None, pubstatus="canceled").withdrawal


def sample_pairs() -> list[str]:
    return sorted(path.stem for path in (SAMPLES / "input").glob("*.json"))


@pytest.mark.parametrize("name", sample_pairs() or ["none"])
def test_the_samples_say_what_their_newsml_says(name: str) -> None:
    if name == "none":
        pytest.skip("the samples are not here")
    data = (SAMPLES / "input" / f"{name}.json").read_bytes()
    output = html.unescape((SAMPLES / "output" / f"{name}.xml").read_text(encoding="utf-8"))
    assert FMT.recognises(data, PurePosixPath(name))

    def written(pattern: str) -> str:
        match = re.search(pattern, output)
        return match[1] if match else ""

    if written(r'<itemClass qcode="([^"]+)"') == "ninat:picture":
        with pytest.raises(NotAnArticle, match="picture"):
            FMT.parse(data, PurePosixPath(name))
        return
    (item,) = FMT.parse(data, PurePosixPath(name))
    assert item.id == written(r'guid="([^"]+)"')
    assert item.version == written(r'\n\s+version="(\d+)"')
    assert item.published == written(r"<versionCreated>([^<]+)<")
    assert item.embargo == written(r"<embargoed>([^<]+)<")
    assert item.language == written(r'<language tag="([^"]+)"')
    assert item.title in output
    assert item.agency == written(r"<creditline>([^<]+)<")
    assert set(re.findall(r'<subject qcode="(dpacat:[^"]+)"', output)) <= set(item.codes)
    assert item.body.count("<p>") > 2
    assert "otizblock" not in repr(item)
