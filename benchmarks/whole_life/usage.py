"""What the processes of attest use: memory, and time of the processors."""

import contextlib
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import psutil

MIB = 1024 * 1024
QUARTERS = (0.25, 0.5, 0.75, 1.0)
_PARTS = {"postgres": "database", "tansu": "broker"}
"""Processes that are no service, by how their name begins."""
DRIVER = "driver"


@dataclass(frozen=True, slots=True)
class Phase:
    """What one phase took."""

    name: str
    cases: int
    seconds: float
    processor_seconds: Mapping[str, float]
    """By part: services, database, broker, and the benchmark itself as driver."""
    resident_bytes: tuple[int, ...]
    """Of the services, after each of `QUARTERS` of the cases."""

    @property
    def grown_bytes(self) -> int:
        """How much more the services held at the end than after half of the cases."""
        return self.resident_bytes[-1] - self.resident_bytes[1]


@dataclass(frozen=True, slots=True)
class Watch:
    """Processes by what they are called, with everything that they have started."""

    pids: Mapping[str, int]
    others: frozenset[str] = frozenset()
    """Those of *pids* that are no service."""

    def resident_bytes(self) -> int:
        """Return the resident memory of the services."""
        found = 0
        for part, each in self._processes():
            if part not in self.others and part not in _PARTS.values():
                with contextlib.suppress(psutil.NoSuchProcess):
                    found += each.memory_info().rss
        return found

    def processor_seconds(self) -> dict[str, float]:
        """Return the processor time of each part since it was started."""
        found: dict[str, float] = defaultdict(float)
        for part, each in self._processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                times = each.cpu_times()
                ended = times.children_user + times.children_system
                found[part] += times.user + times.system + ended
        found[DRIVER] = time.process_time()
        return found

    def _processes(self) -> list[tuple[str, psutil.Process]]:
        """Return what runs; what a part has started counts as that part."""
        known = {pid: name for name, pid in self.pids.items()}
        mine = psutil.Process()
        roots = [psutil.Process(pid) for pid in self.pids.values()]
        found: dict[int, tuple[str, psutil.Process]] = {}
        for root in (*roots, mine):
            for each in root.children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    part, owner = _part(each), known.get(root.pid)
                    if part is not None or owner is not None:
                        found.setdefault(each.pid, (part or f"{owner} children", each))
        for root in roots:
            found[root.pid] = (known[root.pid], root)
        return list(found.values())

    def phase(
        self, name: str, cases: int, play: Callable[[Callable[[int], None]], None]
    ) -> Phase:
        """Return what *play* took, which tells how many cases are done."""
        marks = [max(1, round(share * cases)) for share in QUARTERS]
        resident: list[int] = []

        def progress(done: int) -> None:
            while len(resident) < len(marks) and done >= marks[len(resident)]:
                resident.append(self.resident_bytes())

        before, began = self.processor_seconds(), time.perf_counter()
        play(progress)
        seconds, after = time.perf_counter() - began, self.processor_seconds()
        resident[-1] = self.resident_bytes()
        return Phase(
            name=name,
            cases=cases,
            seconds=seconds,
            processor_seconds={
                part: after[part] - before.get(part, 0.0) for part in sorted(after)
            },
            resident_bytes=tuple(resident),
        )


def _part(process: psutil.Process) -> str | None:
    """Return which part a process is by its name; None when its starter tells."""
    name = process.name()
    return next(
        (part for start, part in _PARTS.items() if name.startswith(start)), None
    )
