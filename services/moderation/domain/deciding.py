"""What every decision about a compared judgement is made of; `decisions` has them all.

Invariant: people write `Words`, in clear; a decision is made from what is `Given`, with
every text sealed, and a fact that `Settles` says itself what it changes.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field

from services.moderation.domain.sampling import PARTS_PER_MILLION
from shared.contracts.feedback import Feedback
from shared.contracts.feedback import Words as Text
from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import CriterionKey, Level, ModerationResult, Outcome

OtherWork: TypeAlias = Literal["widened", "remark_all", "not_widened"]
"""What follows for the reviewer's other work: more of it is moderated, all that is not
released, or no more, with a reason. Source: moderation.md 5."""


class _Strict(BaseModel):
    """Words from outside: strict, and silent about what was typed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Consequence(_Strict):
    """What is decided about the reviewer's other work when a result may change."""

    other_work: OtherWork
    """More of it in this cohort is moderated, all that is not released, or no more."""
    other_work_reason: Text
    widen_to_ppm: int = Field(default=PARTS_PER_MILLION, ge=1, le=PARTS_PER_MILLION)


class Words(_Strict):
    """A decision as somebody asks for it, and the rules of who may and what it makes.

    Each decision also has a static ``decided``, from what is given to its fact.
    """

    makes: ClassVar[type[Fact]]
    """A fact that `Settles` the case, or the one that sends it back."""
    also_by_judges: ClassVar[bool] = False
    """Also until the release, by the lead or by a moderator who judged the case."""

    decision: str
    reason: Text

    @property
    def consequence(self) -> Consequence | None:
        """What follows for the reviewer's other work, where it asks for that."""
        fields = (value for _, value in self)
        return next((each for each in fields if isinstance(each, Consequence)), None)

    @property
    def new_feedback(self) -> Feedback | None:
        """What the participant reads instead, where it asks for that."""
        found = (getattr(each, "feedback", None) for each in (self, self.consequence))
        return next((each for each in found if isinstance(each, Feedback)), None)

    @classmethod
    def name(cls) -> str:
        """Return what words and plans call it."""
        (name,) = get_args(cls.model_fields["decision"].annotation)
        return str(name)

    @classmethod
    def goes_back(cls) -> bool:
        """Tell whether its reviewer judges again, once, and reads the reason."""
        return not issubclass(cls.makes, Settles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a decision is made from: of each kind of words what it asks for, sealed."""

    decided_by: str
    reason: Personal[str]
    levels: dict[CriterionKey, Level] = field(default_factory=dict)
    """As the new feedback says them; none without it."""
    feedback: Personal[str] | None = None
    other_work: OtherWork | None = None
    other_work_reason: Personal[str] | None = None
    due_at: datetime | None = None
    """End of the month it has again, when it goes back."""
    occurred_at: datetime


class Settles(Fact):
    """A decision that settles a case: its outcome and feedback replace others."""

    sentence: ClassVar[str]
    """What it is called when people read a timeline; names nobody."""

    @classmethod
    def changes_outcome(cls) -> bool:
        """Tell whether it has an outcome of its own."""
        return "outcome" in cls.model_fields

    @property
    def new_outcome(self) -> Outcome | None:
        """The outcome instead of the reviewer's; None where theirs stands."""
        return getattr(self, "outcome", None)

    @property
    def new_feedback(self) -> Personal[str] | None:
        """What the participant reads instead; None for what the reviewer wrote."""
        return getattr(self, "feedback", None)

    @property
    def result(self) -> ModerationResult:
        """What the reviewer hears of it."""
        if self.new_outcome is not None:
            return "overturned"
        return "upheld" if self.new_feedback is None else "amended"
