"""Bytes to text, slugs, cutting."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.text import Decoded, UndecodableText, cut, decode, nfc, one_line, repair, slug, without_controls, xml_safe


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-32", "utf-32-le"),
    ],
)
def test_a_byte_order_mark_decides(encoding: str, name: str) -> None:
    assert decode("Zürich – 東京".encode(encoding), declared="iso-8859-1") == Decoded(
        text="Zürich – 東京", encoding=name
    )


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-32-be"])
def test_a_big_endian_mark_decides(encoding: str) -> None:
    assert decode("\ufeffÜber".encode(encoding)) == Decoded(text="Über", encoding=encoding)


@pytest.mark.parametrize(
    "declared", ["iso-8859-1", "utf8", "UTF-16", "windows-1252", "klingon", "", "hex", "\0", "é" * 99]
)
def test_utf8_is_believed_whatever_is_declared(declared: str) -> None:
    assert decode("décès".encode(), declared=declared) == Decoded(text="décès", encoding="utf-8")


def test_the_declared_set_is_used_where_the_bytes_are_no_utf8() -> None:
    assert decode("prix: 5 €".encode("iso8859-15"), declared="ISO-8859-15") == Decoded(
        text="prix: 5 €", encoding="iso8859-15"
    )
    assert decode("Привет".encode("koi8-r"), declared='"koi8-r"').text == "Привет"
    assert decode("新しい記事".encode("shift_jis"), declared="Shift_JIS").text == "新しい記事"
    for text, codec, label in (("הרציף נסגר", "iso8859-8", "ISO-8859-8-I"), ("ท่าเรือปิด", "cp874", "windows-874"),
                               ("記事", "cp932", "x-sjis"), ("Привет", "cp1251", "x-cp1251")):  # fmt: skip
        assert decode(text.encode(codec), declared=label).text == text


def test_latin1_means_what_writers_mean_by_it() -> None:
    assert decode(b"it\x92s \x96 here", declared="iso-8859-1") == Decoded(text="it’s – here", encoding="cp1252")


def test_the_fallback_is_a_guess_and_is_said_to_be_one() -> None:
    assert decode("Müller".encode("cp1252")) == Decoded(text="Müller", encoding="cp1252", guessed=True)
    assert decode("Müller".encode("cp1252"), declared="klingon").guessed
    assert decode("Привет".encode("cp1251"), fallback="cp1251") == Decoded(
        text="Привет", encoding="cp1251", guessed=True
    )


@pytest.mark.parametrize("bad", [b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"])
def test_bytes_that_the_fallback_leaves_undefined_are_refused(bad: bytes) -> None:
    with pytest.raises(UndecodableText, match="line 3: the byte 0xFC is not valid in UTF-8 nor cp1252") as caught:
        decode(b"one\r\ntwo\rM\xfcller\n" + bad)
    assert caught.value.line == 3


def test_no_guess_may_give_control_characters() -> None:
    with pytest.raises(UndecodableText):
        decode(b"M\xfcller\x01")
    with pytest.raises(UndecodableText):
        decode(b"M\x85ller\x93", fallback="iso8859-2")


def test_without_a_fallback_nothing_is_guessed() -> None:
    with pytest.raises(UndecodableText, match="line 1"):
        decode(b"M\xfcller", fallback="")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"one\ntwo\0", 2),
        (b"\x89PNG\r\n\x1a\n\0\0", 3),
        (b"\xff\xfea\0\0\0", 1),
        (b"a\0b\0", 1),
        (b"\xfe\xff\0\n\0", 2),
    ],
)
def test_binary_content_is_refused(data: bytes, line: int) -> None:
    with pytest.raises(UndecodableText) as caught:
        decode(data)
    assert caught.value.line == line


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_text_without_a_mark_needs_a_declaration(encoding: str) -> None:
    data = "<p>Öl</p>\r\n".encode(encoding)
    assert decode(data, declared=encoding[:6]).text == "<p>Öl</p>\n"
    assert decode(data, declared=encoding).text == "<p>Öl</p>\n"
    with pytest.raises(UndecodableText, match="NUL"):
        decode(data, declared="utf-8")


def test_a_broken_file_with_a_mark_is_refused_and_not_guessed() -> None:
    with pytest.raises(UndecodableText, match=r"line 2: .*UTF-8") as caught:
        decode(b"\xef\xbb\xbfone\nM\xfcller")
    assert caught.value.line == 2


def test_seven_bit_japanese_is_read_as_declared() -> None:
    data = "新聞".encode("iso-2022-jp")
    assert decode(data, declared="iso-2022-jp").text == "新聞"


def test_line_ends_and_forbidden_characters() -> None:
    text = decode("a\r\nb\rc\n\u2028d\x85\x01\x0b\x0c\ufffe\U0001ffff\ufeffe".encode()).text
    assert text == "a\nb\nc\n\u2028d\x85\ufeffe"


@given(st.binary(max_size=200), st.text(max_size=12))
@settings(max_examples=150)
def test_any_bytes_give_clean_text_or_a_line(data: bytes, declared: str) -> None:
    lines = data.count(b"\n") + data.count(b"\r") + 1
    try:
        text = decode(data, declared=declared).text
    except UndecodableText as error:
        text = ""
        lines -= error.line
    assert lines >= 0
    assert text == xml_safe(text)
    assert "\r" not in text


@given(st.text())
@settings(max_examples=100)
def test_text_in_utf8_comes_back(text: str) -> None:
    clean = xml_safe(text).replace("\r", "").lstrip("\ufeff")
    assert decode(clean.encode(), declared="latin-1").text == clean


@given(st.text(st.characters(codec=None, categories=None), max_size=60))
@settings(max_examples=150)
def test_xml_safe_keeps_the_char_production(text: str) -> None:
    allowed = [
        char
        for char in text
        if char in "\t\n\r" or (char >= " " and unicodedata.category(char) != "Cs" and ord(char) & 0xFFFE != 0xFFFE)
    ]
    assert xml_safe(text) == "".join(allowed)


def test_one_line() -> None:
    assert one_line(" \tA\n\n headline\xa0\u2003here ") == "A headline here"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Storm hits the coast!", "storm-hits-the-coast"),
        ("  --Öl & Gas: +3.5%, ~2;--  ", "öl-gas-3-5-2"),
        ("Europe / Americas", "europe-americas"),
        ("Cafe\u0301", "caf\u00e9"),
        ("খেলার খবর", "খেলার-খবর"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("東京、大阪", "東京-大阪"),
        ("❤️ & 👍🏽", ""),
        ("İzmir", "i̇zmir"),
        ("ΟΔΟΣ", "οδος"),
        ("H₂O", "h₂o"),
    ],
)
def test_slug(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_slug_is_cut_between_words() -> None:
    assert slug("one two three", limit=11) == "one-two"
    assert slug("one two three", limit=7) == "one-two"
    assert slug("one " + "x" * 30, limit=20) == "one-" + "x" * 16
    # A letter keeps its mark, or goes with it.
    assert slug("ক" * 9 + "কি", limit=10) == "ক" * 9


@given(st.text(max_size=60), st.integers(0, 30))
@settings(max_examples=300)
def test_slug_holds_letters_digits_and_marks_only(text: str, limit: int) -> None:
    made = slug(text, limit=limit)
    assert slug(made) == made
    assert made == unicodedata.normalize("NFC", made).lower()
    assert not made.startswith("-")
    assert not made.endswith("-")
    assert "--" not in made
    assert all(char == "-" or unicodedata.category(char)[0] in "LMN" for char in made)
    assert not limit or len(made) <= limit


def test_a_long_run_of_marks_takes_no_quadratic_time() -> None:
    hostile = "a" + "\u0301\u0327" * 100_000
    with at_most(5):
        assert len(slug(hostile)) < 40
        assert len(nfc(hostile)) < 40


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 5, "short"),
        ("one two three", 8, "one two…"),
        ("one two three", 9, "one two…"),
        ("one two, three", 10, "one two…"),
        ("x" * 20, 10, "x" * 9 + "…"),
        ("日本語の文章はとても長い", 6, "日本語の文…"),
        ("word", 1, "…"),
        ("word", 0, ""),
    ],
)
def test_cut(text: str, limit: int, expected: str) -> None:
    assert cut(text, limit) == expected


@given(st.text(max_size=80), st.integers(1, 60))
@settings(max_examples=200)
def test_cut_keeps_to_the_limit(text: str, limit: int) -> None:
    made = cut(text, limit)
    assert len(made) <= limit
    assert made == text or (made.endswith("…") and text.startswith(made[:-1]))


@pytest.mark.parametrize(
    ("spoilt", "right"),
    [
        ("cafÃ©", "café"),
        ("â€œHereâ€\x9d, she saidâ€¦", "“Here”, she said…"),
        ("itâ€™s", "it’s"),
        ("voilÃ\xa0 le travail", "voilà le travail"),
        ("voilÃ  le travail", "voilà le travail"),
        ("10Â°C, Â£5", "10°C, £5"),
        ("Ã–sterreich fÃ¼hrt", "Österreich führt"),
        ("Ø±Ø³Ø§Ù„Ø©", "رسالة"),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"),
        ("cafÃƒÂ©", "café"),
    ],
)
def test_spoilt_text_is_put_right(spoilt: str, right: str) -> None:
    fixed, was_spoilt = repair(spoilt)
    assert was_spoilt
    assert fixed.replace("\xa0", "") == right


@pytest.mark.parametrize(
    "text",
    [
        "NÃO",
        "SÃO PAULO – A MANHÃ",
        "“A MANHÃ” e a “IRMÃ”…",
        "MANHÃ”",
        "A MANHÃ E A TARDE",
        "MANHÃ–TARDE",
        "IRMÃ…",
        "L’ÉTÉ”",
        "CÔTÉ™",
        "VÂNIA, PARÂ",
        "à la carte …",
        "Ångström £",
        "AHÅ™, the new sofa",
        "Brontë…”",
        "ČEŠTINA – ŽLUŤOUČKÝ KŮŇ",
        "ÇÖÞÜ, ÐÑ",
        "&lt;b&gt; “ﬁne” ｗｉｄｅ",
        "half right “here”, half spoilt cafÃ©",
        "lost for good â€œhereâ€\ufffd",
    ],
)
def test_text_that_is_right_or_past_repair_stays(text: str) -> None:
    assert repair(text) == (text, False)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("It\x92s \x93here\x94 \x96 wait\x85", "It’s “here” – wait…"),
        ("rub\x7f out", "rub out"),
        ("no\x81 sign\x9d", "no sign"),
        ("“Ça va” — 😀\n\t", "“Ça va” — 😀\n\t"),
    ],
)
def test_controls_that_no_text_means_are_the_signs_of_windows(written: str, meant: str) -> None:
    assert without_controls(written) == meant


LANGUAGES = (
    "the harbour was closed again naïve café",
    "não amanhã irmã são ação maçã avô você à português coração lã romã",
    "für Straße Öl über Köln Äpfel schön Grüße",
    "été où là château noël cœur forêt à dû maïs garçon",
    "señor niño él ¿qué? ¡sí! corazón pingüino",
    "på øl ære bår Ørsted göra älg å",
    "łódź żółć gęś ćma książę",
    "příliš žluťoučký kůň pěl ďábelské ódy",
    "ığdır şimdi çünkü öğle İzmir",
    "đường phố Việt Nam người ở",
    "привет мир ещё съезд їжак",
    "καλημέρα κόσμε ώρα",
    "مرحبا بالعالم سوريا",
    "שלום עולם",
    "নমস্কার বাংলা সংবাদ",
    "नमस्ते दुनिया समाचार",
    "新华社 市议会 星期一",
    "ひらがな カタカナ",
    "서울 시의회 표결",
    "สวัสดี ชาวโลก",
)
CASES: tuple[Callable[[str], str], ...] = (str.lower, str.upper, str.title)
SPELT = st.tuples(st.sampled_from(CASES), st.sampled_from(LANGUAGES)).flatmap(
    lambda how: st.lists(st.sampled_from([how[0](word) for word in how[1].split()]), max_size=12)
)
SIGNS = st.lists(
    st.sampled_from([" ", ", ", " – ", "—", "” ", "’", "… ", ". ", " « ", " » ", "\xa0", "\n"]), min_size=12
)


@settings(max_examples=300)
@given(SPELT, SIGNS)
def test_ordinary_text_in_any_language_stays(words: list[str], signs: list[str]) -> None:
    text = "".join(word + sign for word, sign in zip(words, signs, strict=False))
    assert repair(text) == (text, False)


@settings(max_examples=200)
@given(SPELT)
def test_text_that_was_spoilt_comes_back_or_stays(words: list[str]) -> None:
    text = " ".join(words)
    spoilt = text.encode().decode("latin-1")
    assert repair(spoilt)[0] in (text, spoilt)


PAIRS = Path(__file__).parents[3] / "shared" / "samples" / "mojibake-ftfy" / "synthetic.json"


@pytest.mark.skipif(not PAIRS.is_file(), reason="the real samples lie beside the repository only")
def test_real_pairs_are_put_right_or_left_alone() -> None:
    put_right = 0
    for pair in json.loads(PAIRS.read_text(encoding="utf-8")):
        fixed, was_spoilt = repair(pair["original"])
        if was_spoilt:
            assert fixed == pair.get("fixed-encoding", pair["fixed"])
            put_right += 1
    assert put_right >= 7


def test_long_text_is_repaired_in_time() -> None:
    with at_most(5):
        repair("Ã©" * 200_000)
        repair("É” " * 200_000)


RUSSIAN = "Паром вернулся к старому причалу в воскресенье.\nКапитан сказал, что рейс прошёл спокойно.\n"
JAPANESE = "フェリー、旧桟橋に戻る。\n船長は「静かな航海だった」と話した。\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        ("Το φέρι επέστρεψε την Κυριακή στην παλιά αποβάθρα.", "cp1253"),
        ("المعدية عادت إلى الرصيف القديم يوم الأحد.", "cp1256"),
        (JAPANESE, "euc-jp"),
        (JAPANESE, "cp932"),
        ("여객선이 다섯 달 만인 일요일 옛 부두로 돌아왔다.", "cp949"),
        ("渡轮停航五个月后，星期日重返旧码头。船长说，航行很平静。", "gb18030"),
    ],
)
def test_another_script_is_no_western_gibberish_and_is_read_where_it_is_the_fallback(text: str, encoding: str) -> None:
    with pytest.raises(UndecodableText, match="fallback_encoding"):
        decode(text.encode(encoding))
    assert decode(text.encode(encoding), fallback=encoding).text == text
    assert decode(text.encode(encoding), declared=encoding).text == text


@pytest.mark.parametrize(
    "text",
    [
        "Þá sá hún að ferjan var komin aftur á sinn stað.",
        "À Å É",
        "½ ¼ ¾ ½ ¼ ¾ ½ ¼ ¾",
        "Ça déçoit; là-bas l’été fut gâché.",
        "Tidvatten\n" + "12° 9°\n" * 30,
        "Tides\n" + "Wrenmouth ·························· 7\n" * 5,
        f"Tides\n{'¯' * 60}\nHigh water at noon.",
    ],
)
def test_western_text_is_no_gibberish(text: str) -> None:
    assert decode(text.encode("cp1252")).text == text


def test_the_escapes_of_japanese_mail_are_known_without_a_declaration() -> None:
    found = decode(JAPANESE.encode("iso2022_jp"))
    assert (found.text, found.guessed) == (JAPANESE, True)
    assert decode(b"a \x1b$ b").encoding == "utf-8"
