"""What a change of somebody's standing means for the draws of their judgements."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.moderation.domain.blocks import block_of
from services.moderation.domain.detection import Alarm
from services.moderation.domain.draw.commands import (
    ApplyStanding,
    DrawWaiting,
    OrderRemark,
)
from services.moderation.domain.drawing import Sampler
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.standing.commands import (
    PassQualification,
    RequireQualification,
    SetStanding,
    WeighResult,
)
from services.moderation.domain.standing.decide import standing
from services.moderation.domain.standing.events import StandingChanged
from services.moderation.domain.standing.evolve import Standing
from services.moderation.handlers.redrawing import Redraw, Redraws
from services.moderation.handlers.streams import standing_stream
from shared.handling import Loader, Step

FIRST = 1


async def _apply_everywhere(
    redraws: Redraws, change: StandingChanged, cohorts: Iterable[str]
) -> None:
    """Let a reviewer's draws follow *change*, in every cohort where they judge.

    Where the result came from the charts tell how far back; elsewhere it is from the
    beginning.
    """
    if change.part != "reviewer":
        return
    alarms = change.evidence.alarms if change.evidence else ()
    for cohort_id in cohorts:
        redraw = await redraws.of(cohort_id, change.person_id)
        is_here = cohort_id == change.cohort_id
        since = last_clean(redraw, alarms) + 1 if is_here else FIRST
        await _apply(redraws.loader, change, redraw, since)


async def standing_step(
    redraws: Redraws,
    command: WeighResult | SetStanding | RequireQualification | PassQualification,
    *,
    joins: str | None = None,
) -> Step:
    """Return the step of *command*; what follows for draws is added to *redraws*.

    *joins* is a cohort where they judge from this unit of work on.
    """
    stream = standing_stream(command.person_id)
    stands = await redraws.loader.state(standing, stream)
    joined = (*stands.cohorts, *([joins] if joins else []))
    for fact in standing.decide(command, stands):
        if isinstance(fact, StandingChanged):
            await _apply_everywhere(redraws, fact, dict.fromkeys(joined))
    return Step(standing, stream, command)


def apply_here(stands: Standing, redraw: Redraw, at: datetime) -> None:
    """Let the draws in a cohort follow where the reviewer stands by now.

    Everybody begins on probation, which the plan's first judgements are: only what
    changed later is applied. Whoever was paused once begins with charts that count from
    the end of that.
    """
    ladder = stands.ladder("reviewer")
    applied = redraw.draws.standing
    known = applied.standing if applied else "normal"
    begins_anew = redraw.draws.begins_anew(ladder.resumed_at)
    is_known = ladder.standing == known and not begins_anew
    if ladder.last is None or redraw.sampler is None or is_known:
        return
    redraw.carry_out(
        ApplyStanding(
            standing=ladder.standing,
            sampler=redraw.sampler,
            charts_from=ladder.resumed_at,
            at=at,
        )
    )


def remark_late(
    stands: Standing, redraw: Redraw, judged: JudgedCase, at: datetime
) -> None:
    """Have moderated what has just arrived, and is work that a pause was about.

    What the pause ordered to be moderated ends with what had arrived by then.
    """
    ladder, entry = stands.ladder("reviewer"), redraw.draws.entries[judged.judgement_id]
    if redraw.sampler is None or entry.is_selected is not False:
        return
    is_old = ladder.precedes_probation(judged.completed_at)
    if is_old or ladder.standing == "paused":
        _remark(redraw, redraw.sampler, entry.ordinal, released=frozenset(), at=at)


def draw_waiting(stands: Standing, redraw: Redraw, at: datetime) -> None:
    """Draw what waited for the randomness, as where the reviewer stands asks by now.

    A pause that came meanwhile has all of it moderated, also when it is over by now:
    none of it is released yet.
    """
    if redraw.sampler is None or not redraw.draws.waiting:
        return
    apply_here(stands, redraw, at)
    ladder = stands.ladder("reviewer")
    waiting = (each.judged.completed_at for each in redraw.draws.waiting)
    if ladder.standing == "paused" or any(map(ladder.precedes_probation, waiting)):
        _remark(redraw, redraw.sampler, FIRST, released=frozenset(), at=at)
    redraw.carry_out(DrawWaiting(sampler=redraw.sampler, at=at))


def last_clean(redraw: Redraw, alarms: tuple[Alarm, ...]) -> int:
    """Return the number of the last judgement of the last clean block; 0 for none.

    A chart that alarms has been above nought since some judgement: the block before
    that judgement's is the last one that was clean.
    """
    draws, sampler = redraw.draws, redraw.sampler
    runs = (draws.runs.get(alarm, ())[:1] for alarm in alarms)
    began = [draws.ordinal_of(each) for run in runs for each in run]
    if not began or sampler is None:
        return 0
    block = block_of(
        min(began),
        first_judgements=sampler.rules.first_judgements,
        block_size=sampler.rules.block_size,
        changes=draws.block_sizes,
    )
    return min(began) - 1 - block.place if block else 0


async def _apply(
    loader: Loader, change: StandingChanged, redraw: Redraw, from_ordinal: int
) -> None:
    sampler = redraw.sampler
    if sampler is None or sampler.is_key_public:
        return  # nothing is drawn yet: see draw_waiting; or everything is released
    at = change.occurred_at
    if change.standing == "paused":
        released = await redraw.over(loader)
        _remark(redraw, sampler, from_ordinal, released=released, at=at)
    redraw.carry_out(
        ApplyStanding(
            standing=change.standing,
            sampler=sampler,
            charts_from=at if change.was == "paused" else None,
            at=at,
        )
    )


def _remark(
    redraw: Redraw,
    sampler: Sampler,
    from_ordinal: int,
    *,
    released: frozenset[UUID],
    at: datetime,
) -> None:
    redraw.carry_out(
        OrderRemark(
            reviewer_id=redraw.reviewer_id,
            cohort_id=redraw.cohort_id,
            from_ordinal=from_ordinal,
            because="paused",
            sampler=sampler,
            released=released,
            at=at,
        )
    )
