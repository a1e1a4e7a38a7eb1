"""The article's own part of a page: what is kept, what goes, and which part is taken."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from feedsvc.formats.html.format import Html
from feedsvc.formats.html.tree import parse, text_of

SENTENCES = [
    "The harbour council voted on Tuesday to rebuild the northern wall, which fell in the storms of last winter.",
    "Engineers expect the work to take two summers, since the stones must come by barge from the old quarry.",
    "Fishermen had asked for a lower wall with a gap for their boats, and were turned down by nine votes to four.",
    "Walkers can use the upper path until the work is done, and there will be an exhibition in the customs house.",
]
TEXT = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
NAVIGATION = (
    '<nav><ul><li><a href="/">Home</a></li><li><a href="/w">World</a></li><li><a href="/s">Sport</a></li></ul></nav>'
)


def body(inner: str, *, head: str = "<title>Wall</title>") -> str:
    page = f"<!doctype html><html><head>{head}</head><body>{NAVIGATION}{inner}</body></html>"
    (item,) = Html().parse(page.encode(), PurePosixPath("wall.html"))
    return item.body


def said(html: str) -> str:
    return text_of(parse(html))


@pytest.mark.parametrize(
    "furniture",
    [
        '<div class="share-bar"><a href="https://s.example/x">Share on something</a></div>',
        "<aside><p>Kelp is eaten by sheep on some of the outer islands, a reader writes.</p></aside>",
        '<div class="newsletter"><p>Our weekly letter brings you everything about the coast.</p></div>',
        '<section class="related-stories"><h3>More</h3><ul><li><a href="/1">Gulls banned</a></li></ul></section>',
        '<div id="comments"><h3>Comments</h3><div class="comment"><p>They should have used oak.</p></div></div>',
        '<div class="ad-slot">Buy a boat</div>',
        "<p>Advertisement</p>",
        '<p><a href="/x">Read more: Ferry arrives nine hours late</a></p>',
        '<p>Lesen Sie auch: <a href="/x">Fähre verspätet</a></p>',
        '<div style="display: none">You cannot see this text</div>',
        '<form action="/x"><input name="a"><button>Send it off</button></form>',
        "<script>var unseen = 1</script><style>.unseen { color: red }</style>",
        '<ul class="tags"><li><a href="/t/1">walls</a></li><li><a href="/t/2">storms</a></li></ul>',
        '<img src="/count.gif" width="1" height="1" alt="">',
        "<footer>© 2019 The Courier. All rights reserved.</footer>",
    ],
)
def test_what_is_not_the_article_goes(furniture: str) -> None:
    for inner in (
        f"<article><h1>Wall</h1>{TEXT}{furniture}</article>",
        f'<div class="story-body"><h1>Wall</h1>{furniture}{TEXT}</div>',
    ):
        found = body(inner)
        assert said(found) == " ".join(SENTENCES)
        assert "count.gif" not in found


@pytest.mark.parametrize(
    "part",
    [
        "<h2>Who pays</h2>",
        "<ul><li>nine votes for it</li><li>four votes against</li></ul>",
        "<ol><li>first stone</li><li>last stone</li></ol>",
        "<blockquote><p>We have waited long enough.</p></blockquote>",
        "<table><tr><th>Place</th><td>North</td></tr></table>",
        '<p>It is <a href="https://a.example/plan">planned</a> <em>well</em> and <strong>soon</strong>.</p>',
        '<figure><img src="wall.jpg" alt="A gap in a wall"><figcaption>The gap in the wall</figcaption></figure>',
        '<div class="article-section"><h3 class="section-header">Short</h3><p class="list-text">It is so.</p></div>',
        "<pre>north  40 m\nsouth   0 m</pre>",
    ],
)
def test_what_an_article_is_made_of_stays(part: str) -> None:
    found = body(f"<article><h1>Wall</h1>{TEXT}{part}{TEXT}</article>")
    assert part in found


def test_classes_of_the_whole_do_not_remove_it() -> None:
    inner = f'<article class="tag-ads category-newsletter">{TEXT}</article>'
    assert said(body(f'<div class="page has-sidebar comments-open">{inner}</div>')) == " ".join(SENTENCES)


def test_headline_standfirst_and_byline_are_not_said_twice() -> None:
    standfirst = "After a winter of storms the council decides for stone at last."
    inner = (
        f'<article><h1>Wall</h1><p class="standfirst">{standfirst}</p><p class="byline">By Jo Fennimore</p>'
        f'<time datetime="2016-09-30">30 September 2016</time>{TEXT}</article>'
    )
    assert said(body(inner)) == " ".join(SENTENCES)


def test_the_first_paragraph_stays_where_the_description_repeats_it() -> None:
    head = f'<title>Wall</title><meta name="description" content="{SENTENCES[0]}">'
    assert said(body(f"<article><h1>Wall</h1>{TEXT}</article>", head=head)) == " ".join(SENTENCES)


def test_pictures_that_a_script_would_load_get_their_address() -> None:
    figure = '<figure><img data-src="wall.jpg" src="data:image/gif;base64,xx"></figure>'
    assert ' src="wall.jpg"' in body(f"<article><h1>Wall</h1>{TEXT}{figure}</article>")


@pytest.mark.parametrize("joint", ["<br><br>", "<br/>\n<br/>", "<br> <br><br>"])
def test_two_line_breaks_part_paragraphs(joint: str) -> None:
    found = body(f'<div class="story-body"><h1>Wall</h1>{joint.join(SENTENCES)}<br>The end.</div>')
    assert found.count("<p>") == len(SENTENCES)
    assert "house.<br>The end.</p>" in found
    assert said(found) == " ".join([*SENTENCES, "The end."])


def test_what_the_page_marks_as_its_text_is_preferred() -> None:
    marked = f'<div itemprop="articleBody">{TEXT}</div>'
    inner = f"<h1>Wall</h1><div>Coast, 3 minutes</div>{marked}<p>Jo writes about coasts.</p>"
    assert said(body(f"<div>{inner}</div>")) == " ".join(SENTENCES)


def test_a_fragment_is_taken_as_it_is() -> None:
    fragment = '<p class="share">Share this <b>bread</b>.</p><ul><li><a href="/x">Read more</a></li></ul>'
    (item,) = Html().parse(fragment.encode(), PurePosixPath("bread.html"))
    assert item.body == fragment


def test_the_title_of_a_fragment_is_taken_out_and_nothing_else() -> None:
    (item,) = Html().parse(b"<h1>Bread</h1><p>By Una Brook</p><p>It is baked.</p>", PurePosixPath("bread.html"))
    assert (item.title, item.body) == ("Bread", "<p>By Una Brook</p><p>It is baked.</p>")


@pytest.mark.parametrize(
    "attributes",
    [
        'srcset="wall.jpg 640w, big.jpg 1280w"',
        'src="/blank.gif" data-srcset="wall.jpg, big.jpg 2x"',
        'data-lazy-src="wall.jpg"',
    ],
)
def test_the_first_of_several_sizes_is_taken(attributes: str) -> None:
    assert 'src="wall.jpg"' in body(f"<article><h1>Wall</h1>{TEXT}<figure><img {attributes}></figure></article>")


@pytest.mark.parametrize("attributes", ['srcset=" , "', 'data-src="data:x"', "", 'src=""'])
def test_a_picture_without_an_address_goes(attributes: str) -> None:
    assert "img" not in body(f"<article><h1>Wall</h1>{TEXT}<figure><img {attributes}></figure></article>").replace(
        ",", ""
    )


def test_text_beside_the_only_article_stays() -> None:
    (item,) = Html().parse(b"<article><p>One.</p></article>Two.", PurePosixPath("x.html"))
    assert said(item.body) == "One. Two."
