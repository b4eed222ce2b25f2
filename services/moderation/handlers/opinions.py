"""Second opinions: drawn before a first judgement is recorded, noted after the second.

Invariant: draw, judgement and comparison are one unit of work, so a case is settled by
its first moderator only where no second one was drawn.
"""

from dataclasses import replace
from datetime import datetime

from services.moderation.domain.commands import RecordBlindJudgement
from services.moderation.domain.decide import moderation
from services.moderation.domain.differing import awaits_a_first, moderators_apart
from services.moderation.domain.drawing import Sampler
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.opinions.commands import (
    DrawOpinion,
    NoteModeratorDifference,
)
from services.moderation.domain.opinions.decide import opinions
from services.moderation.domain.opinions.events import OpinionDrawn
from services.moderation.domain.plan.commands import NoteModerator
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.situations import Case, moderated
from services.moderation.domain.standing.commands import WeighResult
from services.moderation.domain.standing.decide import standing
from services.moderation.domain.standing.ladder import LadderRules
from services.moderation.handlers.streams import (
    Unwraps,
    opinion_stream,
    plan_stream,
    sampler_of,
    standing_stream,
)
from shared.handling import Loader, Step
from shared.programmes import programme_of


async def with_second_opinion(
    loader: Loader, vault: Unwraps, command: RecordBlindJudgement, state: Case
) -> tuple[RecordBlindJudgement, tuple[Step, ...]]:
    """Return *command* knowing whether a second moderator is drawn, and the draw.

    After a second judgement: *command* as it is, and what both differ by. Nothing more
    under a plan without second opinions.
    """
    last = moderated(state)
    if last is None:
        return command, ()
    cohort_id = last.judged.cohort_id
    cohort = await loader.state(plan, plan_stream(cohort_id))
    sampler = sampler_of(vault, cohort)
    if sampler is None or not sampler.rules.second_opinions_ppm:
        return command, ()
    drawn = awaits_a_first(state)
    if drawn is not None:
        return await _drawn(loader, command, drawn, sampler)
    return command, await _noted(loader, command, state, sampler)


async def _drawn(
    loader: Loader, command: RecordBlindJudgement, judged: JudgedCase, sampler: Sampler
) -> tuple[RecordBlindJudgement, tuple[Step, ...]]:
    moderator_id = command.by.person_id
    stream = opinion_stream(judged.cohort_id, moderator_id)
    ladder = command.by.standing.ladder("moderator")
    asked = DrawOpinion(
        judgement_id=judged.judgement_id,
        case_id=judged.case_id,
        attempt=judged.attempt,
        standing=ladder.standing if ladder.last else None,
        charts_from=ladder.resumed_at,
        sampler=sampler,
        at=command.at,
    )
    facts = opinions.decide(asked, await loader.state(opinions, stream))
    selected = any(isinstance(each, OpinionDrawn) and each.selected for each in facts)
    note = NoteModerator(moderator_id=moderator_id, at=command.at)
    steps = (
        Step(plan, plan_stream(judged.cohort_id), note),
        Step(opinions, stream, asked),
    )
    return replace(command, is_second_drawn=selected), steps


async def _noted(
    loader: Loader, command: RecordBlindJudgement, state: Case, sampler: Sampler
) -> tuple[Step, ...]:
    """Return what both moderators differ by, and where each of them stands after it."""
    after = moderation.fold(moderation.decide(command, state), state)
    found = moderators_apart(state, after)
    if found is None:
        return ()
    judged, differences = found
    cohort_id, steps = judged.cohort_id, list[Step]()
    for moderator_id, place, seen in differences:
        note = NoteModerator(moderator_id=moderator_id, at=command.at)
        stands = await loader.state(standing, standing_stream(moderator_id))
        ladder, judged_at = stands.ladder("moderator"), _judged_at(after, moderator_id)
        differs = NoteModeratorDifference(
            judgement_id=judged.judgement_id,
            place=place,
            judged_at=judged_at,
            standing=ladder.standing if ladder.last else None,
            charts_from=ladder.resumed_at,
            observation=seen,
            rules=sampler.rules,
            at=command.at,
        )
        stream = opinion_stream(cohort_id, moderator_id)
        before = await loader.state(opinions, stream)
        scores = opinions.fold(opinions.decide(differs, before), before).scores
        detection = sampler.rules.detection
        weigh = WeighResult(
            person_id=moderator_id,
            part="moderator",
            judgement_id=judged.judgement_id,
            cohort_id=cohort_id,
            judged_at=judged_at,
            level_difference=seen.level_difference,
            is_overturned=seen.overturned,
            is_clear=not seen.overturned,
            alarms=scores.alarms(detection) if detection else (),
            rules=LadderRules.of(programme_of(judged).policy.standing),
            at=command.at,
        )
        steps += (
            Step(plan, plan_stream(cohort_id), note),
            Step(opinions, stream, differs),
            Step(standing, standing_stream(moderator_id), weigh),
        )
    return tuple(steps)


def _judged_at(state: Case, moderator_id: str) -> datetime:
    """Return when a moderator judged a case blind."""
    last = moderated(state)
    blind = last.blind if last else ()
    return next(e.occurred_at for e in blind if e.moderator_id == moderator_id)
