"""A letter as its readers will see it, before anything is sent. Pure.

Invariant: the same words and layouts as `render_letter`, and nobody's address.
"""

from dataclasses import dataclass
from datetime import datetime

from services.notification.domain.events import Template
from services.notification.domain.matters import (
    Invitation,
    sealed_feedback,
    sealed_words,
    unsealed,
)
from services.notification.letters import samples
from services.notification.letters.addresses import Correspondent
from services.notification.letters.bodies import html_body, text_body
from services.notification.letters.compose import compose
from services.notification.letters.letter import Letter
from services.notification.letters.words import (
    digest_of,
    letter_words,
    template_versions,
)
from shared.contracts.feedback import Feedback
from shared.contracts.programme import Programme
from shared.errors import NotFoundError


class LetterUnknownError(NotFoundError):
    """This programme sends no such letter; its programme file lists those it sends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a letter says, and by which version of its words."""

    template: Template
    template_version: int
    template_sha256: str
    subject: str
    text: str
    html: str
    has_pdf: bool
    has_certificate: bool
    has_calendar: bool


def preview(
    template: Template,
    programme: Programme,
    *,
    feedback: Feedback | None,
    words: str | None,
    sender: Correspondent,
    at: datetime,
) -> Preview:
    """Return *template* with *feedback* and *words*, or with invented ones.

    Raises:
        LetterUnknownError: participants of the programme never get this letter.
    """
    if template not in programme.letters:
        raise LetterUnknownError(template=template, programme=programme.code)
    letter = _letter(template, programme, feedback, words, at)
    reader = Correspondent(samples.READER, "")
    document = compose(letter, sent_at=at, sender=sender, recipient=reader)
    files = letter_words(template)
    return Preview(
        template=template,
        template_version=template_versions()[template].version,
        template_sha256=digest_of(template),
        subject=document.subject,
        text=text_body(document),
        html=html_body(document),
        has_pdf=files.has_pdf,
        has_certificate=files.has_certificate,
        has_calendar=files.has_calendar,
    )


def _letter(
    template: Template,
    programme: Programme,
    feedback: Feedback | None,
    words: str | None,
    at: datetime,
) -> Letter:
    matter = samples.sample_matter(template, at)
    is_invitation = isinstance(matter, Invitation)
    if feedback is None:
        feedback = samples.sample_feedback(programme, is_met=template == "outcome-cm")
    return Letter(
        template=template,
        case_id=samples.CASE,
        matter=unsealed(matter),
        told_at=at,
        programme=programme.code,
        programme_version=programme.programme_version,
        policy_version=programme.policy_version,
        cohort_id=samples.COHORT,
        feedback=feedback if sealed_feedback(matter) else None,
        words=(words or samples.WORDS) if sealed_words(matter) else None,
        link=samples.LINK if is_invitation else None,
        participant=samples.PARTICIPANT if is_invitation else None,
    )
