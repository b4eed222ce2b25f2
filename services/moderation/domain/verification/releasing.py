"""The samples that releases rest on, checked a second time; see the package."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from uuid import UUID

from services.moderation.domain.draw.events import (
    DifferenceNoted,
    DrawEvent,
    JudgementReceived,
)
from services.moderation.domain.plan.events import (
    BatchFormed,
    CohortReleased,
    PlanEvent,
    PlanPublished,
    RiskStatement,
    SampleOrdered,
)
from services.moderation.domain.rules import RiskLimit
from services.moderation.domain.verification.digests import digest, mac


@dataclass(frozen=True, slots=True)
class Told:
    """What the draws of a cohort say about judgements."""

    attempts: Mapping[UUID, int]
    stands: Mapping[UUID, bool]
    """Of the moderated ones, whether they were not overturned when settled last."""

    @classmethod
    def of(cls, facts: Iterable[DrawEvent]) -> "Told":
        """Return what *facts* of all reviewers say."""
        attempts: dict[UUID, int] = {}
        stands: dict[UUID, bool] = {}
        for fact in facts:
            if isinstance(fact, JudgementReceived):
                attempts[fact.judged.judgement_id] = fact.judged.attempt
            if isinstance(fact, DifferenceNoted):
                stands[fact.judgement_id] = not fact.overturned
        return cls(attempts, stands)


def check_releases(
    facts: Sequence[PlanEvent], plan: PlanPublished, draws: Told, seed: bytes
) -> Iterator[str]:
    """Yield what is wrong with the samples and the risks of the releases."""
    limit = plan.plan.drawn_by.release
    batches: dict[int, BatchFormed] = {}
    numbers: dict[int, int] = {}
    for fact in facts:
        match fact:
            case BatchFormed(attempt=attempt):
                yield from _check_batch(fact, draws)
                yield from _check_next(fact, batches.get(attempt), numbers)
                batches[attempt], numbers[attempt] = fact, fact.number
            case SampleOrdered(attempt=attempt):
                yield from _check_sample(fact, batches.get(attempt), seed)
            case CohortReleased(attempt=attempt) if limit is not None:
                batch = batches.pop(attempt, None)
                numbers[attempt] = max(numbers.get(attempt, 0), fact.number)
                for found in _check_release(fact, batch, draws, limit, seed):
                    yield f"release {attempt}.{fact.number}: {found}"
            case _:
                pass


def _check_batch(batch: BatchFormed, draws: Told) -> Iterator[str]:
    name = f"batch {batch.attempt}.{batch.number}"
    ids = sorted(str(each).encode() for each in batch.judgements)
    if digest(b"population", *ids) != batch.population_root:
        yield f"{name}: its root is not that of its judgements"
    attempts = {draws.attempts.get(each) for each in batch.judgements}
    if attempts != {batch.attempt} or len(set(ids)) != len(ids):
        yield f"{name}: its judgements are not of this round"


def _check_next(
    batch: BatchFormed, last: BatchFormed | None, numbers: Mapping[int, int]
) -> Iterator[str]:
    """Yield how a batch could give another order to what has one: *last* is open."""
    name = f"batch {batch.attempt}.{batch.number}"
    if batch.number != numbers.get(batch.attempt, 0) + 1:
        yield f"{name}: its number is not the next"
    if last is not None and not set(last.judgements).isdisjoint(batch.judgements):
        yield f"{name}: it takes along what an earlier one has"


def _check_sample(
    sample: SampleOrdered, batch: BatchFormed | None, seed: bytes
) -> Iterator[str]:
    """Yield what is wrong with one asking.

    It passes over who was left out just then. Whoever came back is asked for later, or
    never, once they are moderated: so what follows at the release is not what was asked
    for, but that all that counts is the beginning of the order.
    """
    order = _order(batch, seed) if batch else []
    asked = set(sample.judgements)
    if [each for each in order if each in asked] != list(sample.judgements):
        name = f"sample of batch {sample.attempt}.{sample.number}"
        yield f"{name}: it is not in the order of the tickets"


def _check_release(
    released: CohortReleased,
    batch: BatchFormed | None,
    draws: Told,
    limit: RiskLimit,
    seed: bytes,
) -> Iterator[str]:
    told = released.risk
    if told is None:
        yield "it does not say at what risk"
        return
    if (told.tolerated_ppm, told.alpha_ppm) != (limit.tolerated_ppm, limit.alpha_ppm):
        yield "its limits are not those of the plan"
    if batch is None or set(batch.judgements) <= set(told.left_out):
        is_known = batch is None or _moderated(released, draws) >= released.cases
        if not is_known or not told.population == told.checked == released.cases:
            yield "no sample was drawn, and not all of it was moderated"
        return
    order = [each for each in _order(batch, seed) if each not in told.left_out]
    yield from _check_risk(told, order, draws, released.cases)


def _moderated(released: CohortReleased, draws: Told) -> int:
    """Return how much of a round was moderated beside a batch that was left out."""
    left_out = set(released.risk.left_out) if released.risk else set()
    others = draws.stands.keys() - left_out
    return sum(draws.attempts.get(each) == released.attempt for each in others)


def _order(batch: BatchFormed, seed: bytes) -> list[UUID]:
    label = f"release.{batch.attempt}.{batch.number}".encode()

    def ticket(judgement: UUID) -> tuple[bytes, str]:
        return mac(seed, b"ticket", label, str(judgement).encode()), str(judgement)

    return sorted(batch.judgements, key=ticket)


def _check_risk(
    told: RiskStatement, order: Sequence[UUID], draws: Told, cases: int
) -> Iterator[str]:
    correct: list[bool] = []
    for each in order:
        if each not in draws.stands:
            break
        correct.append(draws.stands[each])
    found = (len(order), len(correct), correct.count(False))
    if (told.population, told.checked, told.wrong) != found or cases != len(order):
        yield "it counts otherwise than the draws"
    if len(correct) == len(order):
        return
    risk = _risk(correct, len(order), told.tolerated_ppm)
    if abs(1_000_000 * risk - told.risk_ppm) > 1:
        yield "its risk does not follow from the sample"
    if told.risk_ppm > told.alpha_ppm:
        yield "its risk is above the limit"


def _risk(correct: Sequence[bool], population: int, tolerated_ppm: int) -> Decimal:
    """Return 1 / the largest value of the ALPHA martingale. Source: statistics.md 2.8.

    As printed there, with eta below 1 by one in a thousand million.
    """
    wrong = -(-population * tolerated_ppm // 1_000_000)
    with localcontext(prec=60):
        value, least, right = Decimal(1), Decimal(1), 0
        start = 1 - Decimal(tolerated_ppm) / 5_000_000
        for seen, is_correct in enumerate(correct):
            above, left = population - wrong - right, population - seen
            if above < 0 or (above == 0 and is_correct):
                return Decimal(0)
            mu = Decimal(above) / left
            eta = max(mu + Decimal("0.0001"), (20 * start + right) / (20 + seen))
            eta = min(eta, 1 - Decimal("1e-9"))
            if above < left:
                value *= eta / mu if is_correct else (1 - eta) / (1 - mu)
            elif not is_correct:
                value = Decimal(0)
            right += is_correct
            least = min(least, 1 / value) if value else least
        return least
