"""Who plays in the demonstration, and what each of them will do. Pure.

Everything follows from a person's number, so two runs play the same cohort; only the
draw differs, because nobody may know it beforehand.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from services.cli.demo.marking import JUDGES
from shared.vocabulary import CriterionKey

PARTICIPANTS = 26
"""Of ATS, in the first cohort; fourteen more play elsewhere, or in the next one, and
the many of the large cohort besides."""
FEWEST, MOST = 6, 59
"""Fewer would leave out a difference that the lead decides; above others begin."""
WHOLE = 26
"""From so many participants on every part after the release has somebody to play it."""
REVIEWERS = (
    "rev-amara", "rev-bogdan", "rev-carys", "rev-nils", "rev-olu", "rev-petra",
)  # fmt: skip
MODERATORS = (
    "mod-dunja", "mod-elias", "mod-femi", "mod-tilda", "mod-ugo", "mod-vera",
)  # fmt: skip
"""Two may judge an attempt, and nobody with a part judges it after an appeal."""
PACED_MODERATORS = MODERATORS[:3]
"""Who moderate the large cohort, meanwhile: what is found there depends on them."""
LEAD = "lead-greta"
DEPUTY = "lead-ines"
"""Stands in where the lead has had a part in a case."""
HEADS = ("head-kadir", "head-lena")
"""Heads of a programme: the second member of a viva's panel."""
APPEAL_PANEL = ("panel-maeve", "panel-noor", "panel-oskar")
PARTIES = ("party-hana", "party-ivor", "party-jun")
"""Who make the public randomness: none of them judges."""

EXTENDED = 3
"""Participants with an extension, who submit after the cohort's deadline."""

_STAFF = (
    (REVIEWERS, "reviewer"),
    (MODERATORS, "moderator"),
    ((LEAD, DEPUTY), "lead_moderator"),
    (HEADS, "panel_member"),
    (APPEAL_PANEL, "appeal_panel"),
)
_FIRST_NAMES = (
    "Ayesha", "Bernard", "Chloë", "Dafydd", "Efua", "Farid", "Gwen", "Hélène",
    "Imran", "Joan", "Kofi", "Liam", "Małgorzata", "Nadia", "Owen",
)  # fmt: skip
_LAST_NAMES = ("Ainsworth", "Begum", "Carter", "Dąbrowski", "Evans", "O'Farrell")
_LAST_NAMES_OF_MANY = ("Fofanah", "Grant", "Hughes", "Ito", "Jansen", "Kowalczyk")
_SETTINGS = ("harbour-college", "moorland-training", "city-adult-learning")

Template = Literal["workbook", "phases", "formation", "form"]
FORMATIONS, FORMS = range(60, 66), range(66, 72)
"""Participants of QTLS, and of the Advanced Mentor Certificate."""
MANY = range(200, 200 + sum(judge.share for judge in JUDGES))
"""Participants of the large cohort, which is one of the Advanced Mentor Certificate."""
KNOWN, GIVEN_BACK = 4, 3
"""Whom a reviewer knows, and says so; whose review somebody claims and gives back."""
FOUND_LATE, FOUND_AFTERWARDS = 22, 62
"""Whom somebody judged who should not have: found before the release, and after it."""
SEEDS = (6, 18, 24)
"""Whose portfolios become seeds: their criteria are met by everybody's judgement."""
LATE_REVIEW = 60
"""Whose reviewer lets the review fall overdue."""
MENTOR = "mentor-rhona"
"""Appointed for somebody who has none."""
BUILDER, REFUSED = 80, 81
"""Applicants: one builds a portfolio section by section, one is not eligible."""


@dataclass(frozen=True, slots=True)
class Written:
    """A portfolio that was written with care: one of the samples."""

    sample: str
    """Name of its folder among the samples."""
    name: str
    """Who wrote it, as it says itself."""


