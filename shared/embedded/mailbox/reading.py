"""What programs read of the mailbox: ``/mailbox/letters``. Translation only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Query
from fastapi.params import Depends
from pydantic import BaseModel

from shared.embedded.mailbox.letters import Letter
from shared.embedded.mailbox.mailbox import PAGE_SIZE, Mailbox

LONGEST_ADDRESS = 254
"""Characters of an address. Source: RFC 5321, section 4.5.3.1.3."""

To = Annotated[
    str | None, Query(max_length=LONGEST_ADDRESS, description="A recipient's address")
]
After = Annotated[int | None, Query(ge=1, description="Letters older than this number")]
Limit = Annotated[int, Query(ge=1, le=PAGE_SIZE)]


class LinkRead(BaseModel):
    """A web address in a letter, with the words that carry it."""

    address: str
    words: str


class LetterRead(BaseModel):
    """One letter as its recipient reads it."""

    letter_id: str
    number: int
    subject: str
    sender: str
    recipients: tuple[str, ...]
    received_at: datetime
    deliveries: int
    text: str | None
    links: tuple[LinkRead, ...]
    attachments: tuple[str, ...]
    """Names of the files."""

    @classmethod
    def of(cls, letter: Letter) -> Self:
        """Return *letter* without its HTML and the content of its files."""
        summary = letter.summary
        return cls(
            letter_id=summary.letter_id,
            number=summary.number,
            subject=summary.subject,
            sender=summary.sender,
            recipients=summary.recipients,
            received_at=summary.received_at,
            deliveries=summary.deliveries,
            text=letter.text,
            links=tuple(
                LinkRead(address=link.address, words=link.words)
                for link in letter.links
            ),
            attachments=tuple(file.name for file in letter.attachments),
        )


class LettersRead(BaseModel):
    """Letters, newest first, and where the older ones begin."""

    items: tuple[LetterRead, ...]
    next: int | None


def letters_router(
    mailbox: Mailbox, *, dependencies: Sequence[Depends] = ()
) -> APIRouter:
    """Return ``/mailbox/letters``; include it before the pages.

    *dependencies*: give the one that demands an identity.
    """
    router = APIRouter(dependencies=list(dependencies), include_in_schema=False)

    @router.get("/mailbox/letters")
    async def letters(
        to: To = None, after: After = None, limit: Limit = PAGE_SIZE
    ) -> LettersRead:
        found = mailbox.letters(limit=limit + 1, before=after, to=to)
        shown = found[:limit]
        items = [await mailbox.letter(each.letter_id) for each in shown]
        return LettersRead(
            items=tuple(LetterRead.of(letter) for letter in items),
            next=shown[-1].number if len(found) > limit else None,
        )

    return router
