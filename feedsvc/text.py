"""Plain text: bytes to text, characters that XML allows, slugs, cutting to length."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from feedsvc.memo import memoised

_BOMS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_SUPERSETS = {
    # What is labelled so is in practice the larger set: the WHATWG Encoding Standard, section 4.2.
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_LABELS = {
    # What the same standard knows by these names, and Python does not.
    "dos-874": "cp874",
    "windows-874": "cp874",
    "windows-949": "cp949",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-8-i": "iso8859-8",
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "x-x-big5": "big5hkscs",
    "x-euc-jp": "euc_jp",
    "x-mac-roman": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    **{f"x-cp{number}": f"cp{number}" for number in range(1250, 1259)},
}
_WIDE = ("utf-16", "utf-32")
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "utf-7", "undefined"})
"""Python codecs that turn bytes into text and are no character set that a file may be written in."""

_ENCODING_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+()-]{0,39}", re.ASCII)
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
    + "".join(chr((plane << 16) + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
_SAFE_ASCII = bytes((0x09, 0x0A, 0x0D, *range(0x20, 0x80)))
_LONG = 200
_REMEDY = "save the file as UTF-8, or name the encoding of your files in [content] fallback_encoding"
_FEWEST_SIGNS = 20
_SAMPLE = 20
_WESTERN = re.compile("[\xa1-\xff]")
_WESTERN_LETTERS = re.compile("[\xc0-\xd6\xd8-\xf6\xf8-\xff]")
_SPOILT = re.compile(
    "[\xc2-\xf4](?:[\x80-\x9f\xa1-\xaa\xac-\xba\xbc-\xbf€‚ƒ„†‡ˆ‰Š‹ŒŽ•˜š›œžŸ]"
    "|(?<![A-Z\xc0-\xde][\xc2-\xf4])(?:[‘’“”…–™«»](?=[^\\W\\d_])|(?<=Ã) |(?<=[ÂÃ])\xa0))"
)
"""The first byte of a character in UTF-8 and the next one, as Windows-1252 shows them.

