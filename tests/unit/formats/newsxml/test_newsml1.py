"""What NewsML 1 files do that a pair of files does not show alone."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from feedsvc.errors import NotAnArticle, UnknownFormat
from feedsvc.formats.base import RawItem
from feedsvc.formats.newsxml.newsml1 import NewsML1

PATH = PurePosixPath("in/item.xml")
IDENTITY = (
    "<Identification><NewsIdentifier><ProviderId>w.example</ProviderId><DateId>20240101</DateId>"
    "<NewsItemId>A 1</NewsItemId><RevisionId Update='{update}'>{revision}</RevisionId>{public}</NewsIdentifier>"
    "</Identification>"
)


def component(content: str, *, role: str = "", kind: str = "Text", head: str = "") -> str:
    named = f"<Role FormalName='{role}'/>" if role else ""
    return (
        f"<NewsComponent>{named}{head}<ContentItem><MediaType FormalName='{kind}'/>"
        f"<DataContent>{content}</DataContent></ContentItem></NewsComponent>"
    )


def read(*items: str) -> list[RawItem]:
    wrapped = "".join(f"<NewsItem>{each}</NewsItem>" for each in items)
    return list(NewsML1().parse(f"<NewsML>{wrapped}</NewsML>".encode(), PATH))


HEAD = "<NewsLines><HeadLine>Title</HeadLine></NewsLines>"


def test_all_revisions_share_one_id() -> None:
    ids = set()
    for revision, update in ((1, "N"), (2, "U"), (12, "A")):
        public = f"<PublicIdentifier>urn:newsml:w.example:20240101:A:{revision}{update}</PublicIdentifier>"
        identity = IDENTITY.format(revision=revision, update=update, public=public)
        (got,) = read(identity + component("x", head=HEAD))
        assert got.version == str(revision)
        ids.add(got.id)
    assert ids == {"urn:newsml:w.example:20240101:A"}


def test_without_a_public_identifier_the_urn_is_built() -> None:
    (got,) = read(IDENTITY.format(revision=1, update="N", public="") + component("x", head=HEAD))
    assert got.id == "urn:newsml:w.example:20240101:A%201"


def test_the_body_is_chosen_by_its_role() -> None:
    inner = component("Caption.", role="Caption") + component("The text.", role="Main") + component("Other.")
    (got,) = read(f"<NewsComponent>{HEAD}{inner}</NewsComponent>")
    assert got.body == "<p>The text.</p>"


def test_without_roles_the_text_is_chosen_by_its_type() -> None:
    inner = component("body {}", kind="CSS") + component("<p>The text.</p>")
    (got,) = read(f"<NewsComponent>{HEAD}{inner}</NewsComponent>")
    assert got.body == "<p>The text.</p>"


def test_an_abstract_component_is_the_standfirst() -> None:
    inner = component("In short.", role="Abstract") + component("The text.", role="Body")
    (got,) = read(f"<NewsComponent>{HEAD}{inner}</NewsComponent>")
    assert (got.standfirst, got.body) == ("In short.", "<p>The text.</p>")


def test_lines_of_a_picture_are_not_those_of_the_text() -> None:
    photo = component(
        "", kind="Photo", head="<NewsLines><HeadLine>Photo</HeadLine><ByLine>P. Hoto</ByLine></NewsLines>"
    )
    (got,) = read(f"<NewsComponent>{photo}{component('Text.', role='Main', head=HEAD)}</NewsComponent>")
    assert (got.title, got.byline) == ("Title", "")


def test_several_bylines_are_several_authors() -> None:
    head = "<NewsLines><HeadLine>T</HeadLine><ByLine>By A B</ByLine><ByLine>C D</ByLine></NewsLines>"
    (got,) = read(component("x", head=head))
    assert got.byline == "By A B, C D"
    assert [author.name for author in got.authors] == ["By A B", "C D"]


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<Update><Replace/></Update>", "earlier revision"),
        ("<TopicSet/>", "topics"),
        (
            "<NewsComponent><ContentItem Href='a.jpg'><MediaType FormalName='Photo'/></ContentItem></NewsComponent>",
            "pictures",
        ),
        ("<NewsComponent><NewsItemRef NewsItem='x'/></NewsComponent>", "package"),
        ("<NewsComponent/>", "neither a headline nor a text"),
    ],
)
def test_what_is_no_article_is_refused_in_plain_words(inside: str, reason: str) -> None:
    with pytest.raises(NotAnArticle, match=reason):
        read(inside)


def test_the_items_of_a_package_are_read() -> None:
    inner = "".join(f"<NewsItem>{component(text, head=HEAD)}</NewsItem>" for text in ("One.", "Two."))
    got = read(f"<NewsComponent>{inner}</NewsComponent>")
    assert [(item.part, item.body) for item in got] == [(1, "<p>One.</p>"), (2, "<p>Two.</p>")]


def test_items_that_are_no_articles_are_noted() -> None:
    (got,) = read("<TopicSet/>", component("One.", head=HEAD))
    assert "1 of 2 items" in got.notes[0]


def test_an_embargo_without_an_end_withholds() -> None:
    management = "<NewsManagement><Status FormalName='Embargoed'/></NewsManagement>"
    (got,) = read(management + component("One.", head=HEAD))
    assert (got.status, got.embargo) == ("withheld", "")


def test_a_status_that_will_end_is_an_expiry() -> None:
    management = (
        "<NewsManagement><Status FormalName='Usable'/><StatusWillChange><FutureStatus FormalName='Canceled'/>"
        "<DateAndTime>20240711T060000Z</DateAndTime></StatusWillChange></NewsManagement>"
    )
    (got,) = read(management + component("One.", head=HEAD))
    assert (got.status, got.expires) == ("Usable", "20240711T060000Z")


def test_other_xml_is_refused_by_name() -> None:
    with pytest.raises(UnknownFormat, match="<newsItem>"):
        NewsML1().parse(b"<newsItem/>", PATH)
    with pytest.raises(NotAnArticle, match="no NewsItem"):
        NewsML1().parse(b"<NewsML/>", PATH)
