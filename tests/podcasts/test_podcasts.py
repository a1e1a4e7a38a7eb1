"""A section that is a podcast: from dropped files to what podcast apps make of its feed."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import podcastparser  # type: ignore[import-untyped]
import pytest
from e2e.newsroom import Newsroom, Service
from fakes import silence
from lxml import etree

from feedsvc.podcasts import guid_of

NS = {"itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd", "podcast": "https://podcastindex.org/namespace/1.0"}
CONFIG = """
[sections.waves]
title = "Waves"
description = "The week in the harbour"

[sections.waves.podcast]
author = "Nell Harker"
owner_name = "The Gannet"
owner_email = "desk@harbour.example"
category = ["News > Daily News", "News > Politics", "Technology"]
image = "/static/waves.jpg"
type = "serial"
"""
EPISODE = """---
title: The ice
date: 2026-01-21T07:00:00Z
podcast:
  mp3: sound/ice.wav
  explicit: no
season: 2
episode: 5
episodeType: full
episode_image: cover.png
transcript: sound/ice.vtt
chapters: sound/_ice.json
guests:
  - {name: Joss Okafor, url: "https://people.example/joss"}
---

Nell Harker walks over the frozen harbour.
"""
CHAPTERS = {"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Out on the ice"}]}


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with Newsroom(tmp_path_factory.mktemp("newsroom") / "room") as newsroom:
        newsroom.configure(CONFIG)
        yield newsroom


@pytest.fixture(scope="module")
def service(newsroom: Newsroom) -> Service:
    newsroom.drop("waves/sound/ice.wav", silence(83))
    newsroom.drop("waves/sound/ice.vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\nHello.\n")
    newsroom.drop("waves/sound/_ice.json", json.dumps(CHAPTERS))
    newsroom.drop("waves/cover.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    newsroom.drop("waves/ice.md", EPISODE)
    newsroom.drop(
        "waves/far.md",
        "---\ntitle: The far shore\ndate: 2026-01-20\naudio: https://sound.example/far.mp3\nduration: '1:02:03'\n"
        "podcast_bytes: 4711\nepisode: 4\nimage: https://pictures.example/far.jpg\n---\n\nA walk.\n",
    )
    newsroom.drop("town/talk.md", "---\ntitle: A talk\ndate: 2026-01-19\nimage: https://a.example/x.png\n"
                  "audio: https://a.example/x.mp3\n---\n\nWords.\n")  # fmt: skip
    service = newsroom.start()
    service.wait_for("The ice", "The far shore", "A talk")
    return service


@pytest.fixture(scope="module")
def read(service: Service) -> dict[str, Any]:
    """The feed as gPodder reads it."""
    answer = service.feed("waves", "rss")
    assert answer.status == 200
    parsed: dict[str, Any] = podcastparser.parse("https://harbour.example/feeds/waves.rss", io.BytesIO(answer.body))
    return parsed


def test_a_podcast_app_understands_the_show(read: dict[str, Any]) -> None:
    assert read["title"] == "Waves – The Gannet"
    assert read["description"] == "The week in the harbour"
    assert read["itunes_author"] == "Nell Harker"
    assert read["itunes_owner"] == {"name": "The Gannet", "email": "desk@harbour.example"}
    assert read["itunes_categories"] == [["News", "Daily News"], ["News", "Politics"], ["Technology"]]
    assert read["type"] == "serial"
    assert read["explicit"] is False
    assert read["cover_url"] == "https://harbour.example/static/waves.jpg"
    assert read["language"] == "en"


def test_it_understands_the_episodes(read: dict[str, Any]) -> None:
    # It puts the episodes of a serial podcast in their order, the first one first.
    far, ice = read["episodes"]
    assert (ice["title"], ice["number"], ice["type"]) == ("The ice", 5, "full")
    assert ice["total_time"] == 83
    assert ice["explicit"] is False
    (enclosure,) = ice["enclosures"]
    assert enclosure["mime_type"] == "audio/wav"
    assert enclosure["file_size"] == len(silence(83))
    assert ice["episode_art_url"].endswith("/cover.png")
    assert far["total_time"] == 3723
    assert far["enclosures"] == [{"url": "https://sound.example/far.mp3", "mime_type": "audio/mpeg", "file_size": 4711}]
    assert far["published"]


def test_what_it_says_of_its_parts_is_true(service: Service) -> None:
    root = etree.fromstring(service.feed("waves", "rss").body)
    (item,) = [one for one in root.iter("item") if one.findtext("title") == "The ice"]
    assert len(item.findall("enclosure")) == 1
    parts = {
        str(item.find("enclosure").get("url")): ("audio/wav", silence(83)),  # type: ignore[union-attr]
        str(item.find("podcast:transcript", NS).get("url")): ("text/vtt; charset=utf-8", None),  # type: ignore[union-attr]
        str(item.find("podcast:chapters", NS).get("url")): ("application/json", json.dumps(CHAPTERS).encode()),  # type: ignore[union-attr]
    }
    for address, (kind, content) in parts.items():
        path = address.removeprefix("https://harbour.example")
        answer = service.get(path)
        assert (answer.status, answer.headers["content-type"]) == (200, kind)
        assert content in (None, answer.body)
        head = service.get(path, method="HEAD")
        assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(answer.body)))
        part = service.get(path, headers={"Range": "bytes=2-5"})
        assert (part.status, part.body) == (206, answer.body[2:6])
        assert part.headers["content-range"] == f"bytes 2-5/{len(answer.body)}"


def test_elsewhere_a_sound_is_an_enclosure_and_no_more(service: Service) -> None:
    root = etree.fromstring(service.feed("town", "rss").body)
    assert [one.get("url") for one in root.iter("enclosure")] == ["https://a.example/x.mp3"]
    assert not {"itunes", "podcast"} & set(root.nsmap)
    everything = etree.fromstring(service.feed("all", "rss").body)
    assert not {"itunes", "podcast"} & set(everything.nsmap)


def test_it_meets_psp_1(service: Service, newsroom: Newsroom) -> None:
    """What the Podcast Standards Project requires and recommends (PSP-1 1.0)."""
    channel = etree.fromstring(service.feed("waves", "rss").body)[0]
    assert {"itunes", "podcast", "atom"} <= set(channel.nsmap)
    for required in ("title", "description", "link", "language", "itunes:category", "itunes:explicit", "itunes:image",
                     "podcast:locked", "podcast:guid", "itunes:author"):  # fmt: skip
        assert channel.find(required, NS) is not None, required
    assert channel.findtext("podcast:guid", namespaces=NS) == guid_of("https://harbour.example/feeds/waves.rss")
    for item in channel.iter("item"):
        for required in ("title", "enclosure", "guid", "link", "pubDate", "description", "itunes:duration"):
            assert len(item.findall(required, NS)) == 1, required
    done = newsroom.command("validate", "waves", "--json")
    assert done.returncode == 0
    warnings = [json.loads(line) for line in done.stdout.splitlines()]
    assert not [one for one in warnings if one.get("rule") == "podcast"], warnings


def test_atom_and_json_carry_it_too(service: Service) -> None:
    atom = etree.fromstring(service.feed("waves", "atom").body)
    assert atom.findtext("itunes:type", namespaces=NS) == "serial"
    assert [one.text for one in atom.iter(f"{{{NS['itunes']}}}duration")] == ["83", "3723"]
    item = service.items("waves")["The ice"]
    (sounds,) = [one for one in item["attachments"] if one["mime_type"] == "audio/wav"]
    assert (sounds["size_in_bytes"], sounds["duration_in_seconds"]) == (len(silence(83)), 83)
    assert item["_feedsvc"]["episode"]["season"] == 2


def test_the_guid_is_the_one_that_the_specification_shows() -> None:
    assert guid_of("https://podnews.net/rss/") == guid_of("http://podnews.net/rss")
    assert guid_of("podnews.net/rss".join(["https://", ""])) == "9b024349-ccf0-5f69-a609-6b82873eab3c"
    assert guid_of("https://x.example/f") != str(uuid5(NAMESPACE_URL, "x.example/f"))


def test_an_episode_feed_that_is_dropped_keeps_its_fields(service: Service, newsroom: Newsroom) -> None:
    newsroom.drop("waves/imported.xml", (Path(__file__).parent / "imported.xml").read_bytes())
    service.wait_for("The tide", feed="waves")
    read = podcastparser.parse("https://x.example/", io.BytesIO(service.feed("waves", "rss").body))
    (tide,) = [one for one in read["episodes"] if one["title"] == "The tide"]
    assert (tide["number"], tide["type"], tide["total_time"]) == (7, "bonus", 1865)
    assert tide["explicit"] is True
    assert tide["enclosures"] == [{"url": "https://sound.example/tide.mp3", "mime_type": "audio/mpeg", "file_size": 99}]
    assert tide["episode_art_url"] == "https://pictures.example/tide.jpg"
    root = etree.fromstring(service.feed("waves", "rss").body)
    (item,) = [one for one in root.iter("item") if one.findtext("title") == "The tide"]
    assert item.findtext("itunes:season", namespaces=NS) == "3"
    told = {str(one.tag).rpartition("}")[2]: one.get("url") for one in item if one.prefix == "podcast"}
    assert told["transcript"] == "https://sound.example/tide.srt"
    assert told["chapters"] == "https://sound.example/tide.json"
    persons = [(one.text, one.get("role"), one.get("href")) for one in item.findall("podcast:person", NS)]
    assert persons == [("Nell Harker", "host", None), ("Joss Okafor", "guest", "https://people.example/joss")]
