"""Feedback as the participant will read it, composed of what the reviewer wrote."""

from collections.abc import Mapping

from pydantic import ValidationError

from services.review.handlers.words import CriterionWords, FeedbackWords
from shared.contracts.feedback import CriterionFeedback, Feedback, Modification
from shared.errors import RuleViolatedError
from shared.vocabulary import CRITERIA, CriterionKey


class CommentMissingError(RuleViolatedError):
    """Feedback needs a comment on each of the three criteria."""


class FeedbackTooLongError(RuleViolatedError):
    """The feedback is too long to be stored: shorten it."""


def compose(
    words: FeedbackWords, judged: Mapping[CriterionKey, CriterionWords]
) -> Feedback:
    """Return the feedback: overall text, and per criterion comment and modifications.

    The rationale stays with the assessors. *judged* holds all three criteria.

    Raises:
        CommentMissingError: names the criteria without a comment. Source: S0:
            detailed written feedback on which aspects need to be improved.
        FeedbackTooLongError: it does not fit into one fact.
    """
    missing = [key for key in CRITERIA if key not in words.comments]
    if missing:
        message = f"Write a comment on {', '.join(missing)}."
        raise CommentMissingError(message, missing=missing)
    try:
        return Feedback(
            overall=words.overall,
            criteria={
                key: _criterion(words.comments[key], judged[key]) for key in CRITERIA
            },
        )
    except ValidationError:
        pass
    # Outside the handler: the error quotes the feedback, so it is not chained.
    raise FeedbackTooLongError


def _criterion(comment: str, words: CriterionWords) -> CriterionFeedback:
    return CriterionFeedback(
        level=words.level,
        comment=comment,
        modifications=tuple(
            Modification(section=each.section, standard=each.standard, text=each.text)
            for each in words.modifications
        ),
    )
