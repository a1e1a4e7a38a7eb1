from __future__ import annotations

import contextlib

import pytest
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ContentError, ParseError, TooLarge
from feedsvc.formats.xmlbytes import (
    child,
    children,
    first_name,
    first_tag,
    inner_html,
    local,
    namespace,
    parse_xml,
    parse_xml_noting,
    text_of,
)


def text(data: bytes) -> str:
    return text_of(parse_xml(data, fallback_encoding="cp1252"))


@pytest.mark.parametrize(
    "data",
    [
        '<?xml version="1.0" encoding="ISO-8859-1"?><a>Décès</a>'.encode(),
        '<?xml version="1.0" encoding="iso-8859-15"?><a>Décès</a>'.encode("iso-8859-15"),
        '<?xml version="1.0" encoding="utf8"?><a>Décès</a>'.encode(),
        '\ufeff<?xml version="1.0"?><a>Décès</a>'.encode(),
        '\n \n<?xml version="1.0" encoding="utf-8"?>\n<a>Décès</a>'.encode(),
        '<?xml version="1.0" encoding="utf-16"?><a>Décès</a>'.encode("utf-16"),
        '<?xml version="1.0" encoding="utf-16"?><a>Décès</a>'.encode("utf-16-le"),
        "<a>Décès</a>".encode("utf-16-be"),
        '<?xml version="1.0" encoding="no-such-thing"?><a>Décès</a>'.encode(),
        b"<a>D&eacute;c&#xE8;s</a>",
    ],
)
def test_text_is_decoded_right(data: bytes) -> None:
    assert text(data) == "Décès"


def test_a_guessed_encoding_is_noted() -> None:
    root, notes = parse_xml_noting("<a>Décès</a>".encode("cp1252"), fallback_encoding="cp1252")
    assert (text_of(root), notes) == ("Décès", ("The encoding was guessed as cp1252.",))


def test_bytes_that_no_encoding_has_are_refused_with_their_line() -> None:
    with pytest.raises(ParseError) as caught:
        text(b"<a>\n\n\x81\x8d</a>")
    assert caught.value.line == 3


@pytest.mark.parametrize(
    "doctype",
    [
        b'<!DOCTYPE nitf SYSTEM "nitf-3-4.dtd">',
        b"<!DOCTYPE nitf SYSTEM 'file:///etc/passwd'>",
        b'<!DOCTYPE nitf PUBLIC "-//IPTC//DTD NITF 3.4//EN"\n  "http://127.0.0.1:9/nitf.dtd" >',
        b"<!DOCTYPE nitf>",
    ],
)
def test_an_outer_dtd_is_passed_over(doctype: bytes) -> None:
    root = parse_xml(b'<?xml version="1.0"?>\n' + doctype + b"\n<nitf>text</nitf>", fallback_encoding="")
    assert text_of(root) == "text"
    assert root.getroottree().docinfo.internalDTD is None


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a SYSTEM "a.dtd" [ ]>',
        '<!-- > -->\n<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x;]>',
        """<!DOCTYPE a PUBLIC "p" 'a.dtd' [\n<!-- - ]> -->\n<!ENTITY % x PUBLIC "p" 'x.dtd' > %x;\n%y; ] >""",
    ],
)
def test_a_doctype_that_only_names_outer_parts_is_passed_over_and_nothing_is_fetched(doctype: str) -> None:
    root = parse_xml(f"{doctype}\n<a>b</a>".encode(), fallback_encoding="cp1252")
    assert (root.tag, root.text, root.sourceline) == ("a", "b", doctype.count("\n") + 2)
    assert first_name(f"{doctype}\n<a>b</a>".encode()) == "a"


@pytest.mark.parametrize(
    "doctype",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        b"<!DOCTYPE a [<!ENTITY % x \"<!ENTITY y SYSTEM 'a'>\"> %x;]>",
        b'<!-- > --><?p ?>\n<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x; <!ENTITY y "z">]>',
        b"<!DOCTYPE a [<!ELEMENT a ANY>]>",
        b"<!doctype a [",
        b"<!DOCTYPE",
    ],
)
def test_definitions_of_its_own_are_refused(doctype: bytes) -> None:
    with pytest.raises(ParseError, match="document type"):
        text(doctype + b"<a>&x;</a>")


