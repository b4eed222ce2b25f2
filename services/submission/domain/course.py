"""What goes on around a portfolio: dates, holds, questions, decisions of others.

Invariant: whatever order the messages of others are heard in, what is known is the
same; nothing here tells what follows from it. Records have no slots: see `replace`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias, assert_never

from services.submission.domain.events import (
    AdjustmentAgreed,
    AdjustmentAsked,
    AdjustmentDeclined,
    AwardNoted,
    DetailsOpened,
    FeePaid,
    HoldEndNoted,
    HoldNoted,
    MentorAsked,
    OfficeEvent,
    OutcomeNoted,
    QueryAnswered,
    QueryAsked,
    ReminderDue,
    ReviewDelayed,
    VivaNotPassedNoted,
)
from shared.decider import replace
from shared.holds import Holds


@dataclass(frozen=True)
class Adjustment:
    """What somebody needs, and what was agreed about it, or why nothing was."""

    asked: AdjustmentAsked
    agreed: AdjustmentAgreed | None = None
    declined: AdjustmentDeclined | None = None
    """Kept where it was agreed later all the same."""


@dataclass(frozen=True)
class Query:
    """A question, and its answer."""

    asked: QueryAsked
    answered: QueryAnswered | None = None


@dataclass(frozen=True)
class Course:
    """What is known beside the portfolio itself."""

    adjustments: Mapping[str, Adjustment] = field(default_factory=dict)
    holds: Holds = field(default_factory=Holds)
    queries: Mapping[str, Query] = field(default_factory=dict)
    reminded: Mapping[tuple[str, date], int] = field(default_factory=dict)
    """Smallest mark in days that was reminded of, by clock and closing day."""
    review_opens_at: Mapping[int, datetime] = field(default_factory=dict)
    """By attempt, where it was told anew after the portfolio was handed in."""
    outcomes: Mapping[int, OutcomeNoted] = field(default_factory=dict)
    """By attempt, the decision that counts."""
    not_passed: Mapping[int, VivaNotPassedNoted] = field(default_factory=dict)
    award: AwardNoted | None = None
    fee: FeePaid | None = None
    mentor_asked: bool = False


CourseEvent: TypeAlias = (
    AdjustmentAsked
    | AdjustmentAgreed
    | AdjustmentDeclined
    | HoldNoted
    | HoldEndNoted
    | ReminderDue
    | ReviewDelayed
    | OfficeEvent
    | OutcomeNoted
    | VivaNotPassedNoted
    | AwardNoted
    | FeePaid
    | MentorAsked
)
"""What changes nothing but this."""

_DatesEvent: TypeAlias = (
    AdjustmentAsked
    | AdjustmentAgreed
    | AdjustmentDeclined
    | HoldNoted
    | HoldEndNoted
    | ReminderDue
    | ReviewDelayed
)


def follow(course: Course, event: CourseEvent) -> Course:
    """Return *course* as it is after *event*."""
    if isinstance(event, _DatesEvent):
        return _dates(course, event)
    if isinstance(event, OfficeEvent):
        return _office(course, event)
    return _noted(course, event)


def _noted(
    course: Course,
    event: OutcomeNoted | VivaNotPassedNoted | AwardNoted | FeePaid | MentorAsked,
) -> Course:
    match event:
        case OutcomeNoted():
            return replace(course, outcomes=_counting(course.outcomes, event))
        case VivaNotPassedNoted():
            not_passed = {**course.not_passed, event.number: event}
            return replace(course, not_passed=not_passed)
        case AwardNoted():
            return replace(course, award=event)
        case FeePaid():
            return replace(course, fee=event)
        case MentorAsked():
            return replace(course, mentor_asked=True)
        case _:
            assert_never(event)


def _dates(course: Course, event: _DatesEvent) -> Course:
    match event:
        case AdjustmentAsked() | AdjustmentAgreed() | AdjustmentDeclined():
            return _adjusted(course, event)
        case HoldNoted() | HoldEndNoted():
            return _held(course, event)
        case ReminderDue():
            key = (event.about, event.closes_on)
            reminded = {**course.reminded, key: event.mark_days}
            return replace(course, reminded=reminded)
        case ReviewDelayed():
            opens_at = {**course.review_opens_at, event.attempt: event.review_opens_at}
            return replace(course, review_opens_at=opens_at)
        case _:
            assert_never(event)


def _adjusted(
    course: Course, event: AdjustmentAsked | AdjustmentAgreed | AdjustmentDeclined
) -> Course:
    if isinstance(event, AdjustmentAsked):
        adjustment = Adjustment(asked=event)
    elif isinstance(event, AdjustmentAgreed):
        before = course.adjustments[event.adjustment_id]
        adjustment = replace(before, agreed=event)
    else:
        before = course.adjustments[event.adjustment_id]
        adjustment = replace(before, declined=event)
    adjustments = {**course.adjustments, event.adjustment_id: adjustment}
    return replace(course, adjustments=adjustments)


def _held(course: Course, event: HoldNoted | HoldEndNoted) -> Course:
    if isinstance(event, HoldNoted):
        holds = course.holds.placed(event.hold_id, event.placed_at)
    else:
        holds = course.holds.lifted(event.hold_id, event.lifted_at)
    return replace(course, holds=holds)


def _office(course: Course, event: OfficeEvent) -> Course:
    match event:
        case QueryAsked():
            query = Query(asked=event)
        case QueryAnswered():
            query = replace(course.queries[event.query_id], answered=event)
        case DetailsOpened():
            return course
        case _:
            assert_never(event)
    return replace(course, queries={**course.queries, event.query_id: query})


def _counting(
    known: Mapping[int, OutcomeNoted], news: OutcomeNoted
) -> Mapping[int, OutcomeNoted]:
    """Return the decisions that count: of one attempt, the one released last."""
    before = known.get(news.attempt)
    if before is not None and _rank(before) >= _rank(news):
        return known
    return {**known, news.attempt: news}


def _rank(outcome: OutcomeNoted) -> tuple[datetime, bool]:
    """Return what sorts decisions: a revision comes after what it replaces."""
    return outcome.released_at, outcome.is_revision
