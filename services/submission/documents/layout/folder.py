"""A portfolio that is a folder: a file for each section, found by its name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.submission.documents.intake.archive import SourceFile
from services.submission.documents.layout.details import details_on
from services.submission.documents.layout.naming import (
    is_evidence_folder,
    part_for_file,
    section_for_file,
    section_for_folder,
)
from services.submission.documents.layout.parts import (
    evidence_sections,
    refuse_hollow,
)
from services.submission.documents.layout.result import Assembled, margin_blocks
from services.submission.documents.layout.shelf import ReadFile, Shelf
from services.submission.documents.refusals import Problems
from shared.contracts.portfolio import Section
from shared.contracts.programme import Part, SectionTemplate, Template


@dataclass(slots=True)
class Assignment:
    """Which file is which section or part of one; names stand for files."""

    sections: dict[str, list[str]] = field(default_factory=dict)
    parts: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    evidence: list[str] = field(default_factory=list)


def assemble_folder(
    files: Sequence[SourceFile],
    refused: Sequence[str],
    template: Template,
    shelf: Shelf,
) -> Assembled:
    """Return a section for each file named like one; the rest is evidence.

    A file that was *refused* still counts as there, so that only what is really
    missing is said to be missing.
    """
    names = [*(file.name for file in files), *refused]
    assigned = assign(names, template)
    _refuse_doubles(assigned, template, shelf.problems)
    _refuse_missing(assigned, template, shelf.problems)
    evidence = set(assigned.evidence)
    read = {
        file.name: shelf.read(file, as_section=file.name not in evidence)
        for file in files
    }
    found = {name: file for name, file in read.items() if file is not None}
    sections = tuple(_sections(assigned, template, found))
    for section, name in sections:
        refuse_hollow((section,), template, name, shelf.problems)
    loose = evidence_sections(found[name] for name in sorted(evidence & set(found)))
    made = tuple(section for section, _ in sections)
    blocks = made[0].blocks if made else ()
    return Assembled((*made, *loose), details_on(blocks))


def assign(names: Sequence[str], template: Template) -> Assignment:
    """Return what each of *names* is, by name alone."""
    assigned = Assignment()
    for name in sorted(names):
        folder = section_for_folder(name, template)
        section = folder or section_for_file(name, template)
        if is_evidence_folder(name) or section is None:
            assigned.evidence.append(name)
        elif not section.parts:
            assigned.sections.setdefault(section.key, []).append(name)
        elif (part := part_for_file(name, section)) is not None:
            assigned.parts.setdefault((section.key, part.key), []).append(name)
        else:
            assigned.evidence.append(name)
    return assigned


def _refuse_doubles(
    assigned: Assignment, template: Template, problems: Problems
) -> None:
    for key, names in assigned.sections.items():
        section = template.section(key)
        if section is not None and len(names) > 1:
            problems.add(
                names[1],
                reason=f"It looks like '{section.title}', and so does {names[0]}.",
                remedy="Keep one, and put the other into evidence/.",
            )


def _refuse_missing(
    assigned: Assignment, template: Template, problems: Problems
) -> None:
    for section in template.sections:
        if not section.required:
            continue
        if not section.parts and section.key not in assigned.sections:
            problems.add(
                section.key,
                reason=f"The section '{section.title}' is missing.",
                remedy=f"Add a file named {section.key}.docx (or .pdf or .md).",
            )
        for part in section.parts:
            names = assigned.parts.get((section.key, part.key), [])
            if len(names) < part.minimum:
                _refuse_too_few(section, part, len(names), problems)


def _refuse_too_few(
    section: SectionTemplate, part: Part, found: int, problems: Problems
) -> None:
    folder = next((each for each in section.aliases if each.isalnum()), section.key)
    problems.add(
        folder,
        reason=(
            f"'{section.title}' has {found} of at least {part.minimum} from:"
            f" {part.title.lower()}."
        ),
        remedy=f"Add {folder}/{part.key}-{found + 1}.docx (or .pdf or .md).",
    )


def _sections(
    assigned: Assignment, template: Template, found: Mapping[str, ReadFile]
) -> Iterator[tuple[Section, str]]:
    for section in template.sections:
        for name in assigned.sections.get(section.key, []):
            if name in found:
                yield _section(section.key, section.title, found[name]), name
        for part in section.parts:
            names = assigned.parts.get((section.key, part.key), [])
            for number, name in enumerate(names, start=1):
                if name in found:
                    key = section.part_key(part, number)
                    title = f"{section.title}: {part.title.lower()}"
                    title = f"{title} {number}" if len(names) > 1 else title
                    yield _section(key, title, found[name]), name


def _section(key: str, title: str, file: ReadFile) -> Section:
    return Section(
        key=key,
        title=title,
        blocks=(*file.content.blocks, *margin_blocks(file.content)),
        source_id=file.evidence_id,
    )
