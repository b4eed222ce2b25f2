"""What other rules would have drawn of the judgements that are in the log.

The decider and the sampler of the domain walk the same facts under the other rules. The
tickets stay those that were drawn: the same key, randomness and plan hash, so that two
columns differ by their rules alone. A plan that had been published with the other rules
would have had another hash, and so other tickets with the same probabilities.

What nobody moderated cannot be known: where the other rules draw a judgement that was
skipped, its difference would have moved the charts from there on, and did not here.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import assert_never

from services.moderation.domain.detection import Observation
from services.moderation.domain.draw.commands import (
    ApplyStanding,
    DrawCommand,
    NoteDifference,
    NoteRenewal,
    OrderRemark,
    ReceiveJudgement,
    SampleForRelease,
    WidenSample,
)
from services.moderation.domain.draw.decide import draw
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
from services.moderation.domain.draw.seeded import SeedDrawEvent, SeedJudged
from services.moderation.domain.draw.seeding import JudgeSeed
from services.moderation.domain.drawing import Sampler, Ticket
from services.moderation.domain.inclusion import Inclusion
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.plan.events import KeyRevealed, PlanEvent
from services.moderation.domain.plan.evolve import Disclosed, Drawing
from services.moderation.domain.rules import Rules
from services.moderation.domain.sampling import PARTS_PER_MILLION, seed_of
from shared.errors import RuleViolatedError


class NothingDrawnError(RuleViolatedError):
    """Nothing is drawn yet: a plan and the numbers of its three parties come first."""


@dataclass(frozen=True, slots=True)
class Change:
    """How the probability of a judgement differs, and by which rules."""

    then: Inclusion
    now: Inclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """What the other rules do with one reviewer's judgements."""

    reviewer_id: str
    judgements: int
    drawn_then: int
    drawn_now: int | None
    """None before the key is public: then only expected numbers are known."""
    expected_then: float
    """Sum of the probabilities."""
    expected_now: float
    changes: Mapping[Change, int]
    """How many judgements have another probability or another rule."""
    unknown: int | None
    """Judgements drawn now whose difference nobody ever noted."""


def what_if(
    plan_facts: Sequence[PlanEvent],
    draws: Mapping[str, Sequence[DrawEvent]],
    rules: Rules,
) -> tuple[Differing, ...]:
    """Return what *rules* do with the *draws* of a cohort, by reviewer id.

    Facts are in the order of the log.

    Raises:
        NothingDrawnError: there is no plan, or its randomness is not fixed.
    """
    cohort = plan.fold(plan_facts)
    stage = cohort.stage
    if not isinstance(stage, Drawing | Disclosed):
        raise NothingDrawnError
    revealed = [fact for fact in plan_facts if isinstance(fact, KeyRevealed)]
    key = revealed[0] if revealed else None
    return tuple(
        _Replay(
            stage, key, rules.of_reviewer(cohort.results.get(reviewer_id)), facts
        ).differing(reviewer_id)
        for reviewer_id, facts in draws.items()
    )


