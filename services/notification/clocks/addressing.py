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
from shared.web.calling import ServiceCaller
from shared.web.leading import PATH, Lead


class Reader(BaseModel):
    """What submission answers: who reads a letter, and of which case it is."""

    subject: str
    """Whose personal data the letter is; their key seals it."""
    name: str
    email: str
    programme: str
    programme_version: str
    policy_version: str
    cohort_id: str
    link: str | None = None
    """The one-time link of somebody who is asked to write."""
    participant: str | None = None
    """Whose portfolio it is that they are asked about."""


@dataclass(frozen=True, slots=True)
class Addressing:
    """Asks submission who reads a letter."""

    call: ServiceCaller

    async def reader_of(self, about: About, told: Announcement) -> Reader:
        """Return the reader.

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
            asked = {"person_id": person_id, "case_id": about.case_id}
            path = "/internal/contact"
        return Reader.model_validate(await self.call.post("submission", path, asked))

    async def _person(self, recipient: ToPerson | ToLead) -> str:
        """Return who it is in the directory. Errors as `reader_of`."""
        if isinstance(recipient, ToPerson):
            return recipient.person_id
        asked = {"cohort_id": recipient.cohort_id}
        answer = await self.call.post("moderation", PATH, asked)
        return Lead.model_validate(answer).person_id
