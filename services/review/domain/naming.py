"""Ids of reviews: ``{case}.{attempt}.{number}``, where number 1 is the first review.

Every later number is a fresh review of the same attempt, by somebody with no part.
"""

_FIRST = 1


def review_id_of(case_id: str, attempt: int, number: int = _FIRST) -> str:
    """Return the id of a review of one attempt; of the first without a *number*."""
    return f"{case_id}.{attempt}.{number}"


def case_of(review_id: str) -> str:
    """Return the case that a review is of."""
    return review_id.partition(".")[0]


def attempt_of(review_id: str) -> int:
    """Return the attempt that a review is of."""
    return int(review_id.split(".")[1])


def is_first(review_id: str) -> bool:
    """Tell whether it is the first review of its attempt, and no fresh one."""
    return int(review_id.rpartition(".")[2]) == _FIRST
