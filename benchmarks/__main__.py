"""Every row of the speed and memory table, in its order: ``make bench``.

Each benchmark runs in a process of its own, so that none slows the next by what it
leaves in memory, and one that fails takes no other along. The exit code tells whether
every benchmark ran, not whether its figure was met: that stands in the table.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import Row, show, to_json
from benchmarks.started import ROOT

LONGEST_SECONDS = 2_400
"""For one benchmark; the longest takes a quarter of it."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A module of this package, and how long it runs."""

    module: str
    full: tuple[str, ...]
    """Options for the numbers that the table asks for."""
    short: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a benchmark printed."""

    rows: tuple[Row, ...]
    note: str
    failed: bool = False


BENCHMARKS = (
    Benchmark("append", ("--rounds=3", "--seconds=3"), ("--rounds=2", "--seconds=2")),
    Benchmark("tail", ("--runs=5", "--seconds=30"), ("--runs=2", "--seconds=5")),
    Benchmark("replay", ("--lives=5000", "--rounds=3"), ("--lives=2000", "--rounds=2")),
    Benchmark("visible", ("--portfolios=200",), ("--portfolios=40",)),
    Benchmark("queue", ("--calls=1000",), ("--calls=200",)),
    Benchmark("importing", ("--rounds=5",), ("--rounds=2",)),
    Benchmark("cohort_report", ("--rounds=3",), ("--rounds=1",)),
    Benchmark("letters", ("--rounds=50",), ("--rounds=20",)),
    Benchmark("whole_life", ("--participants=1000",), ("--participants=40",)),
    Benchmark("detection", (), ()),
    Benchmark("starting", ("--rounds=3",), ("--rounds=1",)),
)
ONE_CALLER = "append, 1 caller"
"""Rows of the first benchmark that the table has behind those of the second."""


def run(benchmark: Benchmark, *, short: bool) -> Report:
    """Run *benchmark*; one that fails is a row that says so, its errors on stderr."""
    options = benchmark.short if short else benchmark.full
    command = (sys.executable, "-m", f"benchmarks.{benchmark.module}", "--json")
    _tell(f"benchmarks.{benchmark.module} {' '.join(options)} ...")
    began = time.monotonic()
    try:
        done = subprocess.run(
            (*command, *options),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=LONGEST_SECONDS,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        _tell(f"  failed: {error}")
        what = f"benchmarks.{benchmark.module}"
        return Report((Row(what, "failed"),), "", failed=True)
    _tell(f"  {time.monotonic() - began:.0f} s")
    return _read(done.stdout)


def _read(printed: str) -> Report:
    found = json.loads(printed)
    rows = [{name: row[name] for name in Row.__slots__} for row in found["rows"]]
    return Report(tuple(Row(**row) for row in rows), found["note"])


def in_order(reports: Sequence[Report]) -> tuple[Row, ...]:
    """Return the rows of all benchmarks in the order of the table."""
    appending, tailing, *others = (report.rows for report in reports)
    one_caller = tuple(row for row in appending if row.what.startswith(ONE_CALLER))
    many = tuple(row for row in appending if row not in one_caller)
    return (*many, *tailing, *one_caller, *(row for rows in others for row in rows))


def _machine() -> str:
    one, five, _ = os.getloadavg()
    return f"{os.cpu_count()} cores, load {one:.1f} (5 minutes: {five:.1f})"


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(arguments: argparse.Namespace) -> int:
    """Run everything and print one table; 1 when a benchmark failed."""
    before = _machine()
    reports = [run(each, short=arguments.short) for each in BENCHMARKS]
    rows = in_order(reports)
    title = "Speed and memory"
    if arguments.short:
        title += " (short: fewer and shorter runs than the figures are meant for)"
    notes = [
        *(report.note for report in reports if report.note),
        f"Machine: {before} before, {_machine()} after.",
    ]
    show(title, rows, as_json=False, note="\n".join(notes))
    if arguments.json:
        arguments.json.write_text(to_json(title, rows, note="\n".join(notes)))
    return int(any(report.failed for report in reports))


def parser() -> argparse.ArgumentParser:
    """Return the options of the command line."""
    options = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    options.add_argument("--short", action="store_true", help="in less than 9 minutes")
    options.add_argument("--json", type=Path, metavar="FILE", help="write it there too")
    return options


if __name__ == "__main__":
    sys.exit(main(parser().parse_args()))
