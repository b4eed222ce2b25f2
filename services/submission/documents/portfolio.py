"""A portfolio as it was read: who, where, the sections, and the files behind them.

A pure value. What its files and form do not say is None, and `missing_fields` lists
it; nothing is made up.
"""

from email.utils import parseaddr
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.portfolio import EvidenceId, Section, section_text

RoleContext: TypeAlias = Literal[
    "deficit", "developmental", "universal", "pan-organisational"
]
"""How the organisation deploys the participant. Source: S3."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Contact(_Part):
    """Somebody named in the portfolio; what is not written there is None."""

    name: str | None = None
    email: str | None = None


class Participant(Contact):
    """The person whose portfolio it is."""

    membership_number: str | None = None


class Qualification(_Part):
    """A qualification the participant holds, and when it was gained, as written."""

    title: str
    date: str | None = None


class EvidenceFile(_Part):
    """A file of the portfolio, with its original bytes kept under its id."""

    id: EvidenceId
    """SHA-256 of the content, in hexadecimal."""
    name: str
    """Path inside the portfolio; a picture inside a document is named after it."""
    media_type: str
    """As detected from the content."""
    size_bytes: int
    use: Literal["section", "evidence", "embedded"]
    """What it is: a section as uploaded, evidence, or a picture in a document."""
    other_names: tuple[str, ...] = ()
    """Further files with exactly the same content."""


class Portfolio(_Part):
    """Everything that was handed in, in the order of the template."""

    programme: str
    programme_version: str
    template: str
    participant: Participant = Participant()
    cohort: str | None = None
    """``YYYY-MM`` when the month can be told, otherwise as written."""
    setting: str | None = None
    role: str | None = None
    role_context: RoleContext | None = None
    fairness: dict[str, str] = Field(default_factory=dict)
    """Answers to what the programme asks so that fairness can be watched."""
    qualifications: tuple[Qualification, ...] = ()
    mentor: Contact = Contact()
    manager: Contact = Contact()
    sections: tuple[Section, ...] = ()
    """What stands before the first heading (``cover``), the sections of the template,
    then the words of every readable evidence file (``evidence-1``, ...)."""
    evidence: tuple[EvidenceFile, ...] = ()
    ignored: tuple[str, ...] = ()
    """Files of the operating system that were left out."""


class Overrides(_Part):
    """What the person who hands in says beside the files; None leaves a field as is."""

    name: str | None = None
    email: str | None = None
    membership_number: str | None = None
    cohort: str | None = None
    setting: str | None = None
    role_context: RoleContext | None = None
    mentor: str | None = Field(default=None, examples=["Ann Lee <a.lee@x.example>"])
    """A name, an address, or both as ``Name <address>``."""


def missing_fields(portfolio: Portfolio) -> tuple[str, ...]:
    """Return the fields a submission needs and *portfolio* lacks, as dotted names."""
    needed = {
        "participant.name": portfolio.participant.name,
        "participant.email": portfolio.participant.email,
        "cohort": portfolio.cohort,
        "setting": portfolio.setting,
        "mentor": portfolio.mentor.email or portfolio.mentor.name,
    }
    return tuple(field for field, value in needed.items() if not value)


def with_overrides(portfolio: Portfolio, overrides: Overrides) -> Portfolio:
    """Return *portfolio* with the given fields in place of what the files say."""
    participant = _given(overrides, "name", "email", "membership_number")
    whole = _given(overrides, "cohort", "setting", "role_context")
    mentor = _mentor(portfolio.mentor, overrides.mentor)
    return portfolio.model_copy(
        update={
            **whole,
            "participant": portfolio.participant.model_copy(update=participant),
            "mentor": mentor,
        }
    )


def word_count(section: Section) -> int:
    """Return how many words *section* holds, its tables included."""
    return len(section_text(section).split())


def _given(overrides: Overrides, *fields: str) -> dict[str, str]:
    values = {field: getattr(overrides, field) for field in fields}
    return {field: value for field, value in values.items() if value is not None}


def _mentor(known: Contact, given: str | None) -> Contact:
    if given is None:
        return known
    name, address = parseaddr(given)
    if "@" not in address:
        return known.model_copy(update={"name": given.strip()})
    if not name:
        return known.model_copy(update={"email": address})
    return Contact(name=name, email=address)
