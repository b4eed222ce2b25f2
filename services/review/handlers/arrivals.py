"""What other services tell of a case: handed in, moved, held, withdrawn, returned.

Invariant: messages come in any order. What comes before the review that it is about is
kept in the assessment of the case, and takes effect when the review is requested.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Literal

from services.review.domain.assessment.commands import (
    AssessmentCommand,
    ListReview,
    NoteAdvice,
    NoteFreshReview,
    NoteLaterOpening,
    NoteRelease,
    NoteWithdrawal,
)
from services.review.domain.assessment.decide import assessment
from services.review.domain.assessment.evolve import Assessment
from services.review.domain.commands import (
    CloseReview,
    EndClaim,
    FollowHolds,
    MoveOpening,
    ReopenReview,
    RequestReview,
    RestoreJudgement,
)
from services.review.domain.decide import UnknownReviewError, review
from services.review.domain.events import Requested
from services.review.domain.naming import review_id_of
from services.review.domain.reviewer.commands import NoteMentee, NotePart
from services.review.domain.reviewer.decide import reviewer
from services.review.domain.situations import NotRequested
from services.review.handlers.holding import (
    assessment_stream,
    employer_of,
    reviewer_stream,
    step,
    stream,
)
from services.review.handlers.wanting import (
    WantedBeside,
    given_like,
    handed_in_beside,
)
from shared.handling import Cause, Handled, Handling, Loader, Step
from shared.holds import HoldCommand
from shared.london import months_later
from shared.personal import Personal
from shared.programmes import Pinned, programme_of


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Takes in what the others tell of a case."""

    handling: Handling

    async def requested(self, command: RequestReview, cause: Cause) -> Handled:
        """Let a portfolio be judged, and everything that was told before apply."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            known, _ = await asyncio.gather(
                _assessment(loader, command.case_id),
                _request(loader, command.review_id),
            )
            asked = _opening_later(command, known)
            fresh = [
                _fresh(command, each.number, each.excluded, each.occurred_at)
                for each in known.wanted.values()
                if each.attempt == command.attempt
            ]
            return _requests([asked, *fresh], known)

        return await self.handling.plan(cause, build)

    async def moved(self, command: NoteLaterOpening, cause: Cause) -> Handled:
        """Open what is handed in at one attempt later, unless somebody holds it."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            note = _note(command)
            review_id = review_id_of(command.case_id, command.attempt)
            about = await _request(loader, review_id)
            if about is None:
                return (note,)
            known = await _assessment(loader, command.case_id)
            opens_at = command.review_opens_at
            moving = MoveOpening(
                review_opens_at=opens_at,
                due_at=_due(about, opens_at),
                at=command.at,
            )
            return (note, step(review_id, moving), _held(review_id, known, command.at))

        return await self.handling.plan(cause, build)

    async def withdrawn(self, command: NoteWithdrawal, cause: Cause) -> Handled:
        """Close every review of a case; claims end, drafts are kept."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            known = await _assessment(loader, command.case_id)
            closing = CloseReview(at=command.at)
            return (_note(command), *(step(each, closing) for each in known.reviews))

        return await self.handling.plan(cause, build)

    async def held(self, command: HoldCommand, cause: Cause) -> Handled:
        """Let every review of a case be due later by the days that were held."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            known = await _assessment(loader, command.case_id)
            after = assessment.fold(assessment.decide(command, known), known)
            following = (_held(each, after, command.at) for each in known.reviews)
            return (_note(command), *following)

        return await self.handling.plan(cause, build)

    async def mentored(self, command: NoteMentee, cause: Cause) -> Handled:
        """Keep a mentor from judging; end the claim they hold on the case."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            return await _keeping_away(loader, command, "nominated_as_mentor")

        return await self.handling.plan(cause, build)

    async def took_part(self, commands: Sequence[NotePart], cause: Cause) -> Handled:
        """Keep whom a case concerns otherwise from judging it; end claims they hold."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            found = [
                await _keeping_away(loader, each, "earlier_part", attempt=each.attempt)
                for each in commands
            ]
            return tuple(chain.from_iterable(found))

        return await self.handling.plan(cause, build)

    async def returned(
        self,
        review_id: str,
        *,
        reviewer_id: str,
        token: int | None,
        reason: Personal[str],
        at: datetime,
        cause: Cause,
    ) -> Handled:
        """Let the same reviewer judge again.

        Raises:
            UnknownReviewError: there is no such review; the message is kept apart.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            about = await _request(loader, review_id)
            if about is None:
                raise UnknownReviewError
            due = _due(about, at)
            command = ReopenReview(
                reviewer_id=reviewer_id, token=token, reason=reason, due_at=due, at=at
            )
            known = await _assessment(loader, about.case_id)
            return (step(review_id, command), _held(review_id, known, at))

        return await self.handling.plan(cause, build)

    async def released(
        self, command: NoteRelease, advice: NoteAdvice, cause: Cause
    ) -> Handled:
        """Let no judgement be taken back whose outcome is told; know what was told."""
        restoring = RestoreJudgement(at=command.at)
        return await self.handling(
            cause, _note(command), _note(advice), step(command.review_id, restoring)
        )

    async def revised(
        self, advice: NoteAdvice, review_id: str | None, cause: Cause
    ) -> Handled:
        """Let the judgement of a fresh review stand; know what was told instead.

        One that is not named is the one that was wanted last.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            known = await _assessment(loader, advice.case_id)
            told = review_id or known.wanted_last(advice.attempt)
            if told is None:
                return (_note(advice),)
            release = NoteRelease(case_id=advice.case_id, review_id=told, at=advice.at)
            restoring = RestoreJudgement(at=advice.at)
            return (_note(release), _note(advice), step(told, restoring))

        return await self.handling.plan(cause, build)

    async def wanted(self, command: NoteFreshReview, cause: Cause) -> Handled:
        """Have a portfolio judged afresh by somebody who had no part in the case."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            note = _note(command)
            first_id = review_id_of(command.case_id, command.attempt)
            first = await _request(loader, first_id)
            if first is None:
                return (note,)
            known = await _assessment(loader, command.case_id)
            again = _fresh(_asked(first), command.number, command.excluded, command.at)
            return (note, *_requests([again], known))

        return await self.handling.plan(cause, build)

    async def wanted_beside(self, wanted: WantedBeside, cause: Cause) -> Handled:
        """Have a portfolio judged that no submission told, by whom it is wanted."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            like = await loader.state(review, stream(wanted.beside))
            asked = handed_in_beside(wanted, like)
            known = await _assessment(loader, asked.case_id)
            known = known.employed(await employer_of(loader, asked))
            judge = await loader.state(reviewer, reviewer_stream(str(asked.only_by)))
            given = given_like(asked, like, judge, known)
            giving = () if given is None else (step(asked.review_id, given),)
            return (*_requests([asked], known), *giving)

        return await self.handling.plan(cause, build)


