"""Who and what one generated portfolio is about: people, subject, figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from services.submission.documents.portfolio import RoleContext
from services.submission.documents.samples.generator.choosing import Chooser
from shared.programmes.strict_yaml import read_yaml

_FIRST_NAMES = (
    "Adaobi", "Alastair", "Bronwen", "Callum", "Dilys", "Emeka", "Fiona", "Grzegorz",
    "Harriet", "Ines", "Jerome", "Kavita", "Lorcan", "Maryam", "Nerys", "Oluwaseun",
    "Petra", "Rashid", "Saoirse", "Tobias", "Uzma", "Vikram", "Winifred", "Yusuf",
)  # fmt: skip
_LAST_NAMES = (
    "Abernathy", "Bankole", "Corrigan", "Dhillon", "Edgeworth", "Fenwick", "Gallacher",
    "Hussain", "Islington", "Jankowski", "Kirkbride", "Lowe", "Mensah", "Nettleton",
    "Ogden", "Prakash", "Quayle", "Rowntree", "Sandhu", "Thackray", "Umarov",
    "Vance", "Whitcombe", "Yardley",
)  # fmt: skip
_CONTEXTS: tuple[RoleContext, ...] = (
    "deficit",
    "developmental",
    "universal",
    "pan-organisational",
)
_MONTHS = {
    "month_start": "October 2025",
    "month_first": "November 2025",
    "month_middle": "February 2026",
    "month_late": "May 2026",
    "month_end": "July 2026",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a portfolio."""

    name: str
    email: str

    @property
    def first_name(self) -> str:
        """What colleagues call them."""
        return self.name.split()[0]


@dataclass(frozen=True, slots=True)
class Cast:
    """The people and the place of one portfolio, and every word that varies."""

    participant: Person
    mentor: Person
    manager: Person
    membership_number: str
    setting: str
    role: str
    role_context: RoleContext
    subject: Mapping[str, Any]
    words: Mapping[str, str]
    """What the sentences are filled with, by name."""
    counts: tuple[int, int, int]
    """Per cent at the three counts."""


def cast_for(chooser: Chooser, name: str | None) -> Cast:
    """Return the cast of one portfolio; *name* is the participant's, if it is fixed."""
    subject = chooser.one(_subjects())
    domain = f"{subject['setting'].casefold().split()[0]}.example"
    people = [_person(pair, domain) for pair in _pairs(chooser, 6)]
    participant = people[0] if name is None else Person(name, people[0].email)
    before = chooser.whole(28, 46)
    after = before + chooser.whole(14, 31)
    counts = (before, before + chooser.whole(3, 9), after)
    return Cast(
        participant=participant,
        mentor=people[1],
        manager=people[2],
        membership_number=f"SF-{chooser.whole(150_000, 299_999)}",
        setting=str(subject["setting"]),
        role=str(subject["role"]),
        role_context=chooser.one(_CONTEXTS),
        subject=subject,
        words={
            **{key: value for key, value in subject.items() if isinstance(value, str)},
            **_MONTHS,
            **_numbers(chooser),
            "before": str(before),
            "after": str(after),
            "name": participant.first_name,
            "mentor": people[1].first_name,
            "mentor_full": people[1].name,
            "manager": people[2].first_name,
            "manager_full": people[2].name,
            "colleague": people[3].first_name,
            "colleague_two": people[4].first_name,
            "supporter": people[5].name,
            "role_lower": subject["role"][0].lower() + subject["role"][1:],
            "weekday": chooser.one(("Monday", "Tuesday", "Thursday", "Friday")),
            "initial": chooser.one("DEHKLNRSTW"),
        },
        counts=counts,
    )


@cache
def _subjects() -> tuple[Mapping[str, Any], ...]:
    read = read_yaml((Path(__file__).parent / "subjects.yaml").read_bytes())
    assert isinstance(read, list)  # noqa: S101 - a file of this package
    return tuple(read)


def _pairs(chooser: Chooser, count: int) -> list[tuple[str, str]]:
    first = chooser.several(_FIRST_NAMES, count)
    last = chooser.several(_LAST_NAMES, count)
    return list(zip(first, last, strict=True))


def _person(pair: tuple[str, str], domain: str) -> Person:
    first, last = pair
    return Person(f"{first} {last}", f"{first[0]}.{last}@{domain}".casefold())


def _numbers(chooser: Chooser) -> dict[str, str]:
    years, adopters = chooser.whole(7, 18), chooser.whole(3, 5)
    numbers = {
        "years": years,
        "role_years": chooser.whole(2, years - 3),
        "hours": chooser.whole(2, 6),
        "agreed": chooser.whole(12, 16),
        "hours_read": chooser.whole(28, 55),
        "count": chooser.whole(14, 31),
        "interviewed": chooser.whole(6, 12),
        "team": chooser.whole(7, 12),
        "adopters": adopters,
        "keepers": chooser.whole(2, adopters),
        "meetings": chooser.whole(5, 9),
        "visits": chooser.whole(2, 4),
    }
    return {key: _spelled(value) for key, value in numbers.items()}


_SPELLED = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def _spelled(number: int) -> str:
    """Return small numbers as words, as people write them."""
    return _SPELLED[number - 2] if 2 <= number <= 10 else str(number)  # noqa: PLR2004
