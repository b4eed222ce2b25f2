"""A decision with feedback as reviewers write it, and a way to render it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO

from pypdf import PdfReader

from services.notification.domain.events import Template
from services.notification.letters import (
    Correspondent,
    Letter,
    RenderedLetter,
    message_id_of,
    render_letter,
)
from shared.contracts.feedback import CriterionFeedback, Feedback, Modification

DECIDED_AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
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
LETTER = Letter(
    template="outcome-cnm",
    case_id="c-7f3a9d21",
    cohort_id="ats-2025-10",
    programme="ATS",
    decided_at=DECIDED_AT,
    feedback=FEEDBACK,
)


def feedback_saying(words: str) -> Feedback:
    """Return feedback that has *words* wherever a reviewer can write."""
    change = Modification(section=words[:100], standard=words[:30], text=words)
    said = CriterionFeedback(level=2, comment=words, modifications=(change,))
    return Feedback(
        overall=words,
        criteria={"authenticity": said, "sufficiency": said, "reliability": said},
    )


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


def letter_of(template: Template, feedback: Feedback = FEEDBACK) -> Letter:
    """Return the usual letter with another template."""
    return replace(LETTER, template=template, feedback=feedback)


@dataclass(frozen=True, slots=True)
class Received:
    """A letter as a mail program takes it apart."""

    message: EmailMessage
    text: str
    html: str
    pdf: bytes

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
    (pdf,) = message.iter_attachments()
    assert text is not None
    assert html is not None
    return Received(message, text.get_content(), html.get_content(), pdf.get_content())
