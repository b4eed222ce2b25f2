"""An independent check of every draw, from the facts and the revealed key alone.

Written a second time on purpose: it shares no code with the sampler, so that a mistake
or a change there cannot hide here. Source: statistics.md 2.9, step 6.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from services.moderation.domain.draw.events import (
    DrawEvent,
    Drawn,
    JudgementReceived,
    JudgementSetAside,
)
from services.moderation.domain.opinions.events import OpinionDrawn
from services.moderation.domain.plan.events import (
    NonceCommitted,
    NonceRevealed,
    PlanEvent,
    PlanPublished,
    ReviewerJoined,
)
from services.moderation.domain.verification.digests import content_hash, digest
from services.moderation.domain.verification.lottery import Lottery
from services.moderation.domain.verification.opinions import (
    Opinions,
    OpinionWalk,
    check_together,
)
from services.moderation.domain.verification.qualifications import (
    Courses,
    check_courses,
)
from services.moderation.domain.verification.releasing import Told, check_releases

__all__ = ["Verdict", "steps", "verify"]

NOBODY: Opinions = {}
"""Of a plan without second opinions."""
NO_COURSES: Courses = {}
"""Of a plan by which nobody qualifies."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check found; nothing found means that every draw is as committed."""

    draws: int
    findings: tuple[str, ...]


def verify(
    plan_facts: Sequence[PlanEvent],
    draws: Mapping[str, Sequence[DrawEvent]],
    opinions: Opinions = NOBODY,
    courses: Courses = NO_COURSES,
) -> Verdict:
    """Return what is wrong with the draws of a cohort, by reviewer and moderator.

    *plan_facts* are those of its ``plan-`` stream, *draws* those of each ``draw-``
    stream by reviewer id, *opinions* those of each ``opinion-`` stream by moderator
    id, *courses* those of each ``seed-qualification.`` stream by reviewer id, each in
    the order of the log.
    """
    found = list(steps(plan_facts, draws, opinions, courses))
    findings = (finding for _, each in found for finding in each)
    return Verdict(sum(count for count, _ in found), tuple(findings))


def steps(
    plan_facts: Sequence[PlanEvent],
    draws: Mapping[str, Sequence[DrawEvent]],
    opinions: Opinions = NOBODY,
    courses: Courses = NO_COURSES,
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield how many draws were checked and what is wrong, step by step.

    The first step is the plan, then each reviewer is one, then the releases, then each
    moderator, then each reviewer who was to qualify. Arguments as of `verify`.
    """
    lottery = Lottery.of(plan_facts)
    if lottery is None:
        yield 0, ("the plan, its randomness or its key is missing",)
        return
    plan, seed = lottery.plan, lottery.seed
    findings = [*_check_commitments(plan_facts, lottery)]
    findings += _check_order(plan_facts, plan)
    findings += _check_early(draws, plan)
    findings += _check_set_aside(draws)
    yield 0, tuple(findings)
    for reviewer_id, facts in draws.items():
        count = sum(isinstance(fact, Drawn) for fact in facts)
        yield count, tuple(lottery.walk(reviewer_id).findings(facts))
    told = Told.of(fact for facts in draws.values() for fact in facts)
    yield 0, tuple(check_releases(plan_facts, plan, told, seed))
    walks: list[OpinionWalk] = []
    for moderator_id, seen in opinions.items():
        walks.append(lottery.opinion_walk(moderator_id))
        count = sum(isinstance(fact, OpinionDrawn) for fact in seen)
        yield count, tuple(walks[-1].findings(seen))
    yield 0, tuple(check_together(walks, chain.from_iterable(draws.values()), plan))
    yield from check_courses(courses, draws, plan, lottery.revealed, seed)


def _check_order(facts: Sequence[PlanEvent], plan: PlanPublished) -> Iterator[str]:
    """Tell what had been judged when the plan came: it could have been made to fit."""
    before = facts[: facts.index(plan)]
    early = [fact.reviewer_id for fact in before if isinstance(fact, ReviewerJoined)]
    if early:
        yield f"the plan was published after judgements of {', '.join(early)}"
    if list(plan.reviewers_before) != early:
        yield "the plan does not say whose judgements came before it"


def _check_early(
    draws: Mapping[str, Sequence[DrawEvent]], plan: PlanPublished
) -> Iterator[str]:
    """Tell what was judged before the plan, even if it arrived after it."""
    for fact in (fact for each in draws.values() for fact in each):
        if not isinstance(fact, JudgementReceived):
            continue
        if fact.judged.completed_at < plan.occurred_at:
            yield f"judgement {fact.judged.judgement_id}: judged before the plan"


def _check_set_aside(draws: Mapping[str, Sequence[DrawEvent]]) -> Iterator[str]:
    """Tell of judgements left out of the draw whose round was never drawn at all."""
    facts = [fact for each in draws.values() for fact in each]
    rounds = {
        (fact.judged.case_id, fact.judged.attempt)
        for fact in facts
        if isinstance(fact, JudgementReceived)
    }
    aside = (fact for fact in facts if isinstance(fact, JudgementSetAside))
    for fact in aside:
        if (fact.case_id, fact.attempt) not in rounds:
            yield f"judgement {fact.judgement_id}: set aside without a draw"


def _check_commitments(facts: Sequence[PlanEvent], lottery: Lottery) -> Iterator[str]:
    plan, key = lottery.plan, bytes.fromhex(lottery.revealed.key)
    if content_hash(plan.plan.model_dump(mode="json")) != plan.plan_hash:
        yield "the plan does not have its hash"
    if digest(b"commit", key) != plan.key_commitment:
        yield "the key is not the committed one"
    cohort, shown = plan.plan.cohort_id.encode(), dict[str, bytes]()
    yield from _check_numbers(facts[facts.index(plan) :], cohort, shown)
    pairs = [part for name in sorted(shown) for part in (name.encode(), shown[name])]
    if lottery.fixed.beacon != f"commit-reveal:{digest(b'beacon', cohort, *pairs)}":
        yield "the randomness is not what the numbers make"


def _check_numbers(
    facts: Iterable[PlanEvent], cohort: bytes, shown: dict[str, bytes]
) -> Iterator[str]:
    bound: dict[str, str] = {}
    for fact in facts:
        if isinstance(fact, NonceCommitted):
            if shown:
                yield f"{fact.party} committed after a number was shown"
            bound[fact.party] = fact.commitment
        if isinstance(fact, NonceRevealed):
            shown[fact.party] = bytes.fromhex(fact.nonce)
            parts = (b"nonce", cohort, fact.party.encode(), shown[fact.party])
            if bound.get(fact.party) != digest(*parts):
                yield f"{fact.party} showed another number than it committed to"
