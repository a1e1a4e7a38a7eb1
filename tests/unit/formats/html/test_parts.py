"""The small parts: charsets that are declared, sizes, names, media, guesses, words of classes."""

from __future__ import annotations

import pytest

from feedsvc.formats.base import RawAuthor, RawMedium
from feedsvc.formats.html import bounds, guess, media, tree
from feedsvc.formats.html.clues import Clues
from feedsvc.formats.html.numbers import pixels, seconds
from feedsvc.formats.html.people import add_author, is_wire


@pytest.mark.parametrize(
    ("start", "charset"),
    [
        (b'<meta charset="koi8-r">', "koi8-r"),
        (b"<META CHARSET=koi8-r>", "koi8-r"),
        (b"<meta http-equiv='Content-Type' content='text/html; charset=koi8-r'>", "koi8-r"),
        (b'<?xml version="1.0" encoding="koi8-r"?><html>', "koi8-r"),
        (b"<p>charset=koi8-r</p>", ""),
        (b" " * 4096 + b'<meta charset="koi8-r">', ""),
    ],
)
def test_declared_charset(start: bytes, charset: str) -> None:
    assert bounds.declared_charset(start) == charset


@pytest.mark.parametrize(
    ("value", "size"),
    [("640", 640), ("640px", 640), (640, 640), ("640.5", 640), ({"value": "640"}, 640), ("100%", 0), (None, 0)],
)
def test_pixels(value: object, size: int) -> None:
    assert pixels(value) == size


@pytest.mark.parametrize(
    ("value", "length"), [("PT2M30S", 150), ("PT1H", 3600), ("P1DT1S", 86401), (90, 90), ("soon", 0), ("", 0)]
)
def test_seconds(value: object, length: int) -> None:
    assert seconds(value) == length


def test_names_are_taken_once_and_without_by() -> None:
    clues = Clues()
    for name in ("By Jo Fennimore", "JO FENNIMORE", "De Vries", "admin", "https://a.example", "@jo", "x" * 200, ""):
        add_author(clues, RawAuthor(name=name, uri="javascript:alert(1)"), "test")
    assert [author.name for author, _ in clues.authors] == ["Jo Fennimore", "De Vries"]
    assert {author.uri for author, _ in clues.authors} == {""}


def test_wires() -> None:
    assert is_wire("Agence France-Presse")
    assert is_wire(" REUTERS ")
    assert not is_wire("Reuter Peterson")


def collected(page: str, *given: RawMedium) -> list[RawMedium]:
    root = tree.parse(f"<html><body>{page}</body></html>")
    return [medium for medium, _ in media.collect(Clues(media=[(one, "test") for one in given]), root, root)]


def test_the_lead_picture_learns_from_the_figure_that_shows_it() -> None:
    figure = (
        '<figure><img src="/img/wall-640x360.jpg?w=1" alt="Waves" width="640" height="360">'
        "<figcaption>The breach. Photo: Ida Lorne</figcaption></figure>"
    )
    (lead,) = collected(
        figure, RawMedium(url="https://a.example/img/wall-1200x630.jpg", type="image", width=1200, height=630)
    )
    assert (lead.alt, lead.caption, lead.credit, lead.width) == ("Waves", "The breach.", "Ida Lorne", 1200)


def test_without_metadata_the_first_picture_of_the_text_leads() -> None:
    (lead,) = collected(
        '<img src="icon.png" width="16"><img src="data:x"><img src="wall.jpg" alt="Waves"><img src="b.jpg">'
    )
    assert (lead.url, lead.alt) == ("wall.jpg", "Waves")


def test_players_in_the_text() -> None:
    found = collected(
        '<audio src="wall.mp3"></audio><video width="640" height="360"><source src="w.mp4?x" type="video/mp4"></video>'
    )
    assert [(one.url, one.type, one.width) for one in found] == [
        ("wall.mp3", "audio/mpeg", 0),
        ("w.mp4?x", "video/mp4", 640),
    ]


def test_the_day_of_an_address() -> None:
    assert guess.day_of_address("https://a.example/2013/11/09/wall.html") == "2013-11-09"
    assert guess.day_of_address("https://a.example/wall-2013") == ""
    assert guess.day_of_address("https://[broken") == ""


def test_a_guessed_day_is_never_a_year_alone() -> None:
    assert guess.day_of_page(tree.parse("<html><body><p>© 2014 The Courier</p></body></html>")) == ""


def test_words_of_classes() -> None:
    element = tree.parse('<div class="story-body__text relatedLinks has-comments" id="main2"></div>').find(".//div")
    assert {"story", "body", "text", "related", "links", "relatedlinks", "main"} <= tree.words(element)
    assert "comments" not in tree.words(element)


@pytest.mark.parametrize(("left", "right"), [("A  wall!", "a wall"), ("“Wall”", "Wall"), ("海堤。", "海堤")])
def test_lines_that_say_the_same(left: str, right: str) -> None:
    assert tree.same(left, right)
    assert not tree.same(left, right + " x")
    assert not tree.same("", "")


def test_trimming_keeps_crumbs_headlines_and_the_whole() -> None:
    page = tree.parse(
        '<html><body class="sidebar"><nav>Menu</nav><nav aria-label="breadcrumb">Home</nav>'
        '<div class="related"><h1>Wall</h1></div><article><footer>Tags</footer></article>'
        '<footer>Foot</footer><div class="comments">Talk</div></body></html>'
    )
    assert tree.text_of(tree.trimmed(page)) == "Home Wall Tags"
