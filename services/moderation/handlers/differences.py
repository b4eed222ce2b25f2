"""What a settled case says about its reviewer, noted with the settlement.

Invariant: the difference and the decision are one unit of work, so neither exists
without the other.
"""

from services.moderation.domain.commands import CaseCommand
from services.moderation.domain.decide import moderation
from services.moderation.domain.draw.commands import NoteDifference
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.settling import difference_of
from services.moderation.domain.situations import Case
from services.moderation.handlers.streams import draw_stream, plan_stream
from shared.handling import Loader, Step


async def noting(loader: Loader, command: CaseCommand, state: Case) -> tuple[Step, ...]:
    """Return what a reviewer's charts learn from *command* to a case as it is.

    The step comes last of its unit: draws beside it were decided without it.

    Raises:
        ServiceError: the rules of the case refuse the command.
    """
    after = moderation.fold(moderation.decide(command, state), state)
    found = difference_of(state, after)
    if found is None:
        return ()
    judged, observation = found
    cohort = await loader.state(plan, plan_stream(judged.cohort_id))
    if cohort.published is None:
        return ()
    note = NoteDifference(
        judgement_id=judged.judgement_id,
        observation=observation,
        rules=cohort.published.plan.drawn_by,
        at=command.at,
    )
    stream = draw_stream(judged.cohort_id, judged.reviewer_id)
    return (Step(draw, stream, note),)
