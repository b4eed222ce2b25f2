"""An empty Word document to begin with, and a full one packed.

Neither depends on the clock or the machine.
"""

import io
from functools import cache
from zipfile import ZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE

from services.submission.documents.packing import pack_files

_USED_STYLES = frozenset(
    {"Normal", "Title", "Quote", "Caption", "List Bullet", "List Number",
     "Table Grid", "Normal Table", "Default Paragraph Font", "No List"}
    | {f"Heading {level}" for level in range(1, 7)}
)  # fmt: skip


def empty_document() -> WordDocument:
    """Return a document without anything in it."""
    return Document(io.BytesIO(_blank()))


def saved(document: WordDocument) -> bytes:
    """Return *document* as the bytes of its file."""
    written = io.BytesIO()
    document.save(written)
    with ZipFile(written) as package:
        return pack_files({name: package.read(name) for name in package.namelist()})


@cache
def _blank() -> bytes:
    """Return an empty document with the few styles that are used, for speed."""
    document = Document()
    styles = document.styles.element
    for style in list(styles.findall(f"{{{styles.nsmap['w']}}}style")):
        if style.name_val not in {*_USED_STYLES, *(s.lower() for s in _USED_STYLES)}:
            styles.remove(style)
    relations = document.part.rels
    for key in [
        key
        for key, relation in relations.items()
        if relation.reltype.endswith(("stylesWithEffects", "customXml"))
    ]:
        del relations[key]
    package = document.part.package.rels
    for key in [
        key
        for key, relation in package.items()
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL
    ]:
        del package[key]
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()
