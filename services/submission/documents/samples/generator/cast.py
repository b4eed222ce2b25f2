"""Who and what one generated portfolio is about: people, subject, figures."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.submission.documents.portfolio import RoleContext
from services.submission.documents.samples.generator.choosing import Chooser
from services.submission.documents.samples.generator.kinds import Template
from services.submission.documents.samples.generator.subjects import subject_for
from services.submission.documents.samples.generator.times import TIMES

_FIRST_NAMES = (
    "Adaobi", "Alastair", "Bronwen", "Callum", "Dilys", "Emeka", "Fiona", "Grzegorz",
    "Harriet", "Inês", "Jerome", "Kavita", "Lorcan", "Maryam", "Nerys", "Oluwaseun",
    "Petra", "Rashid", "Saoirse", "Tobias", "Uzma", "Vikram", "Winifred", "Yusuf",
    "Anouk", "Benedict", "Cerys", "Delroy", "Eilidh", "Farhan", "Gwenllian", "Hollis",
    "Ivor", "Jolanta", "Kwabena", "Léonie", "Marek", "Noor", "Orla", "Priti",
)  # fmt: skip
_LAST_NAMES = (
    "Abernathy", "Bankole", "Corrigan", "Dhillon", "Edgeworth", "Fenwick", "Gallacher",
    "Hussain", "Islington", "Jankowski", "Kirkbride", "Lowe", "Mensah", "Nettleton",
    "Ogden", "Prakash", "Quayle", "Rowntree", "Sandhu", "Thackray", "Umarov",
    "Vance", "Whitcombe", "Yardley",
    "Ainscough", "Bhatti", "Cattermole", "Duffy", "Eboigbe", "Farquhar", "Grierson",
    "Hollingdale", "Ivanov", "Jessop", "Kowalczyk", "Lamptey", "Marchetti", "Núñez",
    "Oldroyd", "Penhaligon",
)  # fmt: skip
_CONTEXTS: tuple[RoleContext, ...] = (
    "deficit",
    "developmental",
    "universal",
    "pan-organisational",
)


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


def cast_for(chooser: Chooser, template: Template, name: str | None) -> Cast:
    """Return the cast of one portfolio; *name* is the participant's, if it is fixed."""
    subject = subject_for(chooser, template)
    domain = f"{subject['setting'].casefold().split()[0]}.example"
    people = [_person(pair, domain) for pair in _pairs(chooser, 8)]
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
            **TIMES[template],
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
            "trainee": people[6].first_name,
            "trainee_full": people[6].name,
            "tutor_full": f"Dr {people[7].name}",
            "role_lower": _begun_small(subject["role"]),
            "weekday": chooser.one(("Monday", "Tuesday", "Thursday", "Friday")),
            "initial": chooser.one("DEHKLNRSTW"),
            "provider": "adult-community"
            if "Adult" in subject["setting"]
            else "college",
            "employment": chooser.one(("full-time", "full-time", "part-time")),
        },
        counts=counts,
    )


def _begun_small(role: str) -> str:
    """Return *role* for the middle of a sentence; abbreviations stay as they are."""
    return role if role[:2].isupper() else role[0].lower() + role[1:]


def _pairs(chooser: Chooser, count: int) -> list[tuple[str, str]]:
    first = chooser.several(_FIRST_NAMES, count)
    last = chooser.several(_LAST_NAMES, count)
    return list(zip(first, last, strict=True))


def _person(pair: tuple[str, str], domain: str) -> Person:
    first, last = pair
    apart = unicodedata.normalize("NFKD", f"{first[0]}.{last}@{domain}".casefold())
    return Person(f"{first} {last}", apart.encode("ascii", "ignore").decode())


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
        "planned": chooser.whole(32, 35),
        "held": chooser.whole(27, 31),
        "observed": chooser.whole(7, 10),
        "visits": chooser.whole(2, 4),
    }
    return {key: _spelled(value) for key, value in numbers.items()}


_SPELLED = (
    "two", "three", "four", "five", "six", "seven",
    "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


def _spelled(number: int) -> str:
    """Return small numbers as words, as people write them."""
    return dict(enumerate(_SPELLED, start=2)).get(number, str(number))
