"""Episodes from what files say: numbers, kinds and addresses are true or absent."""

from __future__ import annotations

from feedsvc.formats.base import RawEpisode
from feedsvc.model import Enclosure
from feedsvc.normalise.episodes import episode_of, lasting
from feedsvc.podcasts import Episode, Person, Transcript


def address(written: str) -> str:
    return written if written.startswith("https://") else ""


def made(**fields: object) -> Episode | None:
    return episode_of(RawEpisode(**fields), file=address, page=address)  # type: ignore[arg-type]


def test_what_cannot_be_is_left_out() -> None:
    assert made(number="-1", season="x", kind="half", explicit="perhaps", image="javascript:x", duration=5) is None
    assert made(number="99999999999999") is None
    assert made(persons=(Person(name=" "),), transcripts=(Transcript(url="data:x"),)) is None


def test_words_have_one_spelling() -> None:
    assert made(number="007", kind="Trailer", explicit="Clean") == Episode(number=7, kind="trailer", explicit="false")
    found = made(persons=(Person(name="Ada <script>x</script>", role="GUEST", uri="javascript:1"),))
    assert found is not None
    assert found.persons[0].role == "guest"
    assert "<script" not in found.persons[0].name
    assert found.persons[0].uri == ""


def test_a_transcript_has_a_type() -> None:
    found = made(transcripts=(Transcript(url="https://a.example/x.SRT?v=1"), Transcript(url="https://a.example/x")))
    assert found is not None
    assert [one.type for one in found.transcripts] == ["application/x-subrip", "text/html"]


def test_the_first_sound_without_a_duration_gets_the_one_beside_it() -> None:
    picture, sound = Enclosure(url="/a", type="image/png"), Enclosure(url="/b", type="audio/mpeg")
    assert [one.duration for one in lasting((picture, sound, sound), RawEpisode(duration=9))] == [0, 9, 0]
    known = Enclosure(url="/b", type="audio/mpeg", duration=3)
    assert [one.duration for one in lasting((known,), RawEpisode(duration=9))] == [3]
