"""The rules of second opinions: a probability first, then the ticket, both recorded."""

from typing import assert_never

from services.moderation.domain.detection import risen, scores_after
from services.moderation.domain.opinions.commands import (
    DrawOpinion,
    NoteModeratorDifference,
    OpinionCommand,
)
from services.moderation.domain.opinions.events import (
    ModeratorAlarmRaised,
    ModeratorDifferenceNoted,
    ModeratorStandingApplied,
    OpinionDrawn,
    OpinionEvent,
    OpinionProbabilitySet,
)
from services.moderation.domain.opinions.evolve import INITIAL, Opinions, evolve
from services.moderation.domain.opinions.probability import chance_of, ticket_for
from services.moderation.domain.rules import Rules
from shared.carrying import carry
from shared.decider import Decider


def decide(command: OpinionCommand, state: Opinions) -> tuple[OpinionEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before."""
    match command:
        case DrawOpinion():
            return _draw(command, state)
        case NoteModeratorDifference():
            return _note(command, state)
        case _:
            assert_never(command)


def _draw(command: DrawOpinion, state: Opinions) -> tuple[OpinionEvent, ...]:
    """Return the draw, and what the moderator's standing asks of it if that is new.

    Nothing under a plan without second opinions.
    """
    sampler = command.sampler
    if command.judgement_id in state.drawn or not sampler.rules.second_opinions_ppm:
        return ()
    applied = _applied(command, sampler.rules, state)
    after = opinions.fold(applied, state)
    chance = chance_of(after, sampler)
    likely = carry(
        command,
        OpinionProbabilitySet,
        probability_ppm=chance.probability_ppm,
        rule=chance.rule,
        occurred_at=command.at,
    )
    value, selected = ticket_for(sampler, str(command.judgement_id), chance)
    drawn = carry(
        command,
        OpinionDrawn,
        ticket=f"{value:064x}",
        selected=selected,
        occurred_at=command.at,
    )
    return (*applied, likely, drawn)


def _applied(
    command: DrawOpinion | NoteModeratorDifference, rules: Rules, state: Opinions
) -> tuple[OpinionEvent, ...]:
    """Return what another standing asks from here on; nothing if it holds already."""
    standing, standings = command.standing, rules.standings
    known = state.standing.standing if state.standing else None
    begins_anew = state.begins_anew(command.charts_from)
    if standing is None or (standing == known and not begins_anew):
        return ()
    applied = ModeratorStandingApplied(
        standing=standing,
        least_ppm=standings.of(standing).least_ppm if standings else 0,
        charts_from=command.charts_from if begins_anew else None,
        occurred_at=command.at,
    )
    return (applied,)


def _note(
    command: NoteModeratorDifference, state: Opinions
) -> tuple[OpinionEvent, ...]:
    """Return how far the two moderators differ, once, and which charts that alarms.

    Charts begin anew before it, if a pause has ended since.
    """
    if command.judgement_id in state.noted:
        return ()
    begins_anew = state.begins_anew(command.charts_from)
    applied = _applied(command, command.rules, state) if begins_anew else ()
    before = opinions.fold(applied, state)
    return (*applied, *_compared(command, before))


def _compared(
    command: NoteModeratorDifference, state: Opinions
) -> tuple[OpinionEvent, ...]:
    detection, seen = command.rules.detection, command.observation
    is_old = state.precedes_charts(command.judged_at)
    scores = scores_after(state.scores, seen, detection, is_old=is_old)
    noted = ModeratorDifferenceNoted(
        judgement_id=command.judgement_id,
        place=command.place,
        level_difference=seen.level_difference,
        absolute_difference=seen.absolute_difference,
        outcome_differs=seen.overturned,
        scores=scores,
        precedes_probation=is_old,
        occurred_at=command.at,
    )
    if detection is None or scores is None:
        return (noted,)
    runs = evolve(state, noted).runs
    alarms = (
        ModeratorAlarmRaised(
            chart=chart, scores=scores, evidence=runs[chart], occurred_at=command.at
        )
        for chart in risen(state.scores, scores, detection)
    )
    return (noted, *alarms)


opinions = Decider(category="opinion", decide=decide, evolve=evolve, initial=INITIAL)
"""What can happen to the second opinions about one moderator in one cohort."""
