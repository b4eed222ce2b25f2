"""Words of other people in a portfolio: who was asked for them, and who gave them.

Invariant: who is asked appears as an opaque id and a keyed hash; name and address are
sealed for that person, the words lie in a blob.
"""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from shared.contracts.portfolio import SectionKey
from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import PersonId, Sha256

ContributionKind: TypeAlias = Literal["colleague", "manager", "learner", "mentor"]
"""Who can be asked through a one-time link. Source: S0."""


class _Requested(Fact):
    request_id: SectionKey
    section: SectionKey
    """The section of the template the words belong to."""
    key: SectionKey
    """Under which key this one contribution stands in the portfolio."""
    contribution: ContributionKind
    recipient_id: PersonId
    address_hash: Sha256
    """Keyed hash of the address: what the recipient confirms."""
    name: Personal[str]
    email: Personal[str]
    reads_portfolio: bool
    """Whether the link gives read access. Source: S0."""
    expires_at: AwareDatetime


class FeedbackRequested(_Requested):
    """Somebody is asked, by a one-time link, what they saw of the work."""

    type: Literal["submission.FeedbackRequested"] = "submission.FeedbackRequested"


class StatementRequested(_Requested):
    """A mentor or manager is asked, by a one-time link, for their statement."""

    type: Literal["submission.StatementRequested"] = "submission.StatementRequested"


class _Received(Fact):
    request_id: SectionKey
    key: SectionKey
    words: int = Field(ge=0)
    content_hash: Sha256
    path: str

    @property
    def pictures(self) -> int:
        """None: what comes through a link is words."""
        return 0


class FeedbackReceived(_Received):
    """The link was used: what was written is part of the portfolio."""

    type: Literal["submission.FeedbackReceived"] = "submission.FeedbackReceived"


class StatementReceived(_Received):
    """The link was used: the statement is part of the portfolio."""

    type: Literal["submission.StatementReceived"] = "submission.StatementReceived"


ContributionRequested: TypeAlias = FeedbackRequested | StatementRequested
ContributionReceived: TypeAlias = FeedbackReceived | StatementReceived
ContributionEvent: TypeAlias = ContributionRequested | ContributionReceived
