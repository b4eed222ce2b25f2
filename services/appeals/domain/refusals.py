"""Why something about an appeal is refused."""

from shared.errors import NotFoundError, RuleViolatedError, UnavailableError


class UnknownCaseError(NotFoundError):
    """There is no such case, or it is not for this reader."""


class UnknownAppealError(NotFoundError):
    """There is no such appeal, or it is not for this reader."""


class UnknownDecisionError(NotFoundError):
    """No decision of that id was released in this case."""


class TermsUnknownError(UnavailableError):
    """What was handed in is not known here yet: try again in a moment."""


class AskAgainLaterError(UnavailableError):
    """This case is on hold: whether the letter is true is known when it is lifted."""


class OwnCaseError(RuleViolatedError):
    """Nobody of the office acts on a case of their own: ask a colleague."""


class CaseWithdrawnError(RuleViolatedError):
    """The participant has withdrawn from this case: nothing more is decided."""


class DecisionReplacedError(RuleViolatedError):
    """A later decision replaced this one: ask about that."""


class AlreadyAskedError(RuleViolatedError):
    """An explanation of this decision was asked for already."""


class SupportAppealOpenError(RuleViolatedError):
    """An appeal about the support is open already: wait for the response."""


class TooLateError(RuleViolatedError):
    """The last day for this has passed."""


class AlreadyExplainedError(RuleViolatedError):
    """The decision was explained already."""


class NotExplainedYetError(RuleViolatedError):
    """An appeal follows the explanation, which is still due."""


class AlreadyLodgedError(RuleViolatedError):
    """This appeal is lodged already."""


class UnlistedGroundError(RuleViolatedError):
    """Choose one or more of the grounds that the policy lists, each once."""


class NotLodgedError(RuleViolatedError):
    """No appeal is lodged yet."""


class NoHearingError(RuleViolatedError):
    """An appeal about the support is answered in writing, without a panel."""


class NotAboutSupportError(RuleViolatedError):
    """An appeal against a decision is decided by its panel."""


class PanelSizeError(RuleViolatedError):
    """The panel needs another number of different members."""


class NoPanelError(RuleViolatedError):
    """No panel is appointed yet."""


class NotOnThisPanelError(NotFoundError):
    """There is no such hearing, or it is not for this reader."""


class RemedyError(RuleViolatedError):
    """Say what follows when the appeal is upheld, and only then."""


class NothingToReviewError(RuleViolatedError):
    """A fresh review follows a decision on a portfolio, not one on a viva."""


class RespondsAboutThemselfError(RuleViolatedError):
    """Nobody answers an appeal about the support they gave."""


class AlreadyDecidedError(RuleViolatedError):
    """This appeal was decided, and that is final."""
