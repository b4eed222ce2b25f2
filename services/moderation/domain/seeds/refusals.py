"""Why something about a seed is refused."""

from shared.errors import ForbiddenError, NotFoundError, RuleViolatedError


class UnknownSeedError(NotFoundError):
    """There is no such seed in the pool of this programme."""


class UnknownSourceError(NotFoundError):
    """Nothing of this case is decided in this programme."""


class AlreadyASeedError(RuleViolatedError):
    """This case is in the pool already: choose another, also when that was retired."""


class NotToldYetError(RuleViolatedError):
    """Only a case whose outcome is released can become a seed."""


class SourceWithdrawnError(RuleViolatedError):
    """The participant has withdrawn: their portfolio is not used."""


class PanelNotIndependentError(RuleViolatedError):
    """Somebody of the panel judged the case, or has a bond with its participant."""


class NotOfThePanelError(ForbiddenError):
    """Only the three people of its panel judge a seed."""


class MarkedAlreadyError(RuleViolatedError):
    """You have judged this seed: definitive marks are given once."""


class LevelsMissingError(RuleViolatedError):
    """Give a level for each of the three criteria."""


class SeedRetiredError(RuleViolatedError):
    """This seed is retired."""
