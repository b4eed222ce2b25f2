"""What the programme file says about vivas and awards, as commands need it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.viva.domain.award_number import SECRET_BYTES, award_number
from services.viva.domain.commands import Conferral, Terms
from services.viva.domain.round.commands import RoundLimits
from shared.contracts.programme import Programme
from shared.london import london_day
from shared.programmes import Pinned, programme_of

BOOK_UNTIL_DAYS = 7
"""A week, in which the panel reads the portfolio and the office calls somebody else for
the slot (P); the programme files do not say."""


def book_until_days() -> int:
    """Return how many days before a viva its time can last be chosen."""
    return BOOK_UNTIL_DAYS


def terms_of(programme: Programme) -> Terms:
    """Return what a programme says about its vivas."""
    policy = programme.policy.viva
    return Terms(
        needs_viva=programme.viva == "required",
        attempts=policy.attempts.value if policy else 0,
        book_until_days=BOOK_UNTIL_DAYS,
        reminder_days=policy.reminder_days.value if policy else (),
    )


def limits_of(programme: Programme) -> RoundLimits | None:
    """Return what rounds of a programme may offer; None where it has no viva."""
    policy = programme.policy.viva
    if policy is None:
        return None
    return RoundLimits(
        minutes_at_least=policy.minutes_at_least.value,
        minutes_at_most=policy.minutes_at_most.value,
        modes=policy.modes.value,
        months=policy.round_months.value,
    )


@dataclass(frozen=True, slots=True)
class Conferring:
    """Makes out awards; *draw* returns so many random bytes."""

    draw: Callable[[int], bytes]

    def terms(self, pinned: Pinned) -> Terms:
        """Return what the versions that a case pinned say.

        Raises:
            UnknownProgrammeError, UnknownProgrammeVersionError: the file is gone.
        """
        return terms_of(programme_of(pinned))

    def conferral(self, pinned: Pinned, at: datetime) -> Conferral:
        """Return the award as it would be conferred at *at*. Errors as in `terms`."""
        programme = programme_of(pinned)
        award, year = programme.award, london_day(at).year
        return Conferral(
            award_id=award_number(programme.code, year, self.draw(SECRET_BYTES)),
            status=award.status.value,
            grade=award.grade.value if award.grade else None,
            post_nominals=award.post_nominals.value,
            has_certificate=award.certificate.value,
        )
