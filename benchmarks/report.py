"""Rows of figures, printed as a table or as JSON.

Invariant: a row says "met" only when both its figures come from the same run.
"""

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

_HEADINGS = ("what", "ours", "peer", "ratio", "must reach", "")
_NONE = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; without a peer the figure stands for itself."""

    what: str
    ours: str
    """Our figure with its unit, ``29,300/s``."""
    peer: str = ""
    """The peer's figure with its name, ``1,210/s eventsourcing 9.5.6``."""
    ratio: float | None = None
    """Ours through the peer's; above 1 ours is better."""
    target: str = ""
    """What must be reached, ``20 x``; empty: printed for information."""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        """The word at the end of the line."""
        return "" if self.met is None else ("met" if self.met else "short")


def at_least(
    what: str,
    ours: Sequence[float],
    peer: Sequence[float],
    *,
    peer_name: str,
    times: float | None = None,
) -> Row:
    """Return the row of two rates per second; *times* is the ratio to reach.

    Both were measured in turns, so the ratio is the middle one of the rounds' ratios:
    what else the machine does in a round hits both.
    """
    ratio = median(mine / other for mine, other in zip(ours, peer, strict=True))
    return Row(
        what=what,
        ours=rate(median(ours)),
        peer=f"{rate(median(peer))} {peer_name}",
        ratio=ratio,
        target="" if times is None else f"{times:g} x",
        met=None if times is None else ratio >= times,
    )


def below(what: str, ours: float, limit: float, unit: str) -> Row:
    """Return the row of a figure that must stay below *limit*."""
    return Row(
        what=what,
        ours=f"{ours:.2f} {unit}",
        target=f"< {limit:g} {unit}",
        met=ours < limit,
    )


def rate(per_second: float) -> str:
    """Return ``29,300/s``."""
    return f"{per_second:,.0f}/s"


def median(values: Iterable[float]) -> float:
    """Return the middle of *values*: one disturbed round moves it little."""
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that *share* of *values* do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def show(title: str, rows: Sequence[Row], *, as_json: bool, note: str = "") -> None:
    """Print *rows* on standard output."""
    if as_json:
        print(to_json(title, rows, note=note))
        return
    cells = [_HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(6)]
    print(f"\n{title}")
    for line in cells:
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("  ".join(padded).rstrip())
    if note:
        print(f"\n{note}")


def to_json(title: str, rows: Sequence[Row], *, note: str = "") -> str:
    """Return *rows* for machines."""
    found = [{**asdict(row), "verdict": row.verdict} for row in rows]
    return json.dumps({"title": title, "note": note, "rows": found}, indent=2)


def _cells(row: Row) -> tuple[str, ...]:
    ratio = _NONE if row.ratio is None else f"{row.ratio:.2f}"
    return (row.what, row.ours, row.peer or _NONE, ratio, row.target, row.verdict)
