"""Why something about a cohort's moderation is refused."""

from shared.errors import RuleViolatedError


class PlanUnpublishedError(RuleViolatedError):
    """This needs a published plan whose randomness is fixed; see GET /plans."""


class AnotherPlanPublishedError(RuleViolatedError):
    """The cohort has another plan already, and a plan never changes."""


class RuleNameTakenError(RuleViolatedError):
    """A floor of the plan is called like another rule: give it a name of its own."""


class DecisionUnknownError(RuleViolatedError):
    """The plan names decisions that there are none of: use those that are known."""


class UndecidableError(RuleViolatedError):
    """The plan needs a decision that keeps an outcome and one that changes it."""


class PlanTooLateError(RuleViolatedError):
    """Judgements came before this plan: say why in late_because; all are moderated."""


class NotAPartyError(RuleViolatedError):
    """Only the three parties named in the plan take part in the randomness."""


class BoundToAnotherNonceError(RuleViolatedError):
    """This party has committed to a number already and stays bound to it."""


class CommitmentsMissingError(RuleViolatedError):
    """Nobody reveals before all three parties have committed."""


class NonceDoesNotMatchError(RuleViolatedError):
    """This number is not the one the party committed to: reveal that one."""


class DrawsWaitingError(RuleViolatedError):
    """Some judged cases still wait for their draw: all three parties must reveal."""


class CohortNotSettledError(RuleViolatedError):
    """Some drawn cases are not settled: moderate them before the release."""


class JudgementsRecalledError(RuleViolatedError):
    """Some judgements were taken back and have not come again: release afterwards."""


class RecallsPossibleError(RuleViolatedError):
    """Some judgements may still be taken back: release afterwards."""


class NothingJudgedError(RuleViolatedError):
    """No case of this round has been judged yet."""


class NoRiskLimitError(RuleViolatedError):
    """The plan limits no risk: release the cohort once what is drawn is settled."""


class RiskNotLimitedError(RuleViolatedError):
    """Too little is moderated for the risk the plan allows: ask for more of it."""


class AllHeldError(RuleViolatedError):
    """What is judged is held until all work of its paused reviewers is moderated."""


class NothingReleasedError(RuleViolatedError):
    """The key is revealed at the close: release the cohort first."""


class OutcomesUnreleasedError(RuleViolatedError):
    """Some judged cases are not released yet: release them first."""


class KeySecretError(RuleViolatedError):
    """Draws are checked once the key is public: release the cohort, then reveal it."""


class KeyDoesNotMatchError(RuleViolatedError):
    """The key is not the one that was committed to: its wrapping was altered."""
