"""HTML of articles: what is kept, what goes, and that nothing executable ever stays."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.markup import (
    MOST_ATTRIBUTES,
    MOST_BYTES,
    MOST_DEPTH,
    MOST_REFERENCES,
    MOST_TAGS,
    MarkupTooLarge,
    absolute,
    excerpt,
    plain,
    plain_line,
    reachable,
    sanitise,
)

OWN = "https://news.example.org"
REL = ' rel="noopener noreferrer"'


class Reading(HTMLParser):
    """What a second, unrelated parser sees in HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.other: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.extend((tag, key, value or "") for key, value in attrs)

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    def handle_decl(self, decl: str) -> None:
        self.other.append(decl)

    def handle_pi(self, data: str) -> None:
        self.other.append(data)

    def unknown_decl(self, data: str) -> None:
        self.other.append(data)


ALLOWED = frozenset(
    re.findall(
        r"\w+",
        "a abbr audio b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em "
        "figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small source span "
        "strong sub summary sup table tbody td tfoot th thead time tr u ul var video wbr",
    )
)
ADDRESS = re.compile(r"https?://[^/\\\s]|/(?![/\\])|#a-|[^:/\\#]+(?:[/?#]|$)")


def assert_harmless(html: str) -> None:
    reading = Reading(html)
    assert reading.tags <= ALLOWED
    assert not reading.other
    for tag, key, value in reading.attributes:
        assert not key.startswith("on")
        assert key not in {"style", "srcdoc", "srcset", "action", "formaction", "background", "ping", "xmlns", "name"}
        if key in {"href", "src", "cite", "poster"}:
            assert ADDRESS.match(value) or (tag == "a" and value.lower().startswith("mailto:")), value
            assert not re.search(r"[\x00-\x20\"<>\\]", value)
        if key == "id":
            assert value.startswith("a-")


ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)//",
    '<p onclick="alert(1)" ONMOUSEOVER=alert(1)>x</p>',
    "<body onload=alert(1)><p>x",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" &#14; javascript:alert(1)">x</a>',
    '<a href="JaVa&#x09;ScRiPt:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="javascript&colon;alert(1)">x</a>',
    '<a href="&#x6A&#x61vascript:alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="//evil.example\\@news.example.org">x</a>',
    '<a href="/\\evil.example/x">x</a>',
    '<a href="\\\\evil.example/x">x</a>',
    '<a href="/\t/evil.example/x">x</a>',
    '<a href="http:javascript:alert(1)">x</a>',
    '<a href="view-source:javascript:1">x</a>',
    '<img src="data:image/svg+xml;base64,PHN2Zy8+">',
    '<img data-src="javascript:alert(1)">',
    '<img srcset="javascript:alert(1) 1x">',
    '<video poster="javascript:alert(1)" src="data:video/mp4,x" onloadstart=alert(1)><source onerror=alert(1)></video>',
    "<audio src=x onerror=alert(1)></audio>",
    '<blockquote cite="javascript:alert(1)">x</blockquote>',
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math><annotation-xml encoding='text/html'><style><img src=x onerror=alert(1)></style>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'>",
    "<title><a title='</title><img src=x onerror=alert(1)>'>",
    "<xmp><p title='</xmp><svg/onload=alert(1)>'>",
    "<noembed><img src=x onerror=alert(1)></noembed>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<template><script>alert(1)</script><template><img src=x onerror=alert(1)></template></template>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe/src=data:text/html,x><img src=x onerror=alert(1)></iframe>",
    "<IFRAME SRC='https://tube.example/<script>'></IFRAME>",
    "<feedsvc-embed src='javascript:alert(1)' onload=alert(1)>x</feedsvc-embed>",
    "<object data=javascript:alert(1)><embed src=javascript:alert(1)></object>",
    "<applet code=x></applet>",
    '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
    '<base href="https://evil.example/"><a href="x">x</a>',
    '<link rel=stylesheet href="//evil.example/x.css">',
    "<style>@import '//evil.example/x.css';</style><p style='background:url(javascript:1)'>x</p>",
    '<form action="javascript:alert(1)"><input onfocus=alert(1) autofocus>x</form>',
    "<button formaction=javascript:alert(1)>x</button>",
    "<select><option><script>alert(1)</script></option></select>",
    "<!-- <script>alert(1)</script> --><!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!DOCTYPE html [<!ENTITY x '<script>'>]><p>&x;</p>",
    "<?xml-stylesheet href='javascript:1'?><?php echo 1 ?>",
    "<p title='\"><script>alert(1)</script>'>x</p>",
    "<p id='x\" onclick=\"alert(1)'>x</p>",
    "<p lang='\"><script>'>x</p>",
    "<img src='x' alt='`onerror=alert(1)'>",
    "\0<scr\0ipt>alert(1)</scr\0ipt>",
    "<a href='x'><b><p><a href='javascript:1'>x",
    "<table><a href=javascript:alert(1)><tr><td><img src=x onerror=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<frameset onload=alert(1)><frame src=javascript:1></frameset>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<details open ontoggle=alert(1)>x</details>",
    "<isindex action=javascript:alert(1) type=image>",
    "<p\x0conclick=alert(1)>x</p>",
    "<a href=https://evil.example/\"onclick=alert(1)>x</a>",
    "\ud800<b>x\udfff</b>&#xD800;&#x1;&#0;&#xFFFE;",
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("around", ["{}", "<p>before {} after</p>", "<pre>{}", "<table><tr><td>{}", "<a href=x>{}"])
def test_nothing_executable_stays(attack: str, around: str) -> None:
    for base in ("", "https://wire.example/a/b.html", "javascript:alert(1)//"):
        clean = sanitise(around.format(attack), base=base, own=[OWN])
        assert_harmless(clean)
        assert sanitise(clean) == clean


