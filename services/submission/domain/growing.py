"""Building a portfolio: sections, self-ratings and files, until it is handed in."""

from typing import assert_never

from services.submission.domain.commands import (
    AttachEvidence,
    ChooseTemplate,
    PortfolioCommand,
    RecordSelfRating,
    RemoveEvidence,
    SaveSection,
)
from services.submission.domain.events import (
    EvidenceAttached,
    EvidenceRemoved,
    PortfolioEvent,
    SectionSaved,
    SelfRatingRecorded,
    TemplateChosen,
)
from services.submission.domain.evolve import Case
from services.submission.domain.submitting import enrolled, refuse_submitted
from shared.carrying import carry
from shared.errors import NotFoundError, RuleViolatedError


class TemplateInUseError(RuleViolatedError):
    """The portfolio is being built in another shape: what is there would not fit."""


class UnknownStandardError(RuleViolatedError):
    """This section asks for no rating of such a standard."""


class UnknownRatingError(RuleViolatedError):
    """This is not one of the ratings of the section."""


class EvidenceNotAttachedError(NotFoundError):
    """The portfolio has no such file."""


def growth(command: PortfolioCommand, state: Case) -> tuple[PortfolioEvent, ...]:
    """Return how the portfolio changes; empty when it is so already.

    Raises:
        NotEnrolledError: there is no such case.
        AlreadySubmittedError: it is handed in.
        ServiceError: a rule of the one command; see its function.
    """
    match command:
        case ChooseTemplate():
            return _choose(command, state)
        case SaveSection():
            return _save(command, state)
        case RecordSelfRating():
            return _rate(command, state)
        case AttachEvidence():
            return _attach(command, state)
        case RemoveEvidence():
            return _remove(command, state)
        case _:
            assert_never(command)


def _choose(command: ChooseTemplate, state: Case) -> tuple[PortfolioEvent, ...]:
    portfolio = enrolled(state)
    if portfolio.template == command.template:
        return ()
    refuse_submitted(state)
    if portfolio.sections or portfolio.requests:
        raise TemplateInUseError(template=portfolio.template)
    return (TemplateChosen(template=command.template, occurred_at=command.at),)


def _save(command: SaveSection, state: Case) -> tuple[PortfolioEvent, ...]:
    saved = enrolled(state).sections.get(command.key)
    if saved is not None and saved.content_hash == command.content_hash:
        return ()
    refuse_submitted(state)
    return (carry(command, SectionSaved, occurred_at=command.at),)


def _rate(command: RecordSelfRating, state: Case) -> tuple[PortfolioEvent, ...]:
    strange = sorted(set(command.ratings) - set(command.standards))
    if strange:
        raise UnknownStandardError(standards=strange, section=command.key)
    unknown = sorted(set(command.ratings.values()) - set(command.scale))
    if unknown:
        raise UnknownRatingError(ratings=unknown, scale=list(command.scale))
    recorded = enrolled(state).sections.get(command.key)
    if recorded is not None and recorded.content_hash == command.content_hash:
        return ()
    refuse_submitted(state)
    return (
        carry(
            command,
            SelfRatingRecorded,
            ratings=dict(command.ratings),
            standards=len(command.standards),
            occurred_at=command.at,
        ),
    )


def _attach(command: AttachEvidence, state: Case) -> tuple[PortfolioEvent, ...]:
    attached = enrolled(state).evidence.get(command.evidence_id)
    is_same = attached is not None and attached.content_hash == command.content_hash
    if attached is not None and is_same and attached.use in {command.use, "evidence"}:
        return ()
    refuse_submitted(state)
    return (carry(command, EvidenceAttached, occurred_at=command.at),)


def _remove(command: RemoveEvidence, state: Case) -> tuple[PortfolioEvent, ...]:
    portfolio = enrolled(state)
    refuse_submitted(state)
    if command.evidence_id in portfolio.removed:
        return ()
    if command.evidence_id not in portfolio.evidence:
        raise EvidenceNotAttachedError(evidence_id=command.evidence_id)
    return (EvidenceRemoved(evidence_id=command.evidence_id, occurred_at=command.at),)
