"""What the life of a cohort took, as rows of the table and the words below it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.report import Row, below
from benchmarks.whole_life.usage import DRIVER, MIB, Phase

CASES_PER_SECOND = 4.0
"""Source: the numbers of the whole life of a case."""
KIB_A_CASE = 64
"""Less than the facts of one case, so nothing whole is kept for good (P)."""
FEWEST_CASES = 400
"""With fewer, caches still fill and processes still load what they need the first
time: their memory says nothing about how it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What the life of a cohort took."""

    phases: tuple[Phase, ...]
    commands: int
    questions: int
    facts: int
    letters: int
    judged_again: int
    how: str
    """How the services ran: ``separate processes``."""

    @property
    def cases(self) -> int:
        """How many cases came to their award."""
        return self.phases[0].cases

    @property
    def per_second(self) -> float:
        """Cases per second, from the first portfolio to the last letter."""
        return self.cases / sum(each.seconds for each in self.phases)

    @property
    def grown_mib(self) -> float:
        """How much the services grew in the second halves of all phases."""
        return sum(each.grown_bytes for each in self.phases) / MIB

    @property
    def grown_at_most_mib(self) -> float:
        """How much of that is still flat."""
        return KIB_A_CASE * self.cases / 2 / 1024


def rows(results: Results) -> Sequence[Row]:
    """Return what was measured against what must be reached."""
    per_second = results.per_second
    return (
        Row(
            what="a cohort from submission to award",
            ours=f"{per_second:.2f} cases/s",
            target=f">= {CASES_PER_SECOND:g} cases/s",
            met=per_second >= CASES_PER_SECOND,
        ),
        *(_phase(each) for each in results.phases),
        _memory(results),
    )


def _memory(results: Results) -> Row:
    what, grown = "its memory, second half of the cases", results.grown_mib
    if results.cases < FEWEST_CASES:
        return Row(what=what, ours=f"{grown:+.0f} MiB")
    return below(what, grown, results.grown_at_most_mib, "MiB")


def _phase(phase: Phase) -> Row:
    milliseconds = 1000 * sum(phase.processor_seconds.values()) / phase.cases
    return Row(
        what=f"of that: {phase.name}",
        ours=f"{phase.cases / phase.seconds:.2f} cases/s, {milliseconds:.0f} ms"
        " processor time each",
    )


def note(results: Results) -> str:
    """Return what to know when reading the rows."""
    cases, used = results.cases, used_by_part(results)
    parts = ", ".join(
        f"{part} {1000 * seconds / cases:.0f}" for part, seconds in used.most_common()
    )
    memory = "; ".join(
        f"{each.name} {'/'.join(f'{size / MIB:.0f}' for size in each.resident_bytes)}"
        for each in results.phases
    )
    return (
        f"Whole life: {cases} cases, {results.how}. For each"
        f" {results.commands / cases:.1f} HTTP commands and"
        f" {results.questions / cases:.1f} questions,"
        f" {results.facts / cases:.1f} facts, {results.letters / cases:.1f} letters;"
        f" {results.judged_again} were drawn and judged again. Processor time"
        f" in ms for each: {parts}; the {DRIVER} is the benchmark. Memory of all"
        f" services in MiB after 25/50/75/100 % of the cases: {memory}; flat is at most"
        f" {KIB_A_CASE} KiB for each case of the second half."
    )


def used_by_part(results: Results) -> Counter[str]:
    """Return the processor seconds of each part over all phases."""
    used: Counter[str] = Counter()
    for phase in results.phases:
        used.update(phase.processor_seconds)
    return used
