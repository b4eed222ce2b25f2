"""What viva refuses, and why."""

from shared.errors import (
    ForbiddenError,
    NotFoundError,
    RuleViolatedError,
    UnavailableError,
)


class UnknownVivaError(NotFoundError):
    """Nothing is known here of this case."""


class NotYourVivaError(ForbiddenError):
    """This is not your own case."""


class OwnCaseError(ForbiddenError):
    """Nobody of the office acts on a case of their own: ask a colleague."""


class NotOfferedError(RuleViolatedError):
    """No viva is offered in this case now."""


class CaseOnHoldError(RuleViolatedError):
    """This case is on hold: it goes on where it stopped when the hold is lifted."""


class AskAgainLaterError(UnavailableError):
    """This case is on hold: whether the letter is true is known when it is lifted."""


class AlreadyHeldError(RuleViolatedError):
    """This viva was held: nothing about its time or panel can change."""


class AlreadyDecidedError(RuleViolatedError):
    """The result of this viva is final."""


class NotOnPanelsError(RuleViolatedError):
    """This person does not sit on panels in this role: have the role granted first."""


class PanelConflictError(RuleViolatedError):
    """Somebody may not decide about this case: choose another person."""


class PanelOfOneError(RuleViolatedError):
    """A panel is two people: a lead moderator and a Head of programme."""


class PanellistBusyError(RuleViolatedError):
    """This panellist holds another viva then: choose another time, or person."""


class PanelBusyError(RuleViolatedError):
    """Nobody can hold your viva at this time: choose another slot."""


class RoundNotOpenToCaseError(RuleViolatedError):
    """This round is for another programme or cohort."""


class SameRoundError(RuleViolatedError):
    """A viva that was not passed is taken again in a later round."""


class SlotPastError(RuleViolatedError):
    """This slot has begun: choose a later one."""


class SlotTooShortError(RuleViolatedError):
    """This slot is too short for the minutes agreed: choose a longer one."""


class NotRemoteError(RuleViolatedError):
    """It is agreed that this viva is remote: choose a remote slot."""


class TooLateError(RuleViolatedError):
    """A time can no longer be chosen or given up so shortly before: ask the office."""


class NoPanelError(RuleViolatedError):
    """This viva has no panel: one must be appointed first."""


class NotBookedError(RuleViolatedError):
    """This viva has no time: one must be booked first."""


class NotYetHeldError(RuleViolatedError):
    """This viva has not begun: its result cannot be known."""


class NotOnThisPanelError(ForbiddenError):
    """Only the panel of this viva gives its result."""


class AlreadyJudgedError(RuleViolatedError):
    """You have given your verdict, and it stands."""


class NothingToSettleError(RuleViolatedError):
    """The panel does not disagree, so there is nothing to settle."""
