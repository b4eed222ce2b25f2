"""The outside of an upload: what is in it, checked before anything is unpacked."""

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from services.submission.documents.intake.archive import (
    SourceFile,
    Survey,
    list_files,
)
from services.submission.documents.intake.names import comparable
from services.submission.documents.limits import Budget, readable_size
from services.submission.documents.refusals import Problems
from shared.contracts.programme import UploadPolicy

__all__ = [
    "SourceFile",
    "Survey",
    "refuse_over_budget",
    "refuse_too_large",
    "survey",
]

_SMALLER = "Make the pictures smaller or leave out evidence that is not cited."


def survey(
    stream: BinaryIO,
    name: str,
    *,
    policy: UploadPolicy,
    budget: Budget,
    problems: Problems,
) -> Survey:
    """Return the files of the upload in *stream*, called *name*, within all limits.

    Adds to *problems* what is wrong with single files, and spends their size from
    *budget*.

    Raises:
        PortfolioRefusedError: the whole is too large, empty, damaged or neither a zip
            nor a Word document.
    """
    size_bytes = stream.seek(0, 2)
    limit = policy.portfolio_bytes.value
    if size_bytes > limit:
        reason = f"It is {size_bytes:,} bytes; the limit is {readable_size(limit)}."
        problems.add(name, reason=reason, remedy=_SMALLER)
        problems.refuse_if_any()
    found = list_files(stream, name, problems)
    _refuse_number(found, policy, problems)
    refused = {*_repeats(found, problems), *_oversized(found, policy, problems)}
    for each in found.files:
        budget.spend(each.size_bytes)
    refuse_over_budget(budget, problems)
    return replace(
        found,
        files=tuple(each for each in found.files if each not in refused),
        refused=(*found.refused, *sorted(each.name for each in refused)),
    )


def refuse_over_budget(budget: Budget, problems: Problems) -> None:
    """Stop when the upload unpacks to more than it may.

    Raises:
        PortfolioRefusedError: says how much, and everything else found so far.
    """
    if budget.spent_bytes > budget.limit_bytes:
        limit = readable_size(budget.limit_bytes)
        reason = f"It unpacks to {budget.spent_bytes:,} bytes; the limit is {limit}."
        problems.add("the upload", reason=reason, remedy=_SMALLER)
        problems.refuse_if_any()


def _refuse_number(found: Survey, policy: UploadPolicy, problems: Problems) -> None:
    count = len(found.files) + len(found.refused)
    limit = policy.files.value
    if count > limit:
        problems.add(
            "the upload",
            reason=f"It holds {count:,} files; the limit is {limit:,}.",
            remedy="Leave out files that the portfolio does not cite.",
        )
    if count == 0:
        problems.add(
            "the upload",
            reason="There is no file in it.",
            remedy="Pack the folder that holds the portfolio and upload it.",
        )
    if count == 0 or count > limit:
        problems.refuse_if_any()


def _repeats(found: Survey, problems: Problems) -> Iterator[SourceFile]:
    seen: dict[str, str] = {}
    for each in found.files:
        key = comparable(each.name)
        if key in seen:
            problems.add(
                each.name,
                reason=f"Another file has the same name: {seen[key]}.",
                remedy="Rename one of them, or leave it out.",
            )
            yield each
        seen.setdefault(key, each.name)


def _oversized(
    found: Survey, policy: UploadPolicy, problems: Problems
) -> Iterator[SourceFile]:
    for each in found.files:
        if refuse_too_large(each, policy, problems):
            yield each


def refuse_too_large(
    file: SourceFile, policy: UploadPolicy, problems: Problems
) -> bool:
    """Note *file* when it is over the limit; True then."""
    limit = policy.file_bytes.value
    if file.size_bytes <= limit:
        return False
    problems.add(
        file.name,
        reason=f"It is {file.size_bytes:,} bytes; the limit is {readable_size(limit)}.",
        remedy="Save it smaller, for example with compressed pictures.",
    )
    return True
