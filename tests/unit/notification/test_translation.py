"""What comes in, what goes out, what operators see, and what settings refuse."""

from datetime import date, timedelta
from typing import Any, Literal, get_args
from uuid import UUID

import pytest
from pydantic import SecretStr, ValidationError

from services.notification.app import CODEC
from services.notification.consumers.letters import HEARD, Told, letter_for
from services.notification.domain.events import (
    About,
    Announcement,
    Bounced,
    Cancelled,
    Deferred,
    Failed,
    HandedOver,
    Held,
    NoticeFact,
    RetryOrdered,
    Template,
    ToContributor,
    ToLead,
    ToPerson,
    Uncertain,
)
from services.notification.outgoing import to_public
from services.notification.read_models import NoticeRow, follow_notice
from services.notification.settings import Settings
from shared.contracts import appeals, moderation, review, submission, viva
from shared.contracts.message import Received
from shared.eventlog import StoredEvent
from shared.messaging.contracts import owner_of
from shared.personal import Personal
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


_ANA: dict[str, Any] = {"case_id": "c1", "participant_id": "p-ana"}
_HELD: dict[str, Any] = {
    "review_id": "c1.1.1",
    "case_id": "c1",
    "reviewer_id": "p-rev",
    "due_at": NOW,
}
_TIME: dict[str, Any] = {
    "number": 1,
    "sequence": 0,
    "starts_at": NOW,
    "minutes": 45,
    "mode": "remote",
}


def outcome(outcome: Outcome, *, attempt: int = 1) -> moderation.OutcomeReleased:
    return moderation.OutcomeReleased(
        **_ANA,
        cohort_id="ats-2025-10",
        attempt=attempt,
        programme="ATS",
        programme_version="2025.1",
        policy_version="2025.1",
        outcome=outcome,
        feedback=sealed("feedback"),
        took_part=("p-rev", "p-mod"),
        released_at=NOW,
    )


def reminder(
    about: Literal["submission", "resubmission"],
) -> submission.ReminderDue:
    return submission.ReminderDue(
        **_ANA, about=about, closes_on=date(2026, 12, 14), days_left=7
    )


def restart(
    reason: Literal["resubmission_late", "criteria_not_met_again", "viva_not_passed"],
    feedback: Personal[str] | None,
) -> submission.RestartRequired:
    return submission.RestartRequired(
        **_ANA,
        programme="ATS",
        programme_version="2025.1",
        policy_version="2025.1",
        reason=reason,
        feedback=feedback,
    )


BODIES: tuple[tuple[Told, Template | None], ...] = (
    (
        submission.Submitted(
            case_id="c1",
            cohort_id="ats-2025-10",
            attempt=1,
            person_id="p-ana",
            organisation_id="o-1",
            mentor_id="p-mentor",
            programme="ATS",
            programme_version="2025.1",
            policy_version="2025.1",
            template="workbook",
            role_context=None,
            snapshot_sha256="5a" * 32,
            snapshot_path="p-ana/x",
            submitted_at=NOW,
            review_opens_at=NOW,
        ),
        "receipt",
    ),
    (
        submission.StatementRequested(
            case_id="c1", request_id="r1", contribution="mentor", expires_at=NOW
        ),
        "statement-request",
    ),
    (
        submission.FeedbackRequested(
            case_id="c1", request_id="r1", contribution="learner", expires_at=NOW
        ),
        "feedback-request",
    ),
    (reminder("submission"), "reminder-submission"),
    (reminder("resubmission"), "reminder-resubmission"),
    (
        submission.ResubmissionOpened(
            case_id="c1",
            participant_id="p-ana",
            cohort_id="ats-2025-10",
            programme="ATS",
            programme_version="2025.1",
            policy_version="2025.1",
            closes_on=date(2026, 12, 14),
            outcome_released_at=NOW,
            feedback=sealed("f"),
        ),
        "outcome-cnm",
    ),
    (restart("criteria_not_met_again", sealed("f")), "outcome-cnm-again"),
    (restart("resubmission_late", None), "restart"),
    (restart("viva_not_passed", None), "restart"),
    (outcome("CM"), "outcome-cm"),
    (outcome("CNM"), None),
    (outcome("CNM", attempt=2), None),
    (
        moderation.OutcomeRevised(
            **outcome("CM").model_dump(exclude={"type"}), replaces="CNM"
        ),
        "outcome-confirmed",
    ),
    (
        moderation.JudgementModerated(
            case_id="c1",
            review_id="c1.1.1",
            reviewer_id="p-rev",
            result="upheld",
            settled_at=NOW,
        ),
        "moderation-result",
    ),
    (review.Allocated(**_HELD), "review-allocated"),
    (review.Overdue(**_HELD), "review-overdue"),
    (
        moderation.Overdue(
            case_id="c1",
            cohort_id="ats-2025-10",
            attempt=1,
            programme="ATS",
            lead_id="p-lead",
            due_at=NOW,
        ),
        "moderation-overdue",
    ),
    (
        review.ConflictFound(
            case_id="c1",
            review_id="c1.1.1",
            cohort_id="ats-2025-10",
            attempt=1,
            because="declared",
            when="released",
        ),
        "conflict-found",
    ),
    (viva.Offered(**_ANA, number=1), "viva-offered"),
    (
        viva.ReminderDue(**_ANA, number=1, closes_on=date(2026, 12, 14), days_left=7),
        "reminder-viva",
    ),
    (viva.Booked(**_ANA, **_TIME), "viva-booked"),
    (viva.Moved(**_ANA, **_TIME), "viva-moved"),
    (viva.NotPassed(**_ANA, number=1, last=False, took_part=()), "viva-not-passed"),
    (
        viva.AwardConferred(
            **_ANA,
            cohort_id="ats-2025-10",
            programme="ATS",
            programme_version="2025.1",
            policy_version="2025.1",
            award_id="ATS-1",
            conferred_at=NOW,
        ),
        "award",
    ),
    (
        appeals.ConversationBooked(**_ANA, sequence=0, starts_at=NOW, minutes=30),
        "conversation-booked",
    ),
    (
        appeals.ExplanationRequested(
            **_ANA, appeal_id="c1.1", due_on=date(2026, 11, 9)
        ),
        "explanation-requested",
    ),
    (
        appeals.ExplanationGiven(
            **_ANA,
            appeal_id="c1.1",
            explanation=sealed("e"),
            appeal_by=date(2026, 11, 16),
        ),
        "explanation",
    ),
    (
        appeals.Lodged(
            **_ANA, appeal_id="c1.1", against="decision", grounds=("procedure",)
        ),
        "appeal-received",
    ),
    (
        appeals.Upheld(
            **_ANA, appeal_id="c1.1", reasons=sealed("r"), remedy="fresh_review"
        ),
        "appeal-upheld",
    ),
    (
        appeals.Dismissed(**_ANA, appeal_id="c1.1", reasons=sealed("r")),
        "appeal-dismissed",
    ),
)