WRITTEN: Mapping[int, Written] = {
    5: Written("ats-phases-thin", "Renée Broadbent"),
    11: Written("ats-phases", "Bernadette Achebe-Lyle"),
    12: Written("ats-workbook", "Siobhan Draycott"),
    14: Written("ats-workbook-borderline", "Dafydd Tremlett-Osei"),
    15: Written("ats-phases-doubtful", "Julian Prentice-Marlow"),
    17: Written("ats-phases-adjusted", "Zoë Ramírez-Holt"),
    20: Written("ats-workbook-elsewhere", "Mireille Castellane-Boyd"),
    61: Written("qtls-solid", "Imogen Tau-Whitlock"),
    66: Written("mentor-form", "Ottoline Brathwaite"),
}
"""Who hands in a sample at first, and is judged as its author's reviewer judges it."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who submits; *number* counts from 0."""

    number: int

    @property
    def name(self) -> str:
        """A name, different for each number below 90, and for each of the many."""
        if self.number in WRITTEN:
            return WRITTEN[self.number].name
        first = _FIRST_NAMES[self.number % len(_FIRST_NAMES)]
        names = _LAST_NAMES_OF_MANY if self.number in MANY else _LAST_NAMES
        place = self.number // len(_FIRST_NAMES) + self.number % 3
        last = names[place % len(names)]
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
    def template(self) -> Template:
        """For ATS one half hands in a workbook, the other half phases."""
        if self.number in FORMATIONS:
            return "formation"
        if self.number in FORMS or self.number in MANY:
            return "form"
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
    return _csv(_STAFF)


def more_reviewers_csv() -> str:
    """Return the reviewers of the large cohort, who judge nowhere else."""
    return _csv(((tuple(judge.person_id for judge in JUDGES), "reviewer"),))


def _csv(staff: Iterable[tuple[Iterable[str], str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("id", "name", "email", "organisation", "roles"))
    for group, role in staff:
        for person in group:
            writer.writerow(_row(person, role))
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
    """Return the level of a second moderator: mostly that of the first."""
    judge = reviewer_level if is_amended(number) else moderator_level
    return judge(number, criterion)


LeadDecision = Literal["overturn", "uphold", "return"]
_CYCLE = 24
"""Where two moderators differ from the reviewer: numbers 1, 13 and 19, and so on."""


def lead_decision(number: int) -> LeadDecision:
    """Return what the lead decides where two moderators see it otherwise."""
    match number % _CYCLE:
        case 13:
            return "uphold"
        case 19:
            return "return"
        case _:
            return "overturn"


def is_amended(number: int) -> bool:
    """Tell whether the second moderator agrees, and has the feedback put better."""
    return number % _CYCLE == 7  # noqa: PLR2004 - one of the numbers above


RESTARTED, REVISED, DISMISSED, CONFIRMED, WITHDRAWN = 15, 10, 20, 5, 25
"""Who misses the second attempt; whose appeal leads to another outcome, to none, and
to the same one once more; who leaves while a review is open: none of them met the
criteria at first."""
HEARD_AT_ONCE = 0
"""Whose appeal against the first decision is upheld while a second attempt is open."""
APPELLANTS = frozenset({REVISED, DISMISSED, CONFIRMED})
"""Who did not meet the criteria again, asks why, and appeals."""
SUPPORTED_BADLY, SUPPORTED_WELL = 9, 16
"""Who appeal against the support that they received, with and without success."""
NOT_PASSED_ONCE, NOT_PASSED_TWICE, DISAGREED, MOVED, INTERPRETED = 3, 23, 8, 4, 17
"""Participants whose viva does not go straight on, or is longer; their criteria are
met."""

Part = Literal["lead", "head"]


def second_level(number: int, criterion: CriterionKey) -> int:
    """Return the level of a second attempt: most did what was asked."""
    is_same = number in APPELLANTS and criterion == "sufficiency"
    return 2 if is_same else 3


def fresh_level(number: int, criterion: CriterionKey) -> int:
    """Return the level of a fresh review after an appeal that was upheld."""
    judge = second_level if number == CONFIRMED else met_level
    return judge(number, criterion)


def met_level(number: int, criterion: CriterionKey) -> int:
    """Return the level of a portfolio that nobody doubts."""
    return 4 if number % 4 == 0 and criterion == "reliability" else 3


def is_resubmitted(number: int) -> bool:
    """Tell whether somebody whose criteria were not met hands in again in time."""
    return number != RESTARTED


def verdict(number: int, viva: int, part: Part) -> Literal["passed", "not_passed"]:
    """Return what a member of the panel says about viva 1 or 2 of *number*."""
    is_failed = number == NOT_PASSED_TWICE or (number, viva) == (NOT_PASSED_ONCE, 1)
    differs = (number, viva, part) == (DISAGREED, 1, "head")
    return "not_passed" if is_failed or differs else "passed"
