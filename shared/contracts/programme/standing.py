"""When somebody's work is looked at more closely, and when results may be released."""

from typing import Annotated

from pydantic import Field

from shared.contracts.programme.values import (
    PositiveSetting,
    RateSetting,
    Record,
    Sourced,
)

CertainlyARate = Sourced[Annotated[int, Field(gt=0, lt=1_000_000)]]
"""A share in parts per million that is neither none nor all."""


class ReleasePolicy(Record):
    """At what risk a round may be released without moderating all of it."""

    tolerated_ppm: CertainlyARate
    """The share of wrong decisions that a release must all but rule out."""
    alpha_ppm: CertainlyARate
    """The largest chance of a release if there are so many."""


class StandingPolicy(Record):
    """The steps of the ladder of standings, and how sure one has to be of them."""

    clear_to_normal: PositiveSetting
    """So many clear judgements in a row end probation, and a tightened standing."""
    clear_to_reduced: PositiveSetting
    """So many in a row are needed for a reduced standing."""
    low_rate_ppm: CertainlyARate
    """A reduced standing needs a rate of overturns below this."""
    low_rate_confidence_ppm: RateSetting
    """How likely it has to be that the rate is so low."""
    overturn_limit_ppm: CertainlyARate
    """A rate of overturns above this is not accepted."""
    severity_limit_thousandths: PositiveSetting
    """Nor is a mean difference beyond this, in thousandths of a level, summed over the
    criteria."""
    action_confidence_ppm: RateSetting
    """How likely it has to be that a limit is passed for an alarm to lead to action."""
    usual_overturns_ppm: CertainlyARate
    """How often reviewers are overturned before they are known: the prior's mean."""
    overturns_correlation_ppm: CertainlyARate
    """How much they differ in that."""
    severity_between_thousandths: PositiveSetting
    """Standard deviation of the severity of reviewers who mark well."""
    severity_within_thousandths: PositiveSetting
    """Standard deviation of one reviewer's differences from judgement to judgement."""
