"""The write side of review, and what its holder may open."""

from services.review.handlers.allocating import Allocating, CatchingUpError, Wanted
from services.review.handlers.arrivals import Arrivals
from services.review.handlers.claims import Claims
from services.review.handlers.comparing import Comparing, Comparison
from services.review.handlers.confirming import Confirming
from services.review.handlers.conflicts import Conflicts, Deciding
from services.review.handlers.drafting import Drafting, OwnWords
from services.review.handlers.moving import (
    Moving,
    Owner,
    Referral,
    TakenReview,
    Taking,
)
from services.review.handlers.opening import (
    NotHeldError,
    Opening,
    PortfolioErasedError,
)
from services.review.handlers.overriding import Allowing, Override, Overriding
from services.review.handlers.proposing import FeedbackProposal
from services.review.handlers.recalling import Recalling
from services.review.handlers.reviewers import Reviewers
from services.review.handlers.reviews import Reviews
from services.review.handlers.sealing import Sealing
from services.review.handlers.wanting import WantedBeside
from services.review.handlers.words import (
    CriterionWords,
    FeedbackWords,
    FilledText,
    HeldReview,
    RecallWords,
    Shown,
)

__all__ = [
    "Allocating",
    "Allowing",
    "Arrivals",
    "CatchingUpError",
    "Claims",
    "Comparing",
    "Comparison",
    "Confirming",
    "Conflicts",
    "CriterionWords",
    "Deciding",
    "Drafting",
    "FeedbackProposal",
    "FeedbackWords",
    "FilledText",
    "HeldReview",
    "Moving",
    "NotHeldError",
    "Opening",
    "Override",
    "Overriding",
    "OwnWords",
    "Owner",
    "PortfolioErasedError",
    "RecallWords",
    "Recalling",
    "Referral",
    "Reviewers",
    "Reviews",
    "Sealing",
    "Shown",
    "TakenReview",
    "Taking",
    "Wanted",
    "WantedBeside",
]
