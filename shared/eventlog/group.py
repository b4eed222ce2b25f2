"""A group of units as the arguments of one ``log.append`` call, and its answers back.

Invariant: every array is in order of arrival: units, their writes, their events.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from shared.errors import ConflictError, ServiceError
from shared.eventlog.refusals import EventIdReusedError
from shared.eventlog.values import Appended, StoredAnswer, UnitOfWork

APPEND = """
select outcomes, positions, conflicts
from log.append(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
    $12, $13, $14, $15, $16, $17, $18, $19, $20, $21
)
"""

APPEND_ONE = """
select outcomes, positions, conflicts
from log.append_one(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16
)
"""

Outcome = Literal["written", "repeated", "handled", "answered", "conflict", "reused"]


@dataclass(frozen=True, slots=True)
class Answers:
    """What ``log.append`` returned: one entry per unit."""

    outcomes: Sequence[Outcome]
    positions: Sequence[int]
    conflicts: Sequence[str | None] | None

    def __getitem__(self, unit: int) -> Appended | ServiceError:
        """Return what to tell the caller of the unit with that index."""
        outcome, position = self.outcomes[unit], self.positions[unit]
        if outcome == "conflict":
            conflicts = cast("Sequence[str | None]", self.conflicts)
            return ConflictError(stream=conflicts[unit], actual_version=position)
        if outcome == "reused":
            return EventIdReusedError()
        return Appended(outcome=outcome, position=position)


def arguments(works: Sequence[UnitOfWork]) -> tuple[Any, ...]:
    """Return the 21 arguments that append *works* in one call."""
    writes = [(unit, write) for unit, w in enumerate(works, 1) for write in w.writes]
    events = [event for _, write in writes for event in write.events]
    return (
        len(works),
        [unit for unit, _ in writes],
        [write.stream for _, write in writes],
        [write.expected_version for _, write in writes],
        [len(write.events) for _, write in writes],
        [event.event_id for event in events],
        [event.type for event in events],
        [event.schema_version for event in events],
        [event.payload for event in events],
        [event.metadata for event in events],
        [event.occurred_at for event in events],
        *_mark_arguments(works),
        *_answer_arguments(works),
    )


def lone_arguments(work: UnitOfWork) -> tuple[Any, ...] | None:
    """Return the 16 arguments of the short way; None: *work* needs the long one.

    The short way is for one event in one stream, with at most one inbox mark.
    """
    if len(work.writes) != 1 or len(work.inbox) > 1:
        return None
    write = work.writes[0]
    if len(write.events) != 1:
        return None
    event = write.events[0]
    mark = work.inbox[0] if work.inbox else None
    answer = work.answer
    return (
        write.stream,
        write.expected_version,
        event.event_id,
        event.type,
        event.schema_version,
        event.payload,
        event.metadata,
        event.occurred_at,
        *((mark.consumer, mark.event_id) if mark else (None,) * 2),
        *(_answer_values(answer) if answer else (None,) * 6),
    )


def _answer_values(answer: StoredAnswer) -> tuple[Any, ...]:
    request = answer.request
    return (
        *(request.actor, request.route, request.key),
        *(answer.body_sha256, answer.status, answer.body),
    )


def _mark_arguments(works: Sequence[UnitOfWork]) -> tuple[Any, ...]:
    marks = [(unit, mark) for unit, work in enumerate(works, 1) for mark in work.inbox]
    if not marks:  # null spares PostgreSQL from unpacking empty arrays
        return (None,) * 3
    return (
        [unit for unit, _ in marks],
        [mark.consumer for _, mark in marks],
        [mark.event_id for _, mark in marks],
    )


def _answer_arguments(works: Sequence[UnitOfWork]) -> tuple[Any, ...]:
    answers = [(unit, w.answer) for unit, w in enumerate(works, 1) if w.answer]
    if not answers:
        return (None,) * 7
    columns = zip(*(_answer_values(answer) for _, answer in answers), strict=True)
    return ([unit for unit, _ in answers], *(list(column) for column in columns))


def fellows(works: Sequence[UnitOfWork]) -> int:
    """Return how many of the first *works* fit into one call.

    A unit that repeats an event id, a mark or a request of one before it waits for the
    next call, where it finds what the other wrote.
    """
    if len(works) == 1:
        return 1
    seen: set[object] = set()
    for count, work in enumerate(works):
        own = {
            *(event.event_id for write in work.writes for event in write.events),
            *work.inbox,
            *((work.answer.request,) if work.answer else ()),
        }
        if not seen.isdisjoint(own):
            return count
        seen |= own
    return len(works)
