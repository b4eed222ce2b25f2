"""The rules of a draw: a probability first, then the ticket, both recorded."""

from collections.abc import Iterable
from typing import assert_never

from services.moderation.domain.draw.commands import (
    DrawCommand,
    DrawWaiting,
    ReceiveJudgement,
    WidenSample,
)
from services.moderation.domain.draw.events import (
    DrawEvent,
    Drawn,
    JudgementReceived,
    JudgementSetAside,
    ProbabilitySet,
    SampleWidened,
)
from services.moderation.domain.draw.evolve import INITIAL, Draws, Entry, evolve
from shared.carrying import carry
from shared.decider import Decider


def decide(command: DrawCommand, state: Draws) -> tuple[DrawEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before."""
    match command:
        case ReceiveJudgement():
            return _receive(command, state)
        case DrawWaiting():
            return tuple(_draw(state.waiting, command, state.widened_to_ppm))
        case WidenSample():
            return _widen(command, state)
        case _:
            assert_never(command)


def _receive(command: ReceiveJudgement, state: Draws) -> tuple[DrawEvent, ...]:
    judged = command.judged
    if judged.judgement_id in state.entries.keys() | state.set_aside:
        return ()
    if command.is_follow_up or state.has_case(judged.case_id, judged.attempt):
        return (carry(judged, JudgementSetAside, occurred_at=command.at),)
    ordinal = len(state.entries) + 1
    received = JudgementReceived(ordinal=ordinal, judged=judged, occurred_at=command.at)
    if command.sampler is None:
        return (received,)
    draw = DrawWaiting(sampler=command.sampler, at=command.at)
    entry = Entry(judged, ordinal)
    return (received, *_draw((entry,), draw, state.widened_to_ppm))


def _draw(
    entries: Iterable[Entry], command: DrawWaiting, widened_to_ppm: int
) -> Iterable[DrawEvent]:
    for entry in entries:
        judged, sampler = entry.judged, command.sampler
        inclusion = sampler.inclusion(
            judged, ordinal=entry.ordinal, widened_to_ppm=widened_to_ppm
        )
        yield ProbabilitySet(
            judgement_id=judged.judgement_id,
            case_id=judged.case_id,
            attempt=judged.attempt,
            ordinal=entry.ordinal,
            probability_ppm=inclusion.probability_ppm,
            rule=inclusion.rule,
            occurred_at=command.at,
        )
        ticket = sampler.ticket(
            reviewer_id=judged.reviewer_id,
            judgement_id=str(judged.judgement_id),
            ordinal=entry.ordinal,
            probability_ppm=inclusion.probability_ppm,
        )
        yield Drawn(
            judgement_id=judged.judgement_id,
            case_id=judged.case_id,
            attempt=judged.attempt,
            ticket=f"{ticket.value:064x}",
            block_pick=ticket.is_block_pick,
            selected=ticket.is_selected,
            occurred_at=command.at,
        )


def _widen(command: WidenSample, state: Draws) -> tuple[DrawEvent, ...]:
    if command.to_ppm <= state.widened_to_ppm:
        return ()
    widened = carry(
        command, SampleWidened, widened_by=command.by, occurred_at=command.at
    )
    skipped = (
        entry
        for judgement_id, entry in state.entries.items()
        if entry.is_selected is False and judgement_id not in command.released
    )
    draw = DrawWaiting(sampler=command.sampler, at=command.at)
    return (widened, *_draw(skipped, draw, command.to_ppm))


draw = Decider(category="draw", decide=decide, evolve=evolve, initial=INITIAL)
