"""The rules of a case; each command has its rule in a module of its own."""

from typing import assert_never

from services.submission.domain.commands import (
    CaseCommand,
    ClockCommand,
    ContributionCommand,
    EnrolmentCommand,
    PortfolioCommand,
    Submit,
)
from services.submission.domain.contributing import contribute
from services.submission.domain.enrolling import enrolment
from services.submission.domain.events import CaseEvent
from services.submission.domain.evolve import INITIAL, Case, evolve
from services.submission.domain.extending import extension
from services.submission.domain.growing import growth
from services.submission.domain.submitting import submit
from shared.decider import Decider


def decide(command: CaseCommand, state: Case) -> tuple[CaseEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        NotEnrolledError: there is no such case.
        AlreadySubmittedError: the portfolio is handed in with other content.
        ServiceError: a rule of the one command; see its function.
    """
    if isinstance(command, EnrolmentCommand):
        return enrolment(command, state)
    if isinstance(command, PortfolioCommand):
        return growth(command, state)
    if isinstance(command, ContributionCommand):
        return contribute(command, state)
    if isinstance(command, ClockCommand):
        return extension(command, state)
    if isinstance(command, Submit):
        return submit(command, state)
    assert_never(command)


case = Decider(category="case", decide=decide, evolve=evolve, initial=INITIAL)
