"""Why something about a qualification is refused."""

from shared.errors import NotFoundError, RuleViolatedError


class NoQualificationError(RuleViolatedError):
    """The plan of this cohort lets nobody qualify: its seeds have no qualification."""


class NothingToQualifyForError(RuleViolatedError):
    """They may judge: only who is paused qualifies, or new where the plan says so."""


class TooFewSeedsError(RuleViolatedError):
    """Too few seeds are left that this reviewer may get: add some to the pool first."""


class CohortClosedError(RuleViolatedError):
    """The key of this cohort is public: nobody qualifies in it any more."""


class StoppedError(RuleViolatedError):
    """Their last chance in this cohort is gone: they stay paused until it is closed."""


class NoCourseError(NotFoundError):
    """Nobody of this name qualifies, or has, in this cohort."""


class CourseOverError(RuleViolatedError):
    """This course has ended: there is nothing to end."""


class QualificationFirstError(RuleViolatedError):
    """This pause ends when they have qualified: let them, in the cohort named here."""
