"""A decision with feedback as reviewers write it, and a way to render it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO

from pypdf import PdfReader

from services.notification.domain import matters
from services.notification.domain.events import Template
from services.notification.domain.matters import Matter
from services.notification.letters import (
    Correspondent,
    Letter,
    RenderedLetter,
    message_id_of,
    render_letter,
)
from shared.contracts.feedback import CriterionFeedback, Feedback, Modification
from shared.programmes import load_programme
from tests.unit.notification.examples import sealed

PROGRAMME_VERSION = load_programme("ATS").programme_version
POLICY_VERSION = load_programme("ATS").policy_version
DECIDED_AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
DUE_AT = datetime(2026, 12, 16, tzinfo=UTC)
"""The end of 15 December."""
SENT_AT = datetime(2026, 11, 2, 9, 31, tzinfo=UTC)
MESSAGE_ID = message_id_of("00000000-0000-0000-0000-000000000007", "attest.example")
SENDER = Correspondent("Professional Status Team", "status-team@attest.example")
RECIPIENT = Correspondent("Zoë Adébáyò-O\u2019Brien", "zoe@riverside.example")

FEEDBACK = Feedback(
    overall="Your account of the resit groups is vivid.\n\nThe others are not heard.",
    criteria={
        "authenticity": CriterionFeedback(level=3, comment="Dated and consistent."),
        "sufficiency": CriterionFeedback(
            level=2,
            comment="The effect on colleagues is asserted:\n- nobody is quoted.",
            modifications=(
                Modification(
                    section="improvement-project",
                    standard="20",
                    text="Quote two colleagues.\n\nSay how long it lasted.",
                ),
            ),
        ),
        "reliability": CriterionFeedback(
            level=3,
            comment="From your present role.",
            modifications=(
                Modification(
                    section="action-plan", standard="2", text="Name who reviews it."
                ),
            ),
        ),
    },
)
ALL_MET = FEEDBACK.model_copy(
    update={
        "criteria": {
            **FEEDBACK.criteria,
            "sufficiency": CriterionFeedback(level=4, comment="Others can learn here."),
        }
    }
)
MATTERS: Mapping[Template, Matter] = {
    "receipt": matters.Receipt(
        attempt=1,
        submitted_at=DECIDED_AT,
        review_opens_at=datetime(2026, 11, 16, tzinfo=UTC),
        snapshot_sha256="5a" * 32,
    ),
    "statement-request": matters.Invitation(
        request_id="r-1", contribution="manager", expires_at=DECIDED_AT
    ),
    "feedback-request": matters.Invitation(
        request_id="r-2", contribution="learner", expires_at=DECIDED_AT
    ),
    "review-allocated": matters.Assignment(review_id="c-1.1.1", due_at=DUE_AT),
    "review-overdue": matters.Assignment(review_id="c-1.1.1", due_at=DUE_AT),
    "conflict-found": matters.LateConflict(
        review_id="c-1.1.1", because="declared", when="released"
    ),
    "moderation-overdue": matters.Lateness(attempt=2, due_at=DUE_AT),
    "moderation-result": matters.Moderated(review_id="c-1.1.1", result="overturned"),
    "outcome-cm": matters.Decision(attempt=1, outcome="CM", feedback=sealed("f")),
    "outcome-cnm": matters.Resubmission(
        closes_on=date(2026, 12, 14), feedback=sealed("f")
    ),
    "outcome-cnm-again": matters.Restart(
        reason="criteria_not_met_again", feedback=sealed("f")
    ),
    "outcome-confirmed": matters.Decision(
        attempt=1, outcome="CM", replaces="CNM", feedback=sealed("f")
    ),
    "reminder-submission": matters.Reminder(
        about="submission", closes_on=date(2026, 11, 16), days_left=14
    ),
    "reminder-resubmission": matters.Reminder(
        about="resubmission", closes_on=date(2026, 11, 3), days_left=1
    ),
    "reminder-viva": matters.Reminder(
        about="viva", closes_on=date(2026, 11, 3), days_left=1
    ),
    "restart": matters.Restart(reason="resubmission_late", feedback=None),
    "viva-offered": matters.VivaOffer(number=1),
    "viva-booked": matters.Appointment(
        what="viva",
        number=1,
        sequence=0,
        starts_at=datetime(2027, 6, 1, 9, 30, tzinfo=UTC),
        minutes=60,
        mode="remote",
    ),
    "viva-moved": matters.Appointment(
        what="viva",
        number=1,
        sequence=1,
        starts_at=datetime(2027, 6, 2, 13, 0, tzinfo=UTC),
        minutes=60,
        mode="in_person",
    ),
    "viva-not-passed": matters.VivaResult(number=1, last=False),
    "award": matters.Award(award_id="ATS-2026-7Q4K", conferred_at=DECIDED_AT),
    "conversation-booked": matters.Appointment(
        what="conversation",
        number=1,
        sequence=0,
        starts_at=datetime(2026, 11, 9, 15, 0, tzinfo=UTC),
        minutes=30,
    ),
    "explanation-requested": matters.ExplanationDue(due_on=date(2026, 11, 9)),
    "explanation": matters.Explanation(words=sealed("w"), appeal_by=date(2026, 11, 16)),
    "appeal-received": matters.Appeal(
        against="decision", grounds=("procedural-error",), due_on=None
    ),
    "appeal-upheld": matters.AppealDecision(
        is_upheld=True, remedy="fresh_review", words=sealed("w")
    ),
    "appeal-dismissed": matters.AppealDecision(
        is_upheld=False, remedy=None, words=sealed("w")
    ),
}
"""Something that each letter tells."""
REASONS = "The reviewer read every section.\n\nNothing else was left out."
LINK = "https://awards.example/submission/statement/r-1?t=abc"


def feedback_saying(words: str) -> Feedback:
    """Return feedback that has *words* wherever a reviewer can write."""
    change = Modification(section=words[:100], standard=words[:30], text=words)
    said = CriterionFeedback(level=2, comment=words, modifications=(change,))
    return Feedback(
        overall=words,
        criteria={"authenticity": said, "sufficiency": said, "reliability": said},
    )


def letter_of(
    template: Template, feedback: Feedback | None = None, matter: Matter | None = None
) -> Letter:
    """Return a letter of *template*, with everything it has."""
    matter = matter or MATTERS[template]
    is_invitation = isinstance(matter, matters.Invitation)
    shown = feedback or (ALL_MET if template == "outcome-cm" else FEEDBACK)
    return Letter(
        template=template,
        case_id="c-7f3a9d21",
        matter=matter,
        told_at=DECIDED_AT,
        programme="ATS",
        programme_version=PROGRAMME_VERSION,
        policy_version=POLICY_VERSION,
        cohort_id="ats-2025-10",
        feedback=shown if matters.sealed_feedback(matter) else None,
        words=REASONS if matters.sealed_words(matter) else None,
        link=LINK if is_invitation else None,
        participant="Ana Sousa" if is_invitation else None,
    )


LETTER = letter_of("outcome-cnm")


def rendered(
    letter: Letter = LETTER,
    *,
    sender: Correspondent = SENDER,
    recipient: Correspondent = RECIPIENT,
    message_id: str = MESSAGE_ID,
) -> RenderedLetter:
    """Return *letter* rendered with the usual rest."""
    return render_letter(
        letter,
        message_id=message_id,
        sent_at=SENT_AT,
        sender=sender,
        recipient=recipient,
    )


@dataclass(frozen=True, slots=True)
class Received:
    """A letter as a mail program takes it apart."""

    message: EmailMessage
    text: str
    html: str
    files: Mapping[str, bytes]

    @property
    def pdf(self) -> bytes:
        """The letter as a file, where it comes as one."""
        (name,) = (each for each in self.files if not each.startswith("certificate"))
        return self.files[name]

    @property
    def flowing_text(self) -> str:
        """The text body with every run of white space as one space."""
        return " ".join(self.text.split())

    @property
    def pdf_text(self) -> str:
        """The words on the pages of the PDF, as `flowing_text`."""
        pages = PdfReader(BytesIO(self.pdf)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())


def received(content: bytes) -> Received:
    """Return what arrives when *content* is sent."""
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    text = message.get_body(("plain",))
    html = message.get_body(("html",))
    files = {
        part.get_filename(""): _content(part) for part in message.iter_attachments()
    }
    assert text is not None
    assert html is not None
    return Received(message, text.get_content(), html.get_content(), files)


def _content(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content
