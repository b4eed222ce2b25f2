"""What passes between a participant and the office."""

from typing import Literal, TypeAlias

from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import PersonId

Side: TypeAlias = Literal["participant", "office"]
"""Who asks; the other one answers."""


class QueryAsked(Fact):
    """The participant or the office wants to know something."""

    type: Literal["submission.QueryAsked"] = "submission.QueryAsked"
    query_id: str
    asked_by: Side
    author_id: PersonId
    text: Personal[str]


class QueryAnswered(Fact):
    """The other side answered."""

    type: Literal["submission.QueryAnswered"] = "submission.QueryAnswered"
    query_id: str
    author_id: PersonId
    text: Personal[str]


class DetailsOpened(Fact):
    """Somebody of the staff read protected data, and said why."""

    type: Literal["submission.DetailsOpened"] = "submission.DetailsOpened"
    opened_by: PersonId
    field: str
    """Name of the kind of field, for example ``portfolio.adjustment``."""
    reason: Personal[str]


OfficeEvent: TypeAlias = QueryAsked | QueryAnswered | DetailsOpened
"""What changes no date and no decision."""
