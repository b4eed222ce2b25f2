"""Rendering: from a decision to the bytes of its letter. Pure."""

import hashlib
from datetime import datetime

from services.notification.letters.addresses import Correspondent
from services.notification.letters.bodies import html_body, text_body
from services.notification.letters.compose import compose
from services.notification.letters.letter import Letter, RenderedLetter
from services.notification.letters.mime import Heading, message_bytes
from services.notification.letters.pdf import pdf_of
from services.notification.letters.words import digest_of, template_versions


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
        pdf=pdf_of(document, created_at=sent_at),
        pdf_name=f"decision-{letter.case_id}.pdf",
    )
    return RenderedLetter(
        content=content,
        message_id=message_id,
        template=letter.template,
        template_version=template_versions()[letter.template].version,
        template_sha256=digest_of(letter.template),
        content_sha256=hashlib.sha256(content).hexdigest(),
    )
