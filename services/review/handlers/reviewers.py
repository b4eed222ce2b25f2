"""What can be asked of a reviewer: to be one, and to declare a conflict."""

from dataclasses import dataclass

from services.review.domain.reviewer.commands import (
    DeclareConflict,
    NoteEmployer,
    RegisterReviewer,
    ReviewerCommand,
)
from services.review.domain.reviewer.decide import reviewer
from services.review.handlers.holding import reviewer_stream
from shared.handling import Cause, Handled, Handling, Step


@dataclass(frozen=True, slots=True)
class Reviewers:
    """The write side of ``reviewer-`` streams."""

    handling: Handling

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

    async def pass_over(self, cause: Cause) -> Handled:
        """Note that a message was seen and that nothing follows from it here."""
        return await self.handling(cause)


def _step(command: ReviewerCommand) -> Step:
    return Step(reviewer, reviewer_stream(command.reviewer_id), command)
