"""Starting: a second ``attest up``, its memory, and ``make up`` from a fresh clone.

The second start finds the state and the two samples of the first one. Memory is that
of the Python process alone, which runs all services; PostgreSQL, the broker and the
readers of documents are processes of their own and not counted.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.late_cohort import late_cohort, portfolios
from benchmarks.report import Row, below, median, show
from benchmarks.started import ROOT, Started, attest_up, started

LOAD = 8
"""Portfolios handed in before memory is looked at again."""
MEGABYTE = 1_000_000
READY_SECONDS, MEMORY_MB, MAKE_UP_SECONDS = 10, 300, 180
"""Source: the speed and memory table."""
LONGEST_MAKE_UP_SECONDS = 1_200
WARM_BYTES = 20 * MEGABYTE
"""What attest downloads is larger; a smaller cache did not help."""


@dataclass(slots=True)
class Results:
    """Starts of attest, one figure a round; memory in MB."""

    first_seconds: float = 0.0
    seconds: list[float] = field(default_factory=list)
    resident: list[float] = field(default_factory=list)
    resident_after_load: list[float] = field(default_factory=list)


def measure(rounds: int) -> Results:
    """Start attest once, then again *rounds* times; the last time under load."""
    results = Results()
    with tempfile.TemporaryDirectory(prefix="attest-benchmark-") as name:
        directory = Path(name)
        with attest_up(directory) as running:
            results.first_seconds = running.seconds
        for done in range(1, rounds + 1):
            with attest_up(directory) as running:
                results.seconds.append(running.seconds)
                results.resident.append(running.resident_bytes() / MEGABYTE)
                if done == rounds:
                    _load(running, results)
    return results


def _load(running: Started, results: Results) -> None:
    handed_in = portfolios(LOAD)
    with late_cohort(running.url, handed_in) as cohort:
        cohort.wait_until_in_queue([cohort.hand_in(each) for each in handed_in])
    results.resident_after_load.append(running.resident_bytes() / MEGABYTE)


@dataclass(frozen=True, slots=True)
class FreshClone:
    """What ``make up`` took in a clone of the last commit."""

    seconds: float
    cache_bytes: int
    """Of pip's downloads, before."""

    @property
    def cache(self) -> str:
        """Whether pip had to download."""
        size = f"{self.cache_bytes / MEGABYTE:,.0f} MB"
        return f"pip's cache {self._temperature} ({size})"

    @property
    def _temperature(self) -> str:
        return "warm" if self.cache_bytes > WARM_BYTES else "cold"


def make_up() -> FreshClone:
    """Clone the last commit and run ``make up`` there, its own set-up included."""
    with tempfile.TemporaryDirectory(prefix="attest-clone-") as name:
        clone = Path(name) / "attest"
        subprocess.run(
            ["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone)],
            check=True,
        )
        cache_bytes = _cache_bytes()
        command = (
            # What a `make` around us says is not meant for this one.
            *("env", "-u", "MAKEFLAGS", "-u", "MFLAGS", "-u", "MAKELEVEL"),
            *("make", "up", f"PYTHON={Path(sys.executable).resolve()}"),
            "UP_ARGS=--port=0",
        )
        with started(
            command, directory=clone, within_seconds=LONGEST_MAKE_UP_SECONDS
        ) as running:
            return FreshClone(running.seconds, cache_bytes)


def _cache_bytes() -> int:
    found = subprocess.run(
        [sys.executable, "-m", "pip", "cache", "dir"],
        capture_output=True,
        text=True,
        check=False,
    )
    directory = Path(found.stdout.strip())
    if found.returncode != 0 or not directory.is_dir():
        return 0  # switched off
    return sum(each.stat().st_size for each in directory.rglob("*") if each.is_file())


def rows(results: Results, clone: FreshClone | None) -> Sequence[Row]:
    """Return what was measured against what must be reached."""
    loaded = results.resident_after_load[-1]
    found = [
        below(
            "attest up, second start, until ready",
            median(results.seconds),
            READY_SECONDS,
            "s",
        ),
        below("resident memory, when ready", max(results.resident), MEMORY_MB, "MB"),
        below(f"resident memory, {LOAD} portfolios later", loaded, MEMORY_MB, "MB"),
    ]
    if clone is not None:
        what = f"make up from a fresh clone, {clone.cache}"
        found.append(below(what, clone.seconds, MAKE_UP_SECONDS, "s"))
    return found


def note(results: Results) -> str:
    """Return what to know when reading the rows."""
    return (
        f"Median of {len(results.seconds)} starts on the state of a first one, which"
        f" took {results.first_seconds:.1f} s with its samples. Memory of the Python"
        " process with all services, not of PostgreSQL, the broker and the readers of"
        " documents."
    )


def main(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    results = measure(arguments.rounds)
    clone = make_up() if arguments.clone else None
    show("Starting", rows(results, clone), as_json=arguments.json, note=note(results))


def parser() -> argparse.ArgumentParser:
    """Return the options of the command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument(
        "--clone",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="whether to run make up in a fresh clone",
    )
    options.add_argument("--json", action="store_true")
    return options


if __name__ == "__main__":
    main(parser().parse_args())
