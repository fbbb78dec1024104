"""What documents tell of themselves: made ones of each kind, and damaged ones."""

import zipfile
from pathlib import Path

import pytest

from loader.check.documents import Document, read_document
from loader.check.documents.model import MOST_BYTES, MOST_PROPERTIES
from loader.descriptor.resources import DOCUMENT_TYPES

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CORE = (
    '<c:p xmlns:c="urn:c" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>総合計画</dc:title>'
    "<dc:creator>企画課</dc:creator><dc:language>ja-JP</dc:language>"
    "<dcterms:modified>2024-04-01T00:00:00Z</dcterms:modified></c:p>"
)
STYLES = (
    f'<w:styles {W}><w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="a"><w:name w:val="Normal"/></w:style></w:styles>'
)
ODT = (
    '<o:d xmlns:o="urn:o" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0">{}</o:d>'
)
META = (
    '<m xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"><dc:title>案内</dc:title>'
    "<meta:initial-creator>広報課</meta:initial-creator><dc:date>2024-05-01</dc:date></m>"
)
OPF = (
    '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<metadata><dc:title>市史</dc:title><dc:language>ja</dc:language></metadata><manifest>"
    '<item id="a" href="text/%E4%B8%80.xhtml"/></manifest><spine><itemref idref="a"/>'
    '<itemref idref="gone"/></spine></package>'
)
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)


def packed(path: Path, members: dict[str, str]) -> Path:
    """A zip file with these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def read(path: Path) -> Document | None:
    """What the document tells, its kind told by its suffix."""
    return read_document(path, DOCUMENT_TYPES[path.suffix])


def docx(path: Path, *paragraphs: str, styles: str = STYLES) -> Path:
    """A DOCX file with these paragraphs."""
    body = f"<w:document {W}><w:body>{''.join(paragraphs)}</w:body></w:document>"
    members = {"docProps/core.xml": CORE, "word/styles.xml": styles, "word/document.xml": body}
    return packed(path, members)


def paragraph(text: str, style: str = "a") -> str:
    """A paragraph of WordprocessingML."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


def test_docx(tmp_path: Path) -> None:
    empty = "<w:p/>" * 9
    table = f"<w:tbl><w:tr><w:tc>{empty}</w:tc></w:tr></w:tbl>"
    good = read(docx(tmp_path / "a.docx", paragraph("第1章", "1"), paragraph("　本文"), table))
    assert good == Document(
        title="総合計画",
        creator="企画課",
        language="ja-JP",
        modified="2024-04-01T00:00:00Z",
        headings=True,
        layout=False,
        tables=True,
    )
    poor = read(docx(tmp_path / "b.docx", *[paragraph("日　　時")] * 3))
    assert poor is not None
    assert (poor.headings, poor.layout, poor.tables) == (False, True, False)
    outline = '<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:p>'
    plain = read(docx(tmp_path / "c.docx", outline, *[paragraph("")] * 2, styles=""))
    assert plain is not None
    assert (plain.headings, plain.layout) == (True, False)


def test_odt(tmp_path: Path) -> None:
    text = ODT.format("<text:h>章</text:h><table:table/>" + "<text:p>日<text:s/>時</text:p>" * 3)
    found = read(packed(tmp_path / "a.odt", {"meta.xml": META, "content.xml": text}))
    assert found is not None
    assert found.properties == {"title": "案内", "creator": "広報課", "modified": "2024-05-01"}
    assert (found.headings, found.layout, found.tables) == (True, True, True)
    bare = read(packed(tmp_path / "b.odt", {"content.xml": ODT.format("<text:p>文</text:p>")}))
    assert bare == Document(headings=False, layout=False, tables=False)


def test_epub(tmp_path: Path) -> None:
    chapter = "<html><body><h1>序</h1><p>文</p></body></html>"
    members = {
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": OPF,
        "OEBPS/text/一.xhtml": chapter,
    }
    found = read(packed(tmp_path / "a.epub", members))
    assert found is not None
    assert found.properties == {"title": "市史", "language": "ja"}
    assert (found.headings, found.layout, found.tables) == (True, False, False)
    empty = read(packed(tmp_path / "b.epub", {"mimetype": "application/epub+zip"}))
    assert empty == Document()