words = st.sampled_from(
    re.findall(
        r"[\w-]+",
        "a b i p div table tr td th li ul ol pre code span iframe video audio source img h2 blockquote section form "
        "svg math mi mtext style title noscript template select option br hr dl dt dd ruby rt details summary font "
        "center tt object foreignObject mglyph textarea body plaintext xmp nobr feedsvc-embed",
    )
)
written = st.sampled_from(
    [
        'href="x"', 'href="javascript:alert(1)"', 'src="//h.example/a b"', "src=data:x", 'data-src="q.png"', "id=z",
        'id="a-b"', 'href="#z"', "lang=en", 'class="language-py x"', "onclick=alert(1)", "width=1 height=1",
        'srcset="a.png 1x, b.png 2x"', "title=\"<b>&quot;'\"", f'href="{OWN}//evil.example"', 'href="\\\\evil.example"',
        'href="mailto:desk@example.org"', 'href="http:foo"', 'href="HTTP://É.example/\xa0 é"', "reversed",
    ]
)  # fmt: skip
tags = st.builds(lambda name, given: f"<{' '.join((name, *given))}>", words, st.lists(written, max_size=2))
ends = st.builds("</{}>".format, words)
texts = st.sampled_from(
    [
        "x",
        "\n",
        "\n\n",
        " ",
        "&nbsp;",
        "&lt;b&gt;",
        "<!--",
        "-->",
        "]]>",
        "&amp;lt;",
        "\r",
        "&#13;",
        "&#1;",
        '"',
        "<",
        ">",
    ]
)
soup = st.lists(tags | tags | ends | texts | st.text(max_size=3), max_size=20).map("".join)


@given(soup, st.sampled_from(["", f"{OWN}/a/b", "https://wire.example/x/", "/a/b"]))
@settings(max_examples=400)
def test_once_is_enough(html: str, base: str) -> None:
    clean = sanitise(html, base=base, own=[OWN])
    assert_harmless(clean)
    assert sanitise(clean) == clean
    whole = absolute(clean, OWN, page=f"{OWN}/articles/x")
    assert '="/' not in "".join(re.findall(r"<[a-z][^>]*>", whole))
    assert sanitise(absolute(clean, OWN), own=[OWN]) == clean
    plain(html)
    assert len(excerpt(clean, 40)) <= 40


