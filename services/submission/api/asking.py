"""Who asks about a case, and for which side."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import StringConstraints

from services.submission.domain.events import Side
from services.submission.handlers import Who
from shared.vocabulary import CaseId
from shared.web.identity import Identity
from shared.web.requests import Asked

Case = Annotated[CaseId, Path()]
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)
]
"""What somebody writes to the office or is told by it (P)."""

Reason = Annotated[str | None, Query(max_length=500)]
"""Why staff open protected words; recorded in the case."""


def asking(ask: Asked) -> Who:
    """Return who asks: the office, or somebody about their own case.

    Raises:
        ForbiddenError: neither operations nor a participant.
    """
    ask.require("operations", "participant")
    return _who(ask.identity)


def reading(reader: Identity) -> Who:
    """Return who reads: as `asking`, or an auditor, who gives a reason as staff do.

    Raises:
        ForbiddenError: somebody else.
    """
    if reader.require("operations", "participant", "auditor") == "auditor":
        return Who(person_id=reader.person_id, side="office", role="auditor")
    return _who(reader)


def office(ask: Asked) -> Who:
    """Return who of the office asks.

    Raises:
        ForbiddenError: it is somebody else.
    """
    ask.require("operations")
    return _who(ask.identity)


def _who(identity: Identity) -> Who:
    side: Side = "office" if identity.may("operations") else "participant"
    return Who(person_id=identity.person_id, side=side)
