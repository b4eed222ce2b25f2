"""A portfolio that is one Word document, with evidence files beside it."""

from collections.abc import Sequence

from services.submission.documents.intake.archive import SourceFile
from services.submission.documents.layout.details import details_on
from services.submission.documents.layout.naming import is_evidence_folder
from services.submission.documents.layout.parts import (
    cover_section,
    evidence_sections,
    refuse_hollow,
)
from services.submission.documents.layout.result import Assembled, margin_blocks
from services.submission.documents.layout.shelf import ReadFile, Shelf
from services.submission.documents.layout.workbook import Cut, cut, headings
from services.submission.documents.refusals import Problems
from shared.contracts.portfolio import Section
from shared.contracts.programme import Template

_SHOWN_HEADINGS = 6


def documents_at_the_top(files: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
    """Return the Word documents that are not evidence by the folder they are in."""
    return tuple(
        file
        for file in files
        if file.name.casefold().endswith(".docx") and not is_evidence_folder(file.name)
    )


def assemble_document(
    files: Sequence[SourceFile], template: Template, shelf: Shelf
) -> Assembled:
    """Return the sections of the one document among *files*; the rest is evidence.

    What is missing or unreadable is noted among the shelf's problems.
    """
    document = _the_document(files, template, shelf.problems)
    whole = None if document is None else shelf.read(document, as_section=True)
    others = [
        shelf.read(file, as_section=False) for file in files if file is not document
    ]
    evidence = evidence_sections(filter(None, others))
    if whole is None:
        return Assembled(evidence)
    parts = cut(whole.content.blocks, template)
    sections = _sections(parts, template, whole)
    _refuse_missing(parts, template, whole, shelf.problems)
    refuse_hollow(sections, template, whole.name, shelf.problems)
    cover = cover_section(parts.cover, margin_blocks(whole.content), whole)
    details = details_on((*parts.cover, *margin_blocks(whole.content)))
    return Assembled((*cover, *sections, *evidence), details)


def _the_document(
    files: Sequence[SourceFile], template: Template, problems: Problems
) -> SourceFile | None:
    documents = documents_at_the_top(files)
    if len(documents) > 1:
        documents = tuple(
            file for file in documents if template.code in file.name.casefold()
        )
    if len(documents) == 1:
        return documents[0]
    problems.add(
        "the upload",
        reason=f"It is not clear which Word document is the {template.title}.",
        remedy="Leave that one beside portfolio.yaml and put the others in evidence/.",
    )
    return None


def _sections(parts: Cut, template: Template, whole: ReadFile) -> tuple[Section, ...]:
    return tuple(
        Section(
            key=section.key,
            title=section.title,
            blocks=parts.sections[section.key],
            source_id=whole.evidence_id,
        )
        for section in template.sections
        if section.key in parts.sections
    )


def _refuse_missing(
    parts: Cut, template: Template, whole: ReadFile, problems: Problems
) -> None:
    if not parts.sections:
        names = ", ".join(section.title for section in template.sections)
        found = "; ".join(headings(whole.content.blocks)[:_SHOWN_HEADINGS])
        problems.add(
            whole.name,
            reason=(
                f"It is not the {template.title}: it has none of its sections."
                f" Its headings are: {found or 'none'}."
            ),
            remedy=f"Hand in the workbook with these headings: {names}.",
        )
        return
    for section in template.sections:
        if section.required and section.key not in parts.sections:
            problems.add(
                whole.name,
                reason=f"The section '{section.title}' is missing.",
                remedy=(
                    f"Give it a heading of its own, '{section.title}', in the style"
                    " Heading 1 or in bold."
                ),
            )
