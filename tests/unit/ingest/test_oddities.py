"""The oddities of real article files, each through the whole chain from the bytes on disk to the article."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fakes import make_settings

from feedsvc.formats.registry import formats
from feedsvc.ingest.trial import Accepted, Outcome, Trial

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
FIRST = "The council voted on Monday to keep the pier."
MORE = "More is said by the mayor below."
SECTIONS = {"international/europe-americas": {"title": "Europe & Americas", "aliases": ["Europe"]}}


def outcomes(folder: Path, name: str, written: str | bytes) -> list[Outcome]:
    """What one file becomes."""
    file = folder / "content" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(written if isinstance(written, bytes) else written.encode())
    settings = make_settings(
        content={"path": folder / "content", "codes": {"15054000": "sport"}},
        site={"languages": ["de"]},
        sections=SECTIONS,
    )
    with Trial(settings, formats(), now=NOW) as trial:
        return list(trial.path(file))


def article(folder: Path, name: str, written: str | bytes) -> dict[str, Any]:
    """The one article that a file becomes."""
    (outcome,) = outcomes(folder, name, written)
    assert isinstance(outcome, Accepted), outcome
    return outcome.as_json()


def ninjs(**fields: Any) -> str:
    whole = {
        "uri": "urn:x:1",
        "type": "text",
        "pubstatus": "usable",
        "versioncreated": "2026-03-10T10:00:00Z",
        "headline": "Pier stays",
        "body_xhtml": f"<p>{FIRST}</p><p>{MORE}</p>",
    }
    return json.dumps({**whole, **fields})


def markdown(body: str = FIRST, **keys: str) -> str:
    front = {"title": "Pier stays", "date": "2026-03-10", **keys}
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in front.items() if value) + f"---\n\n{body}\n"


def nitf(*paragraphs: str, title: str = "Pier stays", head: str = "") -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<nitf><head>{head}</head><body><body.head><hedline><hl1>{title}</hl1></hedline></body.head>"
        f"<body.content>{text}</body.content></body></nitf>"
    )


def page(*paragraphs: str) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<html><head><title>Pier stays</title></head><body><article><h1>Pier stays</h1>{text}</article></body></html>"
    )


# ------------------------------------------------------------------ headlines
@pytest.mark.parametrize(
    ("headline", "title"),
    [
        ("", "The council voted on Monday to keep the pier"),
        ("  ", "The council voted on Monday to keep the pier"),
        ("No Headline !", "The council voted on Monday to keep the pier"),
        ("569697231", "The council voted on Monday to keep the pier"),
        ("PIER STAYS OPEN", "PIER STAYS OPEN"),
        ("*Pier stays", "Pier stays"),
        ("   Pier stays", "Pier stays"),
        ("Pier stays (2)", "Pier stays"),
        ("Pier stays (2026)", "Pier stays (2026)"),
        ("AT&amp;T &lt;pier&gt; <b>stays</b>", "AT&T <pier> stays"),
    ],
)
def test_headlines(tmp_path: Path, headline: str, title: str) -> None:
    assert article(tmp_path, "wire/a.json", ninjs(headline=headline))["title"] == title


# ------------------------------------------------------------------ dates
@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("20240710T125902Z", "2024-07-10T12:59:02Z"),
        ("20131020T192751+1100", "2013-10-20T08:27:51Z"),
        ("20150220T135142", "2015-02-20T12:51:42Z"),
        ("2016-04-13 04:52:21+00:00", "2016-04-13T04:52:21Z"),
        ("2022-07-11 18:33", "2022-07-11T16:33:00Z"),
        ("2019-04-15T13:49:15", "2019-04-15T11:49:15Z"),
        ("2019-04-15T13:49:15.000Z", "2019-04-15T13:49:15Z"),
        ("2019-04-15T13:49:15+0000", "2019-04-15T13:49:15Z"),
        ("2013-03-04 11:40:31 GMT+00:00", "2013-03-04T11:40:31Z"),
        ("2016-04-13 4:52:21 -0400", "2016-04-13T08:52:21Z"),
        ("2016-04-13 04:52:21 -4", "2016-04-13T08:52:21Z"),
        ("2016-1-29", "2016-01-29T11:00:00Z"),
        ("2023-01-29 18:30:22 2023 -0800", "2023-01-30T02:30:22Z"),
        ("YYYYMMDD000000-HHMM", "2026-03-14T12:00:00Z"),
    ],
)
def test_stamps(tmp_path: Path, written: str, published: str) -> None:
    assert article(tmp_path, "wire/a.json", ninjs(versioncreated=written))["published"] == published
    assert article(tmp_path, "wire/a.md", markdown(date=written))["published"] == published


def test_the_day_may_stand_in_the_name_alone_and_scraping_is_no_date(tmp_path: Path) -> None:
    written = markdown(date="", scraped_at="2026-02-02")
    assert article(tmp_path, "wire/2026-01-07-pier.md", written)["published"] == "2026-01-07T11:00:00Z"


# ------------------------------------------------------------------ bylines, datelines, sign-offs
LEADS = pytest.mark.parametrize(
    ("written", "dateline", "agency"),
    [
        ("LISBON (Reuters) - ", "LISBON", "Reuters"),
        ("LISBON, March 9 (Reuters) - ", "LISBON", "Reuters"),
        ("Lissabon (dpa) - ", "Lissabon", "dpa"),
        ("LISBONNE, 9 mars 2026 (AFP) – ", "LISBONNE", "AFP"),
        ("ЛИССАБОН (ТАСС) — ", "ЛИССАБОН", "ТАСС"),
        ("لشبونة (نلو) - ", "لشبونة", "نلو"),
    ],
)


@LEADS
def test_a_lead_is_split_in_every_format(tmp_path: Path, written: str, dateline: str, agency: str) -> None:
    first = written + FIRST
    files = {
        "a.json": ninjs(body_xhtml=f"<p>{first}</p><p>{MORE}</p>"),
        "a.md": markdown(f"{first}\n\n{MORE}"),
        "a.txt": f"Pier stays\n\n{first}\n\n{MORE}\n",
        "a.html": page(first, MORE),
        "a.xml": nitf(first, MORE),
    }
    for name, data in files.items():
        got = article(tmp_path, f"wire/{name}", data)
        assert (got["dateline"], got["agency"]) == (dateline, agency), name
        assert got["summary"].startswith(FIRST), name
        assert "(" not in got["content"], name


@pytest.mark.parametrize(
    "closing",
    ["abc/de", "ففف/ح س/كام", " Reuter", "(END)", "-0-", "ends", "Share", "Read more: Other things", "End of Document",
     "LOAD-DATE: March 9, 2026"],
)  # fmt: skip
def test_furniture_goes_in_every_format(tmp_path: Path, closing: str) -> None:
    files = {
        "a.json": ninjs(body_xhtml=f"<p>{FIRST}</p><p>{MORE}</p><p>{closing}</p>"),
        "a.md": markdown(f"{FIRST}\n\n{MORE}\n\n{closing.strip()}"),
        "a.txt": f"Pier stays\n\n{FIRST}\n\n{MORE}\n\n{closing}\n",
        "a.html": page(FIRST, MORE, closing),
        "a.xml": nitf(FIRST, MORE, closing),
    }
    for name, data in files.items():
        content = article(tmp_path, f"wire/{name}", data)["content"]
        assert MORE in content, name
        assert closing.strip() not in content, name


@pytest.mark.parametrize(
    "line", ["By Jane Doe", "Von Anne Baum", "Par Anne Petit", "بقلم أحمد علي", "Staff Correspondent"]
)
def test_a_byline_in_the_text_is_the_byline(tmp_path: Path, line: str) -> None:
    for name, data in (
        ("a.json", ninjs(body_xhtml=f"<p>{line}</p><p>{FIRST}</p>")),
        ("a.md", markdown(f"{line}\n\n{FIRST}")),
        ("a.xml", nitf(line, FIRST)),
    ):
        got = article(tmp_path, f"wire/{name}", data)
        assert got["byline"] == line, name
        assert line not in got["content"], name


# ------------------------------------------------------------------ sections
@pytest.mark.parametrize(
    ("name", "written", "sections"),
    [
        ("Sports/2015/10/a.md", markdown(), ["sports"]),
        ("de/hafen/a.md", markdown(), ["hafen"]),
        ("inbox/a.md", markdown(category="Europe"), ["international/europe-americas"]),
        ("inbox/a.md", markdown(categories="[Sports, Harbour]"), ["sports", "harbour"]),
        ("inbox/a.json", ninjs(subject=[{"code": "15054000", "name": "Soccer"}]), ["sport"]),
    ],
)
def test_sections(tmp_path: Path, name: str, written: str, sections: list[str]) -> None:
    assert article(tmp_path, name, written)["sections"] == sections


# ------------------------------------------------------------------ visibility
@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("usable", "usable"),
        ("Usable", "usable"),
        ("USABLE", "usable"),
        ("stat:usable", "usable"),
        ("OPEN", "usable"),
        ("", "usable"),
        ("embargoed", "withheld"),
        ("stat:withheld", "withheld"),
        ("canceled", "canceled"),
    ],
)
def test_statuses(tmp_path: Path, status: str, expected: str) -> None:
    assert article(tmp_path, "wire/a.json", ninjs(pubstatus=status))["pubstatus"] == expected


def test_a_withdrawal_needs_no_body(tmp_path: Path) -> None:
    got = article(tmp_path, "wire/a.json", ninjs(pubstatus="canceled", version="1542761538", body_xhtml=""))
    assert (got["pubstatus"], got["version"]) == ("canceled", 1542761538)


@pytest.mark.parametrize(
    ("keys", "field", "value"),
    [
        ({"draft": "true"}, "pubstatus", "withheld"),
        ({"published": "false"}, "pubstatus", "withheld"),
        ({"status": "hidden"}, "pubstatus", "withheld"),
        ({"expirydate": "2026-01-01"}, "expires", "2026-01-01T23:00:00Z"),
        ({"ExpiryDate": "2030-01-01 10:00"}, "expires", "2030-01-01T09:00:00Z"),
    ],
)
def test_visibility_in_front_matter(tmp_path: Path, keys: dict[str, str], field: str, value: str) -> None:
    assert article(tmp_path, "wire/a.md", markdown(**keys))[field] == value


@pytest.mark.parametrize("empty", [None, ""])
def test_an_embargo_that_is_empty_is_none(tmp_path: Path, empty: str | None) -> None:
    assert article(tmp_path, "wire/a.json", ninjs(embargoed=empty))["embargo"] is None


# ------------------------------------------------------------------ names, encodings, many items
@pytest.mark.parametrize("name", ["tag_wire.example_2014_newsml_X", "urn:x,2014:a, b #1", "A name.tst", "NAME.XML"])
def test_odd_names_with_xml_inside(tmp_path: Path, name: str) -> None:
    got = article(tmp_path, f"wire/{name}", nitf(FIRST, MORE))
    assert (got["title"], got["source"]) == ("Pier stays", f"wire/{name}")


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("ISO-8859-1", "utf-8"), ("utf8", "utf-8"), ("ISO-8859-15", "iso-8859-15"), ("windows-1252", "cp1252")],
)
def test_declarations_that_lie_and_that_do_not(tmp_path: Path, declared: str, encoding: str) -> None:
    data = f'<?xml version="1.0" encoding="{declared}"?>{nitf("Le café coûte 3 €.", title="Décès à Köln")}'
    got = article(tmp_path, "wire/a.xml", data.encode(encoding))
    assert (got["title"], got["summary"]) == ("Décès à Köln", "Le café coûte 3 €.")


def test_line_ends_of_every_kind(tmp_path: Path) -> None:
    contents = {
        article(tmp_path, "wire/a.txt", f"Pier stays{end}{end}{FIRST}{end}{end}{MORE}{end}".encode())["content"]
        for end in ("\n", "\r\n", "\r")
    }
    assert len(contents) == 1


def test_one_file_many_items(tmp_path: Path) -> None:
    items = [{"id": f"n{n}", "title": f"Pier {n}", "content_html": f"<p>{FIRST}</p><p>Share</p>"} for n in range(3)]
    found = outcomes(
        tmp_path, "wire/a.json", json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    )
    assert [one.normalised.article.title for one in found if isinstance(one, Accepted)] == [
        "Pier 0",
        "Pier 1",
        "Pier 2",
    ]


def test_shortcodes_are_never_run(tmp_path: Path) -> None:
    got = article(tmp_path, "wire/a.md", markdown(FIRST + " {{ site.secret }} {% include x.html %} {{< raw >}}"))
    assert "{" not in got["content"]
    assert any("shortcodes" in note for note in got["notes"])


def test_spoilt_characters_are_put_right(tmp_path: Path) -> None:
    got = article(tmp_path, "wire/a.md", markdown("Le cafÃ© ouvre lundi.", title='"CafÃ© ouvert"'))
    assert (got["title"], got["summary"]) == ("Café ouvert", "Le café ouvre lundi.")
    got = article(tmp_path, "wire/a.md", markdown("A SÃO PAULO, NÃO.", title="A MANHÃ"))
    assert (got["title"], got["summary"]) == ("A MANHÃ", "A SÃO PAULO, NÃO.")
