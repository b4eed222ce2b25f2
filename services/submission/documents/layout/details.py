"""Who and where: read from lines such as ``Mentor: Ann Lee`` on a cover page."""

import re
from collections.abc import Iterable, Iterator
from typing import get_args

from pydantic import BaseModel, ConfigDict, Field

from services.submission.documents.layout.naming import spoken
from services.submission.documents.portfolio import (
    Contact,
    Participant,
    Qualification,
    RoleContext,
)
from shared.contracts.portfolio import Block, Paragraph, Table

_FIELDS = {
    "name": {"participant", "name", "participants name", "name of participant",
             "candidate", "applicant", "your name"},
    "membership_number": {"membership number", "membership no", "membership",
                          "set membership number", "membership id"},
    "email": {"email", "e mail", "email address", "e mail address"},
    "cohort": {"cohort"},
    "setting": {"setting", "college", "organisation", "employer", "provider",
                "place of work", "workplace"},
    "role": {"role", "job title", "post", "job role"},
    "role_context": {"role context", "deployment model"},
    "mentor": {"mentor", "mentors name", "name of mentor"},
    "mentor_email": {"mentor email", "mentors email", "mentors e mail",
                     "mentor e mail"},
    "manager": {"manager", "line manager", "managers name", "line managers name"},
}  # fmt: skip
_BY_LABEL = {label: field for field, labels in _FIELDS.items() for label in labels}

_PAIR = re.compile(r"([^\s:][^:\n\t]{0,40}):[ \t]*(\S.*?)(?=\s{2,}|\t|\n|$)")
_ADDRESS = re.compile(r"[^\s<>(),;]+@[^\s<>(),;]+")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august",
    "september", "october", "november", "december",
)  # fmt: skip
_YEAR_MONTH = re.compile(r"^(\d{4})-(\d{2})(-\d{2})?$")
_MONTH_YEAR = re.compile(r"^([a-z]{3,9})\.?\s+(\d{4})$")


class Details(BaseModel):
    """What is known of the people and the place; the rest is None."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    participant: Participant = Participant()
    cohort: str | None = None
    setting: str | None = None
    role: str | None = None
    role_context: RoleContext | None = None
    fairness: dict[str, str] = Field(default_factory=dict)
    qualifications: tuple[Qualification, ...] = ()
    mentor: Contact = Contact()
    manager: Contact = Contact()


def details_on(blocks: Iterable[Block]) -> Details:
    """Return what a cover page says; the first mention of each field counts."""
    found: dict[str, str] = {}
    for label, value in _pairs(blocks):
        field = _BY_LABEL.get(spoken(label))
        if field is not None:
            found.setdefault(field, value.strip())
    context = spoken(found.get("role_context", "")).replace(" ", "-")
    mentor = _contact(found.get("mentor"))
    return Details(
        participant=Participant(
            **_contact(found.get("name")).model_dump(exclude={"email"}),
            email=_address(found.get("email") or found.get("name")),
            membership_number=found.get("membership_number"),
        ),
        cohort=cohort_month(found.get("cohort")),
        setting=found.get("setting"),
        role=found.get("role"),
        role_context=next((each for each in _CONTEXTS if each == context), None),
        mentor=Contact(
            name=mentor.name,
            email=mentor.email or _address(found.get("mentor_email")),
        ),
        manager=_contact(found.get("manager")),
    )


_CONTEXTS: tuple[RoleContext, ...] = get_args(RoleContext)


def merged(first: Details, second: Details) -> Details:
    """Return *first* with its gaps filled from *second*."""
    return Details(
        participant=Participant(**_filled(first.participant, second.participant)),
        cohort=first.cohort or second.cohort,
        setting=first.setting or second.setting,
        role=first.role or second.role,
        role_context=first.role_context or second.role_context,
        fairness=first.fairness or second.fairness,
        qualifications=first.qualifications or second.qualifications,
        mentor=Contact(**_filled(first.mentor, second.mentor)),
        manager=Contact(**_filled(first.manager, second.manager)),
    )


def of_the_mentor(found: Details) -> Details:
    """Return *found* with who is called mentor in it as the participant."""
    known = found.participant
    named = {
        "name": known.name or found.mentor.name,
        "email": known.email or found.mentor.email,
    }
    whose = known.model_copy(update=named)
    return found.model_copy(update={"participant": whose, "mentor": Contact()})


def cohort_month(written: str | None) -> str | None:
    """Return a cohort as ``YYYY-MM`` where the month can be told, else as written."""
    said = " ".join((written or "").casefold().split())
    if exact := _YEAR_MONTH.match(said):
        return f"{exact[1]}-{exact[2]}"
    if words := _MONTH_YEAR.match(said):
        for number, month in enumerate(_MONTHS, start=1):
            if month.startswith(words[1]):
                return f"{words[2]}-{number:02}"
    return written or None


def _pairs(blocks: Iterable[Block]) -> Iterator[tuple[str, str]]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from _PAIR.findall(block.text)
        if isinstance(block, Table):
            for row in block.rows:
                filled = [cell.strip() for cell in row if cell.strip()]
                if len(filled) == 2:  # noqa: PLR2004 - a label and its value
                    yield filled[0].rstrip(":"), filled[1]


def _contact(written: str | None) -> Contact:
    address = _address(written)
    name = (written or "").replace(address or "\0", "").strip(" \t<>(),;")
    return Contact(name=name or None, email=address)


def _address(written: str | None) -> str | None:
    found = _ADDRESS.search(written or "")
    return found[0].rstrip(".") if found else None


def _filled(first: Contact, second: Contact) -> dict[str, str | None]:
    known = first.model_dump()
    return {field: value or getattr(second, field) for field, value in known.items()}
