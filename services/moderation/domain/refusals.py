"""Why something about a drawn case is refused."""

from typing import TypeVar

from shared.errors import ForbiddenError, RuleViolatedError, ServiceError

E = TypeVar("E", bound=ServiceError)

NOT_SAVED = (
    "Nothing of this request was saved; its words can be saved as a draft, of a "
    "judgement by whoever was given the case, of a decision by whoever may read it "
    "(PUT /cases/{case_id}/{attempt}/drafts/{form}). What you saved there before is "
    "kept, for you alone (GET there)."
)
"""What a refusal says where somebody may have been writing."""


def unsaved(refused: E) -> E:
    """Return the refusal with what became of the words that came with the request."""
    return type(refused)(f"{refused} {NOT_SAVED}", **refused.context)


class NotIndependentError(ForbiddenError):
    """You have another part in this case, so you may not judge it."""


class NotAModeratorError(ForbiddenError):
    """The directory does not name you as a moderator; ask operations."""


class ModeratorPausedError(ForbiddenError):
    """You are paused as a moderator, so you judge no case: ask the lead moderator."""


class StoodDownError(ForbiddenError):
    """You stood down as a moderator of this cohort: others judge its cases."""


class MayHaveReadError(ForbiddenError):
    """You could read for another role how this was judged: others judge it."""


class StillModeratesError(ForbiddenError):
    """You moderate, and this shows what others judged: stand down in the cohort first.

    The context says how, or ask somebody who does not moderate.
    """


class NobodyPausedError(RuleViolatedError):
    """Nobody who judged this case is paused as a moderator: it stays as it is."""


class NotALeadError(ForbiddenError):
    """The directory does not name you as a lead moderator; ask operations."""


class EmployerUnknownError(ForbiddenError):
    """Nobody can tell that you are independent: have your organisation entered."""


class NotOpenError(RuleViolatedError):
    """This case does not wait for a moderator."""


class HeldByAnotherError(RuleViolatedError):
    """Another moderator holds this case at the moment."""


class TokenMissingError(RuleViolatedError):
    """Take the case first and send its token in the header Fencing-Token."""


class TokenStaleError(RuleViolatedError):
    """This token is no longer the one that holds the case: take it again."""


class TokenOfAnotherError(RuleViolatedError):
    """This token was given to another moderator."""


class LeaseLapsedError(RuleViolatedError):
    """Your hold on the case ran out: take it again."""


class LevelsIncompleteError(RuleViolatedError):
    """Each of the three criteria needs a level."""


class EvidenceMissingError(RuleViolatedError):
    """Each criterion needs at least one evidence reference."""


class RationaleMissingError(RuleViolatedError):
    """Each of the three criteria needs a rationale."""


class AlreadyJudgedError(RuleViolatedError):
    """You have judged this case already, and a judgement never changes."""


class NotReferredError(RuleViolatedError):
    """This case has not been referred to the lead."""


class NotAnOverturnError(RuleViolatedError):
    """These levels lead to the reviewer's own outcome: uphold it instead."""


class NotInPlanError(RuleViolatedError):
    """The plan of this cohort does not allow this decision: take one that it does."""


class AlreadyDecidedError(RuleViolatedError):
    """This case has been decided otherwise, and a decision never changes."""


class NotSettledError(RuleViolatedError):
    """This case is not decided yet, so its outcome is not released."""


class JudgementRecalledError(RuleViolatedError):
    """The reviewer is judging this again: wait until their judgement has come."""


class RecallPossibleError(RuleViolatedError):
    """The judgement may still be taken back: take the case afterwards."""


class CaseWithdrawnError(RuleViolatedError):
    """The participant has withdrawn, so this case is not judged any more."""


class AlreadyReturnedError(RuleViolatedError):
    """This was returned once already: uphold, amend or overturn it now."""


class LevelsChangedError(RuleViolatedError):
    """Amended feedback keeps the reviewer's levels; to change them, overturn."""
