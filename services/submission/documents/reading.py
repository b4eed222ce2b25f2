"""Reading an upload from disk, start to end, in the process that calls it.

Only the limited child process calls this on what people upload.
"""

from pathlib import Path

from services.submission.documents.intake import survey
from services.submission.documents.layout import Workspace, assemble
from services.submission.documents.limits import budget_of
from services.submission.documents.portfolio import Portfolio
from services.submission.documents.refusals import Problems
from shared.contracts.programme import Programme


def read_upload(
    path: Path, name: str, *, programme: Programme, contents: Path
) -> Portfolio:
    """Return the portfolio in the file at *path*, which was uploaded as *name*.

    Writes the bytes of every original and every embedded picture into the folder
    *contents*, each under its id.

    Raises:
        PortfolioRefusedError: holds every problem found.
    """

    def keep(evidence_id: str, data: bytes) -> None:
        (contents / evidence_id).write_bytes(data)

    policy = programme.policy.uploads
    budget, problems = budget_of(policy), Problems()
    with path.open("rb") as stream:
        found = survey(stream, name, policy=policy, budget=budget, problems=problems)
        return assemble(found, Workspace(programme, keep, budget, problems))
