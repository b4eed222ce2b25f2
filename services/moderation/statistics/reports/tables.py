"""A report as bytes: JSON for programs, CSV for spreadsheets. The same every time."""

import csv
import io
import json
from collections.abc import Iterator, Mapping

from services.moderation.statistics.plain import Plain

COLUMNS = (
    "statistic",
    "value",
    "standard_error",
    "low",
    "high",
    "method",
    "reason",
)
_PARTS_OF_AN_ESTIMATE = {"value", "standard_error", "interval", "reason"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would compute a text that begins so."""


def as_json(report: Mapping[str, Plain]) -> bytes:
    """Return *report* as JSON."""
    text = json.dumps(report, ensure_ascii=False, allow_nan=False, indent=1)
    return f"{text}\n".encode()


def as_csv(report: Mapping[str, Plain]) -> bytes:
    """Return *report* as a table: a row for each number, named by its path."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows("", dict(report)):
        writer.writerow([_cell(each) for each in row])
    return out.getvalue().encode()


def _rows(path: str, part: Plain) -> Iterator[tuple[Plain, ...]]:
    if isinstance(part, dict):
        if part.keys() == _PARTS_OF_AN_ESTIMATE:
            yield _estimate(path, part)
            return
        for name, each in part.items():
            yield from _rows(f"{path}/{name}" if path else name, each)
    elif isinstance(part, list) and any(isinstance(each, dict) for each in part):
        for number, each in enumerate(part, 1):
            yield from _rows(f"{path}/{number}", each)
    elif isinstance(part, list):
        yield (path, " ".join(str(each) for each in part))
    else:
        yield (path, part)


def _estimate(path: str, part: Mapping[str, Plain]) -> tuple[Plain, ...]:
    interval = part["interval"]
    bounds: tuple[Plain, ...] = (None, None, None)
    if isinstance(interval, dict):
        bounds = (interval["low"], interval["high"], interval["method"])
    return (path, part["value"], part["standard_error"], *bounds, part["reason"])


def _cell(value: Plain) -> Plain:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
