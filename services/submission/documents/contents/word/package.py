"""A Word document as a package of parts, opened without trusting any of it."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile

from services.submission.documents.contents.word.xml import Element, attribute, parse
from services.submission.documents.intake import members
from services.submission.documents.limits import MAX_WORD_PARTS, MAX_XML_BYTES, Budget
from services.submission.documents.refusals import UnreadableError

_SAVE_AGAIN = "Open it in Word, save it under a new name and upload that."
_MAIN = "wordprocessingml.document.main+xml"
_TYPES = "[Content_Types].xml"
_MACROS = b"macroEnabled.main+xml"
_UNREADABLE: tuple[type[Exception], ...] = (KeyError, *members.DAMAGE)
_STRICT = b"http://purl.oclc.org/ooxml/"
_OFFICE_DOCUMENT = "/officeDocument"


@dataclass(frozen=True, slots=True)
class Relation:
    """A named link from one part to another, or to the outside."""

    type: str
    target: str
    """Name of the part; an address when the link leads outside."""
    is_external: bool


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of one document."""

    archive: ZipFile
    main: str
    """Name of the part that holds the text."""

    def read(self, part: str) -> bytes:
        """Return the bytes of a part.

        Raises:
            UnreadableError: the part is not there or damaged.
        """
        try:
            return self.archive.read(part)
        except _UNREADABLE as error:
            reason = "The document is damaged: part of it cannot be unpacked."
            raise UnreadableError(reason, _SAVE_AGAIN) from error

    def xml(self, part: str) -> Element:
        """Return the root of a part that holds XML.

        Raises:
            UnreadableError: missing, damaged, too large, or not plain XML.
        """
        if part in self and self.archive.getinfo(part).file_size > MAX_XML_BYTES:
            reason = "The text of the document is far too large."
            raise UnreadableError(reason, "Split it, or leave out what is not cited.")
        return parse(self.read(part))

    def __contains__(self, part: str) -> bool:
        """Tell whether there is a part of this name."""
        return part in self.archive.NameToInfo

    def relations(self, part: str) -> Mapping[str, Relation]:
        """Return the links from *part* by their id; none when it has none."""
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        if relations not in self:
            return {}
        return {
            attribute(each, "Id") or "": _relation(each, folder)
            for each in self.xml(relations)
        }


def open_package(data: bytes, budget: Budget) -> Package:
    """Return the document in *data*, whose parts are counted against *budget*.

    Raises:
        UnreadableError: damaged, hostile, with macros, or not a Word document.
    """
    try:
        archive = ZipFile(BytesIO(data))
        is_hostile = any(members.overlapping(archive.infolist()))
    except members.DAMAGE as error:
        raise UnreadableError("The document is damaged.", _SAVE_AGAIN) from error
    if is_hostile or len(archive.infolist()) > MAX_WORD_PARTS:
        raise UnreadableError("The document is not built like one.", _SAVE_AGAIN)
    for info in archive.infolist():
        members.refuse_hostile(info)
    unpacked_bytes = sum(info.file_size for info in archive.infolist())
    if not budget.spend(unpacked_bytes):
        reason = f"With its {unpacked_bytes:,} bytes unpacked, the upload is too large."
        raise UnreadableError(reason, "Make its pictures smaller.")
    _refuse_macros(archive)
    return Package(archive, _main_part(archive))


def _refuse_macros(archive: ZipFile) -> None:
    has_project = any(
        name.casefold().endswith(("vbaproject.bin", "vbadata.xml"))
        for name in archive.namelist()
    )
    package = Package(archive, "")
    if has_project or (_TYPES in package and _MACROS in package.read(_TYPES)):
        reason = "The document holds macros."
        remedy = "Save it as an ordinary Word document (.docx), which holds no macros."
        raise UnreadableError(reason, remedy)


def _main_part(archive: ZipFile) -> str:
    """Return the name of the text's part, which some programs call document2.xml."""
    package = Package(archive, "")
    if _TYPES not in package:
        raise _not_word()
    types = {
        (attribute(each, "PartName") or "").lstrip("/"): attribute(each, "ContentType")
        for each in package.xml(_TYPES)
    }
    for each in package.relations("").values():
        is_main = each.type.endswith(_OFFICE_DOCUMENT) and not each.is_external
        if is_main and (types.get(each.target) or "").endswith(_MAIN):
            _refuse_strict(package, each.target)
            return each.target
    raise _not_word()


def _refuse_strict(package: Package, main: str) -> None:
    if _STRICT in package.read(main)[:4096]:
        reason = "It is saved as Strict Open XML, which is not read."
        raise UnreadableError(reason, "Save it in Word as 'Word Document (.docx)'.")


def _relation(element: Element, folder: str) -> Relation:
    target = attribute(element, "Target") or ""
    is_external = attribute(element, "TargetMode") == "External"
    if not is_external:
        target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    return Relation(attribute(element, "Type") or "", target, is_external)


def _not_word() -> UnreadableError:
    reason = "Its content is not that of a Word document."
    return UnreadableError(reason, "Save it again in Word as .docx.")