def test_what_an_article_needs_stays() -> None:
    article = (
        '<h1 id="a-top">Title</h1><p lang="fr" dir="ltr">A <em>b</em> <strong>c</strong> <i>d</i><sub>1</sub><br>'
        '<q cite="https://x.example/">q</q> <abbr title="x">X</abbr> <time datetime="2026-03-01T10:00Z">now</time> '
        '<del datetime="2026-03-01">old</del> <mark>m</mark> <kbd>k</kbd> <bdo dir="rtl">r</bdo></p>'
        '<ol start="3" reversed=""><li value="7">one</li></ol><ul><li>two</li></ul><dl><dt>t</dt><dd>d</dd></dl>'
        '<blockquote cite="https://x.example/">said</blockquote>'
        '<pre><code class="language-python">x &lt; y</code></pre>'
        '<figure><img src="https://x.example/p.jpg" alt="Alt" width="640" height="480">'
        "<figcaption>Cap</figcaption></figure>"
        '<table><caption>c</caption><colgroup><col span="2"></colgroup><thead><tr><th scope="col">h</th>'
        '</tr></thead><tbody><tr><td colspan="2" rowspan="1">v</td></tr></tbody></table>'
        "<details><summary>s</summary>d</details><ruby>字<rp>(</rp><rt>zi</rt><rp>)</rp></ruby><hr>"
        '<video poster="/p.jpg" controls=""><source src="https://x.example/v.mp4" type="video/mp4"></video>'
        f'<p><a href="mailto:desk@example.org"{REL}>mail</a></p>'
    )
    assert sanitise(article) == article


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<section>One</section><section>Two</section>", "<div>One</div><div>Two</div>"),
        ("<center><font color=red>x</font></center>", "<div>x</div>"),
        ("<strike>a</strike> <tt>b</tt> <acronym title=T>c</acronym>",
         '<s>a</s> <code>b</code> <abbr title="T">c</abbr>'),
        ("<p>a<span>b</span><span lang=de>c</span></p>", '<p>ab<span lang="de">c</span></p>'),
        ("<p></p><p>&nbsp; <br></p><p>x</p><p/>", "<p>x</p>"),
        ("<p><chron norm='2026'>Monday</chron></p>", "<p>Monday</p>"),
        ("<p>Tom & Jerry < all</p>", "<p>Tom &amp; Jerry &lt; all</p>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<pre>\n\n  x</pre>", "<pre>  x</pre>"),
        ('<code class="hl language-c++ x">y</code><code class="x">z</code>',
         '<code class="language-c++">y</code><code>z</code>'),
        ('<img src="/p.jpg" width="640px" height="50%">', '<img src="/p.jpg" width="640">'),
        ('<img src="/count.gif" width=1 height=1><img alt="no address">', ""),
        ('<img src="data:image/gif;base64,R0" data-src="/p.jpg" alt="A">', '<img src="/p.jpg" alt="A">'),
        ('<img src="/grey.gif" data-lazy-src="/p.jpg">', '<img src="/p.jpg">'),
        ('<img srcset="/s.jpg 1x, /l.jpg 2x">', '<img src="/s.jpg">'),
        ('<picture><source srcset="/p.webp"><img src="/p.jpg"></picture>', '<img src="/p.jpg">'),
        ("<p>a</p><noscript><img src='/p.jpg'></noscript>", "<p>a</p>"),
        ("<video src=/v.mp4>Your browser is <b>old</b>.<source src=/v.ogg></video>",
         '<video src="/v.mp4" controls=""><source src="/v.ogg"></video>'),
        ('<p><iframe src="//tube.example/e/1?a=1&amp;b=2">no frames</iframe></p>',
         f'<p><a href="https://tube.example/e/1?a=1&amp;b=2"{REL}>tube.example</a></p>'),
        ('<p>x</p><iframe src="about:blank"></iframe>', "<p>x</p>"),
        ('<a name="x">y</a>', "y"),
        ('<p lang="x y" dir="up" id="a b">x</p>', "<p>x</p>"),
    ],
)  # fmt: skip
def test_what_becomes_of_other_markup(html: str, expected: str) -> None:
    assert sanitise(html) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://other.example/x?a=1&amp;b=2#c", "https://other.example/x?a=1&amp;b=2#c"),
        ("HTTPS://Other.EXAMPLE/X", "https://other.example/X"),
        ("http:other.example/x", "http://other.example/x"),
        ("//other.example/x", "https://other.example/x"),
        ("b.html", "https://wire.example/a/b.html"),
        ("../b.html", "https://wire.example/b.html"),
        ("/b.html", "https://wire.example/b.html"),
        ("?p=2", "https://wire.example/a/x.html?p=2"),
        (f"{OWN}/articles/1", "/articles/1"),
        ("https://NEWS.example.org/articles/1", "/articles/1"),
        (OWN, "/"),
        (f"{OWN}?q=1", "/?q=1"),
        (f"{OWN}//evil.example/x", "/evil.example/x"),
        (f"{OWN}.evil.example/x", f"{OWN}.evil.example/x"),
        (f"{OWN}@evil.example/x", f"{OWN}@evil.example/x"),
        ('https://other.example/a b"c', None),
        ("https://other.example/a b", "https://other.example/a%20b"),
        ("mailto:desk@example.org?subject=a b", "mailto:desk@example.org?subject=a%20b"),
        ("#note", "#a-note"),
        ("#a-note", "#a-note"),
        ("ftp://other.example/x", None),
        ("tel:+4712345678", None),
        ("https://", None),
        ("//[", None),
        ("#", None),
        ("", None),
        ("https://other.example/" + "x" * 5000, None),
    ],
)
def test_addresses(address: str, expected: str | None) -> None:
    clean = sanitise(f"<a href='{address}' title=t>x</a>", base="https://wire.example/a/x.html", own=[OWN + "/"])
    if address.endswith('"c'):
        expected = "https://other.example/a%20b%22c"
    href = f' href="{expected}"' if expected else ""
    assert sorted(clean.removeprefix("<a").removesuffix(">x</a>").split(" ")) == sorted(
        f'{href} title="t"{REL}'.split(" ")
    )


