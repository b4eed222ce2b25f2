"""What a settled judgement means for whoever made it: charts, standing, other draws.

Invariant: the difference, the step on the ladder and what follows for draws are one
unit of work with the decision, so none of them exists without the others.
"""

from services.moderation.domain.commands import CaseCommand
from services.moderation.domain.decide import moderation
from services.moderation.domain.draw.commands import NoteDifference
from services.moderation.domain.settling import difference_of
from services.moderation.domain.situations import Case, settled
from services.moderation.domain.standing.commands import WeighResult
from services.moderation.domain.standing.ladder import LadderRules
from services.moderation.handlers.applying import standing_step
from services.moderation.handlers.redrawing import Redraws
from shared.handling import Step
from shared.programmes import programme_of


async def weighing(
    redraws: Redraws, command: CaseCommand, state: Case
) -> tuple[Step, ...]:
    """Return the steps by which a case that *command* settles counts; none otherwise.

    What follows for draws is added to *redraws*.

    It is the judgement that was drawn that counts, also when it was returned and came
    back as another one. A fresh review after an appeal is no part of the sample. What
    somebody else judged instead counts for the sample of a release, and for nobody.

    Raises:
        ServiceError: the rules of the case refuse the command.
    """
    after = moderation.fold(moderation.decide(command, state), state)
    found, done = difference_of(state, after), settled(after)
    if found is None or done is None:
        return ()
    judged, seen = found.drawn, found.observation
    redraw = await redraws.of(judged.cohort_id, judged.reviewer_id)
    if redraw.sampler is None:
        return ()
    rules, judged_at = redraw.sampler.rules, done.moderated.first_final.completed_at
    redraw.carry_out(
        NoteDifference(
            judgement_id=judged.judgement_id,
            judged_at=judged_at,
            observation=seen,
            rules=rules,
            is_anothers=found.is_anothers,
            at=command.at,
        )
    )
    if found.is_anothers:
        return ()
    scores = redraw.draws.scores
    weigh = WeighResult(
        person_id=judged.reviewer_id,
        part="reviewer",
        judgement_id=judged.judgement_id,
        cohort_id=judged.cohort_id,
        judged_at=judged_at,
        level_difference=seen.level_difference,
        is_overturned=seen.overturned,
        is_clear=not seen.overturned and done.moderated.returned is None,
        alarms=scores.alarms(rules.detection) if rules.detection else (),
        rules=LadderRules.of(programme_of(judged).policy.standing),
        at=command.at,
    )
    return (await standing_step(redraws, weigh),)
