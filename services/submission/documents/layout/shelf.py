"""Files read one by one: the originals go to the evidence, the problems to a list."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from services.submission.documents.contents import Content, content_id, read_content
from services.submission.documents.intake.archive import SourceFile
from services.submission.documents.intake.kinds import (
    Kind,
    kind_of,
    refuse_disguised,
)
from services.submission.documents.limits import Budget
from services.submission.documents.portfolio import EvidenceFile
from services.submission.documents.refusals import Problems, UnreadableError


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file with its kind, its content, and the id its original is kept under."""

    name: str
    kind: Kind
    content: Content
    evidence_id: str


@dataclass(slots=True)
class Shelf:
    """Reads files and keeps each distinct content once."""

    keep: Callable[[str, bytes], None]
    """Puts bytes away under an id."""
    budget: Budget
    problems: Problems
    kept: dict[str, EvidenceFile] = field(default_factory=dict)
    _read: dict[tuple[str, bool], ReadFile | None] = field(default_factory=dict)

    def read(self, file: SourceFile, *, as_section: bool) -> ReadFile | None:
        """Return *file* read and kept, or None after noting why it cannot be.

        It is read once, also where its headings tell what portfolio it is.
        """
        key = file.name, as_section
        if key not in self._read:
            self._read[key] = self._read_now(file, as_section=as_section)
        return self._read[key]

    def _read_now(self, file: SourceFile, *, as_section: bool) -> ReadFile | None:
        try:
            kind = kind_of(file.name)
            data = file.read()
            refuse_disguised(kind, data)
            content = read_content(kind, data, self.budget)
        except UnreadableError as problem:
            self.problems.found.append(problem.about(file.name))
            return None
        use = "section" if as_section else "evidence"
        evidence_id = content_id(data)
        self._put(
            data,
            EvidenceFile(
                id=evidence_id,
                name=file.name,
                media_type=kind.media_type,
                size_bytes=len(data),
                use=use,
            ),
        )
        self._put_pictures(file.name, content)
        return ReadFile(file.name, kind, content, evidence_id)

    def _put_pictures(self, document: str, content: Content) -> None:
        for number, picture in enumerate(content.pictures, start=1):
            stem = PurePosixPath(document).with_suffix("")
            self._put(
                picture.data,
                EvidenceFile(
                    id=picture.id,
                    name=f"{stem}, picture {number}{picture.ending}",
                    media_type=picture.media_type,
                    size_bytes=len(picture.data),
                    use="embedded",
                ),
            )

    def _put(self, data: bytes, file: EvidenceFile) -> None:
        before = self.kept.get(file.id)
        if before is None:
            self.keep(file.id, data)
            self.kept[file.id] = file
        elif file.name not in {before.name, *before.other_names}:
            names = (*before.other_names, file.name)
            self.kept[file.id] = before.model_copy(update={"other_names": names})
