"""The extension of one case, and what other commands to cases begin with."""

from dataclasses import dataclass
from datetime import date, datetime

from services.submission.domain.cohort.decide import UnknownCohortError, cohort
from services.submission.domain.cohort.evolve import NotOpened, Running
from services.submission.domain.commands import Enrol, MoveDeadline
from services.submission.domain.decide import case
from services.submission.domain.events import ExtensionReason
from services.submission.domain.person.decide import UnknownPersonError, person
from services.submission.domain.person.evolve import Registered
from services.submission.domain.submitting import enrolled
from services.submission.handlers.naming import case_id_of
from shared.handling import Cause, Handled, Handling, Loader, Step
from shared.programmes import programme_of
from shared.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Cases:
    """The write side of ``case-`` streams, portfolios apart."""

    handling: Handling

    async def move_deadline(
        self,
        case_id: str,
        *,
        deadline: date,
        reason: ExtensionReason,
        role: Role,
        at: datetime,
        cause: Cause,
    ) -> Handled:
        """Let one case be handed in later than its cohort.

        Raises:
            NotEnrolledError: there is no such case.
            ExtensionNotAllowedError, DeadlineNotLaterError, AdjustmentTooLateError,
        AdjustmentUnknownError: see the decider.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            state = await loader.state(case, f"case-{case_id}")
            found = await running_cohort(loader, enrolled(state).enrolment.cohort_id)
            policy = programme_of(found.opening).policy.adjustments
            command = MoveDeadline(
                deadline=deadline,
                reason=reason,
                role=role,
                cohort_deadline=found.deadline,
                starts_on=found.opening.starts_on,
                months_before=policy.ask_months_before_start.value,
                at=at,
            )
            return (Step(case, f"case-{case_id}", command),)

        return await self.handling.plan(cause, build)


async def running_cohort(loader: Loader, cohort_id: str) -> Running:
    """Return the cohort; the decision now depends on its deadline.

    Raises:
        UnknownCohortError: there is none with this id.
    """
    state = await loader.state(cohort, f"cohort-{cohort_id}")
    if isinstance(state, NotOpened):
        raise UnknownCohortError(cohort_id=cohort_id)
    return state


def enrol_in(
    found: Running, person_id: str, organisation_id: str, at: datetime
) -> Enrol:
    """Return the command that enrols a person, under the cohort's versions."""
    opening = found.opening
    return Enrol(
        case_id=case_id_of(opening.cohort_id, person_id),
        person_id=person_id,
        cohort_id=opening.cohort_id,
        organisation_id=organisation_id,
        programme=opening.programme,
        programme_version=opening.programme_version,
        policy_version=opening.policy_version,
        at=at,
    )


async def registered(loader: Loader, person_id: str) -> Registered:
    """Return somebody in the directory; the decision now depends on them.

    Raises:
        UnknownPersonError: nobody has this id.
    """
    state = await loader.state(person, f"person-{person_id}")
    if not isinstance(state, Registered):
        raise UnknownPersonError(person_id=person_id)
    return state
