"""What the panel decides, with its independence checked once more.

Source: domain.md sections 1 and 4; what may follow from an appeal: our own default (P).
"""

from services.appeals.domain.answering import pending_of
from services.appeals.domain.commands import DecideAppeal
from services.appeals.domain.events import (
    Dismissed,
    FreshReviewOrdered,
    Lodged,
    Remedy,
    Upheld,
)
from services.appeals.domain.evolve import Appeal, Pending
from services.appeals.domain.independence import refuse_dependent_panel
from services.appeals.domain.refusals import (
    NoHearingError,
    NoPanelError,
    NothingToReviewError,
    NotOnThisPanelError,
    RemedyError,
)


def decide_appeal(
    command: DecideAppeal, state: Appeal
) -> tuple[Upheld | Dismissed | FreshReviewOrdered, ...]:
    """Return the decision of the panel, and the fresh review it orders.

    Raises:
        NoHearingError, NoPanelError: nobody hears this appeal.
        NotOnThisPanelError: somebody else does.
        RemedyError, NothingToReviewError: what follows does not fit.
        The errors of `refuse_dependent_panel`: checked again.
    """
    pending = pending_of(state)
    _refuse_others(command, pending)
    lodged = pending.lodged
    refuse_dependent_panel(command.file, lodged.appeal_id, command.members)
    if command.decision == "dismissed":
        return (_dismissed(command, pending),)
    if command.remedy is None:
        raise RemedyError
    upheld = _upheld(command, pending, command.remedy)
    if command.remedy == "other":
        return (upheld,)
    return upheld, _fresh_review(command, lodged)


def _refuse_others(command: DecideAppeal, pending: Pending) -> None:
    if pending.lodged.against == "support":
        raise NoHearingError
    if not pending.members:
        raise NoPanelError
    if command.by not in pending.members:
        raise NotOnThisPanelError
    if command.decision == "dismissed" and command.remedy is not None:
        raise RemedyError


def _upheld(command: DecideAppeal, pending: Pending, remedy: Remedy) -> Upheld:
    lodged = pending.lodged
    return Upheld(
        appeal_id=lodged.appeal_id,
        case_id=lodged.case_id,
        participant_id=lodged.participant_id,
        by=command.by,
        members=pending.members,
        reasons=command.reasons,
        remedy=remedy,
        occurred_at=command.at,
    )


def _dismissed(command: DecideAppeal, pending: Pending) -> Dismissed:
    lodged = pending.lodged
    return Dismissed(
        appeal_id=lodged.appeal_id,
        case_id=lodged.case_id,
        participant_id=lodged.participant_id,
        by=command.by,
        members=pending.members,
        reasons=command.reasons,
        occurred_at=command.at,
    )


def _fresh_review(command: DecideAppeal, lodged: Lodged) -> FreshReviewOrdered:
    """Return the order; whoever had any part in the case has none in the review.

    Nor has who talked about the feedback, or read an appeal for the office: they know
    what was judged.
    """
    if lodged.decision is None or lodged.decision.subject != "outcome":
        raise NothingToReviewError
    file = command.file
    everyone = {each.person_id for each in file.parts} | file.mentors
    return FreshReviewOrdered(
        appeal_id=lodged.appeal_id,
        case_id=lodged.case_id,
        participant_id=lodged.participant_id,
        attempt=lodged.decision.number,
        excluded=tuple(sorted(everyone.union(command.members))),
        occurred_at=command.at,
    )
