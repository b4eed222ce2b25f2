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

To add a stratum (judgements of one kind), add a floor to the plan, and nothing else.

To add a rule of another kind, write here a function of `Draw` to parts per million (0
where it says nothing) and add it to the end of `RULES`. What it asks of a plan is a
field of `Rules` that says nothing by default: so plans of before keep their hash, and
what was drawn under them its rule. Then tell `verification.probability`, which derives
every probability again and not from here, on purpose: it finds faults of this module.
"""

from collections.abc import Callable, Mapping
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


def _first(draw: Draw) -> int:
    return CERTAIN * (draw.ordinal <= draw.rules.first_judgements)


def _block_pick(draw: Draw) -> int:
    return draw.block_ppm


def _idle(draw: Draw) -> int:
    rules, gaps = draw.rules, draw.past.gaps
    recent = gaps[max(0, len(gaps) - rules.idle_judgements) :]
    return CERTAIN * any(gap >= timedelta(days=rules.idle_days) for gap in recent)


def _remark_all(draw: Draw) -> int:
    stretches = draw.past.remarked
    return CERTAIN * any(first <= draw.ordinal <= last for first, last in stretches)


def _release(draw: Draw) -> int:
    return CERTAIN * draw.past.is_for_release


def _changed(draw: Draw) -> int:
    return CERTAIN * draw.past.is_changed


def _widened(draw: Draw) -> int:
    return draw.past.widened_to_ppm


def _adaptive(draw: Draw) -> int:
    detection = draw.rules.detection
    if detection is None:
        return 0
    return escalated_ppm(draw.past.scores, detection, draw.block_ppm)


def _standing(draw: Draw) -> int:
    return draw.past.standing_ppm


def _before_plan(draw: Draw) -> int:
    return CERTAIN * (draw.judged.completed_at < draw.published_at)


def _key_revealed(draw: Draw) -> int:
    return CERTAIN * draw.is_key_public


RULES: dict[RuleName, Callable[[Draw], int]] = {
    "first_judgements": _first,
    "block": _block_pick,
    "idle": _idle,
    "remark_all": _remark_all,
    "release": _release,
    "changed_after_recall": _changed,
    "widened": _widened,
    "adaptive": _adaptive,
    "standing": _standing,
    "before_plan": _before_plan,
    "key_revealed": _key_revealed,
}
"""Every rule but the floors; where two say the same, the earlier one is recorded."""

BEFORE_FLOORS = 2
"""So many of them come before the floors."""


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
    told = [Inclusion(rule(asked), name) for name, rule in RULES.items()]
    floors = floors_of(asked.judged, asked.rules)
    told[BEFORE_FLOORS:BEFORE_FLOORS] = [Inclusion(f.least_ppm, f.rule) for f in floors]
    return max(told, key=lambda each: each.probability_ppm)
