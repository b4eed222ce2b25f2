"""Small documents and uploads built for one test each, and a way to read them."""

import io
import struct
import zlib
from dataclasses import dataclass, field
from zipfile import ZIP_DEFLATED, ZipFile

from services.submission.documents.contents import Content, read_content
from services.submission.documents.intake import survey
from services.submission.documents.intake.kinds import Kind
from services.submission.documents.layout import Workspace, assemble
from services.submission.documents.limits import Budget, budget_of
from services.submission.documents.packing import pack_files
from services.submission.documents.portfolio import Portfolio
from services.submission.documents.refusals import Problems
from shared.contracts.programme import Programme, Sourced, Template
from shared.programmes import load_programme

ATS = load_programme("ATS")
PLENTY = 10**9

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{_W}" xmlns:r="{_OFFICE}/relationships"'
    f' xmlns:m="{_OFFICE}/math"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
    'wordprocessingDrawing"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_MAIN_TYPE = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
)
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/>'
    f"{more}</w:style>"
    for style_id, name, more in (
        ("Heading1", "heading 1", ""),
        ("Heading2", "heading 2", ""),
        ("Title", "Title", ""),
        ("Quote", "Quote", "<w:rPr><w:i/></w:rPr>"),
        ("Caption", "caption", ""),
        ("Mine", "My own heading", '<w:basedOn w:val="Heading2"/>'),
        ("Outlined", "Chapter", '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>'),
        ("Loop", "Loop", '<w:basedOn w:val="Loop"/>'),
    )
)


def paragraph(text: str, style: str = "", *, bold: bool = False) -> str:
    """Return a paragraph of one run as XML."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    look = "<w:rPr><w:b/></w:rPr>" if bold else ""
    words = f'<w:t xml:space="preserve">{text}</w:t>'
    return f"<w:p>{properties}<w:r>{look}{words}</w:r></w:p>"


def root(name: str, inside: str) -> str:
    """Return an XML part with the root element *name*."""
    return f'<?xml version="1.0"?><{name} {_NAMESPACES}>{inside}</{name}>'


@dataclass(slots=True)
class WordParts:
    """The parts of a document and the links between them."""

    body: str
    styles: str = STYLES
    parts: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Kind and target of each link by id; a target with :// is outside."""
    main_type: str = _MAIN_TYPE

    def packed(self) -> bytes:
        """Return the document as the bytes of a .docx."""
        links = {"styles": ("styles", "styles.xml"), **self.links}
        return pack_files(
            {
                "[Content_Types].xml": self._types(),
                "_rels/.rels": _relations(
                    {"main": ("officeDocument", "word/document.xml")}
                ),
                "word/document.xml": root(
                    "w:document", f"<w:body>{self.body}</w:body>"
                ).encode(),
                "word/_rels/document.xml.rels": _relations(links),
                "word/styles.xml": root("w:styles", self.styles).encode(),
                **self.parts,
            }
        )

    def _types(self) -> bytes:
        return (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
            'content-types"><Override PartName="/word/document.xml"'
            f' ContentType="{self.main_type}"/></Types>'
        ).encode()


def _relations(links: dict[str, tuple[str, str]]) -> bytes:
    outside = ' TargetMode="External"'
    each = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/relationships/{kind}"'
        f' Target="{target}"{outside if "://" in target else ""}/>'
        for key, (kind, target) in links.items()
    )
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships">{each}</Relationships>'
    ).encode()


def word(body: str, **parts: bytes) -> bytes:
    """Return a .docx with *body* and the styles of this module."""
    return WordParts(body, parts=dict(parts)).packed()


def read_word_bytes(data: bytes) -> Content:
    """Return what a .docx contains."""
    return read_content(Kind.WORD, data, Budget(PLENTY))


def read_body(body: str) -> Content:
    """Return what a .docx with *body* contains."""
    return read_word_bytes(word(body))


def workbook(*, without: str = "", words: str = "Words of the section.") -> bytes:
    """Return a workbook with every section of the template, but for one."""
    return word(
        paragraph("Advanced Teacher Status workbook", "Title")
        + paragraph("Participant: Ann Lee   E-mail: a.lee@x.example")
        + "".join(
            paragraph(section.title, "Heading1") + paragraph(words)
            for section in template("workbook").sections
            if section.key != without
        )
    )


def phases() -> dict[str, bytes]:
    """Return the smallest folder with every section of the phases template."""
    names = [
        section.key for section in template("phases").sections if not section.parts
    ]
    parts = ["colleague", "manager", "learner-1", "learner-2", "learner-3"]
    return {
        "portfolio.yaml": b"programme: ATS\ntemplate: phases\n",
        **{f"{name}.md": f"# {name}\n\nWords.".encode() for name in names},
        **{f"360/{part}.md": f"Words of {part}.".encode() for part in parts},
    }


def template(code: str) -> Template:
    """Return a template of ATS."""
    found = ATS.template(code)
    assert found is not None
    return found


def limited(**limits: int) -> Programme:
    """Return ATS with other limits on uploads."""
    changed = {
        name: Sourced[int](value=value, source="P") for name, value in limits.items()
    }
    uploads = ATS.policy.uploads.model_copy(update=changed)
    policy = ATS.policy.model_copy(update={"uploads": uploads})
    return ATS.model_copy(update={"policy": policy})


def read(
    upload: bytes | dict[str, bytes],
    *,
    name: str | None = None,
    programme: Programme = ATS,
    kept: dict[str, bytes] | None = None,
) -> Portfolio:
    """Return the portfolio in a .docx, or in a folder given as its files."""
    is_folder = isinstance(upload, dict)
    data = pack_files(upload) if isinstance(upload, dict) else upload
    name = name or ("folder.zip" if is_folder else "workbook.docx")
    kept = {} if kept is None else kept
    policy, problems = programme.policy.uploads, Problems()
    budget = budget_of(policy)
    stream = io.BytesIO(data)
    found = survey(stream, name, policy=policy, budget=budget, problems=problems)
    return assemble(found, Workspace((programme,), kept.__setitem__, budget, problems))


def zipped(files: dict[str, bytes]) -> bytes:
    """Return *files* as a zip in the order given; names may be anything."""
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def png(width_px: int = 3, height_px: int = 2) -> bytes:
    """Return a whole grey picture."""
    rows = b"".join(b"\0" + b"\x80" * width_px for _ in range(height_px))
    header = struct.pack(">IIBBBBB", width_px, height_px, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + body))
    return struct.pack(">I", len(body)) + name + body + check
