"""Keys of front matter that speak of episodes, in the shapes of common site generators."""

from __future__ import annotations

from typing import Any

import pytest

from feedsvc.formats.base import RawEpisode
from feedsvc.formats.keys.reading import read_keys
from feedsvc.podcasts import Person, Transcript


@pytest.mark.parametrize(
    ("keys", "url", "length", "duration"),
    [
        ({"audio": "x.mp3", "duration": "1:05"}, "x.mp3", 0, 65),
        ({"params": {"podcast_file": "x.mp3", "podcast_bytes": "77", "podcast_duration": "10:00"}}, "x.mp3", 77, 600),
        ({"podcast": {"mp3": "a/x.mp3", "duration": "00:01:05", "length": "9"}}, "a/x.mp3", 9, 65),
        ({"podcast": {"url": "https://a.example/x.mp3", "duration": "65"}}, "https://a.example/x.mp3", 0, 65),
        ({"enclosure": "https://a.example/x.mp3 123 audio/mpeg"}, "https://a.example/x.mp3", 123, 0),
        ({"mp3": "x.mp3", "filesize": "5"}, "x.mp3", 5, 0),
    ],
)
def test_the_sound(keys: dict[str, Any], url: str, length: int, duration: int) -> None:
    item = read_keys(keys)
    assert [(medium.url, medium.length) for medium in item.media] == [(url, length)]
    found = item.episode.duration if item.episode is not None else 0
    assert duration in (found, item.media[0].duration)


def test_renditions_are_several() -> None:
    item = read_keys({"audio": {"mp3": "x.mp3", "m4a": "x.m4a"}})
    assert [medium.url for medium in item.media] == ["x.mp3", "x.m4a"]


def test_all_that_an_episode_can_have() -> None:
    keys: dict[str, Any] = {
        "episode": "12",
        "Season": "3",
        "episode_type": "bonus",
        "explicit": "yes",
        "episode_image": "cover.jpg",
        "transcript": ["x.vtt", {"url": "x.srt", "type": "application/x-subrip", "language": "de"}],
        "chapters": "x.json",
        "hosts": "Nell Harker, Joss Okafor",
        "guests": [{"name": "Ada Quay", "url": "https://a.example/ada", "role": "expert"}],
    }
    assert read_keys(keys).episode == RawEpisode(
        number="12",
        season="3",
        kind="bonus",
        explicit="yes",
        image="cover.jpg",
        chapters="x.json",
        transcripts=(Transcript(url="x.vtt"), Transcript(url="x.srt", type="application/x-subrip", language="de")),
        persons=(
            Person(name="Nell Harker", role="host"),
            Person(name="Joss Okafor", role="host"),
            Person(name="Ada Quay", role="expert", uri="https://a.example/ada"),
        ),
    )


def test_an_article_that_is_none_has_none() -> None:
    assert read_keys({"title": "Words", "image": "x.png", "author": "Nell Harker"}).episode is None


def test_what_is_no_address_is_told_of() -> None:
    item = read_keys({"chapters": "four of them", "episode": "1"})
    assert item.episode == RawEpisode(number="1")
    assert any("four of them" in note for note in item.notes)
