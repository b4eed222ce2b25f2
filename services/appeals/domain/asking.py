"""What a participant may ask, until when, and on which grounds.

Source: AP 4.1, 4.3, 4.4; S2 9.1. One second after the last day is too late.
"""

from services.appeals.domain.admitting import (
    refuse_ended,
    refuse_late,
    refuse_strangers,
)
from services.appeals.domain.casefile.events import DecisionNoted
from services.appeals.domain.casefile.evolve import CaseFile
from services.appeals.domain.clocks import Clock
from services.appeals.domain.commands import (
    LodgeAboutSupport,
    LodgeAppeal,
    RequestExplanation,
)
from services.appeals.domain.events import (
    ExplanationRequested,
    Lodged,
    ReleasedDecision,
)
from services.appeals.domain.evolve import Appeal, Asked, Explained, NotOpened, Pending
from services.appeals.domain.refusals import (
    AlreadyAskedError,
    AlreadyLodgedError,
    DecisionReplacedError,
    NotExplainedYetError,
    SupportAppealOpenError,
    TermsUnknownError,
    UnknownAppealError,
    UnknownDecisionError,
    UnlistedGroundError,
)
from services.appeals.domain.terms import Terms
from services.appeals.domain.working_days import Standing
from shared.carrying import carry


def request_explanation(command: RequestExplanation) -> tuple[ExplanationRequested]:
    """Return the fact of a request that is in time.

    Raises:
        UnknownCaseError, CaseWithdrawnError, TermsUnknownError: see `refusals`.
        UnknownDecisionError, DecisionReplacedError, AlreadyAskedError: as they say.
        TooLateError: says which was the last day.
    """
    file, at = command.file, command.at
    refuse_strangers(file, command.by)
    decision = _decision_of(command)
    terms = _known(file.terms_of(decision))
    asking = Clock(name="ask", started_at=decision.released_at, terms=terms)
    refuse_late(asking, file, command)
    due = Clock(name="explain", started_at=at, terms=terms).read(file, at)
    return (
        ExplanationRequested(
            appeal_id=f"{command.case_id}.{command.number}",
            case_id=command.case_id,
            number=command.number,
            participant_id=command.by,
            decision=carry(decision, ReleasedDecision),
            terms=terms,
            question=command.question,
            due_on=due.last_day,
            is_stopped=isinstance(due, Standing),
            occurred_at=at,
        ),
    )


def _decision_of(command: RequestExplanation) -> DecisionNoted:
    file, decision_id = command.file, command.decision_id
    decision = file.decisions.get(decision_id)
    if decision is None:
        raise UnknownDecisionError(decision_id=decision_id)
    for number, opened in file.appeals.items():
        if opened.decision_id == decision_id:
            raise AlreadyAskedError(appeal_id=f"{command.case_id}.{number}")
    if decision not in file.in_force():
        raise DecisionReplacedError(decision_id=decision_id)
    return decision


def lodge(command: LodgeAppeal, state: Appeal) -> tuple[Lodged, ...]:
    """Return the fact of an appeal in time and on listed grounds.

    Raises:
        UnknownAppealError: there is none, or it is somebody else's.
        NotExplainedYetError, AlreadyLodgedError: it is not its turn, or was.
        UnlistedGroundError: says which grounds there are.
        TooLateError: says which was the last day.
        DecisionReplacedError: another decision counts now, with clocks of its own.
    """
    explained = _explained(command, state)
    request, answer = explained.request, explained.answer
    terms = request.terms
    grounds = command.grounds
    if (
        not grounds
        or len(set(grounds)) < len(grounds)
        or set(grounds) - {*terms.grounds}
    ):
        raise UnlistedGroundError(grounds=list(terms.grounds))
    lodging = Clock(name="lodge", started_at=answer.occurred_at, terms=terms)
    refuse_late(lodging, command.file, command)
    _refuse_replaced(request.decision, command.file)
    return (
        Lodged(
            appeal_id=request.appeal_id,
            case_id=request.case_id,
            number=request.number,
            participant_id=request.participant_id,
            against="decision",
            decision=request.decision,
            grounds=grounds,
            statement=command.statement,
            terms=terms,
            due_on=None,
            occurred_at=command.at,
        ),
    )


def _refuse_replaced(decision: ReleasedDecision, file: CaseFile) -> None:
    in_force = {each.decision_id for each in file.in_force()}
    if decision.decision_id not in in_force:
        raise DecisionReplacedError(decision_id=decision.decision_id)


def _explained(command: LodgeAppeal, state: Appeal) -> Explained:
    match state:
        case Explained() if state.request.participant_id == command.by:
            return state
        case Asked() if state.request.participant_id == command.by:
            raise NotExplainedYetError(due_on=state.request.due_on.isoformat())
        case Pending() if state.lodged.participant_id == command.by:
            raise AlreadyLodgedError
        case _:
            refuse_ended(state, command.file, command.by)
            raise UnknownAppealError


def lodge_about_support(
    command: LodgeAboutSupport, state: Appeal
) -> tuple[Lodged, ...]:
    """Return the fact of an appeal against the support received.

    Raises:
        UnknownCaseError, CaseWithdrawnError, TermsUnknownError: see `refusals`.
        SupportAppealOpenError: one is open already.
    """
    file, at = command.file, command.at
    refuse_strangers(file, command.by)
    for number in file.open_numbers():
        if file.appeals[number].decision_id is None:
            raise SupportAppealOpenError(appeal_id=f"{command.case_id}.{number}")
    terms = _known(file.terms_of(None))
    if not isinstance(state, NotOpened):
        raise AlreadyLodgedError
    due = Clock(name="respond", started_at=at, terms=terms).read(file, at)
    return (
        Lodged(
            appeal_id=f"{command.case_id}.{command.number}",
            case_id=command.case_id,
            number=command.number,
            participant_id=command.by,
            against="support",
            decision=None,
            grounds=(),
            statement=command.statement,
            terms=terms,
            due_on=due.last_day,
            is_stopped=isinstance(due, Standing),
            occurred_at=at,
        ),
    )


def _known(terms: Terms | None) -> Terms:
    if terms is None:
        raise TermsUnknownError
    return terms
