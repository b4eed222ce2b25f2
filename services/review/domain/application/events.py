"""What can happen to the application of a preview: stream ``application-{id}``."""

from typing import Literal, TypeAlias

from shared.decider import Fact
from shared.vocabulary import PersonId, Sha256


class ApplicationBegun(Fact):
    """From here on the reviews of a preview are given to its reviewers, one by one.

    A large one is several facts, each a part of it, written together.
    """

    type: Literal["review.ApplicationBegun"] = "review.ApplicationBegun"
    based_on: Sha256
    """Digest of what the preview was computed from."""
    by: PersonId
    given: dict[PersonId, tuple[str, ...]]
    """Ids of reviews, by who gets them."""


ApplicationEvent: TypeAlias = ApplicationBegun
