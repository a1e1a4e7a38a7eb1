from __future__ import annotations

import pytest
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ContentError, TooLarge
from feedsvc.formats.markdown.shortcodes import MAX_TAGS, parse_tag, render


def shown(text: str) -> str:
    return render(text)[0]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a {{< youtube abc_-1 >}} b", "a <https://www.youtube.com/watch?v=abc_-1> b"),
        ('{{< vimeo id="123" >}}', "<https://vimeo.com/123>"),
        ("{% include youtubePlayer.html id=page.x %}", ""),
        ('{% include youtube.html id="abc" %}', "<https://www.youtube.com/watch?v=abc>"),
        ('{% youtube "https://youtu.be/abc" %}', "<https://youtu.be/abc>"),
        ('{{< tweet user="ann" id="12" >}}', "<https://twitter.com/ann/status/12>"),
        ("{{< gist ann 12ab >}}", "<https://gist.github.com/ann/12ab>"),
        ('{{< audio src="/talk.mp3" >}}', "[talk.mp3](</talk.mp3>)"),
        ('[a]({{< ref "b c.md" >}})', "[a](b%20c.md)"),
        ('[a]({{% relref path="b.md" %}})', "[a](b.md)"),
        ("[a]({% post_url 2026-01-02-b %})", "[a](2026-01-02-b)"),
        ("[a]({% link _posts/b.md %})", "[a](_posts/b.md)"),
        ('[a]({{ "/b/" | relative_url }})', "[a](/b/)"),
        ("[a]({{ '/b/' | url }})", "[a](/b/)"),
        ("[a]({{ site.baseurl }}/b)", "[a](/b)"),
        ("{{ page.title }}", ""),
        ("x{% comment %} never *seen* {% endcomment %}y", "xy"),
        ("x{{/* never seen */}}y", "xy"),
        ("x{::comment}never seen{:/comment}y", "xy"),
        ("x {{</* figure */>}} y", "x {{< figure >}} y"),
        ("{% raw %}{{ page.title }}{% endraw %}", "{{ page.title }}"),
        ("{% if page.x %}yes{% else %}no{% endif %}", "yesno"),
        ("{%- assign a = 1 -%}b", "b"),
        ("{{< note >}}\n*text*\n{{< /note >}}", "\n*text*\n"),
        ("{{< tabs />}}a", "a"),
        ("## A {: .b #c}", "## A "),
        ('![x](y){: width="20"}', "![x](y)"),
        ("a\n{: .lead}\nb", "a\n\nb"),
        ("* TOC\n{:toc}\n\ntext", "\n\ntext"),
        ("text<!--more-->\n<!-- excerpt -->", "text\n"),
    ],
)
def test_what_is_shown(written: str, read: str) -> None:
    assert shown(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "Plain text.",
        "`{{< figure >}}` and `{% raw %}`",
        "```\n{% highlight %}\n```",
        "~~~\n{{ page.x }}\n~~~",
        "text\n\n    {{< x >}}\n",
        "{{ an aside in braces }}",
        "{:a 1 :b 2}",
        "{a} {{b}} {",
        "{{< never closed",
        "{{< " + "x" * 5_000 + " >}}",
        "<!-- a comment -->",
    ],
)
def test_what_is_left_as_it_is(text: str) -> None:
    assert render(text) == (text, [])


def test_highlighted_code_becomes_a_code_block() -> None:
    code = "def a():\n    return '{{ b }}' + `c` + '```'"
    assert shown(f"{{% highlight python linenos %}}\n{code}\n{{% endhighlight %}}\nafter") == (
        f"````python\n{code}\n````\n\nafter"
    )
    assert shown(f'x\n\n{{{{< highlight go "hl_lines=1" >}}}}\n{code}\n{{{{< /highlight >}}}}') == (
        f"x\n\n````go\n{code}\n````\n"
    )


def test_a_figure_on_its_own_line_is_a_figure() -> None:
    text = shown('a\n\n{{< figure src="/b c.jpg" alt="d" caption="E & <f>" attr="G" >}}\nh')
    assert '<figure><img src="/b%20c.jpg" alt="d"><figcaption>E &amp; &lt;f&gt; G</figcaption></figure>\n\nh' in text


def test_a_figure_within_a_line_is_a_picture() -> None:
    assert shown('{{< img src="b.jpg" >}} text') == '<img src="b.jpg" alt=""> text'


def test_a_quotation_in_arguments() -> None:
    assert shown('{{< quote-block text="So & so." cite="Ann" >}}').strip() == (
        "<blockquote><p>So &amp; so.</p><p>— Ann</p></blockquote>"
    )


def test_a_picture_named_by_an_id_leaves_its_caption() -> None:
    text, notes = render(
        '{{< img src="ferry-at-dusk" caption="The *ferry*" >}}\n{{< img src="other" >}}', first_line=10
    )
    assert text == "*The \\*ferry\\**\n"
    assert notes == ["These shortcodes cannot be shown and were taken out: img (line 11)."]


def test_no_argument_becomes_markup() -> None:
    text = shown(
        '{{< figure src="/a.jpg" alt="\\"><script>" caption="<script>x</script>" >}}\n{{< youtube "><script>" >}}'
    )
    assert "<script" not in text


def test_unknown_ones_are_noted_once_each() -> None:
    _, notes = render("{{< a >}}\n{{< a >}}\n{{< b/c >}}")
    assert notes == ["These shortcodes cannot be shown and were taken out: a (line 1), b/c (line 3)."]


def test_arguments() -> None:
    tag = parse_tag(' Figure src="a \\"b\\"" alt=\'c\' raw=`d` n=5 "two words" last / ')
    assert tag.name == "figure"
    assert tag.named == {"src": 'a "b"', "alt": "c", "raw": "d", "n": "5"}
    assert tag.words == ("two words", "last")


def test_the_number_of_tags_is_bounded() -> None:
    with pytest.raises(TooLarge, match="shortcodes"):
        render("{{< x >}}\n" * (MAX_TAGS + 1))


@pytest.mark.parametrize(
    "part",
    ["{{<", "{%", "{{", "{:", "{{/*", "<!--more", "{% raw %}", "{{< highlight >}}", "{::comment}", "`{{<` ", '{{< x "'],
)
@pytest.mark.parametrize("tail", ["", ">}}", "%}"])
def test_hostile_text_takes_no_time(part: str, tail: str) -> None:
    with at_most(4):
        try:
            render(part * (1_000_000 // len(part)) + tail)
        except TooLarge as error:
            assert error.line >= 1  # noqa: PT017


def test_many_tags_on_one_long_line_take_no_time() -> None:
    with at_most(4):
        render("word " * 800_000 + "{{< x >}} " * (MAX_TAGS - 1))


@settings(max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            [
                "{{<",
                ">}}",
                "{%",
                "%}",
                "{{",
                "}}",
                "{:",
                "}",
                "raw",
                "endraw",
                " ",
                "\n",
                "x",
                '"',
                "`",
                "é",
                "=",
                "/",
                "highlight",
            ]
        ),
        max_size=25,
    )
)
def test_any_text_is_read(parts: list[str]) -> None:
    try:
        text, notes = render("".join(parts))
    except ContentError:
        return
    assert isinstance(text, str)
    assert all(note.endswith(".") for note in notes)
