"""How facts add up to the pool of seeds of a programme."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from services.moderation.domain.seeds.events import (
    SeedDefined,
    SeedEvent,
    SeedMade,
    SeedMarked,
    SeedRefused,
    SeedRetired,
    SeedShown,
)
from services.moderation.domain.seeds.marking import Definitive


@dataclass(frozen=True, slots=True)
class Seed:
    """One case of the pool, and what became of it."""

    made: SeedMade
    marks: Mapping[str, SeedMarked] = field(default_factory=dict)
    """By whom of the panel."""
    definitive: Definitive | None = None
    """None until all of the panel have judged."""
    shown: Mapping[str, SeedShown] = field(default_factory=dict)
    """By reviewer."""
    retired: SeedRetired | None = None

    @property
    def is_usable(self) -> bool:
        """Whether it may be put before somebody."""
        return self.definitive is not None and self.retired is None


@dataclass(frozen=True, slots=True)
class Pool:
    """All seeds of a programme, in the order in which they were made."""

    seeds: Mapping[str, Seed] = field(default_factory=dict)
    refused: tuple[SeedRefused, ...] = ()

    def of_case(self, case_id: str) -> Seed | None:
        """Return the seed that was made of this case, whatever its round."""
        found = (each for each in self.seeds.values() if each.made.case_id == case_id)
        return next(found, None)


INITIAL = Pool()


def evolve(state: Pool, event: SeedEvent) -> Pool:
    """Return *state* as it is after *event*."""
    match event:
        case SeedMade(seed_id=seed_id):
            return replace(state, seeds={**state.seeds, seed_id: Seed(event)})
        case SeedRefused():
            return replace(state, refused=(*state.refused, event))
        case SeedMarked() | SeedDefined() | SeedShown() | SeedRetired():
            seed = _after(state.seeds[event.seed_id], event)
            return replace(state, seeds={**state.seeds, event.seed_id: seed})
        case _:
            assert_never(event)


def _after(
    seed: Seed, event: SeedMarked | SeedDefined | SeedShown | SeedRetired
) -> Seed:
    match event:
        case SeedMarked(marked_by=marked_by):
            return replace(seed, marks={**seed.marks, marked_by: event})
        case SeedDefined(definitive=definitive):
            return replace(seed, definitive=definitive)
        case SeedShown(reviewer_id=reviewer_id):
            return replace(seed, shown={**seed.shown, reviewer_id: event})
        case SeedRetired():
            return replace(seed, retired=event)
        case _:
            assert_never(event)