Behind a word in capitals that ends with such a letter, a quote, a dash or a space is no sign: “A MANHÃ”.
"""
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_HIGH_CONTROLS = re.compile("[\x7f-\x9f]")
_SIGNS = {code: bytes((code,)).decode("cp1252", "ignore") for code in range(0x80, 0xA0)} | {0x7F: ""}
"""What is meant by the controls that end ASCII and follow it: what Windows-1252 has there, if anything."""
_ASCII_WORD = re.compile("[a-z0-9]+")
_MARK_RUN = 30
"""The longest run of combining marks in real text (Unicode Standard Annex #15, Stream-Safe Text Format)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Bytes as text. *encoding* is the codec's name; *guessed* where no BOM, UTF-8 or declaration decided it.

    The text is NFC-neutral (not normalised), has ``\\n`` line ends only, no BOM, and no character that
    XML 1.0 forbids.
    """

    text: str
    encoding: str
    guessed: bool = False


class UndecodableText(ValueError):
    """The bytes are no text in any encoding that may be tried; *line* holds the first bad byte."""

    def __init__(self, message: str, *, line: int) -> None:
        super().__init__(message)
        self.line = line


def decode(data: bytes, *, declared: str = "", fallback: str = "cp1252") -> Decoded:
    """Decode *data*: BOM, strict UTF-8, *declared*, then *fallback* if every byte is defined in it.

    *fallback* must also give no control characters and no gibberish; where it is empty, nothing is guessed but the
    escapes of ISO-2022-JP. A name that is
    unknown is passed over. Raises UndecodableText and nothing else.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded(_by_mark(data[len(mark) :], encoding), encoding)
    charset = _charset(declared)
    if b"\0" in data:
        return _wide(data, charset)
    if charset.startswith("iso2022") and b"\x1b" in data:
        # These write other scripts in seven bits, which are also valid UTF-8 and would come out as gibberish.
        text = _try(data, charset)
        if text is not None:
            return _decoded(text, charset)
    if b"\x1b$" in data and not charset:
        text = _try(data, "iso2022_jp_2")
        if text is not None and not text.isascii():
            return _decoded(text, "iso2022_jp_2", guessed=True)
    try:
        return _decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        line, bad = _line_of(data, error.start), data[error.start]
    guess = _charset(fallback)
    for encoding in (charset, guess):
        # Text in UTF-16 or UTF-32 has NUL bytes in each space and line end: these bytes are none.
        text = None if encoding.startswith(_WIDE) else _try(data, encoding)
        if text is not None and _CONTROLS.search(text) is None:
            if encoding != charset and (sample := _gibberish(text)):
                raise UndecodableText(
                    f"line {line}: the text is not UTF-8, and read as {encoding} it is gibberish (“{sample}”); "
                    + _REMEDY,
                    line=line,
                )
            return _decoded(text, encoding, guessed=encoding != charset)
    tried = " nor ".join(dict.fromkeys(["UTF-8", *filter(None, (charset, guess))]))
    raise UndecodableText(f"line {line}: the byte 0x{bad:02X} is not valid in {tried}; {_REMEDY}", line=line)


def _gibberish(text: str) -> str:
    """The first such words where *text* is another script in the letters of Western Europe; empty where it is none.

    No language of theirs has half as many accented letters and signs as plain ones: "Ïàðîì âåðíóëñÿ". Signs alone are
    a table: "12°", "Wrenmouth ······ 7".
    """
    high = len(_WESTERN.findall(text))
    if high < _FEWEST_SIGNS or high * 2 < len("".join(text.split())) - high:
        return ""
    if len(_WESTERN_LETTERS.findall(text)) * 5 < high:
        return ""
    found = _WESTERN.search(text)
    return one_line(text[found.start() :][:_SAMPLE]) if found is not None else ""


def _decoded(text: str, encoding: str, *, guessed: bool = False) -> Decoded:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Decoded(text=xml_safe(text.lstrip("\ufeff")), encoding=encoding, guessed=guessed)


def _by_mark(data: bytes, encoding: str) -> str:
    """*data* in the encoding that its byte order mark states: a mark leaves nothing to try."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "ignore").count("\n") + 1
        raise UndecodableText(
            f"line {line}: the file begins with the mark of {encoding.upper()} and is not {encoding.upper()} "
            "here; save the file as UTF-8",
            line=line,
        ) from None
    if "\0" in text:
        raise _binary(text.count("\n", 0, text.index("\0")) + 1)
    return text


def _wide(data: bytes, charset: str) -> Decoded:
    """Text with NUL bytes: UTF-16 or UTF-32 without a mark where that is declared, else no text at all."""
    if charset.startswith(_WIDE):
        if charset == "utf-16":
            # Spaces, line ends and Latin letters have their zero in the heavy half of each unit.
            charset += "-le" if data[1::2].count(0) > data[::2].count(0) else "-be"
        elif charset == "utf-32":
            charset += "-be" if data.startswith(b"\0") else "-le"
        text = _try(data, charset)
        if text is not None and _CONTROLS.search(text) is None:
            return _decoded(text, charset)
    raise _binary(_line_of(data, data.index(b"\0")))


def _binary(line: int) -> UndecodableText:
    return UndecodableText(f"line {line}: there is a NUL byte, so this is no text file", line=line)


def _charset(name: str) -> str:
    """The codec that a declared *name* stands for in practice; empty where there is none."""
    name = name.strip().strip("\"'")
    if not _ENCODING_NAME.fullmatch(name):
        return ""
    try:
        known = codecs.lookup(_LABELS.get(name.lower(), name)).name
    except (LookupError, ValueError):
        return ""
    return "" if known in _NO_CHARSETS else _SUPERSETS.get(known, known)


def _try(data: bytes, charset: str) -> str | None:
    if not charset:
        return None
    try:
        return data.decode(charset)
    except (LookupError, ValueError):  # LookupError: a codec of Python's that gives no text, such as "hex"
        return None


def _line_of(data: bytes, offset: int) -> int:
    """The line that holds the byte at *offset*, counted from 1, whatever ends the lines."""
    before = data[:offset]
    return before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n") + 1


def xml_safe(text: str) -> str:
    """*text* without the characters outside the Char production of XML 1.0 section 2.2.

    The non-characters that end each plane go too: the same section advises against them.
    """
    # The usual cases, a hundred and twenty times faster: nothing is left of long ASCII without what is safe.
    if len(text) > _LONG and text.isascii():
        if not text.encode().translate(None, _SAFE_ASCII):
            return text
    elif text.replace("\n", "").isprintable():
        return text
    return _FORBIDDEN.sub("", text)


def without_controls(text: str) -> str:
    """*text* with the signs of Windows-1252 in place of the controls U+0080 to U+009F, and without U+007F.

    No article means those controls: somebody read Windows-1252 as Latin-1, or wrote ``&#146;`` for an apostrophe, as
    browsers read it.
    """
    return text.translate(_SIGNS) if _HIGH_CONTROLS.search(text) else text


def repair(text: str) -> tuple[str, bool]:
    """*text* with UTF-8 that somebody read as a single-byte encoding ("cafÃ©") put right, and whether it was.

    Only where all of it goes back: every character of *text* must have a byte in that encoding, and the bytes must
    be UTF-8 that gives *text* again. A text that is right, or spoilt in part, or past repair stays as it is.
    """
    if text.isascii() or _SPOILT.search(text) is None or "\ufffd" in text:
        return text, False
    import ftfy
    from ftfy.badness import is_bad

    known = ftfy.TextFixerConfig(
        unescape_html=False,
        uncurl_quotes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        normalization=None,
        replace_lossy_sequences=False,
        decode_inconsistent_utf8=False,
        fix_c1_controls=False,
    )
    fixed, steps = ftfy.fix_encoding_and_explain(text, known)
    if (
        fixed == text
        or is_bad(fixed)
        or not _goes_back(fixed, [one[1] for one in steps or () if one[0] == "encode"], text)
    ):
        return text, False
    return xml_safe(fixed), True


def _goes_back(fixed: str, encodings: Sequence[str], text: str) -> bool:
    """Whether *fixed*, written as UTF-8 and read in each of *encodings* from the last on, is *text* again."""
    try:
        for encoding in reversed(encodings):
            fixed = fixed.encode().decode(encoding)
    except ValueError:
        return False
    # No-break spaces are often lost on the way: "Ã " was "à" once.
    return fixed.replace("\xa0", " ") == text.replace("\xa0", " ")


def one_line(text: str) -> str:
    """*text* with every run of white space as one space, none at the ends."""
    return " ".join(text.split())


def nfc(text: str) -> str:
    """*text* in Unicode's normalisation form C, in time that grows with its length alone.

    The standard's own way takes quadratic time over a long run of combining marks; what passes the 30 marks
    that Unicode Standard Annex #15 allows in its Stream-Safe Text Format is therefore dropped.
    """
    if text.isascii():
        return text
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= _MARK_RUN:
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


def slug(text: str, *, limit: int = 0) -> str:
    """*text* as a slug: NFC, lower case, letters, digits and combining marks of every script, the rest ``-``.

    At most *limit* characters (cut between words where one ends in the second half); 0 means no limit.
    Empty where nothing is left. ``slug(slug(x)) == slug(x)``.
    """
    whole = _slug(text)
    return _shortened(whole, limit) if limit else whole


@memoised(4096, longest=200)
def _slug(text: str) -> str:
    if text.isascii():
        return "-".join(_ASCII_WORD.findall(text.lower()))
    kept: list[str] = []
    for char in nfc(text).lower():
        kind = unicodedata.category(char)[0]
        if kind in "LN":
            kept.append(char)
        elif kind != "M":
            if kept and kept[-1] != "-":
                kept.append("-")
        elif kept and kept[-1] != "-":  # a mark without its letter is the rest of an emoji
            kept.append(char)
    return nfc("".join(kept)).strip("-")


def _shortened(whole: str, limit: int) -> str:
    if len(whole) <= limit:
        return whole
    end = limit
    if whole[limit] != "-":
        word = whole.rfind("-", 0, limit)
        end = word if word >= limit / 2 else _whole_character(whole, limit)
    return whole[:end].strip("-")


def cut(text: str, limit: int) -> str:
    """*text* cut between words to at most *limit* characters, with ``…`` where something was cut."""
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    end = limit - 1
    if not text[end].isspace():
        words = re.search(r"\s\S*\Z", text[end // 2 : end])
        # Scripts without spaces, and one endless word, are cut where the room ends.
        end = end // 2 + words.start() if words else _whole_character(text, end)
    return text[:end].rstrip(" \t\n\r\xa0,;:–—-(") + "…"


def _whole_character(text: str, end: int) -> int:
    """*end*, moved back so that ``text[:end]`` parts no letter from its combining marks."""
    back = end
    while back > max(0, end - _MARK_RUN) and unicodedata.category(text[back])[0] == "M":
        back -= 1
    return back or end