def test_without_a_base_relative_addresses_stay() -> None:
    html = f'<a href="/a?b#c"{REL}>x</a><img src="pictures/p.jpg">'
    assert sanitise(html, own=[OWN]) == html


def test_only_links_may_be_mail() -> None:
    assert sanitise('<img src="mailto:x@example.org"><q cite="mailto:x@example.org">q</q>') == "<q>q</q>"


def test_absolute() -> None:
    html = (
        f'<p><a href="/articles/1" title=" href=&quot;/no&quot;"{REL}>x</a> href="/text" <img src="/p.jpg">'
        f'<a href="#a-n"{REL}>1</a><a href="https://x.example/"{REL}>y</a>'
        '<video poster="/q.jpg" controls=""></video></p>'
    )
    assert sanitise(html) == html
    assert absolute(html, f"{OWN}/", page=f"{OWN}/articles/2") == (
        f'<p><a href="{OWN}/articles/1" title=" href=&quot;/no&quot;"{REL}>x</a> href="/text" <img src="{OWN}/p.jpg">'
        f'<a href="{OWN}/articles/2#a-n"{REL}>1</a><a href="https://x.example/"{REL}>y</a>'
        f'<video poster="{OWN}/q.jpg" controls=""></video></p>'
    )
    assert f'<a href="#a-n"{REL}>' in absolute(html, OWN)
    # What was neutral is neutral again.
    assert sanitise(absolute(html, OWN), own=[OWN]) == html


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("x" * (MOST_BYTES + 1), "bytes"),
        ("é" * (MOST_BYTES // 2 + 1), "bytes"),
        ("<br>" * (MOST_TAGS + 1), "HTML tags"),
        ("<div>" * (MOST_DEPTH + 1), "inside each other"),
        ("<div><!--</div>-->" * (MOST_DEPTH + 1), "inside each other"),
        ("<div title='</div>'>" * (MOST_DEPTH + 1), "inside each other"),
        ("&nbsp;" * (MOST_REFERENCES + 1), "references"),
        ("<p " + "a=1 " * 30 * MOST_ATTRIBUTES + ">", "attributes"),
        ("<p '" + " a='>'" * 30 * MOST_ATTRIBUTES + ">", "attributes"),
    ],
)
def test_what_is_too_large_is_refused_at_once(html: str, words: str) -> None:
    with at_most(5):
        with pytest.raises(MarkupTooLarge, match=words):
            sanitise(html)
        with pytest.raises(MarkupTooLarge, match=words):
            plain(html + "<")


def test_long_real_pages_are_not_refused() -> None:
    html = "<p>" + "<p>Unclosed <b>as</b> they <br>were.<li>Item" * 3000
    assert sanitise(html).count("<p>") == 3000
    deep = "<div>" * MOST_DEPTH + "x"
    assert sanitise(deep) == deep + "</div>" * MOST_DEPTH


