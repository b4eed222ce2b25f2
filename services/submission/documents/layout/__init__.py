"""From files to a portfolio: which template it is, and what each file is in it."""

from collections.abc import Sequence

from services.submission.documents.intake import (
    SourceFile,
    Survey,
    refuse_over_budget,
)
from services.submission.documents.intake.kinds import Kind, kind_of
from services.submission.documents.layout.choosing import Workspace, chosen
from services.submission.documents.layout.details import merged, of_the_mentor
from services.submission.documents.layout.document import assemble_document
from services.submission.documents.layout.folder import assemble_folder
from services.submission.documents.layout.form import (
    Form,
    FormRefusedError,
    parse_form,
)
from services.submission.documents.layout.result import Assembled
from services.submission.documents.layout.shelf import Shelf
from services.submission.documents.portfolio import Portfolio
from services.submission.documents.refusals import Problems, UnreadableError
from shared.contracts.programme import Layout, Template

__all__ = ["Workspace", "assemble"]


def assemble(found: Survey, workspace: Workspace) -> Portfolio:
    """Return the portfolio that the files of *found* make up.

    Raises:
        PortfolioRefusedError: holds every problem of every file, those noted before
            included.
    """
    problems = workspace.problems
    files, refused = _of_known_kind(found, problems)
    form = _form(files, workspace)
    files = tuple(file for file in files if kind_of(file.name) is not Kind.FORM)
    shelf = Shelf(workspace.keep, workspace.budget, problems)
    programme, template = chosen(form, files, workspace, shelf)
    assembled = _assembled(files, refused, template, shelf)
    refuse_over_budget(workspace.budget, problems)
    problems.refuse_if_any()
    said = assembled.details
    if programme.support is None:  # a mentor's portfolio is the mentor's own
        said = of_the_mentor(said)
    details = merged(form.details(), said)
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
    return form


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
