"""What plans of moderation find among simulated reviewers, and what they cost.

Every figure comes from one run with one seed. The peer is what is usual: a tenth drawn
at random, and only outcomes compared (policy A of the research). What must be reached
is a claim of the research, for its plans and its rule for CM; the product's own plan
stands beside them.
"""

import argparse
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.report import Row, show
from services.moderation.domain.detection import Detection
from services.moderation.domain.rules import rules_of
from services.moderation.simulation.marking import FAULTS, GOOD
from services.moderation.simulation.measuring import Measured, Trial, measure
from services.moderation.simulation.plans import policy_of
from services.moderation.simulation.policies import A, G, H, Policy
from services.moderation.simulation.populations import (
    PRODUCT_MET_LEVEL,
    RESEARCH_MET_LEVEL,
    SEED,
    Source,
    Volume,
)
from services.moderation.simulation.rates import (
    ALIKE,
    Bias,
    Cohorts,
    bias_of,
    cohorts,
)
from services.moderation.simulation.releasing import CASES, Released, released
from services.moderation.simulation.sensitivity import MILD
from shared.programmes import load_programme

PEER = "policy A"
AS_GOOD = Policy(name="27 % at random", floor_ppm=270_000)
"""A random sample that finds as much as plan G. Source: statistics.md section 5."""
PROGRAMME = "ATS"
DOUBTS = "authenticity_concern"
"""The floor that draws every doubt about authenticity; see `WITHOUT_DOUBTS`."""
WITHOUT_DOUBTS = f"plan of {PROGRAMME}, no doubts about authenticity"
"""Made-up portfolios raise them as often as any other; real ones may not."""

POWER, FALSE_FLAGS = 0.95, 0.015
MODERATIONS, MODERATIONS_WITH_SEEDS = 17.0, 12.5
POWER_WITH_SEEDS = 0.90
DELAY = 16
FEWER = 0.35
BIAS_POINTS, COVERAGE = 0.2, (0.93, 0.97)
"""Source: statistics.md section 5, claims 1 to 3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything of one run."""

    research: Mapping[str, Measured]
    product: Sequence[Measured]
    bias: Mapping[str, Bias]
    cohorts: Cohorts
    released: Sequence[Released]


def run(arguments: argparse.Namespace) -> Results:
    """Simulate everything that the table tells of."""
    volume = Volume(faulty=arguments.reviewers)
    research = measure(
        [_research(policy) for policy in (A, G, H, AS_GOOD)],
        volume,
        seed=arguments.seed,
        markings={**FAULTS, **MILD},
    )
    source = Source(
        portfolios=volume.portfolios,
        met_levels=(RESEARCH_MET_LEVEL,),
        seed=arguments.seed,
        with_seeds=False,
    )
    by_name = {each.trial.policy.name: each for each in research}
    charts = by_name[G.name].detection
    return Results(
        research=by_name,
        product=measure(
            list(_product()), volume, seed=arguments.seed, markings={**FAULTS, **MILD}
        ),
        bias=_bias(charts, source, 10 * arguments.reviewers),
        cohorts=cohorts(
            G, charts, source, met_level=RESEARCH_MET_LEVEL, count=arguments.cohorts
        ),
        released=[
            released(*case, repetitions=arguments.releases, seed=arguments.seed)
            for case in CASES
        ],
    )


def _research(policy: Policy) -> Trial:
    return Trial(policy=policy, met_level=RESEARCH_MET_LEVEL)


def _product() -> Iterator[Trial]:
    """Yield the product's own plan: with its charts where its rule for CM holds."""
    rules = rules_of(load_programme(PROGRAMME).policy.sampling)
    floors = tuple(each for each in rules.floors if each.rule != DOUBTS)
    fewer = rules.model_copy(update={"floors": floors})
    yield Trial(policy=A, met_level=PRODUCT_MET_LEVEL)
    for own, name in ((rules, f"plan of {PROGRAMME}"), (fewer, WITHOUT_DOUBTS)):
        policy = policy_of(own, name, met_level=PRODUCT_MET_LEVEL)
        yield Trial(
            policy=policy, met_level=PRODUCT_MET_LEVEL, detection=rules.detection
        )
    yield Trial(policy=A, met_level=RESEARCH_MET_LEVEL)
    policy = policy_of(rules, f"plan of {PROGRAMME}", met_level=RESEARCH_MET_LEVEL)
    yield Trial(policy=policy, met_level=RESEARCH_MET_LEVEL)


