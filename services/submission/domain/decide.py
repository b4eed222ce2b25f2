"""The rules of a case; each command has its rule in a module of its own."""

from typing import assert_never

from services.submission.domain.adjusting import adjusting
from services.submission.domain.afterwards import afterwards
from services.submission.domain.commands import (
    AdjustmentCommand,
    AfterwardsCommand,
    CaseCommand,
    ClockCommand,
    ContributionCommand,
    EnrolmentCommand,
    EnteringCommand,
    HoldCommand,
    OfficeCommand,
    PortfolioCommand,
    Submit,
    TimeCommand,
)
from services.submission.domain.contributing import contribute
from services.submission.domain.enrolling import entering
from services.submission.domain.events import CaseEvent
from services.submission.domain.evolve import INITIAL, Case, evolve
from services.submission.domain.extending import extension
from services.submission.domain.growing import growth
from services.submission.domain.holding import holding
from services.submission.domain.mentoring import mentoring
from services.submission.domain.questioning import questioning
from services.submission.domain.submitting import submit
from services.submission.domain.timing import timing
from shared.decider import Decider


def decide(command: CaseCommand, state: Case) -> tuple[CaseEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        NotEnrolledError: there is no such case.
        AlreadySubmittedError: the portfolio is handed in with other content.
        ServiceError: a rule of the one command; see its function.
    """
    if isinstance(command, EnrolmentCommand):
        return _enrolment(command, state)
    if isinstance(command, PortfolioCommand | ContributionCommand | Submit):
        return _portfolio(command, state)
    if isinstance(command, ClockCommand):
        return _clock(command, state)
    if isinstance(command, OfficeCommand):
        return questioning(command, state)
    if isinstance(command, AfterwardsCommand):
        return afterwards(command, state)
    assert_never(command)


def _enrolment(command: EnrolmentCommand, state: Case) -> tuple[CaseEvent, ...]:
    if isinstance(command, EnteringCommand):
        return entering(command, state)
    return mentoring(command, state)


def _portfolio(
    command: PortfolioCommand | ContributionCommand | Submit, state: Case
) -> tuple[CaseEvent, ...]:
    if isinstance(command, PortfolioCommand):
        return growth(command, state)
    if isinstance(command, ContributionCommand):
        return contribute(command, state)
    return submit(command, state)


def _clock(command: ClockCommand, state: Case) -> tuple[CaseEvent, ...]:
    if isinstance(command, AdjustmentCommand):
        return adjusting(command, state)
    if isinstance(command, HoldCommand):
        return holding(command, state)
    if isinstance(command, TimeCommand):
        return timing(command, state)
    return extension(command, state)


case = Decider(category="case", decide=decide, evolve=evolve, initial=INITIAL)
