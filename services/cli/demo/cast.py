"""Who plays in the demonstration, and what each of them will do. Pure.

Everything follows from a person's number, so two runs play the same cohort; only the
draw differs, because nobody may know it beforehand.
"""

import csv
import io
from dataclasses import dataclass
from typing import Literal

from shared.vocabulary import CriterionKey

PARTICIPANTS = 30
FEWEST, MOST = 6, 89
"""Fewer would leave out a difference that the lead decides; names repeat above."""
REVIEWERS = ("rev-amara", "rev-bogdan", "rev-carys")
MODERATORS = ("mod-dunja", "mod-elias", "mod-femi")
LEAD = "lead-greta"
PARTIES = ("party-hana", "party-ivor", "party-jun")
"""Who make the public randomness: none of them judges."""

EXTENDED = 3
"""Participants with an extension, who submit after the cohort's deadline."""

_FIRST_NAMES = (
    "Ayesha", "Bernard", "Chloë", "Dafydd", "Efua", "Farid", "Gwen", "Hélène",
    "Imran", "Joan", "Kofi", "Liam", "Małgorzata", "Nadia", "Owen",
)  # fmt: skip
_LAST_NAMES = ("Ainsworth", "Begum", "Carter", "Dąbrowski", "Evans", "O'Farrell")
_SETTINGS = ("harbour-college", "moorland-training", "city-adult-learning")

Plan = Literal["CM", "CNM"]


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who submits; *number* counts from 0."""

    number: int

    @property
    def name(self) -> str:
        """A name, different for each number below 90."""
        first = _FIRST_NAMES[self.number % len(_FIRST_NAMES)]
        last = _LAST_NAMES[self.number // len(_FIRST_NAMES) + self.number % 3]
        return f"{first} {last}"

    @property
    def email(self) -> str:
        """An address in a domain that exists nowhere."""
        return f"participant{self.number:02d}@example.org"

    @property
    def organisation(self) -> str:
        """Where the participant works; no reviewer of ours works there."""
        return _SETTINGS[self.number % len(_SETTINGS)]

    @property
    def template(self) -> Literal["workbook", "phases"]:
        """One half hands in a workbook, the other half phases."""
        return "phases" if self.number % 2 else "workbook"

    @property
    def is_extended(self) -> bool:
        """Whether this one submits late, with leave."""
        return self.number < EXTENDED


def participants(count: int) -> tuple[Participant, ...]:
    """Return a cohort of *count*."""
    return tuple(Participant(number) for number in range(count))


def people_csv() -> str:
    """Return the staff, as a list that `attest people import` takes."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("id", "name", "email", "organisation", "roles"))
    for group, role in ((REVIEWERS, "reviewer"), (MODERATORS, "moderator")):
        for person in group:
            writer.writerow(_row(person, role))
    writer.writerow(_row(LEAD, "lead_moderator"))
    return out.getvalue()


def _row(person: str, role: str) -> tuple[str, str, str, str, str]:
    name = person.partition("-")[2].title()
    return (person, f"{name} Staff", f"{person}@example.org", "set-office", role)


def reviewer_level(number: int, criterion: CriterionKey) -> int:
    """Return the level that a reviewer gives participant *number*.

    One in five has something that is only partly met.
    """
    if number % 5 == 0 and criterion == "sufficiency":
        return 2
    if number % 15 == 0 and criterion == "reliability":
        return 1
    return 4 if number % 3 == 0 and criterion == "authenticity" else 3


def moderator_level(number: int, criterion: CriterionKey) -> int:
    """Return the level that the first moderator gives: sometimes another."""
    if number % 6 == 1 and criterion == "sufficiency":
        return 2
    return reviewer_level(number, criterion)


def second_moderator_level(number: int, criterion: CriterionKey) -> int:
    """Return the level of a second moderator: half of the time with the first."""
    judge = moderator_level if number % 12 == 1 else reviewer_level
    return judge(number, criterion)
