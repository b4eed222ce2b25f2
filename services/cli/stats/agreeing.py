"""What `attest stats agreement` prints of the ratings it has read."""

import json

import numpy as np

from services.cli.stats.rated import Rated
from services.moderation.statistics.agreement import of_pairs, of_raters
from services.moderation.statistics.agreement.joint import (
    Joint,
    joint_of_pairs,
    joint_of_table,
)
from services.moderation.statistics.estimates import DRAWS, LEVEL
from services.moderation.statistics.plain import Plain, plain

SEED = "attest/stats/agreement/1"
"""What the seed's text begins with; changes when draws are used otherwise."""

_NARROWED = {
    "ratings": "standard errors and intervals, but not of intraclass correlations",
    "pairs": "standard errors only: intervals are those of an endless cohort",
}
"""What a finite cohort makes smaller."""


def agreement_of(rated: Rated) -> Plain:
    """Return all that can be said of *rated*."""
    about: dict[str, object] = {"scale": list(rated.scale), "level": LEVEL}
    if rated.population is not None:
        narrowed = _NARROWED["pairs" if rated.ratings is None else "ratings"]
        about |= {"population": rated.population, "population_narrows": narrowed}
    if rated.ratings is not None:
        raters = of_raters.RatersAgreement(
            rated.scale, rated.ratings, population=rated.population
        )
        return plain({"form": "ratings", **about, **of_raters.everything(raters)})
    joint = _joint(rated)
    seed_text = _seed_text(rated, joint)
    pairs = of_pairs.PairAgreement(joint, seed_text=seed_text)
    about |= {"weighted": joint.is_weighted, "draws": DRAWS, "seed": seed_text}
    form = "pairs" if rated.table is None else "table"
    return plain({"form": form, **about, **of_pairs.everything(pairs)})


def _joint(rated: Rated) -> Joint:
    if rated.table is not None:
        counts = np.asarray(rated.table, dtype=np.float64)
        return joint_of_table(rated.scale, counts, population=rated.population)
    return joint_of_pairs(
        rated.scale,
        rated.pairs or (),
        inclusion=rated.weights,
        population=rated.population,
    )


def _seed_text(rated: Rated, joint: Joint) -> str:
    """Return the text that seeds the draws: the scale and the counted pairs."""
    counted = {
        "scale": [float(mark) for mark in rated.scale],
        "table": joint.counts.astype(int).tolist(),
    }
    return f"{SEED} {json.dumps(counted, separators=(',', ':'))}"
