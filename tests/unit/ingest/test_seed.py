"""A real newspaper page from its file to its feeds."""

from __future__ import annotations

from pathlib import Path

import pytest
from unit.ingest.newsdesk import Desk

from feedsvc.dates import Precision

SEED = Path(__file__).resolve().parents[4] / "shared/samples/seed"
SECTIONS = {
    "international": {"title": "International"},
    "international/europe-americas": {"title": "Europe & Americas"},
}


@pytest.mark.skipif(not SEED.is_dir(), reason="the samples are not beside the project")
@pytest.mark.parametrize("configured", [True, False], ids=["configured", "not configured"])
def test_the_seed_is_taken_in(desk: Desk, configured: bool) -> None:
    if configured:
        desk.configure(sections=SECTIONS)
    (file,) = SEED.iterdir()
    desk.write(file.name, file.read_bytes())
    report = desk.scan()
    assert (report.refused, report.outcomes) == ([], {"published": 1})
    article = desk.read(file.name)
    assert article.published.date().isoformat() == "2016-09-30"
    assert article.precision is Precision.DAY
    assert (article.agency, article.dateline) == ("Agence France-Presse", "Moscow")
    assert article.title.startswith("Russia says")
    assert article.standfirst.startswith("US threatens")
    assert article.content.count("<p>") >= 10
    assert "You are here" not in article.content
    if configured:
        assert article.sections == ("international/europe-americas",)
        assert desk.titles("international") == [article.title]
    else:
        assert article.sections == ("international-europe-americas",)
    assert desk.titles(article.sections[0]) == desk.titles() == [article.title]
