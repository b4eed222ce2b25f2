"""Reading an upload from disk, start to end, in the process that calls it.

Only the limited child process calls this on what people upload.
"""

from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from services.submission.documents.intake import SourceFile, refuse_too_large, survey
from services.submission.documents.layout import Workspace, assemble
from services.submission.documents.layout.result import margin_blocks
from services.submission.documents.layout.shelf import Shelf
from services.submission.documents.limits import budget_of
from services.submission.documents.portfolio import Portfolio
from services.submission.documents.refusals import Problems
from shared.contracts.portfolio import Section
from shared.contracts.programme import Programme, UploadPolicy

THE_FILE = "file"
"""Key and template of what is one file alone."""


def read_upload(
    path: Path, name: str, *, programmes: tuple[Programme, ...], contents: Path
) -> Portfolio:
    """Return the portfolio in the file at *path*, which was uploaded as *name*.

    Writes the bytes of every original and every embedded picture into the folder
    *contents*, each under its id.

    Raises:
        PortfolioRefusedError: holds every problem found.
    """
    policy = widest(programmes)
    budget, problems = budget_of(policy), Problems()
    with path.open("rb") as stream:
        found = survey(stream, name, policy=policy, budget=budget, problems=problems)
        workspace = Workspace(programmes, _keeper(contents), budget, problems)
        return assemble(found, workspace)


def read_one(
    path: Path, name: str, *, programme: Programme, contents: Path
) -> Portfolio:
    """Return what the one file at *path*, uploaded as *name*, holds.

    It is one section called `THE_FILE`; the original and the pictures in it are
    written into the folder *contents*, each under its id.

    Raises:
        PortfolioRefusedError: says what is wrong with it.
    """
    policy = programme.policy.uploads
    budget, problems = budget_of(policy), Problems()
    size_bytes = path.stat().st_size
    file = SourceFile(PurePosixPath(name).name, size_bytes, path.read_bytes)
    refuse_too_large(file, policy, problems)
    shelf = Shelf(_keeper(contents), budget, problems)
    read = shelf.read(file, as_section=True)
    problems.refuse_if_any()
    assert read is not None  # noqa: S101 - what cannot be read is a problem
    section = Section(
        key=THE_FILE,
        title=read.name,
        blocks=(*read.content.blocks, *margin_blocks(read.content)),
        source_id=read.evidence_id,
    )
    return Portfolio(
        programme=programme.code,
        programme_version=programme.programme_version,
        template=THE_FILE,
        sections=(section,),
        evidence=tuple(shelf.kept.values()),
    )


def widest(programmes: Sequence[Programme]) -> UploadPolicy:
    """Return the limits of the programme that takes the largest portfolios."""
    policies = (each.policy.uploads for each in programmes)
    return max(policies, key=lambda each: each.portfolio_bytes.value)


def _keeper(contents: Path) -> Callable[[str, bytes], None]:
    def keep(evidence_id: str, data: bytes) -> None:
        (contents / evidence_id).write_bytes(data)

    return keep
