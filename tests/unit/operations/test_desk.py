"""What operators may decide about parked lanes and imports."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from services.operations.api import Reason
from services.operations.app import CODEC
from services.operations.domain.commands import (
    DiscardMessage,
    LiftHold,
    PlaceHold,
    RecordImport,
    ReleaseLane,
)
from services.operations.domain.decide import (
    AlreadyDiscardedError,
    AlreadyHeldError,
    ImportDiffersError,
    UnknownHoldError,
    desk,
)
from services.operations.domain.events import (
    Discarded,
    HoldLifted,
    HoldPlaced,
    Imported,
    Released,
)
from services.operations.outgoing import to_public
from shared.contracts import operations as messages
from shared.personal import Personal
from tests.support.specification import Scenario
from tests.support.stored import stored

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
REASON: Personal[str] = Personal(
    subject="op-1", key="k-1", nonce="bm9uY2U", ciphertext="c2VhbGVk"
)
spec = Scenario(desk)


def release(head_message_id: str = "m-1") -> ReleaseLane:
    return ReleaseLane(
        lane_id="l-1",
        head_message_id=head_message_id,
        by="op-1",
        reason=REASON,
        at=NOW,
    )


def discard() -> DiscardMessage:
    return DiscardMessage(
        lane_id="l-1", message_id="m-1", by="op-1", reason=REASON, at=NOW
    )


def record(content_sha256: str = "a" * 64) -> RecordImport:
    return RecordImport(
        import_id="i-1", by="op-1", content_sha256=content_sha256, people=3, at=NOW
    )


def place() -> PlaceHold:
    return PlaceHold(case_id="case-1", reason="office_error", by="op-1", at=NOW)


def lift() -> LiftHold:
    return LiftHold(case_id="case-1", hold_id="case-1.1", by="op-1", at=NOW)


PLACED = HoldPlaced(
    occurred_at=NOW,
    case_id="case-1",
    hold_id="case-1.1",
    reason="office_error",
    by="op-1",
)
LIFTED = HoldLifted(occurred_at=NOW, case_id="case-1", hold_id="case-1.1", by="op-1")
RELEASED = Released(occurred_at=NOW, lane_id="l-1", by="op-1", reason=REASON)
DISCARDED = Discarded(
    occurred_at=NOW, lane_id="l-1", message_id="m-1", by="op-1", reason=REASON
)
IMPORTED = Imported(
    occurred_at=NOW, import_id="i-1", by="op-1", content_sha256="a" * 64, people=3
)


class TestReleaseLane:
    """Source: architecture.md, "Messaging": an operator releases with a reason."""

    def test_is_a_fact(self) -> None:
        spec.given().when(release()).then(RELEASED)

    def test_may_happen_again_when_the_lane_parked_again(self) -> None:
        spec.given(RELEASED).when(release()).then(RELEASED)

    def test_refuses_a_message_that_was_given_up(self) -> None:
        spec.given(DISCARDED).when(release()).then_refused(AlreadyDiscardedError)

    def test_goes_on_behind_a_message_that_was_given_up(self) -> None:
        spec.given(DISCARDED).when(release("m-2")).then(RELEASED)


class TestDiscardMessage:
    """Source: architecture.md, "Messaging": or discards with a reason, a fact."""

    def test_is_a_fact(self) -> None:
        spec.given().when(discard()).then(DISCARDED)

    def test_changes_nothing_the_second_time(self) -> None:
        spec.given(DISCARDED).when(discard()).then_nothing()


class TestRecordImport:
    """Source: domain.md section 4: operations owns `Imported`."""

    def test_is_a_fact(self) -> None:
        spec.given().when(record()).then(IMPORTED)

    def test_changes_nothing_for_the_same_content(self) -> None:
        spec.given(IMPORTED).when(record()).then_nothing()

    def test_refuses_another_content_under_the_same_id(self) -> None:
        spec.given(IMPORTED).when(record("b" * 64)).then_refused(ImportDiffersError)


class TestPlaceHold:
    """Source: domain.md sections 3 and 4: a clock can be stopped by a hold."""

    def test_is_a_fact_with_a_reason_code(self) -> None:
        spec.given().when(place()).then(PLACED)

    def test_refuses_a_second_while_one_is_in_force(self) -> None:
        refused = spec.given(PLACED).when(place()).then_refused(AlreadyHeldError)
        assert refused.context == {"hold_id": "case-1.1"}

    def test_may_follow_one_that_was_lifted(self) -> None:
        (fact,) = spec.given(PLACED, LIFTED).when(place()).decide()
        assert fact.hold_id == "case-1.2"

    def test_tells_the_others_neither_why_nor_by_whom(self) -> None:
        """Source: domain.md section 4: people and details stay private."""
        event = stored(CODEC, PLACED, "desk-hold-case-1")
        assert to_public(PLACED, event) == messages.HoldPlaced(
            case_id="case-1", hold_id="case-1.1", placed_at=NOW
        )


class TestLiftHold:
    """Source: domain.md section 3: a clock can be stopped and restarted."""

    def test_is_a_fact(self) -> None:
        spec.given(PLACED).when(lift()).then(LIFTED)

    def test_changes_nothing_the_second_time(self) -> None:
        spec.given(PLACED, LIFTED).when(lift()).then_nothing()

    def test_refuses_a_hold_that_there_is_not(self) -> None:
        spec.given().when(lift()).then_refused(UnknownHoldError)

    def test_is_told_to_the_others(self) -> None:
        event = stored(CODEC, LIFTED, "desk-hold-case-1")
        assert to_public(LIFTED, event) == messages.HoldLifted(
            case_id="case-1", hold_id="case-1.1", lifted_at=NOW
        )

    def test_is_all_that_leaves_the_desk_beside_the_hold(self) -> None:
        for fact in (RELEASED, DISCARDED, IMPORTED):
            assert to_public(fact, stored(CODEC, fact, "desk-lane-1")) is None


class TestReason:
    """Source: architecture.md, "Parking": an operator decides with a reason."""

    @pytest.mark.parametrize(
        ("inside", "outside"), [("a" * 5, "a" * 4), ("a" * 500, "a" * 501)]
    )
    def test_is_neither_empty_nor_a_letter(self, inside: str, outside: str) -> None:
        Reason(reason=inside)
        with pytest.raises(ValidationError):
            Reason(reason=outside)
