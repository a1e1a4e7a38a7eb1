"""Which sections an article belongs to."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import pytest
from fakes import make_settings
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.config import RESERVED, section_path
from feedsvc.errors import FieldError
from feedsvc.normalise.sections import Sectioned, SectionNames

CONFIGURED: dict[str, dict[str, Any]] = {
    "international": {"title": "International", "aliases": ["World", "Foreign Affairs"]},
    "international/europe-americas": {"title": "Europe & Americas", "aliases": ["Transatlantic"]},
    "international/asia": {"title": "Asia"},
    "sport": {"title": "Sport", "aliases": ["Sports"], "moved_from": ["games/ball"]},
    "culture/books": {"title": "Books"},
    "town": {"title": "Town", "aliases": ["Local", "Media"]},
}


def names(**tables: Any) -> SectionNames:
    return SectionNames(make_settings(**({"sections": CONFIGURED} | tables)))


NAMES = names()


def by_crumbs(crumbs: str, title: str = "") -> Sectioned:
    return NAMES.choose(PurePosixPath("a.txt"), crumbs=crumbs, title=title)


def by_names(*given: str) -> Sectioned:
    return NAMES.choose(PurePosixPath("a.txt"), names=given)


def by_folder(path: str, chooser: SectionNames = NAMES) -> Sectioned:
    return chooser.choose(PurePosixPath(path))


# ---------------------------------------------------------------------- crumbs
@pytest.mark.parametrize(
    ("crumbs", "path"),
    [
        ("International Europe & Americas", "international/europe-americas"),
        ("International » Europe & Americas", "international/europe-americas"),
        ("Home » International » Europe & Americas", "international/europe-americas"),
        ("International > Europe & Americas", "international/europe-americas"),
        ("International / Europe &amp; Americas", "international/europe-americas"),
        ("INTERNATIONAL EUROPE AMERICAS", "international/europe-americas"),
        ("World Europe & Americas", "international/europe-americas"),
        ("World › Transatlantic", "international/europe-americas"),
        ("Foreign Affairs Asia", "international/asia"),
        ("Europe & Americas", "international/europe-americas"),
        ("International", "international"),
        ("Sports", "sport"),
        ("Culture Books", "culture/books"),  # of which only the lower one is configured
        ("Culture | Books", "culture/books"),
    ],
)
def test_crumbs_lead_to_the_longest_configured_section(crumbs: str, path: str) -> None:
    found = by_crumbs(crumbs)
    assert found.paths == (path,)
    assert found.origin == "crumbs"


@pytest.mark.parametrize(
    ("crumbs", "path", "titles"),
    [
        ("Sports Rowing & Sailing", "sport/rowing-sailing", {"sport/rowing-sailing": "Rowing & Sailing"}),
        ("Sports » Rowing » Clubs", "sport/rowing/clubs", {"sport/rowing": "Rowing", "sport/rowing/clubs": "Clubs"}),
        ("World Africa", "international/africa", {"international/africa": "Africa"}),
        ("Weather » Storms", "weather/storms", {"weather": "Weather", "weather/storms": "Storms"}),
        ("Weather Report", "weather-report", {"weather-report": "Weather Report"}),
        ("Internationally Yours", "internationally-yours", {"internationally-yours": "Internationally Yours"}),
    ],
)
def test_what_is_left_of_crumbs_is_a_section_below(crumbs: str, path: str, titles: dict[str, str]) -> None:
    found = by_crumbs(crumbs)
    assert found.paths == (path,)
    assert found.spellings == titles


def test_the_title_at_the_end_of_crumbs_is_no_section() -> None:
    assert by_crumbs("Home » Sports » Rowers win", title="Rowers Win!").paths == ("sport",)


@pytest.mark.parametrize("crumbs", ["", "Home", " » › ", "Home »", "&"])
def test_empty_crumbs_say_nothing(crumbs: str) -> None:
    found = NAMES.choose(PurePosixPath("weather/a.txt"), crumbs=crumbs)
    assert (found.paths, found.origin) == (("weather",), "folder")


def test_long_crumbs_do_no_harm() -> None:
    found = by_crumbs("Sports " + "x " * 100_000)
    assert found.paths[0].startswith("sport/x-x")
    assert len(found.paths[0]) <= 500


def test_crumbs_without_new_sections_stay_at_the_configured_one() -> None:
    found = names(content={"auto_sections": False}).choose(PurePosixPath("a.txt"), crumbs="Sports Rowing")
    assert found.paths == ("sport",)


# ---------------------------------------------------------------------- names and codes
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Sports", "sport"),
        ("SPORTS", "sport"),
        ("sport", "sport"),
        ("International/Asia", "international/asia"),
        ("World > Asia", "international/asia"),
        ("Europe &amp; Americas", "international/europe-americas"),
        ("<b>Books</b>", "culture/books"),
        ("games/ball", "sport"),
        ("Rowing", "rowing"),
        ("Sports/Rowing", "sport/rowing"),
        ("Été à la mer", "été-à-la-mer"),
        ("Media", "town"),  # an alias frees a name that is reserved
    ],
)
def test_names_meet_by_slug(name: str, path: str) -> None:
    found = by_names(name)
    assert found.paths == (path,)
    assert found.origin == "its own words"


def test_several_sections_stand_in_their_order_once_each() -> None:
    assert by_names("Rowing", "Sports", "sport", "World").paths == ("rowing", "sport", "international")


def test_its_own_words_go_before_crumbs_codes_and_folder() -> None:
    chooser = names(content={"codes": {"04000000": "business", "SPO": "sport"}})
    path = PurePosixPath("weather/a.txt")
    everything = {"names": ["Town"], "crumbs": "Culture Books", "codes": ["spo"]}
    for origin, expected in [("its own words", "town"), ("crumbs", "culture/books"), ("codes", "sport")]:
        found = chooser.choose(path, **everything)  # type: ignore[arg-type]
        assert (found.origin, found.paths) == (origin, (expected,))
        everything.pop(next(iter(everything)))
    assert chooser.choose(path).paths == ("weather",)


def test_codes_are_mapped_and_unknown_ones_passed_over() -> None:
    chooser = names(content={"codes": {"medtop:04": "business", "SPO": "sport"}})
    found = chooser.choose(PurePosixPath("x/a.txt"), codes=["medtop:99", "MedTop:04", "spo"])
    assert found.paths == ("business", "sport")
    assert chooser.choose(PurePosixPath("x/a.txt"), codes=["medtop:99"]).paths == ("x",)


# ---------------------------------------------------------------------- folders
@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("sports/a.md", "sport"),
        ("Weather/a.md", "weather"),
        ("weather/Storms & Tides/a.md", "weather/storms-tides"),
        ("World/Asia/a.md", "international/asia"),
        ("news/2015/10/a.md", "news"),
        ("2015/10/03/weather/a.md", "weather"),
        ("weather/2015/10/storms/a.md", "weather/storms"),
        ("weather/2015-10-03/a.md", "weather"),
        ("weather/20151003/a.md", "weather"),
        ("weather/2015_10/a.md", "weather"),
        ("10/a.md", "10"),  # without a year it is no date
        ("weather/10/a.md", "weather/10"),
        ("uk/a.md", "uk"),
        ("2500/a.md", "2500"),
    ],
)
def test_the_folder_names_the_section_and_dates_do_not(path: str, section: str) -> None:
    assert by_folder(path).paths == (section,)


def test_folders_that_are_configured_as_languages_are_no_sections() -> None:
    chooser = names(site={"languages": ["es", "pt-BR"]})
    found = by_folder("es/blog/2025/a.md", chooser)
    assert (found.paths, found.language) == (("blog",), "es")
    found = by_folder("blog/PT-br/a.md", chooser)
    assert (found.paths, found.language) == (("blog",), "PT-br")
    assert by_folder("it/a.md", chooser).paths == ("it",)


def test_a_file_in_no_folder_goes_to_the_default_section_and_that_is_noted() -> None:
    found = by_folder("a.md")
    assert found.paths == ("news",)
    assert found.origin == "[content] default_section"
    assert "goes to 'news'" in found.notes[0]
    assert by_folder("2015/10/a.md").paths == ("news",)
    assert by_folder("a.md", names(content={"default_section": "town/latest"})).paths == ("town/latest",)


def test_more_than_five_segments_are_cut() -> None:
    found = by_folder("A/B/C/D/E/F/G/a.md")
    assert found.paths == ("a/b/c/d/e",)
    assert found.spellings["a/b/c/d/e"] == "E"
    assert by_names("World/B/C/D/E/F").paths == ("international/b/c/d/e",)


# ---------------------------------------------------------------------- titles
def test_spellings_give_titles_of_ancestors_too() -> None:
    assert by_folder("Weather/Storms & Tides/a.md").spellings == {
        "weather": "Weather",
        "weather/storms-tides": "Storms & Tides",
    }


def test_the_first_spelling_counts() -> None:
    assert by_names("Weather/Tides", "WEATHER").spellings == {"weather": "Weather", "weather/tides": "Tides"}


def test_below_an_alias_only_the_rest_is_spelt() -> None:
    assert by_names("World/Africa & Isles").spellings == {"international/africa-isles": "Africa & Isles"}


# ---------------------------------------------------------------------- what may not be
@pytest.mark.parametrize("name", sorted(RESERVED))
def test_reserved_words_are_refused(name: str) -> None:
    reserved = names(sections={})
    said: list[tuple[str, dict[str, Any]]] = [
        (f"{name}/a.md", {}),
        ("x/a.md", {"names": [f"{name.title()}/More"]}),
        ("x/a.md", {"crumbs": f"Home » {name.upper()}"}),
    ]
    for path, given_there in said:
        with pytest.raises(FieldError, match=f"cannot be called '{name}'.*alias") as refused:
            reserved.choose(PurePosixPath(path), **given_there)
        assert refused.value.field == "sections"


def test_reserved_words_below_another_section_are_none() -> None:
    assert by_folder("town/archive/a.md").paths == ("town/archive",)


def test_without_auto_sections_only_configured_ones_are_used() -> None:
    strict = names(content={"auto_sections": False})
    found = strict.choose(PurePosixPath("weather/a.md"), names=["Rowing", "Sports"])
    assert found.paths == ("sport",)
    assert "'rowing' is not a configured section" in found.notes[0]
    found = strict.choose(PurePosixPath("sports/a.md"), names=["Rowing"])
    assert (found.paths, found.origin) == (("sport",), "folder")
    found = strict.choose(PurePosixPath("weather/a.md"))
    assert found.paths == ("news",)


def test_of_two_sections_with_one_name_the_first_has_it_and_paths_still_work() -> None:
    chooser = names(sections={"town/notes": {"title": "Notes"}, "port/notes": {"title": "Notes"}})
    assert chooser.choose(PurePosixPath("a.md"), names=["Notes"]).paths == ("town/notes",)
    assert chooser.choose(PurePosixPath("a.md"), names=["Port/Notes"]).paths == ("port/notes",)
    assert chooser.choose(PurePosixPath("a.md"), crumbs="Port Notes").paths == ("port/notes",)


WORDS = st.text(st.sampled_from("abAB é/»&>-. 2015"), max_size=30)


@given(names=st.lists(WORDS, max_size=3), crumbs=WORDS, folder=st.lists(WORDS, max_size=7), title=WORDS)
def test_whatever_is_said_gives_good_section_paths(
    names: list[str], crumbs: str, folder: list[str], title: str
) -> None:
    path = PurePosixPath(*[part.replace("/", "_") or "_" for part in folder], "a.md")
    found = NAMES.choose(path, names=names, crumbs=crumbs, title=title)
    assert found.paths
    assert len(set(found.paths)) == len(found.paths)
    for section in found.paths:
        assert section_path(section) == section
    for section, spelling in found.spellings.items():
        assert spelling
        assert any(one == section or one.startswith(f"{section}/") for one in found.paths)
