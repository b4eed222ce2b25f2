"""Who may open which kind of personal field, and for what: one closed table.

A service proves from facts that the asker holds the role in this case before it makes
a grant; the table is the second lock, not the first. Source: architecture.md, "Personal
data"; domain.md section 1.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.errors import ForbiddenError
from shared.vocabulary import Role


class Kind(StrEnum):
    """What a personal field is about; the first word of every field's name."""

    CONTACT = "contact"
    """Name and address."""
    PORTFOLIO = "portfolio"
    """What the participant wrote or handed in."""
    JUDGEMENT = "judgement"
    """Rationale, and notes between assessors."""
    FEEDBACK = "feedback"
    """What assessors wrote for the participant."""
    APPEAL = "appeal"
    """What a participant writes when they ask for an explanation, or appeal."""
    OFFICE = "office"
    """What passes between a participant and the office: applications, adjustments,
    queries; nothing an assessor sees."""
    LETTER = "letter"
    """A letter as rendered, and what fills it."""
    DRAFT = "draft"
    """Unfinished text, for its author's eyes."""


class Purpose(StrEnum):
    """What a field is opened for."""

    SEND_LETTER = "send_letter"
    TAKE_SNAPSHOT = "take_snapshot"
    OWN_CASE = "own_case"
    REVIEW_HELD_CASE = "review_held_case"
    MODERATE = "moderate"
    HOLD_VIVA = "hold_viva"
    HEAR_APPEAL = "hear_appeal"
    OPERATE_WITH_REASON = "operate_with_reason"


_JUDGING: Final = frozenset({Kind.PORTFOLIO, Kind.JUDGEMENT, Kind.FEEDBACK, Kind.DRAFT})
_EXAMINING: Final = frozenset({Kind.PORTFOLIO, Kind.JUDGEMENT})
"""What a viva is about, and the notes of its panel."""
_HEARING: Final = frozenset({Kind.APPEAL, Kind.FEEDBACK})
"""What the participant asked, and what they were told."""

OPENS: Final[Mapping[tuple[Role, Purpose], frozenset[Kind]]] = MappingProxyType(
    {
        ("service", Purpose.SEND_LETTER): frozenset(
            {Kind.CONTACT, Kind.LETTER, Kind.FEEDBACK}
        ),
        ("service", Purpose.TAKE_SNAPSHOT): frozenset({Kind.PORTFOLIO}),
        ("participant", Purpose.OWN_CASE): frozenset(
            {
                Kind.CONTACT,
                Kind.PORTFOLIO,
                Kind.FEEDBACK,
                Kind.APPEAL,
                Kind.OFFICE,
                Kind.LETTER,
                Kind.DRAFT,
            }
        ),
        ("reviewer", Purpose.REVIEW_HELD_CASE): _JUDGING,
        ("moderator", Purpose.MODERATE): _JUDGING,
        ("lead_moderator", Purpose.MODERATE): _JUDGING,
        ("panel_member", Purpose.HOLD_VIVA): _EXAMINING,
        ("operations", Purpose.HEAR_APPEAL): _HEARING,
        ("appeal_panel", Purpose.HEAR_APPEAL): _HEARING,
        ("operations", Purpose.OPERATE_WITH_REASON): frozenset(Kind) - {Kind.DRAFT},
        ("auditor", Purpose.OPERATE_WITH_REASON): frozenset({Kind.OFFICE}),
    }
)
"""Everything that is not here is refused."""

RECORDED: Final = frozenset({Purpose.OPERATE_WITH_REASON})
"""Purposes whose every opening is a fact before anything is shown."""

_FIELD = re.compile(r"^[a-z]+\.[A-Za-z0-9][A-Za-z0-9._:-]{0,199}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A proven role, and what it opens personal fields for."""

    role: Role
    purpose: Purpose
    actor: str | None = None
    """Opaque id of who opens it; needed where the opening is recorded."""
    reason: str | None = field(default=None, repr=False)
    """Why; needed where the opening is recorded, and as protected as what it opens."""

    @property
    def recorded(self) -> bool:
        """True when every opening under this grant must be recorded first."""
        return self.purpose in RECORDED

    def check(self, field_name: str) -> None:
        """Accept that this grant opens *field_name*.

        Raises:
            ForbiddenError: role and purpose do not open this kind of field, or the
                opening has to be recorded and actor or reason is missing.
        """
        opens = OPENS.get((self.role, self.purpose), frozenset())
        if kind_of(field_name) not in opens:
            raise ForbiddenError(
                "This role may not open this field for this purpose.",
                role=self.role,
                purpose=self.purpose.value,
                field=field_name,
            )
        if self.recorded and not (self.actor and self.reason and self.reason.strip()):
            raise ForbiddenError(
                "Opening this field is recorded: say who opens it and why.",
                purpose=self.purpose.value,
                field=field_name,
            )


def kind_of(field_name: str) -> Kind:
    """Return the kind that *field_name* begins with: ``contact.email`` is a contact.

    Raises:
        ValueError: the name is not ``<kind>.<name>``; that is a bug in the caller.
    """
    if not _FIELD.match(field_name):
        message = f"a field is named <kind>.<name>, this is {field_name!r}"
        raise ValueError(message)
    return Kind(field_name.partition(".")[0])