def message(body: Told, *, event: int = 3) -> Received[Told]:
    return Received(
        body=body,
        event_id=UUID(int=event),
        source=owner_of(body.type),
        stream="moderation-c1.1",
        version=3,
        position=9,
        epoch=1,
        generation=1,
        occurred_at=NOW,
        correlation_id=UUID(int=1),
    )


def letter(body: Told, *, event: int = 3) -> tuple[About, Announcement]:
    found = letter_for(message(body, event=event))
    assert found is not None
    return found


def stored(fact: NoticeFact) -> StoredEvent:
    return as_stored(CODEC, fact, f"notice-{NOTICE_ID}")


def row_after(*facts: NoticeFact) -> NoticeRow:
    row: NoticeRow | None = None
    for fact in facts:
        row = follow_notice(row, fact, stored(fact))
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("body", "template"), BODIES, ids=lambda each: getattr(each, "type", each)
)
class TestWhatIsHeard:
    """Source: domain.md section 5; one letter per (case, template, fact)."""

    def test_leads_to_its_letter(self, body: Told, template: Template | None) -> None:
        """A CNM is told by submission, with the last day.

        Source: domain.md section 5; S2 6.2.1, 6.2.3.
        """
        found = letter_for(message(body))
        assert (found[0].template if found else None) == template

    def test_leads_to_one_letter_however_often_it_comes(
        self, body: Told, template: Template | None
    ) -> None:
        assert letter_for(message(body)) == letter_for(message(body))
        another = letter_for(message(body, event=4))
        if template is not None:
            assert another is not None
            assert another[0].notice_id != letter(body)[0].notice_id

    def test_goes_to_whom_it_concerns(
        self, body: Told, template: Template | None
    ) -> None:
        """Participants never learn who judged. Source: domain.md section 1."""
        if template is None:
            return
        _, announcement = letter(body)
        told = announcement.model_dump_json()
        match announcement.recipient:
            case ToContributor(request_id=request_id):
                assert request_id == "r1"
            case ToLead(cohort_id=cohort_id):
                assert cohort_id == "ats-2025-10"
                assert "p-ana" not in told
            case ToPerson(person_id="p-rev" | "p-lead"):
                assert "p-ana" not in told
            case ToPerson(person_id=person_id):
                assert person_id == "p-ana"
                assert "p-rev" not in told


def test_everything_heard_has_an_example() -> None:
    assert {type(body) for body, _ in BODIES} == set(HEARD)


def test_every_letter_has_something_that_leads_to_it() -> None:
    """Source: domain.md section 5, the list of letters."""
    assert {template for _, template in BODIES} - {None} == set(get_args(Template))


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
        """Source: domain.md section 4, the one private/public rule."""
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

    def test_shows_that_a_letter_came_back_and_why(self) -> None:
        bounced = Bounced(
            about=ABOUT, code="5.1.1", reported_by="p-op", occurred_at=NOW
        )
        row = row_after(REQUESTED, RENDERED, HANDED_OVER, bounced)
        assert (row.state, row.reason, row.next_try_at) == ("bounced", "5.1.1", None)

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
