from __future__ import annotations

import dataclasses
import json
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from feedsvc.errors import NotAnArticle, UnknownFormat
from feedsvc.formats.base import Format, RawItem
from feedsvc.formats.jsonfiles.ninjs import Ninjs

GOLDEN = Path(__file__).parents[3] / "golden" / "ninjs"
SAMPLES = Path(__file__).parents[5] / "shared" / "samples" / "ninjs"
SHARED_ITEMS = ("dpa_text", "ntb_text", "businesswire-newsml-20130605006126", "ap_image")
FMT = Ninjs()
BASE = {"uri": "urn:x:1", "type": "text", "versioncreated": "2024-01-01T00:00:00Z"}


def read_bytes(data: bytes) -> list[RawItem]:
    return list(FMT.parse(data, PurePosixPath("x.json")))


def read(**fields: Any) -> RawItem:
    (item,) = read_bytes(json.dumps({**BASE, **fields}).encode())
    return item


def alike(item: RawItem) -> RawItem:
    return dataclasses.replace(item, origin={})


def test_it_is_a_format() -> None:
    assert isinstance(FMT, Format)


@pytest.mark.parametrize("generation", ["2", "3"])
def test_generations_read_alike(generation: str) -> None:
    (first,) = read_bytes((GOLDEN / "ferry-1.json").read_bytes())
    (later,) = read_bytes((GOLDEN / f"ferry-{generation}.json").read_bytes())
    assert alike(later) == alike(first)
    assert first.media[0].length == 180204


@pytest.mark.parametrize("name", SHARED_ITEMS)
def test_the_samples_read_alike_in_all_generations(name: str) -> None:
    files = [path for path in sorted(SAMPLES.glob(f"*/{name}.json")) if path.parent.name != "not-valid"]
    if len(files) < 2:
        pytest.skip("the samples are not here")
    if name == "ap_image":
        for path in files:
            assert FMT.recognises(path.read_bytes(), PurePosixPath(path.name))
            with pytest.raises(NotAnArticle, match="picture"):
                read_bytes(path.read_bytes())
        return
    first, *others = [read_bytes(path.read_bytes()) for path in files]
    assert first[0].title
    assert first[0].body
    for other in others:
        assert list(map(alike, other)) == list(map(alike, first))


def test_every_sample_is_recognised() -> None:
    files = sorted(SAMPLES.glob("*/*.json"))
    if not files:
        pytest.skip("the samples are not here")
    assert [path.name for path in files if not FMT.recognises(path.read_bytes(), PurePosixPath(path.name))] == []


@pytest.mark.parametrize(
    ("fields", "body", "origin"),
    [
        ({"body_text": "a < b"}, "<p>a &lt; b</p>", "body_text"),
        ({"body_text": "plain", "body_html": "<p>rich</p>"}, "<p>rich</p>", "body_html"),
        ({"body_text": "plain", "body_html": ""}, "<p>plain</p>", "body_text"),
        ({"body_text": "plain", "body_xhtml": None}, "<p>plain</p>", "body_text"),
        ({"body_xhtml": "\n (Wire) -- A&amp;B\n grow.\n"}, "<p>(Wire) -- A&amp;B grow.</p>", "body_xhtml"),
        ({"body_main": "<p>m</p>"}, "<p>m</p>", "body_main"),
        ({"body_richtext": "<p>r</p>", "headline": "H"}, "<p>r</p>", "body_richtext"),
        (
            {"bodies": [{"role": "text", "value": "t"}, {"role": "html", "value": "<p>h</p>"}]},
            "<p>h</p>",
            "bodies[1].value",
        ),
        (
            {"bodies": [{"role": "caption", "value": "c"}, {"contentType": "text/plain", "value": "t"}]},
            "<p>t</p>",
            "bodies[1].value",
        ),
        ({"bodies": [{"role": "html", "value": ""}], "body_text": "t"}, "<p>t</p>", "body_text"),
    ],
)
def test_the_best_body_is_taken(fields: dict[str, Any], body: str, origin: str) -> None:
    item = read(**fields)
    assert (item.body, item.origin["body"]) == (body, origin)


def test_html_in_plain_text_is_noted() -> None:
    item = read(body_text="<p>rich</p>")
    assert item.body == "<p>rich</p>"
    assert "body_text" in item.notes[0]


@pytest.mark.parametrize(
    ("fields", "title", "fallbacks"),
    [
        ({"headline": "One", "title": "One"}, "One", ()),
        ({"headline": "One", "headline_extended": "One and more"}, "One", ("One and more",)),
        ({"headline": "", "title": "Slug words"}, "", ("Slug words",)),
        ({"headline_main": "Main"}, "Main", ()),
        ({"headlines": [{"role": "sub", "value": "S"}, {"role": "main", "value": "M"}]}, "M", ("S",)),
        ({"headlines": [{"value": "only"}]}, "only", ()),
        ({"headline": None}, "", ()),
    ],
)
def test_headlines(fields: dict[str, Any], title: str, fallbacks: tuple[str, ...]) -> None:
    item = read(body_html="<p>x</p>", **fields)
    assert (item.title, item.title_fallbacks) == (title, fallbacks)


