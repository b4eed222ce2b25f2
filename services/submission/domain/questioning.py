"""Questions between a participant and the office, and what staff looked at.

What is in them is for the two sides alone; that nobody advises on the content of a
portfolio before its review (S2 2.3) is for the office to keep to.
"""

from typing import assert_never

from services.submission.domain.commands import (
    AnswerQuery,
    AskQuery,
    OfficeCommand,
    RecordOpening,
)
from services.submission.domain.events import (
    DetailsOpened,
    OfficeEvent,
    QueryAnswered,
    QueryAsked,
)
from services.submission.domain.states import Case, NotEnrolled, course_of
from services.submission.domain.submitting import NotEnrolledError
from shared.carrying import carry
from shared.errors import ForbiddenError, NotFoundError, RuleViolatedError


class QueryUnknownError(NotFoundError):
    """Nobody has asked this."""


class OwnQueryError(ForbiddenError):
    """A query is answered by the side that did not ask it."""


class QueryAnsweredError(RuleViolatedError):
    """This query is answered already: ask another one."""


def questioning(command: OfficeCommand, state: Case) -> tuple[OfficeEvent, ...]:
    """Return the question, answer or opening; empty when it was so before.

    Raises:
        NotEnrolledError: there is no such case.
        QueryUnknownError, OwnQueryError, QueryAnsweredError.
    """
    if isinstance(state, NotEnrolled):
        raise NotEnrolledError
    match command:
        case AskQuery():
            return _ask(command, state)
        case AnswerQuery():
            return _answer(command, state)
        case RecordOpening():
            return (carry(command, DetailsOpened, occurred_at=command.at),)
        case _:
            assert_never(command)


def _ask(command: AskQuery, state: Case) -> tuple[QueryAsked, ...]:
    if command.query_id in course_of(state).queries:
        return ()
    return (carry(command, QueryAsked, asked_by=command.side, occurred_at=command.at),)


def _answer(command: AnswerQuery, state: Case) -> tuple[QueryAnswered, ...]:
    query = course_of(state).queries.get(command.query_id)
    if query is None:
        raise QueryUnknownError(query_id=command.query_id)
    if query.asked.asked_by == command.side:
        raise OwnQueryError(query_id=command.query_id)
    if query.answered is not None:
        raise QueryAnsweredError(query_id=command.query_id)
    return (carry(command, QueryAnswered, occurred_at=command.at),)
