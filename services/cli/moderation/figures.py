"""Figures of simulated plans, as text and for programs."""

from collections.abc import Callable, Sequence
from typing import Any

from services.cli.moderation.table import DECIMALS, NONE, table
from services.moderation.simulation.measuring import Found, Measured


def of_costs(measured: Sequence[Measured]) -> str:
    """Return what each plan costs."""
    headings = ("plan", "CM from", "per 100", "seeds", "false flags", "alarms set by")
    rows = (
        (
            each.trial.policy.name,
            f"level {each.trial.met_level}",
            f"{each.moderated_per_100:.1f}",
            f"{each.seeds_per_100:.1f}",
            percent(each.good.power),
            "the plan" if each.trial.detection else "this run",
        )
        for each in measured
    )
    return table("Judgements of good reviewers moderated, of 100", headings, rows)


def of_reviewers(
    title: str,
    names: Sequence[str],
    measured: Sequence[Measured],
    cell: Callable[[Found], str],
) -> str:
    """Return one figure of each plan, by how reviewers mark."""
    rows = (
        (
            each.trial.policy.name,
            f"level {each.trial.met_level}",
            *(cell(each.faults[name]) for name in names),
        )
        for each in measured
    )
    return table(title, ("plan", "CM from", *names), rows)


def percent(share: float) -> str:
    """Return a share as ``1.2 %``."""
    return f"{100 * share:.1f} %"


def delay(found: Found) -> str:
    """Return the median delay, or a dash where half are never found."""
    return NONE if found.median_delay is None else str(found.median_delay)


def for_programs(each: Measured) -> dict[str, Any]:
    """Return everything that was measured of one plan, rounded."""
    return {
        "plan": each.trial.policy.name,
        "met_level": each.trial.met_level,
        "moderated_per_100": round(each.moderated_per_100, DECIMALS),
        "seeds_per_100": round(each.seeds_per_100, DECIMALS),
        "false_flags": round(each.good.power, DECIMALS),
        "alarms": {
            "severity": each.detection.severity.alarm,
            "dispersion": each.detection.dispersion.alarm,
            "overturns": each.detection.overturns.alarm,
        },
        "faults": {
            name: {
                "power": round(found.power, DECIMALS),
                "median_delay": found.median_delay,
                "moderated": round(found.moderated, DECIMALS),
                "escaped": round(found.escaped, DECIMALS),
            }
            for name, found in each.faults.items()
        },
    }
