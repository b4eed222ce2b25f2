"""Whether there are moderators enough: how many may judge a case blind, by the facts.

Two may have to judge each round of a case; after an appeal two more, with no part in
it. Whoever has judged it counts, so that the number tells nobody how many have.
Source: moderation.md 4; domain.md section 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.moderation.domain.standing.evolve import Standing

NEEDED = 2
"""Of each round of a case. Source: moderation.md 4, "second moderator"."""

People = Mapping[str, Standing]
"""Everybody who was ever made a moderator, as facts have them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Who has which part in a case, as far as moderators depend on it."""

    case_id: str
    attempt: int
    cohort_id: str
    organisation_id: str
    """For whom the participant works."""
    excluded: frozenset[str]
    """Everybody with a part in it, its participant too."""
    judges: frozenset[str]
    """Who judged this round of it blind."""
    judged_at: datetime | None
    """When it was judged first."""


def moderating(people: People, cohort_id: str) -> People:
    """Return who moderates in a cohort: nobody paused, stood down, or unknown."""
    return {
        person_id: found
        for person_id, found in people.items()
        if "moderator" in found.roles
        and found.ladder("moderator").standing != "paused"
        and cohort_id not in found.stood_down
        and found.organisation_id is not None
    }


def for_case(people: People, parts: Parts) -> int:
    """Return how many have judged this round of a case blind, or may."""
    able = moderating(people, parts.cohort_id)
    others = sum(_may_judge(each, able[each], parts) for each in able)
    return len(parts.judges) + others


def for_organisations(people: People, cohort_id: str) -> Mapping[str, int]:
    """Return how many are independent of each organisation that moderators work for."""
    employers = [
        each.organisation_id or "" for each in moderating(people, cohort_id).values()
    ]
    return {
        each: len(employers) - employers.count(each) for each in sorted(set(employers))
    }


def _may_judge(person_id: str, standing: Standing, parts: Parts) -> bool:
    if person_id in parts.excluded | parts.judges:
        return False
    if standing.organisation_id == parts.organisation_id:
        return False
    if standing.mentees & parts.excluded or parts.case_id in standing.hears:
        return False
    if (parts.case_id, parts.attempt) in standing.has_read:
        return False
    until, judged_at = standing.read_until, parts.judged_at
    return until is None or (judged_at is not None and judged_at >= until)
