"""What each letter may tell, for a preview: invented, dated from a given moment on.

Invariant: there is a sample for every letter, and nobody real in any of them.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from services.notification.domain import matters
from services.notification.domain.events import Template
from services.notification.domain.matters import Matter
from shared.contracts.feedback import CriterionFeedback, Feedback, Modification
from shared.contracts.programme import Programme
from shared.personal import Personal
from shared.vocabulary import CRITERIA, MET_LEVEL

CASE = "c-sample"
COHORT = "sample"
READER = "Sample Reader"
PARTICIPANT = "Sample Participant"
LINK = "https://example.invalid/one-time-link"
WORDS = "Here stand the reasons, as they were written for the participant."

_SEALED = Personal[str](subject="sample", key="none", nonce="none", ciphertext="none")
_REVIEW = f"{CASE}.1.1"
_MONTH = timedelta(days=30)


def sample_matter(template: Template, at: datetime) -> Matter:
    """Return something that *template* may tell; what lies ahead is a month away."""
    return _SAMPLES[template](at)


def sample_feedback(programme: Programme, *, is_met: bool) -> Feedback:
    """Return feedback in the terms of *programme*.

    Unless *is_met*, one criterion is below the level and asks for a change.
    """
    section = programme.templates[0].sections[0].key
    standard = next(iter(programme.every_standard()))
    change = Modification(
        section=section,
        standard=str(standard.number),
        text="Here stands what has to change, and what would show that it has.",
    )
    met = CriterionFeedback(
        level=MET_LEVEL, comment="Here stands what the reviewer found, with examples."
    )
    unmet = met.model_copy(
        update={"level": MET_LEVEL - 1, "modifications": (change,)},
    )
    first, *others = CRITERIA
    return Feedback(
        overall="Here stands what the reviewer says of the whole portfolio.",
        criteria={first: met if is_met else unmet, **dict.fromkeys(others, met)},
    )


def _appointment(
    at: datetime, *, sequence: int = 0, is_viva: bool = True
) -> matters.Appointment:
    return matters.Appointment(
        what="viva" if is_viva else "conversation",
        number=1,
        sequence=sequence,
        starts_at=at + _MONTH,
        minutes=60 if is_viva else 30,
        mode="remote" if is_viva else None,
    )


_SAMPLES: Mapping[Template, Callable[[datetime], Matter]] = {
    "receipt": lambda at: matters.Receipt(
        attempt=1,
        submitted_at=at,
        review_opens_at=at + _MONTH,
        snapshot_sha256="0" * 64,
    ),
    "statement-request": lambda at: matters.Invitation(
        request_id="sample", contribution="manager", expires_at=at + _MONTH
    ),
    "feedback-request": lambda at: matters.Invitation(
        request_id="sample", contribution="learner", expires_at=at + _MONTH
    ),
    "review-allocated": lambda at: matters.Assignment(
        review_id=_REVIEW, due_at=at + _MONTH
    ),
    "review-overdue": lambda at: matters.Assignment(review_id=_REVIEW, due_at=at),
    "conflict-found": lambda _: matters.LateConflict(
        review_id=_REVIEW, because="declared", when="released"
    ),
    "moderation-overdue": lambda at: matters.Lateness(attempt=1, due_at=at),
    "moderation-result": lambda _: matters.Moderated(
        review_id=_REVIEW, result="upheld"
    ),
    "outcome-cm": lambda _: matters.Decision(attempt=1, outcome="CM", feedback=_SEALED),
    "outcome-cnm": lambda at: matters.Resubmission(
        closes_on=(at + _MONTH).date(), feedback=_SEALED
    ),
    "outcome-cnm-again": lambda _: matters.Restart(
        reason="criteria_not_met_again", feedback=_SEALED
    ),
    "outcome-confirmed": lambda _: matters.Decision(
        attempt=1, outcome="CNM", replaces="CNM", feedback=_SEALED
    ),
    "reminder-submission": lambda at: matters.Reminder(
        about="submission", closes_on=(at + timedelta(days=14)).date(), days_left=14
    ),
    "reminder-resubmission": lambda at: matters.Reminder(
        about="resubmission", closes_on=(at + timedelta(days=7)).date(), days_left=7
    ),
    "restart": lambda _: matters.Restart(reason="resubmission_late", feedback=None),
    "viva-offered": lambda _: matters.VivaOffer(number=1),
    "reminder-viva": lambda at: matters.Reminder(
        about="viva", closes_on=(at + timedelta(days=7)).date(), days_left=7
    ),
    "viva-booked": _appointment,
    "viva-moved": lambda at: _appointment(at, sequence=1),
    "viva-not-passed": lambda _: matters.VivaResult(number=1, last=False),
    "award": lambda at: matters.Award(award_id="SAMPLE", conferred_at=at),
    "conversation-booked": lambda at: _appointment(at, is_viva=False),
    "explanation-requested": lambda at: matters.ExplanationDue(
        due_on=(at + timedelta(days=7)).date()
    ),
    "explanation": lambda at: matters.Explanation(
        words=_SEALED, appeal_by=(at + timedelta(days=14)).date()
    ),
    "appeal-received": lambda _: matters.Appeal(
        against="decision", grounds=("procedural-error",), due_on=None
    ),
    "appeal-upheld": lambda _: matters.AppealDecision(
        is_upheld=True, remedy="fresh_review", words=_SEALED
    ),
    "appeal-dismissed": lambda _: matters.AppealDecision(
        is_upheld=False, remedy=None, words=_SEALED
    ),
}
