"""A settled case that is judged again because of who judged it."""

from typing import Literal

from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import CaseId, PersonId


class RecheckOrdered(Fact):
    """A moderator of it is paused: the lead has the unreleased case judged again."""

    type: Literal["moderation.RecheckOrdered"] = "moderation.RecheckOrdered"
    case_id: CaseId
    moderator_id: PersonId
    """The paused moderator; what they judged stays as it is."""
    ordered_by: PersonId
    reason: Personal[str]
    """Why, under that person's key."""
