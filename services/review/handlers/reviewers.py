"""What can be asked of a reviewer: to be one, and to declare a conflict."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from services.review.domain.commands import EndClaim
from services.review.domain.reviewer.commands import (
    DeclareConflict,
    NoteEmployer,
    NotePause,
    RegisterReviewer,
    ReviewerCommand,
)
from services.review.domain.reviewer.decide import reviewer
from services.review.handlers.holding import reviewer_stream, step
from shared.handling import Cause, Handled, Handling, Step


@dataclass(frozen=True, slots=True)
class Reviewers:
    """The write side of ``reviewer-`` streams."""

    handling: Handling
    held_by: Callable[[str], Awaitable[Sequence[str]]]
    """Gives the reviews that somebody seems to hold: a hint."""

    async def register(self, command: RegisterReviewer, cause: Cause) -> Handled:
        """Let a person review."""
        return await self.handling(cause, _step(command))

    async def declare(self, command: DeclareConflict, cause: Cause) -> Handled:
        """Say what a reviewer must not judge.

        Raises:
            NotAReviewerError: this person does not review.
        """
        return await self.handling(cause, _step(command))

    async def employer(self, command: NoteEmployer, cause: Cause) -> Handled:
        """Know for whom a reviewer works; their next decision is on the new one."""
        return await self.handling(cause, _step(command))

    async def paused(self, command: NotePause, cause: Cause) -> Handled:
        """Know whether a reviewer judges at present; what they hold goes back.

        A claim that nobody knew of yet takes no write any more, and lapses.
        """
        held = await self.held_by(command.reviewer_id) if command.is_paused else ()
        ending = EndClaim(
            reviewer_id=command.reviewer_id, because="paused", at=command.at
        )
        steps = (step(review_id, ending) for review_id in held)
        return await self.handling(cause, _step(command), *steps)

    async def pass_over(self, cause: Cause) -> Handled:
        """Note that a message was seen and that nothing follows from it here."""
        return await self.handling(cause)


def _step(command: ReviewerCommand) -> Step:
    return Step(reviewer, reviewer_stream(command.reviewer_id), command)
