"""What operators may decide about parked lanes and imports."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from services.operations.api import Reason
from services.operations.domain.commands import (
    DiscardMessage,
    RecordImport,
    ReleaseLane,
)
from services.operations.domain.decide import (
    AlreadyDiscardedError,
    ImportDiffersError,
    desk,
)
from services.operations.domain.events import Discarded, Imported, Released
from shared.personal import Personal
from tests.support.specification import Scenario

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


class TestReason:
    """Source: architecture.md, "Parking": an operator decides with a reason."""

    @pytest.mark.parametrize(
        ("inside", "outside"), [("a" * 5, "a" * 4), ("a" * 500, "a" * 501)]
    )
    def test_is_neither_empty_nor_a_letter(self, inside: str, outside: str) -> None:
        Reason(reason=inside)
        with pytest.raises(ValidationError):
            Reason(reason=outside)
