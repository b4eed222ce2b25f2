"""Setting a probability and drawing the ticket; and what a changed judgement asks for.

A judgement that is taken back keeps number, probability and ticket. If what comes
instead is of another kind, so that another rule might have drawn it, it is moderated
for certain: otherwise a recall would lead past the rules. That is a draw again, which
has no weight in any estimate, like all that is drawn because of what was seen since.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import reduce

from services.moderation.domain.draw.commands import NoteRenewal
from services.moderation.domain.draw.events import (
    DrawEvent,
    Drawn,
    ProbabilitySet,
    RenewalReceived,
    SampledAsChanged,
)
from services.moderation.domain.draw.evolve import Draws, Entry, evolve
from services.moderation.domain.drawing import Sampler
from services.moderation.domain.inclusion import Inclusion, Past, floors_of
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.rules import Rules
from shared.carrying import carry


def draw_each(
    entries: Iterable[Entry], state: Draws, sampler: Sampler, at: datetime
) -> Iterator[DrawEvent]:
    """Yield the draws of *entries*; again only with a higher probability."""
    for entry in entries:
        facts = tuple(_draw(entry, state, sampler, at))
        yield from facts
        if facts and entry.renewed is not None:
            after = reduce(evolve, facts, state)
            yield from _changed(
                after.entries[entry.judged.judgement_id], after, sampler, at
            )


def _draw(
    entry: Entry, state: Draws, sampler: Sampler, at: datetime
) -> Iterator[DrawEvent]:
    past = state.past(entry.ordinal)
    found = sampler.inclusion(entry.judged, ordinal=entry.ordinal, past=past)
    before = entry.inclusion
    if before is None or found.probability_ppm > before.probability_ppm:
        yield from _drawn(entry, found, past, sampler, at)


def _drawn(
    entry: Entry, inclusion: Inclusion, past: Past, sampler: Sampler, at: datetime
) -> Iterator[DrawEvent]:
    judged = entry.judged
    yield carry(
        judged,
        ProbabilitySet,
        ordinal=entry.ordinal,
        probability_ppm=inclusion.probability_ppm,
        rule=inclusion.rule,
        occurred_at=at,
    )
    ticket = sampler.ticket(
        reviewer_id=judged.reviewer_id,
        judgement_id=str(judged.judgement_id),
        ordinal=entry.ordinal,
        probability_ppm=inclusion.probability_ppm,
        past=past,
    )
    yield carry(
        judged,
        Drawn,
        ticket=f"{ticket.value:064x}",
        block_pick=ticket.is_block_pick,
        selected=ticket.is_selected,
        occurred_at=at,
    )


def renew(command: NoteRenewal, state: Draws) -> tuple[DrawEvent, ...]:
    """Return what came instead of a judgement, and its draw if that changed its kind.

    Empty when the judgement was never received, or something later came instead.
    """
    entry, judged = state.entries.get(command.judgement_id), command.judged
    if entry is None:
        return ()
    if entry.renewed is not None and entry.renewed.token >= judged.token:
        return ()
    received = RenewalReceived(
        judgement_id=command.judgement_id,
        judged=judged,
        follows_conflict=command.follows_conflict,
        occurred_at=command.at,
    )
    if command.sampler is None:
        return (received,)
    after = evolve(state, received)
    changed = after.entries[command.judgement_id]
    return (received, *_changed(changed, after, command.sampler, command.at))


def _changed(
    entry: Entry, state: Draws, sampler: Sampler, at: datetime
) -> Iterator[DrawEvent]:
    """Yield the draw of a skipped judgement instead of which another kind came."""
    if entry.renewed is None or entry.is_selected is not False:
        return
    because = why_moderated(entry, entry.renewed, sampler.rules)
    if not because:
        return
    asked = SampledAsChanged(
        judgement_id=entry.judged.judgement_id, because=because, occurred_at=at
    )
    yield asked
    yield from _draw(entry, evolve(state, asked), sampler, at)


def why_moderated(entry: Entry, later: JudgedCase, rules: Rules) -> tuple[str, ...]:
    """Return why what came instead of a judgement is moderated for certain, if it is.

    What somebody else judged instead of who may not is looked at always: it is rare,
    and there is nothing to weigh.
    """
    conflict = ("conflict",) if entry.is_set_aside else ()
    return (*conflict, *differences(entry.judged, later, rules))


def differences(first: JudgedCase, later: JudgedCase, rules: Rules) -> tuple[str, ...]:
    """Return in what two judgements differ that decides how likely one is drawn."""
    names = [{each.rule for each in floors_of(of, rules)} for of in (first, later)]
    floors = (each.rule for each in rules.floors if each.rule in names[0] ^ names[1])
    outcome = ("outcome",) if first.outcome != later.outcome else ()
    return (*outcome, *floors)
