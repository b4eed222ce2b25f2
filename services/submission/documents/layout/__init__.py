"""From files to a portfolio: which template it is, and what each file is in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.submission.documents.intake import (
    SourceFile,
    Survey,
    refuse_over_budget,
)
from services.submission.documents.intake.kinds import Kind, kind_of
from services.submission.documents.layout.details import merged
from services.submission.documents.layout.document import (
    assemble_document,
    documents_at_the_top,
)
from services.submission.documents.layout.folder import assemble_folder, assign
from services.submission.documents.layout.form import (
    Form,
    FormRefusedError,
    parse_form,
)
from services.submission.documents.layout.result import Assembled
from services.submission.documents.layout.shelf import Shelf
from services.submission.documents.limits import Budget
from services.submission.documents.portfolio import Portfolio
from services.submission.documents.refusals import Problems, UnreadableError
from shared.contracts.programme import Layout, Programme, Template

__all__ = ["Workspace", "assemble"]


@dataclass(frozen=True, slots=True)
class Workspace:
    """What assembling needs besides the files."""

    programme: Programme
    keep: Callable[[str, bytes], None]
    """Puts the bytes of an original away under its id."""
    budget: Budget
    problems: Problems


def assemble(found: Survey, workspace: Workspace) -> Portfolio:
    """Return the portfolio that the files of *found* make up.

    Raises:
        PortfolioRefusedError: holds every problem of every file, those noted before
            included.
    """
    programme, problems = workspace.programme, workspace.problems
    files, refused = _of_known_kind(found, problems)
    form = _form(files, workspace)
    files = tuple(file for file in files if kind_of(file.name) is not Kind.FORM)
    template = _template(form, files, programme, problems)
    shelf = Shelf(workspace.keep, workspace.budget, problems)
    assembled = _assembled(files, refused, template, shelf)
    refuse_over_budget(workspace.budget, problems)
    problems.refuse_if_any()
    details = merged(form.details(), assembled.details)
    return Portfolio(
        programme=programme.code,
        programme_version=programme.programme_version,
        template=template.code,
        sections=assembled.sections,
        evidence=tuple(shelf.kept.values()),
        ignored=found.ignored,
        **dict(details),
    )


def _of_known_kind(
    found: Survey, problems: Problems
) -> tuple[tuple[SourceFile, ...], tuple[str, ...]]:
    known: list[SourceFile] = []
    refused = list(found.refused)
    for file in found.files:
        try:
            kind_of(file.name)
        except UnreadableError as problem:
            problems.found.append(problem.about(file.name))
            refused.append(file.name)
        else:
            known.append(file)
    return tuple(known), tuple(refused)


def _form(files: Sequence[SourceFile], workspace: Workspace) -> Form:
    """Return the form if there is one, an empty one otherwise."""
    problems = workspace.problems
    forms = [file for file in files if kind_of(file.name) is Kind.FORM]
    if not forms:
        return Form()
    if len(forms) > 1:
        problems.add(
            forms[1].name,
            reason=f"There is a second form, {forms[0].name}.",
            remedy="Keep one of them.",
        )
    try:
        form = parse_form(forms[0].read(), file=forms[0].name)
    except UnreadableError as problem:
        problems.found.append(problem.about(forms[0].name))
        return Form()
    except FormRefusedError as error:
        problems.found.extend(error.refusals)
        return Form()
    _refuse_other_programme(form, forms[0].name, workspace)
    return form


def _refuse_other_programme(form: Form, file: str, workspace: Workspace) -> None:
    programme = workspace.programme
    if form.programme not in {None, programme.code}:
        workspace.problems.add(
            file,
            reason=(
                f"programme: It says {form.programme}, but it is handed in for"
                f" {programme.code}."
            ),
            remedy=f"Hand it in to a cohort of {form.programme}.",
        )


def _template(
    form: Form,
    files: Sequence[SourceFile],
    programme: Programme,
    problems: Problems,
) -> Template:
    """Return the template the form names, else the one the files look like."""
    if form.template is not None:
        named = programme.template(form.template)
        if named is not None:
            return named
        known = ", ".join(template.code for template in programme.templates)
        problems.add(
            "portfolio.yaml",
            reason=f"template: {programme.code} has no template {form.template}.",
            remedy=f"Use one of: {known}.",
        )
    return max(programme.templates, key=lambda each: _resemblance(files, each))


def _resemblance(files: Sequence[SourceFile], template: Template) -> int:
    """Return how many sections of *template* the files' names show."""
    if template.layout is Layout.DOCUMENT:
        return int(len(documents_at_the_top(files)) == 1)
    assigned = assign([file.name for file in files], template)
    return len(assigned.sections) + len(assigned.parts)


def _assembled(
    files: Sequence[SourceFile],
    refused: Sequence[str],
    template: Template,
    shelf: Shelf,
) -> Assembled:
    match template.layout:
        case Layout.DOCUMENT:
            return assemble_document(files, template, shelf)
        case Layout.FOLDER:
            return assemble_folder(files, refused, template, shelf)