def _bias(charts: Detection, source: Source, count: int) -> dict[str, Bias]:
    found = {}
    for name, marking in {"good": GOOD, **FAULTS}.items():
        reviewers = source.reviewers(marking, count, "bias")[RESEARCH_MET_LEVEL]
        found[name] = bias_of(G, charts, reviewers)
    return found


def rows(results: Results) -> Iterator[Row]:
    """Yield what was measured against what must be reached."""
    peer = results.research[A.name]
    g, h = results.research[G.name], results.research[H.name]
    yield from _powers("plan G", g, peer, POWER)
    yield _most("plan G: moderated of 100", g.moderated_per_100, MODERATIONS, peer)
    yield _flags("plan G", g, peer)
    yield _delays(g, peer)
    yield _weakest_row("plan H", h, peer, POWER_WITH_SEEDS)
    yield _most(
        "plan H: moderated of 100, beside 5 seeds",
        h.moderated_per_100,
        MODERATIONS_WITH_SEEDS,
        peer,
    )
    yield _flags("plan H", h, peer)
    yield _saved(g, results.research[AS_GOOD.name])
    yield from _own_plan(results.product)
    yield from _mild("plan G", g)
    yield from _mild(f"plan of {PROGRAMME}", results.product[1])
    yield from _rates(results)
    yield from _releases(results.released)


def _powers(plan: str, found: Measured, peer: Measured, least: float) -> Iterator[Row]:
    """Yield the power by fault."""
    for fault in FAULTS:
        power, theirs = found.faults[fault].power, peer.faults[fault].power
        yield Row(
            what=f"{plan}: power, {fault}",
            ours=f"{power:.3f}",
            peer=f"{theirs:.3f} {PEER}",
            ratio=power / theirs if theirs else None,
            target=f">= {least:g}",
            met=power >= least,
        )


def _weakest_row(
    plan: str, found: Measured, peer: Measured, least: float | None = None
) -> Row:
    """Return the row of the fault that is found least."""
    fault = min(FAULTS, key=lambda each: found.faults[each].power)
    power = found.faults[fault].power
    return Row(
        what=f"{plan}: power, least of six faults ({fault})",
        ours=f"{power:.3f}",
        peer=f"{peer.faults[fault].power:.3f} {PEER}",
        target="" if least is None else f">= {least:g}",
        met=None if least is None else power >= least,
    )


def _most(what: str, ours: float, most: float, peer: Measured) -> Row:
    return Row(
        what=what,
        ours=f"{ours:.2f}",
        peer=f"{peer.moderated_per_100:.2f} {PEER}",
        target=f"<= {most:g}",
        met=ours <= most,
    )


def _flags(plan: str, found: Measured, peer: Measured) -> Row:
    """Return the row of good reviewers who were flagged."""
    return Row(
        what=f"{plan}: good reviewers flagged",
        ours=_percent(found.good.power),
        peer=f"{_percent(peer.good.power)} {PEER}",
        target=f"<= {_percent(FALSE_FLAGS)}",
        met=found.good.power <= FALSE_FLAGS,
    )


def _delays(found: Measured, peer: Measured) -> Row:
    """Return the row of the longest delay among faults that do not drift."""
    steady = [name for name, marking in FAULTS.items() if not marking.drifts]
    delays = [found.faults[name].median_delay for name in steady]
    theirs = [peer.faults[name].median_delay for name in steady]
    known = [each for each in delays if each is not None]
    longest = max(known) if len(known) == len(delays) else None
    return Row(
        what="plan G: longest median delay of a fault that does not drift, portfolios",
        ours="never" if longest is None else str(longest),
        peer=f"{'never' if None in theirs else theirs} {PEER}",
        target=f"<= {DELAY}",
        met=longest is not None and longest <= DELAY,
    )


def _saved(found: Measured, random: Measured) -> Row:
    """Return the row of what is saved against a random sample that finds as much."""
    saved = 1 - found.moderated_per_100 / random.moderated_per_100
    weakest = _weakest(random)
    return Row(
        what=f"plan G: fewer than {random.trial.policy.name}, weakest {weakest:.3f}",
        ours=_percent(saved),
        peer=f"{random.moderated_per_100:.2f} of 100",
        target=f">= {_percent(FEWER)}, weakest no less",
        met=saved >= FEWER and _weakest(found) >= weakest,
    )


