"""Feedback and statements by one-time link: asked once, given once, by who was asked.

The one link holds who was asked and until when; whether it may be used is decided here,
from facts. Source: S0 (one colleague, one manager, three learners; mentor and manager
read the portfolio); architecture.md, "Personal data".
"""

from collections.abc import Iterator
from datetime import datetime

from services.submission.domain.commands import (
    ContributionCommand,
    Link,
    ReceiveContribution,
    RequestContribution,
)
from services.submission.domain.events import (
    ContributionEvent,
    ContributionReceived,
    ContributionRequested,
    FeedbackReceived,
    FeedbackRequested,
    StatementReceived,
    StatementRequested,
)
from services.submission.domain.evolve import Case, Open
from services.submission.domain.submitting import enrolled, refuse_submitted
from shared.errors import ForbiddenError, NotFoundError, RuleViolatedError


class NotAskedForError(RuleViolatedError):
    """This section holds no words of such a person."""


class OwnContributionError(RuleViolatedError):
    """Nobody writes about themself: ask somebody else."""


class NotTheMentorError(RuleViolatedError):
    """Only the nominated mentor is asked for a mentor's statement."""


class AlreadyAskedError(RuleViolatedError):
    """This person was asked for this section already: wait, or ask somebody else."""


class WrongLinkError(NotFoundError):
    """This link leads nowhere: use the one in the letter, complete."""


class NotTheRecipientError(ForbiddenError):
    """The link was sent to another address: only who was asked may use it."""


class LinkUsedError(RuleViolatedError):
    """The link was used, and nothing can be added: thank you for what you wrote."""


class LinkExpiredError(RuleViolatedError):
    """The link has expired: ask the participant to send a new one."""


def contribute(
    command: ContributionCommand, state: Case
) -> tuple[ContributionEvent, ...]:
    """Return the request, or the words that answer one; empty when done before.

    Raises:
        NotEnrolledError: there is no such case.
        AlreadySubmittedError: the portfolio is handed in.
        ServiceError: one of the errors above.
    """
    if isinstance(command, RequestContribution):
        return _request(command, state)
    return _receive(command, state)


def requested(link: Link, state: Case) -> ContributionRequested:
    """Return the request that *link* belongs to, for who was asked.

    Raises:
        WrongLinkError: there is no such request, or the link is not the one for it.
        NotTheRecipientError: somebody else holds the link.
    """
    found = enrolled(state).requests.get(link.request_id)
    if (
        found is None
        or found.recipient_id != link.recipient_id
        or int(found.expires_at.timestamp()) != int(link.expires_at.timestamp())
    ):
        raise WrongLinkError
    if found.address_hash != link.confirmed:
        raise NotTheRecipientError
    return found


def refuse_closed(found: ContributionRequested, state: Case, at: datetime) -> None:
    """Accept a request that can still be answered at *at*.

    Raises:
        LinkUsedError, LinkExpiredError, AlreadySubmittedError, CaseEndedError.
    """
    if found.request_id in enrolled(state).answers:
        raise LinkUsedError
    if at >= found.expires_at:
        raise LinkExpiredError(expired_at=found.expires_at.isoformat())
    refuse_submitted(state)


def _request(
    command: RequestContribution, state: Case
) -> tuple[ContributionRequested, ...]:
    portfolio = enrolled(state)
    if command.request_id in portfolio.requests:
        return ()
    refuse_submitted(state)
    if command.recipient_id == portfolio.enrolment.person_id:
        raise OwnContributionError
    is_mentor = command.recipient_id == portfolio.mentor_id
    if command.contribution == "mentor" and not is_mentor:
        raise NotTheMentorError
    section = command.section.key
    if _is_open_or_answered(portfolio, section, command):
        raise AlreadyAskedError(section=section, contribution=command.contribution)
    return (_asked(command, _place(portfolio, command)),)


def _asked(command: RequestContribution, key: str) -> ContributionRequested:
    author = command.section.written_by
    kind = FeedbackRequested if author is None else StatementRequested
    return kind(
        request_id=command.request_id,
        section=command.section.key,
        key=key,
        contribution=command.contribution,
        recipient_id=command.recipient_id,
        address_hash=command.address_hash,
        name=command.name,
        email=command.email,
        reads_portfolio=author is not None and author.reads_portfolio,
        expires_at=command.expires_at,
        occurred_at=command.at,
    )


def _is_open_or_answered(
    portfolio: Open, section: str, command: RequestContribution
) -> bool:
    """Tell whether this person, or the one place of the section, is taken.

    A statement has one author; one person has one voice in the feedback. Source: S0.
    A resubmission may need them anew. Source: S2 6.2.1 (P).
    """
    answered = [
        each
        for each in _of(portfolio, section)
        if each.request_id in portfolio.answers
        and _is_of_this_attempt(portfolio, each.request_id)
    ]
    waiting = [
        each
        for each in _of(portfolio, section)
        if each.request_id not in portfolio.answers and command.at < each.expires_at
    ]
    if command.section.written_by is not None and answered:
        return True
    return any(
        each.address_hash == command.address_hash for each in (*answered, *waiting)
    )


def _is_of_this_attempt(portfolio: Open, request_id: str) -> bool:
    window = portfolio.resubmission
    given_at = portfolio.answers[request_id].occurred_at
    return window is None or given_at >= window.window.occurred_at


def _of(portfolio: Open, section: str) -> Iterator[ContributionRequested]:
    return (each for each in portfolio.requests.values() if each.section == section)


def _place(portfolio: Open, command: RequestContribution) -> str:
    """Return the key of the contribution, the next free of its kind.

    Raises:
        NotAskedForError: the section has no place for such words.
    """
    section, kind = command.section, command.contribution
    if section.written_by is not None and section.written_by.by == kind:
        return section.key
    for part in section.parts:
        if part.key == kind:
            before = sum(
                each.contribution == kind for each in _of(portfolio, section.key)
            )
            return section.part_key(part, before + 1)
    raise NotAskedForError(section=section.key, contribution=kind)


def _receive(
    command: ReceiveContribution, state: Case
) -> tuple[ContributionReceived, ...]:
    found = requested(command.link, state)
    before = enrolled(state).answers.get(found.request_id)
    if before is not None and before.content_hash == command.content_hash:
        return ()
    refuse_closed(found, state, command.at)
    kind = (
        FeedbackReceived if isinstance(found, FeedbackRequested) else StatementReceived
    )
    return (
        kind(
            request_id=found.request_id,
            key=found.key,
            words=command.words,
            content_hash=command.content_hash,
            path=command.path,
            occurred_at=command.at,
        ),
    )
