"""Facts and values that the examples of notification share."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from services.notification.domain.backoff import Patience
from services.notification.domain.events import (
    About,
    Announcement,
    Rendered,
    Requested,
    StoredLetter,
    ToPerson,
)
from services.notification.domain.matters import Resubmission
from shared.personal import Personal

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
NOTICE_ID = str(UUID(int=7))
ABOUT = About(notice_id=NOTICE_ID, case_id="c1", template="outcome-cnm")
PATIENCE = Patience(
    first_wait=timedelta(seconds=30), longest_wait=timedelta(hours=1), tries=3
)


def sealed(text: str) -> Personal[str]:
    """Return an envelope that nobody opens here."""
    return Personal(subject="p-ana", key="k1", nonce="n", ciphertext=text)


ANNOUNCEMENT = Announcement(
    triggered_by=UUID(int=3),
    owner="submission",
    stream="case-c1",
    recipient=ToPerson(person_id="p-ana"),
    matter=Resubmission(closes_on=date(2026, 12, 14), feedback=sealed("feedback")),
    told_at=NOW,
)
LETTER = StoredLetter(
    path="p-ana/" + "ab" * 32,
    ciphertext_sha256="ab" * 32,
    content_hash="cd" * 32,
    size_bytes=40_000,
)
REQUESTED = Requested(about=ABOUT, announcement=ANNOUNCEMENT, occurred_at=NOW)
RENDERED = Rendered(
    about=ABOUT,
    template_version=1,
    template_sha256="ef" * 32,
    message_id=f"<{NOTICE_ID}@attest.example>",
    letter=LETTER,
    address=sealed("address"),
    occurred_at=NOW,
)
