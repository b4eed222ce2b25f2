"""Of which programme and template a portfolio is: as it says, or as it looks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from services.submission.documents.intake import SourceFile
from services.submission.documents.layout.document import documents_at_the_top
from services.submission.documents.layout.folder import assign
from services.submission.documents.layout.form import Form
from services.submission.documents.layout.shelf import ReadFile, Shelf
from services.submission.documents.layout.workbook import cut
from services.submission.documents.limits import Budget
from services.submission.documents.refusals import Problems
from shared.contracts.programme import Layout, Programme, Template


@dataclass(frozen=True, slots=True)
class Workspace:
    """What assembling needs besides the files."""

    programmes: tuple[Programme, ...]
    """What it may be a portfolio of; one where the cohort is known."""
    keep: Callable[[str, bytes], None]
    """Puts the bytes of an original away under its id."""
    budget: Budget
    problems: Problems


_Shape: TypeAlias = tuple[Programme, Template]


def chosen(
    form: Form, files: Sequence[SourceFile], workspace: Workspace, shelf: Shelf
) -> _Shape:
    """Return what the form names, else what the files look like most.

    Notes a programme or template in the form that it cannot be.
    """
    shapes = [*_named(form, workspace)]
    if len(shapes) == 1:
        return shapes[0]
    whole = _whole(files, shapes, shelf)
    return max(shapes, key=lambda each: _resemblance(files, whole, each[1]))


def _named(form: Form, workspace: Workspace) -> Iterator[_Shape]:
    """Yield every template that the form leaves possible."""
    programmes, problems = workspace.programmes, workspace.problems
    of_name = [each for each in programmes if form.programme in {None, each.code}]
    if not of_name:
        codes = ", ".join(each.code for each in programmes)
        problems.add(
            "portfolio.yaml",
            reason=(
                f"programme: It says {form.programme}, but it is handed in for {codes}."
            ),
            remedy=f"Hand it in to a cohort of {form.programme}.",
        )
        of_name = list(programmes)
    shapes = [(each, template) for each in of_name for template in each.templates]
    named = [each for each in shapes if form.template in {None, each[1].code}]
    if not named:
        whose = ", ".join(each.code for each in of_name)
        known = ", ".join(template.code for _, template in shapes)
        problems.add(
            "portfolio.yaml",
            reason=f"template: {whose} has no template {form.template}.",
            remedy=f"Use one of: {known}.",
        )
    yield from named or shapes


def _whole(
    files: Sequence[SourceFile], shapes: Sequence[_Shape], shelf: Shelf
) -> ReadFile | None:
    """Return the one document, read, where its headings have to tell what it is."""
    candidates = [each for _, each in shapes if each.layout is Layout.DOCUMENT]
    documents = documents_at_the_top(files)
    if len(candidates) > 1 and len(documents) == 1:
        return shelf.read(documents[0], as_section=True)
    return None


def _resemblance(
    files: Sequence[SourceFile], whole: ReadFile | None, template: Template
) -> int:
    """Return how many sections of *template* the names or the headings show."""
    if template.layout is Layout.DOCUMENT:
        if whole is not None:
            return len(cut(whole.content.blocks, template).sections) + 1
        return int(len(documents_at_the_top(files)) == 1)
    assigned = assign([file.name for file in files], template)
    return len(assigned.sections) + len(assigned.parts)
