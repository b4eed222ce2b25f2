"""Whose case it is: decided from the fold, and the same answer for what is not there.

A participant learns nothing about anybody else's case, not even that it exists.
"""

from dataclasses import dataclass
from datetime import datetime

from services.submission.domain.events import Side
from services.submission.domain.states import Applied, Case, Ended, NotEnrolled
from services.submission.domain.submitting import NotEnrolledError, enrolled
from shared.handling import Cause
from shared.vocabulary import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who asks, and for which side."""

    person_id: str
    side: Side
    role: Role = "operations"
    """In which role staff ask, where side is the office."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A thing that participant and office arrange, and who now says what about it."""

    case_id: str
    item_id: str
    who: Who
    at: datetime
    cause: Cause

    @property
    def stream(self) -> str:
        """Where its facts are."""
        return f"case-{self.case_id}"

    def answering(self, status: int, name: str) -> Cause:
        """Return the cause that answers with both ids; *name* is the item's."""
        return self.cause.answer(status, {"case_id": self.case_id, name: self.item_id})


def participant_of(state: Case) -> str:
    """Return the person a case is about.

    Raises:
        NotEnrolledError: there is no such case.
    """
    before = state.before if isinstance(state, Ended) else state
    if isinstance(before, NotEnrolled):
        raise NotEnrolledError
    if isinstance(before, Applied):
        return before.application.person_id
    return enrolled(before).enrolment.person_id


def own_state(state: Case, who: Who) -> Case:
    """Return *state* for who may ask about it.

    Raises:
        NotEnrolledError: there is no such case, or it is somebody else's.
    """
    if participant_of(state) != who.person_id and who.side != "office":
        raise NotEnrolledError
    return state
