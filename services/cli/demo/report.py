"""What somebody reads who watches the demonstration: one line an act, then the checks.

Invariant: what is watched goes to standard error, what is found to standard output.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from services.cli.demo.play import Played
from services.cli.output import errors

_NAME_WIDTH = 23
"""Wide enough for every act."""
_HOLDS, _FAILED = "ok", "FAILED"

Findings = Sequence[Mapping[str, Any]]


def tell_beginning(*, is_whole: bool) -> None:
    """Say what is going to be played."""
    story = (
        "Forty people on their way to an award, in fourteen months that take minutes:"
        " three programmes, four templates, seven services."
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
