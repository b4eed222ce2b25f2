"""Words that facts and messages share: opaque ids, digests, levels and outcomes."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, Strict

_ID = r"^[a-z0-9][a-z0-9_-]{0,63}$"

PERSON_ID_PATTERN = _ID

PersonId = Annotated[str, Field(pattern=PERSON_ID_PATTERN)]
"""Opaque id of a person; never a name or an address."""

OrganisationId = Annotated[str, Field(pattern=_ID)]
"""Opaque id of an employer or setting."""

CohortId = Annotated[str, Field(pattern=_ID)]
"""For example ``ats-2025-10``."""

CaseId = Annotated[str, Field(pattern=_ID)]
"""One person's enrolment in one cohort."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""A digest as 64 lower-case hexadecimal digits."""

Attempt = Annotated[int, Field(ge=1, le=2)]
"""1, or 2 for the one free resubmission. Source: S2 6.2.1."""

Level = Annotated[int, Strict(), Field(ge=1, le=4)]
"""1 not met, 2 partly met, 3 met, 4 exceeded. Source: domain.md section 2 (P).

A whole number and nothing like one: ``true`` would be not met.
"""

MET_LEVEL = 3
"""Lowest level that counts as met. Source: domain.md section 2 (P)."""

Outcome: TypeAlias = Literal["CM", "CNM"]
"""Criteria met, or criteria not met. Source: S1."""

CriterionKey: TypeAlias = Literal["authenticity", "sufficiency", "reliability"]
"""The three criteria, the same in every programme. Source: S1."""

CRITERIA: tuple[CriterionKey, ...] = ("authenticity", "sufficiency", "reliability")

Role: TypeAlias = Literal[
    "participant",
    "mentor",
    "reviewer",
    "moderator",
    "lead_moderator",
    "panel_member",
    "appeal_panel",
    "operations",
    "auditor",
    "service",
]
"""What somebody may do. Source: domain.md section 1."""


ContributionKind: TypeAlias = Literal["colleague", "manager", "learner", "mentor"]
"""Who is asked to write for a portfolio; a mentor is called supporter in QTLS."""

ModerationResult: TypeAlias = Literal["upheld", "amended", "overturned", "returned"]
"""What came of a judgement that was moderated."""


def outcome_of(levels: "dict[CriterionKey, Level]") -> Outcome:
    """Return CM only if all three criteria are met; any 1 or 2 is CNM.

    Source: domain.md section 2 (P).
    """
    met = all(levels[criterion] >= MET_LEVEL for criterion in CRITERIA)
    return "CM" if met else "CNM"