@pytest.mark.parametrize("kind", ["picture", "graphic", "video", "audio", "package", "planning", "event"])
def test_what_is_no_text_is_refused_unless_it_has_one(kind: str) -> None:
    with pytest.raises(NotAnArticle, match=kind):
        read(type=kind, headline="H", description_text="A caption")
    assert read(type=kind, headline="H", body_html="<p>x</p>").body == "<p>x</p>"


def test_an_advisory_to_editors_is_no_article() -> None:
    with pytest.raises(NotAnArticle, match="advisory to editors"):
        read(type="advisory", headline="H", body_html="<p>x</p>")


def test_a_composite_without_text_is_refused() -> None:
    with pytest.raises(NotAnArticle, match="no text"):
        read(type="composite", headline="H", description_text="D")


@pytest.mark.parametrize("status", ["canceled", "CANCELED", "stat:canceled", "withheld"])
def test_a_withdrawal_without_a_body_is_understood(status: str) -> None:
    item = read(pubstatus=status, version=4)
    assert (item.withdrawal, item.status, item.version, item.id) == (True, status, "4", "urn:x:1")


def test_a_withdrawal_does_not_publish_its_description() -> None:
    item = read(pubstatus="canceled", headline="Kill this", body_html="", description_text="")
    assert (item.withdrawal, item.body) == (True, "")


def test_a_description_stands_in_for_a_missing_body() -> None:
    item = read(headline="H", description_text="One sentence.")
    assert (item.body, item.summary) == ("<p>One sentence.</p>", "")
    assert item.notes == ("There is no body; the description was taken for it.",)


def test_editors_notes_are_never_published() -> None:
    item = read(body_html="<p>x</p>", ednote="Secret desk line", ednotes=["Other secret"])
    assert "ecret" not in repr(item)


@pytest.mark.parametrize("value", [None, "", "  "])
def test_an_empty_embargo_is_none(value: object) -> None:
    item = read(body_html="<p>x</p>", embargoed=value, pubstatus="usable")
    assert (item.embargo, item.status) == ("", "usable")


def test_an_embargo_is_kept_as_written() -> None:
    assert read(body_html="<p>x</p>", embargoed="20240102T060000+0100").embargo == "20240102T060000+0100"


@pytest.mark.parametrize("value", [True, {"until": "noon"}, ["2024-01-01"]])
def test_an_embargo_that_cannot_be_read_withholds(value: object) -> None:
    item = read(body_html="<p>x</p>", embargoed=value, pubstatus="usable")
    assert item.status == "withheld"
    assert "embargo" in item.notes[0]


def test_the_id_of_ap_items_is_not_their_signed_address() -> None:
    item = read(uri="https://api.example/content/9?et=abc", altids={"itemid": "9"}, body_html="<p>x</p>")
    assert (item.id, item.origin["id"]) == ("9", "altids.itemid")


def test_bylines_places_and_agencies_in_their_other_shapes() -> None:
    item = read(
        body_html="<p>x</p>",
        bylines=[{"by": "By Jo Fell", "title": "Wire writer"}, {"by": "Una Marsh"}],
        authors=[{"name": "Jo Fell", "role": "writer", "email": "jo@x.example"}],
        places=[{"name": "Elsewhere", "rel": "mentions"}, {"name": "Quay", "rel": "dateline"}],
        source="Isles Wire",
        priority=3,
    )
    assert item.byline == "By Jo Fell, Una Marsh"
    assert (item.authors[0].name, item.authors[0].email) == ("Jo Fell", "jo@x.example")
    assert (item.dateline, item.agency, item.urgency) == ("Quay", "Isles Wire", "3")


def test_associations_that_are_no_media_are_left_out() -> None:
    item = read(
        body_html="<p>x</p>",
        associations={
            "story": {"type": "text", "renditions": {"main": {"href": "https://x.example/a.html"}}},
            "sound": {"type": "audio", "renditions": {"main": {"href": "https://x.example/a.mp3", "duration": 61}}},
            "nothing": {"type": "picture", "renditions": {}},
            "featuremedia": {
                "type": "picture",
                "renditions": {
                    "nitf": {"href": "https://x.example/c.xml", "mimetype": "text/xml"},
                    "web": {"href": "https://x.example/f.jpg"},
                    "main": {"href": "https://x.example/m.jpg"},
                },
            },
        },
    )
    assert [(medium.url, medium.duration) for medium in item.media] == [
        ("https://x.example/m.jpg", 0),
        ("https://x.example/a.mp3", 61),
    ]


@pytest.mark.parametrize("value", [{"name": "pkg", "version": "1"}, [1, 2], "text", 3, None, [], {}])
def test_other_json_is_not_recognised_and_refused(value: object) -> None:
    data = json.dumps(value).encode()
    assert not FMT.recognises(data, PurePosixPath("x.json"))
    with pytest.raises((UnknownFormat, NotAnArticle)):
        read_bytes(data)


def test_characters_that_xml_forbids_do_not_get_through() -> None:
    item = read(headline="A\u0000B\ud800C", body_html="<p>\u0007x</p>")
    assert (item.title, item.body) == ("ABC", "<p>x</p>")