def _weakest(found: Measured) -> float:
    return min(found.faults[fault].power for fault in FAULTS)


def _own_plan(product: Sequence[Measured]) -> Iterator[Row]:
    """Yield what the product's plan costs and finds, beside A by the same rule."""
    peers = {each.trial.met_level: each for each in product if each.trial.policy == A}
    for each in product:
        if each.trial.policy == A:
            continue
        peer = peers[each.trial.met_level]
        name = f"{each.trial.policy.name}, CM from {each.trial.met_level}"
        yield Row(
            f"{name}: moderated of 100",
            f"{each.moderated_per_100:.2f}",
            f"{peer.moderated_per_100:.2f} {PEER}",
        )
        yield _flags(name, each, peer)
        yield _weakest_row(name, each, peer)
        yield Row(
            f"{name}: wrong decisions escaping a careless reviewer",
            f"{each.faults['careless'].escaped:.1f}",
            f"{peer.faults['careless'].escaped:.1f} {PEER}",
        )


def _mild(plan: str, found: Measured) -> Iterator[Row]:
    """Yield how many are flagged who differ too little for it."""
    for what in ("severity", "noise"):
        names = [name for name in MILD if name.startswith(what)]
        values = " / ".join(name.removeprefix(f"{what} ") for name in names)
        flagged = [f"{100 * found.faults[name].power:.1f}" for name in names]
        yield Row(
            f"{plan}: flagged in percent at {what} {values}, good otherwise",
            " / ".join(flagged),
        )


def _rates(results: Results) -> Iterator[Row]:
    """Yield how far the official rate is from the truth."""
    for name, bias in results.bias.items():
        yield Row(
            what=f"official overturn rate: bias in points, {name}",
            ours=f"{100 * bias.official:+.2f}",
            peer=f"{100 * bias.weighted:+.2f} weighted, {100 * bias.naive:+.2f} naive",
            target=f"within {BIAS_POINTS:g}",
            met=abs(100 * bias.official) < BIAS_POINTS,
        )
    found, (low, high) = results.cohorts, COVERAGE
    for name, bias in results.bias.items():
        yield Row(
            what=f"the same of {ALIKE} reviewers, {name}: 95 % interval holds",
            ours=f"{bias.coverage:.3f}",
            target=f"{low:g} to {high:g}",
            met=low <= bias.coverage <= high,
        )
    yield Row(
        what=f"official overturn rate of {found.count:,} cohorts: 95 % interval holds",
        ours=f"{found.coverage:.3f}",
        target=f"{low:g} to {high:g}",
        met=low <= found.coverage <= high,
    )
    yield Row(
        what="the same: bias in points",
        ours=f"{100 * found.bias:+.2f}",
        peer=f"{100 * found.naive_bias:+.2f} naive",
        target=f"within {BIAS_POINTS:g}",
        met=abs(100 * found.bias) < BIAS_POINTS,
    )


def _releases(results: Sequence[Released]) -> Iterator[Row]:
    for each in results:
        yield Row(
            what=(
                f"released although {each.tolerated_ppm / 10_000:g} % of"
                f" {each.population} are wrong; {each.needed} needed without an error"
            ),
            ours=f"{each.share:.4f}",
            target=f"<= {each.alpha:g} + 2 errors ({each.allowed:.4f})",
            met=each.share <= each.allowed,
        )


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def main(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    began = time.monotonic()
    results = run(arguments)
    seconds = time.monotonic() - began
    note = (
        f"Detection: seed {arguments.seed}; {arguments.reviewers:,} reviewers with each"
        f" fault and {5 * arguments.reviewers:,} good ones, 100 portfolios each, in"
        f" {seconds:.0f} s. Plans of the research with its rule: CM when every"
        " criterion reaches 2; the alarms of a plan from other good reviewers of the"
        " same seed, except those that the programme itself sets."
    )
    show("Detection", tuple(rows(results)), as_json=arguments.json, note=note)


def parser() -> argparse.ArgumentParser:
    """Return the options of the command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--reviewers", type=int, default=4_000, help="of each fault")
    options.add_argument("--cohorts", type=int, default=1_500)
    options.add_argument("--releases", type=int, default=4_000, help="of each cohort")
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--json", action="store_true")
    return options


if __name__ == "__main__":
    main(parser().parse_args())
