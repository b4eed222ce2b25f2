"""What somebody reads who watches the demonstration: one line an act, then the checks.

Invariant: what is watched goes to standard error, what is found to standard output.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from services.cli.demo import cast
from services.cli.demo.found import Found, Reviewer
from services.cli.demo.play import Played
from services.cli.demo.proving import estimate
from services.cli.output import errors

PEOPLE = 40
"""Who play beside the large cohort: in the first, elsewhere, or in the next one."""
_NAME_WIDTH = 23
"""Wide enough for every act."""
_HOLDS, _FAILED = "ok", "FAILED"

_HEADINGS = (
    "reviewer", "fault", "judged", "moderated", "overturned", "severity", "alarm",
    "since then",
)  # fmt: skip
_NUMBERS = frozenset({"judged", "moderated"})

Findings = Sequence[Mapping[str, Any]]


def tell_beginning(*, is_whole: bool) -> None:
    """Say what is going to be played."""
    story = (
        f"{PEOPLE + len(cast.MANY)} people on their way to an award, in fourteen months"
        " that take minutes: three programmes, four templates, seven services. One"
        " reviewer is harsh, one careless, one begins to drift: they are found."
        if is_whole
        else "A small cohort, from its portfolios to the outcomes."
    )
    errors.print(story, highlight=False, soft_wrap=True)


def tell_act(played: Played) -> None:
    """Tell an act in one line: the day it ended on, its name, what came of it."""
    line = Text()
    line.append(f"{played.on:%d %b %Y}  ", style="dim")
    line.append(f"{played.name:<{_NAME_WIDTH}}", style="bold")
    line.append(played.told)
    line.append(f"  {played.seconds:.1f} s", style="dim")
    errors.print(line, soft_wrap=True)


def tell_found(found: Found) -> None:
    """Print a line for each reviewer of the large cohort, and its releases."""
    rows = [_HEADINGS, *(_row(reviewer) for reviewer in found.reviewers)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    console = Console()
    for place, row in enumerate(rows):
        cells = zip(_HEADINGS, row, widths, strict=True)
        line = "  ".join(
            f"{cell:{'>' if heading in _NUMBERS else '<'}{width}}"
            for heading, cell, width in cells
        )
        style = "" if place else "bold"
        console.print(Text(line.rstrip(), style=style), soft_wrap=True)
    for line in _notes(found):
        console.print(Text(line, style="dim"), soft_wrap=True)
    console.print()


def _row(reviewer: Reviewer) -> tuple[str, ...]:
    told, alarm = reviewer.told, reviewer.alarm
    turned = told["overturns"]
    of_picks = f"{turned['overturned_of_them']} of {turned['official_picks']}"
    since = ", ".join(reviewer.standings) or reviewer.stands
    return (
        reviewer.judge.person_id,
        reviewer.judge.fault or "none",
        str(told["judgements"]),
        str(told["settled"]),
        f"{of_picks}, {estimate(turned['expected_rate'])}",
        estimate(told["severity"]),
        f"{alarm.chart} after {alarm.after}" if alarm else "none",
        since,
    )


def _notes(found: Found) -> Iterator[str]:
    yield (
        "Overturned: so many of the official picks, and the rate to expect, which a few"
        " picks hardly move from what is usual; severity: levels on a criterion, below"
        " nought is harsh, drawn towards that of all. Intervals of 95 %."
    )
    for released in found.releases:
        told = released["risk"]
        yield (
            f"Released: {released['cases']}, {told['checked']} of them checked for it,"
            f" {told['wrong']} overturned: a risk of {told['risk_ppm'] / 10_000:.1f} %"
            f" that {told['tolerated_ppm'] / 10_000:.0f} % were wrong, at most"
            f" {told['alpha_ppm'] / 10_000:.0f} %."
        )


def tell_findings(findings: Findings) -> None:
    """Print a line for each check: whether it holds, its name, and what was found."""
    console = Console()
    width = max((len(each["check"]) for each in findings), default=0)
    for finding in findings:
        mark, style = (_HOLDS, "green") if finding["holds"] else (_FAILED, "red")
        line = Text(f"{mark:<{len(_FAILED)}}  ", style=style)
        line.append(f"{finding['check']:<{width}}  ", style="bold")
        line.append(_words(finding["found"]))
        console.print(line, soft_wrap=True)


def tell_end(findings: Findings, seconds: float) -> None:
    """Say in one sentence how it ended."""
    failed = [str(each["check"]) for each in findings if not each["holds"]]
    minutes, rest = divmod(round(seconds), 60)
    told = (
        f"{len(failed)} of {len(findings)} checks do not hold: {', '.join(failed)}."
        if failed
        else f"All {len(findings)} checks hold."
    )
    errors.print(
        f"{told} It took {minutes} min {rest} s.", highlight=False, soft_wrap=True
    )


def _words(found: object) -> str:
    if isinstance(found, Mapping):
        words = (f"{count} {name.replace('_', ' ')}" for name, count in found.items())
        return ", ".join(words)
    return str(found)
