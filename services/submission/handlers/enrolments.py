"""Enrolment, mentors, and the new case that a restart is."""

from dataclasses import dataclass
from datetime import datetime

from services.submission.domain.commands import (
    AppointMentor,
    AskForMentor,
    EnrolmentCommand,
    NominateMentor,
)
from services.submission.domain.decide import case
from services.submission.domain.person.decide import OrganisationMissingError
from services.submission.domain.submitting import enrolled
from services.submission.handlers.cases import enrol_in, registered, running_cohort
from services.submission.handlers.entering import entry_steps
from services.submission.handlers.naming import case_id_of
from services.submission.handlers.owning import Who, own_state
from shared.handling import Cause, Handled, Handling, Ids, Loader, Step
from shared.programmes import programme_of


@dataclass(frozen=True, slots=True)
class Enrolments:
    """Who takes part, and who supports them."""

    handling: Handling

    async def enrol(
        self,
        cohort_id: str,
        person_id: str,
        *,
        mentor_id: str | None,
        who: Who,
        at: datetime,
        cause: Cause,
    ) -> Handled:
        """Let somebody take part in a cohort; the answer tells the case.

        Raises:
            UnknownCohortError, UnknownPersonError: register them first.
            OrganisationMissingError: it is not known where the person works.
            ApplicationNeededError, NotEligibleError: an application comes first.
            ElsewhereError, FeeDueError: an earlier case is in the way.
            OwnMentorError: the mentor is the participant.
        """
        case_id = case_id_of(cohort_id, person_id)

        async def build(loader: Loader) -> tuple[Step, ...]:
            found = await running_cohort(loader, cohort_id)
            participant = await registered(loader, person_id)
            if participant.organisation_id is None:
                raise OrganisationMissingError(person_id=person_id, role="participant")
            command = enrol_in(found, person_id, participant.organisation_id, at)
            by_office = who.side == "office"
            steps = await entry_steps(loader, found, command, by_office=by_office)
            if mentor_id is None:
                return steps
            await registered(loader, mentor_id)
            nomination = NominateMentor(mentor_id=mentor_id, at=at)
            return (*steps, Step(case, f"case-{case_id}", nomination))

        ids: Ids = {"case_id": case_id, "person_id": person_id, "cohort_id": cohort_id}
        return await self.handling.plan(cause.answer(201, ids), build)

    async def restart(
        self, case_id: str, cohort_id: str, *, who: Who, at: datetime, cause: Cause
    ) -> Handled:
        """Begin anew in another cohort, once the fee is paid; as `enrol`.

        Raises:
            NotEnrolledError: there is no such case, or not for *who*.
        """
        _, state = await self.handling.fold(case, f"case-{case_id}")
        whose = enrolled(own_state(state, who)).enrolment.person_id
        return await self.enrol(
            cohort_id, whose, mentor_id=None, who=who, at=at, cause=cause
        )

    async def nominate(
        self, case_id: str, mentor_id: str, *, who: Who, at: datetime, cause: Cause
    ) -> Handled:
        """Say who supports the participant; they have to be in the directory."""
        command = NominateMentor(mentor_id=mentor_id, at=at)
        return await self._mentor(case_id, command, mentor_id, who, cause)

    async def appoint(
        self, case_id: str, mentor_id: str, *, who: Who, at: datetime, cause: Cause
    ) -> Handled:
        """Appoint somebody for a participant who asked for it."""
        command = AppointMentor(mentor_id=mentor_id, appointed_by=who.person_id, at=at)
        return await self._mentor(case_id, command, mentor_id, who, cause)

    async def ask_for_mentor(
        self, case_id: str, *, who: Who, at: datetime, cause: Cause
    ) -> Handled:
        """Ask the programme to appoint somebody. Source: S1, S2 6.1.3.

        Raises:
            MentorNotOfferedError, MentorKnownError: there is nobody to ask for.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            state = own_state(await loader.state(case, f"case-{case_id}"), who)
            support = programme_of(enrolled(state).enrolment).support
            is_offered = support is not None and support.may_ask_for_one.value
            command = AskForMentor(is_offered=is_offered, asked_by=who.person_id, at=at)
            return (Step(case, f"case-{case_id}", command),)

        return await self.handling.plan(cause, build)

    async def _mentor(
        self,
        case_id: str,
        command: EnrolmentCommand,
        mentor_id: str,
        who: Who,
        cause: Cause,
    ) -> Handled:
        async def build(loader: Loader) -> tuple[Step, ...]:
            own_state(await loader.state(case, f"case-{case_id}"), who)
            await registered(loader, mentor_id)
            return (Step(case, f"case-{case_id}", command),)

        return await self.handling.plan(cause, build)
