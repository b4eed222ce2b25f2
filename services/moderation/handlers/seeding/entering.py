"""How a seed becomes a case that review gets, with a copy of its portfolio.

Invariant: the copy stands under the id of the new case, so that nothing in it names the
case it was made of.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.moderation.domain.seeds.course.commands import EnterSeed
from services.moderation.domain.seeds.course.decide import course
from services.moderation.domain.seeds.course.events import Portfolio
from services.moderation.domain.seeds.evolve import Seed
from services.moderation.handlers.streams import course_stream
from shared.carrying import carry
from shared.evidence import Snapshot, Snapshots
from shared.handling import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """As which case a seed comes, whose it is, and when."""

    case_id: str
    cohort_id: str
    programme: str
    programme_version: str
    policy_version: str
    beside: str
    """The review that it comes in like."""
    apart: timedelta
    review_opens_at: datetime
    due_at: datetime
    reviewer_id: str
    qualifies: bool = False
    """It is part of a course, so it may be judged during a pause."""
    at: datetime


async def entering(
    snapshots: Snapshots, seed: Seed, content: Snapshot, entry: Entry
) -> Step:
    """Return the step by which review gets *seed*; its copy is written before."""
    made = seed.made
    like = content.model_copy(
        update={
            "case_id": entry.case_id,
            "cohort_id": entry.cohort_id,
            "attempt": 1,
            "programme_version": entry.programme_version,
            "policy_version": entry.policy_version,
        }
    )
    blob = await snapshots.write(made.participant_id, like)
    portfolio = carry(
        made,
        Portfolio,
        cohort_id=entry.cohort_id,
        programme=entry.programme,
        programme_version=entry.programme_version,
        policy_version=entry.policy_version,
        snapshot_sha256=blob.content_hash,
        snapshot_path=blob.path,
        beside=entry.beside,
        apart_microseconds=entry.apart // timedelta(microseconds=1),
        review_opens_at=entry.review_opens_at,
        due_at=entry.due_at,
        only_by=entry.reviewer_id,
        although_paused=entry.qualifies,
    )
    command = EnterSeed(
        case_id=entry.case_id,
        seed_id=made.seed_id,
        excluded=_excluded(seed, entry.reviewer_id),
        portfolio=portfolio,
        qualifies=entry.qualifies,
        at=entry.at,
    )
    return Step(course, course_stream(entry.case_id), command)


def _excluded(seed: Seed, reviewer_id: str) -> tuple[str, ...]:
    """Return who never judges the case, also when *reviewer_id* turns out not to."""
    others = (each for each in seed.shown if each != reviewer_id)
    return tuple(dict.fromkeys((*seed.made.took_part, *seed.made.panel, *others)))
