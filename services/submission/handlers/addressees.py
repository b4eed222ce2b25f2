"""To whom a letter about a case goes, at the moment of sending."""

from dataclasses import dataclass

from services.submission.domain.decide import case
from services.submission.domain.submitting import enrolled
from services.submission.handlers.people import People
from shared.handling import Handling


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who reads a letter."""

    subject: str
    """Whose key seals the letter."""
    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee(Recipient):
    """Who reads a letter, and about which programme it is."""

    programme: str
    programme_version: str
    policy_version: str
    cohort_id: str


@dataclass(frozen=True, slots=True)
class Addressees:
    """Opens contacts for letters, and for nothing else."""

    handling: Handling
    people: People

    async def recipient(self, person_id: str) -> Recipient:
        """Return somebody in the directory.

        Raises:
            UnknownPersonError, ContactErasedError: there is nobody to write to.
        """
        found = await self.people.contact(person_id)
        return Recipient(subject=person_id, name=found.name, email=found.email)

    async def addressee(self, person_id: str, case_id: str) -> Addressee:
        """Return somebody in the directory, for a letter about a case.

        Raises:
            UnknownPersonError, ContactErasedError: there is nobody to write to.
            NotEnrolledError: there is no such case.
        """
        found = await self.people.contact(person_id)
        _, state = await self.handling.fold(case, f"case-{case_id}")
        enrolment = enrolled(state).enrolment
        return Addressee(
            subject=person_id,
            name=found.name,
            email=found.email,
            programme=enrolment.programme,
            programme_version=enrolment.programme_version,
            policy_version=enrolment.policy_version,
            cohort_id=enrolment.cohort_id,
        )
