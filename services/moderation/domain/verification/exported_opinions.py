"""Draws of second opinions in the export; docs/draws.md says what each field means."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from services.moderation.domain.opinions.events import (
    OpinionDrawn,
    OpinionEvent,
    OpinionProbabilitySet,
)
from services.moderation.domain.verification.opinions import OpinionWalk

PlacedOpinion: TypeAlias = tuple[int, OpinionEvent]
"""Where in the log, and the fact."""
NOBODY: Mapping[str, Sequence[PlacedOpinion]] = {}
"""Of a plan without second opinions."""


def opinion_entries(
    facts: Sequence[PlacedOpinion], walk: OpinionWalk, ordinals: Mapping[UUID, int]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield position and content of each draw about one moderator.

    *ordinals* are the numbers of judgements among their reviewers'.
    """
    before: OpinionEvent | None = None
    for position, fact in facts:
        if isinstance(fact, OpinionDrawn):
            yield (
                position,
                {
                    "fact": "opinion",
                    "moderator": walk.moderator_id,
                    "judgement": str(fact.judgement_id),
                    "ordinal": ordinals.get(fact.judgement_id),
                    **_set_before(fact, before, walk),
                    "ticket": fact.ticket,
                    "selected": fact.selected,
                },
            )
        for _ in walk.follow(fact, before):
            pass  # what is wrong is for the check of the log to say
        before = fact


def _set_before(
    fact: OpinionDrawn, before: OpinionEvent | None, walk: OpinionWalk
) -> dict[str, Any]:
    """Return the probability set right before a draw; nothing without one."""
    if (
        isinstance(before, OpinionProbabilitySet)
        and before.judgement_id == fact.judgement_id
    ):
        asked = [[rule, ppm] for ppm, rule in walk.asked(before)]
        told = {"probability_ppm": before.probability_ppm, "rule": before.rule}
        return {"asked": asked, **told}
    return {"asked": [], "probability_ppm": None, "rule": None}
