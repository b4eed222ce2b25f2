"""How likely a judgement is to be moderated, and by which rule.

Invariant: a probability rests on facts before the draw alone, never on the ticket.

The rules, largest wins, the earlier where two say the same (moderation.md 3):

- *first_judgements*: the first few of a reviewer in a cohort, always;
- *block*: one hidden case in each later block, so 1 / block size;
- the floors of the plan, each under its own name: criteria not met, only just met, a
  doubt about authenticity, a changed clock, and whatever else a plan says;
- *idle*: the first few after a reviewer was out of practice, always;
- *remark_all*: somebody ordered that everything of a stretch is moderated: always;
- *release*: next in the order of the sample that a release rests on: always;
- *changed_after_recall*: another kind of judgement came instead of it: always;
- *widened*: the lead looks harder at this reviewer, at least so much;
- *adaptive*: the reviewer's charts, from the block's probability up to certainty;
- *standing*: what the reviewer's standing asks at least;
- *before_plan*: judged before the plan was published, so the plan could have been made
  with an eye on it: always;
- *key_revealed*: the key is public, so a draw would be predictable: always.

To add a stratum (judgements of one kind), add a floor to the plan. To add a rule of
another kind, write a function of `Draw` to parts per million (0 where it says nothing)
and add it to `RULES` under its name: what it needs of the plan is a field of `Rules`,
what it needs of the past a field of `Past`. Its name is one of the programme model's
`OTHER_RULES`, so that no floor takes it. The check of the draws is written a second
time on purpose: give the rule to `verification.probability`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from services.moderation.domain.blocks import Block, SizeChange, block_of
from services.moderation.domain.detection import NO_SCORES, Scores, escalated_ppm
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.rules import Rules
from services.moderation.domain.sampling import PARTS_PER_MILLION
from shared.contracts.programme import Floor, RuleName, Told
from shared.vocabulary import CRITERIA

CERTAIN = PARTS_PER_MILLION

Stretch: TypeAlias = tuple[int, int]
"""Numbers of a first and a last judgement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What facts about a reviewer in a cohort say before a draw."""

    widened_to_ppm: int = 0
    scores: Scores = NO_SCORES
    standing_ppm: int = 0
    block_sizes: tuple[SizeChange, ...] = ()
    remarked: tuple[Stretch, ...] = ()
    """In which every judgement is moderated."""
    is_for_release: bool = False
    """The sample of a release asks for it."""
    is_changed: bool = False
    """Its reviewer took it back, and another kind of judgement came instead."""
    gaps: tuple[timedelta, ...] = ()
    """Before each judgement the time since the last one, up to the one in question."""

    def block(self, ordinal: int, rules: Rules) -> Block | None:
        """Return where a judgement stands; None among the first ones."""
        return block_of(
            ordinal,
            first_judgements=rules.first_judgements,
            block_size=rules.block_size,
            changes=self.block_sizes,
        )


NOTHING_YET = Past()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """One judgement that is to be drawn, with all that its probability depends on."""

    judged: JudgedCase
    ordinal: int
    past: Past
    rules: Rules
    published_at: datetime
    is_key_public: bool

    @property
    def block_ppm(self) -> int:
        """The probability of being the hidden pick."""
        block = self.past.block(self.ordinal, self.rules)
        return PARTS_PER_MILLION // (block.size if block else self.rules.block_size)


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A probability in parts per million, and the rule that set it."""

    probability_ppm: int
    rule: RuleName


def _first(draw: Draw) -> Iterator[Inclusion]:
    if draw.ordinal <= draw.rules.first_judgements:
        yield Inclusion(CERTAIN, "first_judgements")


def _block_pick(draw: Draw) -> Iterator[Inclusion]:
    yield Inclusion(draw.block_ppm, "block")


def _floors(draw: Draw) -> Iterator[Inclusion]:
    for floor in floors_of(draw.judged, draw.rules):
        yield Inclusion(floor.least_ppm, floor.rule)


def _idle(draw: Draw) -> Iterator[Inclusion]:
    rules, gaps = draw.rules, draw.past.gaps
    recent = gaps[max(0, len(gaps) - rules.idle_judgements) :]
    if any(gap >= timedelta(days=rules.idle_days) for gap in recent):
        yield Inclusion(CERTAIN, "idle")


def _remark_all(draw: Draw) -> Iterator[Inclusion]:
    if any(first <= draw.ordinal <= last for first, last in draw.past.remarked):
        yield Inclusion(CERTAIN, "remark_all")


def _release(draw: Draw) -> Iterator[Inclusion]:
    if draw.past.is_for_release:
        yield Inclusion(CERTAIN, "release")


def _changed(draw: Draw) -> Iterator[Inclusion]:
    if draw.past.is_changed:
        yield Inclusion(CERTAIN, "changed_after_recall")


def _widened(draw: Draw) -> Iterator[Inclusion]:
    yield Inclusion(draw.past.widened_to_ppm, "widened")


def _adaptive(draw: Draw) -> Iterator[Inclusion]:
    detection = draw.rules.detection
    if detection is not None:
        wanted = escalated_ppm(draw.past.scores, detection, draw.block_ppm)
        yield Inclusion(wanted, "adaptive")


def _standing(draw: Draw) -> Iterator[Inclusion]:
    yield Inclusion(draw.past.standing_ppm, "standing")


def _before_plan(draw: Draw) -> Iterator[Inclusion]:
    if draw.judged.completed_at < draw.published_at:
        yield Inclusion(CERTAIN, "before_plan")


def _key_revealed(draw: Draw) -> Iterator[Inclusion]:
    if draw.is_key_public:
        yield Inclusion(CERTAIN, "key_revealed")


RULES: tuple[Callable[[Draw], Iterator[Inclusion]], ...] = (
    _first,
    _block_pick,
    _floors,
    _idle,
    _remark_all,
    _release,
    _changed,
    _widened,
    _adaptive,
    _standing,
    _before_plan,
    _key_revealed,
)
"""Every rule there is; where two say the same, the earlier one is recorded."""


def told_of(judged: JudgedCase) -> Mapping[str, Told]:
    """Return what a judgement says of itself, by respect; floors are about these."""
    return {
        "outcome": judged.outcome,
        "attempt": judged.attempt,
        "borderline": judged.borderline,
        "adjusted": judged.adjusted,
        "conflict_overridden": judged.conflict_overridden,
        **{f"levels.{key}": judged.levels[key] for key in CRITERIA},
    }


def floors_of(judged: JudgedCase, rules: Rules) -> tuple[Floor, ...]:
    """Return the floors that a judgement meets, in the order of the plan."""
    told = told_of(judged)
    return tuple(
        floor
        for floor in rules.floors
        if all(told[respect] in values for respect, values in floor.when.items())
    )


def inclusion(asked: Draw) -> Inclusion:
    """Return the largest probability that a rule asks for."""
    found = (each for rule in RULES for each in rule(asked))
    return max(found, key=lambda each: each.probability_ppm)
