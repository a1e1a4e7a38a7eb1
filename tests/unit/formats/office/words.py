"""Word documents for tests, written part by part."""

from __future__ import annotations

import io
import zipfile
from html import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES = (
    f'xmlns:w="{W}" xmlns:r="{_R}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def par(text: str = "", *, style: str = "", inner: str = "") -> str:
    """A paragraph in a style, by its id."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{run(text) if text else ''}{inner}</w:p>"


def picture(relation: str, alt: str = "") -> str:
    return (
        f'<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="{alt}"/><a:graphic><a:graphicData>'
        f'<pic:pic><pic:blipFill><a:blip r:embed="{relation}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>"
    )


def docx(
    *body: str,
    core: str = "",
    styles: dict[str, str] | None = None,
    hidden: tuple[str, ...] = (),
    pictures: dict[str, tuple[str, bytes]] | None = None,
    parts: dict[str, bytes] | None = None,
    kind: str = MAIN,
) -> bytes:
    """A document. *styles*: id to name; *pictures*: relation to file name and bytes; *parts* are added as they are."""
    named = {"Title": "Title", "Heading1": "heading 1", "Heading2": "heading 2", **(styles or {})}
    style_xml = "".join(
        f'<w:style w:type="{"character" if one in hidden and one.startswith("C") else "paragraph"}" w:styleId="{one}">'
        f'<w:name w:val="{name}"/>{"<w:rPr><w:vanish/></w:rPr>" if one in hidden else ""}</w:style>'
        for one, name in named.items()
    )
    relations = "".join(
        f'<Relationship Id="{one}" Type="{_R}/image" Target="media/{name}"/>'
        for one, (name, _) in (pictures or {}).items()
    )
    relations += (
        f'<Relationship Id="link" Type="{_R}/hyperlink" Target="https://else.example/a?b=1" TargetMode="External"/>'
    )
    space = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    files: dict[str, bytes] = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="png" ContentType="image/png"/><Default Extension="emf" ContentType="image/x-emf"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="svg" ContentType="image/svg+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
        ).encode(),
        "_rels/.rels": f'<Relationships {space}><Relationship Id="d" Type="{_R}/officeDocument" Target="word/document.xml"/></Relationships>'.encode(),
        "word/_rels/document.xml.rels": f"<Relationships {space}>{relations}</Relationships>".encode(),
        "word/document.xml": f"<w:document {_SPACES}><w:body>{''.join(body)}</w:body></w:document>".encode(),
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{style_xml}</w:styles>'.encode(),
    }
    if core:
        files["docProps/core.xml"] = (
            '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
            f"{core}<dcterms:created>2001-01-01T00:00:00Z</dcterms:created></cp:coreProperties>"
        ).encode()
    files |= {f"word/media/{name}": data for name, data in (pictures or {}).values()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**files, **(parts or {})}.items():
            archive.writestr(name, data)
    return target.getvalue()
