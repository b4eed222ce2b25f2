"""The rules of a notice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import ValidationError

from services.notification.domain.backoff import Patience, next_try_at
from services.notification.domain.commands import (
    CancelNotice,
    HoldNotice,
    KeepRendering,
    OrderRetry,
    RecordBounce,
    RecordHandOver,
    RecordRefusal,
    RecordUncertainty,
    RequestNotice,
)
from services.notification.domain.decide import (
    NotDeliveredError,
    NotFailedError,
    NoticeUnknownError,
    NotPendingError,
    NotRenderedError,
    notice,
)
from services.notification.domain.events import (
    Bounced,
    Cancelled,
    Deferred,
    Failed,
    HandedOver,
    Held,
    NoticeFact,
    RetryOrdered,
    Uncertain,
)
from services.notification.domain.evolve import Pending
from tests.support.specification import Scenario
from tests.unit.notification.examples import (
    ABOUT,
    ANNOUNCEMENT,
    LETTER,
    NOTICE_ID,
    NOW,
    PATIENCE,
    RENDERED,
    REQUESTED,
    sealed,
)

NOTICE = Scenario(notice)
REQUEST = RequestNotice(about=ABOUT, announcement=ANNOUNCEMENT, at=NOW)
HAND_OVER = RecordHandOver(at=NOW)
UNCERTAINTY = RecordUncertainty(patience=PATIENCE, at=NOW)
HANDED_OVER = HandedOver(
    about=ABOUT, tries=1, message_id=RENDERED.message_id, occurred_at=NOW
)
CANCELLED = Cancelled(about=ABOUT, reason="no-longer-true", occurred_at=NOW)
FAILED = Failed(about=ABOUT, reason="smtp-550", tries=1, occurred_at=NOW)


def keep(version: int = 1) -> KeepRendering:
    return KeepRendering(
        template_version=version,
        template_sha256="ef" * 32,
        message_id=RENDERED.message_id,
        letter=LETTER,
        address=sealed("address"),
        at=NOW,
    )


def refusal(reason: str = "smtp-451", *, permanent: bool = False) -> RecordRefusal:
    return RecordRefusal(
        reason=reason, is_permanent=permanent, patience=PATIENCE, at=NOW
    )


def deferred(tries: int) -> Deferred:
    return Deferred(
        about=ABOUT,
        reason="smtp-451",
        tries=tries,
        next_try_at=when(tries),
        occurred_at=NOW,
    )


def uncertain(tries: int) -> Uncertain:
    return Uncertain(about=ABOUT, tries=tries, next_try_at=when(tries), occurred_at=NOW)


def held(holds: int) -> Held:
    return Held(
        about=ABOUT,
        reason="owner-unreachable",
        holds=holds,
        next_try_at=when(holds),
        occurred_at=NOW,
    )


def when(number: int) -> object:
    return next_try_at(NOW, notice_id=NOTICE_ID, number=number, patience=PATIENCE)


class TestRequestNotice:
    """One letter per case, template and fact. Source: domain.md section 5."""

    def test_asks_for_a_letter_once(self) -> None:
        NOTICE.given().when(REQUEST).then(REQUESTED)
        NOTICE.given(REQUESTED).when(REQUEST).then_nothing()
        NOTICE.given(REQUESTED, RENDERED, HANDED_OVER).when(REQUEST).then_nothing()


class TestHoldNotice:
    """Unreachable = held. Source: architecture.md, "HTTP, time, drafts"."""

    HOLD = HoldNotice(reason="owner-unreachable", patience=PATIENCE, at=NOW)

    def test_waits_longer_each_time(self) -> None:
        NOTICE.given(REQUESTED).when(self.HOLD).then(held(1))
        NOTICE.given(REQUESTED, held(1)).when(self.HOLD).then(held(2))

    def test_never_gives_up(self) -> None:
        history = [held(number) for number in range(1, 500)]
        NOTICE.given(REQUESTED, *history).when(self.HOLD).then(held(500))

    def test_is_over_after_the_letter_left(self) -> None:
        NOTICE.given(REQUESTED, RENDERED, HANDED_OVER).when(self.HOLD).then_refused(
            NotPendingError
        )


class TestCancelNotice:
    """Checked at the moment of sending. Source: domain.md section 5."""

    CANCEL = CancelNotice(reason="no-longer-true", at=NOW)

    def test_stops_a_letter_that_is_no_longer_true(self) -> None:
        NOTICE.given(REQUESTED).when(self.CANCEL).then(CANCELLED)
        NOTICE.given(REQUESTED, RENDERED, deferred(1)).when(self.CANCEL).then(CANCELLED)

    def test_comes_too_late_after_the_letter_left(self) -> None:
        NOTICE.given(REQUESTED, RENDERED, HANDED_OVER).when(self.CANCEL).then_refused(
            NotPendingError
        )

    def test_ends_the_tries(self) -> None:
        NOTICE.given(REQUESTED, CANCELLED).when(refusal()).then_refused(NotPendingError)


class TestKeepRendering:
    """Identical bytes at every try. Source: domain.md section 5."""

    def test_records_the_bytes_before_the_first_try(self) -> None:
        NOTICE.given(REQUESTED).when(keep()).then(RENDERED)

    def test_keeps_the_first_rendering_for_ever(self) -> None:
        NOTICE.given(REQUESTED, RENDERED).when(keep(2)).then_nothing()
        NOTICE.given(REQUESTED, RENDERED, deferred(1)).when(keep(2)).then_nothing()


class TestHandOver:
    def test_is_recorded_once(self) -> None:
        NOTICE.given(REQUESTED, RENDERED).when(HAND_OVER).then(HANDED_OVER)
        NOTICE.given(REQUESTED, RENDERED, HANDED_OVER).when(HAND_OVER).then_nothing()

    def test_counts_the_tries_before_it(self) -> None:
        NOTICE.given(REQUESTED, RENDERED, deferred(1), uncertain(2)).when(
            HAND_OVER
        ).then(HANDED_OVER.model_copy(update={"tries": 3}))

    def test_is_refused_before_the_bytes_are_recorded(self) -> None:
        """No letter counts as sent before it is. Source: domain.md section 5."""
        NOTICE.given(REQUESTED).when(HAND_OVER).then_refused(NotRenderedError)
        NOTICE.given().when(HAND_OVER).then_refused(NoticeUnknownError)

    def test_is_recorded_even_when_another_try_had_given_up(self) -> None:
        NOTICE.given(REQUESTED, RENDERED, FAILED).when(HAND_OVER).then(
            HANDED_OVER.model_copy(update={"tries": 2})
        )


class TestRefusal:
    """Retried with backoff as facts. Source: domain.md section 5."""

    def test_leads_to_another_try(self) -> None:
        NOTICE.given(REQUESTED, RENDERED).when(refusal()).then(deferred(1))
        NOTICE.given(REQUESTED, RENDERED, deferred(1)).when(refusal()).then(deferred(2))

    def test_ends_with_the_last_try(self) -> None:
        failed = Failed(about=ABOUT, reason="smtp-451", tries=3, occurred_at=NOW)
        NOTICE.given(REQUESTED, RENDERED, deferred(1), deferred(2)).when(
            refusal()
        ).then(failed)

    def test_ends_at_once_when_the_server_refuses_for_good(self) -> None:
        NOTICE.given(REQUESTED, RENDERED).when(
            refusal("smtp-550", permanent=True)
        ).then(FAILED)

    @pytest.mark.parametrize(
        "words", ["550 no such user ana@example.org", "smtp-5501", "SMTP-550"]
    )
    def test_keeps_codes_and_never_the_server_s_words(self, words: str) -> None:
        """They may quote an address. Source: contracts/notification.py."""
        with pytest.raises(ValueError, match="reason"):
            notice.decide(
                refusal(words, permanent=True), NOTICE.state(REQUESTED, RENDERED)
            )


class TestUncertainty:
    """The uncertain try is a fact. Source: domain.md section 5."""

    def test_leads_to_another_try(self) -> None:
        NOTICE.given(REQUESTED, RENDERED).when(UNCERTAINTY).then(uncertain(1))

    def test_is_remembered(self) -> None:
        state = NOTICE.state(REQUESTED, RENDERED, uncertain(1), deferred(2))
        assert isinstance(state, Pending)
        assert state.is_uncertain

    def test_fails_with_the_last_try(self) -> None:
        failed = Failed(about=ABOUT, reason="uncertain", tries=3, occurred_at=NOW)
        NOTICE.given(REQUESTED, RENDERED, deferred(1), deferred(2)).when(
            UNCERTAINTY
        ).then(failed)

    def test_needs_bytes(self) -> None:
        NOTICE.given(REQUESTED).when(UNCERTAINTY).then_refused(NotRenderedError)


class TestRecordBounce:
    """Source: domain.md section 5: the real state of a delivery; RFC 3463."""

    BOUNCE = RecordBounce(code="5.1.1", reported_by="p-op", at=NOW)
    BOUNCED = Bounced(about=ABOUT, code="5.1.1", reported_by="p-op", occurred_at=NOW)

    def test_says_that_a_letter_came_back(self) -> None:
        NOTICE.given(REQUESTED, RENDERED, HANDED_OVER).when(self.BOUNCE).then(
            self.BOUNCED
        )

    def test_changes_nothing_the_second_time(self) -> None:
        NOTICE.given(REQUESTED, RENDERED, HANDED_OVER, self.BOUNCED).when(
            self.BOUNCE
        ).then_nothing()

    @pytest.mark.parametrize(
        "history",
        [(), (RENDERED,), (RENDERED, FAILED), (CANCELLED,)],
        ids=["wanted", "rendered", "failed", "cancelled"],
    )
    def test_is_refused_for_what_no_server_had(
        self, history: tuple[NoticeFact, ...]
    ) -> None:
        NOTICE.given(REQUESTED, *history).when(self.BOUNCE).then_refused(
            NotDeliveredError
        )

    def test_is_refused_with_another_code_once_it_is_known(self) -> None:
        other = replace(self.BOUNCE, code="4.2.2")
        NOTICE.given(REQUESTED, RENDERED, HANDED_OVER, self.BOUNCED).when(
            other
        ).then_refused(NotDeliveredError)

    def test_lets_the_letter_be_tried_again_with_the_same_bytes(self) -> None:
        history = (REQUESTED, RENDERED, HANDED_OVER, self.BOUNCED)
        ordered = TestOrderRetry.ORDERED
        NOTICE.given(*history).when(TestOrderRetry.ORDER).then(ordered)
        state = NOTICE.state(*history, ordered)
        assert isinstance(state, Pending)
        assert state.rendered == RENDERED

    def test_is_no_second_hand_over(self) -> None:
        NOTICE.given(REQUESTED, RENDERED, HANDED_OVER, self.BOUNCED).when(
            RecordHandOver(at=NOW)
        ).then_nothing()

    @pytest.mark.parametrize("code", ["", "2.1.5", "550", "5.1", "5.1.1 no such user"])
    def test_keeps_codes_and_never_words(self, code: str) -> None:
        with pytest.raises(ValidationError):
            Bounced(about=ABOUT, code=code, reported_by="p-op", occurred_at=NOW)


class TestOrderRetry:
    ORDER = OrderRetry(by="p-op", at=NOW)
    ORDERED = RetryOrdered(about=ABOUT, ordered_by="p-op", occurred_at=NOW)

    def test_starts_another_round_with_the_same_bytes(self) -> None:
        NOTICE.given(REQUESTED, RENDERED, FAILED).when(self.ORDER).then(self.ORDERED)
        state = NOTICE.state(REQUESTED, RENDERED, FAILED, self.ORDERED)
        assert isinstance(state, Pending)
        assert (state.rendered, state.tries) == (RENDERED, 0)

    def test_does_nothing_twice(self) -> None:
        NOTICE.given(REQUESTED, RENDERED, FAILED, self.ORDERED).when(
            self.ORDER
        ).then_nothing()

    def test_is_refused_for_what_did_not_fail(self) -> None:
        for history in ((deferred(1),), (HANDED_OVER,), (CANCELLED,)):
            NOTICE.given(REQUESTED, RENDERED, *history).when(self.ORDER).then_refused(
                NotFailedError
            )


class TestBackoff:
    """Source: Brooker (2015), equal jitter."""

    def waits(self, notice_id: str = NOTICE_ID) -> list[timedelta]:
        patience = Patience(
            first_wait=timedelta(seconds=30), longest_wait=timedelta(hours=1), tries=20
        )
        return [
            next_try_at(NOW, notice_id=notice_id, number=n, patience=patience) - NOW
            for n in range(1, 60)
        ]

    def test_doubles_up_to_the_longest_wait(self) -> None:
        for number, wait in enumerate(self.waits()):
            full = min(timedelta(seconds=30) * 2 ** min(number, 10), timedelta(hours=1))
            assert full / 2 <= wait <= full

    def test_spreads_letters_and_repeats_for_one(self) -> None:
        assert self.waits() == self.waits()
        assert self.waits() != self.waits("another")
