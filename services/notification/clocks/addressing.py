"""To whom a letter goes: asked for at the moment of sending, and kept nowhere else."""

from dataclasses import dataclass

from pydantic import BaseModel

from services.notification.domain.events import (
    About,
    Announcement,
    ToContributor,
    ToLead,
    ToPerson,
)
from shared.carrying import carry
from shared.web.calling import ServiceCaller
from shared.web.confirming import Course
from shared.web.leading import PATH, Lead

CONTACT = "/internal/contact"


class Contact(BaseModel):
    """What submission answers of somebody alone."""

    subject: str
    """Whose personal data the letter is; their key seals it."""
    name: str
    email: str


class Reader(Contact, Course):
    """Who reads a letter, and under which programme its case is judged."""

    link: str | None = None
    """The one-time link of somebody who is asked to write."""
    participant: str | None = None
    """Whose portfolio it is that they are asked about."""


@dataclass(frozen=True, slots=True)
class Addressing:
    """Asks submission who reads a letter."""

    call: ServiceCaller

    async def reader_of(
        self, about: About, told: Announcement, course: Course | None
    ) -> Reader:
        """Return the reader; without *course* submission says what the case is.

        Whose service confirms the letter may know the course of a case that submission
        does not know.

        Raises:
            UnavailableError: submission does not answer.
            NotFoundError: there is nobody to write to any more.
            pydantic.ValidationError: the answer has another form.
        """
        recipient = told.recipient
        if isinstance(recipient, ToContributor):
            asked = {"request_id": recipient.request_id, "case_id": about.case_id}
            path = "/internal/contributor"
        else:
            person_id = await self._person(recipient)
            if course is not None:
                return await self._on(course, person_id)
            asked = {"person_id": person_id, "case_id": about.case_id}
            path = CONTACT
        return Reader.model_validate(await self.call.post("submission", path, asked))

    async def _on(self, course: Course, person_id: str) -> Reader:
        answer = await self.call.post("submission", CONTACT, {"person_id": person_id})
        return carry(Contact.model_validate(answer), Reader, **dict(course))

    async def _person(self, recipient: ToPerson | ToLead) -> str:
        """Return who it is in the directory. Errors as `reader_of`."""
        if isinstance(recipient, ToPerson):
            return recipient.person_id
        asked = {"cohort_id": recipient.cohort_id}
        answer = await self.call.post("moderation", PATH, asked)
        return Lead.model_validate(answer).person_id
