"""Rendering: from a decision to the bytes of its letter. Pure."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from services.notification.letters.addresses import Correspondent
from services.notification.letters.bodies import html_body, text_body
from services.notification.letters.calendar import calendar_of
from services.notification.letters.certificate import certificate_of
from services.notification.letters.compose import compose
from services.notification.letters.document import Document
from services.notification.letters.letter import Letter, RenderedLetter
from services.notification.letters.mime import File, Heading, message_bytes
from services.notification.letters.pdf import pdf_of
from services.notification.letters.words import (
    digest_of,
    letter_words,
    template_versions,
)
from shared.programmes import programme_of

PDF = "application/pdf"


def render_letter(
    letter: Letter,
    *,
    message_id: str,
    sent_at: datetime,
    sender: Correspondent,
    recipient: Correspondent,
) -> RenderedLetter:
    """Return *letter* as a message; equal arguments give equal bytes.

    *sent_at* is the date of the letter and comes from a fact, never from a clock.

    Raises:
        MalformedAddressError: an address cannot be written to.
        MalformedMessageIdError: it cannot be a header.
        UnknownProgrammeError: no programme has the letter's code.
        LetterUnprintableError: the PDF could not be set.
    """
    document = compose(letter, sent_at=sent_at, sender=sender, recipient=recipient)
    content = message_bytes(
        Heading(
            message_id=message_id,
            sent_at=sent_at,
            sender=sender,
            recipient=recipient,
            subject=document.subject,
        ),
        text=text_body(document),
        html=html_body(document),
        files=tuple(_files(letter, document, sent_at, sender, recipient)),
    )
    return RenderedLetter(
        content=content,
        message_id=message_id,
        template=letter.template,
        template_version=template_versions()[letter.template].version,
        template_sha256=digest_of(letter.template),
        content_sha256=hashlib.sha256(content).hexdigest(),
    )


def _files(
    letter: Letter,
    document: Document,
    sent_at: datetime,
    sender: Correspondent,
    recipient: Correspondent,
) -> Iterator[File]:
    words = letter_words(letter.template)
    if words.has_pdf:
        pdf = pdf_of(document, created_at=sent_at)
        kind = "decision" if document.decision else "letter"
        yield File(f"{kind}-{letter.case_id}.pdf", PDF, pdf)
    if words.has_certificate:
        programme = programme_of(letter)
        pdf = certificate_of(
            letter, programme, recipient=recipient, sender=sender, created_at=sent_at
        )
        yield File(f"certificate-{letter.case_id}.pdf", PDF, pdf)
    if words.has_calendar:
        entry = calendar_of(
            letter,
            sent_at=sent_at,
            sender=sender,
            recipient=recipient,
        )
        yield File("appointment.ics", "text/calendar", entry)
