"""Steps on the ladder: by results, or by the lead with a reason."""

from typing import assert_never

from services.moderation.domain.refusals import NotALeadError
from services.moderation.domain.seeds.qualification.refusals import (
    QualificationFirstError,
)
from services.moderation.domain.standing.commands import (
    PassQualification,
    RequireQualification,
    SetStanding,
    WeighResult,
)
from services.moderation.domain.standing.events import (
    LadderEvent,
    ResultWeighed,
    StandingChanged,
)
from services.moderation.domain.standing.evolve import Standing, climbed
from services.moderation.domain.standing.ladder import evidence, next_step
from shared.carrying import carry
from shared.errors import ForbiddenError, RuleViolatedError


class OwnStandingError(ForbiddenError):
    """Nobody deals with their own standing: ask another lead moderator."""


class ProbationFirstError(RuleViolatedError):
    """After a pause comes probation: set that."""


def climb(
    command: WeighResult | SetStanding | RequireQualification | PassQualification,
    state: Standing,
) -> tuple[LadderEvent, ...]:
    """Return the facts of a step on the ladder.

    Raises:
        ServiceError: the lead may not take it; see `set_standing`.
    """
    match command:
        case WeighResult():
            return weigh(command, state)
        case SetStanding():
            return set_standing(command, state)
        case RequireQualification():
            return require_qualification(command, state)
        case PassQualification():
            return pass_qualification(command, state)
        case _:
            assert_never(command)


def weigh(command: WeighResult, state: Standing) -> tuple[LadderEvent, ...]:
    """Return the result that counts, and the step it leads to; empty if it counted.

    Work from before the last pause ended leads to none: a pause has all of it
    moderated, and it is what the pause answered.
    """
    ladder = state.ladder(command.part)
    if command.judgement_id in ladder.weighed:
        return ()
    is_old = ladder.precedes_probation(command.judged_at)
    weighed = carry(
        command, ResultWeighed, precedes_probation=is_old, occurred_at=command.at
    )
    if is_old:
        return (weighed,)
    ladder = climbed(ladder, weighed)
    step = next_step(ladder, command.rules, command.alarms)
    if step is None:
        return (weighed,)
    standing, tier = step
    changed = StandingChanged(
        person_id=command.person_id,
        part=command.part,
        was=ladder.standing,
        standing=standing,
        tier=tier,
        cohort_id=command.cohort_id,
        evidence=evidence(ladder, command.rules, command.alarms),
        occurred_at=command.at,
    )
    return (weighed, changed)


def set_standing(command: SetStanding, state: Standing) -> tuple[LadderEvent, ...]:
    """Return the step that the lead takes; empty when they stand there already.

    Raises:
        NotALeadError: facts do not say that the asker is one.
        OwnStandingError: it is their own.
        ProbationFirstError: a pause ends in anything but probation.
        QualificationFirstError: a plan wants them to qualify, and they can.
    """
    if not command.is_by_lead:
        raise NotALeadError
    if command.by == command.person_id:
        raise OwnStandingError
    was = state.ladder(command.part).standing
    if command.standing == was:
        return ()
    if was == "paused" and command.standing != "probation":
        raise ProbationFirstError
    if was == "paused" and command.qualify_in is not None:
        raise QualificationFirstError(cohort_id=command.qualify_in)
    changed = carry(
        command,
        StandingChanged,
        was=was,
        tier="lead",
        cohort_id=None,
        evidence=None,
        set_by=command.by,
        occurred_at=command.at,
    )
    return (changed,)


def require_qualification(
    command: RequireQualification, state: Standing
) -> tuple[LadderEvent, ...]:
    """Return the pause until they have qualified; empty when they are paused."""
    was = state.ladder("reviewer").standing
    if was == "paused":
        return ()
    changed = carry(
        command,
        StandingChanged,
        was=was,
        standing="paused",
        tier="unqualified",
        evidence=None,
        occurred_at=command.at,
    )
    return (changed,)


def pass_qualification(
    command: PassQualification, state: Standing
) -> tuple[LadderEvent, ...]:
    """Return the end of the pause; empty when they are not paused."""
    if state.ladder("reviewer").standing != "paused":
        return ()
    changed = carry(
        command,
        StandingChanged,
        was="paused",
        standing="probation",
        tier="qualified",
        evidence=None,
        occurred_at=command.at,
    )
    return (changed,)
