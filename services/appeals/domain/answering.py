"""What the office answers: an explanation, a response about support, a panel.

Source: AP 4.2; S2 9.1; domain.md section 1.
"""

from services.appeals.domain.clocks import Clock
from services.appeals.domain.commands import (
    AppointPanel,
    GiveExplanation,
    RespondAboutSupport,
)
from services.appeals.domain.events import (
    Dismissed,
    ExplanationGiven,
    HearingPanelAppointed,
    Lodged,
    Upheld,
)
from services.appeals.domain.evolve import (
    Appeal,
    Asked,
    Decided,
    Ended,
    Explained,
    NotOpened,
    Pending,
)
from services.appeals.domain.independence import refuse_dependent_panel
from services.appeals.domain.refusals import (
    AlreadyDecidedError,
    AlreadyExplainedError,
    CaseWithdrawnError,
    NoHearingError,
    NotAboutSupportError,
    NotLodgedError,
    OwnCaseError,
    PanelSizeError,
    RespondsAboutThemselfError,
    UnknownAppealError,
)
from services.appeals.domain.working_days import Standing


def explain(command: GiveExplanation, state: Appeal) -> tuple[ExplanationGiven, ...]:
    """Return the fact of an explanation; late is better than never.

    Raises:
        AlreadyExplainedError: there is one.
        OwnCaseError: the participant answers.
        UnknownAppealError, NotLodgedError and others: nothing is to be explained.
    """
    if isinstance(state, Explained):
        raise AlreadyExplainedError
    if not isinstance(state, Asked):
        pending = pending_of(state)
        raise UnknownAppealError if pending.explained is None else AlreadyExplainedError
    request = state.request
    if command.by == request.participant_id:
        raise OwnCaseError
    lodging = Clock(name="lodge", started_at=command.at, terms=request.terms)
    due = lodging.read(command.file, command.at)
    return (
        ExplanationGiven(
            appeal_id=request.appeal_id,
            case_id=request.case_id,
            participant_id=request.participant_id,
            by=command.by,
            explanation=command.explanation,
            appeal_by=due.last_day,
            is_stopped=isinstance(due, Standing),
            occurred_at=command.at,
        ),
    )


def respond(
    command: RespondAboutSupport, state: Appeal
) -> tuple[Upheld | Dismissed, ...]:
    """Return the fact of a written response about support.

    Raises:
        NotAboutSupportError: it is against a decision.
        RespondsAboutThemselfError: the one who supports answers.
    """
    lodged = pending_of(state).lodged
    if lodged.against != "support":
        raise NotAboutSupportError
    if command.by in {*command.file.mentors, lodged.participant_id}:
        raise RespondsAboutThemselfError
    return (settled(command, lodged, ()),)


def settled(
    command: RespondAboutSupport, lodged: Lodged, members: tuple[str, ...]
) -> Upheld | Dismissed:
    """Return the decision on an appeal as a fact; support has no fresh review."""
    if command.decision == "upheld":
        return Upheld(
            appeal_id=lodged.appeal_id,
            case_id=lodged.case_id,
            participant_id=lodged.participant_id,
            by=command.by,
            members=members,
            reasons=command.reasons,
            remedy="other",
            occurred_at=command.at,
        )
    return Dismissed(
        appeal_id=lodged.appeal_id,
        case_id=lodged.case_id,
        participant_id=lodged.participant_id,
        by=command.by,
        members=members,
        reasons=command.reasons,
        occurred_at=command.at,
    )


def appoint(command: AppointPanel, state: Appeal) -> tuple[HearingPanelAppointed, ...]:
    """Return the fact of a panel; empty when these hear it already.

    Raises:
        NoHearingError: the appeal is about support.
        OwnCaseError: the participant appoints it.
        PanelSizeError: says how many members there are to be.
        The errors of `refuse_dependent_panel`.
    """
    pending = pending_of(state)
    lodged = pending.lodged
    if lodged.against == "support":
        raise NoHearingError
    if command.by == lodged.participant_id:
        raise OwnCaseError
    if len(command.members) != lodged.terms.panel_members:
        raise PanelSizeError(members=lodged.terms.panel_members)
    refuse_dependent_panel(command.file, lodged.appeal_id, command.members)
    members = tuple(sorted(command.members))
    if members == pending.members:
        return ()
    return (
        HearingPanelAppointed(
            appeal_id=lodged.appeal_id,
            case_id=lodged.case_id,
            members=members,
            by=command.by,
            occurred_at=command.at,
        ),
    )


def pending_of(state: Appeal) -> Pending:
    """Return the appeal that waits to be decided.

    Raises:
        UnknownAppealError, NotLodgedError, AlreadyDecidedError, CaseWithdrawnError:
            why there is none.
    """
    match state:
        case Pending():
            return state
        case NotOpened():
            raise UnknownAppealError
        case Asked() | Explained():
            raise NotLodgedError
        case Decided():
            raise AlreadyDecidedError
        case Ended():
            raise CaseWithdrawnError
