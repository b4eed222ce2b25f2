"""The reviewers of the large cohort at work: whose is what, who is paused. Pure."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from services.cli.demo.marking import JUDGES


@dataclass(slots=True)
class Bench:
    """The reviewers of the large cohort at work."""

    shares: Mapping[str, deque[str]]
    """By reviewer the cases that are still theirs to judge."""
    judged: dict[str, list[str]] = field(default_factory=dict)
    """By reviewer the cases they judged, in order."""
    paused: dict[str, int] = field(default_factory=dict)
    """Whom moderation paused, and how many results of theirs were held at once."""

    @classmethod
    def of(cls, cases: Sequence[str]) -> Self:
        """Return everybody with their share of *cases*, in order."""
        left = iter(cases)
        return cls(
            {
                judge.person_id: deque(next(left) for _ in range(judge.share))
                for judge in JUDGES
            },
            {judge.person_id: [] for judge in JUDGES},
        )

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to judge."""
        return not any(self.shares.values())

    @property
    def unpaused(self) -> set[str]:
        """Cases judged by those who are not paused."""
        return {
            case
            for person, cases in self.judged.items()
            if person not in self.paused
            for case in cases
        }

    def pass_on(self, person_id: str) -> None:
        """Give what is left of somebody's share to the others: who has least, first."""
        left = self.shares[person_id]
        others = [each for each in self.shares if each not in self.paused]
        while left:
            self.shares[min(others, key=self._load)].append(left.popleft())

    def _load(self, person_id: str) -> int:
        return len(self.judged[person_id]) + len(self.shares[person_id])