@pytest.mark.parametrize(
    "hostile",
    ["<a ", "<!--", "<a b='", '<a b="', "<script>", "<b =", "&#", "</", "<p><b>", "<table>", "<![CDATA["],
)
def test_hostile_text_takes_linear_time(hostile: str) -> None:
    with at_most(10):
        for read in (sanitise, plain, plain_line, excerpt):
            try:
                read(hostile * 40_000)
            except MarkupTooLarge:
                continue


def test_plain() -> None:
    html = (
        "<h2>Head</h2>\n<p>One &amp; two<br>three <b>four</b></p><ul><li>a</li><li>b</li></ul>"
        "<pre>x\n  y &lt;z&gt;</pre><table><tr><td>1</td><td>2</td></tr></table>"
    )
    assert plain(html) == "Head\nOne & two\nthree four\na\nb\nx\n  y <z>\n1\n2"
    assert plain("No markup, <SCRIPT>alert(1)</SCRIPT><P CLASS=x>but AT&T") == "No markup,\nbut AT&T"
    assert plain("") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AT&T and a < b", "AT&T and a < b"),
        ("x <b and c> d", "x <b and c> d"),
        ("<Corp> sold", "<Corp> sold"),
        ("Fish&amp;Chips", "Fish&Chips"),
        ("Fish &amp;amp; Chips", "Fish &amp; Chips"),
        ("&lt;b&gt;bold&lt;/b&gt;", "<b>bold</b>"),
        ("<b>Bold</b> and <EM class='x'>loud</EM>", "Bold and loud"),
        ("One<br/>two<p>three", "One two three"),
        ("caf&eacute; &#8211; &#x2014;&nbsp;x", "café – — x"),
        ("R&copy without its end", "R&copy without its end"),
        ("<script>alert(1)</script>Title<!-- note -->", "Title"),
        ("a&#1;b&#xFFFF;c\ud800", "abc"),
        (" two\n lines ", "two lines"),
        ("", ""),
    ],
)
def test_plain_line(text: str, expected: str) -> None:
    assert plain_line(text) == expected


def test_excerpt() -> None:
    first = "The first paragraph is a short one."
    second = "word " * 60
    html = (
        f"<h2>Heading</h2><figure><img src='/p.jpg'><figcaption>Caption</figcaption></figure><p>{first}"
        '<sup><a href="#a-fn1" id="a-r1">1</a></sup></p><table><tr><td>cell</td></tr></table><pre>code</pre>'
        f"<p>{second}</p><p>third</p>"
    )
    assert excerpt(html) == f"{first} {second.strip()}"
    short = excerpt(html, 60)
    assert short == "The first paragraph is a short one. word word word word…"
    assert excerpt("<p>Only <b>this</b>.</p>") == "Only this."
    assert excerpt("<h2>Heading</h2>") == ""
    assert excerpt("<p>" + "short " * 3 + "</p><p>tail</p>") == "short short short tail"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('<table><tr><td align="right">1</td></tr></table>', '<td align="right">1</td>'),
        ('<table><tr><th align="center">1</th></tr></table>', '<th align="center">1</th>'),
        ('<table><tr><td align="justify">1</td></tr></table>', "<td>1</td>"),
        ('<table><tr><td align="x" onclick="y">1</td></tr></table>', "<td>1</td>"),
        ('<p align="right">1</p>', "<p>1</p>"),
        ('<pre lang="c++">x</pre>', '<pre class="language-c++">x</pre>'),
        ('<pre lang="python"><code>x</code></pre>', '<pre class="language-python"><code>x</code></pre>'),
        ('<pre lang="&lt;x&gt;">x</pre>', "<pre>x</pre>"),
        ('<pre class="language-rust other">x</pre>', '<pre class="language-rust">x</pre>'),
        ('<p lang="de">x</p>', '<p lang="de">x</p>'),
    ],
)
def test_columns_are_aligned_and_programs_named_and_no_more(written: str, kept: str) -> None:
    clean = sanitise(written)
    assert kept in clean
    assert sanitise(clean) == clean


def test_what_may_be_wider_than_the_screen_can_be_reached() -> None:
    html = sanitise('<table><tr><td>1</td></tr></table><pre lang="c">x</pre><p>&lt;table&gt;</p>')
    assert reachable(html) == html.replace("<table><tb", '<table tabindex="0"><tb').replace(
        '<pre class="language-c">', '<pre class="language-c" tabindex="0">'
    )
