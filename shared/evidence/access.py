"""Who asks for evidence, and in which part of which case.

The calling service proves the part from facts before it makes an `Access`; evidence
refuses everything that does not fit the case it is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from shared.crypto import Grant, Purpose
from shared.errors import NotFoundError

Part: TypeAlias = Literal[
    "participant", "reviewer", "moderator", "lead_moderator", "panel_member"
]

PURPOSES: Final[Mapping[Part, Purpose]] = MappingProxyType(
    {
        "participant": Purpose.OWN_CASE,
        "reviewer": Purpose.REVIEW_HELD_CASE,
        "moderator": Purpose.MODERATE,
        "lead_moderator": Purpose.MODERATE,
        "panel_member": Purpose.HOLD_VIVA,
    }
)
"""What a part in a case opens the portfolio for. Source: domain.md section 1."""

FIELD: Final = "portfolio.snapshot"


class NoPartInCaseError(NotFoundError):
    """There is no such evidence, or the asker has no current part in its case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A person's current part in one case, proven from facts by the caller."""

    person_id: str
    case_id: str
    part: Part

    def check(self, *, case_id: str, participant_id: str) -> None:
        """Accept that this part is one in the case of *participant_id*.

        Raises:
            NoPartInCaseError: it is another case, or another participant's, or the
                participant asks as an assessor of their own case.
            ForbiddenError: this part never opens a portfolio.
        """
        own = self.person_id == participant_id
        if self.case_id != case_id or own != (self.part == "participant"):
            raise NoPartInCaseError(case_id=self.case_id)
        Grant(role=self.part, purpose=PURPOSES[self.part]).check(FIELD)