HTML = [
    (
        b'<!DOCTYPE html><html lang="ja"><head><meta charset="UTF-8"><title> A\n B </title>'
        b'<meta name="author" content="X"></head><body><h1>A</h1><table></table></body></html>',
        Document("A B", "X", "ja", None, True, False, True, "UTF-8", True),
    ),
    (
        '<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS"><title>案内</title>'
        "日　　時<br><br><b>所　　在</b><pre>　　</pre>".encode("cp932"),
        Document("案内", None, None, None, False, True, False, "Shift_JIS", False),
    ),
    (
        b'<?xml version="1.0" encoding="EUC-JP"?><html></html>',
        Document(None, None, None, None, False, False, False, "EUC-JP", True),
    ),
    (
        b"\xef\xbb\xbf<p>a<br>b<br>c</p><meta charset>",
        Document(None, None, None, None, False, False, False, "UTF-8", True),
    ),
    (b"<p>a", Document(None, None, None, None, False, False, False, None, True)),
]


@pytest.mark.parametrize(("content", "expected"), HTML)
def test_html(content: bytes, expected: Document, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(content)
    assert read(tmp_path / "a.html") == expected


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        (
            "a.txt",
            "題\n本文\n".encode(),
            Document(None, None, None, None, False, False, is_utf8=True),
        ),
        ("a.txt", "題".encode("cp932"), Document(headings=False, layout=False, is_utf8=False)),
        ("a.md", b"# A\n", Document(headings=True, layout=False, is_utf8=True)),
        ("a.txt", b"a\n\n\n\n\nb", Document(headings=False, layout=True, is_utf8=True)),
    ],
)
def test_plain_text(name: str, content: bytes, expected: Document, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert read(tmp_path / name) == expected


XMP = (
    "<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>報告 &amp; 書</rdf:li></rdf:Alt></dc:title>"
    "<xmp:ModifyDate>2024-04-01</xmp:ModifyDate>"
)
PDF = [
    (XMP.encode() + b"/Lang (ja-JP) /MarkInfo << /Marked true >>",
     Document("報告 & 書", None, "ja-JP", "2024-04-01", True)),
    (b"<< /Title (A \\(1\\)) /Author <FEFF5E02> /Producer (x) >> endobj", Document("A (1)", "市")),
    (b"<< /Producer (x) /Title (\xef\xbb\xbf\xe5\xb8\x82) /Author <41> >>", Document("市", "A")),
    (b"/Encrypt 5 0 R << /Producer (x) /Title (\x8f\x01) >>", Document()),
    (b"<< /Title () /ModDate (x) >>", Document()),
    (b"<< /Title (bookmark) >>", Document()),
    (b"/Producer (of no dictionary) /Title (x)", Document()),
    (b"<dc:title>", Document()),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), PDF)
def test_pdf(content: bytes, expected: Document, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n" + content)
    assert read(tmp_path / "a.pdf") == expected


def test_a_long_pdf_is_read_at_both_ends(tmp_path: Path) -> None:
    content = b"%PDF-1.7 /Lang (ja)" + bytes(5_000_000) + b"<</Title (last)/Producer ()"
    (tmp_path / "a.pdf").write_bytes(content)
    assert read(tmp_path / "a.pdf") == Document("last", None, "ja")


ENTITIES = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


@pytest.mark.parametrize(
    "members",
    [
        {"word/document.xml": "<a>"},
        {"word/document.xml": ENTITIES},
        {"word/document.xml": f"<a>{' ' * MOST_BYTES}</a>"},
        {"word/document.xml": "<a>" * 2000 + "</a>" * 2000},
        {"docProps/core.xml": f"<a>{' ' * MOST_PROPERTIES}</a>"},
    ],
)
def test_a_document_that_cannot_be_read_tells_nothing(
    members: dict[str, str], tmp_path: Path
) -> None:
    assert read(packed(tmp_path / "a.docx", members)) is None
    (tmp_path / "b.docx").write_bytes(b"no zip file")
    assert read(tmp_path / "b.docx") is None
    assert read(tmp_path / "absent.docx") is None


@pytest.mark.parametrize("suffix", [".pdf", ".html", ".txt"])
@pytest.mark.parametrize(
    "piece",
    [
        b"<dc:title>",
        b"/Title(",
        b"/MarkInfo<<",
        b"<!--",
        b"<a ",
        b"<![",
        b"</",
        b"/Lang(a",
        b"<p>",
        b" ",
    ],
)
def test_what_never_ends_is_given_up(piece: bytes, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(piece * (4_000_000 // len(piece)))
    found = read(path)
    assert found is not None
    assert found.properties == {}


def test_other_kinds_are_not_looked_into(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    assert read(tmp_path / "a.doc") is None
