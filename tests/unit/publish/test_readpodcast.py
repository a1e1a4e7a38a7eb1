"""Podcasts that directories would refuse are caught; an article at fault is named."""

from __future__ import annotations

import pytest
from fakes import make_article

from feedsvc.feeds.rss import Rss
from feedsvc.links import Links
from feedsvc.model import Enclosure, Entry, Feed
from feedsvc.podcasts import Episode, Person, Podcast, Transcript, guid_of
from feedsvc.publish.faults import Severity
from feedsvc.publish.readxml import parse, read_rss

SHOW = Podcast(
    author="Nell Harker",
    owner_email="desk@news.example.org",
    categories=("News > Politics",),
    image="/static/waves.jpg",
    kind="serial",
    guid=guid_of("https://news.example.org/feeds/waves.rss"),
)
ARTICLE = make_article(
    enclosures=(Enclosure(url="https://a.example/x.mp3", type="audio/mpeg", length=5, duration=61),),
    episode=Episode(
        number=1,
        season=2,
        explicit="false",
        image="https://a.example/x.png",
        chapters="https://a.example/x.json",
        transcripts=(Transcript(url="https://a.example/x.vtt", type="text/vtt"),),
        persons=(Person(name="Joss Okafor", uri="https://a.example/joss", role="guest"),),
    ),
)


EXPLICIT = "<itunes:explicit>false</itunes:explicit>\n    <itunes:image"
SEASON = "<itunes:season>2</itunes:season>"


def document() -> str:
    entry = Entry(article=ARTICLE, path="/articles/x", released=ARTICLE.published)
    feed = Feed(name="waves", title="Waves", page="/sections/waves", updated=ARTICLE.updated, description="Of the sea",
                language="en", entries=(entry,), podcast=SHOW)  # fmt: skip
    return Rss().render(feed, Links("https://news.example.org")).decode()


def test_ours_has_no_fault() -> None:
    assert read_rss(parse(document().encode())).faults == []


@pytest.mark.parametrize(
    ("good", "bad", "said", "severity", "names"),
    [
        (EXPLICIT, "<itunes:image", "no itunes:explicit", "error", False),
        ("<itunes:type>serial<", "<itunes:type>series<", "itunes:type is 'series'", "error", False),
        ('text="Politics"', 'text="Polemics"', "'News > Polemics' is no category", "error", False),
        ("<itunes:email>desk@", "<itunes:email>desk at ", "no mail address", "error", False),
        ("<podcast:guid>", "<podcast:guid>x", "no UUID", "error", False),
        (">no</podcast:locked>", ">maybe</podcast:locked>", "neither yes nor no", "error", False),
        ("waves.jpg", "waves.webp", "not called .jpg or .png", "warning", False),
        ('<itunes:image href="https://news.example.org/static/waves.jpg"/>', "", "no picture", "warning", False),
        ("<itunes:author>Nell Harker</itunes:author>", "", "no author", "warning", False),
        ("Of the sea</description>", "x" * 5000 + "</description>", "4,000 bytes", "warning", False),
        ('type="audio/mpeg"/>', 'type="image/png"/>', "no app can play", "error", True),
        ('type="audio/mpeg"/>', 'type="audio/wav"/>', "Apple does not take", "warning", True),
        ('length="5"', 'length="0"', "is not known", "warning", True),
        ("<itunes:duration>61<", "<itunes:duration>one minute<", "itunes:duration is 'one minute'", "error", True),
        ("<itunes:episode>1<", "<itunes:episode>0<", "itunes:episode is '0'", "error", True),
        ("<itunes:episode>1</itunes:episode>", "", "no episode number", "warning", True),
        ("<itunes:episodeType>full<", "<itunes:episodeType>half<", "none of full, trailer, bonus", "error", True),
        ('type="text/vtt"', "", "its transcript has no media type", "error", True),
        ('url="https://a.example/x.json"', 'url="x.json"', "the address of its chapters", "error", True),
        (">Joss Okafor<", "> <", "a person in it has no name", "error", True),
        (SEASON, SEASON * 2, "season stands there more", "error", True),
    ],
)  # fmt: skip
def test_a_wrong_one_is_caught(good: str, bad: str, said: str, severity: str, names: bool) -> None:
    text = document()
    assert good in text
    faults = read_rss(parse(text.replace(good, bad, 1).encode())).faults
    (fault,) = [one for one in faults if said in one.message]
    assert fault.severity is Severity(severity)
    assert fault.article_id == (ARTICLE.id if names else "")


def test_an_item_without_sound_is_told_of() -> None:
    text = document()
    begin = text.index("<enclosure")
    text = text[:begin] + text[text.index("/>", begin) + 2 :]
    (fault,) = read_rss(parse(text.encode())).faults
    assert fault.severity is Severity.WARNING
    assert "names no sound or film" in fault.message
