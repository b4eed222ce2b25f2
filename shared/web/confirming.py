"""What a service is asked before a letter goes out: is what it told still true?

Notification asks the service whose fact the letter tells, at the moment of sending.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeAlias
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from shared.vocabulary import CaseId
from shared.web.requests import Reader

PATH = "/internal/confirm"

IsStillTrue: TypeAlias = Callable[[str, str, UUID], Awaitable[bool]]
"""Tells it of a case, a stream, and an event of that stream."""


class Course(BaseModel):
    """Under which programme, policy and cohort a case is judged."""

    programme: str
    programme_version: str
    policy_version: str
    cohort_id: str


CourseOf: TypeAlias = Callable[[str], Awaitable[Course]]
"""Returns it for a stream of which something is still true."""


class StillTrue(BaseModel):
    """Which fact a letter is about to tell."""

    model_config = ConfigDict(extra="forbid")

    case_id: CaseId
    stream: Annotated[
        str, Field(max_length=200, pattern=r"^[a-z]+-[A-Za-z0-9][A-Za-z0-9._:~-]*$")
    ]
    event_id: UUID


class Confirmation(BaseModel):
    """Whether the case is still so."""

    is_true: bool
    course: Course | None = None
    """Where the asked service knows it; None: submission does."""


def confirming_router(
    is_still_true: IsStillTrue, course_of: CourseOf | None = None
) -> APIRouter:
    """Return the route that notification asks before it sends."""
    router = APIRouter(tags=["internal"])

    @router.post(PATH)
    async def confirm(body: StillTrue, reader: Reader) -> Confirmation:
        """Answer from a fold; asked at the moment of sending, so never stored."""
        reader.require_service("notification")
        told = await is_still_true(body.case_id, body.stream, body.event_id)
        course = await course_of(body.stream) if told and course_of else None
        return Confirmation(is_true=told, course=course)

    return router