async def _assessment(loader: Loader, case_id: str) -> Assessment:
    return await loader.state(assessment, assessment_stream(case_id))


async def _request(loader: Loader, review_id: str) -> Requested | None:
    state = await loader.state(review, stream(review_id))
    return None if isinstance(state, NotRequested) else state.requested


def _note(command: AssessmentCommand) -> Step:
    return Step(assessment, assessment_stream(command.case_id), command)


def _held(review_id: str, known: Assessment, at: datetime) -> Step:
    return step(review_id, FollowHolds(assessment=known, at=at))


def _opening_later(command: RequestReview, known: Assessment) -> RequestReview:
    opens_at = known.openings.get(command.attempt, command.review_opens_at)
    if opens_at <= command.review_opens_at:
        return command
    due = _due(command, opens_at)
    return replace(command, review_opens_at=opens_at, due_at=due)


def _requests(commands: Sequence[RequestReview], known: Assessment) -> tuple[Step, ...]:
    steps: list[Step] = []
    for each in commands:
        steps += (step(each.review_id, each), _held(each.review_id, known, each.at))
        if known.withdrawn_at is not None:
            steps.append(step(each.review_id, CloseReview(at=each.at)))
        listing = ListReview(
            case_id=each.case_id,
            review_id=each.review_id,
            attempt=each.attempt,
            at=each.at,
        )
        steps.append(_note(listing))
    return tuple(steps)


async def _keeping_away(
    loader: Loader,
    command: NoteMentee | NotePart,
    because: Literal["nominated_as_mentor", "earlier_part"],
    *,
    attempt: int | None = None,
) -> tuple[Step, ...]:
    """Return what keeps somebody from judging a case, or one *attempt* of it.

    What they hold of it ends.
    """
    me, known = command.reviewer_id, await _assessment(loader, command.case_id)
    ending = EndClaim(reviewer_id=me, because=because, at=command.at)
    ended = (
        step(review_id, ending)
        for review_id, of_attempt in known.reviews.items()
        if attempt in {None, of_attempt}
    )
    return (Step(reviewer, reviewer_stream(me), command), *ended)


def _fresh(
    first: RequestReview, number: int, excluded: tuple[str, ...], at: datetime
) -> RequestReview:
    """Return the request for one more review: open at once, due in its own time."""
    return replace(
        first,
        review_id=review_id_of(first.case_id, first.attempt, number),
        excluded=excluded,
        review_opens_at=at,
        due_at=_due(first, at),
        at=at,
    )


def _asked(about: Requested) -> RequestReview:
    values = about.model_dump(exclude={"type", "occurred_at"})
    return RequestReview(**values, at=about.occurred_at)


def _due(pinned: Pinned, opens_at: datetime) -> datetime:
    period = programme_of(pinned).policy.review.period_months
    return months_later(opens_at, months=period.value)
