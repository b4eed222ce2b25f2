"""What a plan says about drawing: how many, how likely, under which conditions.

A stratum is one more floor in the plan and nothing else; see
`shared.contracts.programme.sampling`. How a rule of another kind is added is said in
`inclusion`, how something else that may be decided in `decisions`.
"""

import operator
from typing import Self

from pydantic import Field, model_validator

from services.moderation.domain.decisions import USUAL
from services.moderation.domain.sampling import PARTS_PER_MILLION
from shared.contracts.programme import (
    BlockSize,
    Detection,
    Floor,
    Newcomers,
    ReleasePolicy,
    SamplingPolicy,
    SeedRules,
    Standings,
    refuse_easier_start,
    refuse_inexact,
    refuse_repeated_rules,
)
from shared.decider import Value


def _is_usual(decisions: tuple[str, ...]) -> bool:
    return decisions == USUAL


class RiskLimit(Value):
    """What a release has to make sure of. Source: moderation.md 7.

    If at least the tolerated share of the decisions were wrong, that is, overturned
    after adjudication, the chance of a release without moderating all of them is at
    most alpha.
    """

    tolerated_ppm: int = Field(ge=1, le=PARTS_PER_MILLION)
    alpha_ppm: int = Field(ge=1, lt=PARTS_PER_MILLION)


class Rules(Value):
    """The rules of a plan. Sources: moderation.md 3 and the programme's policy."""

    first_judgements: int = Field(ge=1, le=1_000)
    """So many first judgements of a reviewer in a cohort are always moderated."""
    newcomers: Newcomers | None = Field(default=None, exclude_if=operator.not_)
    """Who counts as new, and how many of theirs are; None: nobody counts as new."""
    block_size: BlockSize
    """One hidden judgement in each later block of so many; divides a million."""
    floors: tuple[Floor, ...]
    """Least probabilities of kinds of judgements."""
    idle_days: int = Field(default=7, ge=1, le=1_000)
    """After so many days without a judgement a reviewer is out of practice."""
    idle_judgements: int = Field(default=0, ge=0, le=1_000)
    """So many judgements after that are always moderated; 0 for none."""
    detection: Detection | None
    """The charts that find reviewers who mark otherwise; None for no charts."""
    standings: Standings | None
    """What a reviewer's standing asks of the draws; None for nothing."""
    criterion_gap: int = Field(ge=1, le=3)
    """Levels apart on one criterion that call a second moderator."""
    second_opinions_ppm: int = Field(
        default=0, ge=0, le=PARTS_PER_MILLION, exclude_if=operator.not_
    )
    """How likely a second moderator judges what the first agrees with; 0 for never."""
    release: RiskLimit | None = Field(default=None, exclude_if=operator.not_)
    """None: a release waits for what is drawn, and says nothing of the rest."""
    seeds: SeedRules | None = Field(default=None, exclude_if=operator.not_)
    """How often cases with definitive marks come among the work; None for never."""
    decisions: tuple[str, ...] = Field(default=USUAL, exclude_if=_is_usual)
    """What may be decided about a case that was compared; see `decisions`."""

    @model_validator(mode="after")
    def _is_exact(self) -> Self:
        """Refuse a block whose probability is not a whole number of ppm."""
        refuse_inexact(self.block_size)
        refuse_repeated_rules(self.floors)
        refuse_easier_start(self.first_judgements, self.newcomers)
        return self

    def must_qualify(self, results_before: int | None) -> bool:
        """Tell whether a reviewer who had so many results qualifies before they judge.

        New is who `newcomers` says; without it, who has had no result yet.
        """
        course = self.seeds.qualification if self.seeds else None
        if course is None or not course.newcomers or results_before is None:
            return False
        new = self.newcomers
        return results_before < (new.fewer_results_than if new else 1)

    def of_reviewer(self, results_before: int | None) -> "Rules":
        """Return the rules for a reviewer who had so many results when they joined.

        None when nothing says so: they are not treated as new.
        """
        new = self.newcomers
        if new is None or results_before is None:
            return self
        if results_before >= new.fewer_results_than:
            return self
        return self.model_copy(update={"first_judgements": new.first_judgements})


def rules_of(sampling: SamplingPolicy, release: ReleasePolicy | None = None) -> Rules:
    """Return the rules that the policy of a programme asks for."""
    return Rules(
        first_judgements=sampling.first_judgements.value,
        newcomers=sampling.newcomers.value if sampling.newcomers else None,
        block_size=sampling.block_size.value,
        floors=tuple(floor.value for floor in sampling.floors),
        idle_days=sampling.idle_days.value,
        idle_judgements=sampling.idle_judgements.value,
        detection=sampling.detection.value,
        standings=sampling.standings.value,
        criterion_gap=sampling.criterion_gap.value,
        second_opinions_ppm=sampling.second_opinions_ppm.value,
        release=_risk_limit(release),
        seeds=sampling.seeds.value if sampling.seeds else None,
        decisions=sampling.decisions.value if sampling.decisions else USUAL,
    )


class RulesOfVersion1(Value):
    """The rules of a plan as plans of version 1 said them; they stay as they are."""

    first_judgements: int = Field(ge=1, le=1_000)
    block_size: int = Field(ge=2, le=1_000)
    cnm_floor_ppm: int = Field(ge=0, le=PARTS_PER_MILLION)
    borderline_floor_ppm: int = Field(ge=0, le=PARTS_PER_MILLION)
    resubmission_cnm_ppm: int = Field(ge=0, le=PARTS_PER_MILLION)
    adjusted_ppm: int = Field(ge=0, le=PARTS_PER_MILLION)
    criterion_gap: int = Field(ge=1, le=3)

    @model_validator(mode="after")
    def _is_exact(self) -> Self:
        refuse_inexact(self.block_size)
        return self

    def as_rules(self) -> Rules:
        """Return the same rules in today's words: no charts, no standings."""
        return Rules(
            first_judgements=self.first_judgements,
            block_size=self.block_size,
            floors=(
                _floor("cnm_floor", self.cnm_floor_ppm, outcome="CNM"),
                _floor(
                    "resubmission_cnm",
                    self.resubmission_cnm_ppm,
                    outcome="CNM",
                    attempt=2,
                ),
                _floor("borderline_floor", self.borderline_floor_ppm, borderline=True),
                _floor("adjusted", self.adjusted_ppm, adjusted=True),
            ),
            detection=None,
            standings=None,
            criterion_gap=self.criterion_gap,
        )


def _floor(rule: str, least_ppm: int, **when: bool | int | str) -> Floor:
    asked = {respect: (value,) for respect, value in when.items()}
    return Floor(rule=rule, least_ppm=least_ppm, when=asked)


def _risk_limit(policy: ReleasePolicy | None) -> RiskLimit | None:
    if policy is None:
        return None
    return RiskLimit(
        tolerated_ppm=policy.tolerated_ppm.value, alpha_ppm=policy.alpha_ppm.value
    )
