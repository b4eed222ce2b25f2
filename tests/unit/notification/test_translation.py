"""What comes in, what goes out, what operators see, and what settings refuse."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr, ValidationError

from services.notification.app import CODEC
from services.notification.consumers import letter_for
from services.notification.domain.events import (
    Cancelled,
    Deferred,
    Failed,
    HandedOver,
    Held,
    NoticeFact,
    RetryOrdered,
    Uncertain,
)
from services.notification.outgoing import to_public
from services.notification.read_models import NoticeRow, follow_notice
from services.notification.settings import Settings
from shared.contracts.message import Received
from shared.contracts.moderation import OutcomeReleased
from shared.eventlog import StoredEvent
from shared.vocabulary import Outcome
from tests.support.stored import stored as as_stored
from tests.unit.notification.examples import (
    ABOUT,
    NOTICE_ID,
    NOW,
    RENDERED,
    REQUESTED,
    sealed,
)

LATER = NOW + timedelta(minutes=1)
DEFERRED = Deferred(
    about=ABOUT, reason="smtp-451", tries=1, next_try_at=LATER, occurred_at=NOW
)
FAILED = Failed(about=ABOUT, reason="smtp-550", tries=2, occurred_at=NOW)
HANDED_OVER = HandedOver(
    about=ABOUT, tries=2, message_id=RENDERED.message_id, occurred_at=NOW
)


def message(
    outcome: Outcome = "CNM", *, attempt: int = 1, event: int = 3
) -> Received[OutcomeReleased]:
    body = OutcomeReleased(
        case_id="c1",
        cohort_id="ats-2025-10",
        attempt=attempt,
        participant_id="p-ana",
        programme="ATS",
        programme_version="2025.1",
        policy_version="2025.1",
        outcome=outcome,
        feedback=sealed("feedback"),
        took_part=("p-rev", "p-mod"),
        released_at=NOW,
    )
    return Received(
        body=body,
        event_id=UUID(int=event),
        source="moderation",
        stream="moderation-c1.1",
        version=3,
        position=9,
        epoch=1,
        generation=1,
        occurred_at=NOW,
        correlation_id=UUID(int=1),
    )


def stored(fact: NoticeFact) -> StoredEvent:
    return as_stored(CODEC, fact, f"notice-{NOTICE_ID}")


def row_after(*facts: NoticeFact) -> NoticeRow:
    row: NoticeRow | None = None
    for fact in facts:
        row = follow_notice(row, fact, stored(fact))
    assert row is not None
    return row


class TestOutcomeReleased:
    """Source: domain.md section 5; one letter per (case, template, fact)."""

    def test_leads_to_one_letter_however_often_it_comes(self) -> None:
        assert letter_for(message()) == letter_for(message())

    def test_leads_to_another_letter_for_another_event(self) -> None:
        (first, _), (second, _) = letter_for(message()), letter_for(message(event=4))
        assert first.notice_id != second.notice_id

    @pytest.mark.parametrize(
        ("outcome", "attempt", "template"),
        [
            ("CM", 1, "outcome-cm"),
            ("CM", 2, "outcome-cm"),
            ("CNM", 1, "outcome-cnm"),
            ("CNM", 2, "outcome-cnm-again"),
        ],
    )
    def test_chooses_the_letter(
        self, outcome: Outcome, attempt: int, template: str
    ) -> None:
        """No second resubmission is offered. Source: S2 6.2.1, 6.2.3."""
        about, _ = letter_for(message(outcome, attempt=attempt))
        assert about.template == template

    def test_keeps_those_who_judged_out_of_the_letter_s_facts(self) -> None:
        """Participants never learn who judged. Source: domain.md section 1."""
        _, announcement = letter_for(message())
        assert "p-rev" not in announcement.model_dump_json()


class TestOutgoing:
    def test_tells_that_a_letter_left(self) -> None:
        told = to_public(HANDED_OVER, stored(HANDED_OVER))
        assert told is not None
        assert told.model_dump(mode="json") == {
            "type": "notification.HandedOver.v1",
            "notice_id": NOTICE_ID,
            "case_id": "c1",
            "template": "outcome-cnm",
            "handed_over_at": "2026-11-02T09:30:00Z",
        }

    def test_tells_that_a_letter_failed_by_its_code_alone(self) -> None:
        told = to_public(FAILED, stored(FAILED))
        assert told is not None
        assert told.model_dump()["reason"] == "smtp-550"

    def test_keeps_everything_else_private(self) -> None:
        for fact in (REQUESTED, RENDERED, DEFERRED):
            assert to_public(fact, stored(fact)) is None


class TestNoticeRow:
    def test_is_due_at_once(self) -> None:
        row = row_after(REQUESTED)
        assert (row.state, row.next_try_at) == ("requested", NOW)

    def test_follows_every_fact(self) -> None:
        held = Held(
            about=ABOUT,
            reason="owner-unreachable",
            holds=1,
            next_try_at=LATER,
            occurred_at=NOW,
        )
        uncertain = Uncertain(about=ABOUT, tries=1, next_try_at=LATER, occurred_at=NOW)
        cancelled = Cancelled(about=ABOUT, reason="no-longer-true", occurred_at=NOW)
        retry = RetryOrdered(about=ABOUT, ordered_by="p-op", occurred_at=LATER)
        expected: list[tuple[NoticeFact, tuple[object, ...]]] = [
            (held, ("held", "owner-unreachable", 0, LATER)),
            (RENDERED, ("rendered", None, 0, LATER)),
            (DEFERRED, ("deferred", "smtp-451", 1, LATER)),
            (uncertain, ("uncertain", None, 1, LATER)),
            (FAILED, ("failed", "smtp-550", 2, None)),
            (retry, ("requested", None, 0, LATER)),
            (HANDED_OVER, ("handed_over", None, 2, None)),
            (cancelled, ("cancelled", "no-longer-true", 2, None)),
        ]
        row = row_after(REQUESTED)
        for fact, wanted in expected:
            after = follow_notice(row, fact, stored(fact))
            assert after is not None
            row = after
            assert (row.state, row.reason, row.tries, row.next_try_at) == wanted

    def test_holds_no_address_and_no_words(self) -> None:
        names = set(NoticeRow.model_fields)
        assert not names & {"address", "feedback", "recipient_id", "message_id"}

    def test_ignores_facts_of_an_unknown_letter(self) -> None:
        assert follow_notice(None, DEFERRED, stored(DEFERRED)) is None


COMMON: dict[str, Any] = {
    "database_url": SecretStr("postgresql://d"),
    "kafka_bootstrap_servers": "127.0.0.1:1",
    "keystore_url": SecretStr("sqlite:///k"),
    "key_encryption_key": SecretStr("k"),
    "evidence_url": "file:///e",
    "oidc_issuer": "http://i",
    "service_token_secret": SecretStr("s" * 32),
}


class TestSettings:
    def test_refuse_to_write_to_the_world_as_nobody(self) -> None:
        with pytest.raises(ValidationError, match="MAIL_FROM_ADDRESS"):
            Settings(**COMMON, smtp_url=SecretStr("smtp://mail.example.org:25"))

    def test_take_a_mailbox_on_this_machine(self) -> None:
        settings = Settings(**COMMON, smtp_url=SecretStr("smtp://127.0.0.1:25"))
        assert settings.mail_from_address.endswith(".example")