class _Replay:
    """One reviewer's facts, walked under other rules; for one use."""

    def __init__(
        self,
        stage: Drawing | Disclosed,
        key: KeyRevealed | None,
        rules: Rules,
        facts: Sequence[DrawEvent],
    ) -> None:
        self._stage = stage
        self._key = key
        self._rules = rules
        self._facts = facts
        self._drawn = defaultdict[str, deque[Drawn]](deque)
        for fact in facts:
            if isinstance(fact, Drawn):
                self._drawn[str(fact.judgement_id)].append(fact)
        self._then = self._now = draw.initial

    def differing(self, reviewer_id: str) -> Differing:
        for place, fact in enumerate(self._facts):
            self._step(place, fact)
            self._then = draw.fold((fact,), self._then)
        return self._compared(reviewer_id)

    def _step(self, place: int, fact: DrawEvent) -> None:
        match fact:
            case ProbabilitySet() | Drawn() | AlarmRaised() | SampledAsChanged():
                return  # what the other rules make of it follows from the rest
            case JudgementSetAside():
                self._now = draw.fold((fact,), self._now)
            case JudgementReceived() | SampleWidened() | StandingApplied():
                self._decide(self._command(place, fact))
            case RenewalReceived():
                self._decide(self._renewal(place, fact))
            case RemarkAllOrdered() | SampledForRelease():
                self._decide(self._ordered(place, fact))
            case DifferenceNoted(judgement_id=judgement_id):
                entry = self._now.entries[judgement_id]
                if entry.is_selected:
                    first_at = entry.judged.completed_at
                    self._decide(_noting(fact, self._rules, first_at))
            case _:
                self._follow_seed(fact)

    def _follow_seed(self, fact: SeedDrawEvent) -> None:
        """Keep the seeds that were placed; rules without seeds make nothing of them."""
        if isinstance(fact, SeedJudged):
            if self._rules.seeds is not None:
                placed = self._now.seeding.placed[fact.case_id].fact
                self._decide(_judging(fact, self._rules, placed.occurred_at))
        else:
            self._now = draw.fold((fact,), self._now)

    def _decide(self, command: DrawCommand) -> None:
        self._now = draw.fold(draw.decide(command, self._now), self._now)

    def _command(
        self, place: int, fact: JudgementReceived | SampleWidened | StandingApplied
    ) -> DrawCommand:
        at, draws = fact.occurred_at, _draws_after(self._facts[place + 1 :])
        sampler = self._sampler(at, draws)
        again = frozenset(each.judgement_id for each in draws)
        match fact:
            case JudgementReceived(judged=judged):
                return ReceiveJudgement(judged=judged, sampler=sampler, at=at)
            case StandingApplied(standing=standing):
                return ApplyStanding(
                    standing=standing,
                    sampler=sampler,
                    again=again,
                    charts_from=fact.charts_from,
                    at=at,
                )
            case SampleWidened():
                return WidenSample(
                    to_ppm=fact.to_ppm,
                    because_of_case_id=fact.because_of_case_id,
                    reason=fact.reason,
                    sampler=sampler,
                    released=frozenset(self._then.skipped) - again,
                    by=fact.widened_by,
                    at=at,
                )
            case _:
                assert_never(fact)

    def _ordered(
        self, place: int, fact: RemarkAllOrdered | SampledForRelease
    ) -> DrawCommand:
        at, draws = fact.occurred_at, _draws_after(self._facts[place + 1 :])
        sampler = self._sampler(at, draws)
        if isinstance(fact, SampledForRelease):
            return SampleForRelease(
                attempt=fact.attempt,
                number=fact.number,
                judgements=fact.judgements,
                sampler=sampler,
                at=at,
            )
        again = frozenset(each.judgement_id for each in draws)
        return OrderRemark(
            reviewer_id=fact.reviewer_id,
            cohort_id=fact.cohort_id,
            from_ordinal=fact.from_ordinal,
            because=fact.because,
            because_of_case_id=fact.because_of_case_id,
            by=fact.ordered_by,
            reason=fact.reason,
            sampler=sampler,
            released=frozenset(self._then.skipped) - again,
            at=at,
        )

    def _renewal(self, place: int, fact: RenewalReceived) -> DrawCommand:
        draws = _draws_after(self._facts[place + 1 :])
        return NoteRenewal(
            judgement_id=fact.judgement_id,
            judged=fact.judged,
            follows_conflict=fact.follows_conflict,
            sampler=self._sampler(fact.occurred_at, draws),
            at=fact.occurred_at,
        )

    def _sampler(self, at: datetime, draws: Sequence[ProbabilitySet]) -> Sampler:
        """Return what draws at that time; *draws* are those it led to in the log."""
        published = self._stage.published
        if self._key is None:
            return _AsDrawn(
                rules=self._rules,
                seed=b"",
                published_at=published.published_at,
                drawn=self._drawn,
            )
        key = bytes.fromhex(self._key.key)
        return Sampler(
            rules=self._rules,
            seed=seed_of(key, beacon=self._stage.beacon, plan_hash=published.plan_hash),
            published_at=published.published_at,
            is_key_public=at > self._key.occurred_at
            or any(each.rule == "key_revealed" for each in draws),
        )

    def _compared(self, reviewer_id: str) -> Differing:
        pairs = [
            (then, self._now.entries[judgement_id])
            for judgement_id, then in self._then.entries.items()
        ]
        inclusions = [
            Change(then.inclusion, now.inclusion)
            for then, now in pairs
            if then.inclusion and now.inclusion
        ]
        new = sum(
            now.is_selected is True and not then.is_selected for then, now in pairs
        )
        drawn_now = sum(now.is_selected is True for _, now in pairs)
        is_exact = self._key is not None
        return Differing(
            reviewer_id=reviewer_id,
            judgements=len(pairs),
            drawn_then=sum(then.is_selected is True for then, _ in pairs),
            drawn_now=drawn_now if is_exact else None,
            expected_then=_expected(each.then for each in inclusions),
            expected_now=_expected(each.now for each in inclusions),
            changes=Counter(each for each in inclusions if each.then != each.now),
            unknown=new if is_exact else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _AsDrawn(Sampler):
    """Sets probabilities by its rules, and selects what was selected in the log."""

    drawn: Mapping[str, deque[Drawn]]

    def ticket(self, *, judgement_id: str, **_: object) -> Ticket:
        known = self.drawn[judgement_id]
        if not known:
            return Ticket(0, is_block_pick=False, is_selected=False)
        fact = known.popleft() if len(known) > 1 else known[0]
        return Ticket(0, is_block_pick=fact.block_pick, is_selected=fact.selected)


def _judging(fact: SeedJudged, rules: Rules, placed_at: datetime) -> JudgeSeed:
    return JudgeSeed(
        judgement_id=fact.judgement_id,
        case_id=fact.case_id,
        judged_at=_judged_at(fact, placed_at),
        observation=_observed(fact),
        in_tolerance=fact.in_tolerance,
        rules=rules,
        at=fact.occurred_at,
    )


def _noting(fact: DifferenceNoted, rules: Rules, first_at: datetime) -> NoteDifference:
    return NoteDifference(
        judgement_id=fact.judgement_id,
        judged_at=_judged_at(fact, first_at),
        observation=_observed(fact),
        rules=rules,
        is_anothers=fact.release_only,
        at=fact.occurred_at,
    )


def _judged_at(fact: DifferenceNoted | SeedJudged, first_at: datetime) -> datetime:
    """Return a time on the side of a pause on which they judged, as the log says."""
    return first_at if fact.precedes_probation else fact.occurred_at


def _observed(fact: DifferenceNoted | SeedJudged) -> Observation:
    return Observation(
        level_difference=fact.level_difference,
        absolute_difference=fact.absolute_difference,
        overturned=fact.overturned,
    )


def _draws_after(following: Iterable[DrawEvent]) -> tuple[ProbabilitySet, ...]:
    """Return the probabilities that were set right away."""
    kinds = ProbabilitySet | Drawn | SampledAsChanged
    draws = takewhile(lambda fact: isinstance(fact, kinds), following)
    return tuple(fact for fact in draws if isinstance(fact, ProbabilitySet))


def _expected(inclusions: Iterable[Inclusion]) -> float:
    return sum(each.probability_ppm for each in inclusions) / PARTS_PER_MILLION
