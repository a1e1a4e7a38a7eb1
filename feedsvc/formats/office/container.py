"""What a ZIP archive or an old compound file is: a Word document, or something that is refused with a word."""

from __future__ import annotations

import io
import zipfile

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES = "[Content_Types].xml"
_TYPES_LIMIT = 1_000_000
_SAVE = "save it as a Word document (.docx), and drop that"
_BY_TYPE = (
    ("wordprocessingml.template", f"a Word template; {_SAVE}"),
    ("ms-word.document.macroEnabled", f"a Word document with macros, which is not read; {_SAVE}"),
    ("ms-word.template", f"a Word template with macros; {_SAVE}"),
    ("spreadsheetml", "a spreadsheet; save its text, and drop that"),
    ("ms-excel", "a spreadsheet; save its text, and drop that"),
    ("presentationml", "a presentation; save its text, and drop that"),
    ("ms-powerpoint", "a presentation; save its text, and drop that"),
)
_BY_MIMETYPE = (
    (b"application/vnd.oasis.opendocument.text", f"an OpenDocument text (.odt); {_SAVE}"),
    (b"application/vnd.oasis.opendocument", "an OpenDocument file; save its text, and drop that"),
    (b"application/epub+zip", "an e-book; save its text, and drop that"),
)
_PAGES = ("Index/Document.iwa", "Index.zip", "index.apxl", "index.xml.gz")


def is_docx(data: bytes) -> bool:
    """Whether *data* is a Word document without macros. Never raises."""
    return data.startswith(b"PK\x03\x04") and DOCX in _types(data)[0]


def told(data: bytes) -> str:
    """What the archive or compound file *data* is, and what to do with it. Never raises."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return "a Word document behind a password; take the password off, and save it anew"
        return f"an old office document (.doc); {_SAVE}"
    types, names = _types(data)
    for sign, kind in _BY_TYPE:
        if sign in types:
            return kind
    if DOCX in types:
        return "a Word document"
    for mimetype, kind in _BY_MIMETYPE:
        if mimetype in data[:200]:
            return kind
    if any(name in names for name in _PAGES):
        return "a Pages document; export it as a Word document (.docx), and drop that"
    if "word/document.xml" in names:
        return f"a damaged Word document; open it, {_SAVE}"
    return "a ZIP archive; unpack it, and drop what is inside"


def _types(data: bytes) -> tuple[str, frozenset[str]]:
    """The list of content types of an office document, and the names in the archive; empty where it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = frozenset(archive.namelist())
            if _TYPES not in names or archive.getinfo(_TYPES).file_size > _TYPES_LIMIT:
                return "", names
            return archive.read(_TYPES).decode("utf-8", "replace"), names
    except Exception:  # whatever a broken archive makes the reader stumble over
        return "", frozenset()
