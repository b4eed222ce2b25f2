"""How somebody comes into a cohort: applying, being found eligible, enrolling.

Invariant: every way into a case goes through `entry_steps`, so nobody takes part in
two cohorts, or restarts without the fee, whoever enters them and however.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.submission.domain.cohort.evolve import Running
from services.submission.domain.commands import Apply, DecideEligibility, Enrol
from services.submission.domain.deadlines import months_before
from services.submission.domain.decide import case
from services.submission.domain.enrolling import (
    ApplicationUnknownError,
)
from services.submission.domain.events import Eligibility
from services.submission.domain.person.commands import TakePlace
from services.submission.domain.person.decide import person
from services.submission.domain.person.evolve import Registered
from services.submission.domain.places import place_for
from services.submission.domain.states import Applied, Case, NotEnrolled
from services.submission.domain.submitting import enrolled
from services.submission.handlers.cases import (
    registered,
    running_cohort,
)
from services.submission.handlers.naming import case_id_of
from shared.crypto import Vault
from shared.errors import RuleViolatedError
from shared.handling import Cause, Handled, Handling, Ids, Loader, Step
from shared.programmes import programme_of

APPLICATION = "office.application"


class NoApplicationError(RuleViolatedError):
    """This programme asks for no application: enrol straight away."""


class NotLaterCohortError(RuleViolatedError):
    """Who begins anew does so in a later cohort: choose one that starts after."""


@dataclass(frozen=True, slots=True)
class Applications:
    """The write side of applications."""

    handling: Handling
    vault: Vault

    async def apply(
        self,
        cohort_id: str,
        person_id: str,
        answers: Mapping[str, str],
        *,
        at: datetime,
        cause: Cause,
    ) -> Handled:
        """Take the form in; the answer tells the case it may become.

        Raises:
            UnknownCohortError, UnknownPersonError: register them first.
            NoApplicationError: the programme asks for none.
            ApplicationClosedError, ApplicationIncompleteError, AlreadyEnrolledError.
        """
        case_id = case_id_of(cohort_id, person_id)
        text = json.dumps(answers, ensure_ascii=False, sort_keys=True)
        form = await self.vault.seal(person_id, text, field=APPLICATION)

        async def build(loader: Loader) -> tuple[Step, ...]:
            found = await running_cohort(loader, cohort_id)
            await registered(loader, person_id)
            opening, entry = found.opening, programme_of(found.opening).entry
            if entry.application is None:
                raise NoApplicationError(programme=opening.programme)
            opens = entry.application.opens_months_before_start.value
            closes = entry.application.closes_months_before_start.value
            command = Apply(
                case_id=case_id,
                person_id=person_id,
                cohort_id=cohort_id,
                programme=opening.programme,
                programme_version=opening.programme_version,
                policy_version=opening.policy_version,
                answered=tuple(sorted(answers)),
                requirements=tuple(each.key for each in entry.requirements),
                answers=form,
                opens_on=months_before(opening.starts_on, opens),
                closes_on=months_before(opening.starts_on, closes),
                at=at,
            )
            return (Step(case, f"case-{case_id}", command),)

        ids: Ids = {"case_id": case_id, "person_id": person_id, "cohort_id": cohort_id}
        return await self.handling.plan(cause.answer(201, ids), build)

    async def decide(
        self,
        case_id: str,
        decision: Eligibility,
        reason: str | None,
        *,
        by: str,
        at: datetime,
        cause: Cause,
    ) -> Handled:
        """Record what the panel decides.

        Raises:
            ApplicationUnknownError: nobody has applied under this id.
            ReasonUnknownError, EligibilityDecidedError: see the decider.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            state = await loader.state(case, f"case-{case_id}")
            if not isinstance(state, Applied):
                raise ApplicationUnknownError(case_id=case_id)
            requirements = programme_of(state.application).entry.requirements
            command = DecideEligibility(
                decision=decision,
                reason=reason,
                requirements=tuple(each.key for each in requirements),
                decided_by=by,
                at=at,
            )
            return (Step(case, f"case-{case_id}", command),)

        ids: Ids = {"case_id": case_id, "decision": decision, "reason": reason}
        return await self.handling.plan(cause.answer(200, ids), build)


async def entry_steps(
    loader: Loader, found: Running, enrolment: Enrol, *, by_office: bool
) -> tuple[Step, ...]:
    """Return what brings somebody into a cohort, under every rule about it.

    A case that exists already needs no place, so nothing is asked of it again.

    Raises:
        ElsewhereError: they take part in another cohort.
        FeeDueError: they have to pay for the restart first.
        NotLaterCohortError: they begin anew in a cohort that starts later.
        ApplicationNeededError, NotEligibleError: an application comes first.
    """
    case_id, whose = enrolment.case_id, enrolment.person_id
    stream = f"case-{case_id}"
    state: Case = await loader.state(case, stream)
    if not isinstance(state, NotEnrolled | Applied):
        return (Step(case, stream, enrolment),)
    others = await _other_cases(loader, whose, case_id)
    restart_of = place_for(enrolment.programme, others)
    if restart_of is not None:
        await _refuse_earlier(loader, found, others[restart_of])
    application = programme_of(found.opening).entry.application
    command = replace(
        enrolment,
        needs_application=application is not None,
        by_office=by_office,
        restart_of=restart_of,
    )
    place = TakePlace(person_id=whose, case_id=case_id, at=enrolment.at)
    return (Step(case, stream, command), Step(person, f"person-{whose}", place))


async def _refuse_earlier(loader: Loader, found: Running, before: Case) -> None:
    """Accept a cohort that starts after the one that is begun anew. S2 6.2.3."""
    old = await running_cohort(loader, enrolled(before).enrolment.cohort_id)
    if found.opening.starts_on <= old.opening.starts_on:
        raise NotLaterCohortError(cohort_id=found.opening.cohort_id)


async def _other_cases(loader: Loader, whose: str, case_id: str) -> dict[str, Case]:
    known = await loader.state(person, f"person-{whose}")
    places = known.places if isinstance(known, Registered) else frozenset()
    return {
        each: await loader.state(case, f"case-{each}")
        for each in sorted(places - {case_id})
    }
