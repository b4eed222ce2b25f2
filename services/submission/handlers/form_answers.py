"""What an application form leads to: an application, and the adjustment it asks for."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.submission.documents import Portfolio, Upload
from services.submission.domain.cohort.evolve import Running
from services.submission.domain.commands import Apply, AskForAdjustment
from services.submission.domain.deadlines import months_before
from services.submission.domain.decide import case
from services.submission.domain.events import FormFile
from services.submission.handlers.adjustments import ADJUSTMENT
from services.submission.handlers.details import Asker
from services.submission.handlers.entering import APPLICATION, NoApplicationError
from services.submission.handlers.naming import case_id_of
from shared.contracts.programme import SUPPORT_FIELD, Application, FormField, Programme
from shared.crypto import Vault
from shared.errors import RuleViolatedError
from shared.handling import Step
from shared.programmes import programme_of

ADJUSTMENT_ID = "application-form"
"""What the adjustment is called that a form asks for."""

_NOTHING = frozenset({"-", "none", "no", "n/a", "na", "nothing", "not applicable"})


class NoFormError(RuleViolatedError):
    """This programme takes no form in Word: send the answers themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applying:
    """A form that was read, and who sends it for which cohort."""

    cohort_id: str
    read: Portfolio
    answers: Mapping[str, str]
    upload: Upload
    asker: Asker
    at: datetime


async def apply_command(
    vault: Vault,
    found: Running,
    whose: str,
    asked: Applying,
    fields: Sequence[FormField],
    form: FormFile,
) -> Apply:
    """Return the application that a form makes, its answers sealed."""
    opening = found.opening
    programme = programme_of(opening)
    application = application_of(programme)
    answers = {
        each.answers or each.key: asked.answers[each.key]
        for each in fields
        if each.key in asked.answers
    }
    text = json.dumps(answers, ensure_ascii=False, sort_keys=True)
    opens = application.opens_months_before_start.value
    closes = application.closes_months_before_start.value
    requirements = tuple(each.key for each in programme.entry.requirements)
    return Apply(
        case_id=case_id_of(asked.cohort_id, whose),
        person_id=whose,
        cohort_id=asked.cohort_id,
        programme=opening.programme,
        programme_version=opening.programme_version,
        policy_version=opening.policy_version,
        answered=tuple(sorted(set(answers) & set(requirements))),
        requirements=requirements,
        answers=await vault.seal(whose, text, field=APPLICATION),
        form=form,
        opens_on=months_before(opening.starts_on, opens),
        closes_on=months_before(opening.starts_on, closes),
        at=asked.at,
    )


async def adjustment_steps(
    vault: Vault, found: Running, whose: str, asked: Applying
) -> tuple[Step, ...]:
    """Return what asks for the adjustment that the form asks for. S2 3.1.1."""
    details = asked.answers.get(SUPPORT_FIELD, "").strip()
    if details.casefold().rstrip(".") in _NOTHING | {""}:
        return ()
    policy = programme_of(found.opening).policy.adjustments
    command = AskForAdjustment(
        adjustment_id=ADJUSTMENT_ID,
        asked_by=whose,
        details=await vault.seal(whose, details, field=ADJUSTMENT),
        starts_on=found.opening.starts_on,
        months_before=policy.ask_months_before_start.value,
        at=asked.at,
    )
    return (Step(case, f"case-{case_id_of(asked.cohort_id, whose)}", command),)


def application_of(programme: Programme) -> Application:
    """Return how to apply, by a form in Word.

    Raises:
        NoApplicationError, NoFormError: the programme asks for no such form.
    """
    application = programme.entry.application
    if application is None:
        raise NoApplicationError(programme=programme.code)
    if not application.fields:
        raise NoFormError(programme=programme.code)
    return application
