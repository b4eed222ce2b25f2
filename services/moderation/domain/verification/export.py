"""The draws of a cohort in a form that is published and stays: ``attest-draws/1``.

Invariant: it holds what a draw may depend on and nothing else, so no word, no
participant and no attribute of one. docs/draws.md says what each field means.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias, assert_never

from services.moderation.domain.draw.events import (
    AlarmRaised,
    DifferenceNoted,
    DrawEvent,
    Drawn,
    JudgementReceived,
    JudgementSetAside,
    ProbabilitySet,
    RemarkAllOrdered,
    RenewalReceived,
    SampledAsChanged,
    SampledForRelease,
    SampleWidened,
    StandingApplied,
)
from services.moderation.domain.draw.seeded import (
    SeedJudged,
    SeedPlaced,
    SeedWithheld,
)
from services.moderation.domain.inclusion import told_of
from services.moderation.domain.plan.events import (
    KeyRevealed,
    NonceCommitted,
    NonceRevealed,
    PlanEvent,
    PlanPublished,
    RandomnessFixed,
    ReviewerJoined,
)
from services.moderation.domain.verification.digests import content_hash
from services.moderation.domain.verification.exported_opinions import (
    NOBODY,
    PlacedOpinion,
    opinion_entries,
)

FORMAT = "attest-draws/1"

Placed: TypeAlias = tuple[int, DrawEvent]
"""Where in the log, and the fact."""
Told: TypeAlias = dict[str, Any]


def export_of(
    plan_facts: Sequence[tuple[int, PlanEvent]],
    draws: Mapping[str, Sequence[Placed]],
    opinions: Mapping[str, Sequence[PlacedOpinion]] = NOBODY,
) -> Told:
    """Return the export of a cohort whose key is public.

    *plan_facts* are those of its ``plan-`` stream, *draws* those of each ``draw-``
    stream by reviewer, *opinions* those of each ``opinion-`` stream by moderator, all
    with their positions, in the order of the log.
    """
    told: Told = {"format": FORMAT, "commitments": {}, "nonces": {}}
    placed = [
        (position, {"fact": kind, "reviewer": reviewer_id, **fields})
        for reviewer_id, facts in draws.items()
        for position, kind, fields in _entries(facts)
    ]
    placed += [
        (position, {"fact": kind, "moderator": moderator_id, **fields})
        for moderator_id, seen in opinions.items()
        for position, kind, fields in opinion_entries(seen)
    ]
    for position, fact in plan_facts:
        told |= _header(fact, told)
        if isinstance(fact, KeyRevealed):
            placed.append((position, {"fact": "key_revealed"}))
        if isinstance(fact, ReviewerJoined) and fact.reviewer_id in draws:
            placed.append((position, _joined(fact)))
    placed += _fixed(plan_facts)
    told["facts"] = [entry for _, entry in sorted(placed, key=lambda each: each[0])]
    return {**told, "sha256": content_hash(told)}


def _joined(fact: ReviewerJoined) -> Told:
    results = fact.results_before
    return {"fact": "joined", "reviewer": fact.reviewer_id, "results": results}


def _fixed(plan_facts: Sequence[tuple[int, PlanEvent]]) -> Iterator[tuple[int, Told]]:
    """Yield from where on tickets ask for seeds, where a plan places them."""
    plans = [fact.plan for _, fact in plan_facts if isinstance(fact, PlanPublished)]
    if any(each.drawn_by.seeds is not None for each in plans):
        for position, fact in plan_facts:
            if isinstance(fact, RandomnessFixed):
                yield position, {"fact": "randomness_fixed"}


def _header(fact: PlanEvent, told: Told) -> Told:
    match fact:
        case PlanPublished():
            return {
                "plan": fact.plan.model_dump(mode="json"),
                "plan_hash": fact.plan_hash,
                "key_commitment": fact.key_commitment,
                "published_at": fact.occurred_at.isoformat(),
            }
        case NonceCommitted(party=party, commitment=commitment):
            return {"commitments": {**told["commitments"], party: commitment}}
        case NonceRevealed(party=party, nonce=nonce):
            return {"nonces": {**told["nonces"], party: nonce}}
        case RandomnessFixed(beacon=beacon):
            return {"beacon": beacon}
        case KeyRevealed(key=key):
            return {"key": key}
        case _:
            return {}


def _entries(facts: Sequence[Placed]) -> Iterator[tuple[int, str, Told]]:
    before: DrawEvent | None = None
    for position, fact in facts:
        match fact:
            case JudgementReceived():
                yield position, "received", _received(fact)
            case Drawn():
                yield position, "draw", _draw(fact, before)
            case (
                SampleWidened()
                | StandingApplied()
                | RemarkAllOrdered()
                | SampledForRelease()
                | SampledAsChanged()
            ):
                yield position, *_raising(fact)
            case RenewalReceived():
                yield position, "renewal", _renewal(fact)
            case DifferenceNoted() | SeedPlaced() | SeedWithheld() | SeedJudged():
                yield position, *_shown(fact)
            case JudgementSetAside() | ProbabilitySet() | AlarmRaised():
                pass
            case _:
                assert_never(fact)
        before = fact


def _raising(
    fact: SampleWidened
    | StandingApplied
    | RemarkAllOrdered
    | SampledForRelease
    | SampledAsChanged,
) -> tuple[str, Told]:
    """Return what asks for more from here on, or for what was skipped."""
    match fact:
        case SampleWidened(to_ppm=to_ppm):
            return "widened", {"least_ppm": to_ppm}
        case StandingApplied():
            return "standing", _plain(fact)
        case RemarkAllOrdered(from_ordinal=first, to_ordinal=last):
            return "remark_all", {"from_ordinal": first, "to_ordinal": last}
        case SampledForRelease(judgements=judgements):
            return "release", {"judgements": [str(each) for each in judgements]}
        case SampledAsChanged(judgement_id=judgement_id, because=because):
            return "changed", {"judgement": str(judgement_id), "because": [*because]}
        case _:
            assert_never(fact)


def _renewal(fact: RenewalReceived) -> Told:
    return {
        "judgement": str(fact.judgement_id),
        "judged": dict(told_of(fact.judged)),
        "follows_conflict": fact.follows_conflict,
    }


def _received(fact: JudgementReceived) -> Told:
    judged = fact.judged
    return {
        "judgement": str(judged.judgement_id),
        "ordinal": fact.ordinal,
        "judged": {
            **told_of(judged),
            "completed_at": judged.completed_at.isoformat(),
        },
    }


def _draw(fact: Drawn, before: DrawEvent | None) -> Told:
    """Return a draw with the probability set right before it; nothing without one."""
    told = before if isinstance(before, ProbabilitySet) else None
    if told is not None and told.judgement_id != fact.judgement_id:
        told = None
    return {
        "judgement": str(fact.judgement_id),
        "ordinal": told.ordinal if told else None,
        "probability_ppm": told.probability_ppm if told else None,
        "rule": told.rule if told else None,
        "ticket": fact.ticket,
        "block_pick": fact.block_pick,
        "selected": fact.selected,
    }


def _difference(fact: DifferenceNoted | SeedJudged) -> Told:
    scores = fact.scores
    return {
        "judgement": str(fact.judgement_id),
        "level_difference": fact.level_difference,
        "absolute_difference": fact.absolute_difference,
        "overturned": fact.overturned,
        "scores": [*scores.by_chart().values()] if scores else None,
    }


def _shown(
    fact: DifferenceNoted | SeedPlaced | SeedWithheld | SeedJudged,
) -> tuple[str, Told]:
    """Return what a judgement showed, or came of a ticket that asked for a seed."""
    if isinstance(fact, DifferenceNoted):
        return "difference", _difference(fact)
    if isinstance(fact, SeedJudged):
        shown = {"in_tolerance": fact.in_tolerance, **_difference(fact)}
        return "seed_judged", {"seed": fact.seed_id, **shown}
    told = {"after": str(fact.after), "ticket": fact.ticket, "seed": None}
    if isinstance(fact, SeedWithheld):
        return "seed", {**told, "candidates": [], "withheld_because": fact.because}
    among = {"candidates": list(fact.candidates), "withheld_because": None}
    return "seed", {**told, "seed": fact.seed_id, **among}


def _plain(fact: StandingApplied) -> Told:
    return fact.model_dump(mode="json", exclude={"type", "occurred_at"})