def test_the_doctype_inside_text_is_only_text() -> None:
    assert text(b"<a><![CDATA[<!DOCTYPE a [<!ENTITY x 'y'>]>]]></a>") == "<!DOCTYPE a [<!ENTITY x 'y'>]>"


def test_names_of_html_in_cdata_stay_as_they_are() -> None:
    assert text(b"<a><![CDATA[&nbsp;]]></a>") == "&nbsp;"


@pytest.mark.parametrize("data", [b"", b" ", b"<a>\n<b></a>", b"no xml", b"<a>&unknown;</a>", b"<x:a/>", b"<a/><b/>"])
def test_what_is_not_well_formed_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(ParseError, match="not well-formed"):
        text(data)


def test_the_line_is_that_of_the_file() -> None:
    data = b'\n<?xml version="1.0"?>\n<!DOCTYPE a\n SYSTEM "a.dtd">\n<a>\n<b></a>'
    with pytest.raises(ParseError, match="line 6") as caught:
        text(data)
    assert caught.value.line == 6


def test_elements_nest_to_256() -> None:
    assert local(parse_xml(b"<a>" * 256 + b"</a>" * 256, fallback_encoding="")) == "a"
    with pytest.raises(TooLarge, match="256"):
        text(b"<a>" * 257 + b"</a>" * 257)


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE a " + b'"' * 400_000,
        b"<!DOCTYPE a" + b" " * 400_000,
        b"<?xml " + b" " * 400_000,
        b"<!--x-->" * 50_000,
        b"<a>" + b"&aa" * 100_000,
        b"<a " + b" ".join(b'k%d="1"' % number for number in range(50_000)) + b"/>",
    ],
    ids=["quotes", "spaces", "declaration", "comments", "references", "attributes"],
)
def test_hostile_bytes_take_linear_time(data: bytes) -> None:
    with at_most(2):
        with contextlib.suppress(ContentError):
            text(data)
        first_tag(data)


def test_helpers_read_without_namespaces() -> None:
    root = parse_xml(
        b'<n:a xmlns:n="urn:n" xmlns="urn:o"><b>1</b><!-- c --><n:c> 2<d/></n:c><b>3</b></n:a>', fallback_encoding=""
    )
    assert (local(root), namespace(root)) == ("a", "urn:n")
    assert [text_of(each) for each in children(root, "b")] == ["1", "3"]
    assert [local(each) for each in children(root)] == ["b", "c", "b"]
    assert text_of(child(root, "x", "c")) == "2"
    assert child(root, "x") is None
    assert text_of(None) == ""


def test_inner_html_drops_namespaces_and_escapes() -> None:
    root = parse_xml(
        b'<body xmlns="urn:n" xmlns:x="urn:x">a &lt; b<p x:y="1" class="q&quot;">one<br/>two</p>'
        b'<hl2 xml:lang="de">H</hl2><chron norm="1">now</chron>end</body>',
        fallback_encoding="",
    )
    assert inner_html(root, names={"hl2": "h2", "chron": ""}) == (
        'a &lt; b<p class="q&quot;">one<br>two</p><h2 lang="de">H</h2>nowend'
    )


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\xef\xbb\xbf <?xml version='1.0'?><!-- <x> -->\n<!DOCTYPE a SYSTEM 'x'><n:nitf a='1'>", "nitf"),
        ("<?xml version='1.0'?><rss/>".encode("utf-16"), "rss"),
        (b"plain text", ""),
        (b"<!-- open", ""),
        (b"", ""),
        (b"< a>", ""),
    ],
)
def test_the_first_element_is_found(data: bytes, name: str) -> None:
    assert first_name(data) == name


@settings(max_examples=150)
@given(st.binary(max_size=200) | st.text(alphabet="<>/a!?[]&;\"' =-é", max_size=80).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    first_tag(data)
    try:
        root = parse_xml(data, fallback_encoding="cp1252")
    except ContentError:
        return
    inner_html(root)
