"""The rules of a draw: a probability first, then the ticket, both recorded."""

from collections.abc import Iterator
from functools import reduce
from typing import assert_never

from services.moderation.domain.detection import risen, scores_after
from services.moderation.domain.draw import seeding
from services.moderation.domain.draw.commands import (
    ApplyStanding,
    DrawCommand,
    DrawWaiting,
    NoteDifference,
    NoteRenewal,
    OrderRemark,
    ReceiveJudgement,
    SampleForRelease,
    WidenSample,
)
from services.moderation.domain.draw.events import (
    AlarmRaised,
    DifferenceNoted,
    DrawEvent,
    JudgementReceived,
    JudgementSetAside,
    RemarkAllOrdered,
    SampledForRelease,
    SampleWidened,
    StandingApplied,
)
from services.moderation.domain.draw.evolve import INITIAL, Draws, evolve
from services.moderation.domain.draw.seeded import SeedJudged
from services.moderation.domain.draw.seeding import JudgeSeed, PlaceSeed
from services.moderation.domain.draw.selecting import draw_each, renew
from shared.carrying import carry
from shared.contracts.programme import Detection, StandingRule
from shared.decider import Decider


def decide(command: DrawCommand, state: Draws) -> tuple[DrawEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before."""
    match command:
        case ReceiveJudgement():
            return _receive(command, state)
        case DrawWaiting():
            return tuple(draw_each(state.waiting, state, command.sampler, command.at))
        case WidenSample():
            return _widen(command, state)
        case NoteDifference():
            return _note(command, state)
        case PlaceSeed() | JudgeSeed():
            return _seed(command, state)
        case ApplyStanding() | OrderRemark() | SampleForRelease() | NoteRenewal():
            return _again(command, state)
        case _:
            assert_never(command)


def _again(
    command: ApplyStanding | OrderRemark | SampleForRelease | NoteRenewal,
    state: Draws,
) -> tuple[DrawEvent, ...]:
    match command:
        case ApplyStanding():
            return _apply(command, state)
        case OrderRemark():
            return _remark(command, state)
        case SampleForRelease():
            return _sample(command, state)
        case NoteRenewal():
            return renew(command, state)
        case _:
            assert_never(command)


def _receive(command: ReceiveJudgement, state: Draws) -> tuple[DrawEvent, ...]:
    """Return the judgement and its draw, and what came instead before it arrived."""
    facts = _received(command, state)
    if command.renewed is None:
        return facts
    note = NoteRenewal(
        judgement_id=command.judged.judgement_id,
        judged=command.renewed,
        follows_conflict=command.follows_conflict,
        sampler=command.sampler,
        at=command.at,
    )
    return (*facts, *renew(note, reduce(evolve, facts, state)))


def _received(command: ReceiveJudgement, state: Draws) -> tuple[DrawEvent, ...]:
    judged = command.judged
    if judged.judgement_id in state.entries.keys() | state.set_aside:
        return ()
    if command.is_follow_up or state.has_case(judged.case_id, judged.attempt):
        return (carry(judged, JudgementSetAside, occurred_at=command.at),)
    ordinal = len(state.entries) + 1
    received = JudgementReceived(ordinal=ordinal, judged=judged, occurred_at=command.at)
    if command.sampler is None:
        return (received,)
    after = evolve(state, received)
    entry = after.entries[judged.judgement_id]
    return (received, *draw_each((entry,), after, command.sampler, command.at))


def _widen(command: WidenSample, state: Draws) -> tuple[DrawEvent, ...]:
    if command.to_ppm <= state.widened_to_ppm:
        return ()
    widened = carry(
        command, SampleWidened, widened_by=command.by, occurred_at=command.at
    )
    after = evolve(state, widened)
    skipped = (each for each in after.skipped if each not in command.released)
    again = (after.entries[each] for each in skipped)
    return (widened, *draw_each(again, after, command.sampler, command.at))


def _note(command: NoteDifference, state: Draws) -> tuple[DrawEvent, ...]:
    """Return how far a judgement differed, once, and which charts that alarms.

    What somebody else judged instead is noted for the release alone, and so is what
    was noted before and then settled otherwise. What was judged before the charts began
    anew moves none.
    """
    judgement_id = command.judgement_id
    if judgement_id not in state.entries:
        return ()
    if command.is_anothers or judgement_id in state.noted:
        return _note_for_release(command, state)
    detection, seen = command.rules.detection, command.observation
    is_old = state.precedes_charts(command.judged_at)
    scores = scores_after(state.scores, seen, detection, is_old=is_old)
    noted = carry(
        seen,
        DifferenceNoted,
        judgement_id=judgement_id,
        scores=scores,
        precedes_probation=is_old,
        occurred_at=command.at,
    )
    return (noted, *_alarms(noted, state, detection))


def _note_for_release(command: NoteDifference, state: Draws) -> tuple[DrawEvent, ...]:
    """Return how a decision of the sample was settled; empty if that is known."""
    judgement_id, seen, rules = (
        command.judgement_id,
        command.observation,
        command.rules,
    )
    is_known = state.noted.get(judgement_id) == seen.overturned
    if rules.release is None or is_known:
        return ()
    noted = carry(
        seen,
        DifferenceNoted,
        judgement_id=judgement_id,
        scores=state.scores if rules.detection else None,
        release_only=True,
        occurred_at=command.at,
    )
    return (noted,)


def _alarms(
    shown: DifferenceNoted | SeedJudged, state: Draws, detection: Detection | None
) -> Iterator[AlarmRaised]:
    """Yield the alarms of charts that reached them with what was just shown."""
    scores = shown.scores
    if detection is None or scores is None:
        return
    runs = evolve(state, shown).runs
    for chart in risen(state.scores, scores, detection):
        yield AlarmRaised(
            chart=chart,
            scores=scores,
            evidence=runs[chart],
            occurred_at=shown.occurred_at,
        )


def _seed(command: PlaceSeed | JudgeSeed, state: Draws) -> tuple[DrawEvent, ...]:
    """Return the seed that follows a judgement, or what one shows, with its alarms."""
    if isinstance(command, PlaceSeed):
        judged = state.entries[command.judgement_id].judged
        return seeding.place(
            command, state.seeding, judged.attempt, judged.period_until
        )
    is_old = state.precedes_charts(command.judged_at)
    shown = seeding.judge(command, state.seeding, state.scores, is_old=is_old)
    if shown is None:
        return ()
    rules, after = command.rules, evolve(state, shown)
    out = after.seeding.alarming(rules.seeds) if rules.seeds else ()
    too_many = AlarmRaised(
        chart="seeds", scores=after.scores, evidence=out, occurred_at=command.at
    )
    alarms = _alarms(shown, state, rules.detection)
    return (shown, *alarms, *((too_many,) if out else ()))


def _apply(command: ApplyStanding, state: Draws) -> tuple[DrawEvent, ...]:
    """Return the standing, and the draws it asks for again; nothing if it holds."""
    sampler, held = command.sampler, state.standing
    begins_anew = state.begins_anew(command.charts_from)
    is_held = held is not None and held.standing == command.standing
    if is_held and not begins_anew:
        return ()
    rules = sampler.rules
    asked = rules.standings.of(command.standing) if rules.standings else StandingRule()
    applied = StandingApplied(
        standing=command.standing,
        least_ppm=asked.least_ppm,
        block_size=asked.block_size or rules.block_size,
        from_ordinal=len(state.entries) + 1,
        charts_from=command.charts_from if begins_anew else None,
        occurred_at=command.at,
    )
    after = evolve(state, applied)
    again = (after.entries[each] for each in after.skipped if each in command.again)
    return (applied, *draw_each(again, after, sampler, command.at))


def _remark(command: OrderRemark, state: Draws) -> tuple[DrawEvent, ...]:
    """Return the order and its draws; nothing when nothing more follows from it."""
    ordered = carry(
        command,
        RemarkAllOrdered,
        to_ordinal=len(state.entries),
        ordered_by=command.by,
        occurred_at=command.at,
    )
    stretch = (ordered.from_ordinal, ordered.to_ordinal)
    if any(a <= stretch[0] and stretch[1] <= b for a, b in state.remarked):
        return ()
    after = evolve(state, ordered)
    open_ = (
        after.entries[each] for each in after.skipped if each not in command.released
    )
    again = (each for each in open_ if each.ordinal >= ordered.from_ordinal)
    return (ordered, *draw_each(again, after, command.sampler, command.at))


def _sample(command: SampleForRelease, state: Draws) -> tuple[DrawEvent, ...]:
    """Return the draws of what the release needs; nothing of what was drawn."""
    skipped = tuple(each for each in command.judgements if each in state.skipped)
    if not skipped:
        return ()
    sampled = carry(
        command, SampledForRelease, judgements=skipped, occurred_at=command.at
    )
    after = evolve(state, sampled)
    again = (after.entries[each] for each in skipped)
    return (sampled, *draw_each(again, after, command.sampler, command.at))


draw = Decider(category="draw", decide=decide, evolve=evolve, initial=INITIAL)
