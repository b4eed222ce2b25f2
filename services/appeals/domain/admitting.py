"""Who may ask about a case at all, and whether it is still in time.

One second after the last day is too late. Source: AP 4.1, 4.3; domain.md section 1.
"""

from services.appeals.domain.casefile.evolve import CaseFile
from services.appeals.domain.clocks import Clock
from services.appeals.domain.commands import LodgeAppeal, RequestExplanation
from services.appeals.domain.evolve import Appeal, NotOpened
from services.appeals.domain.refusals import (
    AlreadyDecidedError,
    CaseWithdrawnError,
    TooLateError,
    UnknownCaseError,
)
from shared.london import london_day


def refuse_strangers(file: CaseFile, person_id: str) -> None:
    """Return if the case is this participant's and goes on.

    Raises:
        UnknownCaseError: there is no such case, or it is somebody else's.
        CaseWithdrawnError: the participant has withdrawn.
    """
    if file.participant_id is None or file.participant_id != person_id:
        raise UnknownCaseError
    if file.withdrawn_at is not None:
        raise CaseWithdrawnError(withdrawn_at=file.withdrawn_at.isoformat())


def refuse_ended(state: Appeal, file: CaseFile, person_id: str) -> None:
    """Return if somebody else asks, or nothing has ended.

    Raises:
        CaseWithdrawnError, AlreadyDecidedError: why nothing more can happen.
    """
    if file.participant_id != person_id or isinstance(state, NotOpened):
        return
    if file.withdrawn_at is not None:
        raise CaseWithdrawnError(withdrawn_at=file.withdrawn_at.isoformat())
    raise AlreadyDecidedError


def refuse_late(
    clock: Clock, file: CaseFile, command: RequestExplanation | LodgeAppeal
) -> None:
    """Return while the clock runs or stands still.

    Raises:
        TooLateError: it has run out; names the last day.
    """
    reading = clock.read(file, command.at)
    if reading.is_over(command.at):
        last_day = reading.last_day
        message = (
            f"The last day for this was {last_day.day} {last_day:%B %Y}, until"
            f" midnight in London: {clock.working_days} working days after"
            f" {london_day(clock.started_at)}."
        )
        raise TooLateError(message, last_day=last_day.isoformat())
